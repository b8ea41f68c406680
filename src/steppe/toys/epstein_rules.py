"""Civil violence, Model I: who turns active, whom a cop arrests, where people go.

Epstein, "Modeling civil violence: an agent-based computational approach", PNAS 99 suppl. 3 (2002).
The rules are scalar and run in plain Python and compiled.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from steppe.core.response import exp
from steppe.toys.lattice import ACTIVE, COP, FREE, count_seen, pick, turn

QUIET, REBEL, JAILED = 0, 1, 2
SMOOTH, FLOOR, ROUND = 0, 1, 2
ARREST_RATIOS = {"smooth": SMOOTH, "floor": FLOOR, "round": ROUND}
"""How cops per active enter the estimate: as they are, rounded down, or to the nearest."""

Rules: Any = namedtuple(
    "Rules",
    ["k", "threshold", "jail_max", "ratio", "moves", "move_first", "jail_blocks", "citizens"],
)
"""``ratio`` a code of ``ARREST_RATIOS``; ``jail_blocks`` 1 if the jailed stay in their cell;
``citizens`` number of citizens: agents from there on are cops."""


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


def verdict(
    rules: Any, bits: Any, field: Any, cell: int, grievance: float, risk_aversion: float,
    active: bool,
) -> bool:  # fmt: skip
    """Return whether a citizen in ``cell`` is active after a look around; it counts itself."""
    if not rebels(grievance, risk_aversion, 0.0, rules.threshold):
        return False  # not even without cops: no need to look
    cops = count_seen(bits, COP, cell, field)
    actives = count_seen(bits, ACTIVE, cell, field)
    if not active:
        actives += 1
    probability = arrest_probability(rules.k, cops, actives, rules.ratio)
    return rebels(grievance, risk_aversion, probability, rules.threshold)


def free_cell(bits: Any, field: Any, cell: int, word: int) -> int:
    """Return the random free cell in sight of ``cell`` that ``word`` picks; -1 if none is free."""
    return pick(bits, FREE, cell, word, field)


def go(bits: Any, field: Any, cell: int, layer: int, word: int) -> int:
    """Move who is in ``cell`` and shows in ``layer`` (FREE: in none); return the new cell."""
    chosen = free_cell(bits, field, cell, word)
    if chosen < 0:
        return cell
    turn(bits, FREE, cell, field)
    turn(bits, FREE, chosen, field)
    if layer != FREE:
        turn(bits, layer, cell, field)
        turn(bits, layer, chosen, field)
    return chosen


def seized(bits: Any, field: Any, cell: int, word: int) -> int:
    """Return the cell of the active citizen in sight whom ``word`` picks; -1 if there is none."""
    return pick(bits, ACTIVE, cell, word, field)
