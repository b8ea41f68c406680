"""A case that passes ``check`` can be run by both engines, reported and shown.

Cases are ``two-valleys`` with boundaries and observed figures, changed at random as people err: a
cell exchanged for another value, two cells swapped, a line lost or doubled.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.case.trials import make, trials

import steppe
from steppe.app.case_json import case_document
from steppe.app.case_registry import Case
from steppe.case.scenario import Scenario
from steppe.commands.check import content_of
from steppe.commands.report_writer import payload_of
from steppe.core.errors import CaseError, SteppeError
from steppe.evidence.scoring import score
from steppe.report.page import write_report
from steppe.study.request import StudyRequest
from steppe.study.resolve import resolve

CELLS = (
    "", "0", "1", "-1", "0.0", "1e-9", "0.5", "1.0", "7", "50", "99.9", "100", "1000", "240000",
    "1e6", "2000000000", "lower-valley", "upper-valley", "highford", "national", "none", "police",
    "city", "2030-03-01T00:00", "2030-03-04T13:00", "2030-03-08T00:00", "2030-03-03", "x", "'",
    "NaN", "<b>", "9.1", "46.8", "[9.1, 46.8]", "null", "true", "protest_size", "persons", "high",
)  # fmt: skip
FILES = ("regions.csv", "places.csv", "prices.csv", "forces.csv", "observed.csv", "b.geojson",
         "scenario.yaml")  # fmt: skip
TOUCHED: dict[str, int] = {}


@dataclass(frozen=True)
class Slip:
    """One mistake: what is done to which part of which line of which file."""

    file: str
    kind: str
    line: int
    cell: int
    value: str

    def apply(self, text: str) -> str:
        """Return the text with the mistake in it."""
        lines = text.split("\n")
        at = self.line % len(lines)
        if self.kind == "lose":
            return "\n".join(lines[:at] + lines[at + 1 :])
        if self.kind == "double":
            return "\n".join(lines[: at + 1] + lines[at:])
        separator = {"csv": ",", "geojson": ",", "yaml": ": "}[self.file.rpartition(".")[2]]
        parts = lines[at].split(separator)
        where = self.cell % len(parts)
        if self.kind == "swap":
            other = (where + 1) % len(parts)
            parts[where], parts[other] = parts[other], parts[where]
        else:
            parts[where] = self.value
        lines[at] = separator.join(parts)
        return "\n".join(lines)


slips = st.builds(
    Slip, st.sampled_from(FILES), st.sampled_from(["set", "set", "set", "swap", "lose", "double"]),
    st.integers(0, 110), st.integers(0, 40), st.sampled_from(CELLS),
)  # fmt: skip


def went_on(case: Path) -> bool:
    """Check a case; if it is right run, score, report and show it. Return whether it was right."""
    try:
        study = resolve(StudyRequest(case=str(case), scale=0.0005))
        content_of(study.baseline, None)
    except CaseError:
        return False
    case_document(Case("x", "x", "folder", case), study.baseline)
    short = study.baseline.change("clock.hours", 2)
    by_cohorts(short)
    run = steppe.run(short, 1, scale=0.0005)
    payload = payload_of(
        replace(study, case=short, baseline=short), [run], score(short, [run]), "steppe run x"
    )
    write_report(payload, case.parent / "page.html")
    return True


def by_cohorts(case: Scenario) -> None:
    """Run and score a case by cohorts, unless that engine says why it cannot."""
    try:
        run = steppe.run(case, 1, engine="cohorts")
    except SteppeError as error:
        if not str(error).startswith("the cohort engine cannot run this: "):
            raise
    else:
        score(case, [run])


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("right") / "case", trials()["o12-good"]["files"])


def test_the_case_itself_goes_all_the_way(right: Path) -> None:
    assert went_on(right)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(mistakes=st.lists(slips, min_size=1, max_size=2))
def test_whatever_check_lets_through_goes_all_the_way(right: Path, mistakes: list[Slip]) -> None:
    case = right.parent / "changed"
    shutil.rmtree(case, ignore_errors=True)
    shutil.copytree(right, case)
    for slip in mistakes:
        path = case / slip.file
        path.write_text(slip.apply(path.read_text(encoding="utf-8")), encoding="utf-8")
    outcome = "right" if went_on(case) else "refused"
    TOUCHED[outcome] = TOUCHED.get(outcome, 0) + 1


def test_both_ends_were_reached() -> None:
    if not TOUCHED:
        pytest.skip("needs the test before it")
    assert TOUCHED["right"] >= 5
    assert TOUCHED["refused"] >= 5
