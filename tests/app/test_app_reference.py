"""Results shipped with a case: shown until something is stored, refused when out of date."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from steppe.app import arms, reference
from steppe.app.reference import ShippedArm, ShippedResult, ShippedStamp
from steppe.app.service import AppService
from steppe.engine.version import MODEL_VERSION, engine_version

CASE = "two-valleys"
CHANGE = "no-cut"


@pytest.fixture
def shipped(desk: AppService, monkeypatch: pytest.MonkeyPatch) -> ShippedResult:
    one = desk.comparison({"case": CASE, "counterfactuals": [CHANGE]}, "")
    base, other = (desk.draws.of(arm) for arm in one.arms)
    stamp = ShippedStamp(
        CASE, base.base, base.source, base.sample, MODEL_VERSION, engine_version(one.baseline), 5
    )
    made = ShippedResult(
        stamp, '{"engine":"citizens"}', (ShippedArm(CHANGE, other.base, '{"v":1}', '{"d":1}'),)
    )
    monkeypatch.setattr(arms, "reference_of", lambda case: made if case == CASE else None)
    return made


def read(desk: AppService, **changes: object) -> dict[str, object]:
    one = desk.comparison({"case": CASE, **changes}, "")
    document: dict[str, object] = json.loads(desk.arms.comparison(one))
    return document


def test_first_view_is_the_shipped_result(desk: AppService, shipped: ShippedResult) -> None:
    front = desk.front(CASE, "")
    assert front["counterfactuals"] == [CHANGE]
    view = read(desk, **{key: value for key, value in front.items() if key != "case"})
    head = view["head"]
    assert isinstance(head, dict)
    assert (head["shipped"], head["pairs"], head["current"]) == (True, 5, True)
    assert (view["baseline"], view["variant"]) == ({"engine": "citizens"}, {"v": 1})
    assert view["differences"] == {"d": 1}


def test_another_change_has_the_baseline_alone(desk: AppService, shipped: ShippedResult) -> None:
    view = read(desk, set={"prices.shock": 0.5})
    head = view["head"]
    assert isinstance(head, dict)
    assert (view["baseline"], view["variant"], head["pairs"]) == ({"engine": "citizens"}, None, 0)


@pytest.mark.parametrize("changes", [{"scale": 0.1}, {"parameters": "prior"}])
def test_other_runs_are_not_said_to_be_those_shipped(
    desk: AppService, shipped: ShippedResult, changes: dict[str, object]
) -> None:
    assert read(desk, counterfactuals=[CHANGE], **changes)["baseline"] is None


@pytest.mark.parametrize(
    ("other", "words"),
    [({"model": "0"}, "model version 0"), ({"base": "x"}, "another version of the case"),
     ({"sample": "x"}, "another posterior sample")],
)  # fmt: skip
def test_stale_results_are_refused_in_words(
    desk: AppService,
    shipped: ShippedResult,
    monkeypatch: pytest.MonkeyPatch,
    other: dict[str, str],
    words: str,
) -> None:
    stale = replace(shipped, stamp=replace(shipped.stamp, **other))
    monkeypatch.setattr(arms, "reference_of", lambda case: stale)
    view = read(desk, counterfactuals=[CHANGE])
    head = view["head"]
    assert isinstance(head, dict)
    assert view["baseline"] is None
    assert words in head["notice"]
    assert f"python tools/make_reference.py {CASE}" in head["notice"]


def test_results_are_read_as_they_were_written(
    shipped: ShippedResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = reference.write_reference(shipped, tmp_path / reference.FOLDER)
    assert path.read_bytes() == reference.write_reference(shipped, tmp_path / "again").read_bytes()
    monkeypatch.setattr(reference.resources, "files", lambda package: tmp_path)
    reference.reference_of.cache_clear()
    try:
        assert reference.reference_of(CASE) == shipped
        assert reference.reference_of("nothing") is None
    finally:
        reference.reference_of.cache_clear()
