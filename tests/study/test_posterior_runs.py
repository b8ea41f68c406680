"""Runs with parameters of a posterior sample: the default, alike in arms, named by their draws."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.case.toy import write_toy_of_choice

from steppe.case.canonical import scenario_hash
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.core.errors import StoreError
from steppe.report.build import build_payload
from steppe.report.page import render
from steppe.report.provenance import ReportOptions
from steppe.results.ensemble import ensemble_dataset
from steppe.results.store import Store
from steppe.study.ensemble import Ensemble, ensemble
from steppe.study.pair import Pair, pair
from steppe.study.parameter_draws import draw_parameters, recover_draw
from steppe.study.parameters import default_parameters, prior_row, scenario_of_seed
from steppe.study.sweep import sweep

MOBILISABLE, NOISE = "participation.mobilisable", "participation.noise"
ROWS = (0.02, 0.05, 0.1, 0.2)
"""How many may come, row by row: ten times from the first to the last."""

SEEDS = (1, 2, 3, 4, 5)


def posterior_case(folder: Path) -> Path:
    case = write_toy_of_choice(folder / "toy")
    file = case / "scenario.yaml"
    text = file.read_text(encoding="utf-8").replace("peak_active", "peak_on_day")
    file.write_text(text.replace("hours: 3 d", "hours: 12"), encoding="utf-8")
    rows = [f"{value},{0.01 * (at + 1)}" for at, value in enumerate(ROWS)]
    (case / "posterior.csv").write_text("\n".join([f"{MOBILISABLE},{NOISE}", *rows]) + "\n")
    account = {"command": "steppe calibrate toy --vectors 64", "made": "2026-11-22"}
    (case / "posterior.json").write_text(json.dumps(account))
    return case


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("posterior")


@pytest.fixture(scope="module")
def toy(folder: Path) -> Scenario:
    return load(posterior_case(folder))


@pytest.fixture(scope="module")
def made(toy: Scenario, folder: Path) -> Ensemble:
    return ensemble(toy, SEEDS, store=folder / "runs", workers=1)


@pytest.fixture(scope="module")
def compared(toy: Scenario, made: Ensemble) -> Pair:
    return pair(toy, "no-shock", SEEDS, store=made.store, workers=1)


def values(run_scenario: str) -> dict[str, float]:
    found: dict[str, float] = json.loads(run_scenario)["parameters"]["participation"]
    return found


def test_a_case_with_a_sample_draws_from_it_and_seeds_are_rows(made: Ensemble) -> None:
    assert made.parameters == "posterior"
    found = [values(run.record.scenario)["mobilisable"] for run in made.trajectories(())]
    assert found == [*ROWS, ROWS[0]]


def test_outcomes_spread_with_the_parameters(toy: Scenario, made: Ensemble) -> None:
    """The rows differ tenfold in who may come, the default not at all: so must the peaks."""
    fixed = ensemble(toy, SEEDS, store=made.store, workers=1, parameters="default")
    assert len({run.record.scenario_hash for run in fixed.trajectories(())}) == 1

    drawn_peaks, peaks = (
        [float(run.outcome["peak_active"]) for run in of.trajectories(())] for of in (made, fixed)
    )
    assert drawn_peaks[:4] == sorted(drawn_peaks[:4])
    assert np.std(drawn_peaks) > 3 * np.std(peaks)


def test_both_arms_of_a_pair_have_the_same_rows(compared: Pair) -> None:
    assert compared.baseline.sample == compared.variant.sample != ""
    for one, other in compared.runs(()):
        assert values(one.record.scenario) == values(other.record.scenario)


def test_the_record_says_base_source_and_row(toy: Scenario, made: Ensemble) -> None:
    found = {run.seed: run.draw for run in made.store.catalogue() if run.key in made.keys.values()}
    for seed in SEEDS:
        draw = found[seed]
        assert draw is not None
        assert (draw.base, draw.source) == (scenario_hash(toy), "posterior")
        assert draw.sample == made.sample
        assert (draw.row, draw.paths) == ((seed - 1) % 4 + 1, (MOBILISABLE, NOISE))


def test_what_says_the_draw_is_no_part_of_the_result(made: Ensemble, tmp_path: Path) -> None:
    run = next(made.trajectories())
    bare = Store(tmp_path / "bare")
    key = bare.put(run)
    assert key == made.keys[1]
    assert bare.verify(key) == made.store.verify(key)
    assert made.store.put(run) == key  # the same run from elsewhere is the same run


def test_what_the_user_sets_wins_over_the_draw(toy: Scenario, made: Ensemble) -> None:
    fixed = toy.change(f"parameters.{NOISE}", 0.123)
    assert fixed.set_parameters == (NOISE,)
    drawn_values = [scenario_of_seed(fixed, seed, "posterior").parameters for seed in (1, 2)]
    assert [one["participation"]["noise"] for one in drawn_values] == [0.123, 0.123]
    assert [one["participation"]["mobilisable"] for one in drawn_values] == list(ROWS[:2])
    back = toy.change(f"parameters.{NOISE}", 0.123).change(f"parameters.{NOISE}", None)
    assert back.set_parameters == ()
    swept = sweep(toy, [f"parameters.{NOISE}=0.02,0.03"], 2, store=made.store, run=False)
    assert swept.parameters == "posterior"


def test_a_counterfactual_wins_over_the_draw(toy: Scenario, made: Ensemble) -> None:
    other = toy.change(f"parameters.{MOBILISABLE}", 0.15).change("clock.hours", 4)
    found = pair(toy.change("clock.hours", 4), other, [1, 2], store=made.store, workers=1)
    for one, two in found.runs(()):
        a, b = values(one.record.scenario), values(two.record.scenario)
        assert a["mobilisable"] == ROWS[one.record.seed - 1]
        assert b["mobilisable"] == 0.15
        assert a["noise"] == b["noise"]


def test_the_default_is_posterior_only_where_the_sample_fits(toy: Scenario, tmp_path: Path) -> None:
    assert default_parameters(toy) == "posterior"
    assert default_parameters(toy.change("prices.shock", 0.0)) == "posterior"
    rival = toy.change("mechanisms.participation", "threshold")
    assert default_parameters(rival) == "default"
    assert default_parameters(toy, rival) == "default"  # arms of a pair are drawn alike
    assert default_parameters(load(write_toy_of_choice(tmp_path / "bare"))) == "default"


def test_an_ensemble_is_one_dataset_with_its_draws(made: Ensemble, toy: Scenario) -> None:
    data = made.dataset()
    assert data.attrs["scenario_hash"] == scenario_hash(toy)
    assert (data.attrs["parameters"], data.attrs["posterior_sample"]) == ("posterior", made.sample)
    assert list(data[f"parameters.{MOBILISABLE}"].values) == [*ROWS, ROWS[0]]
    assert data[f"parameters.{MOBILISABLE}"].dims == ("seed",)
    runs = list(made.trajectories())
    with pytest.raises(StoreError, match="differ in scenario_hash"):
        ensemble_dataset(runs)
    foreign = json.loads(runs[1].record.scenario)
    foreign["prices"]["shock"] = 7.0
    record = replace(runs[1].record, scenario=json.dumps(foreign))
    with pytest.raises(StoreError, match="differ in scenario_hash"):
        ensemble_dataset([runs[0], replace(runs[1], record=record)], drawn={})


def test_hashes_of_many_seeds_are_those_of_their_scenarios(toy: Scenario) -> None:
    for scenario in (toy, toy.change("parameters.participation.threshold", None)):
        for source in ("default", "prior", "posterior"):
            found = draw_parameters(scenario, source, (NOISE,))
            of = found.hashes()
            assert [of(seed) for seed in SEEDS] == [
                scenario_hash(scenario_of_seed(scenario, seed, source, fixed=(NOISE,)))
                for seed in SEEDS
            ]


def test_a_draw_is_recognized_from_the_values_alone(toy: Scenario) -> None:
    for source in ("posterior", "prior"):
        found = recover_draw(toy, scenario_of_seed(toy, 3, source, fixed=(NOISE,)), 3)
        assert found.source == source
        assert f"parameters.{MOBILISABLE}" in found.paths
        assert f"parameters.{NOISE}" in found.fixed
    assert recover_draw(toy, toy, 3).source == "default"
    chosen = toy.change(f"parameters.{MOBILISABLE}", ROWS[0])
    assert recover_draw(toy, chosen, 3).source == "default"  # row 1 is not the draw of seed 3
    assert prior_row(toy, 3) != prior_row(toy, 4)


def test_the_report_says_where_parameters_come_from(toy: Scenario, made: Ensemble) -> None:
    runs = list(made.trajectories())
    payload = build_payload(
        toy, runs, (), ReportOptions("steppe run toy"), draws=draw_parameters(toy, "posterior")
    )
    entry = next(e for e in payload.parameters if e.name == "mobilisable")
    assert entry.drawn == pytest.approx(tuple(np.quantile(ROWS, (0.05, 0.5, 0.95))))
    assert payload.repeat.scenario_hash == scenario_hash(toy)
    page = " ".join(render(payload).split())
    said = "5 draws of 2 parameters, together, from the posterior sample (4 rows, 2026-11-22,"
    assert page.count(said) == 2  # in the header and among the assumptions
    assert "includes the uncertainty of the parameters" in page
    assert made.sample in page
    with pytest.raises(ValueError, match="seeds 1 and 2 differ in scenario_hash"):
        build_payload(toy, runs, (), ReportOptions("steppe run toy"))
    other = draw_parameters(toy, "posterior", fixed=(NOISE,))
    with pytest.raises(ValueError, match="seed 1 did not run with its draw of the posterior"):
        build_payload(toy, runs, (), ReportOptions("steppe run toy"), draws=other)


def call(*words: object) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_command_works_on_drawn_runs(
    folder: Path, toy: Scenario, compared: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case, store = folder / "toy", ("--store", compared.baseline.store.path)
    found = json.loads(call("run", case, "--seeds", 5, *store, "--json", "--no-report"))
    assert (found["parameters"], found["scenario_hash"]) == ("posterior", scenario_hash(toy))
    assert {one["hash"] for one in found["seeds"]} == set(compared.baseline.keys.values())
    assert "--parameters posterior" in call("run", case, "--seeds", 5, *store)
    call("report", case, *store, "-o", "case.html")
    assert "from the posterior sample" in Path("case.html").read_text()
    call("report", case, "--against", "no-shock", *store, "-o", "pair.html")
    assert "both histories of a seed have the same" in Path("pair.html").read_text()
    listed = {run["hash"]: run for run in json.loads(call("runs", *store, "--json"))}
    assert listed[compared.baseline.keys[2]]["draw"]["row"] == 2
    key = compared.baseline.keys[3]
    assert "the same bits" in call("repeat", key, *store)
    call("export", *compared.baseline.keys.values(), *store, "-o", "files")
    assert (Path("files") / "runs.parquet").exists()
    told = CliRunner().invoke(cli, ["report", str(case), "--parameters", "prior", *map(str, store)])
    assert told.exit_code == 2
    assert "--parameters posterior" in " ".join(told.output.split())
