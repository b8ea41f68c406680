"""The witness: what happened that nobody scripted, told hour by hour as events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from steppe.model.mechanisms.loyalty import CHANGED_SIDES
from steppe.model.mechanisms.outcome import PATHS
from steppe.model.options import CATALOGUE
from steppe.results.trajectory import Event

if TYPE_CHECKING:
    from steppe.engine.step import Fields

model_event = partial(Event, origin="model")

NUMBERS = ("fallen", "ended", "changed", "granted", "purged")


def in_order(script: Iterable[Event], model: Iterable[Event]) -> tuple[Event, ...]:
    """Return scripted and model-made events by hour; in one hour the script comes first."""
    return tuple(sorted([*script, *model], key=lambda e: (e.hour, e.origin == "model")))


class EventDetector:
    """Compares each hour with what it saw the hour before."""

    def __init__(self, world: Fields) -> None:
        self.events: list[Event] = []
        self._lost = np.zeros(len(world.scenario.buildings), dtype=np.int64)
        self._states: NDArray[Any] | None = None
        self._last = dict.fromkeys(NUMBERS, 0.0)

    def observe(self, world: Fields, hour: int) -> None:
        """Tell what has changed by the end of ``hour``."""
        self._buildings(world, hour)
        self._choice(world, hour)
        self._answer(world, hour)
        self._purge(world, hour)
        self._defections(world, hour)
        self._end(world, hour)

    def seen(self) -> dict[str, NDArray[Any]]:
        """Return what it remembers, besides the events."""
        return {"lost": self._lost, "last": np.array([self._last[name] for name in NUMBERS])}

    def remember(self, seen: Mapping[str, NDArray[Any]], events: Iterable[Event]) -> None:
        """Take over what another witness has ``seen``, and its events."""
        self._lost = seen["lost"]
        self._last = dict(zip(NUMBERS, map(float, seen["last"]), strict=True))
        self.events = list(events)

    def _new(self, name: str, value: float) -> float:
        """Remember a number and return what it was before."""
        before, self._last[name] = self._last[name], value
        return before

    def _buildings(self, world: Fields, hour: int) -> None:
        lost = world.columns["building_lost"]
        if lost is self._lost:
            return
        for i in np.flatnonzero(lost != self._lost):
            building = world.scenario.buildings[int(i)]
            lost_now = bool(lost[i])
            self.events.append(
                model_event(
                    hour,
                    "protesters" if lost_now else "government",
                    "building_lost" if lost_now else "building_retaken",
                    building.place,
                    building.weight,
                    f"{building.name} {'falls to the crowd' if lost_now else 'is back in hand'}",
                )
            )
        self._lost = lost

    def _choice(self, world: Fields, hour: int) -> None:
        """Tell what the regime chose, with the utility it saw in it and the chance it had."""
        choice = int(world.columns["nation_last_choice"][0])
        if choice > 0:
            utility = float(world.columns["option_utility"][choice])
            chance = float(world.columns["option_probability"][choice])
            threat = float(world.columns["nation_last_threat"][0])
            text = (
                f"{CATALOGUE[choice].name}: utility {utility:.3f}, chance {chance:.2f}, "
                f"threat {threat:.2f}"
            )
            self.events.append(
                model_event(hour, "government", CATALOGUE[choice].name, "national", utility, text)
            )

    def _answer(self, world: Fields, hour: int) -> None:
        granted = float(world.columns["nation_granted"][0])
        if granted != self._new("granted", granted):
            chance = float(world.columns["nation_grant"][0])
            kind = "request_granted" if granted > 0.0 else "request_refused"
            text = f"The request is {'granted' if granted > 0.0 else 'refused'}"
            self.events.append(
                model_event(
                    hour, "alliance", kind, "national", chance, f"{text}, chance {chance:.2f}"
                )
            )

    def _purge(self, world: Fields, hour: int) -> None:
        purged = float(world.columns["nation_purged"][0])
        free = bool(world.script["script_free"][hour][0] > 0.0)
        if purged > self._new("purged", purged) and free:
            name = world.scenario.elite.factions[1].id
            self.events.append(
                model_event(hour, "president", "purge", "national", 1.0, f"{name} loses its power")
            )

    def _defections(self, world: Fields, hour: int) -> None:
        states = world.columns["unit_state"]
        if states is self._states:
            return
        self._states = states
        changed = int(np.sum(states == CHANGED_SIDES))
        more = changed - int(self._new("changed", changed))
        if more > 0:
            noun = "unit changes" if more == 1 else "units change"
            self.events.append(
                model_event(hour, "forces", "defection", "national", more, f"{more} {noun} sides")
            )

    def _end(self, world: Fields, hour: int) -> None:
        fallen = int(world.columns["nation_fallen"][0])
        before = self._new("fallen", fallen)
        if fallen and not before:
            text = f"The regime falls: {PATHS[fallen]}"
            self.events.append(
                model_event(hour, "government", "fall", "national", float(fallen), text)
            )
        survived = float(world.columns["nation_survived"][0])
        if survived > self._new("ended", survived):
            self.events.append(
                model_event(hour, "protesters", "calm", "national", 1.0, "The protest has ended")
            )
