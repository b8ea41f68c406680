"""A search that begins at an earlier sample: where it begins, what it records, what it refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import steppe.study.calibration.effort as effort_module
import steppe.study.calibration.simulate as simulate_module
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.commands.calibrate_output import _begin
from steppe.core.errors import CaseError, SteppeError
from steppe.study.calibration.design import ParameterDesign, design
from steppe.study.calibration.effort import Effort, cpu_seconds
from steppe.study.calibration.screening import read_by_cohorts, refine
from steppe.study.calibration.simulate import search
from steppe.study.calibration.smc import SmcResult
from steppe.study.calibration.start import first_population, first_vectors
from steppe.study.parameters import priors
from steppe.study.posterior import Posterior, read_sample

DRAWS = 3


@pytest.fixture(scope="module")
def case() -> Scenario:
    return load("two-valleys").change("clock.hours", 48)


@pytest.fixture
def sample(case: Scenario) -> Posterior:
    """Three vectors of the prior."""
    made = design(case, DRAWS, seed=9)
    return Posterior(made.paths, made.values())


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = replace(effort_module.REFINEMENT_FROM_SAMPLE, generations=1, acceptance=0.9)
    monkeypatch.setattr(effort_module, "REFINEMENT_FROM_SAMPLE", fewer)


def test_first_vectors_are_the_draws_over_and_over(case: Scenario, sample: Posterior) -> None:
    unit = first_vectors(case, sample, 7, seed=1)
    values = ParameterDesign(priors(case), unit).values()
    np.testing.assert_allclose(values, sample.values[np.arange(7) % DRAWS], rtol=1e-9)


def test_what_the_sample_does_not_have_is_drawn_from_its_prior(
    case: Scenario, sample: Posterior
) -> None:
    lacking = Posterior(sample.paths[1:], sample.values[:, 1:].copy())
    unit = first_vectors(case, lacking, 8, seed=1)
    np.testing.assert_array_equal(unit[:, 0], design(case, 8, 1).unit[:, 0])
    np.testing.assert_array_equal(unit[:, 1:], first_vectors(case, sample, 8, seed=1)[:, 1:])


@pytest.mark.parametrize("at", ["low", "high"])
def test_a_rounded_value_at_the_end_of_its_prior_is_inside(
    case: Scenario, sample: Posterior, at: str
) -> None:
    info = next(iter(priors(case).values()))
    assert info.prior is not None
    values = sample.values.copy()
    values[0, 0] = getattr(info.prior, at) * (1.0 + (1e-7 if at == "high" else -1e-7))
    unit = first_vectors(case, Posterior(sample.paths, values), DRAWS, seed=1)
    assert 0.0 < unit[0, 0] < 1.0
    assert min(unit[0, 0], 1.0 - unit[0, 0]) < 1e-6


@pytest.mark.parametrize("factor", [-1.0, 0.0, 1e6])
def test_a_draw_outside_its_prior_is_refused_by_name(
    case: Scenario, sample: Posterior, factor: float
) -> None:
    infos = list(priors(case).values())
    at = next(n for n, one in enumerate(infos) if one.prior and one.prior.kind == "log-uniform")
    values = sample.values.copy()
    values[1, at] *= factor
    with pytest.raises(SteppeError, match=f"draw 2 .*{sample.paths[at]} is .*outside its prior"):
        first_vectors(case, Posterior(sample.paths, values), DRAWS, seed=1)


def test_a_started_search_is_the_refinement_of_the_draws(
    case: Scenario, sample: Posterior, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_prior(*_: object, **__: object) -> SmcResult:
        raise AssertionError("the prior was searched")

    monkeypatch.setattr(simulate_module, "search_prior", no_prior)
    effort = Effort(4, start=sample)
    found = search(case, effort, tmp_path, 1)
    task = simulate_module._task(case, effort, 1, None)
    population = first_population(case, sample, 8, task.settings.seed)
    assert {tuple(row) for row in population.unit} == {
        tuple(row) for row in first_vectors(case, sample, DRAWS, task.settings.seed)
    }
    alone = refine(task, priors(case), population)
    np.testing.assert_array_equal(np.sort(found.distance), np.sort(alone.distance)[:4])
    assert len(list(tmp_path.iterdir())) == 1


def test_parameters_that_cohorts_do_not_read_stay_drawn_from_the_prior(
    case: Scenario, sample: Posterior
) -> None:
    infos = priors(case)
    unread = [not one for one in read_by_cohorts(case, infos)]
    assert any(unread)
    task = simulate_module._task(case, Effort(4, start=sample), 1, None)
    left = refine(task, infos, first_population(case, sample, 8, 1))
    fresh = design(case, len(left.unit), task.settings.seed + 1).unit
    np.testing.assert_array_equal(left.unit[:, unread], fresh[:, unread])


def test_another_sample_or_none_is_another_search(case: Scenario, sample: Posterior) -> None:
    other = Posterior(sample.paths, sample.values[::-1].copy())
    keys = {
        simulate_module._task(case, Effort(4, start=one), 1, None).key
        for one in (None, sample, other)
    }
    assert len(keys) == 3


def test_a_part_held_out_begins_with_the_prior(case: Scenario, sample: Posterior) -> None:
    effort = Effort(400, start=sample)
    assert effort.held_out.start is None
    assert effort.held_out.refinement is effort_module.QUICK_REFINEMENT
    assert cpu_seconds(case, effort, 10) < cpu_seconds(case, Effort(400), 10)


def calibrate(folder: Path, *words: object) -> tuple[int, str]:
    arguments = ("calibrate", "kazakhstan-2022", "--store", folder / "runs", "--no-plots", *words)
    found = CliRunner().invoke(cli, [str(word) for word in arguments])
    return found.exit_code, found.output


def test_a_start_and_a_table_exclude_each_other(tmp_path: Path) -> None:
    code, told = calibrate(tmp_path, "--start", "a.csv", "--table", "b.csv")
    assert code == 2
    assert "--start" in told


def test_a_sample_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "earlier.csv"
    code, told = calibrate(tmp_path, "--start", wrong)
    assert code == 2
    assert "earlier.csv" in told
    wrong.write_text("leaving.rat\n0.1\n")
    code, told = calibrate(tmp_path, "--start", wrong)
    assert code == 2
    assert "leaving.rate" in told
    with pytest.raises(CaseError):
        read_sample(wrong)


def test_what_a_sample_lacks_and_what_is_not_fitted_is_said(sample: Posterior) -> None:
    fitted = ("a.new", *sample.paths[1:])
    told = _begin(sample, fitted)
    assert told.split("; ") == [
        "at the 3 draws of an earlier sample", "drawn from their priors: a.new",
        f"not fitted here: {sample.paths[0]}",
    ]  # fmt: skip
    assert _begin(sample, sample.paths) == "at the 3 draws of an earlier sample"
    assert _begin(None, fitted) == "with the whole prior"
