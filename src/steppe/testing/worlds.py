"""Small random worlds: a plausible value for every column of the model, on any number of rows.

Every random number has its address, so that a world is a function of its seed on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import normal_array
from steppe.model.columns import BY_NAME, COLUMNS, Column, Scale
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.alliance_decision import POSTERIOR_SD
from steppe.model.options import KINDS, OPTIONS
from steppe.model.theory.framing import FRAMES

Array = NDArray[Any]

SIZES: Mapping[Scale, int] = {
    "nation": 1, "region": 4, "place": 9, "cell": 21, "building": 6, "unit": 17,
    "option": len(OPTIONS), "faction": 4, "issue": 5, "neighbour": 3, "stakeholder": 17,
    "audience": 9, "listening": 14, "feature": len(POSTERIOR_SD),
}  # fmt: skip
"""Rows of each scale in a random world."""

MAY_BE_EMPTY: tuple[Scale, ...] = (
    "building",
    "unit",
    "faction",
    "issue",
    "neighbour",
    "stakeholder",
    "listening",
)
"""Scales of which a scenario need not have any rows."""

TARGETS: Mapping[str, Scale] = {
    "place_region": "region", "cell_place": "place", "building_place": "place",
    "unit_place": "place", "stakeholder_issue": "issue",
    "listening_place": "place", "listening_audience": "audience",
}  # fmt: skip
"""Columns that point at rows of another scale."""

FIXED_ROWS: Mapping[Scale, int] = {
    "option": 10**6,
    "audience": 10**6,
    "feature": 10**6,
    "faction": 2,
}
"""Scales of which the first so many rows have a meaning of their own and cannot change places."""


@dataclass(frozen=True)
class ContractWorld:
    """Columns by name, and what the engine supplies besides."""

    columns: Mapping[str, Array]
    persons: float
    hour: int
    hour_of_day: int
    sizes: Mapping[Scale, int]


class Stream:
    """A sequence of addressed numbers: the n-th request of a seed always gives the same."""

    def __init__(self, seed: int, branch: int = 0) -> None:
        self._key = key_of(seed, branch)
        self._asked = 0

    def shares(self, size: int) -> NDArray[np.float64]:
        """Return ``size`` uniforms in (0, 1)."""
        self._asked += 1
        # the key belongs to this stream alone, so any purpose serves
        return uniforms(self._key, Purpose.TOY_SEED, self._asked, size)

    def between(self, low: float, high: float, size: int) -> NDArray[np.float64]:
        """Return ``size`` uniforms in (low, high)."""
        return low + (high - low) * self.shares(size)

    def whole(self, low: int, high: int, size: int) -> NDArray[np.int64]:
        """Return ``size`` whole numbers from ``low`` to ``high`` - 1."""
        return low + np.floor((high - low) * self.shares(size)).astype(np.int64)

    def normal(self, mean: float, spread: float, size: int) -> NDArray[np.float64]:
        """Return ``size`` normal numbers."""
        return mean + spread * normal_array(self.shares(size))

    def order(self, size: int, fixed: int = 0) -> NDArray[np.int64]:
        """Return a random order of ``size`` rows that keeps the first ``fixed`` in place."""
        rows = np.arange(size)
        rows[fixed:] = min(fixed, size) + np.argsort(self.shares(max(size - fixed, 0)))
        return rows


Maker = Callable[[Stream, int], Array]


def _between(low: float, high: float) -> Maker:
    return lambda stream, n: stream.between(low, high, n)


def _whole(low: int, high: int) -> Maker:
    return lambda stream, n: stream.whole(low, high, n)


def _some(high: int) -> Maker:
    """Return a maker of counts, half of them 0."""
    return lambda stream, n: stream.whole(0, high, n) * stream.whole(0, 2, n)


BY_UNIT: Mapping[str, Maker] = {
    "1": _between(0.0, 1.0), "0/1": _whole(0, 2), "code": _whole(0, 3), "level": _whole(0, 5),
    "persons": _some(400), "persons per hour": _some(30), "days": _between(0.0, 3.0),
    "hours": _whole(0, 160), "h": _some(200), "per day": _between(0.0, 0.01),
    "currency per unit": _between(50.0, 120.0), "1 % of survival": _between(0.0, 15.0),
    "index": _whole(0, 1), "degrees": _between(-60.0, 60.0), "per hour": _between(0.0, 0.01),
    "per person-hour": _between(0.0, 1e-5),
}  # fmt: skip
"""What a column of a unit may hold, where nothing more is known of it."""

BY_NAMES: Mapping[str, Maker] = {
    "script_price_ratio": _between(0.5, 3.0),
    "region_price_ratio": _between(0.5, 3.0),
    "script_basket_loss": _between(0.0, 0.3),
    "unit_loyalty": lambda stream, n: stream.normal(1.0, 0.3, n),
    "unit_noise": lambda stream, n: stream.normal(0.0, 0.5, n),
    "unit_officers": _whole(50, 150),
    "place_cut_days": lambda stream, n: stream.whole(0, 72, n) / 24.0,
    "feature_value": _between(-1.5, 1.5),
    "issue_value": _some(12),
    "issue_cost": _some(20),
    "nation_side_payment": _between(-20.0, 20.0),
    "nation_frame_change": _between(-0.2, 0.2),
    "nation_purge_gain": _between(-0.3, 0.3),
    "nation_last_choice": _whole(-1, len(OPTIONS)),
    "nation_last_kind": _whole(0, len(KINDS)),
    "option_utility": _between(-0.3, 0.3),
    "nation_deaths": _whole(0, 300),
    "nation_fallen": lambda stream, n: stream.whole(0, 4, n) * (stream.shares(n) < 0.3),
}
"""What these columns may hold instead."""


def world(seed: int, sizes: Mapping[Scale, int] = SIZES) -> ContractWorld:
    """Return a random world whose columns agree with one another.

    Populations add up over places, listeners of a place to 1 at most, beliefs of an audience and
    powers of factions to 1; nobody has been answered who has not asked.
    """
    # every region has a place, so that its population is not zero
    sizes = {**sizes, "place": max(sizes["place"], sizes["region"])}
    stream = Stream(seed)
    hour = int(stream.whole(0, 240, 1)[0])
    columns = {c.name: _value(c, stream, sizes).astype(c.dtype) for c in COLUMNS}
    _people(columns, stream, sizes)
    _powers(columns, stream, sizes)
    _replies(columns, stream, hour)
    _nothing_yet(columns, stream)
    persons = float(columns["place_population"].sum())
    # in a third of the worlds it is midnight, when what is decided once a day is decided
    hour_of_day = int((stream.whole(0, 24, 1) * (stream.whole(0, 3, 1) > 0))[0])
    return ContractWorld(columns, persons, hour, hour_of_day, sizes)


def quiet_world(seed: int, sizes: Mapping[Scale, int] = SIZES) -> ContractWorld:
    """Return a world as built: no lever pulled, every state at its start value."""
    base = world(seed, sizes)
    columns = dict(base.columns)
    for column in COLUMNS:
        if column.kind != "fixed":
            start = column.start if column.kind == "state" else 0.0
            columns[column.name] = np.full_like(base.columns[column.name], start)
    return ContractWorld(columns, base.persons, 0, 3, sizes)


def bare_world(seed: int, missing: Scale) -> ContractWorld:
    """Return a random world without any row of one scale."""
    return world(seed, {**SIZES, missing: 0})


def _value(column: Column, stream: Stream, sizes: Mapping[Scale, int]) -> Array:
    size = sizes[column.scale]
    if column.name in TARGETS:
        return stream.whole(0, sizes[TARGETS[column.name]], size)
    return BY_NAMES.get(column.name, BY_UNIT[column.unit])(stream, size)


def _people(columns: dict[str, Array], stream: Stream, sizes: Mapping[Scale, int]) -> None:
    regions, places = sizes["region"], sizes["place"]
    columns["place_region"][:regions] = stream.order(regions)
    people = stream.whole(1_500, 60_000, places).astype(np.float64)
    columns["place_population"] = people
    columns["region_population"] = np.bincount(columns["place_region"], weights=people)
    columns["cell_population"] = stream.whole(800, 3_000, sizes["cell"]).astype(np.float64)
    # in half of the places the cut began in this very hour
    begins = stream.whole(0, 2, places) > 0
    first = columns["place_internet_cut"] / 24.0
    columns["place_cut_days"] = np.where(begins, first, columns["place_cut_days"])
    # in half of the places the rumour has not been heard
    heard = columns["place_rumour_heard"] * stream.whole(0, 2, places)
    columns["place_rumour_heard"] = heard
    columns["place_rumour_spreading"] = columns["place_rumour_spreading"] * heard
    where, share = columns["listening_place"], columns["listening_share"]
    total = np.bincount(where, weights=share, minlength=places)
    columns["listening_share"] = share / np.maximum(total, 1.0)[where]


def _powers(columns: dict[str, Array], stream: Stream, sizes: Mapping[Scale, int]) -> None:
    for name in ("faction_share_before", "faction_share"):
        columns[name] = columns[name] / max(float(columns[name].sum()), 1e-12)
    if stream.shares(1)[0] < 0.3:  # the elite has not been asked yet
        columns["faction_share"] = np.zeros(sizes["faction"])
    beliefs = stream.between(0.05, 1.0, len(FRAMES) * sizes["audience"])
    table = beliefs.reshape(len(FRAMES), sizes["audience"])
    table = table / table.sum(axis=0)
    for row, frame in enumerate(("economic", "terrorism", "revolution", "plot")):
        columns[f"audience_{frame}"] = table[row].copy()
    chance = columns["option_probability"]
    columns["option_probability"] = chance / chance.sum()


def _replies(columns: dict[str, Array], stream: Stream, hour: int) -> None:
    is_requested = stream.shares(1)[0] < 0.6
    hours = float(stream.whole(0, 120, 1)[0]) if is_requested else -1.0
    columns["nation_request_hour"] = np.array([hours])
    reply = 1.0 if stream.shares(1)[0] < 0.7 else -1.0
    columns["nation_granted"] = np.array([reply if is_requested else 0.0])
    leaving = columns["nation_leaving_hours"] * (reply if is_requested and reply > 0.0 else 0.0)
    columns["nation_leaving_hours"] = leaving
    ago = stream.whole(0, hour + 1, len(columns["option_since"])).astype(np.float64)
    never = BY_NAME["option_since"].start
    columns["option_since"] = np.where(stream.shares(len(ago)) < 0.5, never, ago)


NOT_YET: tuple[tuple[str, ...], ...] = (
    ("nation_seized", "building_lost"),
    ("nation_officers_killed", "nation_officers_wounded"),
    ("place_arrests", "place_woundings", "place_deaths"),
    ("issue_agreed", "issue_delivered", "nation_side_payment"),
    ("nation_survived",),
    ("nation_troops", "nation_freed_officers"),
)
"""Columns that are 0 together until something has happened."""


def _nothing_yet(columns: dict[str, Array], stream: Stream) -> None:
    for names in NOT_YET:
        if stream.shares(1)[0] < 0.5:
            for name in names:
                columns[name] = np.zeros_like(columns[name])


def arguments(mechanism: Mechanism, world: ContractWorld, seed: int) -> dict[str, Any]:
    """Return the keyword arguments of a field rule in ``world``; arrays are read-only."""
    stream = Stream(seed, 1)
    context: dict[str, Any] = {
        "hour": world.hour, "hour_of_day": world.hour_of_day, "persons": world.persons,
    }  # fmt: skip
    out: dict[str, Any] = {}
    for name in mechanism.arguments:
        if name in context:
            out[name] = context[name]
            continue
        if name in mechanism.random_numbers:
            out[name] = _random_numbers(stream, world.sizes[mechanism.random_numbers[name].scale])
        else:
            out[name] = world.columns[name].copy()
        out[name].setflags(write=False)
    return out


def _random_numbers(stream: Stream, size: int) -> Array:
    """Return uniforms of which some are small, so that rare events happen in a few worlds."""
    return stream.shares(size) * np.where(stream.shares(size) < 0.3, 0.01, 1.0)


def scale_of(mechanism: Mechanism, name: str) -> Scale | None:
    """Return whose rows an argument or written column has; None for a single number."""
    if name in mechanism.random_numbers:
        return mechanism.random_numbers[name].scale
    return BY_NAME[name].scale if name in BY_NAME else None
