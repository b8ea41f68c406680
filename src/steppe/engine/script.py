"""The script: the timeline and price tables as one row of levers for every hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.case.units import in_span
from steppe.engine.price_script import price_levers
from steppe.engine.timeline_events import CONCESSIONS, DECIDING, effective_events
from steppe.engine.trigger_script import place_rows, trigger_columns
from steppe.model.mechanisms.alliance_parameters import AllianceParameters
from steppe.model.mechanisms.timeline import TimelineParameters, is_night
from steppe.model.options import CATALOGUE

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario, TimelineEvent
    from steppe.core.clock import Clock
    from steppe.engine.plan import Plan

Floats = NDArray[np.float64]

PRESENCE, GAS = 1.0, 2.0
"""Force level before any order, and the highest without lethal force."""

LETHAL = frozenset({"force-3", "force-4"})
BLACKOUTS = frozenset({"regional-blackout", "national-blackout"})


def place_memories(scenario: Scenario) -> Floats:
    """Return, by place, how vividly a past massacre or strike is remembered, as declared."""
    memory = np.zeros(len(scenario.places))
    for one in scenario.inputs:
        if one.kind == "memory" and one.enabled:
            memory[place_rows(scenario, one.where)] = one.value
    return memory


class Script:
    """Builds the hour x row arrays of every ``script_`` column of a scenario."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self._scenario = scenario
        self._clock: Clock = scenario.clock.clock()
        timeline = plan.parameters_even_off(scenario, "timeline")
        alliance = plan.parameters_even_off(scenario, "alliance")
        assert isinstance(timeline, TimelineParameters)
        assert isinstance(alliance, AllianceParameters)
        self._timeline = timeline
        self._backing = alliance
        self._regions = [r.id for r in scenario.regions]
        self._places = [p.id for p in scenario.places]
        self._region_rows: dict[str, list[int]] = {region: [] for region in self._regions}
        for i, place in enumerate(scenario.places):
            self._region_rows[place.region].append(i)
        self._events = effective_events(scenario)
        self._known: dict[tuple[str, ...], list[int]] = {}

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """Events of the timeline that take effect in this scenario, in the order of the file."""
        return self._events

    def columns(self) -> Mapping[str, Floats]:
        """Return every ``script_`` column, float64 (hours, rows of its scale)."""
        return {
            **price_levers(self._scenario),
            "script_internet_cut": self._levels("internet_cut", 0.0),
            "script_phone_cut": self._levels("phone_cut", 0.0),
            "script_curfew": self._curfew(),
            "script_emergency": self._emergency(),
            "script_force_level": self._force_levels(),
            "script_concession": self._concessions(),
            "script_reinforcement": self._levels("reinforce", 0.0, add=True),
            "script_success": self._success(),
            "script_first_demand": self._first_demand(),
            "script_signal": self._signal(),
            "script_troops": self._troops(),
            "script_freed_officers": self._freed(),
            "script_request": self._since("alliance_request"),
            "script_reframed": self._since("frame_terrorism"),
            "script_old_ruler_out": self._since("dismiss_old_ruler"),
            **trigger_columns(self._scenario, self._events),
            "script_operation": self._operations(),
            "script_free": self._free(),
            "script_option_allowed": self._allowed(self._options()),
            "script_signal_allowed": self._allowed([self._left_to_alliance("signal")]),
            "script_troops_allowed": self._allowed([self._left_to_alliance("troops")]),
        }

    def _rows(self, where: tuple[str, ...]) -> list[int]:
        if where not in self._known:
            self._known[where] = place_rows(self._scenario, where)
        return self._known[where]

    def _start(self, when: datetime) -> int:
        return max(0, min(self._clock.hour_of(when), self._clock.hours))

    def _of(self, *levers: str) -> list[TimelineEvent]:
        """Events of these levers by time; those of one hour keep the order of the file."""
        chosen = [e for e in self._events if e.do in levers]
        return sorted(chosen, key=lambda e: e.at)

    def _levels(self, lever: str, start: float, *, add: bool = False) -> Floats:
        table = np.full((self._clock.hours, len(self._places)), start)
        for event in self._of(lever):
            begin = self._start(event.at)
            end = self._clock.hours if event.until is None else self._start(event.until)
            for row in self._rows(event.where):
                if add:
                    table[begin:end, row] += event.value
                else:
                    table[begin:end, row] = event.value
        return table

    def _curfew(self) -> Floats:
        """Return the curfews ordered, at the hours at which they bind."""
        clock = self._clock
        of_day = [clock.hour_of_day(hour) for hour in range(clock.hours)]
        table = np.zeros((clock.hours, len(self._places)))
        for event in self._of("curfew"):
            binds = [
                in_span(event.hours, hour) if event.hours else is_night(self._timeline, hour)
                for hour in of_day
            ]
            begin = self._start(event.at)
            end = clock.hours if event.until is None else self._start(event.until)
            by_hour = event.value * np.array(binds, dtype=np.float64)[begin:end, None]
            table[begin:end, self._rows(event.where)] = by_hour
        return table

    def _emergency(self) -> Floats:
        """Return states of emergency, day and night; a curfew is one."""
        return np.maximum(self._levels("curfew", 0.0), self._levels("emergency", 0.0))

    def _force_levels(self) -> Floats:
        levels = self._levels("force_level", PRESENCE)
        if self._scenario.regime.lethal_force == "none":
            levels = np.minimum(levels, GAS)
        return levels

    def _concessions(self) -> Floats:
        by_place = self._levels("concession", 0.0)
        first = [self._region_rows[region][0] for region in self._regions]
        return np.ascontiguousarray(by_place[:, first])

    def _success(self) -> Floats:
        table = np.zeros((self._clock.hours, len(self._places)))
        for event in self._of(*CONCESSIONS):
            begin = self._start(event.at)
            table[begin : begin + int(self._timeline.success_hours), self._rows(event.where)] = 1.0
        return table

    def _operations(self) -> Floats:
        """Return the clearing operations that the case declares, at their strength."""
        table = np.zeros((self._clock.hours, len(self._places)))
        for one in self._scenario.inputs:
            if one.kind == "operation" and one.enabled:
                assert one.at is not None
                assert one.until is not None
                begin, end = self._start(one.at), self._start(one.until)
                table[begin:end, self._rows(one.where)] = one.value
        return table

    def _since(self, lever: str) -> Floats:
        """Return 1 from the first event of a lever on."""
        table = np.zeros((self._clock.hours, 1))
        for event in self._of(lever):
            table[self._start(event.at) :] = 1.0
        return table

    def _free(self) -> Floats:
        table = np.zeros((self._clock.hours, 1))
        if self._scenario.regime_rule == "policy":
            table[self._scenario.free_from :] = 1.0
        return table

    def _options(self) -> list[float]:
        """Return 0 for each response that a lever of the scenario takes from the regime, else 1."""
        off: set[str] = set()
        if self._scenario.regime_rule != "policy":
            return [1.0] * len(CATALOGUE)
        if self._scenario.regime.lethal_force == "none":
            off |= LETHAL
        if self._scenario.information.blackout == "none":
            off |= BLACKOUTS
        if self._scenario.regime.concessions == "none":
            off |= {option.name for option in CATALOGUE if option.kind == "concession"}
        return [float(option.name not in off) for option in CATALOGUE]

    def _left_to_alliance(self, lever: str) -> float:
        """Return 0 for a lever that the scenario takes from an alliance that decides, else 1."""
        decides = self._scenario.alliance_rule in DECIDING
        return float(getattr(self._scenario.alliance, lever) or not decides)

    def _allowed(self, row: list[float]) -> Floats:
        """Return ``row`` for every hour in which an actor can decide for himself, 1 before."""
        table = np.ones((self._clock.hours, len(row)))
        asked = [self._start(event.at) for event in self._of("alliance_request")]
        table[min([self._scenario.free_from, *asked]) :] = row
        return table

    def _first_demand(self) -> Floats:
        table = np.zeros((self._clock.hours, 1))
        for event in self._of(*CONCESSIONS):
            if event.do != "concession" or event.value >= 1.0:
                table[self._start(event.at) :] = 1.0
        return table

    def _troops(self) -> Floats:
        table = np.zeros((self._clock.hours, 1))
        if self._scenario.alliance.troops:
            for event in self._of("troops_arrive", "troops_withdraw"):
                table[self._start(event.at) :] = event.value
        return table

    def _signal(self) -> Floats:
        table = np.zeros((self._clock.hours, 1))
        alliance = self._scenario.alliance
        if not alliance.signal or self._scenario.alliance_rule == "decline":
            return table
        for event in self._of("alliance_request", "alliance_decision"):
            request = event.do == "alliance_request"
            level = self._backing.signal_words if request else self._backing.signal_decision
            begin = self._start(event.at)
            table[begin:] = np.maximum(table[begin:], level)
        present = self._troops()
        if alliance.troops and np.any(present > 0.0):
            table[present[:, 0] > 0.0] = self._backing.signal_troops
            after = np.flatnonzero(present[:, 0] > 0.0)[-1] + 1
            table[after:] = np.minimum(table[after:], self._backing.signal_words)
        return table

    def _freed(self) -> Floats:
        table = np.zeros((self._clock.hours, 1))
        for event in self._of("free_officers"):
            begin = self._start(event.at)
            end = begin if event.until is None else self._start(event.until)
            ramp = np.arange(1, self._clock.hours - begin + 1) / max(end - begin, 1)
            table[begin:, 0] += event.value * np.minimum(ramp, 1.0)
        return table
