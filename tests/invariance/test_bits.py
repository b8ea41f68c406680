"""Same scenario and seed: same bits, whatever threads, observers, loops or cuts of the work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.conftest import SMALL
from tests.engine.reference import ReferenceLoops, reference_run

from steppe.case.scenario import Scenario
from steppe.engine.plan import plan
from steppe.engine.run import run
from steppe.engine.step import CompiledLoops, run_hour
from steppe.engine.world import build
from steppe.results.trajectory import Trajectory
from validation import same_bits

SEED = 11


@pytest.fixture(scope="module", params=["choice", "hazards"])
def lively(request: pytest.FixtureRequest, eventful: Scenario, hazardous: Scenario) -> Scenario:
    return eventful if request.param == "choice" else hazardous


@pytest.fixture(scope="module")
def first(lively: Scenario) -> Trajectory:
    return run(lively, SEED, scale=SMALL)


def assert_same(a: Trajectory, b: Trajectory) -> None:
    for name in a.series:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)
    assert a.events == b.events
    assert a.outcome == b.outcome


def test_the_world_is_eventful_enough_to_prove_anything(first: Trajectory) -> None:
    for name in ("peaceful", "violent", "looting", "detained", "wounded", "dead"):
        assert first[name].max() > 0, name
    assert first["transitions"].sum() > 1000


def test_same_seed_twice(lively: Scenario, first: Trajectory) -> None:
    assert_same(first, run(lively, SEED, scale=SMALL))


def test_another_seed_differs(lively: Scenario, first: Trajectory) -> None:
    other = run(lively, SEED + 1, scale=SMALL)
    assert not np.array_equal(first["peaceful"], other["peaceful"])


def test_one_thread_or_two(lively: Scenario, first: Trajectory) -> None:
    assert_same(first, run(lively, SEED, scale=SMALL, threads=1))
    assert_same(first, run(lively, SEED, scale=SMALL, threads=2))


def test_another_process(lively: Scenario, first: Trajectory) -> None:
    code = (
        "import sys; from steppe.case.canonical import from_canonical;"
        "from steppe.engine.run import run;"
        f"t = run(from_canonical(sys.stdin.read()), {SEED}, scale={SMALL}, threads=1);"
        "import hashlib;"
        "print(hashlib.sha256(b''.join(t[n].tobytes() for n in sorted(t.series))).hexdigest())"
    )
    import hashlib

    found = subprocess.run(
        [sys.executable, "-c", code],
        input=first.record.scenario,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    ).stdout.strip()
    mine = hashlib.sha256(b"".join(first[n].tobytes() for n in sorted(first.series)))
    assert found == mine.hexdigest()


def pool_states(scenario: Scenario, observe: bool) -> Iterator[NDArray[np.uint8]]:
    """Yield the state of every pool member hour by hour; ``observe`` reads everything between."""
    world = build(scenario, plan(scenario), SEED, SMALL)
    loops = CompiledLoops()
    for hour in range(30):
        run_hour(world, hour, loops)
        if observe:
            for name in sorted(world.columns):
                world.columns[name].sum()
            np.bincount(world.citizens.state)
        yield world.citizens.state.copy()


def test_recording_more_changes_nothing(lively: Scenario) -> None:
    for bare, watched in zip(pool_states(lively, False), pool_states(lively, True), strict=True):
        np.testing.assert_array_equal(bare, watched)


def test_everybody_in_plain_python_gives_the_same_history(
    lively: Scenario, first: Trajectory
) -> None:
    """The pool, the push of ties, idle places, bounds and the compiler change nothing."""
    assert_same(first, reference_run(lively, SEED, SMALL))


def test_ties_pushed_equal_ties_asked(eventful: Scenario) -> None:
    world = build(eventful, plan(eventful), SEED, SMALL)
    plain_world = build(eventful, plan(eventful), SEED, SMALL)
    plain = ReferenceLoops(plain_world)
    loops = CompiledLoops()
    heard_any = 0
    for hour in range(30):
        run_hour(world, hour, loops)
        run_hour(plain_world, hour, plain)
        for i, number in enumerate(world.pool.number):
            asked = sum(
                1 <= plain.persons[n].state <= 3 for n in plain.persons[number].heard if n != number
            )
            assert world.citizens.ties[i] == asked
            heard_any += asked
    assert heard_any > 100


MASKS = {
    "NumPy without AVX2, AVX512": {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F"},
    "glibc without AVX2, FMA": {"GLIBC_TUNABLES": same_bits.NO_AVX},
    "OpenBLAS for an old core": {"OPENBLAS_CORETYPE": "Nehalem"},
    "another time zone, locale, hash seed": {
        "TZ": "Pacific/Apia", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4294967295",
    },
}  # fmt: skip
"""Settings of the long table in ``validation/same_bits.py`` that need no compiling."""


@pytest.fixture(scope="module")
def unmasked() -> tuple[str, ...]:
    return masked({})


def masked(setting: dict[str, str]) -> tuple[str, ...]:
    """Return the fingerprints of the table's program under a setting."""
    program = same_bits.ONE.format(threads="None")
    return same_bits.fingerprints(program, setting, [str(SMALL), "30"])


@pytest.mark.parametrize("name", MASKS)
def test_a_masked_processor_leaves_the_same_bits(name: str, unmasked: tuple[str, ...]) -> None:
    assert len(unmasked) == 2
    assert all(len(one) == 64 for one in unmasked)
    assert masked(MASKS[name]) == unmasked
