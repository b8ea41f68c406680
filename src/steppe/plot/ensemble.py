"""Figures of an ensemble: a quantity over time with its spread over seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steppe.case.scenario import Scenario
from steppe.plot import style
from steppe.plot.map import PROJECTION, MapValues, at_hour, case_of, draw_map, when
from steppe.plot.run import scenario_of
from steppe.plot.style import Picture
from steppe.results.aggregation import measured, needed
from steppe.results.figures import FigureChoice
from steppe.study.ensemble import Ensemble

CURVES = 20


@dataclass(frozen=True, slots=True)
class EnsemblePlot(FigureChoice):
    """Figures of an ensemble."""

    ensemble: Ensemble

    def fan(
        self, name: str = "active", where: str | None = None, *, curves: bool = True
    ) -> Picture:
        """Draw median, half and 90 % of the runs hour by hour, and single runs as thin lines."""
        runs = list(self.ensemble.trajectories(needed(name)))
        if not runs:
            raise ValueError("no run of this ensemble is finished")
        record = runs[0].record
        quantity = measured(scenario_of(record), runs, name, where)
        count = f"{len(runs)} seeds" if len(runs) > 1 else "one seed, so no spread is known"
        bands = "median, bands of 50 and 90 % of the runs, single runs"
        note = f"{style.case_words(record)}, {count}; {bands}"
        with style.drawing(quantity.title, note) as (picture, (axes,)):
            x = style.days(axes, record.start, record.hours)
            look = style.FanStyle(style.BLUE, "median")
            style.fan(axes, x, quantity.values, look, CURVES if curves else 0)
            style.values_axis(axes, where or "whole country", quantity.unit)
        return picture

    def map(self, hour: int, name: str = "active", scenario: Scenario | None = None) -> Picture:
        """Draw the median of the runs by region at an hour; of people, per 10,000 residents.

        ``scenario`` gives boundaries where the case cannot be by_run. Raises ``ValueError`` for an
        hour outside the runs.
        """
        runs = list(self.ensemble.trajectories(needed(name)))
        if not runs:
            raise ValueError("no run of this ensemble is finished")
        record = runs[0].record
        case = scenario or case_of(record)
        by_run = at_hour(case, runs, name, hour)
        values = np.median(by_run.values, axis=0)
        title = f"{by_run.title}, {when(record, hour)}"
        note = f"{style.case_words(record)}, median of {len(runs)} runs; {PROJECTION}"
        by_region = dict(zip(by_run.regions, values.tolist(), strict=True))
        return draw_map(case, MapValues(title, by_run.unit, by_region), note)
