"""The first hour in which a change can act: never later than what it did."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import SMALL
from tests.engine.worlds import FREE_FROM, SEED

from steppe.case.paths import addresses
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.engine.first_hour import ActingHours, acts_before, first_hour
from steppe.engine.run import run
from steppe.results.trajectory import Event, Trajectory
from steppe.study.comparison import divergence

HOURS = 112
MODES = ("scripted", "endogenous")
_RUNS: dict[str, Trajectory] = {}


def arm(scenario: Scenario, mode: str) -> Scenario:
    """Return a short copy of the case in which everybody acts a lot."""
    made = scenario.change("clock.hours", HOURS)
    if mode == "endogenous":
        made = made.change("mode", mode).change("endogenous_from", FREE_FROM)
    return made


def parted(one: Trajectory, other: Trajectory) -> int:
    """Return the first hour in which series or events of two runs differ."""
    events: set[Event] = set(one.events) ^ set(other.events)
    return min([divergence(one, other), *(event.hour for event in events)])


@pytest.mark.parametrize("mode", MODES)
def test_no_counterfactual_acts_before_its_first_hour(january: Scenario, mode: str) -> None:
    base = arm(january, mode)
    whole = run(base, SEED, scale=SMALL)
    for name in base.counterfactuals:
        other = base.counterfactual(name)
        found = parted(whole, run(other, SEED, scale=SMALL))
        assert first_hour(base, other) <= found, name
        assert first_hour(base, other) == first_hour(other, base), name


def test_first_hours_of_the_case(kazakhstan: Scenario) -> None:
    """Read off the timeline: hour 0 is 28 December 2021, 00:00; hour 96 is 1 January."""
    found = {n: first_hour(kazakhstan, kazakhstan.counterfactual(n)) for n in (
        "no-price-shock", "no-concession", "no-blackout", "no-lethal-force", "no-intervention",
        "signal-without-troops",
    )}  # fmt: skip
    assert found == {
        "no-price-shock": 96,  # 1 January, 00:00
        "no-concession": 158,  # 3 January, 14:00
        "no-blackout": 188,  # 4 January, 20:30
        "no-lethal-force": 210,  # 5 January, 18:00
        "no-intervention": 215,  # 5 January, 23:00: the request is heard
        "signal-without-troops": 228,  # 6 January, 12:00
    }


@pytest.mark.parametrize(
    ("path", "value", "hour"),
    [
        ("clock.hours", 50, 50),
        ("clock.hours", 600, 552),
        ("timeline.police-presence.value", 2.0, 0),
        ("timeline.price-doubled.enabled", False, 96),  # acts on nothing, but is told as an event
        ("timeline.order-to-review.enabled", False, 143),
        ("evidence.visible_protest", 50.0, 0),
        ("country.gini", 0.3, 0),
        ("mechanisms.rumour", "none", 0),
        ("parameters.contact.detention", 13.0, 0),
        ("parameters.population.ties", 11.0, 0),
        ("alliance.rule", "empirical", 0),
        ("elite.factions.0.rent", 0.5, 0),
    ],
)
def test_first_hours_of_single_changes(
    kazakhstan: Scenario, path: str, value: float | str, hour: int
) -> None:
    paths = addresses(kazakhstan)
    path = (
        path
        if path in paths or path.startswith(("mechanisms", "parameters"))
        else next(p for p in paths if p.startswith("elite.factions") and p.endswith(".rent"))
    )
    assert first_hour(kazakhstan, kazakhstan.change(path, value)) == hour


def test_a_regime_of_its_own_acts_from_when_it_is_free(kazakhstan: Scenario) -> None:
    free = kazakhstan.change("endogenous_from", FREE_FROM).change("regime.rule", "policy")
    assert first_hour(kazakhstan, free) == 150
    assert first_hour(free, free.change("parameters.regime.noise", 0.2)) == 150
    assert first_hour(free, free.change("endogenous_from", "2022-01-04T06:00")) == 150
    assert first_hour(kazakhstan, kazakhstan.change("parameters.regime.noise", 0.2)) == 552


def test_who_acts_before_is_named_with_the_hour(kazakhstan: Scenario) -> None:
    other = kazakhstan.change("information.blackout", "none").change("alliance.rule", "decline")
    assert acts_before(kazakhstan, other, 188) == ()
    assert acts_before(kazakhstan, other, 210) == (ActingHours("information.blackout", 188),)
    assert [one.hour for one in acts_before(kazakhstan, other, 216)] == [188, 215]


def base_run(base: Scenario) -> Trajectory:
    if "base" not in _RUNS:
        _RUNS["base"] = run(base, SEED, scale=SMALL)
    return _RUNS["base"]


@settings(max_examples=20)
@given(data=st.data())
def test_no_change_at_random_acts_before_its_first_hour(
    eventful: Scenario, data: st.DataObject
) -> None:
    base = eventful.change("clock.hours", 45)
    known = addresses(base)
    path = data.draw(st.sampled_from(sorted(known)))
    old = known[path].value
    if isinstance(old, bool):
        new: object = not old
    elif isinstance(old, int | float):
        new = type(old)(old * data.draw(st.sampled_from([0, 0.5, 2]))) if old else 1
    else:
        return
    try:
        other = base.change(path, new)  # type: ignore[arg-type]
        if other.clock.hours > 100:
            return
        first = first_hour(base, other)
        made = run(other, SEED, scale=SMALL)
    except (CaseError, ValueError):
        return
    assert first <= parted(base_run(base), made), path
