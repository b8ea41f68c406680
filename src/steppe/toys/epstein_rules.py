"""Civil violence, Model I: who turns active, whom a cop arrests, where people go.

Epstein, "Modeling civil violence: an agent-based computational approach", PNAS 99 suppl. 3 (2002).
The rules are scalar and run in plain Python and compiled.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from steppe.core.random import Purpose, philox
from steppe.core.response import exp
from steppe.toys.draws import below, shuffle
from steppe.toys.lattice import ACTIVE, COP, FREE, count_seen, nth_seen, turn

QUIET, REBEL, JAILED = 0, 1, 2
SMOOTH, FLOOR, ROUND = 0, 1, 2
ARREST_RATIOS = {"smooth": SMOOTH, "floor": FLOOR, "round": ROUND}
"""How cops per active enter the estimate: as they are, rounded down, or to the nearest."""

_MOVE = int(Purpose.TOY_MOVE) << 16
_ARREST = int(Purpose.TOY_ARREST) << 16
_ACTIVATION = int(Purpose.TOY_ACTIVATION) << 16

Rules: Any = namedtuple(
    "Rules",
    ["k", "threshold", "jail_max", "ratio", "moves", "move_first", "jail_blocks", "citizens"],
)
"""``ratio`` a code of ``ARREST_RATIOS``; ``jail_blocks`` 1 if the jailed stay in their cell;
``citizens`` number of citizens: agents from there on are cops."""

AGENT = np.dtype(
    [
        ("cell", np.int32), ("jail", np.int32), ("state", np.int64),
        ("hardship", np.float64), ("risk_aversion", np.float64),
    ]
)  # fmt: skip
"""One agent: its ``cell`` (-1: off the lattice), steps of ``jail`` left, ``state``, and traits."""

Counts: Any = namedtuple("Counts", ["active", "jailed", "arrests"])
"""By step, int64."""


def cops_per_active(cops: int, active: int, ratio: int) -> float:
    """Return C/A as the chosen reading of the article has it; halves round to the even number."""
    if ratio == SMOOTH:
        return cops / active
    whole = cops // active
    rest = 2 * (cops - whole * active)
    if ratio == ROUND and (rest > active or (rest == active and whole % 2 == 1)):
        whole += 1
    return float(whole)


def arrest_probability(k: float, cops: int, active: int, ratio: int) -> float:
    """Return P = 1 - exp(-k C/A), the estimate of being arrested if active."""
    return 1.0 - exp(-k * cops_per_active(cops, active, ratio))


def rebels(grievance: float, risk_aversion: float, probability: float, threshold: float) -> bool:
    """Return whether grievance less net risk exceeds the threshold: G - R P > T."""
    return grievance - risk_aversion * probability > threshold


def set_state(lattice: Any, agents: Any, i: int, state: int) -> None:
    """Give citizen ``i`` a state and keep the layer of actives in step with it."""
    if state == REBEL and agents[i].state != REBEL:
        turn(lattice, ACTIVE, agents[i].cell)
    elif state != REBEL and agents[i].state == REBEL:
        turn(lattice, ACTIVE, agents[i].cell)
    agents[i].state = state


def decide(rules: Any, lattice: Any, agents: Any, i: int, legitimacy: float) -> None:
    """Let citizen ``i`` look around and be active or quiet; who looks counts as active."""
    grievance = agents[i].hardship * (1.0 - legitimacy)
    if not rebels(grievance, agents[i].risk_aversion, 0.0, rules.threshold):
        set_state(lattice, agents, i, QUIET)  # not even without cops: no need to look
        return
    cops = count_seen(lattice, COP, agents[i].cell)
    others = count_seen(lattice, ACTIVE, agents[i].cell)
    if agents[i].state == REBEL:
        others -= 1
    probability = arrest_probability(rules.k, cops, 1 + others, rules.ratio)
    active = rebels(grievance, agents[i].risk_aversion, probability, rules.threshold)
    set_state(lattice, agents, i, REBEL if active else QUIET)


def arrest(
    rules: Any, lattice: Any, agents: Any, at: Any, i: int, step: int, key0: int, key1: int
) -> int:
    """Let cop ``i`` arrest one of the actives in sight; return how many were arrested, 0 or 1."""
    seen = count_seen(lattice, ACTIVE, agents[i].cell)
    if seen == 0:
        return 0
    w_whom, w_term, _, _ = philox(i, 0, step, _ARREST, key0, key1)
    cell = nth_seen(lattice, ACTIVE, agents[i].cell, below(w_whom, seen))
    whom = at[cell]
    set_state(lattice, agents, whom, JAILED)
    agents[whom].jail = below(w_term, rules.jail_max + 1)
    if rules.jail_blocks == 0:
        turn(lattice, FREE, cell)
        at[cell] = -1
    return 1


def settle(lattice: Any, agents: Any, at: Any, layer: int, i: int, cell: int) -> None:
    """Put agent ``i`` on the free ``cell``; ``layer`` is where it shows, or FREE if in none."""
    turn(lattice, FREE, cell)
    if layer != FREE:
        turn(lattice, layer, cell)
    agents[i].cell = cell
    at[cell] = i


def move(
    rules: Any, lattice: Any, agents: Any, at: Any, i: int, step: int, key0: int, key1: int
) -> bool:
    """Move agent ``i`` to a random free cell in sight; return False if there is none."""
    cell = agents[i].cell
    free = count_seen(lattice, FREE, cell)
    if free == 0:
        return False
    chosen = nth_seen(lattice, FREE, cell, below(philox(i, 0, step, _MOVE, key0, key1)[0], free))
    layer = COP if i >= rules.citizens else ACTIVE if agents[i].state == REBEL else FREE
    if at[cell] == i:  # false for one who comes out of jail
        turn(lattice, FREE, cell)
        if layer != FREE:
            turn(lattice, layer, cell)
        at[cell] = -1
    settle(lattice, agents, at, layer, i, chosen)
    return True


def act(
    rules: Any, lattice: Any, agents: Any, at: Any, i: int, step: int, legitimacy: float,
    key0: int, key1: int,
) -> int:  # fmt: skip
    """Let agent ``i`` have its turn; return the number of arrests it made."""
    moves = rules.moves == 1
    if i < rules.citizens and agents[i].state == JAILED:
        if agents[i].jail > 0:
            agents[i].jail -= 1
            return 0
        if rules.jail_blocks == 0:
            if not move(rules, lattice, agents, at, i, step, key0, key1):
                return 0
            moves = False
    if moves and rules.move_first == 1:
        move(rules, lattice, agents, at, i, step, key0, key1)
    arrests = 0
    if i >= rules.citizens:
        arrests = arrest(rules, lattice, agents, at, i, step, key0, key1)
    else:
        decide(rules, lattice, agents, i, legitimacy)
    if moves and rules.move_first == 0:
        move(rules, lattice, agents, at, i, step, key0, key1)
    return arrests


def withdraw(rules: Any, lattice: Any, agents: Any, at: Any, left: int) -> None:
    """Take cops off the lattice, the last first, until ``left`` remain."""
    for i in range(rules.citizens + left, len(agents)):
        cell = agents[i].cell
        if cell >= 0:
            turn(lattice, COP, cell)
            turn(lattice, FREE, cell)
            at[cell] = -1
            agents[i].cell = -1


def live(
    rules: Any, lattice: Any, agents: Any, at: Any, order: Any, legitimacy: Any, cops: Any,
    counts: Any, key0: int, key1: int,
) -> None:  # fmt: skip
    """Run as many steps as ``counts`` has: all agents once, in a new random order each step."""
    for step in range(len(counts.active)):
        withdraw(rules, lattice, agents, at, cops[step])
        shuffle(order, step, _ACTIVATION, key0, key1)
        arrests = 0
        for n in range(len(order)):
            i = order[n]
            if i < rules.citizens + cops[step]:
                arrests += act(
                    rules, lattice, agents, at, i, step, legitimacy[step], key0, key1
                )
        count(rules, agents, counts, step)
        counts.arrests[step] = arrests


def count(rules: Any, agents: Any, counts: Any, step: int) -> None:
    """Count active and jailed citizens at the end of ``step``."""
    active = 0
    jailed = 0
    for i in range(rules.citizens):
        if agents[i].state == REBEL:
            active += 1
        elif agents[i].state == JAILED:
            jailed += 1
    counts.active[step] = active
    counts.jailed[step] = jailed
