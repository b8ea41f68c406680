"""Payloads and pages shared by the report's tests: built once, they are read only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import report_synthetic as synthetic
from report_synthetic import HOSTILE

from steppe.case import Scenario
from steppe.report.build import build_payload
from steppe.report.page import render
from steppe.report.payload import ReportPayload
from steppe.report.provenance import ReportOptions
from steppe.results.trajectory import Event, Trajectory

COMMAND = "steppe run kazakhstan-2022 --seeds 24"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window, for modules that are skipped where there is none."""
    from test_report_browser import ARGUMENTS, CHROMIUM, sync_api

    with sync_api.sync_playwright() as play:
        engine = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield engine
        engine.close()


@pytest.fixture(scope="session")
def case() -> Scenario:
    return synthetic.scenario()


@pytest.fixture(scope="session")
def runs(case: Scenario) -> tuple[Trajectory, ...]:
    return synthetic.trajectories(case, 24)


@pytest.fixture(scope="session")
def payload(case: Scenario, runs: tuple[Trajectory, ...]) -> ReportPayload:
    options = ReportOptions(COMMAND, attribution=("Places: GeoNames, CC BY 4.0",))
    payload = build_payload(case, runs, synthetic.scores(), options)
    return replace(payload, parameters=synthetic.parameters())


@pytest.fixture(scope="session")
def page(payload: ReportPayload) -> str:
    return render(payload)


@pytest.fixture(scope="session")
def hostile_page() -> str:
    """Return a page whose every text field tries to become markup."""
    case = synthetic.scenario()
    bad = HOSTILE
    case = case.model_copy(
        update={
            "title": bad,
            "summary": bad,
            "questions": (bad,),
            "country": case.country.model_copy(update={"name": bad}),
            "alliance": case.alliance.model_copy(update={"name": bad}),
            "mechanisms": {bad: bad},
            "regions": tuple(r.model_copy(update={"name": bad}) for r in case.regions),
            "places": tuple(p.model_copy(update={"name": bad}) for p in case.places),
            "timeline": tuple(
                e.model_copy(update={"text": bad, "source": bad}) for e in case.timeline
            ),
            "observations": tuple(
                o.model_copy(update={"source": bad, "note": bad}) for o in case.observations
            ),
        }
    )
    run = synthetic.trajectory(case, 1)
    record = replace(run.record, case=bad, scenario_hash=bad, model_version=bad, warnings=(bad,))
    events = (Event(5, bad, bad, bad, 1.0, bad, "model"),)
    run = replace(run, record=record, events=events, outcome={**run.outcome, "fate": bad})
    score = replace(
        synthetic.scores()[0], id=bad, title=bad, unit=bad, source=bad, note=bad, reason=bad
    )
    entry = replace(
        synthetic.parameters()[0],
        mechanism=bad, name=bad, symbol=bad, unit=bad, prior=bad, source=bad, meaning=bad,
    )  # fmt: skip
    options = ReportOptions(bad, {bad: bad}, [bad], bad, [bad])
    payload = build_payload(case, [run], [score], options)
    return render(replace(payload, parameters=(entry,)))
