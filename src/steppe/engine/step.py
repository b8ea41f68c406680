"""One hour: every mechanism of the plan in its order, on the columns of the world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.clock import Clock
from steppe.core.random import uniforms
from steppe.engine import choice_street, hazard_street
from steppe.engine.hour_context import HourContext
from steppe.engine.plan import PlanStep
from steppe.engine.world import World
from steppe.model.columns import BY_NAME
from steppe.model.custom import blamed
from steppe.model.phases import Phase

_NUMBERS = (int, float)

_DTYPES = {name: np.dtype("i8" if one.dtype == "i8" else "f8") for name, one in BY_NAME.items()}
"""Column -> its type."""


class Fields(Protocol):
    """What rules of fields need of a world: columns, the script, clock, random numbers."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def clock(self) -> Clock:
        """Its clock."""

    @property
    def key(self) -> tuple[int, int]:
        """The key of its random numbers."""

    @property
    def addresses(self) -> Mapping[str, int | NDArray[np.int64]]:
        """Scale -> the addresses of its rows' random numbers."""

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """Columns by name, which rules replace."""

    @property
    def script(self) -> Mapping[str, Sequence[NDArray[np.float64]]]:
        """Columns of the script, a row an hour."""

    @property
    def unchanged(self) -> dict[str, tuple[Any, ...]]:
        """Role -> what its rule was last given."""

    @property
    def persons(self) -> float:
        """Citizens of the country."""


class CitizenLoops(Protocol):
    """A way to let an hour pass for citizens; all ways leave the same results."""

    def live(self, world: World, here: HourContext, hour: int) -> None:
        """Let citizens act, meet officers and be counted by state and place.

        They take to the street, change what they do there, or leave; arrests, woundings and
        deaths are counted, and those tied to a citizen are told when he came or went.
        """


class CompiledLoops:
    """Machine code, for citizens who act by hazards as for those who act by choice."""

    def live(self, world: World, here: HourContext, hour: int) -> None:
        """Let an hour pass for the pool."""
        _street(world).live(world, here, hour)

    def restore(self, world: World) -> None:
        """Make what follows from the states of citizens, which were put there."""
        _street(world).restore(world)


def _street(world: World) -> Any:
    return choice_street if world.hazards is None else hazard_street


def hour_context(world: World) -> HourContext:
    """Return what decides the streets of this hour, once the fields before them have run."""
    return HourContext(world.plan.citizen_rules, _street(world).street_fields(world))


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
    for step in steps_before_street(world):
        yield _part(world, step, hour)


def on_street(
    world: World, here: HourContext, loops: CitizenLoops, hour: int
) -> Iterator[MechanismCall]:
    """Yield the part in which citizens act, meet officers and are counted."""
    yield MechanismCall("citizens", Phase.STREET, lambda: loops.live(world, here, hour))


def after_street(world: World, hour: int) -> Iterator[MechanismCall]:
    """Yield the parts that follow from what was counted."""
    yield MechanismCall("persons", Phase.CONTACT, lambda: _store_counts(world))
    for step in steps_after_street(world):
        yield _part(world, step, hour)


def steps_before_street(world: World) -> list[PlanStep]:
    """Return the steps of the plan that come before citizens act."""
    return [step for step in world.plan.steps if step.mechanism.phase < Phase.STREET]


def steps_after_street(world: World) -> list[PlanStep]:
    """Return the steps of the plan that come after citizens were counted."""
    return [step for step in world.plan.steps if step.mechanism.phase > Phase.CONTACT]


def live_before_street(world: World, hour: int) -> None:
    """Run every part of ``before_street``."""
    for step in steps_before_street(world):
        apply_rule(world, step, hour)


def live_after_street(world: World, hour: int) -> None:
    """Run every part of ``after_street``."""
    _store_counts(world)
    for step in steps_after_street(world):
        apply_rule(world, step, hour)


