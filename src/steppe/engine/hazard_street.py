"""The street by hazards: what citizens read in an hour, and their loops as machine code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from steppe.core.compile import Binding, compiled
from steppe.core.response import exp_array
from steppe.engine.street_contact import meet_all
from steppe.engine.street_loops import live_all
from steppe.engine.street_tally import tally_all
from steppe.engine.street_types import (
    HourAddress,
    StreetParameters,
    Streets,
    never,
    nothing_happens,
)
from steppe.model.custom import blamed, is_custom
from steppe.model.mechanisms.first_move import FirstMoveParameters
from steppe.model.mechanisms.grievance import GrievanceParameters
from steppe.model.mechanisms.looting import LootingParameters, cover_of
from steppe.model.mechanisms.trigger import felt_legitimacy, felt_outrage

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.engine.hour_context import HourContext
    from steppe.engine.plan import Plan
    from steppe.engine.world import World
    from steppe.model.mechanism import Mechanism


Rule = Callable[..., Any]

NAMES: dict[str, tuple[str, Rule]] = {
    "willingness": ("willing", never),
    "participation": ("join_hazard", never),
    "leaving": ("leave_hazard", never),
    "violence": ("violence_hazard", never),
    "looting": ("loot_hazard", never),
    "contact": ("contact_hazards", nothing_happens),
}
"""Role -> the name under which the loops call its rule, and the rule of a role switched off."""


@dataclass(frozen=True, slots=True)
class HazardLoops:
    """The loops over citizens with the rules of a plan bound into them, made once for a world.

    ``custom`` are the rules from files, which are named where something goes wrong in them.
    """

    parameters: StreetParameters
    live: Rule
    meet: Rule
    custom: tuple[Mechanism, ...]

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan, weight: float) -> HazardLoops | None:
        """Return the loops of ``plan`` at ``weight`` agents a citizen; None where people choose."""
        if plan.street != "hazards":
            return None
        bind = binding(plan)
        return cls(
            parameter_values(scenario, plan, weight),
            compiled(live_all, bind=bind),
            compiled(meet_all, bind=bind),
            tuple(s.mechanism for s in plan.citizen_rules if is_custom(s.mechanism)),
        )

    def call(self, loop: Rule, world: World, here: HourContext, hour: int) -> None:
        """Let one of the loops run for an hour."""
        at = HourAddress(hour, *world.key)
        if not self.custom:
            loop(self.parameters, world.citizens, here.fields, world.counts, at)
            return
        with ExitStack() as stack:
            for mechanism in self.custom:
                stack.enter_context(blamed(mechanism))
            loop(self.parameters, world.citizens, here.fields, world.counts, at)


def loops_of(world: World) -> HazardLoops:
    """Return the loops of a world whose citizens act by hazards."""
    assert world.hazards is not None
    return world.hazards


def decide(world: World, here: HourContext, hour: int) -> None:
    """Let citizens join, leave, turn violent and go first."""
    loops = loops_of(world)
    loops.call(loops.live, world, here, hour)


def meet(world: World, here: HourContext, hour: int) -> None:
    """Let citizens meet officers, and let those who took part be arrested."""
    loops = loops_of(world)
    loops.call(loops.meet, world, here, hour)


def count(world: World) -> None:
    """Count the pool."""
    compiled(tally_all)(world.citizens, world.counts)


def tell(world: World) -> None:
    """Do nothing: here citizens see the crowd of their own place and hear of others by news."""


def binding(plan: Plan) -> Binding:
    """Return the rules of ``plan`` by the names under which the loops call them."""
    rules = {step.mechanism.role: step.mechanism.rule for step in plan.citizen_rules}
    return tuple((name, rules.get(role, neutral)) for role, (name, neutral) in NAMES.items())


def parameter_values(scenario: Scenario, plan: Plan, weight: float) -> StreetParameters:
    """Return the parameters of the rules as the loops take them."""
    values: list[Any] = [plan.values_even_off(scenario, role) for role in NAMES]
    first = plan.parameters_even_off(scenario, "first_move")
    assert isinstance(first, FirstMoveParameters)
    return StreetParameters(*(*values, first.group * weight))


def street_fields(world: World) -> Any:
    """Return what citizens read this hour, from the columns as the last hour left them."""
    c = world.columns
    grievance = world.plan.parameters("grievance")
    assert isinstance(grievance, GrievanceParameters)
    region = c["place_region"]
    return Streets(
        crowd=c["place_peaceful"] + c["place_violent"],
        violent=c["place_violent"],
        pool=c["place_pool"],
        officers=c["place_officers"],
        force_level=c["place_force_level"],
        severity=c["place_severity"],
        risk=c["place_risk"],
        cost=c["place_cost"],
        legitimacy=felt_legitimacy(c["region_legitimacy"], c["region_trigger_loss"])[region],
        loss=c["region_loss"][region],
        hardship_cut=c["place_hardship_cut"],
        outrage=felt_outrage(c["place_outrage"], c["place_trigger_harm"]),
        memory=c["place_memory"],
        cover=_cover(world),
        command=c["place_command"],
        integral=c["place_first_integral"],
        round_up=c["place_round_up"],
        deterrence=float(c["nation_deterrence"][0]),
        awake=float(c["nation_awake"][0]),
        price_sensitivity=grievance.price_sensitivity,
        deprivation_sensitivity=grievance.deprivation_sensitivity,
    )


def _cover(world: World) -> Any:
    """Return cover for looting: chi_c = psi((V_c + O_c)/N_c; h_O) exp(-k_O F_c/(A_c + O_c))."""
    c = world.columns
    p = world.plan.parameters_even_off(world.scenario, "looting")
    assert isinstance(p, LootingParameters)
    out = c["place_peaceful"] + c["place_violent"] + c["place_looting"]
    disorder = (c["place_violent"] + c["place_looting"]) / np.maximum(c["place_population"], 1.0)
    policed = exp_array(-p.policing * (c["place_officers"] / np.maximum(out, 1.0)))
    return cover_of(p, disorder, policed)
