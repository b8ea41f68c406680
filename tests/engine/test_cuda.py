"""The street on CUDA: the same bits as on the processor, in the simulator and on a device."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from steppe.case.canonical import canonical
from steppe.case.scenario import Scenario
from steppe.core.device import INSTALL, NoDeviceError, has_device
from steppe.engine.cuda import loops_on
from steppe.engine.run import run
from steppe.engine.step import CompiledLoops
from steppe.results.hashing import content_hash

SEED = 11
TINY = 0.0001
"""Agents per citizen: some 2,000 agents for Kazakhstan, 400 of them in the pool."""

ON_DEVICE = """
import sys
import numpy
numpy.seterr(over="ignore")  # plain integers of NumPy wrap as those of machine code do
from steppe.engine.run import run
from steppe.results.hashing import content_hash
from steppe.case.canonical import from_canonical
made = run(from_canonical(sys.stdin.read()), int(sys.argv[1]), scale=float(sys.argv[2]),
           threads=1, device="gpu")
print(content_hash(made))
"""


def short(scenario: Scenario, hours: int) -> Scenario:
    """Return the first hours of ``scenario``, with officers eager to arrest, but few each."""
    return (
        scenario.change("clock.hours", hours)
        .change("parameters.contact.arrest_per_officer", 1.0)
        .change("parameters.contact.arrest_most", 0.5)
        .change("parameters.contact.arrests_per_officer", 3.0)
    )


def on_simulator(scenario: Scenario, scale: float) -> str:
    """Return the hash of what a run leaves whose citizens live in the simulator of CUDA."""
    done = subprocess.run(
        [sys.executable, "-c", ON_DEVICE, str(SEED), str(scale)],
        input=canonical(scenario),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def test_the_simulator_leaves_the_bits_of_the_processor(eventful: Scenario) -> None:
    """Everything befalls somebody, and officers run out of arrests."""
    scenario = short(eventful, 40)
    made = run(scenario, SEED, scale=TINY)
    for name in ("peaceful", "violent", "looting", "detained", "wounded", "dead"):
        assert made[name].max() > 0, name
    free = scenario.change("parameters.contact.arrests_per_officer", 10.0)
    assert run(free, SEED, scale=TINY)["arrests"].sum() != made["arrests"].sum()
    assert on_simulator(scenario, TINY) == content_hash(made)


@pytest.mark.parametrize("rule", ["kuran", "complex-contagion"])
def test_rival_rules_in_the_simulator(eventful: Scenario, rule: str) -> None:
    scenario = (
        short(eventful, 8)
        .change("parameters.participation.risk_weight", None)
        .change("mechanisms.participation", rule)
    )
    made = run(scenario, SEED, scale=TINY / 2)
    assert on_simulator(scenario, TINY / 2) == content_hash(made)


def test_without_a_device_the_error_names_what_to_install() -> None:
    if has_device():
        pytest.skip("there is a CUDA device here")
    with pytest.raises(NoDeviceError, match="steppe\\[gpu\\]"):
        loops_on("gpu")
    assert isinstance(loops_on("auto"), CompiledLoops)
    assert "steppe[gpu]" in INSTALL


@pytest.mark.skipif(not has_device(), reason="no CUDA device here: nothing is run on one")
def test_a_device_leaves_the_bits_of_the_processor(eventful: Scenario) -> None:
    scenario = short(eventful, 60)
    made = [run(scenario, SEED, scale=0.01, device=device) for device in ("cpu", "gpu")]
    assert content_hash(made[0]) == content_hash(made[1])
