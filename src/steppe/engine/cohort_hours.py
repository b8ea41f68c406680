"""A whole history of the cohort engine: every hour of it in one compiled function.

The order of an hour is that of the plan: news, legitimacy, outrage, deterrence, going first;
streets, contact, round-up; forces. Units obey: officers are those on duty, sent and freed.
Arrays are given names before loops over places, where each look into a tuple costs time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from steppe.core.quantiles import happen
from steppe.core.random import Purpose, philox, unit
from steppe.core.response import exp, log, saturation
from steppe.engine.cohort_numbers import set_numbers
from steppe.engine.cohort_place import live_active
from steppe.engine.cohort_types import (
    ARRESTS,
    CUT,
    DEATHS,
    DIED,
    FRESH,
    GROWTH,
    HARM,
    HAZARD,
    HEARD,
    LEGITIMACY,
    MEMORY,
    NEARBY,
    NEWS,
    NEWS_HEARD,
    NEWS_MEMORY,
    NOTED,
    NUMBER,
    OFFICERS,
    OUTRAGE,
    PEACEFUL,
    PHONE_CUT,
    POPULATION,
    REINFORCEMENT,
    RESTING,
    SHARED,
    SHARED_LOSS,
    STRUCK,
    TRIGGER,
    TRIGGER_LOSS,
    UNITS,
    VIOLENT,
    WITHDRAWN,
    WOUNDED,
    WOUNDINGS,
    CohortRun,
)
from steppe.engine.street_types import HourAddress
from steppe.model.mechanisms.casualties import exposed_officers, hurt
from steppe.model.mechanisms.deterrence import deterrence_after
from steppe.model.mechanisms.first_move import hazard_of, own_score, shared_score
from steppe.model.mechanisms.legitimacy import legitimacy_after
from steppe.model.mechanisms.news import (
    heard_after,
    let_through,
    memory_after,
    remainders,
    weighted_crowd,
)
from steppe.model.mechanisms.outrage import harm, new_outrage
from steppe.model.mechanisms.outrage import remaining as outrage_remaining
from steppe.model.mechanisms.risk import circadian

_HARM = int(Purpose.OFFICER_HARM) << 16


def live_history(run: CohortRun) -> None:
    """Live every hour and write what it leaves into ``run.history``."""
    for hour in range(len(run.levers.free_officers)):
        live_hour(run, hour)


def live_on_demand(run: CohortRun, span: NDArray[np.int64]) -> Iterator[int]:
    """Live from ``span[0]`` until somebody is out or ``span[1]`` is reached, and yield when.

    Whoever asks changes ``span`` between. A history is handed over once and not for every hour,
    since that takes as long as an hour of it.
    """
    while True:
        yield live_until_crowd(run, span[0], span[1])


def live_until_crowd(run: CohortRun, hour: int, end: int) -> int:
    """Live from ``hour`` until somebody is on the street or ``end`` is reached; return when."""
    out = 0
    while out == 0 and hour < end:
        live_hour(run, hour)
        for c in range(len(run.country.region_of)):
            totals = run.state.totals[c]
            out += totals[PEACEFUL] + totals[VIOLENT] + totals[VIOLENT + 1]
        hour += 1
    return hour


def live_hour(run: CohortRun, hour: int) -> None:
    """Live one hour."""
    key0, key1 = run.key
    at = HourAddress(hour, key0, key1)
    awake = circadian(run.rules.risk, (run.country.start + hour) % 24)
    set_regions(run, hour)
    if hour > 0:
        set_news(run, hour)
        set_outrage(run, hour)
    active = find_active(run, at, awake)
    live_active(run, at, awake, active)
    end_hour(run, at)


def set_regions(run: CohortRun, hour: int) -> None:
    """Move legitimacy and deterrence, and set what a region's people have in common."""
    rules, levels = run.rules, run.state.region
    region_of, settled = run.country.region_of, run.levers.region
    deaths = levels[DIED]
    deaths[:] = 0.0
    killed = 0.0
    if hour > 0:
        of_place = run.history.streets[DEATHS, hour - 1]
        for c in range(len(region_of)):
            if of_place[c] > 0:
                deaths[region_of[c]] += of_place[c]
                killed += of_place[c]
    p = rules.legitimacy
    for r in range(len(deaths)):
        if rules.on.legitimacy:
            struck = settled[STRUCK, hour, r]
            level = legitimacy_after(p, levels[LEGITIMACY, r], struck, log(1.0 + deaths[r]), 0.0)
            levels[LEGITIMACY, r] = min(max(level, 0.0), 1.0)
        lost = max(p.initial - levels[LEGITIMACY, r], 0.0)
        loss = settled[SHARED_LOSS, hour, r]
        levels[SHARED, r] = shared_score(rules.first_move, loss, lost)
        run.history.region[0, hour, r] = max(
            levels[LEGITIMACY, r] - settled[TRIGGER_LOSS, hour, r], 0.0
        )
    if rules.on.deterrence:
        level = run.state.deterrence[0]
        persons = run.country.persons
        run.state.deterrence[0] = deterrence_after(rules.deterrence, level, killed, persons)


