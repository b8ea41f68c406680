"""Simulations: kept, never repeated; a table that says what was shown."""

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
from steppe.study.calibration.effort import Effort, cpu_seconds
from steppe.study.calibration.predictive import large_protests, predict
from steppe.study.calibration.simulate import measures, tabulate, trials
from steppe.study.calibration.table import read_simulations
from steppe.study.calibration.targets import figures
from steppe.study.events import Planned, StudyEvent
from steppe.study.parameters import with_parameters

HOURS = 144


@pytest.fixture(scope="module")
def day(january: Scenario) -> Scenario:
    """The case until the end of 2 January, of which its first figures are."""
    return january.change("clock.hours", HOURS)


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
    assert np.isfinite(table.results[0]).any()
    np.testing.assert_array_equal(table.values[:2], made.values()[[1, 0]])


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
    whole, search = cpu_seconds(kazakhstan, large, 0), cpu_seconds(kazakhstan, large, 0, 4)
    assert search - whole < whole  # four parts cost less than the whole
    assert cpu_seconds(kazakhstan, small, 0, 2) > cpu_seconds(kazakhstan, small, 0, 1)
    with pytest.raises(ValueError, match="at least one search"):
        Effort(10, searches=0)
    with pytest.raises(ValueError, match="at least one vector"):
        Effort(0)
