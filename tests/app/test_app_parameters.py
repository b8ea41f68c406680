"""Draws in the app: the same default, words, runs and keys as those of the command line."""

from __future__ import annotations

import json
import shlex
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from steppe.app import setting_text
from steppe.app.config import Config
from steppe.app.errors import RequestError
from steppe.app.exports import archive
from steppe.app.service import AppService
from steppe.case.canonical import scenario_hash
from steppe.case.patch import apply, read_patch
from steppe.cli import cli
from steppe.core.errors import CaseError
from steppe.results.store import Store
from steppe.study.batch import batch, job_key
from steppe.study.parameters import prior_row

SCALE = 0.0005
SEEDS = 2
ROWS = ((0.06, 0.009), (0.12, 0.006), (0.08, 0.012))
MOBILISABLE, NOISE = "participation.mobilisable", "participation.noise"
HELD = f"parameters.{NOISE}"
CASE = (
    "extends: kazakhstan-2022\nid: fitted\ntitle: Fitted\nclock:\n"
    '  start: "2022-01-02T00:00"\n  hours: 5\n'
    "counterfactuals:\n  alliance-late: null\nmechanisms:\n  participation: logit\n"
)
ACCOUNT = {"made": "by hand", "parameters": [
    {"path": MOBILISABLE, "unidentified": False}, {"path": NOISE, "unidentified": True},
]}  # fmt: skip


def case_in(folder: Path, sample: bool) -> Path:
    folder.mkdir()
    (folder / "scenario.yaml").write_text(CASE, encoding="utf-8")
    if sample:
        rows = [",".join(map(str, row)) for row in ROWS]
        (folder / "posterior.csv").write_text("\n".join([f"{MOBILISABLE},{NOISE}", *rows]) + "\n")
        (folder / "posterior.json").write_text(json.dumps(ACCOUNT))
    return folder


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppService]:
    root = tmp_path_factory.mktemp("drawn")
    cases = (case_in(root / "fitted", True), case_in(root / "bare", False))
    made = AppService(Config(store=root / "runs", cases=cases))
    yield made
    made.close()


def name_of(desk: AppService, folder: str) -> str:
    return next(case.id for case in desk.book.seen_by("") if case.path.name == folder)


def setting(desk: AppService, folder: str = "fitted", **changes: object) -> dict[str, object]:
    return {"case": name_of(desk, folder), "counterfactuals": ["no-price-shock"], "seeds": SEEDS,
            "scale": SCALE, **changes}  # fmt: skip


def test_the_posterior_is_usual_as_soon_as_a_case_ships_one(desk: AppService) -> None:
    assert desk.comparison(setting(desk), "").parameters == "posterior"
    assert desk.comparison(setting(desk, parameters="default"), "").parameters == "default"
    assert desk.comparison(setting(desk, "bare"), "").parameters == "default"
    assert "--parameters" not in desk.comparison(setting(desk, "bare"), "").portable.as_command()
    with pytest.raises(CaseError, match="ships no posterior sample"):
        desk.comparison(setting(desk, "bare", parameters="posterior"), "")
    with pytest.raises(RequestError):
        desk.comparison(setting(desk, parameters="best"), "")


def test_rules_the_sample_does_not_know_fall_back_on_the_values_of_the_case(
    desk: AppService,
) -> None:
    rival = {"mechanisms.participation": "kuran"}
    one = desk.comparison(setting(desk, set=rival), "")
    found = setting_text.values(one, [desk.draws.of(arm) for arm in one.arms])
    assert (found["source"], found["usual"]) == ("default", "posterior")
    assert "--parameters default" in one.portable.as_command()
    with pytest.raises(CaseError, match="does not know"):
        desk.comparison(setting(desk, set=rival, parameters="posterior"), "")


def test_case_says_what_is_offered_and_what_the_sample_tells(desk: AppService) -> None:
    fitted, bare = (json.loads(desk.case(name_of(desk, one), "")) for one in ("fitted", "bare"))
    assert (fitted["sources"]["usual"], bare["sources"]["usual"]) == ("posterior", "default")
    offered = {one["source"]: one for one in bare["sources"]["offered"]}
    assert "ships no posterior sample" in offered["posterior"]["reason"]
    assert offered["prior"]["reason"] == ""
    rows = {one["path"]: one for one in fitted["parameters"]}
    known = rows[f"parameters.{MOBILISABLE}"]
    values = np.array(ROWS)[:, 0]
    ends = list(np.quantile(values, (0.05, 0.5, 0.95)))
    assert known["drawn"]["posterior"] == pytest.approx(ends)
    assert (known["identified"], rows[HELD]["identified"]) == (True, False)
    low, _, high = known["drawn"]["prior"]
    assert known["from"] < low < high < known["to"]
    assert all(one["drawn"]["posterior"] is None for one in bare["parameters"])


