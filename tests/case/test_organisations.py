"""Organisations: a call of theirs reaches their members, from the timeline as from a trigger."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from steppe.case.canonical import canonical, from_canonical
from steppe.case.conditions import Condition
from steppe.case.load import load
from steppe.case.paths import addresses
from steppe.case.scenario import Scenario, TimelineEvent, Trigger
from steppe.case.society import Organisation
from steppe.engine.first_hour import first_hour
from steppe.engine.plan import plan
from steppe.engine.run import run
from steppe.engine.script import Script
from steppe.results.trajectory import EngineName, Trajectory
from steppe.study.lever_doubts import lever_doubts


def quiet() -> Scenario:
    return load("two-valleys").change("prices.shock", 0.0)


def with_members(share: dict[str, float], **more: Any) -> Scenario:
    """Return the quiet valleys with a union of such members, and what ``more`` says."""
    union = Organisation(id="union", name="Union", kind="union", members=share)
    return quiet().model_copy(update={"organisations": (union,), **more})


def trigger(through: str | None) -> Trigger:
    start = quiet().clock.clock().time_of(30)
    return Trigger(
        id="strike", kind="call", at=start, where=("national",), size=1.0, through=through,
        hours="10-18", source="invented",
    )  # fmt: skip


def call(actor: str, **more: Any) -> TimelineEvent:
    start = quiet().clock.clock().time_of(30)
    values = {"at": start, "hours": "10-18", **more}
    return TimelineEvent(
        id="strike", actor=actor, do="call", where=("national",), value=1.0,
        precision="assumed", source="invented", text="", **values,
    )  # fmt: skip


def same(one: Trajectory, other: Trajectory) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one.series)


@pytest.mark.parametrize("engine", ["citizens", "cohorts"])
def test_a_call_to_members_who_are_everybody_is_a_call_to_all(engine: EngineName) -> None:
    everybody = {"national": 1.0}
    to_all = run(quiet().model_copy(update={"triggers": (trigger(None),)}), 1, engine=engine)
    arms = [
        with_members(everybody, triggers=(trigger("union"),)),
        with_members(everybody, timeline=(*quiet().timeline, call("union"))),
        quiet().model_copy(update={"timeline": (*quiet().timeline, call("protesters"))}),
    ]
    assert to_all.outcome["peak_active"] > 100
    assert all(same(run(one, 1, engine=engine), to_all) for one in arms)


def test_a_call_is_heard_where_there_are_members() -> None:
    scenario = with_members({"upper-valley": 0.2}, timeline=(call("union"),))
    columns = Script(scenario, plan(scenario)).columns()
    heard = columns["script_call_reach"] * columns["script_call_members"]
    upper = [place.region == "upper-valley" for place in scenario.places]
    assert list(np.flatnonzero(heard.any(axis=1)))[:9] == [*range(34, 42), 58]
    np.testing.assert_allclose(heard[34], 0.2 * np.array(upper), rtol=1e-15)
    nobody = with_members({"upper-valley": 0.0}, triggers=(trigger("union"),))
    assert same(run(nobody, 1, engine="cohorts"), run(quiet(), 1, engine="cohorts"))


def test_two_organisations_reach_the_members_of_either() -> None:
    other = Organisation(id="church", name="Church", kind="church", members={"national": 0.5})
    scenario = with_members({"national": 0.2}, timeline=(call("union"),))
    both = scenario.model_copy(
        update={
            "organisations": (*scenario.organisations, other),
            "timeline": (call("union"), call("church").model_copy(update={"id": "prayer"})),
        }
    )
    reach = Script(both, plan(both)).columns()["script_call_reach"]
    assert reach[34, 0] == pytest.approx(1.0 - 0.8 * 0.5, rel=1e-15)


def test_a_union_can_answer_deaths_with_a_call() -> None:
    waits = call("union", at=quiet().clock.start, when=Condition(dead_at_least=1), hours=None)
    case = load("two-valleys").change("timeline.arrests.value", 4.0)
    union = Organisation(id="union", name="Union", kind="union", members={"national": 0.3})
    made = case.model_copy(update={"organisations": (union,), "timeline": (*case.timeline, waits)})
    one = run(made, 1, engine="cohorts")
    died = int(np.argmax(one["deaths"].sum(axis=1) > 0))
    assert one["deaths"].any()
    assert [(e.hour, e.actor) for e in one.events if e.kind == "call"] == [(died + 1, "union")]


def test_members_have_addresses_and_are_recorded() -> None:
    scenario = with_members({"upper-valley": 0.2}, timeline=(call("union"),))
    assert addresses(scenario)["organisations.union.members.upper-valley"].value == 0.2
    more = scenario.change("organisations.union.members.upper-valley", 0.3)
    assert first_hour(scenario, more) == 34
    assert canonical(from_canonical(canonical(scenario))) == canonical(scenario)
    assert "organisations" not in canonical(quiet())


def test_a_call_that_acts_on_nothing_is_named() -> None:
    scenario = with_members({"national": 0.2}, timeline=(call("union"),))
    assert not list(lever_doubts(scenario))
    (doubt,) = lever_doubts(scenario.change("mechanisms.trigger", "none"))
    assert "a call acts on nothing where mechanisms.trigger is none" in str(doubt)
