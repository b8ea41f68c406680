"""Arms that are lived together leave what each leaves alone, and share what is alike."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import SMALL
from tests.engine.worlds import FREE_FROM, SEED, same_run

from steppe.case.scenario import Scenario
from steppe.engine.checkpoint import CheckpointError
from steppe.engine.coupled_runs import CoupledRuns, group_by_population
from steppe.engine.hour_context import HourContext
from steppe.engine.run import run, run_arms
from steppe.engine.step import CompiledLoops
from steppe.engine.world import World


def variants(base: Scenario) -> list[Scenario]:
    """Return what can be changed: timeline, rules, parameters of every scale, people, length."""
    changes: tuple[tuple[str, Any], ...] = (
        ("regime.concessions", "none"),
        ("alliance.rule", "empirical"),
        ("parameters.contact.detention", 20.0),
        ("parameters.loyalty.punishment", 0.4),
        ("parameters.participation.reconsider", 0.5),
        ("parameters.participation.mobilisable", 0.1),
        ("parameters.regime.noise", 0.5),
        ("clock.hours", 41),
    )
    return [base, *(base.change(path, value) for path, value in changes)]


@pytest.mark.parametrize("mode", ["scripted", "endogenous"])
def test_each_arm_is_as_it_is_alone(eventful: Scenario, mode: str) -> None:
    base = eventful.change("clock.hours", 42)
    if mode == "endogenous":
        base = base.change("mode", mode).change("endogenous_from", FREE_FROM)
    arms = variants(base)
    together = run_arms(arms, SEED, scale=SMALL)
    alone = [run(one, SEED, scale=SMALL) for one in arms]
    assert [same_run(a, b) for a, b in zip(together, alone, strict=True)] == [True] * len(arms)
    assert not any(same_run(alone[0], one) for one in (alone[3], alone[4], alone[5]))
    for mine, theirs in zip(together, alone, strict=True):
        assert mine.record.scenario_hash == theirs.record.scenario_hash


def test_each_arm_by_hazards_is_as_it_is_alone(hazardous: Scenario) -> None:
    changes: tuple[tuple[str, Any], ...] = (
        ("regime.concessions", "none"),
        ("parameters.contact.detention", 20.0),
        ("parameters.news.half", 0.1),
        ("parameters.leaving.rest", 8.0),
        ("mechanisms.round_up", "none"),
        ("clock.hours", 41),
    )
    arms = [hazardous, *(hazardous.change(path, value) for path, value in changes)]
    together = run_arms(arms, SEED, scale=SMALL)
    alone = [run(one, SEED, scale=SMALL) for one in arms]
    assert [same_run(a, b) for a, b in zip(together, alone, strict=True)] == [True] * len(arms)
    assert not any(same_run(alone[0], one) for one in alone[2:])


class Counted(CompiledLoops):
    """Counts how often citizens live an hour."""

    def __init__(self) -> None:
        self.decided: list[int] = []

    def live(self, world: World, here: HourContext, hour: int) -> None:
        """Count and live."""
        self.decided.append(hour)
        super().live(world, here, hour)


def lived(scenarios: list[Scenario], hours: int) -> list[int]:
    """Return how many streets were lived in each hour."""
    loops = Counted()
    arms = CoupledRuns(scenarios, SEED, SMALL, loops=loops)
    for _ in range(hours):
        arms.live()
    return [loops.decided.count(hour) for hour in range(hours)]


def test_hours_before_the_change_are_lived_once(eventful: Scenario) -> None:
    other = eventful.change("regime.concessions", "none")
    assert lived([eventful, other], 50) == [1] * 38 + [2] * 12


def test_citizens_who_see_the_same_share_a_street(eventful: Scenario) -> None:
    """Another memory of precedents abroad is another history, seen by nobody on the street."""
    other = eventful.change("parameters.diffusion.base_hazard", 0.02)
    assert lived([eventful, other], 20) == [1] * 20
    louder = eventful.change("parameters.outrage.per_harm", 0.0)
    assert lived([eventful, louder], 20)[-1] == 2


def test_people_are_shared_where_they_are_the_same(eventful: Scenario) -> None:
    scenarios = [
        eventful,
        eventful.change("parameters.participation.reconsider", 0.5),
        eventful.change("parameters.participation.mobilisable", 0.1),
        eventful.change("clock.hours", 10),
        eventful.change("country.gini", 0.3),
        eventful.change("parameters.population.ties", 5.0),
    ]
    assert group_by_population(scenarios, SMALL) == [[0, 1], [2], [3], [4], [5]]
    with pytest.raises(ValueError, match="same people"):
        CoupledRuns(scenarios, SEED, SMALL)


def test_arms_go_on_from_one_checkpoint(eventful: Scenario) -> None:
    start = run(eventful, SEED, scale=SMALL, until=38)
    arms = [eventful, eventful.change("regime.concessions", "none")]
    for made, scenario in zip(run_arms(arms, SEED, scale=SMALL, start=start), arms, strict=True):
        assert same_run(made, run(scenario, SEED, scale=SMALL))
    late = run(eventful, SEED, scale=SMALL, until=39)
    with pytest.raises(CheckpointError, match="concessions can act from hour 38"):
        run_arms(arms, SEED, scale=SMALL, start=late)


def test_progress_counts_the_hours_of_all_arms(eventful: Scenario) -> None:
    told: list[tuple[int, int]] = []
    arms = [eventful.change("clock.hours", 5), eventful.change("clock.hours", 3)]
    run_arms(arms, SEED, scale=SMALL, progress=lambda *hour: told.append(hour))
    assert told[-1] == (8, 8)
    assert told == sorted(told)
