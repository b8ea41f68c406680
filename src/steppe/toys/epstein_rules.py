"""Civil violence, Model I: who turns active, whom a cop arrests, where people go.

Epstein, "Modeling civil violence: an agent-based computational approach", PNAS 99 suppl. 3 (2002).
The rules are scalar and run in plain Python and compiled.
"""

from __future__ import annotations

from typing import NamedTuple

from steppe.core.response import exp
from steppe.toys.draws import Ints
from steppe.toys.lattice import ACTIVE, COP, FREE, FieldOfVision, count_seen, pick, turn

QUIET, REBEL, JAILED = 0, 1, 2
SMOOTH, FLOOR, ROUND = 0, 1, 2
ARREST_RATIOS = {"smooth": SMOOTH, "floor": FLOOR, "round": ROUND}
"""How cops per active enter the estimate: as they are, rounded down, or to the nearest."""


class EpsteinRules(NamedTuple):
    """Parameters of a run, and its readings of the article as numbers.

    ``ratio`` is a code of ``ARREST_RATIOS``; ``jail_blocks`` 1 if the jailed stay in their cell;
    ``citizens`` the number of citizens: agents from there on are cops.
    """

    k: float
    threshold: float
    jail_max: int
    ratio: int
    moves: int
    move_first: int
    jail_blocks: int
    citizens: int


def cops_per_active(cops: int, active: int, ratio: int) -> float:
    """Return C/A as the target reading of the article has it; halves round to the even number."""
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


def estimate(
    rules: EpsteinRules, bits: Ints, field: FieldOfVision, cell: int, active: bool
) -> float:
    """Return the chance of arrest that a citizen in ``cell`` sees; it counts itself as active."""
    cops = count_seen(bits, COP, cell, field)
    actives = count_seen(bits, ACTIVE, cell, field)
    if not active:
        actives += 1
    return arrest_probability(rules.k, cops, actives, rules.ratio)


def free_cell(bits: Ints, field: FieldOfVision, cell: int, word: int) -> int:
    """Return the random free cell in sight of ``cell`` that ``word`` picks; -1 if none is free."""
    return pick(bits, FREE, cell, word, field)


def go(bits: Ints, field: FieldOfVision, cell: int, layer: int, word: int) -> int:
    """Move who is in ``cell`` and shows in ``layer`` (FREE: in none); return the new cell."""
    target = free_cell(bits, field, cell, word)
    if target < 0:
        return cell
    turn(bits, FREE, cell, field)
    turn(bits, FREE, target, field)
    if layer != FREE:
        turn(bits, layer, cell, field)
        turn(bits, layer, target, field)
    return target


def seized(bits: Ints, field: FieldOfVision, cell: int, word: int) -> int:
    """Return the cell of the active citizen in sight whom ``word`` picks; -1 if there is none."""
    return pick(bits, ACTIVE, cell, word, field)
