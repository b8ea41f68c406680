"""The search by cohorts: the same again, whoever judges, and blind to what is held out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest

import steppe.study.calibration.effort as effort_module
import steppe.study.calibration.screening as screening_module
import steppe.study.calibration.simulate as simulate_module
from steppe.case.load import load
from steppe.case.scenario import Scenario, Target
from steppe.engine.cohort_run import run_many
from steppe.evidence import OBSERVABLES
from steppe.evidence.view import view
from steppe.results.store import Store
from steppe.study.calibration.design import design
from steppe.study.calibration.effort import Effort
from steppe.study.calibration.held_out_runs import held_out_runs, results_by_cohorts
from steppe.study.calibration.holdout import Split, training_of
from steppe.study.calibration.screening import (
    ScreeningSettings,
    ScreeningTask,
    distinct,
    judge,
    nearest_vectors,
    read_by_cohorts,
    read_search,
    refine,
    screening_task,
    search_prior,
    write_search,
)
from steppe.study.calibration.simulate import measures, search, simulate, trials
from steppe.study.calibration.smc import SmcResult, SmcSettings
from steppe.study.calibration.targets import figures
from steppe.study.parameters import priors

EARLY, LATE = "crowd-early", "crowd-late"


def crowd(id: str, date: str, value: float) -> Target:
    """A made figure: most people out at once on a day of the invented country."""
    one = OBSERVABLES["peak_on_day"]
    return Target(
        id=id, title=id, observable=one.name, date=date, unit=one.unit, source="invented",
        low=value / 2, value=value, high=value * 2,
    )  # fmt: skip


def country(late: float) -> Scenario:
    """Three days of two valleys, with a figure of the second day and one of the third."""
    case = load("two-valleys").change("clock.hours", 72)
    made = (crowd(EARLY, "2030-03-02", 200.0), crowd(LATE, "2030-03-03", late))
    evidence = case.evidence.model_copy(update={"targets": made})
    return case.model_copy(update={"evidence": evidence})


@pytest.fixture(scope="module")
def case() -> Scenario:
    return country(500.0)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches of calibrations refine for three generations in place of sixteen."""
    for name in ("REFINEMENT", "REFINEMENT_FROM_SAMPLE"):
        fewer = replace(getattr(effort_module, name), generations=3)
        monkeypatch.setattr(effort_module, name, fewer)


def task(case: Scenario, **changes: Any) -> ScreeningTask:
    settings = ScreeningSettings(
        runs=1,
        quiet_runs=1,
        last_runs=2,
        workers=1,
        population=SmcSettings(particles=8, generations=2),
        refinement=SmcSettings(particles=8, generations=1),
    )
    return screening_task(case, figures(case), priors(case), replace(settings, **changes))


@pytest.fixture(scope="module")
def found(case: Scenario) -> SmcResult:
    return half_of(task(case))


def half_of(one: ScreeningTask) -> SmcResult:
    infos = priors(one.scenario)
    return nearest_vectors([refine(one, infos, search_prior(one, infos))], 4)


def test_copies_of_a_vector_are_left_out_unless_there_are_too_few() -> None:
    population = np.array([[0.3, 0.1], [0.2, 0.9], [0.3, 0.1], [0.2, 0.9], [0.5, 0.5]])
    np.testing.assert_array_equal(distinct(population), population[[0, 1, 4]])
    np.testing.assert_array_equal(distinct(population, 4), population[[0, 1, 4, 2]])