def test_seed_has_its_row_in_both_histories_and_what_is_set_is_held(desk: AppService) -> None:
    one = desk.comparison(setting(desk, set={HELD: 0.02}, first=2, seeds=3), "")
    for arm, held in zip(one.arms, (False, True), strict=True):
        for job in arm:
            row = ROWS[(job.seed - 1) % len(ROWS)]
            own = job.scenario.parameters["participation"]
            assert own["mobilisable"] == row[0]
            assert own["noise"] == (0.02 if held else row[1])
    found = setting_text.values(one, [desk.draws.of(arm) for arm in one.arms])
    assert (found["drawn"], found["held"], found["row"], found["seed"]) == (2, [NOISE], 2, 2)
    prior = desk.comparison(setting(desk, parameters="prior"), "")
    job = next(iter(prior.arms[0]))
    assert job.scenario.parameters["participation"]["noise"] == prior_row(prior.baseline, 1)[NOISE]


def test_look_runs_the_draw_of_its_seed(desk: AppService) -> None:
    one = desk.comparison(setting(desk, first=3, seeds=1), "")
    job = next(iter(one.arms[1]))
    assert desk.draws.of(one.arm("variant")).scenario_of(3) == job.scenario
    assert desk.draws.hashes(one.arm("variant")) == {3: scenario_hash(job.scenario)}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"set": {HELD: 0.02, "prices.shock": 0.5}, "first": 2},
        {"counterfactuals": [], "parameters": "prior"},
        {"parameters": "default"},
    ],
    ids=["posterior", "held", "prior", "case"],
)
def test_command_makes_the_very_runs_of_the_app(
    desk: AppService, tmp_path: Path, changes: dict[str, object]
) -> None:
    one = desk.comparison(setting(desk, **changes), "")
    keys = sorted({job_key(job) for job in one.runs})
    assert batch(one.runs, store=desk.stock.store, workers=1).complete
    line = shlex.split(one.portable.as_command())[1:]
    quiet = ["--workers", "1", "--no-report", "--store", str(tmp_path / "runs")]
    done = CliRunner().invoke(cli, [*line, *quiet], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    store = Store(tmp_path / "runs")
    assert store.keys() == keys
    for key in keys:
        mine, theirs = desk.stock.store.get(key), store.get(key)
        assert mine.outcome == theirs.outcome
        assert all(np.array_equal(mine.series[s].values, theirs.series[s].values)
                   for s in mine.series)  # fmt: skip
    found = json.loads(desk.arms.comparison(one))["head"]
    assert found["stored"] == [SEEDS] * len(one.arms)
    assert desk.estimate(one)["runs"] == 0


def test_export_says_how_it_is_made_again(desk: AppService, tmp_path: Path) -> None:
    one = desk.comparison(setting(desk, set={HELD: 0.02}), "")
    assert batch(one.runs, store=desk.stock.store, workers=1).complete
    made = archive(one, desk.arms, "csv", tmp_path)
    with zipfile.ZipFile(made) as found:
        said = {
            name: found.read(name).decode()
            for name in ("readme.txt", "command.txt", "changes.yaml", "counterfactual/draws.csv")
        }
    assert "posterior sample (3 rows, by hand)" in said["readme.txt"]
    assert f"in the counterfactual: {HELD}" in said["readme.txt"]
    assert "baseline minus" in said["readme.txt"]
    assert "--parameters posterior" in said["command.txt"]
    lines = said["counterfactual/draws.csv"].splitlines()
    assert lines == [f"seed,{MOBILISABLE}", *(f"{s},{ROWS[s - 1][0]!r}" for s in (1, 2))]
    path = tmp_path / "changes.yaml"
    path.write_text(said["changes.yaml"], encoding="utf-8")
    assert apply(one.baseline, read_patch(path)) == one.variant
    assert "--parameters posterior" in said["changes.yaml"]


def test_front_is_the_best_pair_of_the_usual_draws(desk: AppService) -> None:
    one = desk.comparison(setting(desk), "")
    assert batch(one.runs, store=desk.stock.store, workers=1).complete
    front = desk.front(name_of(desk, "fitted"), "")
    assert front["counterfactuals"] == ["no-price-shock"]
    assert (front["scale"], front["seeds"]) == (SCALE, SEEDS)


def test_faulty_sample_is_a_fault_of_the_case(desk: AppService, tmp_path: Path) -> None:
    folder = case_in(tmp_path / "fitted", True)
    (folder / "posterior.csv").write_text("participation.nose\n1\n")
    with pytest.raises(CaseError, match="is no parameter") as caught:
        desk.book.adopt(folder, "someone")
    assert caught.value.faults[0].line == 1
    assert not folder.exists()