def _part(world: World, step: PlanStep, hour: int) -> MechanismCall:
    mechanism = step.mechanism
    return MechanismCall(mechanism.role, mechanism.phase, lambda: apply_rule(world, step, hour))


def _arguments(world: Fields, step: PlanStep, hour: int) -> dict[str, Any]:
    reads, columns = step.reads, world.columns
    arguments: dict[str, Any] = {name: columns[name] for name in reads.columns}
    for name in reads.script:
        arguments[name] = world.script[name][hour]
    for name in reads.context:
        if name == "hour":
            arguments[name] = hour
        elif name == "hour_of_day":
            arguments[name] = world.clock.hour_of_day(hour)
        else:
            arguments[name] = world.persons
    for name, one in reads.random_numbers:
        before = world.unchanged.get(step.mechanism.role) if one.once else None
        if before is not None and before[0] is step:
            arguments[name] = before[1][len(arguments)]
            continue
        when, who = 0 if one.once else hour, world.addresses[one.scale]
        arguments[name] = uniforms(world.key, one.purpose, when, who, one.index)
    return arguments


def apply_rule(world: Fields, step: PlanStep, hour: int) -> None:
    """Run one field rule and store exactly what it declares to write."""
    mechanism, arguments = step.mechanism, _arguments(world, step, hour)
    if step.is_custom:
        _apply_custom_rule(world, step, arguments)
        return
    if step.is_repeatable and _given_the_same(world, step, arguments):
        return
    _store(world, step, mechanism.rule(step.parameters, **arguments))
    if step.is_repeatable:
        world.unchanged[mechanism.role] = (step, tuple(arguments.values()))


def _apply_custom_rule(world: Fields, step: PlanStep, arguments: dict[str, Any]) -> None:
    """Run a rule from a file, which can change nothing but what it returns."""
    mechanism = step.mechanism
    arguments = {name: _read_only(value) for name, value in arguments.items()}
    with blamed(mechanism):
        columns = mechanism.rule(step.parameters, **arguments)
        for name in mechanism.writes:
            if name in columns:
                _check_column(name, _owned(columns[name], name), world.columns[name])
        _store(world, step, columns)


def _store(world: Fields, step: PlanStep, columns: Mapping[str, Any]) -> None:
    """Replace the columns of ``world`` that a rule changed; AssertionError for any but its own."""
    if columns.keys() != step.reads.writes:
        raise AssertionError(f"{step.mechanism.name} wrote {sorted(columns)}")
    for name, values in columns.items():
        before = world.columns[name]
        if values is before:
            continue
        column = _owned(values, name)
        if column.tobytes() != before.tobytes():
            world.columns[name] = column


def _given_the_same(world: Fields, step: PlanStep, arguments: dict[str, Any]) -> bool:
    """Tell whether the arguments of a rule are those of its last call, so that it need not run.

    Arrays are compared as objects: a column is replaced only when its bits change.
    """
    before = world.unchanged.get(step.mechanism.role)
    if before is None or before[0] is not step:
        return False
    for a, b in zip(before[1], arguments.values(), strict=True):
        if a is not b and not (type(a) is type(b) and type(b) in _NUMBERS and a == b):
            return False
    return True


def _owned(values: Any, name: str) -> NDArray[Any]:
    """Return ``values`` as an array of the column's type that can be changed; mostly they are."""
    dtype = _DTYPES[name]
    if type(values) is np.ndarray and values.dtype is dtype and values.flags.writeable:
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


def _store_counts(world: World) -> None:
    """Turn agents counted into persons, in the columns that field rules read."""
    weight = world.geography.weight
    for name in ("peaceful", "violent", "looting", "joined", "arrests", "woundings", "deaths"):
        world.columns[f"place_{name}"] = getattr(world.counts, name) / weight
    if world.hazards is None:  # hazards see the crowd of their place, not of their cell
        for name in ("cell_active", "cell_violent", "cell_looting"):
            world.columns[name] = getattr(world.counts, name) / weight
