"""Figures of a pair: both histories over time, their difference, the effect on each outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from steppe.plot import style
from steppe.plot.effects import draw_effects
from steppe.plot.map import PROJECTION, MapValues, RegionalRuns, at_hour, draw_map, when
from steppe.plot.style import Picture
from steppe.results.aggregation import Measure, measured, needed
from steppe.results.figures import FigureChoice
from steppe.results.trajectory import RunRecord
from steppe.study.effects import interval
from steppe.study.pair import Pair

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class PairPlot(FigureChoice):
    """Figures of a pair; differences are baseline minus counterfactual, seed by seed."""

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
        with style.drawing(
            one.title,
            self._note(record, f"changed: {_change_name(self.pair)}; bands: 50 and 90 % of runs"),
            rows=(1.7, 1.0), size=(6.6, 4.6),
        ) as (picture, (upper, lower)):  # fmt: skip
            x = style.days(upper, record.start, record.hours)
            style.fan(upper, x, one.values, style.FanStyle(style.BLUE, "baseline"))
            look = style.FanStyle(style.OCHRE, "counterfactual", dashed=True)
            style.fan(upper, x, other.values, look)
            upper.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.98), ncols=2)
            style.values_axis(upper, where or "whole country", one.unit)
            _draw_difference(lower, x, one, other)
        return picture

    def difference(self, name: str = "active", where: str | None = None) -> Picture:
        """Draw the mean paired difference hour by hour with its 95 % interval."""
        record, (one, other) = self._measured(name, where)
        title = f"{one.title}: what {_change_name(self.pair)} changes"
        with style.drawing(title, self._note(record)) as (picture, (axes,)):
            x = style.days(axes, record.start, record.hours)
            _draw_difference(axes, x, one, other)
        return picture

    def effects(self) -> Picture:
        """Draw what the change did to each outcome: every pair, mean, 95 % interval, in words."""
        record = next(self.pair.runs(()))[0].record
        title = f"What {_change_name(self.pair)} changes"
        note = self._note(
            record, "right of the line: more in the baseline; dots: pairs; grey: unclear"
        )
        return draw_effects(self.pair.comparison.headlines, title, note)

    def maps(self, hour: int, name: str = "active") -> dict[str, Picture]:
        """Draw the baseline, the counterfactual and their difference by region at an hour.

        Medians of runs on one scale, and the mean difference of the pairs, neutral where its 95 %
        interval includes zero; of people, per 10,000 residents.
        """
        case = self.pair.scenario
        arms = tuple(zip(*self.pair.runs(needed(name)), strict=True))
        one, other = (at_hour(case, runs, name, hour) for runs in arms)
        record = arms[0][0].record
        most = float(max(np.median(arm.values, axis=0).max(initial=0.0) for arm in (one, other)))
        moment = when(record, hour)
        note = f"{style.case_words(record)}, {len(one.values)} pairs; {PROJECTION}"
        names = {"baseline": "baseline", "counterfactual": _change_name(self.pair)}
        pictures = {}
        for arm, (key, words) in zip((one, other), names.items(), strict=True):
            values = dict(zip(arm.regions, np.median(arm.values, axis=0).tolist(), strict=True))
            drawing = MapValues(f"{arm.title}, {words}, {moment}", arm.unit, values, most)
            pictures[key] = draw_map(case, drawing, f"median of runs; {note}")
        return pictures | {"difference": draw_map(
            case, map_differences(one, other, moment),
            f"mean of pairs; neutral: the 95 % interval includes zero; {note}",
        )}  # fmt: skip

    def _note(self, record: RunRecord, more: str = "") -> str:
        pairs = len(self.pair.seeds)
        runs = f"{style.case_words(record)}, {pairs} pair{'s' if pairs > 1 else ''}; "
        return (
            runs
            + (f"{more}; " if more else "")
            + ("difference: mean, 95 % interval" if pairs > 1 else "no interval is known")
        )


def map_differences(one: RegionalRuns, other: RegionalRuns, moment: str) -> MapValues:
    """Return the mean differences of paired runs by region, and which are unclear."""
    gaps = one.values - other.values
    low, high = interval(np.nan_to_num(gaps))
    clear = (low > 0.0) | (high < 0.0)
    unclear = frozenset(region for region, yes in zip(one.regions, clear, strict=True) if not yes)
    values = dict(zip(one.regions, gaps.mean(axis=0).tolist(), strict=True))
    title = f"{one.title}, baseline minus counterfactual, {moment}"
    return MapValues(title, one.unit, values, signed=True, unclear=unclear)


def _change_name(pair: Pair) -> str:
    counterfactual = pair.scenario.counterfactuals.get(pair.name)
    return f"“{counterfactual.title}”" if counterfactual else "the change"


def _draw_difference(axes: Axes, x: np.ndarray, one: Measure, other: Measure) -> None:
    differences = one.values - other.values
    axes.axhline(0.0, color=style.SOFT, linewidth=0.8)
    low, high = interval(np.nan_to_num(differences))
    style.band(axes, x, np.array([differences.mean(axis=0), low, high]), style.INK)
    style.values_axis(axes, "baseline minus\ncounterfactual", one.unit)
