"""Answers are kept under the key of their question, and say first what nowcasts do not do well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.study.nowcast.answers import FOLDER, load_answer
from steppe.study.nowcast.limits import GENERAL, limits
from steppe.study.nowcast.nowcast import nowcast
from steppe.study.nowcast.question import NowcastSettings, question_of
from steppe.study.nowcast.result import Nowcast

DAY = "2022-01-02"
SMALL = NowcastSettings(looks=4, draws=2)
ACCOUNT = Path(__file__).resolve().parents[3] / "validation" / "nowcast.json"


@pytest.fixture(scope="module")
def case() -> Scenario:
    return load("kazakhstan-2022")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nowcast")


@pytest.fixture(scope="module")
def answer(case: Scenario, folder: Path) -> Nowcast:
    return nowcast(case, DAY, store=folder, workers=1, looks=4, draws=2)


def test_an_answer_is_found_by_its_question(case: Scenario, answer: Nowcast, folder: Path) -> None:
    key = question_of(case, DAY, (), SMALL).key
    assert load_answer(folder / FOLDER, key) == json.loads(json.dumps(answer.document()))
    (folder / FOLDER / "damaged.json").write_text("{", encoding="utf-8")
    assert load_answer(folder / FOLDER, "damaged") is None


def test_another_question_or_case_has_another_key(case: Scenario) -> None:
    figure = next(one for one in case.evidence.targets if one.observable == "peak_on_day")
    revised = figure.model_copy(update={"id": "new", "value": 7.0, "low": 7.0, "high": 7.0})
    evidence = case.evidence.model_copy(update={"targets": (*case.evidence.targets, revised)})
    keys = [
        question_of(case, DAY, (), SMALL).key,
        question_of(case, DAY, (), NowcastSettings(looks=5, draws=2)).key,
        question_of(case, "2022-01-03", (), SMALL).key,
        question_of(case, DAY, ("no-lethal-force",), SMALL).key,
        question_of(case.change("prices.shock", 0.5), DAY, (), SMALL).key,
        question_of(case.model_copy(update={"evidence": evidence}), DAY, (), SMALL).key,
    ]
    assert len(set(keys)) == len(keys)
    assert question_of(load("kazakhstan-2022"), DAY, (), SMALL).key == keys[0]


def test_limits_come_first_and_hold_of_the_account(answer: Nowcast) -> None:
    assert list(answer.document())[:2] == ["case", "limits"]
    assert limits(answer)[: len(GENERAL)] == list(GENERAL)
    days = json.loads(ACCOUNT.read_text(encoding="utf-8"))["days"].values()
    scores: list[dict[str, Any]] = [one for day in days for one in day["scores"]]
    crowds = [one for one in scores if one["crowd"] and one["region"] == "national"]
    said, without, as_now = (
        np.mean([one[way] for one in crowds]) for way in ("pooled", "prior", "persistence")
    )
    assert without < said < as_now
    whole, aside = (np.mean([one[way] for one in scores]) for way in ("pooled", "prior"))
    assert whole < aside
    towns = [one for one in scores if one["observable"] == "peak_place_on_day"]
    missed = [one for one in towns if not one["covered"]]
    assert missed
    assert all(one["value"] > one["forecast"][-1] for one in missed)
