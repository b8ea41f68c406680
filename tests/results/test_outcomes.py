"""The catalogue of outcomes: it agrees with the engine, and one more entry shows everywhere."""

from __future__ import annotations

import csv
import importlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from rich.theme import Theme

from steppe.app.case_json import case_document
from steppe.app.case_registry import Case
from steppe.app.differences import effect_rows
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.commands import pair_tables
from steppe.commands.console import STYLES
from steppe.commands.pair_tables import document
from steppe.report.build import build_payload
from steppe.report.effects import more_or_less
from steppe.report.pair_build import build_pair
from steppe.report.provenance import ReportOptions
from steppe.results import outcomes
from steppe.results.export import export_runs
from steppe.results.outcomes import OUTCOMES, Outcome, by_name, values_of
from steppe.results.store import Store
from steppe.study.pair import Pair, pair

SEEDS = 3

DOCS = Path(__file__).resolve().parents[2] / "docs"


def compared(case: Scenario, store: Path | Store) -> Pair:
    return pair(
        case, "no-price-shock", SEEDS, store=store, scale=0.02, workers=1, parameters="default"
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    case = load("kazakhstan-2022")
    store = tmp_path_factory.mktemp("outcomes")
    return compared(case, store)


def test_the_catalogue_has_what_the_engine_computes(made: Pair) -> None:
    run, _ = next(made.runs(()))
    assert set(run.outcome) == {one.name for one in OUTCOMES if one.derive is None}
    assert set(values_of(run)) == {one.name for one in OUTCOMES}


def test_names_and_labels_are_each_of_one_outcome() -> None:
    assert len({one.name for one in OUTCOMES}) == len({one.label for one in OUTCOMES})
    assert len(by_name()) == len(OUTCOMES)


def test_the_statistic_of_an_outcome_is_the_median_or_the_share() -> None:
    assert by_name()["killed"].over_seeds([1.0, 2.0, 30.0]) == 2.0
    assert by_name()["regime_stays"].over_seeds([1.0, 0.0, 1.0, 1.0]) == 0.75


def test_a_difference_is_said_with_its_direction() -> None:
    peak, legitimacy = by_name()["peak_active"], by_name()["legitimacy_end"]
    assert more_or_less(peak, -3000.0) == "3,000 fewer people on the street at the peak"
    assert more_or_less(peak, 3000.0) == "3,000 more people on the street at the peak"
    assert more_or_less(legitimacy, -0.05) == "legitimacy at the end lower by 0.05"
    assert more_or_less(by_name()["regime_stays"], 0.25).startswith("25 pp more runs")


def test_one_more_entry_shows_everywhere(
    made: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = Outcome(
        "harmed", "People harmed", "people", "killed and wounded", noun="people harmed",
        headline=True, short="harmed",
        derive=lambda values, _: int(values["killed"]) + int(values["wounded"]),
    )  # fmt: skip
    monkeypatch.setattr(outcomes, "OUTCOMES", (extra, *OUTCOMES))
    monkeypatch.syspath_prepend(str(DOCS))
    shipped = Case("x", "X", "shipped", DOCS)
    pages = importlib.import_module("generator.reference")
    again = compared(made.scenario, made.baseline.store)
    runs = list(again.baseline.trajectories())
    payload = build_payload(made.scenario, runs, (), ReportOptions("steppe run"))
    table = Console(width=140, record=True, theme=Theme(STYLES), file=io.StringIO())
    pair_tables.show(table, again, None)
    folder = export_runs(runs, tmp_path / "csv", "csv")
    with (folder / "runs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places = {
        "report": [one.label for one in payload.spreads],
        "pair report": [
            one.label for one in build_pair(again, ReportOptions("steppe pair")).effects
        ],
        "app": [one["label"] for one in effect_rows(again.comparison)],
        "case of the app": case_document(shipped, made.scenario)["outcomes"],
        "documentation": pages.outcomes(),
        "command line": [table.export_text()],
        "json": [one["label"] for one in document("x", again, None, None)["effects"]],
        "notebook": [again._repr_html_(), again.baseline._repr_html_()],
    }
    assert {name for name, texts in places.items() if extra.label not in str(texts)} == set()
    assert int(rows[0]["outcome_harmed"]) == values_of(runs[0])["harmed"]
    assert "harmed" in outcomes.checked_outcomes(("harmed",))


def test_all_views_of_a_comparison_have_the_same_numbers(made: Pair) -> None:
    """Command line, report, app and Python, for every outcome that is shown."""
    views = {
        "json": {one["outcome"]: one for one in document("x", made, None, None)["effects"]},
        "app": {one["name"]: one for one in effect_rows(made.comparison)},
        "report": {
            row.outcome.name: row.document()
            for row in build_pair(made, ReportOptions("steppe pair")).effects
        },
    }
    ones, others = zip(*made.runs(()), strict=True)
    for outcome in outcomes.headlines():
        arms = [np.array([values_of(run)[outcome.name] for run in arm], float)
                for arm in (ones, others)]  # fmt: skip
        for view in views.values():
            row = view[outcome.name]
            assert row["label"] == outcome.label
            assert row["baseline"] == np.median(arms[0])
            assert row["variant"] == np.median(arms[1])
            assert row["difference"] == pytest.approx((arms[0] - arms[1]).mean())
            assert (row["low"], row["high"]) == (
                made.effect(outcome.name).low, made.effect(outcome.name).high,
            )  # fmt: skip
    assert json.dumps(views["app"]) == json.dumps(views["app"], allow_nan=False)
