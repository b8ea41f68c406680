"""Claims on the page: verdicts of this version, failures first, and word of those of another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from steppe.app import claims
from steppe.app.case_registry import Case
from steppe.app.claims import ORDER, claims_document
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.results.store import Store

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


def test_verdicts_of_another_engine_are_counted_and_not_shown(
    valleys: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "engine_version", lambda: "another")
    found = shown(valleys, store)
    assert found["summary"] == {"not judged": len(found["claims"])}
    assert found["outdated"] == len(JUDGED)


def test_verdicts_on_another_case_do_not_count(valleys: Scenario, store: Store) -> None:
    other = valleys.model_copy(update={"id": "other"})
    assert shown(other, store)["outdated"] == 0
