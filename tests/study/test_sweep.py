"""A sweep: balanced when stopped, read back without running, labelled, refused where it lacks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.case.toy import write_toy_of_choice

import steppe
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.core.params import uniform
from steppe.engine import run as engine
from steppe.results.dataset_files import write_dataset
from steppe.results.outcomes import by_name
from steppe.results.outcomes import values_of as outcome_of
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory
from steppe.study.axis import Axis
from steppe.study.ensemble import ensemble
from steppe.study.events import SeedDone, StudyEvent
from steppe.study.executors import Interrupted
from steppe.study.sensitivity import sensitivity
from steppe.study.sweep import SweepError, sweep, values_of
from steppe.study.tipping import tipping

OVER = ["prices.shock=0:2:3", "participation.noise=0.01,0.02"]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_of_choice(tmp_path_factory.mktemp("case") / "toy")


@pytest.fixture(scope="module")
def toy(case: Path) -> Scenario:
    return load(case).change("clock.hours", 6)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("sweep") / "store")


def test_every_point_is_the_ensemble_that_it_would_be_alone(toy: Scenario, store: Store) -> None:
    made = sweep(toy, OVER, 2, store=store, workers=1)
    assert made.complete
    assert (made.runs, len(made.design)) == (12, 6)
    other = toy.change("prices.shock", 1.0).change("parameters.participation.noise", 0.02)
    alone = ensemble(other, [1, 2], store=store)
    assert alone.stored == 2
    assert made.keys[3] == tuple(alone.keys.values())


def test_the_dataset_is_labelled(toy: Scenario, store: Store) -> None:
    data = sweep(toy, OVER, 2, store=store).dataset()
    assert dict(data.sizes) == {"point": 6, "seed": 2}
    assert data["prices.shock"].values.tolist() == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]
    assert data["participation.noise"].attrs["path"] == "parameters.participation.noise"
    assert set(data.data_vars) == {*by_name()}
    for name, values in data.data_vars.items():
        assert values.attrs["units"], name
        assert values.attrs["long_name"], name
    run = store.get(str(data["run"].values[4, 1]))
    assert (run.record.seed, data["peak_active"].values[4, 1]) == (2, run.outcome["peak_active"])
    assert data.attrs["case"] == toy.id


def test_it_is_read_again_without_running(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sweep(toy, OVER, 2, store=store).dataset()
    monkeypatch.setattr(engine, "run", None)
    again = sweep(toy, OVER, 3, store=store, run=False)
    assert not again.complete
    assert again.runs == 12
    data = again.dataset()
    assert data.isel(seed=slice(2)).equals(first)
    assert np.isnan(data["killed"].values[:, 2]).all()
    with pytest.raises(SweepError, match=r"a run is missing: seed 3 at prices\.shock=0"):
        values_of(again, ["killed"])


def test_a_sweep_that_is_stopped_is_balanced(toy: Scenario, tmp_path: Path) -> None:
    done: list[int] = []

    def stop(event: StudyEvent) -> None:
        if isinstance(event, SeedDone):
            done.append(event.seed)
            if len(done) == 4:
                raise KeyboardInterrupt

    store = Store(tmp_path)
    with pytest.raises(Interrupted) as caught:
        sweep(toy, ["prices.shock=0:2:3"], 2, store=store, workers=1, on_event=stop)
    assert (caught.value.finished, caught.value.remaining) == (4, 2)
    rest = sweep(toy, ["prices.shock=0:2:3"], 2, store=store, run=False)
    seeds = [sum(map(bool, row)) for row in rest.keys]
    assert max(seeds) - min(seeds) <= 1
    assert sweep(toy, ["prices.shock=0:2:3"], 2, store=store, workers=1).stored == 4


def test_what_does_not_vary_can_be_drawn_and_what_varies_is_not(
    toy: Scenario, tmp_path: Path
) -> None:
    made = sweep(
        toy, ["participation.noise=0.01,0.02"], [1, 2], store=Store(tmp_path), workers=1,
        parameters="prior",
    )  # fmt: skip
    values = {}
    for point, seed in np.ndindex(2, 2):
        record = made.store.get(made.keys[point][seed], names=()).record
        values[point, seed] = json.loads(record.scenario)["parameters"]
    assert values[0, 0]["participation"].pop("noise") == 0.01
    assert values[1, 0]["participation"].pop("noise") == 0.02
    assert values[0, 0] == values[1, 0]
    assert values[0, 0]["grievance"] != values[0, 1]["grievance"]


def fails_at(shock: float, error: Exception) -> object:
    from steppe.engine.run import run

    def sometimes(scenario: Scenario, seed: int = 1, **options: object) -> Trajectory:
        if scenario.prices.shock == shock and seed == 2:
            raise error
        return run(scenario, seed, **options)  # type: ignore[arg-type]

    return sometimes


def test_a_failed_run_is_named_and_no_analysis_goes_on_without_it(
    toy: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "run", fails_at(2.0, ArithmeticError("below nothing")))
    made = sweep(toy, ["prices.shock=1,2"], 2, store=Store(tmp_path), workers=1)
    ((point, seed, reason),) = made.failures
    assert (point, seed) == (1, 2)
    assert "below nothing" in reason
    assert made.dataset()["killed"].isnull().sum() == 1
    with pytest.raises(SweepError, match=r"seed 2 at prices.shock=2.*below nothing"):
        tipping(made)


def test_an_outcome_that_is_no_number_is_refused_by_its_run(
    toy: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SALib would return zeros for all indices and say nothing."""
    made = sweep(toy, ["prices.shock=0:2:3"], 2, store=store, workers=1)

    def broken(run: Trajectory) -> dict[str, float | str]:
        found = outcome_of(run)
        shock = json.loads(run.record.scenario)["prices"]["shock"]
        return found | ({"killed": float("nan")} if shock == 1.0 else {})

    monkeypatch.setattr("steppe.study.sweep.outcome_of", broken)
    with pytest.raises(SweepError, match=f"{made.keys[1][0][:12]}.*prices.shock=1.*killed = nan"):
        values_of(made, ["killed"])


