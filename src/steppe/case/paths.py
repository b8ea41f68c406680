"""Addresses: one dotted path for every value of a scenario that can affect a run.

Fields and mapping keys go by their name, items of lists and rows of tables by their id
(``timeline.blackout.value``, ``regions.north.wage``). Rows of ``price_steps`` have no
id: they go by region and cause, ``price_steps.north.market.price``; the second such row by
time is ``market-2``, the third ``market-3``; where several goods have steps, the good stands
behind the region. A list of names is one value,
joined by ``|``. Documentation has no address, nor have the names that addresses are made of.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from steppe.case.model_introspection import content
from steppe.case.scenario import Scenario, Value
from steppe.case.source_location import Where
from steppe.case.tables import PriceStep

RECENT = 8
"""Scenarios whose addresses are remembered."""

NAMES = ("format", "id")
"""Fields that say what something is called; changing them would change its address."""

_STEP_NAMES = ("region", "good", "cause")


@dataclass(frozen=True, slots=True)
class Address:
    """A value as a patch writes it, and the way to it in the scenario."""

    where: Where
    value: Value
    is_list: bool = False


class Identity:
    """A scenario as a key of what is remembered of it: the object itself, which never changes."""

    __slots__ = ("scenario",)

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and self.scenario is other.scenario


def addresses(scenario: Scenario) -> Mapping[str, Address]:
    """Return every value that can affect a run, by its dotted path."""
    return _addresses(Identity(scenario))


@functools.lru_cache(maxsize=RECENT)
def _addresses(key: Identity) -> Mapping[str, Address]:
    return addresses_in(key.scenario, list(Scenario.model_fields))


def addresses_in(scenario: Scenario, fields: Collection[str]) -> dict[str, Address]:
    """Return those of the values that lie in ``fields`` of the scenario."""
    return {
        ".".join(path): address
        for names, part, child in _branches(scenario)
        if part in fields
        for path, address in _walk(child, names, (part,))
    }


def dotted(scenario: Scenario, where: Where) -> str:
    """Return the dotted path of ``where``, as far as it can be addressed."""
    names: list[str] = []
    value: Any = scenario
    for part in where:
        branch = next((b for b in _branches(value) if b[1] == part), None)
        names += branch[0] if branch else [str(part)]
        value = branch[2] if branch else None
    return ".".join(names)


def local(when: datetime) -> str:
    """Return ``when`` as it is written in a case, without seconds that are zero."""
    return when.isoformat(timespec="seconds" if when.second else "minutes")


def _walk(
    value: Any, path: tuple[str, ...], where: Where
) -> Iterator[tuple[tuple[str, ...], Address]]:
    branches = list(_branches(value))
    for names, part, child in branches:
        yield from _walk(child, (*path, *names), (*where, part))
    if branches or isinstance(value, BaseModel | dict):
        return
    if isinstance(value, datetime):
        yield path, Address(where, local(value))
    elif not isinstance(value, tuple):
        yield path, Address(where, value)
    elif all(isinstance(item, str) for item in value):
        yield path, Address(where, "|".join(value), is_list=True)


def _branches(value: Any) -> Iterator[tuple[tuple[str, ...], str | int, Any]]:
    """Yield name, way and value of each child that has a name of its own."""
    if isinstance(value, BaseModel):
        model = type(value)
        fixed = (*NAMES, *_STEP_NAMES) if model is PriceStep else NAMES
        for name, attribute, inner in content(model):
            child = getattr(value, attribute)
            if name not in fixed and not (child == () and inner):
                yield (name,), name, child
    elif isinstance(value, dict):
        for key in sorted(value):
            yield (key,), key, value[key]
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for index, (label, item) in enumerate(zip(_labels(value), value, strict=True)):
            yield label, index, item


def _labels(items: tuple[Any, ...]) -> Iterator[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    several = len({item.good for item in items if isinstance(item, PriceStep)}) > 1
    for item in items:
        if not isinstance(item, PriceStep):
            yield (item.id,)
            continue
        way = (item.region, item.good) if several else (item.region,)
        key = (*way, item.cause)
        counts[key] += 1
        yield (*way, item.cause if counts[key] == 1 else f"{item.cause}-{counts[key]}")
