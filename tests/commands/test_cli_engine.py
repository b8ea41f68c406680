"""``--engine``: each surface says who was simulated, what that leaves out, what it cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest

import steppe as package
from steppe.results.engines import UNTOLD
from steppe.results.outcomes import by_name
from steppe.results.store import Store

from .conftest import Steppe

CASE = "two-valleys"
LOOK = ("--engine", "cohorts", "--seeds", 6)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_run_by_cohorts_says_so_everywhere(steppe: Steppe) -> None:
    shown = steppe("run", CASE, *LOOK)
    assert shown.code == 0
    said = flat(shown.out)
    assert "counted in cohorts" in said
    assert UNTOLD in said
    assert "fate" not in said
    assert "--engine cohorts" in shown.out.splitlines()[-1]
    found = steppe("run", CASE, *LOOK, "--json").document
    assert found["engine"] == "cohorts"
    assert all("fate" not in seed["outcome"] for seed in found["seeds"])
    page = Path(found["report"]).read_text(encoding="utf-8")
    assert "A look by cohorts, not a result." in page
    assert Path(found["report"]).name == "two-valleys-cohorts.html"
    (listed, *_) = steppe("runs", "--json").document
    assert listed["engine"] == "cohorts"
    assert "cohorts" in steppe("show", listed["hash"], "--brief").out


def test_runs_of_the_two_engines_are_never_mixed(steppe: Steppe) -> None:
    words = [CASE, "--seeds", 1, "--set", "clock.hours=24", "--json", "--no-report"]
    one = steppe("run", *words).document
    other = steppe("run", *words, "--engine", "cohorts").document
    assert one["scenario_hash"] == other["scenario_hash"]
    assert one["seeds"][0]["hash"] != other["seeds"][0]["hash"]
    summaries = {run.engine: run.key for run in Store(Path("runs")).catalogue()}
    assert set(summaries) == {"citizens", "cohorts"}
    page = Path(steppe("report", *words[:1], *words[3:5], "--engine", "cohorts").out.strip())
    assert "A look by cohorts" in page.read_text(encoding="utf-8")


def test_a_pair_by_cohorts_tells_no_fate_and_has_no_cause_of_it(steppe: Steppe) -> None:
    shown = steppe("pair", CASE, "no-rise", *LOOK)
    assert UNTOLD in flat(shown.out)
    assert "the regime stays" not in shown.out
    found = steppe("pair", CASE, "no-rise", *LOOK, "--json").document
    assert (found["engine"], found["untold"]) == ("cohorts", UNTOLD)
    assert found["necessity"] is None
    assert set(found["causation"]) == {"large_protest"}


def test_a_sweep_and_its_file_name_the_engine(steppe: Steppe) -> None:
    words = ("sweep", CASE, "--over", "prices.shock=0,1", *LOOK, "--output", "all.csv")
    shown = steppe(*words)
    assert "counted in cohorts" in flat(shown.out)
    assert "cohorts" in Path("all.csv").read_text(encoding="utf-8").splitlines()[1]


def test_what_cohorts_do_not_tell_is_what_they_leave_out() -> None:
    whole = package.run(package.load(CASE).change("clock.hours", 24), 1)
    look = package.run(CASE, 1, engine="cohorts")
    missing = whole.outcome.keys() - look.outcome.keys()
    assert {"fate", "units_defected", "seized_peak"} <= missing
    assert look.outcome.keys() <= whole.outcome.keys() <= set(by_name())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("run", CASE, "--scale", "0.1"), "cohorts are always everybody"),
        (("run", CASE, "--record", "citizens"), "cohorts count people and follow nobody"),
        (("run", CASE, "--set", "mechanisms.participation=logit"), "weighs every citizen's action"),
        (("branch", CASE, "no-rise", "--at", "24"), "compare whole histories with pair instead"),
        (("pair", CASE, "--set", "loyalty.punishment=0.2"), "leave this out"),
        (("sweep", CASE, "--over", "loyalty.punishment=0:1:2"), "leave this out"),
        (("pair", CASE, "no-rise", "--citizens"), "follow nobody"),
    ],
)
def test_what_cohorts_cannot_do_is_refused_with_what_to_do(
    steppe: Steppe, words: tuple[str, ...], reason: str
) -> None:
    answer = steppe(*words, "--engine", "cohorts")
    assert answer.code == 2
    said = flat(answer.err)
    assert reason in said
    assert "Traceback" not in said
    assert not Path("runs/runs").exists() or not list(Path("runs/runs").rglob("run.json"))


def test_judging_by_cohorts_decides_what_they_tell_and_names_the_rest(steppe: Steppe) -> None:
    words = ("--rival-seeds", 0, "--prior-seeds", 0, "--seeds", 4, "--no-report", "--json")
    found = steppe("judge", CASE, "--engine", "cohorts", *words).document
    assert found["made_with"]["engine"] == "cohorts"
    verdicts = {claim["id"]: claim for claim in found["claims"]}
    assert verdicts["no-rise-no-protest"]["n"] > 0
    untold = [c for c in found["claims"] if "do not tell" in c["reason"]]
    assert all(claim["verdict"] == "undecided" for claim in untold)
