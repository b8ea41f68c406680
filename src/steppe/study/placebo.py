"""The placebo: is a country quiet without its trigger, and what does the trigger add?

A case whose country is as restless without its trigger as with it says nothing about the trigger,
whatever figures it meets. Cohorts answer in seconds; whoever would decide for himself is left to
do nothing, so that the street alone is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.case.load import AnyCase, as_scenario
from steppe.case.patch import apply
from steppe.case.scenario import Scenario, TimelineEvent, Value
from steppe.case.source_location import name_list
from steppe.case.triggers import NO_TRIGGER, acting, has_trigger
from steppe.engine.cohort_run import run_cohorts
from steppe.engine.script import PRESENCE
from steppe.engine.timeline_events import CONCESSIONS, DECIDING, effective_events
from steppe.results.trajectory import Trajectory
from steppe.study.parameters import resolve_source, scenario_of_seed

CRISIS = 2e-4
"""Share of citizens on the street at once from which on a run is called a crisis."""

QUIET = 0.9
"""Share of runs without a crisis from which on a country is called quiet."""

HALF = 0.5
"""Share of runs from which on an answer is said to come without what it answers."""

ANSWERS = CONCESSIONS | {
    "internet_cut", "phone_cut", "curfew", "emergency", "reinforce", "frame_terrorism",
    "alliance_request",
}  # fmt: skip
"""What is done about a crowd, besides the use of force."""

SEEDS = 20


@dataclass(frozen=True, slots=True)
class PlaceboArm:
    """Runs of one size of the trigger: the most people on the street at once, by seed.

    ``first_hours`` is when a place first has a visible protest; the length of the run if never.
    """

    name: str
    peaks: NDArray[np.int64]
    crises: float
    first_hours: NDArray[np.int64]

    @property
    def range(self) -> tuple[int, int, int]:
        """Return the 5 % quantile, the median and the 95 % quantile of the peaks."""
        low, middle, high = np.quantile(self.peaks, (0.05, 0.5, 0.95))
        return int(low), int(middle), int(high)


@dataclass(frozen=True, slots=True)
class Placebo:
    """A case without its trigger and with it, seed by seed; other sizes where the case says so."""

    without: PlaceboArm
    with_trigger: PlaceboArm
    others: tuple[PlaceboArm, ...]
    warnings: tuple[str, ...] = ()

    @property
    def quiet(self) -> bool:
        """Return whether the country is quiet without its trigger."""
        return 1.0 - self.without.crises >= QUIET  # exactly nine of ten are enough

    @property
    def added(self) -> tuple[int, int, int]:
        """Return 5 % quantile, median and 95 % quantile of the people whom the trigger adds."""
        added = self.with_trigger.peaks - self.without.peaks
        low, middle, high = np.quantile(added, (0.05, 0.5, 0.95))
        return int(low), int(middle), int(high)

    def words(self) -> str:
        """Return the answer in one line."""
        seeds = len(self.without.peaks)
        low, middle, high = self.added
        crises = f"a crisis in {self.without.crises:.0%} of {seeds} runs"
        return (
            f"{'quiet' if self.quiet else 'not quiet'} without its trigger: {crises}, with it in "
            f"{self.with_trigger.crises:.0%}; the trigger adds {middle:,} people at the peak "
            f"({low:,} to {high:,})"
        )


def placebo(case: AnyCase, seeds: int = SEEDS) -> Placebo:
    """Return what the trigger of ``case`` adds, by cohorts, seeds 1 to ``seeds``.

    Parameters are those of the case: a draw of its posterior for each seed, where it ships one.
    Raises ``ValueError`` for a case that nothing begins, ``SteppeError`` for one whose rules
    cohorts do not know.
    """
    scenario = as_scenario(case)
    if not has_trigger(scenario):
        raise ValueError("nothing begins this crisis, so there is nothing to take away")
    tried = left_alone(scenario)
    arms = [_arm("with", tried, seeds), _arm("without", tried.counterfactual(NO_TRIGGER), seeds)]
    others = tuple(_arm(name, one, seeds) for name, one in _other_sizes(tried))
    return Placebo(arms[1], arms[0], others, tuple(_answer_doubts(tried, *arms)))


def with_size(scenario: Scenario, size: float) -> Scenario:
    """Return ``scenario`` with its first trigger of ``size``, the others in proportion; 0: none."""
    triggers = acting(scenario)
    if size <= 0.0 or not triggers:
        return scenario.counterfactual(NO_TRIGGER)
    ratio = size / triggers[0].size
    sizes = {f"triggers.{one.id}.size": one.size * ratio for one in triggers[1:]}
    return apply(scenario, {f"triggers.{triggers[0].id}.size": size, **sizes})


def peak_of(scenario: Scenario, seed: int) -> tuple[int, int]:
    """Return the most people on the street at once in a run, and when protest is first visible."""
    source = resolve_source(None, scenario)
    one = scenario if source == "default" else scenario_of_seed(scenario, seed, source)
    run = run_cohorts(one, [seed])[0]
    return int(run.outcome["peak_active"]), _first_hour(run, scenario.evidence.visible_protest)


def arm_of(scenario: Scenario, name: str, peaks: Sequence[tuple[int, int]]) -> PlaceboArm:
    """Return the arm of runs of ``scenario`` with these ``peak_of``."""
    most, first = (np.array(column, dtype=np.int64) for column in zip(*peaks, strict=True))
    crises = float(np.mean(most >= CRISIS * scenario.country.citizens))
    return PlaceboArm(name, most, crises, first)


def left_alone(scenario: Scenario) -> Scenario:
    """Return ``scenario`` with nobody who decides for himself: history acts, or nobody does."""
    changes: dict[str, Value] = {}
    if scenario.mode == "endogenous":
        changes["mode"] = "scripted"
    if scenario.regime_rule == "policy":
        changes["regime.rule"] = "scripted"
    if scenario.alliance_rule in DECIDING:
        changes["alliance.rule"] = "decline"
    return apply(scenario, changes) if changes else scenario


def _other_sizes(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    """Yield the case with each end of the sizes that its triggers may have had."""
    for end in ("low", "high"):
        sizes = {
            f"triggers.{one.id}.size": size
            for one in acting(scenario)
            if (size := getattr(one, end)) is not None and size != one.size
        }
        if sizes:
            changed = scenario
            for path, size in sizes.items():
                changed = changed.change(path, size)
            yield end, changed


def _arm(name: str, scenario: Scenario, seeds: int) -> PlaceboArm:
    return arm_of(scenario, name, [peak_of(scenario, seed) for seed in range(1, seeds + 1)])


def _first_hour(run: Trajectory, visible: float) -> int:
    crowds = (run["peaceful"] + run["violent"]).max(axis=1) >= visible
    return int(crowds.argmax()) if crowds.any() else len(crowds)


def _answer_doubts(
    scenario: Scenario, with_trigger: PlaceboArm, without: PlaceboArm
) -> Iterator[str]:
    """Yield what is done before anybody asks for it, and what is done whether anybody asks or not.

    The first would make the crisis that it answers, the second gives an answer to nobody in every
    history in which the crowd stays away.
    """
    uncaused = []
    for event in effective_events(scenario):
        hour = scenario.clock.clock().hour_of(event.at)
        if not (_is_answer(event) and hour < scenario.clock.hours):
            continue
        early, alone = (float(np.mean(a.first_hours > hour)) for a in (with_trigger, without))
        if early > HALF:
            yield (
                f"timeline.{event.id}: {event.do} comes before any crowd in {early:.0%} of runs; "
                "an answer to nobody makes the event that it answers"
            )
        elif alone > HALF:
            uncaused.append(event.id)
    if uncaused:
        yield (
            f"timeline: what answers a crowd comes without one too ({name_list(uncaused)}); "
            "with 'when' it follows its cause"
        )


def _is_answer(event: TimelineEvent) -> bool:
    """Return whether an event is of a kind with which a crowd is answered."""
    if event.do == "force_level":
        return event.value > PRESENCE
    return event.do in ANSWERS and event.value > 0.0
