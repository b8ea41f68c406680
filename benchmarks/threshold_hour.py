"""The threshold hour: every citizen of every neighbourhood decides every hour.

The smallest model with all that makes an hour of a crisis costly, used to compare engines: counts
by neighbourhood, a chance of arrest by neighbourhood, a logistic decision with a draw of its own
for each citizen and hour, detention for some hours.

Of the A active among N citizens with c N officers in a neighbourhood, citizen i takes to the street
with probability p = Λ(x_i), x_i = (g_i (1 - L) + beta A/N - rho_i P - T)/sigma, where
P = 1 - e^(-k c N/(A + 1)) is the chance of arrest as citizens see it, and is detained instead with
probability p q P.

A state is one byte: 0 quiet, 1 active, s > 1 detained for s - 1 more hours. One call of the
generator gives the draws of four citizens: number n of neighbourhood z gets word (n mod 256) div 64
of the call with the address (64 (n div 256) + n mod 64, z, hour).
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np

from steppe.core.compile import compiled
from steppe.core.random import MASK, Purpose, key_of, philox, uniforms, unit
from steppe.core.response import exp, exp_array, exp_by_bits

prange = range

BLOCK = 256
LANES = 64
PER_TASK = 16
"""Neighbourhoods that a thread takes at once."""

_CHOICE = int(Purpose.TOY_CHOICE) << 16

Rules: Any = namedtuple(
    "Rules",
    [
        "legitimacy",
        "conformity",
        "threshold",
        "noise",
        "arrest_constant",
        "officers",
        "arrest_share",
        "detention",
    ],
)
"""L, beta, T, sigma, k, officers per citizen c, q, and hours of detention (1..254)."""

RULES = Rules(0.5, 0.5, 0.5, 0.12, 2.3, 0.03, 0.05, 24)
"""The rules that engines are compared under: some 2 % are active, and as many detained."""


@dataclass(frozen=True, slots=True)
class Town:
    """Citizens by neighbourhood: ``first`` (neighbourhoods + 1) bounds each in the columns.

    ``grievance`` and ``risk_aversion`` are float32 in (0, 1), ``state`` uint8, ``active`` int64 by
    neighbourhood as the last hour left it.
    """

    first: Any
    grievance: Any
    risk_aversion: Any
    state: Any
    active: Any


def build(citizens: int, seed: int, *, active: float = 0.05, smallest: int = 500) -> Town:
    """Return ``citizens`` in neighbourhoods of 500 to 2,500, of whom a share is active at first."""
    key = key_of(seed)
    sizes = smallest + 2000.0 * uniforms(key, Purpose.TOY_PLACE, 0, citizens // smallest + 1)
    first = np.concatenate([[0], np.cumsum(sizes.astype(np.int64))])
    first = np.append(first[first < citizens], citizens)
    state = (uniforms(key, Purpose.TOY_AGENT, 0, citizens) < active).astype(np.uint8)
    return Town(
        first,
        uniforms(key, Purpose.TOY_AGENT, 0, citizens, 1).astype(np.float32),
        uniforms(key, Purpose.TOY_AGENT, 0, citizens, 2).astype(np.float32),
        state,
        np.add.reduceat(state, first[:-1], dtype=np.int64),
    )


def live(town: Town, rules: Any, first_hour: int, hours: int, seed: int) -> None:
    """Let ``hours`` hours pass, on as many threads as ``core.compile.set_threads`` said."""
    columns = (town.first, town.grievance, town.risk_aversion, town.state, town.active)
    span = (first_hour, first_hour + hours)
    compiled(live_all, parallel=True)(rules, *columns, *span, *key_of(seed))


def arrest_chance(rules: Any, active: int, persons: int) -> float:
    """Return P = 1 - e^(-k C/(A + 1))."""
    return 1.0 - exp(-rules.arrest_constant * (rules.officers * persons / (active + 1.0)))


def live_all(
    rules: Any, first: Any, grievance: Any, risk_aversion: Any, state: Any, active: Any,
    from_hour: int, to_hour: int, key0: int, key1: int,
) -> None:  # fmt: skip
    """Let all citizens decide in each hour on what the last hour left in their neighbourhood."""
    places = len(active)
    tasks = (places + PER_TASK - 1) // PER_TASK
    for hour in range(from_hour, to_hour):
        for task in prange(tasks):
            live_task(
                rules, first, grievance, risk_aversion, state, active, task * PER_TASK,
                min((task + 1) * PER_TASK, places), hour, key0, key1,
            )  # fmt: skip


def live_task(
    rules: Any, first: Any, grievance: Any, risk_aversion: Any, state: Any, active: Any,
    from_place: int, to_place: int, hour: int, key0: int, key1: int,
) -> None:  # fmt: skip
    """Let an hour pass in some neighbourhoods, and count who is active in each."""
    words = np.empty(BLOCK, dtype=np.uint32)
    for place in range(from_place, to_place):
        a = first[place]
        b = first[place + 1]
        active[place] = hour_of_place(
            rules, grievance[a:b], risk_aversion[a:b], state[a:b], active[place], words,
            place, hour, key0, key1,
        )  # fmt: skip


def hour_of_place(
    rules: Any, grievance: Any, risk_aversion: Any, state: Any, active: int, words: Any,
    place: int, hour: int, key0: int, key1: int,
) -> int:  # fmt: skip
    """Let the citizens of one neighbourhood decide; return how many are active."""
    persons = len(state)
    arrest = arrest_chance(rules, active, persons)
    pull = (rules.conformity * (active / persons) - rules.threshold) / rules.noise
    out = 0
    for a in range(0, persons, BLOCK):
        b = min(a + BLOCK, persons)
        draw(words, a // BLOCK * LANES, place, hour, key0, key1)
        out += decide(
            rules, words[: b - a], grievance[a:b], risk_aversion[a:b], state[a:b], pull, arrest
        )
    return out


def draw(words: Any, call: int, place: int, hour: int, key0: int, key1: int) -> None:
    """Write the draws of one block of citizens, calls ``call`` to ``call + 63``."""
    call = call & MASK  # compilers see from the masks that products of 32-bit words do
    place = place & MASK
    hour = hour & MASK
    key0 = key0 & MASK
    key1 = key1 & MASK
    for r in range(LANES):
        w0, w1, w2, w3 = philox(call + r, place, hour, _CHOICE, key0, key1)
        words[r] = w0
        words[LANES + r] = w1
        words[2 * LANES + r] = w2
        words[3 * LANES + r] = w3


def decide(
    rules: Any, words: Any, grievance: Any, risk_aversion: Any, state: Any, pull: float,
    arrest: float,
) -> int:  # fmt: skip
    """Let a block of citizens decide, without a branch; return how many are active.

    u < p and u < p q P are asked as v < 1 and v < q P with v = u (1 + e^-x).
    """
    slope = (1.0 - rules.legitimacy) / rules.noise
    fear = arrest / rules.noise
    limit = rules.arrest_share * arrest
    detained = 1 + rules.detention
    out = 0
    for i in range(len(state)):
        x = grievance[i] * slope + pull - risk_aversion[i] * fear
        v = unit(words[i]) * (1.0 + exp_by_bits(-x))
        chosen = detained if v < limit else 1 if v < 1.0 else 0
        now = int(state[i])
        left = now - 1 if now > 2 else 0
        after = left if now > 1 else chosen
        state[i] = after
        out += 1 if after == 1 else 0
    return out


def reference_hour(town: Town, rules: Any, hour: int, seed: int) -> None:
    """Let an hour pass in plain NumPy, all citizens at once: the same bits, slowly."""
    place: Any = np.repeat(np.arange(len(town.active)), np.diff(town.first))
    n = np.arange(len(town.state)) - town.first[place]
    with np.errstate(over="ignore"):
        call: Any = n // BLOCK * LANES + n % LANES
        words = philox(call, place, hour, _CHOICE, *key_of(seed))
    word = np.choose(n % BLOCK // LANES, words)
    persons = np.diff(town.first)
    ratio = rules.officers * persons / (town.active + 1.0)
    arrest = 1.0 - exp_array(-rules.arrest_constant * ratio)
    pull = (rules.conformity * (town.active / persons) - rules.threshold) / rules.noise
    fear = arrest / rules.noise
    slope = (1.0 - rules.legitimacy) / rules.noise
    x = town.grievance.astype(np.float64) * slope + pull[place]
    x = x - town.risk_aversion.astype(np.float64) * fear[place]
    v = unit(word) * (1.0 + exp_array(-x))
    limit = rules.arrest_share * arrest
    chosen = np.where(v < limit[place], 1 + rules.detention, v < 1.0)
    left = np.where(town.state > 2, town.state - 1.0, 0.0)
    town.state[:] = np.where(town.state > 1, left, chosen)
    town.active[:] = np.add.reduceat(town.state == 1, town.first[:-1], dtype=np.int64)
