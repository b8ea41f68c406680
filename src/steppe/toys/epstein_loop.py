"""The loop over steps and agents of civil violence, Model I: the hot part of a run.

All agents have one turn in each step, in a new random order, and see at once what those before
them did. Only whole loops take arrays of agents, because handing arrays from function to function
costs as much as the rules themselves.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import Purpose, philox, unit
from steppe.toys.draws import Ints, Key, below, shuffle
from steppe.toys.epstein_rules import (
    JAILED,
    QUIET,
    REBEL,
    EpsteinRules,
    estimate,
    free_cell,
    go,
    rebels,
    seized,
)
from steppe.toys.lattice import ACTIVE, COP, FREE, FieldOfVision, turn

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


class EpsteinWorld(NamedTuple):
    """A lattice with its agents, before or after a run; ``at`` is the agent in each cell, or -1."""

    rules: EpsteinRules
    field: FieldOfVision
    bits: Ints
    agents: np.recarray[Any, Any]
    at: Ints


class Course(NamedTuple):
    """What is set for each step of a run, and what is counted in it: persons, int64."""

    legitimacy: NDArray[np.float64]
    cops: Ints
    active: Ints
    jailed: Ints
    arrests: Ints


def settle(world: EpsteinWorld, key: Key) -> None:
    """Put everybody on the lattice where ``agents`` says, with traits uniform on (0, 1)."""
    rules, field, bits, agents, at = world
    for i in range(len(agents)):
        cell = int(agents[i].cell)
        at[cell] = i
        turn(bits, FREE, cell, field)
        if i >= rules.citizens:
            turn(bits, COP, cell, field)
        else:
            w_hardship, w_aversion, _, _ = philox(i, 0, 0, _AGENT, *key)
            agents[i].hardship = unit(w_hardship)
            agents[i].risk_aversion = unit(w_aversion)


def take_turns(world: EpsteinWorld, course: Course, step: int, order: Ints, key: Key) -> int:
    """Let everybody act once, in the given order; return the number of arrests."""
    rules, field, bits, agents, at = world
    legitimacy, cops = course.legitimacy[step], course.cops[step]
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
        word = philox(i, 0, step, _MOVE, *key)[0]
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
            arrests += arrest(world, i, cell, step, key)
        else:
            active = decide(world, i, cell, legitimacy)
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


def decide(world: EpsteinWorld, i: int, cell: int, legitimacy: float) -> bool:
    """Return whether citizen ``i`` is active after a look around ``cell``."""
    rules, field, bits, agents, _ = world
    grievance = agents[i].hardship * (1.0 - legitimacy)
    caution = agents[i].risk_aversion
    if not rebels(grievance, caution, 0.0, rules.threshold):
        return False  # not even without cops: no need to look
    risk = estimate(rules, bits, field, cell, agents[i].state == REBEL)
    return rebels(grievance, caution, risk, rules.threshold)


def arrest(world: EpsteinWorld, i: int, cell: int, step: int, key: Key) -> int:
    """Let cop ``i`` in ``cell`` arrest one active citizen in sight; return how many, 0 or 1."""
    rules, field, bits, agents, at = world
    w_whom, w_term, _, _ = philox(i, 0, step, _ARREST, *key)
    target = seized(bits, field, cell, w_whom)
    if target < 0:
        return 0
    whom = at[target]
    turn(bits, ACTIVE, target, field)
    agents[whom].state = JAILED
    agents[whom].jail = below(w_term, rules.jail_max + 1)
    if rules.jail_blocks == 0:
        turn(bits, FREE, target, field)
        at[target] = -1
    return 1


def withdraw(world: EpsteinWorld, cops: int) -> None:
    """Take cops off the lattice, the last first, until ``cops`` remain."""
    rules, field, bits, agents, at = world
    for i in range(rules.citizens + cops, len(agents)):
        cell = int(agents[i].cell)
        if cell >= 0:
            turn(bits, COP, cell, field)
            turn(bits, FREE, cell, field)
            at[cell] = -1
            agents[i].cell = -1


def live(world: EpsteinWorld, course: Course, order: Ints, key: Key) -> None:
    """Run as many steps as ``course`` has; ``order`` is room for the agents of a step."""
    rules, _, _, agents, _ = world
    for step in range(len(course.active)):
        withdraw(world, course.cops[step])
        shuffle(order, step, _ACTIVATION, key)
        course.arrests[step] = take_turns(world, course, step, order, key)
        for i in range(rules.citizens):
            if agents[i].state == REBEL:
                course.active[step] += 1
            elif agents[i].state == JAILED:
                course.jailed[step] += 1
