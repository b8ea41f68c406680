"""What other crises looked like, scaled to the people concerned: a forecast without any model.

Peak and deaths of the open cases (geometric means of their low and high figures) are taken as
shares of the population and given to the country or region that a target is of. Nothing else of a
crisis is in that file, and nothing of it says which day; so only largest crowds and the dead have
such a forecast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.evidence.targets import ResolvedTarget
from steppe.evidence.view import NATIONAL
from steppe.research.crises.table import Crisis, open_crises

Floats = NDArray[np.float64]

DEATHS = ("killed_by", "civilians_killed_by")
CROWDS = ("peak_whole_run",)


def other_crises(scenario: Scenario, target: ResolvedTarget) -> Floats | None:
    """Return the figures of the open crises (case,) scaled to ``target``'s people, None if none.

    The crisis of the scenario itself, by country and the years of its clock, is left out.
    """
    name = target.observable.name
    if name not in (*DEATHS, *CROWDS):
        return None
    shares = [
        share for one in open_crises()
        if not _same(one, scenario)
        and (share := _deaths(one) if name in DEATHS else _peak(one)) is not None
    ]  # fmt: skip
    return np.array(shares) * people(scenario, target.target.region) if shares else None


def people(scenario: Scenario, region: str) -> int:
    """Return the citizens of ``region`` or of the whole country."""
    if region == NATIONAL:
        return scenario.country.citizens
    return next(one.population for one in scenario.regions if one.id == region)


def _same(one: Crisis, scenario: Scenario) -> bool:
    clock = scenario.clock.clock()
    years = range(clock.start.year, clock.time_of(clock.hours).year + 1)
    return one.iso3 == scenario.country.iso3 and int(one.start_date[:4]) in years


def _deaths(one: Crisis) -> float | None:
    return _share(one.deaths_low, one.deaths_high, one.population_m, 0.5)


def _peak(one: Crisis) -> float | None:
    return _share(one.peak_low, one.peak_high, one.population_m, 0.0)


def _share(low: float | None, high: float | None, millions: float, offset: float) -> float | None:
    """Return the geometric mean per citizen; ``offset`` lets nobody stand beside somebody."""
    if low is None or high is None:
        return None
    middle = float(np.sqrt((low + offset) * (high + offset))) - offset
    return middle / (millions * 1e6)
