"""Granovetter's riot by hazards: willingness that is a step of the crowd, in a rule of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docking.country import country
from tests.engine.hazard_reference import HazardReference

from steppe.engine.coupled_runs import CoupledRuns
from steppe.engine.plan import plan
from steppe.engine.world import build
from steppe.model.mechanisms.crowd import PEACEFUL

STEPS = '''
"""Willingness by thresholds: a citizen stands with as many others as his hardship counts."""

from dataclasses import dataclass
from typing import Any

from steppe.core.params import Parameters, param, values_type
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.street import HERE
from steppe.model.phases import Phase


@dataclass(frozen=True)
class StepParameters(Parameters):
    """How many the most cautious citizen asks for."""

    most: float = param(
        100.0, "persons", (1.0, 1e6), symbol="n", meaning="the highest threshold",
        source="none", status="assumed",
    )


StepValues = values_type(StepParameters, "StepValues")


def step(p: Any, here: Any, hardship: float) -> float:
    """Return 1 iff the crowd is at least n H."""
    return 1.0 if here.crowd >= float(int(p.most * hardship)) else 0.0


STEPS = Mechanism(
    name="steps",
    role="willingness",
    street="hazards",
    phase=Phase.STREET,
    title="Willingness by thresholds",
    equation="w = 1 iff A >= n H",
    parameters=StepParameters,
    rule=step,
    writes=(),
    citizen=True,
    values=StepValues,
    citizen_reads=HERE,
    sources=("Granovetter, American Journal of Sociology 83 (1978)",),
    evidence="supported",
)
'''


@pytest.mark.parametrize(("second", "active"), [(1, 100), (2, 1)])
def test_one_person_decides_over_a_riot(tmp_path: Path, second: int, active: int) -> None:
    """Source: Granovetter 1978. Thresholds 0 to 99 bring out 100 of 100; with the threshold 1
    replaced by 2 the one without a threshold stays alone.

    The willing join as fast as the rule allows (20 per hour: within the hour but for e^-20), the
    unwilling never. By the slow reference, to which compiled runs are equal. Tolerance: none.
    """
    file = tmp_path / "steps.py"
    file.write_text(STEPS, encoding="utf-8")
    scenario = country(
        1, 100, 110, participation__rate=20.0, participation__half=1e-6, leaving__unwilling=0.0,
        grievance__deprivation_sensitivity=0.0, grievance__price_sensitivity=0.0,
    )  # fmt: skip
    dropped = scenario.model_copy(
        update={"parameters": {k: v for k, v in scenario.parameters.items() if k != "willingness"}}
    )
    riot = dropped.change("mechanisms.willingness", f"{file}:STEPS", allow_code=True)
    people = HazardReference(build(riot, plan(riot), 1, 1.0))
    arms = CoupledRuns([riot], 1, 1.0, loops=people)
    thresholds = [0, second, *range(2, 100)]
    for citizen, threshold in zip(people.places[0], thresholds, strict=True):
        citizen.own = citizen.own._replace(hardship=(threshold + 0.5) / 100.0)
    people.places[0][0].state = PEACEFUL
    world, _ = arms.arm(0)
    world.columns["place_peaceful"][:] = 1.0
    for _ in range(105):
        arms.live()
    assert world.counts.peaceful.tolist() == [active]
