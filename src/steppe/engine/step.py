"""One hour: every mechanism of the plan in its order, on the columns of the world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled
from steppe.core.random import threshold, uniforms
from steppe.engine.citizen_loops import (
    Fields,
    Where,
    count_all,
    decide_all,
    encounter_all,
    notify_ties,
)
from steppe.engine.plan import PlanStep
from steppe.engine.world import World
from steppe.model.columns import BY_NAME
from steppe.model.custom import blamed, is_custom
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.contact import ContactParameters
from steppe.model.mechanisms.crowd import CrowdParameters, sight
from steppe.model.mechanisms.grievance import GrievanceParameters
from steppe.model.mechanisms.information import InformationParameters
from steppe.model.phases import Phase

Floats = NDArray[np.float64]


class CitizenLoops(Protocol):
    """Whatever lets citizens decide, meet officers and be counted; results must not differ."""

    def decide(self, world: World, p: Any, fields: Any, hour: int) -> None:
        """Let the citizens who think again choose; counts transitions."""

    def meet(self, world: World, p: Any, hour: int) -> None:
        """Let citizens on the street meet officers; counts arrests, woundings, deaths."""

    def count(self, world: World) -> None:
        """Count citizens by state, place and cell."""

    def tell(self, world: World) -> None:
        """Tell those tied to a citizen that he took to the street or left it."""


class CompiledLoops:
    """The loops of ``engine.citizen_loops`` as parallel machine code."""

    def decide(self, world: World, p: Any, fields: Any, hour: int) -> None:
        """Let the citizens of the pool who think again choose."""
        mechanism = world.plan.mechanism("participation")
        loop = compiled(decide_all, parallel=True, bind=(("decide", mechanism.rule),))
        with blamed(mechanism):
            loop(p, world.citizens, fields, world.counts, hour, *world.key)

    def meet(self, world: World, p: Any, hour: int) -> None:
        """Let citizens on the street meet officers."""
        mechanism = world.plan.mechanism("contact")
        bind = (("meet", mechanism.rule),) if is_custom(mechanism) else ()
        with blamed(mechanism):
            compiled(encounter_all, parallel=True, bind=bind)(
                p,
                world.citizens,
                world.counts,
                world.columns["place_officers"],
                world.columns["place_force_level"],
                world.geography.weight,
                hour,
                *world.key,
            )

    def count(self, world: World) -> None:
        """Count the pool."""
        where = Where(world.geography.place_start, world.geography.cell_start)
        compiled(count_all, parallel=True)(world.citizens, where, world.counts)

    def tell(self, world: World) -> None:
        """Push news along personal ties, from those who changed."""
        compiled(notify_ties)(world.citizens, world.ties.first, world.ties.listeners)


@dataclass(frozen=True, slots=True)
class HourContext:
    """All that decides what citizens do in an hour, besides their own state and random numbers.

    Worlds with equal situations and citizens have equal streets; ``meets`` is None where nobody
    meets officers. Officers are persons by place.
    """

    decides: tuple[Mechanism, Any]
    fields: Any
    meets: tuple[Mechanism, Any] | None
    officers: Floats
    force_level: Floats


@dataclass(frozen=True, slots=True)
class MechanismCall:
    """One part of an hour: its name (a role, or what the engine does), its phase, its act."""

    name: str
    phase: Phase
    act: Callable[[], None]


def run_hour(world: World, hour: int, loops: CitizenLoops) -> None:
    """Let one hour pass: run every mechanism of the plan in order, then count the streets."""
    for part in parts(world, hour, loops):
        part.act()


def parts(world: World, hour: int, loops: CitizenLoops) -> Iterator[MechanismCall]:
    """Yield the parts of one hour in their order; each must act before the next is taken."""
    yield from before_street(world, hour)
    contexts: list[HourContext] = []
    yield MechanismCall("fields", Phase.STREET, lambda: contexts.append(hour_context(world)))
    yield from on_street(world, contexts[0], loops, hour)
    yield from after_street(world, hour)


def before_street(world: World, hour: int) -> Iterator[MechanismCall]:
    """Yield the parts that say what citizens will see and risk."""
    for step in world.plan.steps:
        if step.mechanism.phase < Phase.STREET:
            yield _part(world, step, hour)


def on_street(
    world: World, here: HourContext, loops: CitizenLoops, hour: int
) -> Iterator[MechanismCall]:
    """Yield the parts in which citizens act, are met and are counted."""
    p = here.decides[1]
    yield MechanismCall(
        "decisions", Phase.STREET, lambda: loops.decide(world, p, here.fields, hour)
    )
    if here.meets is not None:
        values = here.meets[1]
        yield MechanismCall("contact", Phase.CONTACT, lambda: loops.meet(world, values, hour))
    yield MechanismCall("counts", Phase.CONTACT, lambda: loops.count(world))
    yield MechanismCall("ties", Phase.CONTACT, lambda: loops.tell(world))


def after_street(world: World, hour: int) -> Iterator[MechanismCall]:
    """Yield the parts that follow from what was counted."""
    yield MechanismCall("persons", Phase.CONTACT, lambda: _store_counts(world))
    for step in world.plan.steps:
        if step.mechanism.phase > Phase.CONTACT:
            yield _part(world, step, hour)


def _part(world: World, step: PlanStep, hour: int) -> MechanismCall:
    mechanism = step.mechanism
    return MechanismCall(mechanism.role, mechanism.phase, lambda: _apply(world, step, hour))


def hour_context(world: World) -> HourContext:
    """Return what decides the streets of this hour, once the fields before them have run."""
    decides = world.plan.step("participation")
    assert isinstance(decides.parameters, CrowdParameters)
    meets = [s for s in world.plan.steps if s.mechanism.phase == Phase.CONTACT]
    return HourContext(
        decides=(decides.mechanism, _values(decides)),
        fields=street_fields(world, decides.parameters),
        meets=(meets[0].mechanism, _values(meets[0])) if meets else None,
        officers=world.columns["place_officers"],
        force_level=world.columns["place_force_level"],
    )


def _arguments(world: World, step: PlanStep, hour: int) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for name in step.mechanism.arguments:
        if name in world.columns:
            arguments[name] = world.columns[name]
        elif name in world.script:
            arguments[name] = world.script[name][hour]
        elif name == "hour":
            arguments[name] = hour
        elif name == "hour_of_day":
            arguments[name] = world.clock.hour_of_day(hour)
        elif name == "persons":
            arguments[name] = world.persons
        else:
            one = step.mechanism.random_numbers[name]
            rows = 1 if one.scale == "nation" else _rows(world, one.scale)
            when = 0 if one.once else hour
            arguments[name] = uniforms(world.key, one.purpose, when, rows, one.index)
    return arguments


def _rows(world: World, scale: str) -> int:
    name = {
        "unit": "unit_place",
        "place": "place_region",
        "region": "region_population",
        "feature": "feature_value",
        "neighbour": "neighbour_similarity",
    }[scale]
    return len(world.columns[name])


def _apply(world: World, step: PlanStep, hour: int) -> None:
    """Run one field rule and store exactly what it declares to write."""
    mechanism, arguments = step.mechanism, _arguments(world, step, hour)
    guarded = is_custom(mechanism)
    if guarded:
        arguments = {name: _read_only(value) for name, value in arguments.items()}
    with blamed(mechanism):
        written = mechanism.rule(step.parameters, **arguments)
        if set(written) != set(mechanism.writes):
            raise AssertionError(f"{mechanism.name} wrote {sorted(written)}")
        for name in mechanism.writes:
            dtype = np.int64 if BY_NAME[name].dtype == "i8" else np.float64
            column = _owned(written[name], dtype)
            if guarded:
                _check_column(name, column, world.columns[name])
            world.columns[name] = column


def _owned(values: Any, dtype: type) -> NDArray[Any]:
    """Return ``values`` as an array of ``dtype`` that can be written; mostly they are one."""
    if type(values) is np.ndarray and values.dtype == dtype and values.flags.writeable:
        return values
    return np.require(values, dtype, "W")


def _read_only(value: Any) -> Any:
    """Return a view of an array through which a rule from outside can change nothing."""
    if not isinstance(value, np.ndarray):
        return value
    view = value.view()
    view.setflags(write=False)
    return view


def _check_column(name: str, column: NDArray[Any], before: NDArray[Any]) -> None:
    if column.shape != before.shape:
        raise ValueError(f"{name} has shape {column.shape}; the column has {before.shape}")
    if not np.isfinite(column).all():
        raise ValueError(f"{name} is not finite everywhere")


def _values(step: PlanStep) -> Any:
    """Return the parameters of a citizen rule as its compiled form takes them."""
    kind = step.mechanism.values
    return kind(*(float(getattr(step.parameters, name)) for name in kind._fields))


def street_fields(world: World, p: CrowdParameters) -> Any:
    """Return what citizens read this hour, from the columns as the last hour left them."""
    c, view = world.columns, sight(p, world.columns)
    grievance = world.plan.parameters("grievance")
    information = world.plan.parameters("information")
    assert isinstance(grievance, GrievanceParameters)
    assert isinstance(information, InformationParameters)
    return Fields(
        region_of_place=world.geography.region_of_place,
        place_start=world.geography.place_start,
        cell_start=world.geography.cell_start,
        legitimacy=c["region_legitimacy"],
        loss=c["region_loss"],
        hardship_cut=c["place_hardship_cut"],
        outrage=c["place_outrage"],
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
    )


def _release_fear(world: World) -> float:
    for step in world.plan.steps:
        if isinstance(step.parameters, ContactParameters):
            return step.parameters.release_fear
    return 0.0


def _store_counts(world: World) -> None:
    """Turn agents counted into persons, in the columns that field rules read."""
    weight = world.geography.weight
    for name in ("peaceful", "violent", "looting", "arrests", "woundings", "deaths"):
        world.columns[f"place_{name}"] = getattr(world.counts, name) / weight
    for name in ("cell_active", "cell_violent", "cell_looting"):
        world.columns[name] = getattr(world.counts, name) / weight
