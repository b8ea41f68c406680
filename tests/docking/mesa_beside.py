"""Our Epstein model beside Mesa's own example, under the rules of the example."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steppe.toys.epstein import Setup, build

VARIABLE = "STEPPE_MESA_PYTHON"
ROOT = Path(__file__).resolve().parents[2]
SIDE = Path(__file__).with_name("mesa_side.py")

EXAMPLE = Setup(
    vision_shape="von_neumann", arrest_ratio="round", jail="in_place", order="act_first",
    placement="by_cell",
)  # fmt: skip
"""What Mesa's example does, with the parameters of the article's Run 2."""


HAS_EXAMPLE = """
from inspect import signature
from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence
assert "citizen_vision" in signature(EpsteinCivilViolence.__init__).parameters
"""
"""Fails where there is no Mesa, or one whose example takes other arguments (3.5)."""


@dataclass(frozen=True, slots=True)
class MesaPath:
    """What Mesa's example leaves: active and jailed citizens by step."""

    active: list[int]
    jailed: list[int]


@functools.cache
def interpreter() -> str | None:
    """Return an interpreter that has Mesa's example as Mesa 3.3 has it; None if there is none."""
    candidate = os.environ.get(VARIABLE, sys.executable)
    done = subprocess.run([candidate, "-c", HAS_EXAMPLE], capture_output=True, check=False)
    return candidate if done.returncode == 0 else None


def run_mesa(setup: Setup, seed: int, steps: int, *, draws: str) -> MesaPath:
    """Run Mesa's example with ``draws`` ours or its own."""
    told: dict[str, Any] = {
        "draws": draws,
        "seed": seed,
        "steps": steps,
        "model": {
            "width": setup.width,
            "height": setup.height,
            "citizen_vision": setup.vision,
            "cop_vision": setup.vision,
            "legitimacy": setup.legitimacy,
            "max_jail_term": setup.jail_max,
            "active_threshold": setup.threshold,
            "arrest_prob_constant": setup.k,
            "max_iters": steps + 1,
        },
        "densities": {"citizen_density": setup.citizen_density, "cop_density": setup.cop_density},
    }
    if draws == "ours":
        world = build(setup, seed)
        told["citizens"] = world.rules.citizens
        told["people"] = [
            (int(a.cell), float(a.hardship), float(a.risk_aversion)) for a in world.agents
        ]
    found = interpreter()
    assert found is not None
    done = subprocess.run(
        [found, str(SIDE)],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"},
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return MesaPath(**json.loads(done.stdout))
