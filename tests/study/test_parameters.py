"""Draws of parameters: of the right distribution, a function of the seed alone, alike in pairs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.case.toy import write_toy_of_choice
from tests.conftest import SMALL

from steppe.case.canonical import scenario_hash
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.core.params import log_uniform, uniform
from steppe.results.store import Store
from steppe.study.ensemble import ensemble
from steppe.study.pair import pair
from steppe.study.parameters import prior_row, priors, quantile, scenario_of_seed
from steppe.study.posterior import posterior_of


def case_with(folder: Path, csv: str | None, account: str | None = None) -> Path:
    case = write_toy_of_choice(folder / "toy")
    if csv is not None:
        (case / "posterior.csv").write_text(csv)
    if account is not None:
        (case / "posterior.json").write_text(account)
    return case


TWO = "participation.threshold,participation.noise\n0.3,0.01\n0.5,0.02\n0.4,0.03\n"


def test_default_changes_nothing(kazakhstan: Scenario) -> None:
    assert scenario_of_seed(kazakhstan, 3, "default") is kazakhstan


def test_draws_of_the_prior_have_its_distribution(kazakhstan: Scenario) -> None:
    """Kolmogorov-Smirnov of 400 seeds in each parameter, and no pair of them correlated."""
    from scipy.stats import kstest

    known = priors(kazakhstan)
    rows = [prior_row(kazakhstan, seed) for seed in range(400)]
    assert set(rows[0]) == set(known)
    units = []
    for path, info in known.items():
        assert info.prior is not None
        low, high = info.prior.low, info.prior.high
        values = np.array([row[path] for row in rows])
        if info.prior.kind == "log-uniform":
            low, high, values = np.log(low), np.log(high), np.log(values)
        units.append((values - low) / (high - low))
        assert kstest(units[-1], "uniform").pvalue > 1e-3, path
    between = np.asarray(np.corrcoef(units))[np.triu_indices(len(units), 1)]
    assert np.abs(between).max() < 0.25


def test_a_draw_depends_on_its_seed_and_name_alone(kazakhstan: Scenario) -> None:
    other = kazakhstan.change("mechanisms.news", "none").change("prices.shock", 0.0)
    one, two = prior_row(kazakhstan, 7), prior_row(other, 7)
    assert set(one) - set(two) == {path for path in one if path.startswith("news.")}
    assert len(one) > len(two)
    assert all(two[path] == one[path] for path in two)
    assert prior_row(kazakhstan, 8) != one


def test_quantiles_of_priors() -> None:
    assert quantile(uniform(2.0, 4.0), 0.25) == 2.5
    assert quantile(log_uniform(0.01, 1.0), 0.5) == pytest.approx(0.1)
    assert quantile(log_uniform(0.002, 0.15), 1.0) == 0.15


def test_a_drawn_scenario_is_checked_and_keeps_what_is_held(kazakhstan: Scenario) -> None:
    choice = kazakhstan.change("mechanisms.participation", "logit")
    fixed = choice.change("parameters.participation.threshold", 0.33)
    drawn = scenario_of_seed(fixed, 4, "prior", fixed=("parameters.participation.threshold",))
    assert drawn.parameters["participation"]["threshold"] == 0.33
    assert drawn.parameters["participation"]["noise"] == prior_row(fixed, 4)["participation.noise"]
    assert fixed.parameters == {"participation": {"threshold": 0.33}}
    again = choice.change("parameters.participation.threshold", 0.33)
    for role, values in drawn.parameters.items():
        for name, value in values.items():
            again = again.change(f"parameters.{role}.{name}", value)
    assert scenario_hash(again) == scenario_hash(drawn)  # every check of a patch passes


def test_rows_of_the_posterior_go_round(tmp_path: Path) -> None:
    toy = load(case_with(tmp_path, TWO, '{"seed": 1}'))
    found = posterior_of(toy)
    assert found is not None
    assert (len(found), found.account) == (3, {"seed": 1})
    thresholds = [
        scenario_of_seed(toy, seed, "posterior").parameters["participation"]["threshold"]
        for seed in (1, 2, 3, 4)
    ]
    assert thresholds == [0.3, 0.5, 0.4, 0.3]


def test_a_sample_may_hold_how_late_the_record_is(tmp_path: Path) -> None:
    """The parameter belongs to no rule of the model: it acts when runs are held against figures."""
    drawn = TWO.replace("participation.noise", "observation.registration_delay").replace("0.0", "9")
    found = scenario_of_seed(load(case_with(tmp_path, drawn)), 2, "posterior")
    assert found.parameters["observation"] == {"registration_delay": 92.0}


def test_a_posterior_is_no_part_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a").mkdir()
    bare, with_it = load(case_with(tmp_path / "a", None)), load(case_with(tmp_path / "b", TWO))
    assert scenario_hash(bare) == scenario_hash(with_it)
    assert posterior_of(bare) is None
    assert posterior_of(with_it.change("prices.shock", 0.0)) is not None
    assert posterior_of(tmp_path / "b" / "toy") is not None


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("participation.treshold\n0.3\n", "participation.threshold"),
        ("participation.noise\nmuch\n", "csv:2"),
        ("participation.noise\n0.02\n-1\n", "csv:3"),
        ("participation.noise\nnan\n", "range"),
        ("participation.noise,participation.noise\n0.1,0.1\n", "twice"),
        ("participation.noise\n0.02,0.03\n", "2 values for 1"),
        ("participation.noise\n", "no draws"),
        ("", "empty"),
    ],
)
def test_a_faulty_sample_is_refused_with_its_place(tmp_path: Path, csv: str, said: str) -> None:
    toy = load(case_with(tmp_path, csv))
    with pytest.raises(CaseError, match=said):
        scenario_of_seed(toy, 1, "posterior")


def test_a_sample_of_another_theory_is_refused(tmp_path: Path) -> None:
    toy = load(case_with(tmp_path, "outrage.per_harm,participation.noise\n0.01,0.02\n"))
    rival = toy.change("mechanisms.participation", "threshold")
    with pytest.raises(CaseError, match="does not know"):
        scenario_of_seed(rival, 1, "posterior")
    without = toy.change("mechanisms.outrage", "none")
    assert set(scenario_of_seed(without, 1, "posterior").parameters) == {"participation"}


def test_no_posterior_is_said(tmp_path: Path) -> None:
    toy = load(case_with(tmp_path, None))
    with pytest.raises(CaseError, match=r"ships no posterior sample"):
        ensemble(toy, [1], store=Store(tmp_path / "s"), parameters="posterior")
    with pytest.raises(ValueError, match="default, prior, posterior"):
        scenario_of_seed(toy, 1, "guess")  # type: ignore[arg-type]


def test_both_arms_of_a_pair_have_the_same_draw(tmp_path: Path) -> None:
    toy = load(case_with(tmp_path, None)).change("clock.hours", 6)
    other = toy.change("prices.shock", 2.0).change("parameters.participation.noise", 0.01)
    made = pair(
        toy, other, [1, 2], store=Store(tmp_path / "s"), scale=1.0, workers=1, parameters="prior"
    )
    assert made.baseline.parameters == "prior"
    for seed in (1, 2):
        one, two = (
            json.loads(arm.store.get(arm.keys[seed], names=()).record.scenario)["parameters"]
            for arm in (made.baseline, made.variant)
        )
        assert one["participation"]["noise"] == prior_row(toy, seed)["participation.noise"]
        assert two["participation"].pop("noise") == 0.01
        del one["participation"]["noise"]
        assert one == two


def test_seeds_of_an_ensemble_differ_in_their_parameters(
    kazakhstan: Scenario, tmp_path: Path
) -> None:
    short = kazakhstan.change("clock.hours", 3)
    store = Store(tmp_path)
    made = ensemble(short, [1, 2], store=store, scale=SMALL, workers=1, parameters="prior")
    assert made.scenario_hash == scenario_hash(short)
    assert len({run.record.scenario_hash for run in made.trajectories()}) == 2
    again = ensemble(short, [2, 1], store=store, scale=SMALL, workers=1, parameters="prior")
    assert again.stored == 2
