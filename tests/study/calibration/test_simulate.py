"""Simulations: looked at first, kept, never repeated; a table that says what was shown."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import SMALL
from tests.study.calibration.synthetic import simulations

from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.evidence.targets import resolve
from steppe.evidence.view import view
from steppe.results.store import Store
from steppe.study.calibration.design import design
from steppe.study.calibration.predictive import large_protests, predict
from steppe.study.calibration.screening import ALLOWANCE, LIMIT, SCALE, Screening
from steppe.study.calibration.simulate import (
    Effort,
    cpu_seconds,
    measures,
    simulate,
    tabulate,
    trials,
)
from steppe.study.calibration.table import read_simulations
from steppe.study.calibration.targets import calibration_targets, figures
from steppe.study.events import Planned, StudyEvent
from steppe.study.parameters import with_parameters

HOURS = 24


@pytest.fixture(scope="module")
def day(kazakhstan: Scenario) -> Scenario:
    """One day of the case, which is as long as the first screened figure needs."""
    return kazakhstan.change("clock.hours", HOURS)


def test_a_look_ends_with_the_last_screened_day(kazakhstan: Scenario) -> None:
    look = Screening.of(kazakhstan, calibration_targets(kazakhstan), 1.0)
    assert look is not None
    assert look.scenario.clock.hours == 96
    assert look.scale == SCALE
    assert [one.id for one in look.targets] == [f"turnout-0{day}" for day in (2, 3, 5)]
    unscreened = [replace(one, screened=False) for one in calibration_targets(kazakhstan)]
    assert Screening.of(kazakhstan, unscreened, 1.0) is None


def test_a_vector_is_ruled_out_beyond_three_standard_deviations(kazakhstan: Scenario) -> None:
    look = Screening.of(kazakhstan, calibration_targets(kazakhstan), 1.0)
    assert look is not None
    table = simulations(kazakhstan, 8)
    results = table.results.copy()
    for one in look.targets:  # a run that shows exactly what was observed
        results[:, table.measures.index(one.id)] = np.power(10.0, one.observed) - 1.0
    last = look.targets[-1]
    far = LIMIT * np.hypot(last.tolerance, ALLOWANCE)
    column = table.measures.index(last.id)
    away = np.array([0.0, 0.99, -0.99, 1.01, -1.01, 0.5, 2.0, np.nan]) * far
    results[:, column] = np.power(10.0, last.observed + away) - 1.0
    plausible = look.plausible(replace(table, results=results))
    assert plausible.tolist() == [True, True, True, False, False, True, False, False]


def test_runs_are_made_once_and_show_what_they_showed(day: Scenario, tmp_path: Path) -> None:
    store, made = Store(tmp_path), design(day, 2)
    tried = trials(made, [1, 0], 2)
    assert [(one.vector, one.replicate) for one in tried] == [(1, 0), (0, 0), (1, 1), (0, 1)]
    targets = figures(day)
    seen: list[StudyEvent] = []
    both = [
        tabulate(
            day, made.paths, tried, targets, scale=SMALL, store=store,
            notes=tmp_path / "notes.csv", workers=1, on_event=seen.append,
        )
        for _ in range(2)
    ]  # fmt: skip
    (table, failed), (again, _) = both
    assert failed == ()
    assert [event.left for event in seen if isinstance(event, Planned)] == [4, 0]
    np.testing.assert_array_equal(table.results, again.results)
    run = store.get(table.keys[0])
    assert run.record.seed == table.seeds[0]
    wanted = with_parameters(day, made.row(1))
    assert [one.value(view(wanted, run)) for one in targets] == pytest.approx(
        table.results[0, :-1].tolist(), nan_ok=True
    )
    np.testing.assert_array_equal(table.values[:2], made.values()[[1, 0]])


def test_what_the_look_rules_out_is_not_run_in_full(day: Scenario, tmp_path: Path) -> None:
    targets = calibration_targets(day)
    everything = [
        replace(one, screened=one.id == "turnout-02", tolerance=0.8) for one in targets
    ]  # between the nobody and the many that so few agents show
    made = design(day, 4)
    found = simulate(
        day, everything, Effort(4, 1, SMALL / SCALE), store=Store(tmp_path / "runs"),
        notes=tmp_path / "notes", workers=1,
    )  # fmt: skip
    looks = read_simulations(tmp_path / "notes" / "looks.csv", made.paths, ("turnout-02",))
    look = Screening.of(day, everything, SMALL / SCALE)
    assert look is not None
    left = looks.vectors[look.plausible(looks)]
    assert 0 < left.size < 4 == found.looked_at
    np.testing.assert_array_equal(found.runs.vectors, left)


def test_the_posterior_is_run_row_by_row(day: Scenario, tmp_path: Path) -> None:
    made = design(day, 2)
    table, failed = predict(
        day,
        made.paths,
        made.values(),
        scale=SMALL,
        store=Store(tmp_path),
        notes=tmp_path,
        workers=1,
    )
    assert not failed
    assert table.seeds.tolist() == [1, 2]
    np.testing.assert_array_equal(table.values, made.values())
    share, low, high = large_protests(day, table)
    assert 0.0 <= low <= share <= high <= 1.0


def test_a_table_reads_back_as_it_was(kazakhstan: Scenario, tmp_path: Path) -> None:
    table = simulations(kazakhstan, 5)
    results = table.results.copy()
    results[2, 3] = np.nan
    table = replace(table, results=results)
    table.write(tmp_path / "t.csv")
    table.write(tmp_path / "t.csv")
    back = read_simulations(tmp_path / "t.csv", table.paths, table.measures)
    assert back.keys == table.keys
    for name in ("vectors", "replicates", "seeds", "values", "results"):
        np.testing.assert_array_equal(getattr(back, name), getattr(table, name))


def test_a_table_of_another_case_is_refused(kazakhstan: Scenario, tmp_path: Path) -> None:
    table = simulations(kazakhstan, 5)
    table.write(tmp_path / "t.csv")
    with pytest.raises(CaseError, match="killed-99: the table of simulations lacks this column"):
        read_simulations(tmp_path / "t.csv", table.paths, ("killed-99",))
    (tmp_path / "t.csv").write_text((tmp_path / "t.csv").read_text() + "a,b\n")
    with pytest.raises(CaseError, match=r"t\.csv:7.*2 cells"):
        read_simulations(tmp_path / "t.csv", table.paths, table.measures)
    (tmp_path / "t.csv").write_text("key\n" + "x" * (csv.field_size_limit() + 1))
    with pytest.raises(CaseError, match=r"t\.csv:2.*not CSV"):
        read_simulations(tmp_path / "t.csv", table.paths, table.measures)


def test_measures_are_the_tests_of_the_case_and_the_largest_crowd(kazakhstan: Scenario) -> None:
    names = measures(figures(kazakhstan))
    assert names[-1] == "peak_active"
    assert set(names[:-1]) < {one.target.id for one in resolve(kazakhstan)}


def test_a_larger_study_takes_longer(kazakhstan: Scenario) -> None:
    small, large = Effort(100, 1), Effort(1000, 2)
    assert cpu_seconds(kazakhstan, small, 0) < cpu_seconds(kazakhstan, large, 0)
    with pytest.raises(ValueError, match="at least one vector"):
        Effort(0)
