"""Events that follow a cause: the same as if their hour were written, in both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import SMALL
from tests.engine.worlds import SEED, same_run

from steppe.case.canonical import canonical, from_canonical
from steppe.case.conditions import Condition
from steppe.case.load import load
from steppe.case.scenario import Scenario, TimelineEvent
from steppe.core.errors import SteppeError
from steppe.engine.checkpoint import CheckpointError, load_checkpoint
from steppe.engine.first_hour import first_hour
from steppe.engine.run import run, run_arms
from steppe.report.timeline import lanes
from steppe.results.trajectory import EngineName, Event, Trajectory

ENGINES: tuple[EngineName, ...] = ("citizens", "cohorts")


def lived(scenario: Scenario, engine: EngineName = "citizens", **options: Any) -> Trajectory:
    """Return a run: of cohorts, or of so few agents that it takes a second."""
    return run(
        scenario, SEED, scale=1.0 if engine == "cohorts" else SMALL, engine=engine, **options
    )


def with_event(scenario: Scenario, hour: int = 0, **more: Any) -> Scenario:
    """Return ``scenario`` whose forces stand by from ``hour`` on, or when its cause is there."""
    values = {"do": "force_level", "value": 1.0, "actor": "government", **more}
    event = TimelineEvent(
        id="answer", at=scenario.clock.clock().time_of(hour), where=("national",),
        precision="assumed", source="invented", text="An answer.", **values,
    )  # fmt: skip
    return scenario.model_copy(update={"timeline": (*scenario.timeline, event)})


def held(whole: Trajectory, people: float) -> int:
    """Return the first hour after one at whose end so many people are out."""
    return int(np.argmax(whole.active().sum(axis=1) >= people)) + 1


def told(one: Trajectory) -> list[Event]:
    return [event for event in one.events if event.kind == "condition_met"]


def same_but_for_the_cause(one: Trajectory, other: Trajectory) -> bool:
    return (
        all(np.array_equal(one[name], other[name]) for name in one.series)
        and tuple(event for event in one.events if event.kind != "condition_met") == other.events
        and one.outcome == other.outcome
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_is_that_of_the_hour_after_its_cause(
    hazardous: Scenario, engine: EngineName
) -> None:
    plain = lived(hazardous, engine)
    people = int(plain.active().sum(axis=1).max() // 3)
    hour = held(plain, people)
    made = lived(with_event(hazardous, when=Condition(crowd_at_least=people)), engine)
    assert same_but_for_the_cause(made, lived(with_event(hazardous, hour), engine))
    assert made["deaths"].sum() != plain["deaths"].sum()
    (cause,) = told(made)
    assert cause.hour == hour - 1
    assert cause.value == plain.active()[hour - 1].sum() >= people
    assert f"at least {people:,} people are on the streets of Kazakhstan" in cause.text
    assert "'answer' follows" in cause.text


@pytest.mark.parametrize("engine", ENGINES)
def test_without_its_cause_an_answer_never_comes(hazardous: Scenario, engine: EngineName) -> None:
    never = with_event(hazardous, when=Condition(crowd_at_least=hazardous.country.citizens))
    assert same_but_for_the_cause(lived(never, engine), lived(hazardous, engine))


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_waits_for_its_delay_and_lasts_its_hours(
    hazardous: Scenario, engine: EngineName
) -> None:
    clock = hazardous.clock.clock()
    hour = held(lived(hazardous, engine), 1000)
    late = with_event(hazardous, when=Condition(crowd_at_least=1000, delay=5), lasts=7)
    written = with_event(hazardous, hour + 5, until=clock.time_of(hour + 12))
    assert same_but_for_the_cause(lived(late, engine), lived(written, engine))
    over = with_event(hazardous, when=Condition(crowd_at_least=1000), until=clock.time_of(hour))
    assert same_but_for_the_cause(lived(over, engine), lived(hazardous, engine))


def test_an_answer_looks_at_its_place_and_no_other_and_not_before_its_hour(
    hazardous: Scenario,
) -> None:
    plain = lived(hazardous)
    crowds = plain.active()
    place = int(np.argmax(crowds.max(axis=0)))
    name, region = hazardous.places[place].id, hazardous.places[place].region
    rows = [i for i, one in enumerate(hazardous.places) if one.region == region]
    people = int(crowds[:, place].max() // 2)
    for when, seen in (
        (Condition(crowd_at_least=people, place=name), crowds[:, place]),
        (Condition(crowd_at_least=people, region=region), crowds[:, rows].sum(axis=1)),
        (Condition(dead_at_least=20_000), plain["dead"].sum(axis=1)),
    ):
        enough = when.people
        (cause,) = told(lived(with_event(hazardous, when=when)))
        assert cause.hour == int(np.argmax(seen >= enough)) > 0
    (cause,) = told(lived(with_event(hazardous, 50, when=Condition(dead_at_least=1))))
    assert cause.hour == 49


def test_both_engines_see_a_building_fall(hazardous: Scenario) -> None:
    waits = with_event(hazardous, when=Condition(building_lost="city-hall"))
    made = lived(waits)
    falls = [event.hour for event in made.events if event.kind == "building_lost"]
    assert [event.hour for event in told(made)] == [min(falls)]
    with pytest.raises(SteppeError, match=r"timeline\.answer waits for a building"):
        lived(waits, "cohorts")
    free = waits.change("mode", "endogenous").change("endogenous_from", "2022-01-04T06:00")
    counted = lived(free, "cohorts")
    falls = [event.hour for event in counted.events if event.kind == "building_lost"]
    assert [event.hour for event in told(counted)] == [min(falls)]


def test_arms_follow_each_its_own_cause(hazardous: Scenario) -> None:
    """Alike until the first of them can happen, and each as it is alone."""
    late = int(0.8 * lived(hazardous)["deaths"].sum())
    arms = [with_event(hazardous, 3, when=Condition(dead_at_least=people)) for people in (1, late)]
    arms += [hazardous, arms[0].change("regime.concessions", "none")]
    arms.append(arms[0].change("timeline.curfew-first.at", "2022-01-03T20:00"))
    together = run_arms(arms, SEED, scale=SMALL)
    for one, alone in zip(together, map(lived, arms), strict=True):
        assert same_run(one, alone)
    assert [first_hour(arms[0], one) for one in arms[1:4]] == [2, 2, 2]
    assert len({event.hour for one in together for event in told(one)}) > 1


@pytest.mark.parametrize("stop", [1, 15, 40])
def test_a_run_stopped_before_or_after_its_answer_goes_on(
    hazardous: Scenario, stop: int, tmp_path: Path
) -> None:
    waits = with_event(hazardous, when=Condition(crowd_at_least=1000, delay=2))
    whole = lived(waits)
    start = run(waits, SEED, scale=SMALL, until=stop).save(tmp_path / "stop")
    assert same_run(lived(waits, start=load_checkpoint(start)), whole)


def test_a_checkpoint_is_not_gone_on_from_where_a_cause_could_have_been_seen(
    hazardous: Scenario,
) -> None:
    waits = with_event(hazardous, 10, when=Condition(crowd_at_least=500))
    other = with_event(hazardous, 10, when=Condition(crowd_at_least=90_000))
    start = run(waits, SEED, scale=SMALL, until=9)
    assert same_run(lived(other, start=start), lived(other))
    with pytest.raises(CheckpointError, match=r"timeline\.answer"):
        lived(other, start=run(waits, SEED, scale=SMALL, until=10))


def test_a_regime_that_decides_for_itself_leaves_history_s_answers_aside() -> None:
    valleys = load("two-valleys").change("parameters.first_move.rate", 1e-8)
    free = valleys.change("mode", "endogenous")
    waits = with_event(free, when=Condition(crowd_at_least=100))
    assert same_but_for_the_cause(lived(waits, "cohorts"), lived(free, "cohorts"))
    assert not told(lived(waits, "cohorts"))


def test_a_report_shows_an_answer_when_it_came_and_why() -> None:
    valleys = load("two-valleys")
    when = Condition(crowd_at_least=500, region="upper-valley")
    waits = with_event(valleys, when=when)
    runs = [run(waits, seed, engine="cohorts") for seed in (1, 2, 3)]
    hours = [event.hour for one in runs for event in one.events if event.text == "answer"]
    marks = {mark.label: mark for lane in lanes(waits, runs) for mark in lane.marks}
    assert marks["An answer."].middle == np.median(hours)
    assert "when at least 500 people are on the streets of Upper" in marks["An answer."].detail
    assert "An answer." not in {m.label for lane in lanes(waits, ()) for m in lane.marks}


def test_the_record_holds_conditions_and_is_as_before_without(hazardous: Scenario) -> None:
    assert '"when"' not in canonical(hazardous)
    waits = with_event(hazardous, when=Condition(dead_at_least=3, place="almaty"))
    again = from_canonical(canonical(waits))
    assert again.timeline[-1].when == waits.timeline[-1].when
    assert canonical(again) == canonical(waits)
