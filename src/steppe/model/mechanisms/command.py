"""Command: how lethally the commander of a place uses his order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import Parameters, log_uniform, param, uniform, values_type
from steppe.core.random import Purpose
from steppe.core.response import Floats, Number, exp_array, normal_array
from steppe.model.mechanism import Mechanism, RandomNumber
from steppe.model.phases import Phase


@dataclass(frozen=True)
class CommandParameters(Parameters):
    """How much commanders differ, and what a clearing operation adds."""

    spread: float = param(
        0.28,
        "1",
        (0.0, 3.0),
        symbol="s_x",
        meaning="lethality of commanders, lognormal, mean 1: standard deviation of its logarithm",
        source="none",
        status="assumed",
        prior=uniform(0.2, 1.2),
    )
    operation: float = param(
        4.0,
        "1",
        (0.0, 1000.0),
        symbol="k_op",
        meaning="lethality that a clearing operation adds, as a multiple of the commander's own",
        source="none",
        status="assumed",
        prior=log_uniform(0.5, 30.0),
    )


CommandValues = values_type(CommandParameters, "CommandValues")
"""The parameters as compiled code takes them."""


def in_operation(p: CommandParameters, restraint: Number, operation: Number) -> Number:
    """Return the lethality of a commander of usual ``restraint`` in a clearing operation."""
    return restraint * (1.0 + p.operation * operation)


def restraints(p: CommandParameters, u_command: Floats) -> Floats:
    """Return exp(s_x z_c - s_x^2/2) of each place, z_c ~ N(0, 1)."""
    return exp_array(p.spread * normal_array(u_command) - 0.5 * p.spread * p.spread)


def command(p: CommandParameters, *, script_operation: Floats, u_command: Floats) -> dict[str, Any]:
    """Set the lethality of each place's commander, mean 1 over places without an operation.

    gamma_c = exp(s_x z_c - s_x^2/2) (1 + k_op operation_c),  z_c ~ N(0, 1) once a run
    """
    return {"place_command": in_operation(p, restraints(p, u_command), script_operation)}


COMMAND = Mechanism(
    name="lognormal",
    role="command",
    street="hazards",
    phase=Phase.RISK,
    title="Lethality of commanders",
    equation="gamma = exp(s_x z - s_x^2/2) (1 + k_op operation)",
    parameters=CommandParameters,
    rule=command,
    writes=("place_command",),
    neutral={"place_command": 1.0},
    random_numbers={"u_command": RandomNumber(Purpose.COMMAND, "place", once=True)},
    sources=("conjecture of this model",),
    evidence="conjecture",
)