def test_nothing_is_made_of_nothing(toy: Scenario, tmp_path: Path) -> None:
    empty = sweep(toy, ["prices.shock=0:2:3"], 2, store=Store(tmp_path / "s"), run=False)
    with pytest.raises(SweepError, match="no run"):
        empty.dataset()
    with pytest.raises(ValueError, match="each given once"):
        sweep(toy, ["prices.shock=0:2:3"], [1, 1], store=Store(tmp_path / "s"))


def test_what_counts_as_large_can_be_said(toy: Scenario, store: Store) -> None:
    made = sweep(toy, ["prices.shock=0:2:3"], 2, store=store, workers=1)
    peaks = values_of(made, ["peak_active"])["peak_active"]
    found = tipping(made, above=float(np.median(peaks)))
    assert [p[0] for p in found.chance] == (peaks >= np.median(peaks)).mean(axis=1).tolist()


def test_tipping_needs_one_number(toy: Scenario, store: Store) -> None:
    with pytest.raises(SweepError, match="one axis"):
        tipping(sweep(toy, OVER, 2, store=store, run=False))
    modes = sweep(toy, ["mode=scripted,endogenous"], 1, store=store, run=False)
    with pytest.raises(SweepError, match="no number"):
        tipping(modes)


@pytest.mark.parametrize("ending", [".nc", ".parquet", ".csv"])
def test_files_hold_what_the_dataset_holds(
    toy: Scenario, store: Store, tmp_path: Path, ending: str
) -> None:
    data = sweep(toy, OVER, 2, store=store).dataset()
    path = write_dataset(data, tmp_path / "new" / f"sweep{ending}")
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    if ending == ".nc":
        import xarray

        with xarray.open_dataset(path, engine="h5netcdf") as again:
            assert again.load().equals(data)
            assert again["killed"].attrs == data["killed"].attrs
        return
    import duckdb

    found = duckdb.sql(f"SELECT * FROM '{path}'")
    assert found is not None
    rows = found.to_df()
    assert len(rows) == 12
    assert rows["peak_active"].tolist() == data["peak_active"].values.ravel().tolist()
    assert rows["prices.shock"].tolist() == np.repeat(data["prices.shock"].values, 2).tolist()


