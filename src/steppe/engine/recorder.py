"""The recorder: read-only views of the world become series; what is recorded changes no number."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from steppe.engine.conditional_events import StreetRecord
from steppe.engine.event_detector import EventDetector
from steppe.engine.readings import (
    Reading,
    column,
    highest_force,
    legitimacy,
    mean_by_region,
    mean_outrage,
    nation,
    officers_in,
    opposed_share,
    persons_of,
    protesting_share,
    transitions,
    units_in,
)
from steppe.model.mechanisms.loyalty import CHANGED_SIDES, OBEYS, STANDS_BY
from steppe.model.options import OPTIONS
from steppe.results.trajectory import ACTIVE_STATES, Series

if TYPE_CHECKING:
    from steppe.engine.world import World
    from steppe.results.trajectory import Event

Floats = NDArray[np.float64]
FOUR_STATES = ("quiet", "peaceful", "violent", "looting")


@dataclass(frozen=True, slots=True)
class RecordedSeries:
    """One recorded series: dimensions behind the hour, type, unit, and how to read it."""

    name: str
    dims: tuple[str, ...]
    dtype: str
    unit: str
    meaning: str
    reading: Reading


_P = ("place",)
_R = ("region",)

RECORDED_SERIES: tuple[RecordedSeries, ...] = (
    *(
        RecordedSeries(
            state, _P, "i4", "persons", f"citizens {text} at the end of the hour", persons_of(state)
        )
        for state, text in (
            ("peaceful", "protesting peacefully"),
            ("violent", "using violence"),
            ("looting", "looting"),
            ("detained", "in detention"),
            ("wounded", "out of action with wounds"),
            ("dead", "killed since the start"),
        )
    ),
    RecordedSeries("joined", _P, "i4", "persons per hour", "citizens who took to the street",
                   persons_of("joined")),
    RecordedSeries("arrests", _P, "i4", "persons per hour", "citizens arrested",
                   persons_of("arrests")),
    RecordedSeries("woundings", _P, "i4", "persons per hour", "citizens wounded",
                   persons_of("woundings")),
    RecordedSeries("deaths", _P, "i4", "persons per hour", "citizens killed", persons_of("deaths")),
    RecordedSeries("price", _R, "f4", "currency per unit", "price of the good",
                   column("region_price")),
    RecordedSeries("internet_cut", _R, "f4", "1", "share of online reach cut",
                   mean_by_region("place_internet_cut")),
    RecordedSeries("phone_cut", _R, "f4", "1", "share of telephone reach cut",
                   mean_by_region("place_phone_cut")),
    RecordedSeries("legitimacy", _R, "f4", "1", "legitimacy of the regime",
                   Reading(("region_legitimacy", "region_trigger_loss"), legitimacy)),
    RecordedSeries("outrage", _R, "f4", "1", "mean outrage at harm",
                   Reading(("place_outrage", "place_trigger_harm"), mean_outrage)),
    RecordedSeries("grievance", _R, "f4", "1", "mean grievance", column("region_grievance")),
    RecordedSeries("officers_obeying", _R, "f4", "persons", "officers who obey",
                   officers_in(OBEYS)),
    RecordedSeries("officers_shirking", _R, "f4", "persons", "officers who stand by",
                   officers_in(STANDS_BY)),
    RecordedSeries("officers_defected", _R, "f4", "persons", "officers who changed sides",
                   officers_in(CHANGED_SIDES)),
    RecordedSeries("force_level", _R, "f4", "level",
                   "highest force used, 0 none to 4 shoot on sight",
                   Reading(("place_force_level",), highest_force)),
    RecordedSeries("risk", _R, "f4", "1", "mean perceived risk", mean_by_region("place_risk")),
    RecordedSeries("reported_share", (), "f8", "1", "reported share of citizens on the street",
                   nation("nation_reported_share")),
    RecordedSeries("foreign_backing", (), "f8", "1", "foreign backing as known to everyone",
                   nation("nation_signal")),
    RecordedSeries("foreign_troops", (), "f8", "persons", "foreign troops in the country",
                   nation("nation_troops")),
    RecordedSeries("survival_belief", (), "f8", "1", "units' mean belief that the regime survives",
                   nation("nation_belief")),
    RecordedSeries("threat", (), "f8", "1", "threat as the regime perceives it",
                   nation("nation_threat")),
    RecordedSeries("seized", (), "f8", "1", "weighted share of symbolic buildings lost",
                   nation("nation_seized")),
    RecordedSeries("private_opposition", (), "f8", "1", "share of citizens opposed in private",
                   Reading(("region_opposed",), opposed_share)),
    RecordedSeries("falsification_gap", (), "f8", "1",
                   "share opposed in private less share protesting in public",
                   Reading((), lambda w: opposed_share(w) - protesting_share(w))),
    RecordedSeries("officers_wounded", (), "f8", "persons", "officers wounded since the start",
                   nation("nation_officers_wounded")),
    RecordedSeries("officers_killed", (), "f8", "persons", "officers killed since the start",
                   nation("nation_officers_killed")),
    RecordedSeries("units_obeying", (), "f8", "units", "units that obey", units_in(OBEYS)),
    RecordedSeries("units_shirking", (), "f8", "units", "units that stand by", units_in(STANDS_BY)),
    RecordedSeries("units_defected", (), "f8", "units", "units that changed sides",
                   units_in(CHANGED_SIDES)),
    RecordedSeries("elite_split", (), "f8", "1", "share of power that has left the coalition",
                   nation("nation_elite_split")),
    RecordedSeries("security_frame", (), "f8", "1",
                   "acceptance of the terrorism story by the security forces",
                   nation("nation_frame_security")),
    RecordedSeries("sovereignty", (), "f8", "1", "sovereignty index",
                   nation("nation_sovereignty")),
    RecordedSeries("repression", (), "f8", "1", "repression index", nation("nation_repression")),
    RecordedSeries("reputation", (), "f8", "1", "reputation abroad", nation("nation_reputation")),
    RecordedSeries("leverage", (), "f8", "1", "leverage of the patron", nation("nation_leverage")),
    RecordedSeries("option_utility", ("option",), "f4", "1",
                   "utility of each response when the regime last weighed it",
                   column("option_utility")),
    RecordedSeries("option_probability", ("option",), "f4", "1",
                   "chance of each response when the regime last weighed it",
                   column("option_probability")),
    RecordedSeries("option_on", ("option",), "f4", "0/1", "response in force",
                   column("option_on")),
    RecordedSeries("faction_share", ("faction",), "f4", "1", "share of power of each faction",
                   column("faction_share")),
    RecordedSeries("issue_delivered", ("issue",), "f4", "1",
                   "degree to which each demand is expected to be met", column("issue_delivered")),
    RecordedSeries("neighbour_belief", ("neighbour",), "f4", "1",
                   "believed success of a revolt in each neighboring country",
                   column("neighbour_belief")),
    RecordedSeries("transitions", ("from_state", "to_state"), "i8", "persons per hour",
                   "citizens who thought again, by action before and after",
                   Reading((), transitions)),
)  # fmt: skip
"""Everything a run records by itself, in the order it is stored."""


class Recorder:
    """Collects every series hour by hour, and the events the model itself brings about."""

    def __init__(self, world: World) -> None:
        self._coords: dict[str, tuple[str, ...]] = {
            "region": world.geography.region_ids,
            "place": world.geography.place_ids,
            "from_state": FOUR_STATES,
            "to_state": FOUR_STATES,
            "option": OPTIONS,
            "faction": tuple(f.id for f in world.scenario.elite.factions),
            "issue": tuple(i.id for i in world.scenario.issues),
            "neighbour": tuple(n.id for n in world.scenario.neighbours),
        }
        hours = world.clock.hours
        self._arrays = {
            q.name: np.zeros((hours, *(len(self._coords[d]) for d in q.dims)), dtype=q.dtype)
            for q in RECORDED_SERIES
        }
        self._witness = EventDetector(world)
        self._read: dict[str, list[Any]] = {}

    @property
    def coords(self) -> Mapping[str, tuple[str, ...]]:
        """Labels of every dimension except the hour."""
        return self._coords

    def observe(self, world: World, hour: int) -> None:
        """Record the state at the end of ``hour``."""
        for one in RECORDED_SERIES:
            rows = self._arrays[one.name]
            if one.reading.columns and self._is_as_before(one, world):
                rows[hour] = rows[hour - 1]
            else:
                rows[hour] = one.reading.of(world)
        self._witness.observe(world, hour)

    def _is_as_before(self, one: RecordedSeries, world: World) -> bool:
        """Tell whether a series is read from the same columns as in the hour before."""
        columns = [world.columns[name] for name in one.reading.columns]
        before = self._read.get(one.name)
        self._read[one.name] = columns
        return before is not None and all(map(operator.is_, before, columns))

    def street(self, world: World, hour: int) -> StreetRecord:
        """Return what causes of events are looked for in, as recorded at the end of ``hour``."""
        rows = slice(hour, hour + 1)
        crowd = sum(self._arrays[name][rows].astype(np.int64) for name in ACTIVE_STATES)
        return StreetRecord(hour, np.asarray(crowd), self._arrays["dead"][rows],
                    world.columns["building_lost"][None, :])  # fmt: skip

    def tell(self, events: Iterable[Event]) -> None:
        """Add events to those that the model itself brought about."""
        self._witness.events.extend(events)

    @property
    def events(self) -> tuple[Event, ...]:
        """What the model itself brought about so far."""
        return tuple(self._witness.events)

    def state(self, hours: int) -> dict[str, NDArray[Any]]:
        """Return what was recorded in the first ``hours``, and what the witness remembers."""
        found = {f"series {name}": values[:hours] for name, values in self._arrays.items()}
        return found | {f"seen {name}": seen for name, seen in self._witness.seen().items()}

    def restore(self, state: Mapping[str, NDArray[Any]], events: Iterable[Event]) -> None:
        """Go on from what another recorder gave as its ``state``, and its events."""
        for name, values in self._arrays.items():
            before = state[f"series {name}"]
            values[: len(before)] = before
        names = self._witness.seen()
        self._witness.remember({name: state[f"seen {name}"] for name in names}, events)

    def series(self) -> dict[str, Series]:
        """Return what was recorded."""
        return {
            q.name: Series(q.name, ("hour", *q.dims), self._arrays[q.name], q.unit, q.meaning)
            for q in RECORDED_SERIES
        }
