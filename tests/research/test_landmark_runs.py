"""Runs on landmarks: looks are told from their first crowd on, and nothing that came is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from steppe.countries.facts import facts
from steppe.research.crises.build import QUIET_DAYS
from steppe.research.landmarks.benchmark import crps
from steppe.research.landmarks.pooling import best_shares
from steppe.research.landmarks.simulated import (
    CROWD_NOW,
    SMALLEST,
    WAIT,
    Days,
    Protest,
    RunForecast,
    protest_at,
)
from steppe.research.landmarks.table import Landmarks, open_landmarks
from steppe.research.landmarks.tasks import TASKS, Members, chance, pooled
from steppe.study.nowcast.history import DAYS
from steppe.study.nowcast.simulate import LookJob, LookMaker, LookPart, make_part

Floats = NDArray[np.float64]
CAME = (
    "largest_14d", "largest_30d", "escalates_30d", "ends_7d", "lethal_30d",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> Landmarks:
    return open_landmarks()


def protest(rows: Landmarks, day: int, **known: Any) -> Protest:
    k = int(np.flatnonzero((rows.country == "KAZ") & (rows["day"] == day))[0])
    return replace(protest_at(rows, k), **known)


def notes_of(crowd: Sequence[float], dead: Sequence[float] = (), days: int = 60) -> Floats:
    """Return the notes of one look by day: crowd and dead, nobody violent, the regime stands."""
    every = np.zeros((4, days))
    every[0, : len(crowd)], every[1, : len(dead)] = crowd, dead
    return every.reshape(1, -1)


@dataclass(frozen=True)
class PlantedMaker:
    """Gives every look the same course: crowd and dead of a day after the quiet ones."""

    course: Callable[[int], tuple[float, float]]

    def make(
        self, job: LookJob, rows: Sequence[Mapping[str, float]], seeds: Sequence[int]
    ) -> Floats:
        days = job.scenario.clock.hours // 24
        crowd, dead = np.zeros((2, days))
        for day in range(QUIET_DAYS, days):
            crowd[day], dead[day] = self.course(day - QUIET_DAYS)
        return np.repeat(notes_of(crowd.tolist(), dead.tolist(), days), len(rows), axis=0)


def forecast(one: Protest, course: Callable[[int], tuple[float, float]]) -> Mapping[str, Members]:
    return RunForecast(6, 4)(one, cast(LookMaker, PlantedMaker(course)))


def mean(members: Members) -> float:
    values, weights = members
    assert weights.sum() == pytest.approx(1.0)
    return float(values @ weights)


def test_days_are_counted_from_the_first_crowd_that_is_seen() -> None:
    early = notes_of([0, 0, 0, SMALLEST - 1, 0, SMALLEST, 300, 20], [0, 0, 0, 0, 0, 0, 2])
    late = notes_of([0.0] * (QUIET_DAYS + WAIT) + [5_000.0])
    days = Days.of(np.concatenate([early, late]), 3)
    assert days.crowd[0].tolist() == [SMALLEST, 300.0, 20.0]
    assert days.dead[0].tolist() == [0.0, 2.0, 0.0]
    assert days.visible.tolist() == [True, False]
    shown, unseen = days.figures(3)
    assert shown == pytest.approx([np.log10(301.0), 0.0, 0.0, 1.0, 1.0])
    assert not unseen.any()
    assert days.figures(2)[0, CROWD_NOW] == pytest.approx(np.log10(301.0))


def test_nothing_that_came_is_known(rows: Landmarks) -> None:
    poison = {name: np.full(len(rows), np.nan) for name in CAME}
    other = replace(rows, columns={**rows.columns, **poison})
    for k in range(0, len(rows), 97):
        assert protest_at(rows, k) == protest_at(other, k)


def test_every_country_of_the_file_can_be_made(rows: Landmarks) -> None:
    for k in range(len(rows)):
        one = protest_at(rows, k)
        assert facts(one.iso3, one.date, one.citizens).capital


def test_a_day_without_an_event_is_known_less_well(rows: Landmarks) -> None:
    first, loud, silent = (
        protest(rows, day, largest=900.0, last=last).figures
        for day, last in ((1, 900.0), (3, 900.0), (3, 0.0))
    )
    assert np.isinf(first.variance[CROWD_NOW])
    assert silent.variance[CROWD_NOW] > loud.variance[CROWD_NOW]
    assert silent.observed[CROWD_NOW] == 0.0


def test_what_is_planted_is_foretold(rows: Landmarks) -> None:
    first = protest(rows, 1, largest=2_000.0, last=2_000.0, violent=False, lethal=False)
    grows = forecast(first, lambda day: (2_000.0, 0.0) if day == 0 else (40_000.0, 1.0))
    assert [mean(grows[name]) for name in ("B2", "B3", "B4")] == pytest.approx([1.0, 1.0, 0.0])
    assert mean(grows["B5"]) == pytest.approx(np.log10(40_000.0), abs=0.05)
    fades = forecast(first, lambda day: (2_000.0, 1.0) if day == 0 else (40.0, 0.0))
    assert [mean(fades[name]) for name in ("B2", "B3", "B4")] == pytest.approx([0.0, 0.0, 1.0])
    assert mean(fades["B5"]) == pytest.approx(np.log10(2_000.0))


def test_what_is_planted_is_foretold_on_later_days(rows: Landmarks) -> None:
    third = protest(rows, 3, largest=2_000.0, last=2_000.0, violent=False, lethal=False)
    ends = forecast(third, lambda day: (2_000.0 if day < 3 else SMALLEST - 1.0, 0.0))
    goes_on = forecast(third, lambda day: (2_000.0 if day < 7 else 0.0, 0.0))
    again = forecast(third, lambda day: (2_000.0 if day < 3 or day == 11 else 0.0, 0.0))
    assert [mean(one["B1"]) for one in (ends, goes_on, again)] == pytest.approx([1.0, 0.0, 1.0])
    sizes = [mean(one["B6"]) for one in (ends, goes_on, again)]
    assert sizes == pytest.approx([0.0, np.log10(2_001.0), np.log10(2_001.0)], abs=0.05)
    seventh = forecast(protest(rows, 7), lambda day: (2_000.0 if day < 7 else 0.0, 0.0))
    assert mean(seventh["B1 at day 7"]) == pytest.approx(1.0)


def test_every_question_is_answered_on_its_day(rows: Landmarks) -> None:
    for day in (1, 3, 7):
        one = protest(rows, day, largest=5_000.0)
        answered = forecast(one, lambda _: (5_000.0, 0.0)).keys()
        k = int(np.flatnonzero((rows.country == "KAZ") & (rows["day"] == day))[0])
        part = rows.take(np.arange(len(rows)) == k)
        large = replace(part, columns={**part.columns, "largest_so_far": np.full(1, 5_000.0)})
        assert {task.name for task in TASKS if task.asks(large).any()} <= answered


def test_a_real_look_is_read_by_day(rows: Landmarks) -> None:
    shapes: list[tuple[int, ...]] = []

    class Maker:
        def make(
            self, job: LookJob, rows: Sequence[Mapping[str, float]], seeds: Sequence[int]
        ) -> Floats:
            notes = make_part(job, LookPart(tuple(rows), tuple(seeds)))
            assert (notes >= 0.0).all()
            shapes.append(notes.shape)
            assert notes.shape == (len(rows), 4 * job.scenario.clock.hours // 24)
            return notes

    answers = RunForecast(2, 2)(protest(rows, 1), cast(LookMaker, Maker()))
    assert set(answers) == {"B2", "B3", "B4", "B5"}
    assert shapes[0][1] == 4 * (QUIET_DAYS + WAIT + 1)
    assert shapes[-1][1] == 4 * (QUIET_DAYS + WAIT + 1 + DAYS)


def test_the_crps_of_a_chance_is_its_brier_score() -> None:
    assert crps([chance(0.3), chance(0.3)], np.array([0.0, 1.0])) == pytest.approx([0.09, 0.49])


def test_pooled_members_keep_their_shares() -> None:
    values, weights = pooled(chance(1.0), chance(0.0), 0.7)
    assert values @ weights == pytest.approx(0.7)
    assert weights.sum() == pytest.approx(1.0)


def test_shares_are_learnt_where_they_are_not_used() -> None:
    truth, fold = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0])
    right = [chance(y) for y in truth]
    wrong = [chance(1.0 - y) for y in truth]
    assert best_shares(right, wrong, truth, fold).tolist() == [1.0] * 4
    assert best_shares(wrong, right, truth, fold).tolist() == [0.0] * 4
    mixed = [*right[:2], *wrong[2:]]
    other = [*wrong[:2], *right[2:]]
    assert best_shares(mixed, other, truth, fold).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert best_shares(right, right, truth, np.zeros(4)).tolist() == [0.0] * 4
