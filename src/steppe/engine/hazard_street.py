"""The street by hazards: what citizens read in an hour, and their loops as machine code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from steppe.core.compile import Binding, compiled
from steppe.core.params import values_of
from steppe.core.response import Floats, exp
from steppe.engine.street_contact import meet_place
from steppe.engine.street_lists import list_all
from steppe.engine.street_loops import live_place
from steppe.engine.street_tally import tally_all, tally_place
from steppe.engine.street_types import (
    HourAddress,
    Scene,
    StreetParameters,
    Streets,
    here_of,
    never,
    nothing_happens,
)
from steppe.model.custom import blamed, is_custom
from steppe.model.mechanisms.first_move import FirstMoveParameters
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.looting import LootingParameters, LootingValues, cover_of
from steppe.model.mechanisms.trigger import felt_legitimacy, felt_outrage

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.engine.citizen_loops import Citizens, Counts
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
    """The loop over citizens with the rules of a plan bound into it, made once for a world.

    ``custom`` are the rules from files, which are named where something goes wrong in them.
    """

    parameters: StreetParameters
    hour: Rule
    custom: tuple[Mechanism, ...]

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan, weight: float) -> HazardLoops | None:
        """Return the loop of ``plan`` at ``weight`` agents a citizen; None where people choose."""
        if plan.street != "hazards":
            return None
        return cls(
            parameter_values(scenario, plan, weight),
            compiled(pass_hour, bind=binding(plan)),
            tuple(s.mechanism for s in plan.citizen_rules if is_custom(s.mechanism)),
        )


def live(world: World, here: HourContext, hour: int) -> None:
    """Let citizens act, meet officers and be counted; what goes wrong in a rule is told as such."""
    loops, at = loops_of(world), HourAddress(hour, *world.key)
    with ExitStack() as stack:
        for mechanism in loops.custom:
            stack.enter_context(blamed(mechanism))
        loops.hour(loops.parameters, world.citizens, here.fields, world.counts, at)


def pass_hour(
    p: StreetParameters, citizens: Citizens, streets: Streets, counts: Counts, at: HourAddress
) -> None:
    """Let the citizens of every place act, meet officers and be counted.

    All read the counts of the last hour, which ``streets`` are made from.
    """
    for place in range(len(citizens.first) - 1):
        scene = Scene(p, here_of(streets, place), at, place, streets.integral[place])
        live_place(scene, citizens, counts, streets.round_up[place])
        if citizens.idle[place] == 0:
            meet_place(scene, citizens, counts, streets.round_up[place])
            tally_place(citizens, counts, place)


def loops_of(world: World) -> HazardLoops:
    """Return the loop of a world whose citizens act by hazards."""
    assert world.hazards is not None
    return world.hazards


def restore(world: World) -> None:
    """Make the lists of who is where, and count."""
    compiled(list_all)(world.citizens, world.counts)
    compiled(tally_all)(world.citizens, world.counts)


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


def _cover(world: World) -> Floats:
    """Return cover for looting by place."""
    p = world.plan.parameters_even_off(world.scenario, "looting")
    assert isinstance(p, LootingParameters)
    names = ("peaceful", "violent", "looting", "officers", "population")
    places = tuple(world.columns[f"place_{name}"] for name in names)
    cover = np.empty(len(places[0]))
    compiled(fill_cover)(values_of(LootingValues, p), places, cover)
    return cover


def fill_cover(p: LootingParameters, places: tuple[Floats, ...], cover: Floats) -> None:
    """Write chi_c = psi((V_c + O_c)/N_c; h_O) exp(-k_O F_c/(A_c + O_c)) for each place."""
    peaceful, violent, looting, officers, people = places
    for c in range(len(cover)):
        out = peaceful[c] + violent[c] + looting[c]
        disorder = (violent[c] + looting[c]) / max(people[c], 1.0)
        policed = exp(-p.policing * (officers[c] / max(out, 1.0)))
        cover[c] = cover_of(p, disorder, policed)
