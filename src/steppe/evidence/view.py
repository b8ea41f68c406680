"""A trajectory seen with the geography of its scenario: whole days, regions, visible protest."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.clock import Clock
from steppe.core.errors import SteppeError, nearest
from steppe.model.mechanisms.observation import ObservationParameters
from steppe.results.trajectory import Trajectory

Result = TypeVar("Result")

NATIONAL = "national"
"""The name that stands for the whole country where a region is asked for."""


@dataclass(frozen=True, slots=True)
class View:
    """One trajectory and what an observable needs to know besides.

    ``region_of`` (place,) is the index of each place's region, ``settled`` (place,) marks cities
    and towns, ``weights`` (region,) are shares of the population, ``active`` (hour, place) the
    persons on the street, ``threshold`` the persons that make a protest visible, ``since`` the
    first hour whose protest can be the first.
    """

    trajectory: Trajectory
    clock: Clock
    threshold: float
    region_of: NDArray[np.intp]
    settled: NDArray[np.bool_]
    weights: NDArray[np.float64]
    active: NDArray[np.int64]
    since: int = 0
    memo: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """Return what ``make`` gives, made once for ``key`` in this view and its variants.

        ``key`` names everything that it depends on besides the trajectory.
        """
        if key not in self.memo:
            self.memo[key] = make()
        return cast("Result", self.memo[key])

    @property
    def observation(self) -> ObservationParameters:
        """How late what happened was written down, by the parameters that the run was given."""
        return _observation(self.trajectory.record.scenario)

    @property
    def regions(self) -> tuple[str, ...]:
        """Ids of the regions in the order of the trajectory's region axis."""
        return self.trajectory.coords["region"]

    @property
    def dates(self) -> tuple[date, ...]:
        """The local days that the run covers from midnight to midnight."""
        return whole_days(self.clock)

    def by_day(self, hourly: NDArray[Any]) -> NDArray[Any]:
        """Return ``hourly`` (hour, ...) as (day, 24, ...), whole local days only."""
        first, days = _first_midnight(self.clock), len(self.dates)
        return hourly[first : first + 24 * days].reshape(days, 24, *hourly.shape[1:])

    def values(self, name: str) -> NDArray[Any]:
        """Return the series ``name``; ``SteppeError`` when the run did not record it."""
        if name not in self.trajectory.series:
            raise SteppeError(f"the run recorded no series '{name}'")
        return self.trajectory[name]

    def members(self, region: str) -> NDArray[np.bool_]:
        """Return the mask (place,) of the places in ``region`` or in the whole country."""
        if region == NATIONAL:
            return np.ones(self.region_of.size, dtype=np.bool_)
        mask: NDArray[np.bool_] = self.region_of == self.index(region)
        return mask

    def within(self, region: str, by_place: NDArray[Any]) -> NDArray[Any]:
        """Return the columns of ``by_place`` (hour, place) that lie in ``region``."""
        return by_place if region == NATIONAL else by_place[:, self.members(region)]

    def index(self, region: str) -> int:
        """Return the position of ``region``; ``SteppeError`` with the nearest name if unknown."""
        if region not in self.regions:
            near = nearest(region, self.regions)
            hint = f"; did you mean '{near}'?" if near else ""
            raise SteppeError(f"the run has no region '{region}'{hint}")
        return self.regions.index(region)


def _first_midnight(clock: Clock) -> int:
    return -clock.start.hour % 24


@functools.lru_cache(maxsize=4)
def _observation(text: str) -> ObservationParameters:
    """Read the parameters alone where it is plain where they are: the whole takes milliseconds."""
    mark = '"parameters":{'
    if text.count(mark) == 1:
        parameters, _ = json.JSONDecoder().raw_decode(text, text.index(mark) + len(mark) - 1)
    else:
        parameters = json.loads(text).get("parameters", {})
    return ObservationParameters.build(parameters.get("observation", {}))


@functools.lru_cache(maxsize=16)
def whole_days(clock: Clock) -> tuple[date, ...]:
    """Return the local days that a run covers from midnight to midnight."""
    hour = _first_midnight(clock)
    first = clock.time_of(hour).date()
    return tuple(first + timedelta(days=day) for day in range((clock.hours - hour) // 24))


def view(scenario: Scenario, trajectory: Trajectory) -> View:
    """Return ``trajectory`` seen with the regions, places and threshold of ``scenario``.

    Raises ``SteppeError`` when the run has a place or region the scenario does not know, or a
    region without places: scores of a run against a foreign scenario would mean nothing.
    """
    coords = trajectory.coords
    places = {place.id: place for place in scenario.places}
    people = {region.id: region.population for region in scenario.regions}
    _check_name("place", coords["place"], places)
    _check_name("region", coords["region"], people)
    order = {region: index for index, region in enumerate(coords["region"])}
    _check_name("region", (places[p].region for p in coords["place"]), order)
    region_of = np.array([order[places[p].region] for p in coords["place"]], dtype=np.intp)
    if np.unique(region_of).size != len(order):
        raise SteppeError("the run has a region without places")
    population = np.array([people[region] for region in coords["region"]], dtype=np.float64)
    if population.sum() <= 0:
        raise SteppeError("the regions of the run have no citizens")
    return View(
        trajectory,
        Clock(datetime.fromisoformat(trajectory.record.start), trajectory.record.hours),
        scenario.evidence.visible_protest,
        region_of,
        np.array([places[p].kind != "rural" for p in coords["place"]], dtype=np.bool_),
        population / population.sum(),
        trajectory.active(),
    )


def _check_name(what: str, ids: Any, names: Any) -> None:
    for name in ids:
        if name not in names:
            raise SteppeError(f"the run has a {what} '{name}' that the scenario does not know")
