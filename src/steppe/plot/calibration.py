"""Pictures of a calibration: prior to posterior, ranks, and what the posterior predicts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.evidence.scoring import TargetScore
from steppe.plot.style import Picture, settings
from steppe.study.calibration.abc import from_scores
from steppe.study.calibration.fit import PosteriorFit
from steppe.study.calibration.recovery import Recovery

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

FORMATS = ("png", "svg")
PRIOR, POSTERIOR, FAINT = "#8a8f98", "#0b6e8a", "#c9cdd3"
VERDICTS = {"missed": "#b3261e", "near": "#a36a00", "met": "#1b7f4b", "untested": PRIOR}
COLUMNS = 4
BINS = 20


def draw_all(fit: PosteriorFit, scores: Sequence[TargetScore], folder: Path) -> tuple[Path, ...]:
    """Draw every picture into ``folder`` as PNG and SVG; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with settings():
        figures = {"prior-to-posterior": prior_to_posterior(fit), "ranks": ranks(fit.recovery)}
        if scores:
            figures["predictive"] = predicted(scores)
    return tuple(
        Picture(figure).save(folder / f"{name}.{form}")
        for name, figure in figures.items()
        for form in FORMATS
    )


def _grid(cells: int, height: float) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    rows = -(-cells // COLUMNS)
    figure = Figure(figsize=(11.0, height * rows), layout="constrained")
    axes = list(figure.subplots(rows, COLUMNS, squeeze=False).flat)
    for spare in axes[cells:]:
        spare.set_axis_off()
    return figure, axes


def prior_to_posterior(fit: PosteriorFit) -> Figure:
    """Return histograms over the quantiles of each prior: a flat line means nothing was learnt."""
    figure, axes = _grid(len(fit.marginals), 2.1)
    unit = from_scores(fit.draws.values)
    everything = from_scores(fit.evidence.scores)
    edges = np.linspace(0.0, 1.0, BINS + 1).tolist()
    for at, (marginal, axis) in enumerate(zip(fit.marginals, axes, strict=False)):
        axis.axhline(1.0, color=PRIOR, linewidth=1.0, linestyle="--")
        axis.hist(everything[:, at], edges, density=True, color=FAINT)
        axis.hist(unit[:, at], edges, weights=fit.draws.weights * BINS, histtype="step",
                  color=POSTERIOR, linewidth=1.8)  # fmt: skip
        role, _, name = marginal.path.partition(".")
        axis.set_title(f"{role}: {name.replace('_', ' ')}", fontsize=9, loc="left")
        flag = (
            "not identified"
            if marginal.unidentified
            else f"width {marginal.narrowing:.2f} of prior"
        )
        axis.set_xlabel(f"{flag}   prior {marginal.info.prior}", fontsize=7.5)
        axis.set_xlim(0.0, 1.0)
        axis.set_xticks([0.0, 0.5, 1.0])
        axis.set_yticks([])
    figure.suptitle("Prior (dashed), vectors the look left (grey), posterior (line); quantiles of "
                    "the prior", fontsize=10)  # fmt: skip
    return figure


def ranks(recovery: Recovery) -> Figure:
    """Return histograms of ranks of the truth; the band holds 99 % of bins of a sound method."""
    from scipy.stats import binom

    figure, axes = _grid(len(recovery.parameters), 1.7)
    for one, axis in zip(recovery.parameters, axes, strict=False):
        bins = len(one.ranks)
        low, high = binom.ppf([0.005, 0.995], one.n, 1.0 / bins)
        axis.axhspan(low, high, color=FAINT, alpha=0.6)
        axis.bar((np.arange(bins) + 0.5) / bins, one.ranks, 0.92 / bins, color=POSTERIOR)
        axis.set_title(one.path.replace("_", " "), fontsize=8, loc="left")
        axis.set_xlabel(f"50 %: {one.covered50:.0%}   90 %: {one.covered90:.0%}", fontsize=7.5)
        axis.set_xticks([0.0, 0.5, 1.0])
    figure.suptitle("Ranks of known parameters in their posteriors, and how often intervals held "
                    "them", fontsize=10)  # fmt: skip
    return figure


def predicted(scores: Sequence[TargetScore]) -> Figure:
    """Return observed ranges (bars) and 90 % intervals of the posterior's runs, misses on top."""
    from matplotlib.figure import Figure

    scored = [s for s in scores if s.simulated is not None and s.unit == "persons"]
    figure = Figure(figsize=(11.0, 1.0 + 0.24 * len(scored)), layout="constrained")
    axis = figure.subplots()
    for at, score in enumerate(reversed(scored)):
        assert score.simulated is not None
        low, value, high = score.observed
        ends = [x for x in (low, value, high) if x is not None]
        begin, end = min(ends) if low is not None else 0.0, max(ends)
        axis.plot([1.0 + begin, 1.0 + end], [at, at], color=FAINT, linewidth=7.0,
                  solid_capstyle="butt")  # fmt: skip
        q05, median, q95 = (1.0 + x for x in score.simulated)
        color = VERDICTS[score.verdict]
        axis.plot([q05, q95], [at, at], color=color, linewidth=1.6)
        axis.plot([median], [at], "o", color=color, markersize=4.5)
    axis.set_yticks(range(len(scored)), [f"{s.title}  ({s.verdict})" for s in reversed(scored)])
    axis.set_xscale("log")
    axis.set_xlabel("persons + 1;  grey: observed;  line: 90 % of the posterior's runs")
    axis.grid(axis="x", color=FAINT, linewidth=0.5)
    return figure
