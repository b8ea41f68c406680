"""The street by choice: what citizens read in an hour, and their loops as machine code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steppe.core.compile import compiled
from steppe.core.random import threshold
from steppe.engine.citizen_loops import (
    CellNumbers,
    ChoiceFields,
    count_all,
    decide_all,
    encounter_all,
    notify_ties,
)
from steppe.engine.street_types import HourAddress
from steppe.model.custom import blamed, is_custom
from steppe.model.mechanisms.contact import ContactParameters
from steppe.model.mechanisms.crowd import CrowdParameters, sight
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.information import InformationParameters
from steppe.model.mechanisms.trigger import felt_legitimacy, felt_outrage

if TYPE_CHECKING:
    from steppe.engine.hour_context import HourContext
    from steppe.engine.world import World


def live(world: World, here: HourContext, hour: int) -> None:
    """Let an hour pass for the pool."""
    decide(world, here, hour)
    meet(world, here, hour)
    count(world)
    tell(world)


def restore(world: World) -> None:
    """Count the pool, and tell of everybody on the street as if nobody had been there."""
    count(world)
    tell(world)


def decide(world: World, here: HourContext, hour: int) -> None:
    """Let the citizens of the pool who think again choose; counts transitions."""
    step = here.rule("participation")
    assert step is not None
    loop = compiled(decide_all, parallel=True, bind=(("decide", step.mechanism.rule),))
    with blamed(step.mechanism):
        at = HourAddress(hour, *world.key)
        loop(step.values, world.citizens, here.fields, world.counts, at)


def meet(world: World, here: HourContext, hour: int) -> None:
    """Let citizens on the street meet officers; nobody does where no rule says how."""
    step = here.rule("contact")
    if step is None:
        return
    bind = (("meet", step.mechanism.rule),) if is_custom(step.mechanism) else ()
    loop = compiled(encounter_all, parallel=True, bind=bind)
    with blamed(step.mechanism):
        at = HourAddress(hour, *world.key)
        loop(step.values, world.citizens, world.counts, here.fields, at)


def count(world: World) -> None:
    """Count the pool."""
    where = CellNumbers(world.geography.place_start, world.geography.cell_start)
    compiled(count_all, parallel=True)(world.citizens, where, world.counts)


def tell(world: World) -> None:
    """Push news along personal ties, from those who changed."""
    compiled(notify_ties)(world.citizens, world.ties.first, world.ties.listeners)


def street_fields(world: World) -> ChoiceFields:
    """Return what citizens read this hour, from the columns as the last hour left them."""
    p = world.plan.parameters("participation")
    assert isinstance(p, CrowdParameters)
    c, view = world.columns, sight(p, world.columns)
    grievance = world.plan.parameters("grievance")
    information = world.plan.parameters("information")
    assert isinstance(grievance, GrievanceParameters)
    assert isinstance(information, InformationParameters)
    return ChoiceFields(
        region_of_place=world.geography.region_of_place,
        place_start=world.geography.place_start,
        cell_start=world.geography.cell_start,
        legitimacy=felt_legitimacy(c["region_legitimacy"], c["region_trigger_loss"]),
        loss=c["region_loss"],
        hardship_cut=c["place_hardship_cut"],
        outrage=felt_outrage(c["place_outrage"], c["place_trigger_harm"]),
        risk=c["place_risk"],
        cost=c["place_cost"],
        city_pull=view.city_pull,
        weight_online=c["place_weight_online"],
        weight_ties=c["place_weight_ties"],
        weight_lost=c["place_weight_lost"],
        ties_lost=c["place_ties_lost"],
        look_limit=np.floor(c["place_curious"] * 4294967296.0).astype(np.int64),
        cell_pull=view.cell_pull,
        violence_pull=view.violence_pull,
        cover=view.cover,
        national_pull=view.national_pull,
        success=c["place_success"],
        price_sensitivity=grievance.price_sensitivity,
        deprivation_sensitivity=grievance.deprivation_sensitivity,
        offline_reach=information.offline_reach,
        release_fear=_release_fear(world),
        reconsider_limit=threshold(p.reconsider),
        slots=max(world.ties.slots, 1),
        officers=c["place_officers"] * world.geography.weight,
        force_level=c["place_force_level"],
    )


def _release_fear(world: World) -> float:
    for step in world.plan.steps:
        if isinstance(step.parameters, ContactParameters):
            return step.parameters.release_fear
    return 0.0
