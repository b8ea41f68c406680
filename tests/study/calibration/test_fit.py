"""A fit to runs whose rule is known, and the checks that leave figures out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.study.calibration.synthetic import COSTS, SHOWS, simulations

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.research.climatology import other_crises
from steppe.research.crises.table import open_crises
from steppe.study.calibration.effort import Effort
from steppe.study.calibration.fit import (
    STEEP,
    CalibratedFigures,
    PosteriorFit,
    correlated_directions,
    fit,
    pairs_by_chance,
)
from steppe.study.calibration.holdout import SPLITS, hold_out
from steppe.study.calibration.inference import evidence, sample
from steppe.study.calibration.metadata import (
    CalibrationOrigin,
    metadata,
    write_metadata,
    write_sample,
)
from steppe.study.calibration.table import SimulationTable
from steppe.study.calibration.targets import calibration_targets, figures
from steppe.study.parameters import priors
from steppe.study.posterior import posterior_of

VECTORS = 256


@pytest.fixture(scope="module")
def table(kazakhstan: Scenario) -> SimulationTable:
    return simulations(kazakhstan, VECTORS)


@pytest.fixture(scope="module")
def found(kazakhstan: Scenario, table: SimulationTable) -> PosteriorFit:
    return fit(table, priors(kazakhstan), CalibratedFigures.of(kazakhstan), tests=10)


def test_what_matters_is_identified_and_what_does_not_keeps_its_prior(found: PosteriorFit) -> None:
    by_name = {one.path: one for one in found.marginals}
    for path in (SHOWS, COSTS):
        assert by_name[path].narrowing < 0.9
        assert not by_name[path].unidentified
    idle = [one for path, one in by_name.items() if path not in (SHOWS, COSTS)]
    assert sum(one.unidentified for one in idle) >= len(idle) - 3
    # The result is the observed figure where both scores are 0: the middle of the priors.
    assert by_name[SHOWS].q25 < 0.25 < by_name[SHOWS].q75


def test_the_errors_of_a_run_add_no_effective_runs(found: PosteriorFit) -> None:
    assert 10 < found.effective < VECTORS


def test_the_sample_is_the_same_again_and_inside_the_prior(found: PosteriorFit) -> None:
    infos = found.evidence.infos
    one, two = (sample(infos, found.draws, 50, 1) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, sample(infos, found.draws, 50, 2))
    for column, info in zip(one.T, infos.values(), strict=True):
        assert info.prior is not None
        assert info.prior.low <= column.min() <= column.max() <= info.prior.high


def test_the_order_of_the_table_is_of_no_account(
    found: PosteriorFit, kazakhstan: Scenario, table: SimulationTable
) -> None:
    turned = SimulationTable(
        table.paths, table.measures, table.keys[::-1], table.models[::-1], table.vectors[::-1],
        table.replicates[::-1], table.seeds[::-1], table.values[::-1], table.results[::-1],
    )  # fmt: skip
    other = fit(turned, found.evidence.infos, found.calibrated, tests=10)
    np.testing.assert_array_equal(other.draws.values, found.draws.values)
    assert other.marginals == found.marginals


def test_the_sample_can_be_shipped_with_the_case(
    found: PosteriorFit, kazakhstan: Scenario, tmp_path: Path
) -> None:
    (tmp_path / "scenario.yaml").write_text("id: copy\n")
    draws = sample(found.evidence.infos, found.draws, 20, 1)
    write_sample(tmp_path, tuple(found.evidence.infos), draws)
    origin = CalibrationOrigin(
        kazakhstan.id, "steppe calibrate", "2022-01-05", Effort(VECTORS), VECTORS, draw_seed=1
    )
    made = metadata(origin, found)
    write_metadata(tmp_path, made)
    back = posterior_of(tmp_path)
    assert back is not None
    np.testing.assert_array_equal(back.values, draws)
    assert back.account["parameters"][0]["recovery"]["tests"] == 10
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert "start" not in made["design"]
    later = metadata(replace(origin, effort=Effort(VECTORS, start=back)), found)
    assert later["design"]["start"] == {
        "sample": back.digest, "draws": 20, "made": "2022-01-05",
        "model": made["versions"]["model"],
    }  # fmt: skip


def test_runs_that_end_too_early_are_refused(kazakhstan: Scenario, table: SimulationTable) -> None:
    results = table.results.copy()
    results[4, table.measures.index("killed-15")] = np.nan
    with pytest.raises(ValueError, match="too short to show killed-15"):
        evidence(
            replace(table, results=results), priors(kazakhstan), calibration_targets(kazakhstan)
        )


def test_ridges_show_what_was_foretold_and_what_is_steep() -> None:
    paths = ("first_move.loss", "first_move.rate", "a.b", "c.d")
    matrix = np.eye(4)
    matrix[0, 1] = matrix[1, 0] = -0.1
    matrix[2, 3] = matrix[3, 2] = 0.6
    matrix[1, 2] = matrix[2, 1] = 0.2
    found = correlated_directions(paths, matrix)
    assert [(one.first, one.second, one.expected) for one in found] == [
        ("a.b", "c.d", False), ("first_move.loss", "first_move.rate", True),
    ]  # fmt: skip


@pytest.mark.parametrize("draws", [20, 60])
def test_pairs_that_chance_makes_steep_are_as_many_as_said(draws: int) -> None:
    """Unrelated normal numbers, 200 samples of 20 parameters; within a tenth."""
    rng = np.random.default_rng(1)
    upper = np.triu_indices(20, 1)
    steep = [
        (np.abs(np.corrcoef(rng.standard_normal((20, draws)))[upper]) >= STEEP).sum()
        for _ in range(200)
    ]
    assert pairs_by_chance(20, draws) == pytest.approx(np.mean(steep), rel=0.1)


@pytest.mark.parametrize("name", ["days", "regions", "deaths"])
def test_what_is_left_out_has_no_say(
    kazakhstan: Scenario, table: SimulationTable, name: str
) -> None:
    """Another figure for what is foretold changes its score and nothing of the prediction."""
    split = SPLITS[name]
    first = hold_out(kazakhstan, table, calibration_targets(kazakhstan), split)
    assert first.figures
    known, told = set(first.fitted), {one.id for one in first.figures}
    assert not known & told
    moved = tuple(
        one.model_copy(update={"value": 5.0, "low": 4.0, "high": 6.0}) if one.id in told else one
        for one in kazakhstan.evidence.targets
    )
    other = kazakhstan.model_copy(
        update={"evidence": kazakhstan.evidence.model_copy(update={"targets": moved})}
    )
    again = {one.id: one for one in hold_out(
        other, table, calibration_targets(other), split
    ).figures}  # fmt: skip
    same = {one.id: one for one in first.figures}
    for name_, one in again.items():
        # The median, since the width holds the error of observation, which was changed.
        np.testing.assert_allclose(
            np.log10(1 + np.abs(one.predicted[2])), np.log10(1 + np.abs(same[name_].predicted[2])),
            atol=0.15,
        )  # fmt: skip


def test_a_fit_foretells_what_hangs_together(kazakhstan: Scenario, table: SimulationTable) -> None:
    """Turnout of all days follows one parameter, so the early days tell the late ones."""
    made = hold_out(kazakhstan, table, calibration_targets(kazakhstan), SPLITS["days"])
    late = {one.id: one for one in made.figures}["turnout-06"]
    assert late.inside90
    assert late.crps is not None
    assert late.prior is not None
    assert late.crps < late.prior
    assert late.persistence == pytest.approx(abs(np.log10(50_001) - np.log10(16_001)))
    assert [one.verdict for one in made.figures] == sorted(
        (one.verdict for one in made.figures), key=["missed", "near", "met", "untested"].index
    )


def test_other_crises_are_scaled_to_the_people_concerned(kazakhstan: Scenario) -> None:
    """The median of the open cases, for nation and region, without the crisis itself."""
    of = {one.target.id: one for one in figures(kazakhstan)}
    killed = other_crises(kazakhstan, of["killed-15"])
    almaty = other_crises(kazakhstan, of["killed-almaty"])
    assert killed is not None
    assert almaty is not None
    assert killed.size == almaty.size == len(open_crises()) - 1
    city = next(one.population for one in kazakhstan.regions if one.id == "almaty-city")
    np.testing.assert_allclose(almaty / city, killed / kazakhstan.country.citizens)
    before = load("kazakhstan-2022/targets-old.yaml")
    (peak,) = [one for one in figures(before) if one.target.id == "crowd-almaty-peak"]
    crowd = other_crises(before, peak)
    assert crowd is not None
    assert 0.0005 < np.median(crowd) / city < 0.05
    assert other_crises(kazakhstan, of["turnout-07"]) is None
