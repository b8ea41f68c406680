"""Those in power in the cohort engine: hour by hour, by the rules that the citizens' engine runs.

Where the regime or an alliance decides for itself, an hour of the streets depends on the last. The
compiled loop then lives one hour at a time, and the rules of those in power run between. While
nobody is out, no measure is in force and the script does not change, nothing is decided: such
hours are lived in one go. Framing, rumours, bargaining, neighbours and indices are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.clock import Clock
from steppe.core.compile import compiled
from steppe.engine.cohort_hours import live_on_demand
from steppe.engine.cohort_levers import LOSSES, losses_of
from steppe.engine.cohort_power_series import PowerSeries
from steppe.engine.cohort_types import (
    CURFEW,
    CUT,
    CUT_DAYS,
    DEATHS,
    FORCE_LEVEL,
    LOOTING,
    LOSS,
    OFFICERS,
    PEACEFUL,
    PHONE_CUT,
    POOL,
    SHARED_LOSS,
    STRUCK,
    VIOLENT,
    CohortRun,
)
from steppe.engine.event_detector import EventDetector
from steppe.engine.latest import Latest
from steppe.engine.outcome import fate_of
from steppe.engine.row_addresses import row_addresses
from steppe.engine.step import apply_rule
from steppe.engine.world import loyalty_parameters, same_rows, start_columns
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.legitimacy import cut_begins
from steppe.model.mechanisms.loyalty import STANDS_BY
from steppe.model.mechanisms.outcome import PATHS, OutcomeParameters
from steppe.model.mechanisms.population import PopulationParameters
from steppe.model.mechanisms.risk import severity_of
from steppe.model.mechanisms.round_up import RoundUpParameters, round_up
from steppe.model.options import REVERSIBLE
from steppe.model.phases import Phase
from steppe.population.geography import geography
from steppe.results.trajectory import Event

if TYPE_CHECKING:
    from steppe.engine.cohort_model import CohortModel

Floats = NDArray[np.float64]

POWERS = frozenset(
    {"timeline", "alliance", "seizure", "loyalty", "threat", "elite", "regime", "outcome"}
)
"""Roles that run between the hours of the streets."""

LEVERS = (
    "script_internet_cut", "script_phone_cut", "script_force_level", "script_curfew",
    "script_emergency", "script_concession", "script_success", "script_first_demand",
    "script_request", "script_reframed", "script_old_ruler_out", "script_signal", "script_troops",
    "script_freed_officers", "script_reinforcement", "script_free", "script_option_allowed",
    "script_signal_allowed", "script_troops_allowed",
)  # fmt: skip
"""Columns of the script that those in power read."""

_FEW = 1e-6
"""Agents per citizen of the geography that columns take their sizes from: nobody is drawn."""


@dataclass(frozen=True, slots=True)
class PowerFields:
    """The columns that rules of those in power read and write."""

    scenario: Scenario
    clock: Clock
    key: tuple[int, int]
    addresses: Mapping[str, int | NDArray[np.int64]]
    columns: dict[str, NDArray[Any]]
    script: Mapping[str, Sequence[Floats]]
    unchanged: dict[str, tuple[Any, ...]] = field(default_factory=dict, compare=False)

    @property
    def persons(self) -> float:
        """Citizens of the country."""
        return float(self.scenario.country.citizens)


@dataclass(frozen=True, slots=True)
class PowerHistory:
    """What those in power left: series by name, events, and how the run ended.

    ``lost`` (hours, buildings) tells which were in the crowd's hands.
    """

    series: Mapping[str, NDArray[Any]]
    lost: NDArray[np.int64]
    events: tuple[Event, ...]
    outcome: Mapping[str, float | int | str]


def with_own_levers(run: CohortRun) -> CohortRun:
    """Return ``run`` with levers of its own, and officers that the loop leaves as they are."""
    own = {name: getattr(run.levers, name).copy() for name in ("place", "fetched", "region")}
    levers = run.levers._replace(**own)
    rules = run.rules._replace(on=run.rules.on._replace(loyalty=False))
    return run._replace(levers=levers, rules=rules)


def live_with_powers(model: CohortModel, run: CohortRun) -> PowerHistory:
    """Live the history of ``run``, which has levers of its own, and of those in power."""
    return _Powers(model, run).live()


class _Powers:
    """One history while it is lived."""

    def __init__(self, model: CohortModel, run: CohortRun) -> None:
        scenario, plan = model.scenario, model.plan
        where = geography(scenario, PopulationParameters(), _FEW)
        pool = run.country.place[POOL]
        people = (model.census.region_deprivation, pool)
        columns = start_columns(scenario, plan, run.key, where, people)
        addresses = row_addresses(scenario, loyalty_parameters(scenario, plan), run.country.address)
        script = {name: same_rows(model.script[name]) for name in LEVERS}
        self._model, self._run = model, run
        self._fields = PowerFields(scenario, model.clock, run.key, addresses, columns, script)
        steps = [step for step in plan.steps if step.mechanism.role in POWERS]
        self._before = [step for step in steps if step.mechanism.phase < Phase.STREET]
        self._after = [step for step in steps if step.mechanism.phase > Phase.CONTACT]
        self._witness = EventDetector(self._fields)
        self._changes = _changes(model)
        self._span = np.zeros(2, dtype=np.int64)
        self._hours = compiled(live_on_demand, bind=model.binding)(run, self._span)
        self._series = PowerSeries(self._fields, model.country.region_population)
        self._conceded = np.zeros(len(scenario.regions))
        severities = np.array([severity_of(run.rules.risk, level) for level in range(5)])
        self._severity = Latest(lambda level: severities[level.astype(np.int64)])
        self._fetched = Latest(self._fetched_by)
        self._struck = Latest(self._struck_by)
        self._concedes = Latest(
            lambda now, before, script: bool(np.any(now > np.maximum(before, script)))
        )

    def live(self) -> PowerHistory:
        """Live every hour."""
        hour, hours = 0, self._model.clock.hours
        while hour < hours:
            if self._is_idle(hour):
                hour = self._skip(hour)
                self._decide(hour - 1)
            else:
                self._set_levers(hour)
                hour = self._live_streets(hour, hour + 1)
                self._decide(hour - 1)
        fate, when = fate_of(self._fields, self._witness.events)
        fallen = int(self._fields.columns["nation_fallen"][0])
        series = self._series.values
        return PowerHistory(series, self._series.lost, tuple(self._witness.events), {
            "fate": fate,
            "fate_hour": when,
            "fall_path": PATHS.get(fallen, ""),
            "units_defected": int(series["units_defected"].max()),
            "seized_peak": float(series["seized"].max()),
        })  # fmt: skip

    def _live_streets(self, hour: int, end: int) -> int:
        """Live from ``hour`` until somebody is on the street or ``end`` is reached; return when."""
        self._span[:] = hour, end
        return int(next(self._hours))

    def _is_idle(self, hour: int) -> bool:
        """Tell whether nobody is out, nothing is in force and nobody waits for an answer."""
        c = self._fields.columns
        return (
            hour > 0
            and not self._run.history.streets[PEACEFUL : LOOTING + 1, hour - 1].any()
            and hour < self._next_change(hour)
            and not c["option_on"][list(REVERSIBLE)].any()
            and not (c["unit_state"] == STANDS_BY).any()
            and not c["nation_request"][0] > 0.0
        )

    def _next_change(self, hour: int) -> int:
        """Return the first hour from ``hour`` on in which a lever of the script changes."""
        later = np.searchsorted(self._changes, hour)
        return int(self._changes[later])

    def _skip(self, hour: int) -> int:
        """Live until somebody is on the street; return the first hour not lived."""
        c, p = self._fields.columns, self._model.plan
        outcome = cast(OutcomeParameters, p.parameters_even_off(self._fields.scenario, "outcome"))
        end = self._next_change(hour)
        if not c["nation_survived"][0]:
            end = min(end, hour + max(int(outcome.calm_hours - c["nation_calm_hours"][0]), 1))
        until = self._live_streets(hour, end)
        quiet = until - hour - 1
        for name in ("nation_calm_hours", "nation_relief_hours"):
            c[name] = c[name] + quiet
        self._series.repeat(hour, until)
        return until

    def _set_levers(self, hour: int) -> None:
        """Put what is ordered for ``hour`` where the streets read it."""
        for step in self._before:
            apply_rule(self._fields, step, hour)
        c, place = self._fields.columns, self._run.levers.place[:, hour]
        for row, name in ((CUT, "internet_cut"), (PHONE_CUT, "phone_cut"), (CUT_DAYS, "cut_days"),
                          (FORCE_LEVEL, "force_level"), (CURFEW, "curfew")):  # fmt: skip
            place[row] = c[f"place_{name}"]
        self._run.levers.fetched[hour] = self._fetched(c["place_emergency"], c["place_force_level"])
        self._set_regions(hour, c)

    def _fetched_by(self, emergency: Floats, force_level: Floats) -> Floats | float:
        """Return the hazard at which those who took part are arrested at home."""
        plan = self._model.plan
        if all(step.mechanism.role != "round_up" for step in plan.steps):
            return 0.0
        p = cast(RoundUpParameters, plan.parameters("round_up"))
        hazard = round_up(p, place_emergency=emergency, place_force_level=force_level)
        return cast(Floats, hazard["place_round_up"])

    def _struck_by(self, cut_days: Floats, cut: Floats) -> Floats:
        """Return the share of each region's people who are newly cut off."""
        c, regions = self._fields.columns, self._model.country.region_population
        people = np.where(cut_begins(cut_days, cut), c["place_population"], 0.0)
        return np.bincount(c["place_region"], weights=people, minlength=len(regions)) / regions

    def _set_regions(self, hour: int, c: Mapping[str, NDArray[Any]]) -> None:
        """Put what a region loses, after concessions, and who is newly cut off."""
        struck = self._struck(c["place_cut_days"], c["place_internet_cut"])
        self._run.levers.region[STRUCK, hour] = struck
        conceded, scripted = c["region_concession"], self._fields.script["script_concession"][hour]
        if self._concedes(conceded, self._conceded, scripted):
            self._conceded = conceded
            self._concede(hour, conceded)

    def _concede(self, hour: int, conceded: Floats) -> None:
        """Put what regions lose from ``hour`` on, after what is ``conceded`` and by the script."""
        model, levers = self._model, self._run.levers.region
        g = cast(GrievanceParameters, model.plan.parameters("grievance"))
        script = {name: model.script[name][hour:] for name in LOSSES}
        both = np.maximum(conceded, script["script_concession"])
        exposed = self._fields.columns["region_exposed"]
        before = levers[LOSS, hour - 1] if hour > 0 else np.zeros(len(exposed))
        levers[LOSS, hour:], levers[SHARED_LOSS, hour:] = losses_of(
            g, {**script, "script_concession": both}, exposed, before
        )

    def _decide(self, hour: int) -> None:
        """Let those in power see the streets of ``hour``, act, and be recorded."""
        c, streets = self._fields.columns, self._run.history.streets[:, hour]
        for name, row in (("peaceful", PEACEFUL), ("violent", VIOLENT), ("looting", LOOTING),
                          ("deaths", DEATHS)):  # fmt: skip
            c[f"place_{name}"] = streets[row].astype(np.float64)
        c["place_severity"] = self._severity(c["place_force_level"])
        for step in self._after:
            apply_rule(self._fields, step, hour)
        self._run.state.place[OFFICERS] = c["place_officers"]
        self._witness.observe(self._fields, hour)
        self._series.record(hour)


def _changes(model: CohortModel) -> Floats:
    """Return the hours in which a lever of the script changes, and the number of hours."""
    changes = {model.clock.hours}
    for name in LEVERS:
        rows = model.script[name]
        changes |= set((np.flatnonzero((rows[1:] != rows[:-1]).any(axis=1)) + 1).tolist())
    return np.array(sorted(changes))