def test_no_vector_that_a_search_leaves_is_a_copy(
    case: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a population of eight in which four differ, four are left."""
    unit = design(case, 4, 1).unit[[0, 1, 0, 1, 2, 3, 3, 3]]
    population = SmcResult(unit, np.zeros(8), ())
    monkeypatch.setattr(screening_module, "smc", lambda *args, **options: population)
    left = refine(task(case), priors(case), population)
    read = list(read_by_cohorts(case, priors(case)))
    assert len(left.unit) == len(left.distance) == 4
    assert {tuple(row) for row in left.unit[:, read]} == {tuple(row) for row in unit[:, read]}


def assert_same(one: SmcResult, other: SmcResult) -> None:
    np.testing.assert_array_equal(one.unit, other.unit)
    np.testing.assert_array_equal(one.distance, other.distance)
    assert one.generations == other.generations


def test_the_same_seed_finds_the_same_with_one_process_or_two(
    case: Scenario, found: SmcResult
) -> None:
    assert_same(found, half_of(task(case, workers=2)))
    other = half_of(task(case, seed=2))
    assert not np.array_equal(found.unit, other.unit)


def test_a_search_is_of_the_size_asked_for_and_inside_the_prior(
    case: Scenario, found: SmcResult
) -> None:
    assert found.unit.shape == (4, len(priors(case)))
    assert np.all(np.diff(found.distance) >= 0.0)
    assert found.unit.min() > 0.0
    assert found.unit.max() < 1.0
    assert 1 <= len(found.generations) <= 3


def test_a_search_leaves_vectors_that_are_nearer_than_the_prior(
    case: Scenario, found: SmcResult
) -> None:
    """Judged with new seeds, so that no vector is believed because of one lucky run."""
    one = task(case)
    rows = design(case, 16).values()
    prior = [judge(one, row, 1000 + at, np.inf) for at, row in enumerate(rows.tolist())]
    assert np.isfinite(found.distance).all()
    assert found.distance.mean() < np.mean(prior)


def test_a_parameter_that_cohorts_do_not_read_keeps_its_prior(case: Scenario) -> None:
    infos = priors(case)
    read = dict(zip(infos, read_by_cohorts(case, infos), strict=True))
    assert not read["loyalty.belief_defection"]  # units obey
    assert read["first_move.loss"]
    assert read["participation.mobilisable"]
    assert read["observation.registration_delay"]
    unread = [at for at, path in enumerate(infos) if not read[path]]
    size = SmcSettings(particles=40, generations=2)
    many = half_of(task(case, population=size, refinement=size, last_runs=1))
    for column in many.unit[:, unread].T:
        assert kstest(column, "uniform").pvalue > 0.01


def test_what_is_out_is_not_run_to_the_end(case: Scenario) -> None:
    row = design(case, 1).values()[0]
    far = judge(task(case), row, 1, np.inf)
    assert far > 0.0
    assert judge(task(case), row, 1, far) == far
    assert judge(task(case), row, 1, 0.99 * far) == np.inf


def test_what_is_written_reads_back(found: SmcResult, tmp_path: Path) -> None:
    assert read_search(tmp_path / "none.npz") is None
    write_search(tmp_path / "folder" / "one.npz", found)
    back = read_search(tmp_path / "folder" / "one.npz")
    assert back is not None
    assert_same(found, back)


def test_a_search_has_a_name_of_all_that_it_depends_on_but_the_workers(case: Scenario) -> None:
    one = task(case)
    assert one.key == task(case, workers=3).key
    others = {
        task(case, seed=2).key, task(case, runs=2).key, task(country(600.0)).key,
        task(case.change("parameters.leaving.rest", 5.0)).key,
        replace(one, targets=(EARLY,)).key, replace(one, paths=one.paths[1:]).key,
    }  # fmt: skip
    assert len(others | {one.key}) == 7


def test_a_search_is_made_once(case: Scenario, tmp_path: Path) -> None:
    first = search(case, Effort(4), tmp_path, 1)
    (file,) = tmp_path.iterdir()
    stamp = file.stat().st_mtime_ns
    assert_same(first, search(case, Effort(4), tmp_path, 2))
    assert file.stat().st_mtime_ns == stamp
    search(case, Effort(4, seed=2), tmp_path, 1)
    assert len(list(tmp_path.iterdir())) == 2


def test_several_searches_begin_anew(case: Scenario, tmp_path: Path) -> None:
    both = search(case, Effort(8, searches=2), tmp_path / "both", 1)
    files = sorted((tmp_path / "both").iterdir())
    parts = [one for file in files if (one := read_search(file)) is not None]
    assert len(parts) == 2
    assert both.unit.shape == (8, len(priors(case)))
    rows = {tuple(row) for part in parts for row in part.unit}
    assert {tuple(row) for row in both.unit} <= rows
    far = np.sort(np.concatenate([one.distance for one in parts]))
    np.testing.assert_array_equal(both.distance, far[: len(both.distance)])


def test_a_search_that_was_stopped_goes_on(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = search(case, Effort(4), tmp_path / "whole", 1)
    kept: list[Path] = []

    def stop(path: Path, result: SmcResult) -> None:
        write_search(path, result)
        kept.append(path)
        if len(kept) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(simulate_module, "write_search", stop)
        with pytest.raises(KeyboardInterrupt):
            search(case, Effort(4), tmp_path / "stopped", 1)
    begun = read_search(kept[-1])
    assert begun is not None
    assert len(begun.generations) == 3
    assert_same(whole, search(case, Effort(4), tmp_path / "stopped", 1))
    assert [one.suffixes for one in (tmp_path / "stopped").iterdir()] == [[".npz"]]


def test_citizens_are_run_with_what_the_search_left(case: Scenario, tmp_path: Path) -> None:
    stages: list[str] = []
    made = simulate(
        case, Effort(4, 1, 0.05), notes=tmp_path / "notes", on_stage=stages.append,
        store=Store(tmp_path / "runs"), workers=1,
    )  # fmt: skip
    left = search(case, Effort(4, 1, 0.05), tmp_path / "notes", 1)
    assert stages == ["search", "run"]
    assert made.failures == ()
    assert made.tried == sum(one.tried for one in left.generations)
    np.testing.assert_array_equal(made.runs.vectors, np.arange(4))
    assert made.runs.paths == tuple(priors(case))


def test_vectors_for_a_forecast_have_not_seen_the_figures_foretold(tmp_path: Path) -> None:
    """Another figure of the third day changes no vector, one of the second day would."""
    split = Split(
        "early", "Early",
        lambda one, _: one.target.id == EARLY, lambda one, _: one.target.id == LATE,
    )  # fmt: skip
    tables = []
    for at, late in enumerate((500.0, 50_000.0)):
        case = country(late)
        training = tuple(one for one in figures(case) if split.fit(one, ""))
        assert [one.target.id for one in training] == [EARLY]
        tables.append(held_out_runs(case, training, Effort(4, 1), tmp_path / str(at), 1))
    np.testing.assert_array_equal(tables[0].values, tables[1].values)
    np.testing.assert_array_equal(tables[0].results, tables[1].results)
    assert tables[0].measures == measures(figures(country(500.0)))
    case = country(500.0)
    seen = search(case, Effort(4, 1), tmp_path / "all", 1)
    unseen = search(case, Effort(4, 1), tmp_path / "0", 1, figures(case)[:1])
    assert not np.array_equal(seen.unit, unseen.unit)


def test_training_is_what_the_split_fits_and_does_not_foretell(kazakhstan: Scenario) -> None:
    from steppe.study.calibration.holdout import SPLITS
    from steppe.study.calibration.targets import calibration_targets

    for split in SPLITS.values():
        seen = training_of(kazakhstan, calibration_targets(kazakhstan), split)
        assert seen
        day = max(one.target.date for one in seen)
        assert not any(split.predict(one, "2022-01-05") for one in seen), (split.name, day)


def test_results_by_cohorts_are_those_of_their_runs(case: Scenario) -> None:
    made = design(case, 2)
    rows = trials(made, [0, 1], 2)
    results = results_by_cohorts(case, figures(case), made.paths, rows)
    assert results.shape == (4, 3)
    for row, shown in zip(rows, results, strict=True):
        (run,) = run_many(case, [row.seed], [made.row(row.vector)])
        values = [one.value(view(case, run)) for one in figures(case)]
        assert shown.tolist() == [*values, float(run.outcome["peak_active"])]


def test_a_part_held_out_is_searched_for_quickly(case: Scenario) -> None:
    whole = Effort(80, 2)
    part = whole.held_out
    assert (part.vectors, part.replicates, part.quick) == (20, 2, True)
    thorough, quick = (
        simulate_module._task(case, one, 1, None).settings
        for one in (replace(part, quick=False), part)
    )
    for name in ("population", "refinement"):
        assert getattr(quick, name).rounds(0.2) == 1 < getattr(thorough, name).rounds(0.2)
        assert getattr(quick, name).particles == getattr(thorough, name).particles
