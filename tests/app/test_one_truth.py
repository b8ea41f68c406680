"""One study, more than twenty of its numbers, and every surface that shows them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import steppe
from steppe.app.config import Config
from steppe.app.exports import archive
from steppe.app.service import AppService
from steppe.cli import cli
from steppe.report.effects import spread
from steppe.report.pair_sentences import answer, title_of
from steppe.results.formatting import quantity, signed
from steppe.results.hashing import key_of
from steppe.results.store import Store
from steppe.study.comparison import OutcomeDifference
from steppe.study.ensemble import ensemble
from steppe.study.pair import Pair, pair

CASE, CHANGE, SEEDS = "two-valleys", "no-rise", 3
FIGURES = ("baseline", "variant", "difference", "low", "high")
OUTCOMES = ("peak_active", "people_killed", "arrested", "wounded", "legitimacy_end")
"""Outcomes of which each surface shows five numbers."""


@dataclass(frozen=True)
class Surfaces:
    """The study in Python, and what every other surface made of it."""

    pair: Pair
    terminal: str
    document: Mapping[str, Any]
    page: str
    app: Mapping[str, Any]
    export: Mapping[str, str]


@pytest.fixture(scope="module")
def surfaces(tmp_path_factory: pytest.TempPathFactory) -> Surfaces:
    folder = tmp_path_factory.mktemp("truth")
    store, report = folder / "runs", folder / "pair.html"
    words = ["pair", CASE, CHANGE, "--seeds", str(SEEDS), "--store", str(store)]
    made = pair(CASE, CHANGE, SEEDS, store=store)
    terminal = CliRunner(env={"COLUMNS": "160"}).invoke(cli, [*words, "--report", str(report)])
    document = CliRunner().invoke(cli, [*words, "--json", "--no-report"])
    assert (terminal.exit_code, document.exit_code) == (0, 0)
    desk = AppService(Config(store=store))
    setting = {"case": CASE, "counterfactuals": [CHANGE], "seeds": SEEDS}
    try:
        one = desk.comparison(setting, "")
        app = json.loads(desk.arms.comparison(one))
        with zipfile.ZipFile(archive(one, desk.arms, "csv", folder)) as out:
            export = {name: out.read(name).decode() for name in out.namelist()}
    finally:
        desk.close()
    page = report.read_text(encoding="utf-8")
    text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
    return Surfaces(made, terminal.stdout, json.loads(document.stdout), text, app, export)


@pytest.fixture
def rows(surfaces: Surfaces) -> dict[str, OutcomeDifference]:
    comparison = surfaces.pair.comparison
    every = {row.outcome.name: row for row in (*comparison.rows, *comparison.after)}
    return {name: every[name] for name in OUTCOMES}


def _numbers(row: OutcomeDifference) -> list[float]:
    effect = row.effect
    return [row.baseline, row.counterfactual, effect.difference, effect.low, effect.high]


def _words(row: OutcomeDifference) -> list[str]:
    unit, digits = row.unit, row.digits
    arms = [quantity(value, unit, digits) for value in (row.baseline, row.counterfactual)]
    return [*arms, signed(row.effect.difference, unit, digits), spread(row.effect, unit, digits)]


def test_documents_hold_the_numbers_of_python(
    surfaces: Surfaces, rows: dict[str, OutcomeDifference]
) -> None:
    ours = [{row["outcome"]: row for row in part} for part in (
        surfaces.document["effects"],
        surfaces.app["differences"]["effects"],
        list(csv.DictReader(io.StringIO(surfaces.export["effects.csv"]))),
    )]  # fmt: skip
    compared = 0
    for name, row in rows.items():
        for part in ours:
            found = [float(part[name][figure]) for figure in FIGURES]
            assert found == pytest.approx(_numbers(row), rel=1e-12)
            compared += len(found)
    assert compared >= 3 * 20


def test_tables_for_readers_write_the_numbers_alike(
    surfaces: Surfaces, rows: dict[str, OutcomeDifference]
) -> None:
    for row in rows.values():
        for place in (surfaces.terminal, surfaces.page):
            at = re.escape(row.label) + r"(?:\s+people)?\s+" + r"\s+".join(
                re.escape(word) for word in _words(row) if word
            )  # fmt: skip
            assert re.search(at, place), (row.label, _words(row))


def test_sentence_parting_and_fate_are_the_same(surfaces: Surfaces) -> None:
    made = surfaces.pair
    sentence = answer(made.comparison, title_of(made))
    assert surfaces.document["answer"] == surfaces.app["differences"]["answer"] == sentence
    assert sentence in surfaces.page
    assert sentence in re.sub(r"\s+", " ", surfaces.terminal)
    hour = min(made.first_divergence)
    assert surfaces.document["first_divergence_hour"] == hour
    assert surfaces.app["differences"]["parted"] == hour
    stays = made.comparison.cause("regime_stays")
    assert stays is not None
    causes = {one["name"]: one for one in surfaces.app["differences"]["causes"]}
    told = causes[stays.outcome]
    happened = stays.always + stays.only_with
    assert told["baseline"] == happened
    assert f"The regime stays in {happened} of {SEEDS} baseline runs" in surfaces.terminal
    assert f"The regime stays in {happened} of {SEEDS} baseline runs" in surfaces.page


def test_exported_runs_give_the_numbers_again(
    surfaces: Surfaces, rows: dict[str, OutcomeDifference]
) -> None:
    arms = []
    for arm in ("baseline", "counterfactual"):
        table = list(csv.DictReader(io.StringIO(surfaces.export[f"{arm}/runs.csv"])))
        assert {row["arm"] for row in table} == {arm}
        assert [int(row["seed"]) for row in table] == list(surfaces.pair.seeds)
        assert {row["parameters"] for row in table} == {surfaces.document["parameters"]}
        arms.append(table)
    for name, row in rows.items():
        one, other = (
            np.array([float(line[f"outcome_{name}"]) for line in table]) for table in arms
        )
        assert float(np.median(one)) == pytest.approx(row.baseline)
        assert float(np.median(other)) == pytest.approx(row.counterfactual)
        assert float(np.mean(one - other)) == pytest.approx(row.effect.difference)


def test_every_door_makes_the_same_run_unless_told_otherwise(tmp_path: Path) -> None:
    case = "kazakhstan-2022"
    store = Store(tmp_path / "runs")
    one = steppe.run(case, 1, engine="cohorts")
    own = key_of(one.record)
    group = ensemble(case, 1, engine="cohorts", store=store)
    assert group.keys[1] == own
    both = pair(case, "no-blackout", 1, engine="cohorts", store=store)
    assert store.has(own)
    swept = steppe.sweep(case, ["prices.shock=1"], 1, engine="cohorts", store=store)
    assert swept.keys == ((own,),)
    removed = next(steppe.ablations(case, 1, engine="cohorts", store=store))
    peaks = [run.outcome["peak_active"] for run, _ in removed.pair.runs(())]
    assert (
        peaks
        == [one.outcome["peak_active"]]
        == [run.outcome["peak_active"] for run, _ in both.runs(())]
    )
    words = [
        "run",
        case,
        "--seeds",
        "1",
        "--engine",
        "cohorts",
        "--store",
        str(store.path),
        "--json",
    ]
    told = json.loads(CliRunner().invoke(cli, words).stdout)
    assert [seed["hash"] for seed in told["seeds"]] == [own]
    desk = AppService(Config(store=tmp_path / "other"))
    try:
        (arm,) = desk.comparison({"case": case, "seeds": 1}, "").arms
        assert desk.draws.hashes(arm) == {1: one.record.scenario_hash}
    finally:
        desk.close()
