"""``steppe judge`` and ``steppe claims``: verdicts in words and as JSON, mistakes in words."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from steppe.cli import cli, parse_command
from steppe.results.store import Store
from steppe.study.executors import Inline
from steppe.study.request import CaseChanges

CASE = "extends: two-valleys\nid: copy\nclock:\n  hours: 24\n"
CLAIMS = """\
format: 1
source: "someone, somewhere"
seeds: 6
minimum_probability: 0.6
claims:
  - id: same
    text: "One sentence changed nothing."
    asserted_by: somebody
    kind: causal
    rests_on: [figure]
    test:
      counterfactual:
        patch: no-statement
        quantity: {outcome: peak_active}
        direction: none
        margin: 0
  - id: figure
    text: "The country has a million people."
    asserted_by: somebody
    kind: figure
    test:
      evidence:
        claimed: {value: 1000000, tolerance: 0.1}
        observed: {address: country.citizens}
        unit: persons
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store for all tests here, so that no run is made twice."""
    return tmp_path_factory.mktemp("claims") / "store"


@pytest.fixture
def case(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(CASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STEPPE_STORE", str(store))
    monkeypatch.setenv("COLUMNS", "80")
    # The few small runs need no process of their own: starting one costs more than they do.
    monkeypatch.setattr("steppe.commands.cluster.executor", inline)
    return folder


@contextmanager
def inline(store: Store, *_: object) -> Iterator[Inline]:
    """Make runs in this process."""
    yield Inline(store)


def steppe(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words), catch_exceptions=False, standalone_mode=False)


QUICK = (
    "--scale", "0.002", "--workers", "1", "--rival-seeds", "0", "--prior-seeds", "2", "--quiet"
)  # fmt: skip


def test_judge_prints_what_was_contradicted_first(case: Path, store: Path) -> None:
    (case / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    answer = steppe("judge", "./copy", *QUICK)
    said = answer.stdout
    assert answer.return_value == 0
    assert said.index("Contradicted: 1 of 2") < said.index("Supported: 1 of 2")
    assert "rests on what is contradicted: figure" in said
    assert "6 of 6 pairs (95 %: 61 to 100 %) show no difference beyond 0" in " ".join(said.split())
    aside = ("/", "steppe", "report")
    lines = [line for line in said.splitlines() if not line.startswith(aside)]
    assert max(map(len, lines)) <= 80  # paths and commands are never broken
    assert "0.002 agents for one citizen" in " ".join(answer.stderr.split())
    (page,) = store.glob("reports/*.html")
    assert page.name == "copy-claims-scale-0.002.html"
    text = page.read_text(encoding="utf-8")
    assert "A quick look, not verdicts to quote." in text
    assert "One sentence changed nothing." in text


def test_judge_as_json(case: Path) -> None:
    (case / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    quick = (*QUICK, "--no-report", "--json")
    found: dict[str, Any] = json.loads(steppe("judge", "./copy", *quick).stdout)
    assert found["report"] is None
    same, figure = found["claims"]
    assert (same["verdict"], same["number"], same["n"]) == ("supported", 1.0, 6)
    assert same["interval"][0] == pytest.approx(0.610, abs=0.001)
    assert same["robust"]["tried"] == 1
    assert same["look"].startswith("steppe pair ./copy --set timeline.no-comment.enabled=false")
    assert "--prior-seeds 2" in same["judge_again"]
    assert (figure["verdict"], figure["number"], figure["look"]) == ("contradicted", 400_000, "")
    one: dict[str, Any] = json.loads(steppe("judge", "./copy", "figure", "--json").stdout)
    assert [claim["id"] for claim in one["claims"]] == ["figure"]


def test_the_commands_it_prints_mean_the_same_again(case: Path) -> None:
    (case / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    quick = (*QUICK, "--no-report", "--json", "--seed-from", "3", "--seeds", "5")
    claims = json.loads(steppe("judge", "./copy", *quick).stdout)["claims"]
    request = parse_command(claims[0]["look"])
    assert request.variant == CaseChanges.of({"timeline.no-comment.enabled": False})
    assert (request.case, request.range, request.scale) == ("./copy", range(3, 8), 0.002)
    assert Path(request.store) == Path(os.environ["STEPPE_STORE"])
    for claim in claims:
        _, *words = shlex.split(claim["judge_again"])
        again = json.loads(steppe(*words, "--workers", "1", "--no-report", "--json").stdout)
        # judged alone, nothing is known of what a claim rests on
        assert again["claims"] == [{**claim, "rests_on_contradicted": []}]


def test_claims_are_written_checked_and_shown(case: Path) -> None:
    assert steppe("claims", "new", "./copy").exit_code == 0
    first = (case / "claims.yaml").read_bytes()
    answer = CliRunner().invoke(cli, ["claims", "new", "./copy"], standalone_mode=False)
    assert "not overwritten" in str(answer.exception)
    assert (case / "claims.yaml").read_bytes() == first
    assert steppe("claims", "check", "./copy").stdout.startswith("ok")
    assert "Protest began over a price." in steppe("claims", "list", "./copy").stdout
    assert "necessary" in steppe("claims", "show", "./copy", "C1").stdout
    found = json.loads(steppe("claims", "list", "./copy", "--json").stdout)
    assert (found["number"], found["tests"]) == (2, {"cause": 1, "not_testable": 1})
    assert "2: cause" in steppe("check", "./copy").stdout.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("judge", "./copy"), "the case has no claims"),
        (("claims", "check", "./copy"), "steppe claims new"),
        (("judge", "two-valleys", "one-sentense"), "did you mean 'one-sentence'?"),
    ],
)
def test_mistakes_are_explained(case: Path, words: tuple[str, ...], said: str) -> None:
    answer = CliRunner().invoke(cli, list(words), standalone_mode=False)
    assert said in str(answer.exception)


def test_check_finds_what_is_wrong_with_claims(case: Path) -> None:
    (case / "claims.yaml").write_text(CLAIMS.replace("peak_active", "peak_activ"), "utf-8")
    answer = CliRunner().invoke(cli, ["check", "./copy"], standalone_mode=False)
    assert "claims.yaml:14:29" in str(answer.exception)
    assert "did you mean 'peak_active'?" in str(answer.exception)
