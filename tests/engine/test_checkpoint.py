"""A run that is stopped and goes on leaves the same bits; what cannot go on is refused."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import SMALL
from tests.engine.reference import ReferenceLoops
from tests.engine.worlds import SEED, modes, same_run

from steppe.case.scenario import Scenario
from steppe.engine import checkpoint as module
from steppe.engine.checkpoint import Checkpoint, CheckpointError, load_checkpoint
from steppe.engine.citizen_columns import SCRATCH
from steppe.engine.coupled_runs import CoupledRuns
from steppe.engine.plan import plan
from steppe.engine.run import run
from steppe.engine.world import World, build
from steppe.results.atomic_io import UnwritableStoreError
from steppe.results.hashing import content_hash

STOPS = (1, 2, 31, 59, 60)


@pytest.fixture(scope="module")
def saved(eventful: Scenario) -> Checkpoint:
    return run(eventful, SEED, scale=SMALL, until=40)


MODES = ("scripted", "endogenous", "rivals", "hazards", "free hazards")


@pytest.mark.parametrize("mode", MODES)
def test_a_run_stopped_again_and_again(
    eventful: Scenario, hazardous: Scenario, mode: str, tmp_path: Path
) -> None:
    """Each stop goes on from the file of the one before, with one thread and with two."""
    scenario = modes(eventful, hazardous)[mode]
    unbroken = run(scenario, SEED, scale=SMALL)
    start: Checkpoint | None = None
    for number, hour in enumerate(STOPS):
        threads = 1 + number % 2
        made = run(scenario, SEED, scale=SMALL, threads=threads, start=start, until=hour)
        start = load_checkpoint(made.save(tmp_path / f"{hour}.checkpoint"))
        assert start.hours == hour
        assert same_run(unbroken, run(scenario, SEED, scale=SMALL, start=start))
    assert unbroken["detained"].max() > 0 or mode == "rivals"
    assert unbroken["transitions"].sum() > 100


def test_going_on_restores_every_counter(eventful: Scenario, saved: Checkpoint) -> None:
    """Also those that are made again: who was out, and how many of one's ties are."""
    mine = restored(eventful, saved)
    assert mine.citizens.ties.sum() > 0
    assert (mine.citizens.risk_aversion != mine.pool.attributes.risk_aversion).any()


def test_going_on_by_hazards_restores_every_counter(hazardous: Scenario) -> None:
    """Also how long the lists of each place are; their order and what is idle are found anew."""
    anew = ("idle", "next_mark", "lists", "suspects")
    mine = restored(hazardous, run(hazardous, SEED, scale=SMALL, until=40), *anew)
    assert mine.citizens.out.max() > 0
    assert mine.citizens.away.max() > 0
    assert mine.citizens.at_large.max() > 0
    assert mine.citizens.outings.max() > 0


def restored(scenario: Scenario, start: Checkpoint, *but: str) -> World:
    """Return the world that goes on from ``start``, once it equals the one lived so far."""
    whole = CoupledRuns([scenario], SEED, SMALL)
    while whole.hour < start.hours:
        whole.live()
    mine, _ = CoupledRuns([scenario], SEED, SMALL, start=start).arm(0)
    theirs, _ = whole.arm(0)
    for name in theirs.citizens._fields:
        if name not in (*but, *SCRATCH):
            np.testing.assert_array_equal(
                getattr(mine.citizens, name), getattr(theirs.citizens, name), err_msg=name
            )
    for name, values in theirs.columns.items():
        np.testing.assert_array_equal(mine.columns[name], values, err_msg=name)
    return mine


