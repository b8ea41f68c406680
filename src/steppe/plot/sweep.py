"""Figures of designs: response to a trigger, its tipping point, and what matters how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.plot import style
from steppe.plot.style import Picture
from steppe.results.figures import FigureChoice
from steppe.results.outcomes import by_name, checked_outcomes, label_of
from steppe.study.effects import interval
from steppe.study.levers import name_of
from steppe.study.sweep import SweepError, values_of
from steppe.study.tipping import tipping

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from steppe.plot.style import Picture
    from steppe.study.causation import Interval
    from steppe.study.sensitivity import Sensitivity
    from steppe.study.sweep import Sweep
    from steppe.study.tipping import Tipping

MOST_BARS = 25
"""The strongest influences are drawn, at most so many."""


@dataclass(frozen=True, slots=True)
class SweepPlot(FigureChoice):
    """Figures of a sweep over one thing."""

    sweep: Sweep

    def tipping(self, event: str = "large_protest", outcome: str = "peak_active") -> Picture:
        """Draw the chance of an event and the mean of an outcome by the size of the trigger."""
        return TippingPlot(tipping(self.sweep, event=event, outcome=outcome)).curve()

    def response(self, outcome: str = "peak_active") -> Picture:
        """Draw one outcome by what varied: every run, and the mean with its 95 % interval."""
        checked_outcomes((outcome,))
        if len(self.sweep.design.axes) != 1 or not self.sweep.design.axes[0].is_number:
            raise SweepError("a response needs one axis of numbers")
        axis = self.sweep.design.axes[0]
        x = np.array(self.sweep.design.column(axis.path), dtype=np.float64)
        values = values_of(self.sweep, (outcome,))[outcome]
        low, high = interval(values.T)
        order = np.argsort(x)
        level = np.array([values.mean(axis=1), low, high])
        note = f"{self.sweep.scenario.id}, {len(self.sweep.seeds)} seeds at each value; "
        note += "dots: runs; line: mean with 95 % bootstrap interval"
        about = by_name()[outcome]
        title = about.label
        with style.drawing(title, note) as (picture, (axes,)):
            axes.plot(np.repeat(x, values.shape[1]), values.ravel(), ".", ms=3,
                      color=style.SOFT, alpha=0.5, mew=0)  # fmt: skip
            style.band(axes, x[order], level[:, order], style.BLUE, marks="o-")
            axes.set_xlabel(name_of(axis.path))
            style.values_axis(axes, about.label.lower(), about.unit)
        return picture


@dataclass(frozen=True, slots=True)
class TippingPlot(FigureChoice):
    """The figure of a tipping point."""

    tipping: Tipping

    def curve(self) -> Picture:
        """Draw the chance of the event with the point where it tips, and the mean outcome."""
        t = self.tipping
        note = f"{t.case}, {t.seeds} seeds a size; bars, bands: 95 % intervals; {t.verdict}"
        title = f"{name_of(t.path)}: how much it takes"
        with style.drawing(title, note, rows=(1.2, 1.1), size=(6.6, 5.4)) as (
            picture, (upper, lower),
        ):  # fmt: skip
            _point(upper, t)
            _chances(upper, t.sizes, t.chance)
            upper.plot(t.sizes, t.fitted, color=style.BLUE, linewidth=1.6)
            upper.set_ylim(-0.04, 1.04)
            style.values_axis(upper, _chance_of(t.event), "share")
            _point(lower, t)
            style.band(lower, t.sizes, np.array(t.level).T, style.BLUE, marks="o-")
            about = by_name()[t.outcome]
            style.values_axis(lower, f"{about.label}, mean".lower(), about.unit)
            lower.set_xlabel(name_of(t.path))
        return picture


def _chances(axes: Axes, x: Sequence[float], chance: Sequence[Interval]) -> None:
    middle = np.array([p[0] for p in chance])
    ends = np.array([[p[0] - p[1] for p in chance], [p[2] - p[0] for p in chance]])
    axes.errorbar(x, middle, yerr=ends, fmt="o", ms=4, color=style.BLUE, elinewidth=1)


def _point(axes: Axes, t: Tipping) -> None:
    if t.point is None:
        return
    at, low, high = t.point
    axes.axvspan(max(low, t.sizes[0]), min(high, t.sizes[-1]), color=style.ORANGE, alpha=0.14,
                 linewidth=0)  # fmt: skip
    axes.axvline(at, color=style.ORANGE, linewidth=1.2)


@dataclass(frozen=True, slots=True)
class SensitivityPlot(FigureChoice):
    """The figure of a sensitivity analysis."""

    sensitivity: Sensitivity

    def bars(self) -> Picture:
        """Draw the strongest influences with their 95 % intervals; grey where zero is inside."""
        s = self.sensitivity
        strongest = s.influences[:MOST_BARS][::-1]
        what = "mean absolute effect over the whole range" if s.method == "morris" else (
            "total Sobol index, share of variance"
        )  # fmt: skip
        what += ", of log10(1 + x)" if s.log else ""
        note = f"{s.method}: {s.points} points, {s.seeds} seeds each; bars: 95 % intervals"
        title = f"What moves {label_of(s.outcome)}"
        height = 1.3 + 0.23 * max(1, len(strongest))
        with style.drawing(title, note, size=(6.6, height)) as (picture, (axes,)):
            axes.grid(False)
            axes.grid(axis="x", color=style.RULE, linewidth=0.6)
            for row, one in enumerate(strongest):
                value, low, high = one.strength
                color = style.BLUE if one.clear else style.SOFT
                axes.barh(row, value, height=0.62, color=color, alpha=0.75)
                axes.plot([low, high], [row, row], color=style.INK, linewidth=1.1)
            axes.set_yticks(range(len(strongest)), [one.parameter for one in strongest])
            axes.set_xlabel(what)
        return picture


def _chance_of(event: str) -> str:
    catalogue = by_name()
    noun = catalogue[event].noun if event in catalogue else ""
    return f"share of {noun or f'runs: {label_of(event)}'}"
