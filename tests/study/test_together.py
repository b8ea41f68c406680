"""Arms made together are stored as if made alone; branches refuse what acts before their hour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.conftest import SMALL

from steppe.case.scenario import Scenario
from steppe.results.store import Store
from steppe.study.branching import branch
from steppe.study.checkpoints import checkpoint_path
from steppe.study.coupled import CoupledJobs, run_coupled
from steppe.study.ensemble import SeedRuns, ensemble
from steppe.study.events import Planned, SeedDone, StudyEvent
from steppe.study.pair import pair
from steppe.study.settings import StudySettings

HOURS = 76
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def short(january: Scenario) -> Scenario:
    return january.change("clock.hours", HOURS)


@pytest.fixture(scope="module")
def arms(short: Scenario) -> list[Scenario]:
    return [
        short,
        short.change("information.blackout", "none"),
        short.change("parameters.contact.detention", 20.0),
    ]


def sets(arms: list[Scenario]) -> list[SeedRuns]:
    return [SeedRuns(arm, SEEDS, SMALL) for arm in arms]


def contents(store: Store) -> dict[str, str]:
    """Return the fingerprints of what is stored, by key, every file checked."""
    keys = store.keys()
    return {key: store.verify(key) for key in keys}


@pytest.fixture(scope="module")
def alone(arms: list[Scenario], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Fingerprints of the runs made one by one, by key."""
    store = Store(tmp_path_factory.mktemp("alone"))
    for arm in arms:
        ensemble(arm, SEEDS, store=store, scale=SMALL, workers=1, parameters="default")
    return contents(store)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_store_is_the_same(
    arms: list[Scenario], alone: dict[str, str], tmp_path: Path, workers: int
) -> None:
    store = Store(tmp_path)
    made = run_coupled(sets(arms), StudySettings.of(store=store, workers=workers))
    assert made.complete
    assert contents(store) == alone


def test_only_what_is_missing_is_made(
    arms: list[Scenario], alone: dict[str, str], tmp_path: Path
) -> None:
    store = Store(tmp_path)
    ensemble(arms[0], SEEDS[:1], store=store, scale=SMALL, workers=1, parameters="default")
    jobs = list(CoupledJobs(tuple(sets(arms)), store))
    assert [len(job.also) for job in jobs] == [1, 2]
    run_coupled(sets(arms), StudySettings.of(store=store, workers=1))
    assert contents(store) == alone
    assert [job.also for job in CoupledJobs(tuple(sets(arms)), store)] == [(), ()]


def test_a_pair_is_made_in_one_go(short: Scenario, arms: list[Scenario], tmp_path: Path) -> None:
    told: list[StudyEvent] = []
    made = pair(short, arms[1], SEEDS, store=tmp_path, scale=SMALL, workers=1, on_event=told.append)
    plans = [event for event in told if isinstance(event, Planned)]
    assert [(plan.total, plan.left) for plan in plans] == [(2, 2)]
    assert sum(isinstance(event, SeedDone) for event in told) == 2
    assert min(made.first_divergence) >= 68
    assert made.baseline.complete
    assert made.variant.complete


def test_branches_are_the_runs_they_would_be_alone(
    short: Scenario, arms: list[Scenario], alone: dict[str, str], tmp_path: Path
) -> None:
    store = Store(tmp_path)
    small: dict[str, Any] = {
        "store": store, "scale": SMALL, "workers": 1, "parameters": "default",
    }  # fmt: skip
    kept = checkpoint_path(store, short, 1, SMALL, 60)
    branch(short, ["no-blackout"], SEEDS, at=60, **small)
    assert kept.exists()
    found = contents(store)
    assert len(found) == 4
    assert found.items() <= alone.items()
    kept.write_bytes(b"torn")  # made again
    other = short.change("clock.hours", HOURS + 1)
    branch(short, [other], SEEDS, at=60, **small)
    assert kept.stat().st_size > 1000
    runs = store.keys()
    code, out, _ = command("gc", "--checkpoints", "--store", str(tmp_path))
    assert code == 0
    assert "0 claims and 2 checkpoints" in out  # one of each seed
    assert not kept.exists()
    assert store.keys() == runs


def test_a_branch_that_acts_too_early_is_refused(
    short: Scenario, arms: list[Scenario], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="blackout can act from hour 68 on, before hour 69"):
        branch(short, [arms[1]], SEEDS, at=69, store=tmp_path, scale=SMALL)
    with pytest.raises(ValueError, match=r"at must be in 1\.\.75"):
        branch(short, [arms[1]], SEEDS, at=76, store=tmp_path, scale=SMALL)
    assert Store(tmp_path).keys() == []


def command(*words: str) -> tuple[int, str, str]:
    from steppe.cli import cli

    result = CliRunner().invoke(cli, words)
    return result.exit_code, result.stdout, str(result.exception or "") + result.stderr


def test_the_command_prints_one_document(tmp_path: Path) -> None:
    code, said, wrong = command(
        "branch", "kazakhstan-2022", "no-blackout", "--at", "2022-01-04T20:00", "--seeds", "2",
        "--base-set", f"clock.hours={HOURS}", "--base-set", "clock.start=2022-01-02T00:00",
        "--set", "clock.hours=80", "--scale", str(SMALL),
        "--workers", "1", "--store", str(tmp_path), "--json",
    )  # fmt: skip
    assert code == 0, wrong
    found = json.loads(said)
    assert (found["hour"], found["at"]) == (68, "2022-01-04T20:00")
    assert [one["patch"] for one in found["branches"]] == [
        {"information.blackout": "none"}, {"clock.hours": 80},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (
            ("no-blackout", "--at", "2022-01-04T21:00"),
            "information.blackout: can act from hour 188",
        ),
        (("no-blackout", "--at", "2021-01-04T21:00"), "not within the run"),
        (("no-blackout", "--at", "noon"), "no local time"),
        (("--at", "40"), "at least one COUNTERFACTUAL"),
        (("no-blackoot", "--at", "40"), "no-blackout"),
        (("--at", "40", "--set", "parameters.contact.detention=9"), "can act from hour 0"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], wrong: str, tmp_path: Path) -> None:
    code, _, said = command("branch", "kazakhstan-2022", *words, "--store", str(tmp_path))
    assert code != 0
    assert wrong in said
    assert not (tmp_path / "runs").exists()
