"""Figures of a pair: both histories over time, their difference, the effect on each outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.results import plotting
from steppe.results.measures import Measure, measured, needed
from steppe.results.plotting import Picture
from steppe.results.trajectory import RunRecord
from steppe.study.effects import interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from steppe.study.pair import Pair


@dataclass(frozen=True, slots=True)
class PairPlot:
    """Figures of a pair; differences are as it was less changed, seed by seed."""

    pair: Pair

    def _measured(self, name: str, where: str | None) -> tuple[RunRecord, tuple[Measure, Measure]]:
        ones, others = zip(*self.pair.runs(needed(name)), strict=True)
        scenarios = (self.pair.scenario, self.pair.changed)
        one, other = (
            measured(scenario, runs, name, where)
            for scenario, runs in zip(scenarios, (ones, others), strict=True)
        )
        return ones[0].record, (one, other)

    def fans(self, name: str = "active", where: str | None = None) -> Picture:
        """Draw both histories on one axis and the paired difference below."""
        record, (one, other) = self._measured(name, where)
        with plotting.drawing(
            one.title,
            self._note(record, f"changed: {_called(self.pair)}; bands: 50 and 90 % of runs"),
            rows=(1.7, 1.0), size=(6.6, 4.6),
        ) as (picture, (upper, lower)):  # fmt: skip
            x = plotting.days(upper, record.start, record.hours)
            plotting.fan(upper, x, one.values, plotting.BLUE, "as it was")
            plotting.fan(upper, x, other.values, plotting.OCHRE, "changed", dashed=True)
            upper.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.98), ncols=2)
            plotting.values_axis(upper, where or "whole country", one.unit)
            _draw_difference(lower, x, one, other)
        return picture

    def difference(self, name: str = "active", where: str | None = None) -> Picture:
        """Draw the mean paired difference hour by hour with its 95 % interval."""
        record, (one, other) = self._measured(name, where)
        title = f"{one.title}: what {_called(self.pair)} changes"
        with plotting.drawing(title, self._note(record)) as (picture, (axes,)):
            x = plotting.days(axes, record.start, record.hours)
            _draw_difference(axes, x, one, other)
        return picture

    def _note(self, record: RunRecord, more: str = "") -> str:
        pairs = len(self.pair.seeds)
        said = f"{record.case}, {pairs} pair{'s' if pairs > 1 else ''}; "
        said += f"{more}; " if more else ""
        return said + (
            "difference: mean with 95 % bootstrap interval" if pairs > 1 else "no interval is known"
        )


def _called(pair: Pair) -> str:
    known = pair.scenario.counterfactuals.get(pair.name)
    return f"“{known.title}”" if known else "the change"


def _draw_difference(axes: Axes, x: np.ndarray, one: Measure, other: Measure) -> None:
    gaps = one.values - other.values
    low, high = interval(np.nan_to_num(gaps))
    axes.axhline(0.0, color=plotting.SOFT, linewidth=0.8)
    axes.fill_between(x, low, high, color=plotting.INK, alpha=0.16, linewidth=0)
    axes.plot(x, gaps.mean(axis=0), color=plotting.INK, linewidth=1.4)
    plotting.values_axis(axes, "as it was less changed", one.unit)
