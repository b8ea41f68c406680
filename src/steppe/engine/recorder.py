"""The recorder: read-only views of the world become series; what is recorded changes no number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from steppe.engine.conditional_events import StreetRecord
from steppe.engine.event_detector import EventDetector
from steppe.model.mechanisms.loyalty import CHANGED_SIDES, OBEYS, STANDS_BY
from steppe.model.mechanisms.trigger import felt_legitimacy, felt_outrage
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
    read: Callable[[World], Any]


def _persons(name: str) -> Callable[[World], Any]:
    """Read a count of agents by place as persons, rounded to whole people."""
    return lambda w: np.floor(getattr(w.counts, name) / w.geography.weight + 0.5)


def _column(name: str) -> Callable[[World], Any]:
    return lambda w: w.columns[name]


def _nation(name: str) -> Callable[[World], Any]:
    return lambda w: w.columns[name][0]


def _mean_by_region(name: str) -> Callable[[World], Any]:
    """Average a place column over the people of each region."""
    return lambda w: _region_means(w, w.columns[name])


def _region_means(w: World, values: Floats) -> Floats:
    c = w.columns
    weights = values * c["place_population"]
    return np.asarray(_sum_by_region(w, weights) / c["region_population"])


def _legitimacy(w: World) -> Floats:
    return felt_legitimacy(w.columns["region_legitimacy"], w.columns["region_trigger_loss"])


def _outrage(w: World) -> Floats:
    return _region_means(
        w, felt_outrage(w.columns["place_outrage"], w.columns["place_trigger_harm"])
    )


def _sum_by_region(w: World, values: Floats) -> Floats:
    totals = np.bincount(
        w.columns["place_region"], weights=values, minlength=len(w.scenario.regions)
    )
    return np.asarray(totals, dtype=np.float64)


def _officers(state: int) -> Callable[[World], Any]:
    def read(w: World) -> Floats:
        c = w.columns
        region = c["place_region"][c["unit_place"]]
        standing = c["unit_officers"] * (c["unit_state"] == state)
        totals = np.bincount(region, weights=standing, minlength=len(w.scenario.regions))
        return np.asarray(totals, dtype=np.float64)

    return read


def _units(state: int) -> Callable[[World], Any]:
    return lambda w: np.sum(w.columns["unit_state"] == state)


def _highest_force(w: World) -> Floats:
    highest = np.zeros(len(w.scenario.regions))
    np.maximum.at(highest, w.columns["place_region"], w.columns["place_force_level"])
    return highest


def _opposed(w: World) -> float:
    c = w.columns
    return float(np.sum(c["region_opposed"] * c["region_population"]) / w.persons)


def _protesting(w: World) -> float:
    c = w.columns
    return float(np.sum(c["place_peaceful"] + c["place_violent"]) / w.persons)


def _transitions(w: World) -> Floats:
    agents = w.counts.transitions.sum(axis=0)
    return np.asarray(np.floor(agents / w.geography.weight + 0.5), dtype=np.float64)


_P = ("place",)
_R = ("region",)

RECORDED_SERIES: tuple[RecordedSeries, ...] = (
    *(
        RecordedSeries(
            state, _P, "i4", "persons", f"citizens {text} at the end of the hour", _persons(state)
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
                   _persons("joined")),
    RecordedSeries("arrests", _P, "i4", "persons per hour", "citizens arrested",
                   _persons("arrests")),
    RecordedSeries("woundings", _P, "i4", "persons per hour", "citizens wounded",
                   _persons("woundings")),
    RecordedSeries("deaths", _P, "i4", "persons per hour", "citizens killed", _persons("deaths")),
    RecordedSeries("price", _R, "f4", "currency per unit", "price of the good",
                   _column("region_price")),
    RecordedSeries("internet_cut", _R, "f4", "1", "share of online reach cut",
                   _mean_by_region("place_internet_cut")),
    RecordedSeries("phone_cut", _R, "f4", "1", "share of telephone reach cut",
                   _mean_by_region("place_phone_cut")),
    RecordedSeries("legitimacy", _R, "f4", "1", "legitimacy of the regime",
                   _legitimacy),
    RecordedSeries("outrage", _R, "f4", "1", "mean outrage at harm",
                   _outrage),
    RecordedSeries("grievance", _R, "f4", "1", "mean grievance", _column("region_grievance")),
    RecordedSeries("officers_obeying", _R, "f4", "persons", "officers who obey", _officers(OBEYS)),
    RecordedSeries("officers_shirking", _R, "f4", "persons", "officers who stand by",
                   _officers(STANDS_BY)),
    RecordedSeries("officers_defected", _R, "f4", "persons", "officers who changed sides",
                   _officers(CHANGED_SIDES)),
    RecordedSeries("force_level", _R, "f4", "level",
                   "highest force used, 0 none to 4 shoot on sight", _highest_force),
    RecordedSeries("risk", _R, "f4", "1", "mean perceived risk", _mean_by_region("place_risk")),
    RecordedSeries("reported_share", (), "f8", "1", "reported share of citizens on the street",
                   _nation("nation_reported_share")),
    RecordedSeries("foreign_backing", (), "f8", "1", "foreign backing as known to everyone",
                   _nation("nation_signal")),
    RecordedSeries("foreign_troops", (), "f8", "persons", "foreign troops in the country",
                   _nation("nation_troops")),
    RecordedSeries("survival_belief", (), "f8", "1", "units' mean belief that the regime survives",
                   _nation("nation_belief")),
    RecordedSeries("threat", (), "f8", "1", "threat as the regime perceives it",
                   _nation("nation_threat")),
    RecordedSeries("seized", (), "f8", "1", "weighted share of symbolic buildings lost",
                   _nation("nation_seized")),
    RecordedSeries("private_opposition", (), "f8", "1", "share of citizens opposed in private",
                   _opposed),
    RecordedSeries("falsification_gap", (), "f8", "1",
                   "share opposed in private less share protesting in public",
                   lambda w: _opposed(w) - _protesting(w)),
    RecordedSeries("officers_wounded", (), "f8", "persons", "officers wounded since the start",
                   _nation("nation_officers_wounded")),
    RecordedSeries("officers_killed", (), "f8", "persons", "officers killed since the start",
                   _nation("nation_officers_killed")),
    RecordedSeries("units_obeying", (), "f8", "units", "units that obey", _units(OBEYS)),
    RecordedSeries("units_shirking", (), "f8", "units", "units that stand by", _units(STANDS_BY)),
    RecordedSeries("units_defected", (), "f8", "units", "units that changed sides",
                   _units(CHANGED_SIDES)),
    RecordedSeries("elite_split", (), "f8", "1", "share of power that has left the coalition",
                   _nation("nation_elite_split")),
    RecordedSeries("security_frame", (), "f8", "1",
                   "acceptance of the terrorism story by the security forces",
                   _nation("nation_frame_security")),
    RecordedSeries("sovereignty", (), "f8", "1", "sovereignty index",
                   _nation("nation_sovereignty")),
    RecordedSeries("repression", (), "f8", "1", "repression index", _nation("nation_repression")),
    RecordedSeries("reputation", (), "f8", "1", "reputation abroad", _nation("nation_reputation")),
    RecordedSeries("leverage", (), "f8", "1", "leverage of the patron", _nation("nation_leverage")),
    RecordedSeries("option_utility", ("option",), "f4", "1",
                   "utility of each response when the regime last weighed it",
                   _column("option_utility")),
    RecordedSeries("option_probability", ("option",), "f4", "1",
                   "chance of each response when the regime last weighed it",
                   _column("option_probability")),
    RecordedSeries("option_on", ("option",), "f4", "0/1", "response in force",
                   _column("option_on")),
    RecordedSeries("faction_share", ("faction",), "f4", "1", "share of power of each faction",
                   _column("faction_share")),
    RecordedSeries("issue_delivered", ("issue",), "f4", "1",
                   "degree to which each demand is expected to be met", _column("issue_delivered")),
    RecordedSeries("neighbour_belief", ("neighbour",), "f4", "1",
                   "believed success of a revolt in each neighboring country",
                   _column("neighbour_belief")),
    RecordedSeries("transitions", ("from_state", "to_state"), "i8", "persons per hour",
                   "citizens who thought again, by action before and after", _transitions),
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

    @property
    def coords(self) -> Mapping[str, tuple[str, ...]]:
        """Labels of every dimension except the hour."""
        return self._coords

    def observe(self, world: World, hour: int) -> None:
        """Record the state at the end of ``hour``."""
        for one in RECORDED_SERIES:
            self._arrays[one.name][hour] = one.read(world)
        self._witness.observe(world, hour)

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
