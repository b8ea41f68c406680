"""``steppe validate`` on small files: what it prints, what it gives programs, what it refuses."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from steppe.cli import cli
from steppe.commands import validate
from steppe.research import validation
from steppe.research.crises.runs import Simulations
from steppe.research.crises.table import Crisis, open_crises
from steppe.research.intervention.requests import InterventionRequest, open_requests

CRISES = {"n", "brier", "brier_references", "log", "crps_peak", "crps_deaths", "per_case"}
INTERVENTIONS = {"n", "brier", "brier_reference", "log"}


def table(path: Path, rows: list[Any]) -> Path:
    names = list(type(rows[0]).model_fields)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow(["" if getattr(row, n) is None else getattr(row, n) for n in names])
    return path


@pytest.fixture
def steppe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_runs: tuple[Simulations, ...]
) -> Callable[..., Result]:
    """The command line, with the small runs in place of the simulation of every crisis."""
    asked: list[Any] = []

    def given(cases: Any, seeds: Any, **rest: Any) -> tuple[Simulations, ...]:
        asked.append((cases, list(seeds)))
        by_id = {one.case_id: one for one in few_runs}
        return tuple(Simulations(c.case_id, by_id[c.case_id].runs) for c in cases)

    monkeypatch.setattr(validation, "simulate", given)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, ["validate", *words], standalone_mode=False)

    return run


@pytest.fixture
def crises(tmp_path: Path, two_crises: tuple[Crisis, ...]) -> str:
    return str(table(tmp_path / "crises.csv", list(two_crises)))


@pytest.fixture
def few_requests(tmp_path: Path) -> str:
    rows: list[InterventionRequest] = [r for r in open_requests() if r.granted_bin == 1][:1]
    return str(table(tmp_path / "requests.csv", rows))


def test_json_has_exactly_what_is_promised(
    steppe: Callable[..., Result], crises: str, few_requests: str
) -> None:
    done = steppe("--crises", crises, "--interventions", few_requests, "--json")
    assert done.exception is None, done.exception
    found = json.loads(done.stdout)
    assert set(found) == {"crises", "interventions"}
    assert set(found["crises"]) == CRISES
    assert set(found["interventions"]) == INTERVENTIONS
    assert found["crises"]["n"] == len(found["crises"]["per_case"]) == 2
    assert set(found["crises"]["brier_references"]) == {"base_rate", "logit", "one_half"}
    assert found["interventions"]["n"] == 1
    per_case = {one["case_id"]: one for one in found["crises"]["per_case"]}
    assert per_case["KGZ_2010"]["incumbent_out"]["happened"] is True
    mean = sum(
        (c["incumbent_out"]["model"] - c["incumbent_out"]["happened"]) ** 2
        for c in per_case.values()
    ) / 2  # fmt: skip
    assert found["crises"]["brier"] == pytest.approx(mean, abs=1e-5)


def test_interventions_alone_simulate_nothing(
    steppe: Callable[..., Result], few_requests: str
) -> None:
    found = json.loads(steppe("--interventions", few_requests, "--json").stdout)
    assert set(found) == {"interventions"}


def test_requests_of_the_package_are_scored_where_no_file_is_named(
    steppe: Callable[..., Result], crises: str
) -> None:
    found = json.loads(steppe("--crises", crises, "--json").stdout)
    assert found["interventions"]["n"] == len(open_requests())
    assert found["interventions"]["brier"] < found["interventions"]["brier_reference"]


@pytest.mark.parametrize("columns", ["80", "120"])
def test_tables_fit_the_terminal_and_cut_no_case(
    steppe: Callable[..., Result], crises: str, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    shown = steppe("--crises", crises).stdout
    assert max(map(len, shown.splitlines())) <= int(columns)
    for words in ("KGZ_2010", "GDR_1989", "Brier out", "CRPS deaths", "CRPS peak"):
        assert words in shown
    assert "…" not in shown.replace("0…", "").split("Requests")[0].split("Scores")[0]


def test_episodes_are_shown_beside_the_same_runs(
    steppe: Callable[..., Result], crises: str, tmp_path: Path
) -> None:
    head = "peak_size,violent_share,r_accommodate,r_arrests,r_killings,r_shootings,outcome"
    file = tmp_path / "episodes.csv"
    file.write_text(f"{head}\n5000,0,0,0,1,0,coup\n", encoding="utf-8")
    words = ("--crises", crises, "--episodes", str(file))
    found = json.loads(steppe(*words, "--json").stdout)
    assert found["episodes"]["record"][0]["n"] == 1
    assert "1,000–10,000" in steppe(*words).stdout


def test_a_mistake_in_a_file_is_told_with_its_line(
    steppe: Callable[..., Result], tmp_path: Path
) -> None:
    rows = [row.model_copy(update={"iso3": "kgz"}) for row in open_crises()[:2]]
    done = steppe("--crises", str(table(tmp_path / "bad.csv", rows)))
    assert "bad.csv:2:" in str(done.exception)
    assert "iso3" in str(done.exception)


def test_what_is_validated_follows_from_what_is_named() -> None:
    def order(**given: Any) -> validate.ValidateOptions:
        blank: dict[str, Any] = {
            "crises": None, "interventions": None, "landmarks": None, "episodes": None,
            "robustness": False,
            "seeds": 1, "scale": 1.0, "parameters": "prior",
            "store_path": Path("runs"), "as_json": False,
            "workers": None, "cluster": None, "quiet": False,
        }  # fmt: skip
        return validate.ValidateOptions(**{**blank, **given})

    file = Path("x.csv")
    assert order().simulates
    assert order().asks
    assert order().goes_on
    assert not order(crises=file, interventions=file).goes_on
    assert order(crises=file, landmarks=file).goes_on
    assert not order(landmarks=file).simulates
    assert not order(landmarks=file).asks
    assert not order(interventions=file).simulates
    assert order(interventions=file, crises=file).simulates
    assert not order(robustness=True).simulates
    assert not order(robustness=True).asks
    assert order(robustness=True, crises=file).simulates