def set_news(run: CohortRun, hour: int) -> None:
    """Set what is known in each place of crowds elsewhere."""
    p = run.rules.news
    if not run.rules.on.news:
        return
    heard, memories = run.state.place[NEWS_HEARD], run.state.place[NEWS_MEMORY]
    region_of, streets = run.country.region_of, run.history.streets
    k, m = remainders(p)
    by_region = run.state.region[HEARD]
    by_region[:] = 0.0
    national = 0.0
    for c in range(len(region_of)):
        crowd = float(streets[PEACEFUL, hour - 1, c] + streets[VIOLENT, hour - 1, c])
        if crowd > 0.0 or heard[c] > 0.0 or memories[c] > 0.0:
            heard[c] = heard_after(p, k, heard[c], crowd)
            memories[c] = memory_after(m, memories[c], heard[c])
            by_region[region_of[c]] += memories[c]
            national += memories[c]
    if national > 0.0:
        tell(run, hour, national)


def tell(run: CohortRun, hour: int, national: float) -> None:
    """Tell every place of the crowds of all others, as far as its lines are open."""
    p = run.rules.news
    memories, news = run.state.place[NEWS_MEMORY], run.state.place[NEWS]
    kernel, region_of, cut = run.country.kernel, run.country.region_of, run.levers.place[CUT, hour]
    by_region, near = run.state.region[HEARD], run.state.region[NEARBY]
    for r in range(len(near)):
        near[r] = 0.0
        for k in range(len(near)):
            near[r] += kernel[r, k] * by_region[k]
    for c in range(len(region_of)):
        r = region_of[c]
        nearby = near[r] - memories[c] * kernel[r, r]
        crowds = max(weighted_crowd(p, national - memories[c], nearby), 0.0)
        news[c] = saturation(let_through(p, crowds, cut[c]) / run.country.persons, p.half)


def set_outrage(run: CohortRun, hour: int) -> None:
    """Let outrage fade and add the harm of the last hour."""
    p = run.rules.outrage
    if not run.rules.on.outrage:
        return
    outrage, people = run.state.place[OUTRAGE], run.country.place[POPULATION]
    region_of, cut = run.country.region_of, run.levers.place[CUT, hour]
    streets, means = run.history.streets, run.history.region[1, hour]
    everywhere = 0.0
    harms = run.state.place[HARM]
    for c in range(len(outrage)):
        harms[c] = 0.0
        arrests, woundings = streets[ARRESTS, hour - 1, c], streets[WOUNDINGS, hour - 1, c]
        deaths = streets[DEATHS, hour - 1, c]
        if arrests + woundings + deaths > 0:
            harms[c] = harm(p, float(deaths), float(woundings), float(arrests))
            everywhere += harms[c]
    everywhere = 1000.0 * everywhere / run.country.persons
    remainder = outrage_remaining(p)
    for c in range(len(outrage)):
        if outrage[c] > 0.0 or everywhere > 0.0:
            here = 1000.0 * harms[c] / max(people[c], 1.0)
            added = new_outrage(p, here, everywhere, cut[c], 0.0)
            outrage[c] = min(max(outrage[c] * remainder + added, 0.0), p.cap)
            r = region_of[c]
            means[r] += outrage[c] * people[c] / run.country.region_population[r]


