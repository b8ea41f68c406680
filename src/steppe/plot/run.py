"""Figures of one run: a quantity over time, a map at an hour."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.case.canonical import from_canonical
from steppe.case.scenario import Scenario
from steppe.plot import style
from steppe.plot.map import PROJECTION, MapValues, at_hour, case_of, draw_map, when
from steppe.plot.style import Picture
from steppe.results.aggregation import measured
from steppe.results.figures import FigureChoice
from steppe.results.trajectory import RunRecord, Trajectory


def scenario_of(record: RunRecord) -> Scenario:
    """Return the scenario that a run had, without its words and boundaries."""
    return from_canonical(record.scenario)


@dataclass(frozen=True, slots=True)
class RunPlot(FigureChoice):
    """Figures of a trajectory."""

    run: Trajectory

    def over_time(self, name: str = "active", where: str | None = None) -> Picture:
        """Draw a quantity hour by hour, for the country or the region ``where``."""
        record = self.run.record
        quantity = measured(scenario_of(record), [self.run], name, where)
        note = f"{style.case_words(record)}, seed {record.seed}: one run, so no spread is known"
        with style.drawing(quantity.title, note) as (picture, (axes,)):
            x = style.days(axes, record.start, record.hours)
            axes.plot(x, quantity.values[0], color=style.BLUE, linewidth=1.6)
            style.values_axis(axes, where or "whole country", quantity.unit)
        return picture

    def map(self, hour: int, name: str = "active", scenario: Scenario | None = None) -> Picture:
        """Draw a quantity by region at an hour; of people, per 10,000 residents.

        ``scenario`` gives names and boundaries where the run's case cannot be by_run; without
        boundaries regions are circles. Raises ``ValueError`` for an hour outside the run.
        """
        record = self.run.record
        case = scenario or case_of(record)
        by_run = at_hour(case, [self.run], name, hour)
        values = dict(zip(by_run.regions, by_run.values[0].tolist(), strict=True))
        title = f"{by_run.title}, {when(record, hour)}"
        note = f"{style.case_words(record)}, seed {record.seed}: one run; {PROJECTION}"
        return draw_map(case, MapValues(title, by_run.unit, values), note)