def test_morris_on_the_model_ranks_every_axis(toy: Scenario, store: Store) -> None:
    made = sensitivity(
        toy, "morris", n=2, seeds=2, outcomes=["peak_active"], store=store, workers=1,
        axes=[Axis("prices.shock", span=uniform(0.0, 2.0)),
              Axis("parameters.participation.threshold", span=uniform(0.15, 0.7))],
    )  # fmt: skip
    (one,) = made
    assert (one.points, one.seeds) == (6, 2)
    assert {i.parameter for i in one.influences} <= {"prices.shock", "participation.threshold"}


def test_the_public_names(toy: Scenario) -> None:
    assert steppe.sweep is sweep
    assert steppe.tipping is tipping
    assert steppe.sensitivity is sensitivity


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_one_document(case: Path, tmp_path: Path) -> None:
    code, out, _ = invoke(
        "sweep", str(case), "--over", "prices.shock=0,1", "--seeds", "2", "--tipping", "--json",
        "--set", "clock.hours=6", "--store", str(tmp_path / "s"), "--workers", "1",
        "--output", str(tmp_path / "sweep.csv"),
    )  # fmt: skip
    assert code == 0
    found = json.loads(out)
    assert [p["values"] for p in found["points"]] == [{"prices.shock": v} for v in (0, 1)]
    assert found["points"][0]["outcomes"]["killed"]["n"] == 2
    assert found["tipping"]["verdict"]
    assert (tmp_path / "sweep.csv").exists()


def test_the_commands_print_tables_and_how_to_repeat_them(case: Path, tmp_path: Path) -> None:
    shared = ["--set", "clock.hours=3", "--store", str(tmp_path / "s"), "--workers", "1", "-q"]
    code, out, _ = invoke("sweep", str(case), "--over", "prices.shock=0,2", "--seeds", "1",
                          "--tipping", *shared)  # fmt: skip
    assert code == 0
    assert "tipping point" in out or "tips at" in out
    assert "--over prices.shock=0,2 --tipping --set clock.hours=3" in out
    code, out, _ = invoke("sensitivity", str(case), "--size", "2", "--seeds", "1", "--over",
                          "prices.shock=0:2", *shared)  # fmt: skip
    assert code == 0
    assert "--method morris --size 2" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep", "--over", "prices.shok=0:1:3"], "prices.shock"),
        (["sweep", "--over", "all", "--points", "4"], "a grid has its points by --over"),
        (["sweep", "--over", "all", "--design", "lhs"], "needs --points"),
        (["sweep", "--over", "all", "--design", "sobol", "--points", "6"], "power of two"),
        (["sweep", "--over", "mode=scripted,endogenous", "--tipping"], "with numbers"),
        (["sweep", "--over", "prices.shock=0,1", "--output", "x.txt"], ".parquet"),
        (["sweep", "--over", "prices.shock=0,1", "--outcome", "kiled"], "killed"),
        (["sweep", "--over", "prices.shock=0,1", "--parameters", "posterior"], "no posterior"),
        (["sensitivity", "--method", "sobol", "--size", "5"], "power of two"),
        (["sensitivity", "--over", "prices.shock=0:1:4"], "needs a range"),
    ],
)
def test_mistakes_are_said_before_anything_is_run(
    case: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    name, *rest = arguments
    code, _, err = invoke(name, str(case), *rest, "--store", str(tmp_path / "s"))
    assert code == 2
    assert said in " ".join(err.split())
    assert not (tmp_path / "s").exists()
