"""Which class draws the figures of a result: ``run.plot``, ``pair.plot`` and so on.

Figures lie in a package above the results they draw, so they are named here as text and imported
when somebody asks for them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

FIGURES = {
    "Trajectory": ("steppe.plot.run", "RunPlot"),
    "Ensemble": ("steppe.plot.ensemble", "EnsemblePlot"),
    "Pair": ("steppe.plot.pair", "PairPlot"),
    "Sweep": ("steppe.plot.sweep", "SweepPlot"),
    "Tipping": ("steppe.plot.sweep", "TippingPlot"),
    "Sensitivity": ("steppe.plot.sweep", "SensitivityPlot"),
}
"""Class of a result -> module and class of its figures."""


def figures(result: object) -> Any:
    """Return the figures of ``result``; its class stands in ``FIGURES``.

    Raises ``SteppeError`` where Matplotlib, the extra ``plot``, is not installed.
    """
    from steppe.core.extras import require  # here, so that reading a run imports less

    require("matplotlib", "plot", "figures")
    module, name = FIGURES[type(result).__name__]
    return getattr(import_module(module), name)(result)


class FigureChoice:
    """What figures of a result are chosen from; called itself, it says which there are."""

    def __call__(self, *_: object, **__: object) -> None:
        """Raise ``TypeError`` with the names of the figures."""
        names = (name for name in vars(type(self)) if not name.startswith("_"))
        methods = [f"plot.{name}()" for name in names if callable(getattr(self, name))]
        raise TypeError(f"plot is no figure itself; there are {', '.join(methods)}")
