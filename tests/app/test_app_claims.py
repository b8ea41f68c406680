"""Claims on the page: verdicts of this version, failures first, and word of those of another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from steppe.app import claims, shipped_verdicts
from steppe.app.case_registry import Case
from steppe.app.claims import ORDER, claims_document
from steppe.case.claims import claims_of
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.report.claims_payload import ClaimsBasis
from steppe.report.claims_sentences import answer
from steppe.results.store import Store
from steppe.study.claims.verdict_store import VerdictStore

FOLDER = Path(claims.__file__).parents[1] / "cases" / "two-valleys"
JUDGED = ("price-doubled", "half-in-highford", "cut-before-price")
"""Claims that need no run."""


@pytest.fixture(scope="module")
def valleys() -> Scenario:
    return load("two-valleys")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("claims") / "runs"
    words = ["judge", "two-valleys", *JUDGED, "--store", str(path), "--json"]
    assert CliRunner().invoke(cli, words).exit_code == 0
    return Store(path)


def shown(scenario: Scenario, store: Store) -> dict[str, Any]:
    return claims_document(Case("two-valleys", "Two valleys", "shipped", FOLDER), scenario, store)


def test_stored_verdicts_are_shown_failures_first(valleys: Scenario, store: Store) -> None:
    found = shown(valleys, store)
    verdicts = [one["verdict"] for one in found["claims"]]
    assert verdicts == sorted(verdicts, key=ORDER.index)
    assert sum(verdict != "not judged" for verdict in verdicts) == len(JUDGED)
    assert found["outdated"] == 0


def test_reasons_are_the_sentences_of_the_report(valleys: Scenario, store: Store) -> None:
    file = claims_of("two-valleys", valleys)
    assert file is not None
    basis = ClaimsBasis(file, valleys)
    said = {one["id"]: one["reasons"] for one in shown(valleys, store)["claims"]}
    for record in VerdictStore(store).all():
        assert said[str(record["id"])] == answer(record, basis)
    assert said["half-in-highford"][0].startswith("Observed: ")


def test_verdicts_of_another_engine_are_counted_and_not_shown(
    valleys: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "engine_version", lambda: "another")
    found = shown(valleys, store)
    assert found["summary"] == {"not judged": len(found["claims"])}
    assert found["outdated"] == len(JUDGED)


@pytest.fixture
def shipped(
    valleys: Scenario, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """An empty store beside a package that ships what ``store`` holds."""
    records = list(VerdictStore(store).all())
    (file,) = {one["made_with"]["claims_sha256"] for one in records}
    shipped_verdicts.write_verdicts(valleys, file, records, tmp_path / "reference")
    monkeypatch.setattr(shipped_verdicts.resources, "files", lambda _: tmp_path)
    shipped_verdicts._lines.cache_clear()
    yield Store(tmp_path / "runs")
    shipped_verdicts._lines.cache_clear()


def test_shipped_verdicts_are_shown_and_called_so(valleys: Scenario, shipped: Store) -> None:
    found = {one["id"]: one for one in shown(valleys, shipped)["claims"]}
    assert {name for name, one in found.items() if one["shipped"]} == set(JUDGED)
    assert {one["verdict"] for name, one in found.items() if name not in JUDGED} == {"not judged"}


def test_shipped_verdicts_of_another_model_or_case_are_not_shown(
    valleys: Scenario, shipped: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = valleys.model_copy(update={"clock": valleys.clock.model_copy(update={"hours": 200})})
    assert set(shown(longer, shipped)["summary"]) == {"not judged"}
    monkeypatch.setattr(shipped_verdicts, "MODEL_VERSION", "another")
    assert not any(one["shipped"] for one in shown(valleys, shipped)["claims"])


def test_verdicts_on_another_case_do_not_count(valleys: Scenario, store: Store) -> None:
    other = valleys.model_copy(update={"id": "other"})
    assert shown(other, store)["outdated"] == 0
