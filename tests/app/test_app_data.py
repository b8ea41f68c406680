"""What the app says: the same numbers as the study and the report, and honest words."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from steppe.app import setting_text
from steppe.app.case_json import case_document
from steppe.app.comparison import comparison_of
from steppe.app.config import AppLimits, Config
from steppe.app.differences import effect_rows
from steppe.app.errors import RequestError, UnknownError
from steppe.app.exports import archive, bundle
from steppe.app.figures import figures_archive
from steppe.app.jobs import Jobs
from steppe.app.quotas import Quotas
from steppe.app.service import AppService
from steppe.app.sessions import TooManyError
from steppe.case.canonical import scenario_hash
from steppe.case.load import load
from steppe.case.patch import apply, read_patch
from steppe.cli import parse_command
from steppe.core.errors import CaseError
from steppe.model.ledger import ROLES
from steppe.report.encode import unpacked
from steppe.report.pair_sentences import answer
from steppe.results.bundle import open_bundle
from steppe.results.outcomes import values_of
from steppe.results.store import Store
from steppe.study.batch import BatchJob, job_key
from steppe.study.comparison import compare_outcomes
from steppe.study.pair import pair
from steppe.study.parameters import default_parameters, parameters_option
from steppe.study.request import STORE, StudyRequest
from steppe.study.resolve import resolve

from .conftest import HOURS, SCALE, SEEDS


@pytest.fixture(scope="module")
def desk(
    store: Store, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppService]:
    # runs of other tests come to the shared store: here it holds what is known of it
    own = tmp_path_factory.mktemp("data") / "runs"
    case = load(folder)
    arms = (case, case.counterfactual("no-price-shock"))
    for arm in arms:
        for seed in range(1, SEEDS + 1):
            key = job_key(BatchJob(arm, seed, SCALE))
            shutil.copytree(store.folder(key), own / "runs" / key[:2] / key)
    made = AppService(Config(store=own, cases=(folder,)))
    yield made
    made.close()


@pytest.fixture(scope="module")
def name(desk: AppService) -> str:
    return next(case.id for case in desk.book.seen_by("") if case.origin == "folder")


def setting(name: str, **changes: object) -> dict[str, object]:
    return {"case": name, "counterfactuals": ["no-price-shock"], "seeds": SEEDS, "scale": SCALE,
            **changes}  # fmt: skip


def test_comparison_says_what_the_study_says(desk: AppService, name: str, folder: Path) -> None:
    found = json.loads(desk.arms.comparison(desk.comparison(setting(name), "")))
    case = load(folder)
    made = pair(case, case.counterfactual("no-price-shock"), range(1, SEEDS + 1),
                store=desk.stock.store, scale=SCALE)  # fmt: skip
    again = resolve(parse_command(found["head"]["command"]))
    assert again.variant is not None
    assert [scenario_hash(again.baseline), scenario_hash(again.variant)] == [
        made.baseline.scenario_hash, made.variant.scenario_hash,
    ]  # fmt: skip
    assert (tuple(again.request.range), again.request.scale) == (made.seeds, SCALE)
    known = {row.outcome.name: row for row in (*made.comparison.rows, *made.comparison.after)}
    runs = {
        name: {seed: values_of(desk.stock.store.get(key)) for seed, key in arm.keys.items()}
        for name, arm in (("baseline", made.baseline), ("variant", made.variant))
    }
    assert found["head"]["pairs"] == SEEDS
    assert [row["name"] for row in found["differences"]["effects"]] == [
        row.outcome.name for row in made.comparison.headlines
    ]
    assert found["differences"]["answer"] == answer(made.comparison, "No price shock")
    assert found["differences"]["parted"] == min(made.first_divergence)
    for row in found["differences"]["effects"]:
        same = known[row["name"]]
        effect = same.effect
        assert row["difference"] == effect.difference  # baseline minus counterfactual
        assert row["difference"] == pytest.approx(np.mean(row["gaps"]))
        assert row["gaps"] == list(same.by_pair)
        if row["name"] in runs["baseline"][1]:
            assert row["gaps"] == pytest.approx([
                float(runs["baseline"][seed][row["name"]])
                - float(runs["variant"][seed][row["name"]])
                for seed in range(1, SEEDS + 1)
            ])  # fmt: skip
        assert (row["baseline"], row["variant"]) == (same.baseline, same.counterfactual)
        assert (row["low"], row["high"]) == pytest.approx((effect.low, effect.high))
    layer = next(one for one in found["variant"]["layers"] if one["key"] == "active")
    changed = [desk.stock.store.get(key) for key in made.variant.keys.values()]
    median = np.median([run.active().sum(axis=1) for run in changed], axis=0)
    assert np.abs(unpacked(layer["national"], (HOURS,), layer["step"]) - median).max() <= 0.5


def test_one_pair_has_no_interval() -> None:
    found = effect_rows(compare_outcomes({1: {"killed": 3}}, {1: {"killed": 5}}, 100))
    assert [(e["difference"], e["low"], e["high"]) for e in found] == [(-2.0, None, None)]
    assert compare_outcomes({1: {"killed": 3}}, {2: {"killed": 5}}, 100).rows == ()


def test_what_is_not_stored_is_not_shown(desk: AppService, name: str) -> None:
    found = json.loads(desk.arms.comparison(desk.comparison(setting(name, scale=0.0007), "")))
    assert (found["baseline"], found["variant"], found["head"]["pairs"]) == (None, None, 0)


def test_front_is_the_best_stored_comparison(desk: AppService, name: str) -> None:
    front = desk.front(name, "")
    assert front == setting(name)


def test_estimates_rest_on_stored_runs_or_say_nothing(desk: AppService, name: str) -> None:
    known = desk.estimate(desk.comparison(setting(name, seeds=SEEDS + 1), ""))
    assert (known["runs"], known["measured"]) == (2, 2 * SEEDS)
    assert known["seconds"] > 0
    unknown = desk.estimate(desk.comparison(setting(name, scale=0.0007), ""))
    assert (unknown["seconds"], unknown["measured"]) == (None, 0)


def test_every_parameter_is_a_control_with_all_that_is_known(desk: AppService, name: str) -> None:
    document = json.loads(desk.case(name, ""))
    found = {one["path"]: one for one in document["parameters"]}
    assert len(found) == len(document["parameters"]) > 100
    for one in found.values():
        assert one["role"] in ROLES
        assert one["unit"]
        assert one["meaning"]
        assert one["source"]
        assert one["low"] <= one["value"] <= one["high"]
    assert found["parameters.participation.mobilisable"]["value"] == 0.2  # the case's, no default
    first = [one["first"] for one in document["parameters"]]
    assert first == sorted(first, reverse=True)
    levers = {one["path"]: one for one in document["levers"]}
    assert levers["information.blackout"]["options"] == ["scripted", "none"]
    assert (levers["prices.shock"]["low"], levers["prices.shock"]["high"]) == (0.0, 10.0)


def test_every_lever_can_be_set_to_each_of_its_options(desk: AppService, name: str) -> None:
    scenario = desk.book.scenario(name, "")
    case = desk.book.case(name, "")
    for lever in case_document(case, scenario)["levers"]:
        for value in lever["options"] or [lever["low"], lever["high"]]:
            apply(scenario, {lever["path"]: value})


@pytest.mark.parametrize(
    "changes",
    [
        {"seeds": 0}, {"seeds": True}, {"seeds": 10**9}, {"scale": 0}, {"scale": "1"},
        {"scale": 1e9}, {"first": -1}, {"set": []}, {"set": {"a": [1]}}, {"counterfactuals": "x"},
        {"unknown": 1}, {"case": 7}, {"set": {"x" * 500: 1}},
        {"set": {str(i): 1 for i in range(99)}}, {"parameters": "best"}, {"parameters": 1},
        {"link": 7},
    ],
)  # fmt: skip
def test_words_that_are_not_understood_are_mistakes(
    desk: AppService, name: str, changes: dict[str, object]
) -> None:
    with pytest.raises(RequestError):
        comparison_of({**setting(name), **changes}, desk.book, "", AppLimits())


def test_changes_that_cannot_be_made_name_what_is_allowed(desk: AppService, name: str) -> None:
    with pytest.raises(CaseError, match="did you mean"):
        desk.comparison(setting(name, set={"prices.shok": 1.0}), "")
    with pytest.raises(CaseError):
        desk.comparison(setting(name, set={"mechanisms.participation": "evil.py:rule"}), "")
    with pytest.raises(UnknownError):
        desk.comparison(setting("nowhere"), "")


def test_command_and_patch_file_repeat_the_setting(
    desk: AppService, name: str, tmp_path: Path
) -> None:
    values = {"prices.shock": 0.25, "alliance.troops": False, "alliance.rule": "decline"}
    one = desk.comparison(setting(name, set=values), "")
    path = tmp_path / "changes.yaml"
    path.write_text(setting_text.patch_file(one), encoding="utf-8")
    assert apply(one.baseline, read_patch(path)) == one.variant
    shipped = desk.comparison({"case": "kazakhstan-2022", "counterfactuals": ["no-blackout"]}, "")
    where = parameters_option(shipped.baseline, default_parameters(shipped.baseline))
    assert shipped.portable.as_command().split() == [
        "steppe", "pair", "kazakhstan-2022", "no-blackout", *where, "--seeds", "8"
    ]  # fmt: skip
    assert "--set alliance.rule=decline" in one.portable.as_command()


@pytest.mark.parametrize("form", ["csv", "parquet", "netcdf"])
def test_exports_hold_both_arms(desk: AppService, name: str, form: str, tmp_path: Path) -> None:
    import zipfile

    made = archive(desk.comparison(setting(name), ""), desk.arms, form, tmp_path)
    with zipfile.ZipFile(made) as found:
        names = found.namelist()
    assert "command.txt" in names
    assert "changes.yaml" in names
    for arm in ("baseline", "counterfactual"):
        assert sum(one.startswith(f"{arm}/") for one in names) > SEEDS
    assert not any(one.startswith("/") or ".." in one for one in names)
    with pytest.raises(RequestError):
        archive(desk.comparison(setting(name, scale=0.0007), ""), desk.arms, form, tmp_path)


def test_an_export_names_the_runs_that_are_not_in_it(
    desk: AppService, name: str, tmp_path: Path
) -> None:
    import zipfile

    whole = archive(desk.comparison(setting(name), ""), desk.arms, "csv", tmp_path)
    with zipfile.ZipFile(whole) as found:
        assert "omitted.csv" not in found.namelist()
        assert "Not here" not in found.read("readme.txt").decode()
    more = desk.comparison(setting(name, seeds=SEEDS + 1), "")
    with zipfile.ZipFile(archive(more, desk.arms, "csv", tmp_path)) as found:
        rows = found.read("omitted.csv").decode().splitlines()
        said = found.read("readme.txt").decode()
    assert rows[0] == "history,seed,run,reason"
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["baseline", f"{SEEDS + 1}"], ["counterfactual", f"{SEEDS + 1}"]
    ]  # fmt: skip
    assert all(row.endswith(",not stored") for row in rows[1:])
    assert f"Not here: 2 of {2 * SEEDS + 2} runs; omitted.csv" in said


def test_bundle_holds_the_pairs_on_screen_and_what_repeats_them(
    desk: AppService, name: str, tmp_path: Path
) -> None:
    import zipfile

    one = desk.comparison(setting(name), "")
    made = bundle(one, desk.arms, tmp_path)
    stored = {key for arm in desk.arms.runs(one) for key in arm.values()}
    assert set(open_bundle(made, tmp_path / "again").keys()) == stored
    with zipfile.ZipFile(made) as found:
        command = found.read("command.txt").decode().strip()
        assert "case/scenario.yaml" in found.namelist()
    request = parse_command(command)
    assert (request.seeds, request.scale, request.store) == (SEEDS, SCALE, STORE)
    with pytest.raises(RequestError, match="run it"):
        bundle(desk.comparison(setting(name, scale=0.0007), ""), desk.arms, tmp_path)


def test_a_bundle_with_a_gap_holds_every_pair_and_names_the_rest(
    name: str, folder: Path, store: Store, tmp_path: Path
) -> None:
    import zipfile

    case, own = load(folder), Store(tmp_path / "own")
    variant = case.counterfactual("no-price-shock")
    pair(case, variant, (1, 3), store=own, scale=SCALE)
    own.put(store.get(job_key(BatchJob(variant, 2, SCALE))))
    desk = AppService(Config(store=tmp_path / "own", cases=(folder,)))
    try:
        made = bundle(desk.comparison(setting(name, seeds=4), ""), desk.arms, tmp_path)
    finally:
        desk.close()
    with zipfile.ZipFile(made) as found:
        readme, table = (found.read(f).decode() for f in ("README.txt", "omitted.csv"))
        results = list(csv.DictReader(io.StringIO(found.read("results.csv").decode())))
    assert [(row["arm"], row["seed"]) for row in results] == [
        (arm, seed) for arm in ("baseline", "counterfactual") for seed in ("1", "3")
    ]
    rows = [tuple(row.values())[::3] for row in csv.DictReader(io.StringIO(table))]
    alone = "the other history of this seed is not stored"
    assert sorted(rows) == [
        ("baseline", "not stored"), ("baseline", "not stored"),
        ("counterfactual", "not stored"), ("counterfactual", alone),
    ]  # fmt: skip
    assert "Seeds: 1, 3.\nNot here: 4 of 8 runs; omitted.csv" in readme
    assert len(open_bundle(made, tmp_path / "again").keys()) == 4


def test_figures_come_in_every_kind_and_width_with_legend_and_note(
    desk: AppService, name: str, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra plot")
    made = figures_archive(desk.comparison(setting(name), ""), desk.arms, tmp_path)
    with zipfile.ZipFile(made) as found:
        kinds = Counter(Path(one).suffix for one in found.namelist())
        drawing = found.read("active-one-column.svg").decode()
        assert found.read("active-two-columns.pdf").startswith(b"%PDF")
        names = {name.split("-one-")[0] for name in found.namelist() if "-one-" in name}
    assert {"effects", "map-baseline", "map-counterfactual", "map-difference"} < names
    assert kinds[".svg"] == kinds[".png"] == kinds[".pdf"] > 4
    width = float(re.search(r'width="([0-9.]+)pt"', drawing).group(1))  # type: ignore[union-attr]
    assert width == pytest.approx(85.0 / 25.4 * 72.0)
    with pytest.raises(RequestError, match="run it"):
        figures_archive(desk.comparison(setting(name, scale=0.0007), ""), desk.arms, tmp_path)


def test_figures_of_a_quick_look_say_that_they_are_no_result(
    desk: AppService, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra plot")
    look = desk.comparison({"case": "two-valleys", "set": {"prices.shock": 0.35}}, "")
    made = figures_archive(look, desk.arms, tmp_path)
    with zipfile.ZipFile(made) as found:
        assert found.read("readme.txt").decode().startswith("A quick look by cohorts, not a result")
        for one in (each for each in found.namelist() if each.endswith("two-columns.svg")):
            assert "a look by cohorts, not a result" in found.read(one).decode(), one
    shipped = {"case": "kazakhstan-2022", "counterfactuals": ["no-blackout"]}
    with pytest.raises(RequestError, match="without its runs"):
        figures_archive(desk.comparison(shipped, ""), desk.arms, tmp_path)


def test_jobs_are_fair_private_and_bounded(store: Store) -> None:
    # No run is made: the executor's place is taken by a gate that the test opens.
    gate, seen = threading.Event(), []

    class Slow(Jobs):
        def _make(self, job: object) -> None:
            seen.append(job.owner)  # type: ignore[attr-defined]
            gate.wait(10)

    limits = AppLimits(jobs_at_once=1, jobs_each=3)
    jobs = Slow(store, limits, lambda scenario: None, Quotas(store, limits, True))
    one, two, three, four = (
        SimpleNamespace(
            case=SimpleNamespace(id="x"), request=StudyRequest(case="x", seeds=seeds),
            parameters="default", changes=(), baseline=None,
        )
        for seeds in (1, 2, 3, 4)
    )  # fmt: skip
    first = [jobs.start(plain, "flood") for plain in (one, two, three)]  # type: ignore[arg-type]
    assert jobs.start(one, "flood") is first[0]  # type: ignore[arg-type]
    with pytest.raises(TooManyError):
        jobs.start(four, "flood")  # type: ignore[arg-type]
    other = jobs.start(one, "calm")  # type: ignore[arg-type]
    with pytest.raises(UnknownError):
        jobs.job(first[0].id, "calm")
    jobs.cancel(first[2])
    assert first[2].state == "cancelled"
    ended = threading.Event()
    jobs.listen(other, lambda document: ended.set() if document["state"] == "done" else None)
    gate.set()
    assert ended.wait(10)
    jobs.close()
    assert seen.index("calm") <= 2
