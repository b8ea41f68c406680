"""An hour in the places where anything can happen: what surrounds people, what they do, counts."""

from __future__ import annotations

from steppe.core.response import exp
from steppe.engine.cohort_contact import fetch, meet, release
from steppe.engine.cohort_street import (
    choose_starters,
    come_back,
    decide_bins,
    go_first,
    looters_leave,
    rest_or_withdraw,
)
from steppe.engine.cohort_types import (
    ARRESTS,
    CURFEW,
    CUT_DAYS,
    DEATHS,
    DETAINED,
    FORCE_LEVEL,
    JOINED,
    LEGITIMACY,
    LOOTING,
    LOSS,
    MEMORY,
    NOTED,
    OFFICERS,
    OPERATION,
    OUTRAGE,
    PEACEFUL,
    POOL,
    POPULATION,
    RESTING,
    RESTRAINT,
    TRIGGER_HARM,
    TRIGGER_LOSS,
    VIOLENT,
    WITHDRAWN,
    WOUNDED,
    WOUNDINGS,
    CohortRun,
    Ints,
    Town,
)
from steppe.engine.street_types import HourAddress, Scene
from steppe.model.mechanisms.command import in_operation
from steppe.model.mechanisms.looting import cover_of
from steppe.model.mechanisms.risk import believed_ratio, fear, hour_cost, severity_of
from steppe.model.mechanisms.street import Here


def live_active(run: CohortRun, at: HourAddress, awake: float, active: int) -> None:
    """Let an hour pass in the first ``active`` places of the list."""
    for k in range(active):
        c = run.state.active[k]
        here = here_of(run, c, at.hour, awake)
        live_place(run, Scene(run.rules.by_citizen, here, at, c, 0.0), town_of(run, c))


def town_of(run: CohortRun, c: int) -> Town:
    """Return a place as its people are counted."""
    country, state = run.country, run.state
    r = country.region_of[c]
    return Town(
        state.members[c],
        state.bins,
        c,
        country.address[c],
        country.deprivation[r],
        country.rank[r],
    )


def live_place(run: CohortRun, scene: Scene, town: Town) -> None:
    """Let the people of a place come and go, meet officers and be counted."""
    c, hour, state = town.number, scene.at.hour, run.state
    totals, streets, starters = state.totals[c], run.history.streets, state.starters[c]
    out = totals[PEACEFUL] + totals[VIOLENT] + totals[LOOTING]
    joined = 0
    if out + starters > 0:
        choose_starters(scene, town, starters)
        joined = decide_bins(scene, town)
        looters_leave(scene, town, totals[LOOTING])
    moves = out + starters + come_back(scene, town, totals[RESTING], totals[WOUNDED])
    length = len(state.due)
    due = state.due[hour % length, c]
    if hour >= length and len(due) > 0 and streets[ARRESTS, hour - length, c] > 0:
        state.detained[c] -= streets[ARRESTS, hour - length, c]
        release(town, due)
        moves += 1
    if out + starters > 0:
        rest_or_withdraw(scene, town)
        if starters > 0:
            joined += go_first(scene, town, starters)
        for one in range(PEACEFUL, LOOTING + 1):
            deaths, wounds, arrests = meet(scene, town, one, due)
            streets[DEATHS, hour, c] += deaths
            streets[WOUNDINGS, hour, c] += wounds
            streets[ARRESTS, hour, c] += arrests
    if moves > 0:
        tally(town.rows, totals)
    hazard = run.levers.fetched[hour, c]
    if hazard > 0.0:
        arrests = fetch(scene, town, at_large_of(totals), hazard, due)
        streets[ARRESTS, hour, c] += arrests
        if arrests > 0:
            tally(town.rows, totals)
    streets[JOINED, hour, c] = joined
    state.detained[c] += streets[ARRESTS, hour, c]
    for one in range(PEACEFUL, LOOTING + 1):
        streets[one, hour, c] = totals[one]
    streets[0, hour, c] = totals[WOUNDED]
    streets[DETAINED, hour, c] = state.detained[c]


def at_large_of(totals: Ints) -> int:
    """Return how many of a place took part and are at large."""
    out = totals[PEACEFUL] + totals[VIOLENT] + totals[LOOTING]
    return int(out + totals[NOTED] + totals[RESTING] + totals[WITHDRAWN])


def tally(rows: Ints, totals: Ints) -> None:
    """Count the people of a place by state."""
    for state in range(len(totals)):
        total = 0
        for i in range(rows.shape[1]):
            total += rows[state, i]
        totals[state] = total


def here_of(run: CohortRun, c: int, hour: int, awake: float) -> Here:
    """Return what surrounds the people of place ``c``."""
    rules, totals, levers = run.rules, run.state.totals, run.levers.place
    looting = float(totals[c, LOOTING])
    violent = float(totals[c, VIOLENT])
    crowd = totals[c, PEACEFUL] + violent
    level, officers = levers[FORCE_LEVEL, hour, c], run.state.place[OFFICERS, c]
    severity = severity_of(rules.risk, int(level))
    ratio = believed_ratio(rules.risk, officers, 0.0, crowd + looting)
    r = run.country.region_of[c]
    return Here(
        crowd,
        violent,
        run.country.place[POOL, c],
        officers,
        level,
        severity,
        fear(severity, exp(-rules.risk.arrest_constant * ratio)),
        hour_cost(rules.risk, awake, levers[CURFEW, hour, c], 1.0 if level >= 4.0 else 0.0),
        max(run.state.region[LEGITIMACY, r] - run.levers.region[TRIGGER_LOSS, hour, r], 0.0),
        run.levers.region[LOSS, hour, r],
        rules.news.cut_cost * levers[CUT_DAYS, hour, c] if rules.on.news else 0.0,
        run.state.place[OUTRAGE, c] + levers[TRIGGER_HARM, hour, c],
        run.country.place[MEMORY, c],
        run.state.deterrence[0],
        awake,
        cover_in(run, c, violent + looting, crowd + looting),
        command_in(run, c, hour),
        rules.price_sensitivity,
        rules.deprivation_sensitivity,
    )


def cover_in(run: CohortRun, c: int, unruly: float, out: float) -> float:
    """Return cover for looting where so many are violent or loot, and so many are out."""
    if unruly <= 0.0:
        return 0.0
    p = run.rules.by_citizen.looting
    ease = exp(-p.policing * (run.state.place[OFFICERS, c] / max(out, 1.0)))
    return float(cover_of(p, unruly / max(run.country.place[POPULATION, c], 1.0), ease))


def command_in(run: CohortRun, c: int, hour: int) -> float:
    """Return the lethality of a place's command."""
    if not run.rules.on.command:
        return 1.0
    restraint = run.country.place[RESTRAINT, c]
    operation = run.levers.place[OPERATION, hour, c]
    return float(in_operation(run.rules.command, restraint, operation))
