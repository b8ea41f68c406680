"""How series are read from the world at the end of an hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.model.mechanisms.trigger import felt_legitimacy, felt_outrage

if TYPE_CHECKING:
    from steppe.engine.world import World

Floats = NDArray[np.float64]


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


def officers_in(state: int) -> Reading:
    """Add up by region the officers of units in a state."""

    def read(w: World) -> Floats:
        c = w.columns
        region = c["place_region"][c["unit_place"]]
        standing = c["unit_officers"] * (c["unit_state"] == state)
        totals = np.bincount(region, weights=standing, minlength=len(w.scenario.regions))
        return np.asarray(totals, dtype=np.float64)

    return Reading(("unit_state",), read)


def units_in(state: int) -> Reading:
    """Count the units in a state."""
    return Reading(("unit_state",), lambda w: np.sum(w.columns["unit_state"] == state))


def highest_force(w: World) -> Floats:
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
