"""Who is simulated, in words: every citizen, a sample of them, or cohorts who are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steppe.results.trajectory import EngineName

UNTOLD = (
    "Where history decides, cohorts do not tell what becomes of the regime, which units obey and "
    "what buildings are lost; --engine citizens does."
)
"""What runs by cohorts leave out."""

LOOK = (
    "a look by cohorts of citizens who are alike, not by every one. Conclude with --engine "
    "citizens."
)
"""What runs by cohorts are good for."""


def who(engine: EngineName, scale: float) -> str:
    """Return who stands for a citizen, as a clause after their number."""
    if engine == "cohorts":
        return "counted in cohorts"
    return "every one an agent" if scale == 1.0 else f"{scale:.6g} agents per citizen"


def label(engine: EngineName, scale: float) -> str:
    """Return engine and scale as a column or a line has them: ``cohorts``, ``citizens, 0.01``."""
    return engine if scale == 1.0 else f"{engine}, scale {scale:g}"