def find_active(run: CohortRun, at: HourAddress, awake: float) -> int:
    """Draw who goes first in every place, and list the places where anything can happen.

    Starters are Binomial(quiet, 1 - e^-f). Return the length of the list in ``run.state.active``.
    """
    starters, active = run.state.starters, run.state.active
    totals, detained = run.state.totals, run.state.detained
    numbers, hazards = run.state.place[NUMBER], run.state.place[HAZARD]
    fetched = run.levers.fetched[at.hour]
    set_numbers(run, at)
    set_hazards(run, at.hour, awake)
    count = 0
    for c in range(len(starters)):
        first = happen(numbers[c], totals[c, FRESH] + totals[c, NOTED], hazards[c])
        starters[c] = first
        home = totals[c, NOTED] + totals[c, WITHDRAWN]
        away = totals[c, RESTING] + totals[c, WOUNDED] + detained[c]
        out = totals[c, PEACEFUL] + totals[c, VIOLENT] + totals[c, VIOLENT + 1]
        if first + away + out > 0 or (home > 0 and fetched[c] > 0.0):
            active[count] = c
            count += 1
    return count


def set_hazards(run: CohortRun, hour: int, awake: float) -> None:
    """Set the hazard of going first in each place; the first loop becomes vector code."""
    p, hazards = run.rules.first_move, run.state.place[HAZARD]
    outrage, news, memory = (
        run.state.place[OUTRAGE],
        run.state.place[NEWS],
        run.country.place[MEMORY],
    )
    region_of, trigger = run.country.region_of, run.levers.place[TRIGGER, hour]
    for c in range(len(hazards)):
        hazards[c] = exp(own_score(p, outrage[c], memory[c], news[c]) + trigger[c])
    shared, growth = run.state.region[SHARED], run.state.region[GROWTH]
    on = 1.0 if run.rules.on.first_move else 0.0
    for r in range(len(growth)):
        growth[r] = on * exp(shared[r] - p.deterrence * run.state.deterrence[0])
    for c in range(len(hazards)):
        hazards[c] = hazard_of(p, awake, growth[region_of[c]] * hazards[c])


def end_hour(run: CohortRun, at: HourAddress) -> None:
    """Let units obey and officers be hurt."""
    rules, hour, persons = run.rules, at.hour, run.country.persons
    officers, violent = run.state.place[OFFICERS], run.history.streets[VIOLENT, hour]
    people, units = run.country.place[POPULATION], run.country.place[UNITS]
    phone_cut = run.levers.place[PHONE_CUT, hour]
    sent, free_officers = run.levers.place[REINFORCEMENT, hour], run.levers.free_officers[hour]
    exposed = 0.0
    for c in range(len(officers)):
        if rules.on.loyalty:
            steady = 1.0 - rules.coordination_loss if phone_cut[c] > 0.5 else 1.0
            officers[c] = steady * (units[c] + sent[c] + free_officers * people[c] / persons)
        if violent[c] > 0:
            exposed += exposed_officers(officers[c], float(violent[c]))
    counts = run.history.officers
    if hour > 0:
        counts[0, hour] = counts[0, hour - 1]
        counts[1, hour] = counts[1, hour - 1]
    if rules.on.casualties and exposed > 0.0:
        u_wounded = unit(philox(0, 0, hour, _HARM, at.key0, at.key1)[0])
        u_killed = unit(philox(0, 0, hour, _HARM + 1, at.key0, at.key1)[0])
        wounded, killed = hurt(rules.casualties, exposed, u_wounded, u_killed)
        counts[0, hour] += wounded
        counts[1, hour] += killed