def test_a_run_leaves_its_people_as_they_were(eventful: Scenario) -> None:
    arms = CoupledRuns([eventful], SEED, SMALL)
    world, _ = arms.arm(0)
    before = [values.copy() for values in world.pool.attributes]
    for _ in range(30):
        arms.live()
    for mine, theirs in zip(world.pool.attributes, before, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_another_process_goes_on(eventful: Scenario, saved: Checkpoint, tmp_path: Path) -> None:
    path = saved.save(tmp_path / "c")
    code = (
        "import sys; from steppe.case.canonical import from_canonical;"
        "from steppe.engine.run import run; from steppe.engine.checkpoint import load_checkpoint;"
        "from steppe.results.hashing import content_hash;"
        f"start = load_checkpoint({str(path)!r});"
        f"made = run(from_canonical(start.scenario), {SEED}, scale={SMALL}, start=start);"
        "print(content_hash(made))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert found.stdout.strip() == content_hash(run(eventful, SEED, scale=SMALL))


def test_the_file_is_the_same_whenever_it_is_made(saved: Checkpoint, tmp_path: Path) -> None:
    one, other = (saved.save(tmp_path / name).read_bytes() for name in "ab")
    assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()
    again = load_checkpoint(tmp_path / "a").save(tmp_path / "c").read_bytes()
    assert again == one
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "c"]


def test_every_changed_byte_and_every_cut_is_seen(saved: Checkpoint, tmp_path: Path) -> None:
    path = saved.save(tmp_path / "c")
    whole = path.read_bytes()
    for position in np.linspace(0, len(whole) - 1, 60).astype(int):
        torn = bytearray(whole)
        torn[position] ^= 0x10
        for content in (bytes(torn), whole[:position]):
            path.write_bytes(content)
            with pytest.raises(CheckpointError, match=str(path)):
                load_checkpoint(path)


def test_a_newer_format_is_refused_with_a_way_out(saved: Checkpoint, tmp_path: Path) -> None:
    path = saved.save(tmp_path / "c")
    path.write_bytes(path.read_bytes().replace(b"\n1\n", b"\n2\n", 1))
    with pytest.raises(CheckpointError, match=r"format '2' cannot be read.*make the checkpoint"):
        load_checkpoint(path)
    with pytest.raises(CheckpointError, match="cannot be read: No such file"):
        load_checkpoint(tmp_path / "missing")


def test_what_cannot_go_on_is_refused(eventful: Scenario, saved: Checkpoint) -> None:
    def start(scenario: Scenario, seed: int = SEED, **changed: object) -> None:
        at = replace(saved, **changed)  # type: ignore[arg-type]
        run(scenario, seed, scale=SMALL, start=at)

    with pytest.raises(CheckpointError, match="of seed 11, not 12"):
        start(eventful, 12)
    with pytest.raises(CheckpointError, match=r"of scale 0.5, not 0.0005"):
        start(eventful, scale=0.5)
    with pytest.raises(CheckpointError, match=r"made by model 1\.0"):
        start(eventful, engine_version="1.0")
    with pytest.raises(CheckpointError, match="after 40 hours; the run has 39"):
        start(eventful.change("clock.hours", 39))
    with pytest.raises(CheckpointError, match=r"contact.detention can act from hour 0"):
        start(eventful.change("parameters.contact.detention", 13.0))
    with pytest.raises(CheckpointError, match=r"regime.concessions can act from hour 38"):
        start(eventful.change("regime.concessions", "none"))


def test_a_change_that_acts_later_can_be_made(eventful: Scenario, saved: Checkpoint) -> None:
    """A longer run, and a timeline that differs after the hour, go on as if made alone."""
    for other in (
        eventful.change("clock.hours", 70),
        eventful.change("timeline.concession-50.enabled", False),
    ):
        alone = run(other, SEED, scale=SMALL)
        assert same_run(alone, run(other, SEED, scale=SMALL, start=saved))


def test_hours_outside_the_run_are_refused(eventful: Scenario, saved: Checkpoint) -> None:
    for until in (0, -1, 61):
        with pytest.raises(ValueError, match=r"until must be in 1\.\.60"):
            run(eventful, SEED, scale=SMALL, until=until)
    with pytest.raises(ValueError, match=r"until must be in 40\.\.60"):
        run(eventful, SEED, scale=SMALL, start=saved, until=39)


def test_the_slow_reference_cannot_be_saved(eventful: Scenario) -> None:
    tiny = eventful.change("clock.hours", 2)
    loops = ReferenceLoops(build(tiny, plan(tiny), SEED, 0.00002))
    arms = CoupledRuns([tiny], SEED, 0.00002, loops=loops)
    arms.live()
    with pytest.raises(ValueError, match="compiled loops"):
        arms.checkpoint()


def test_a_file_that_cannot_be_written_leaves_nothing(
    saved: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "replace_file", full)
    with pytest.raises(UnwritableStoreError, match="the disk is full"):
        saved.save(tmp_path / "c")
    assert list(tmp_path.iterdir()) == []
