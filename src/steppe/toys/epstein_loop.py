"""The loop over steps and agents of civil violence, Model I: the hot part of a run.

All agents have one turn in each step, in a new random order, and see at once what those before
them did. Only whole loops take arrays of agents, because handing arrays from function to function
costs as much as the rules themselves.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from steppe.core.random import Purpose, philox, unit
from steppe.toys.draws import below, shuffle
from steppe.toys.epstein_rules import JAILED, QUIET, REBEL, free_cell, go, seized, verdict
from steppe.toys.lattice import ACTIVE, COP, FREE, turn

_AGENT = int(Purpose.TOY_AGENT) << 16
_MOVE = int(Purpose.TOY_MOVE) << 16
_ARREST = int(Purpose.TOY_ARREST) << 16
_ACTIVATION = int(Purpose.TOY_ACTIVATION) << 16

AGENT = np.dtype(
    [
        ("cell", np.int32), ("jail", np.int32), ("state", np.int64),
        ("hardship", np.float64), ("risk_aversion", np.float64),
    ]
)  # fmt: skip
"""One agent: its ``cell``, steps of ``jail`` left, ``state`` and traits; citizens, then cops."""

Counts: Any = namedtuple("Counts", ["active", "jailed", "arrests"])
"""By step, int64."""


def settle(
    citizens: int, field: Any, bits: Any, agents: Any, at: Any, key0: int, key1: int
) -> None:
    """Put everybody on the lattice where ``agents`` says, with traits uniform on (0, 1)."""
    for i in range(len(agents)):
        cell = int(agents[i].cell)
        at[cell] = i
        turn(bits, FREE, cell, field)
        if i >= citizens:
            turn(bits, COP, cell, field)
        else:
            w_hardship, w_aversion, _, _ = philox(i, 0, 0, _AGENT, key0, key1)
            agents[i].hardship = unit(w_hardship)
            agents[i].risk_aversion = unit(w_aversion)


def take_turns(
    rules: Any, field: Any, bits: Any, agents: Any, at: Any, order: Any, step: int,
    legitimacy: float, cops: int, key0: int, key1: int,
) -> int:  # fmt: skip
    """Let everybody act once, in the given order; return the number of arrests."""
    arrests = 0
    for n in range(len(order)):
        i = order[n]
        cell = int(agents[i].cell)
        state = int(agents[i].state)
        moves = rules.moves == 1
        if i >= rules.citizens + cops:
            continue
        if state == JAILED and agents[i].jail > 0:
            agents[i].jail -= 1
            continue
        word = philox(i, 0, step, _MOVE, key0, key1)[0]
        if state == JAILED and rules.jail_blocks == 0:
            cell = free_cell(bits, field, cell, word)
            if cell < 0:
                continue
            turn(bits, FREE, cell, field)
            moves = False
        layer = COP if i >= rules.citizens else ACTIVE if state == REBEL else FREE
        if moves and rules.move_first == 1:
            at[cell] = -1
            cell = go(bits, field, cell, layer, word)
        if i >= rules.citizens:
            arrests += arrest(rules, field, bits, agents, at, i, cell, step, key0, key1)
        else:
            grievance = agents[i].hardship * (1.0 - legitimacy)
            caution = agents[i].risk_aversion
            active = verdict(rules, bits, field, cell, grievance, caution, state == REBEL)
            if active != (state == REBEL):
                turn(bits, ACTIVE, cell, field)
            layer = ACTIVE if active else FREE
            agents[i].state = REBEL if active else QUIET
        if moves and rules.move_first == 0:
            at[cell] = -1
            cell = go(bits, field, cell, layer, word)
        agents[i].cell = cell
        at[cell] = i
    return arrests


def arrest(
    rules: Any, field: Any, bits: Any, agents: Any, at: Any, i: int, cell: int, step: int,
    key0: int, key1: int,
) -> int:  # fmt: skip
    """Let cop ``i`` in ``cell`` arrest one active citizen in sight; return how many, 0 or 1."""
    w_whom, w_term, _, _ = philox(i, 0, step, _ARREST, key0, key1)
    there = seized(bits, field, cell, w_whom)
    if there < 0:
        return 0
    whom = at[there]
    turn(bits, ACTIVE, there, field)
    agents[whom].state = JAILED
    agents[whom].jail = below(w_term, rules.jail_max + 1)
    if rules.jail_blocks == 0:
        turn(bits, FREE, there, field)
        at[there] = -1
    return 1


def withdraw(rules: Any, field: Any, bits: Any, agents: Any, at: Any, cops: int) -> None:
    """Take cops off the lattice, the last first, until ``cops`` remain."""
    for i in range(rules.citizens + cops, len(agents)):
        cell = int(agents[i].cell)
        if cell >= 0:
            turn(bits, COP, cell, field)
            turn(bits, FREE, cell, field)
            at[cell] = -1
            agents[i].cell = -1


def live(
    rules: Any, field: Any, bits: Any, agents: Any, at: Any, order: Any, legitimacy: Any,
    cops: Any, counts: Any, key0: int, key1: int,
) -> None:  # fmt: skip
    """Run as many steps as ``counts`` has."""
    for step in range(len(counts.active)):
        withdraw(rules, field, bits, agents, at, cops[step])
        shuffle(order, step, _ACTIVATION, key0, key1)
        counts.arrests[step] = take_turns(
            rules, field, bits, agents, at, order, step, legitimacy[step], cops[step], key0, key1
        )
        for i in range(rules.citizens):
            if agents[i].state == REBEL:
                counts.active[step] += 1
            elif agents[i].state == JAILED:
                counts.jailed[step] += 1
