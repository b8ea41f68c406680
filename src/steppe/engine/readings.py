"""How series are read from the world at the end of an hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from steppe.model.mechanisms.trigger import felt_legitimacy, felt_outrage

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.engine.world import World

Floats = NDArray[np.float64]


class HasColumns(Protocol):
    """Whoever has the columns of a scenario: the world, or the fields beside cohorts."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def columns(self) -> Mapping[str, NDArray[Any]]:
        """Columns by name."""


class Reading(NamedTuple):
    """How to read a series, and the columns it is computed from; none if it is but copied.

    A column is replaced only when its bits change, so where all of them are those of the hour
    before, the series has that hour's row.
    """

    columns: tuple[str, ...]
    of: Callable[[World], Any]


def persons_of(name: str) -> Reading:
    """Read a count of agents by place as persons, rounded to whole people."""

    def read(w: World) -> Any:
        agents, weight = getattr(w.counts, name), w.geography.weight
        return agents if weight == 1.0 else np.floor(agents / weight + 0.5)

    return Reading((), read)


def column(name: str) -> Reading:
    """Read a column as it is."""
    return Reading((), lambda w: w.columns[name])


def nation(name: str) -> Reading:
    """Read the number of a column of the nation."""
    return Reading((), lambda w: w.columns[name][0])


def mean_by_region(name: str) -> Reading:
    """Average a place column over the people of each region."""
    return Reading((name,), lambda w: _region_means(w, w.columns[name]))


def _region_means(w: World, values: Floats) -> Floats:
    c = w.columns
    weights = values * c["place_population"]
    return np.asarray(_sum_by_region(w, weights) / c["region_population"])


def legitimacy(w: World) -> Floats:
    """Return legitimacy by region as it is felt."""
    return felt_legitimacy(w.columns["region_legitimacy"], w.columns["region_trigger_loss"])


def mean_outrage(w: World) -> Floats:
    """Return the mean outrage of each region as it is felt."""
    return _region_means(
        w, felt_outrage(w.columns["place_outrage"], w.columns["place_trigger_harm"])
    )


def _sum_by_region(w: World, values: Floats) -> Floats:
    totals = np.bincount(
        w.columns["place_region"], weights=values, minlength=len(w.scenario.regions)
    )
    return np.asarray(totals, dtype=np.float64)


def officers_of(w: HasColumns, state: int) -> Floats:
    """Add up by region the officers of units in a state."""
    c = w.columns
    region = c["place_region"][c["unit_place"]]
    standing = c["unit_officers"] * (c["unit_state"] == state)
    totals = np.bincount(region, weights=standing, minlength=len(w.scenario.regions))
    return np.asarray(totals, dtype=np.float64)


def officers_in(state: int) -> Reading:
    """Read the officers of units in a state, by region."""
    return Reading(("unit_state",), lambda w: officers_of(w, state))


def units_of(w: HasColumns, state: int) -> int:
    """Count the units in a state."""
    return int(np.sum(w.columns["unit_state"] == state))


def units_in(state: int) -> Reading:
    """Read how many units are in a state."""
    return Reading(("unit_state",), lambda w: units_of(w, state))


def highest_force(w: HasColumns) -> Floats:
    """Return the highest level of force in each region."""
    highest = np.zeros(len(w.scenario.regions))
    np.maximum.at(highest, w.columns["place_region"], w.columns["place_force_level"])
    return highest


def opposed_share(w: World) -> float:
    """Return the share of citizens opposed in private."""
    c = w.columns
    return float(np.sum(c["region_opposed"] * c["region_population"]) / w.persons)


def protesting_share(w: World) -> float:
    """Return the share of citizens protesting."""
    c = w.columns
    return float(np.sum(c["place_peaceful"] + c["place_violent"]) / w.persons)


def transitions(w: World) -> Any:
    """Return the citizens who went from one action to another."""
    agents = w.counts.transitions.sum(axis=0)
    weight = w.geography.weight
    return agents if weight == 1.0 else np.floor(agents / weight + 0.5)
