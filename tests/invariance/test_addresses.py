"""Random numbers belong to names: a place or a force more moves the numbers of nobody else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.random import MASK, addresses_of
from steppe.engine.cohort_model import cohort_model
from steppe.engine.cohort_types import RESTRAINT
from steppe.engine.cohort_world import cohort_history
from steppe.engine.plan import plan
from steppe.engine.world import World, build

SEED, SCALE = 3, 0.05


@pytest.fixture(scope="module")
def valleys() -> Scenario:
    return load("two-valleys")


@pytest.fixture(scope="module")
def larger(valleys: Scenario) -> Scenario:
    """The case with a far place put before all others, and police of its own."""
    far = changed(valleys.places[0], id="aaa-far", name="Far", lat=47.9, population=30_000)
    police = changed(valleys.forces[0], id="aaa-police", place=far.id, officers=900)
    return changed(valleys, places=(far, *valleys.places), forces=(police, *valleys.forces))


def changed(part: Any, **values: object) -> Any:
    return part.model_copy(update=values)


def world(case: Scenario) -> World:
    return build(case, plan(case), SEED, SCALE)


def test_a_far_place_leaves_the_citizens_of_others_alone(
    valleys: Scenario, larger: Scenario
) -> None:
    one, other = world(valleys), world(larger)
    _, ours, theirs = np.intersect1d(
        one.citizens.address, other.citizens.address, return_indices=True
    )
    assert len(ours) > 0.9 * len(one.citizens.address)
    for name in ("hardship", "mark", "risk_aversion"):
        assert np.array_equal(
            getattr(one.citizens, name)[ours], getattr(other.citizens, name)[theirs]
        )
    assert not np.array_equal(one.citizens.number[ours], other.citizens.number[theirs])


def test_more_people_in_one_place_leave_the_others_alone(valleys: Scenario) -> None:
    first, *rest = valleys.places
    grown = changed(valleys, places=(changed(first, population=first.population + 9_000), *rest))
    one, other = world(valleys), world(grown)
    common, ours, theirs = np.intersect1d(
        one.citizens.address, other.citizens.address, return_indices=True
    )
    assert set(common >> 32) == {int(a) >> 32 for a in one.geography.address}
    assert np.array_equal(one.citizens.mark[ours], other.citizens.mark[theirs])


def test_a_force_more_leaves_the_units_of_others_alone(valleys: Scenario, larger: Scenario) -> None:
    one, other = world(valleys), world(larger)
    loyalty = one.columns["unit_loyalty"]
    assert len(other.columns["unit_loyalty"]) > len(loyalty)
    assert np.array_equal(other.columns["unit_loyalty"][-len(loyalty) :], loyalty)


def test_cohorts_draw_by_the_names_of_places_too(valleys: Scenario, larger: Scenario) -> None:
    one, other = (cohort_history(cohort_model(case), SEED) for case in (valleys, larger))
    assert np.array_equal(one.country.place[RESTRAINT], other.country.place[RESTRAINT][1:])
    few, many = one.state.members.sum(axis=2), other.state.members.sum(axis=2)[1:]
    assert np.abs(many - few).max() <= 0.02 * few.max()  # the weights of ages are the country's


def test_addresses_are_of_names_and_distinct() -> None:
    names = [f"place-{i}" for i in range(100_000)]
    found = addresses_of(names)
    assert len(set(found.tolist())) == len(names)
    assert not (found & MASK).any()
    assert (found >= 0).all()
    assert addresses_of(["b"])[0] == addresses_of(["a", "b"])[1]
