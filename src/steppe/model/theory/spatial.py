"""Positions on a line: the weighted median and rounds of challenge.

Sources: Black, Journal of Political Economy 56 (1948); Bueno de Mesquita, International
Interactions 23 (1997); Scholz, Calbert & Smith, Journal of Theoretical Politics 23 (2011), whose
account the rounds follow. That compromise predicts about as well as richer models is supported
(Thomson, Stokman, Achen & Koenig, The European Union Decides, 2006).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from steppe.core.response import exact_sum
from steppe.model.theory.arithmetic import power

Kind = Literal["confrontation", "compromise", "capitulation"]
Choice = Literal["published-code", "least-move"]
"""Which compromise an actor takes when several are open.

``least-move``: the one that asks least, as the articles say. ``published-code``: the one with the
lowest mean of both positions weighted by what is expected, as in the program whose figures were
published; it can send an actor to the far end (round 4 of the emission data).
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """An interested party: where it stands, what it can do, and how much it cares."""

    name: str
    position: float
    capability: float
    salience: float

    def __post_init__(self) -> None:
        if not self.capability >= 0.0:
            raise ValueError(f"{self.name}: capability must be at least 0")
        if not 0.0 <= self.salience <= 1.0:
            raise ValueError(f"{self.name}: salience must lie in [0, 1]")

    @property
    def weight(self) -> float:
        """Power brought to bear: capability times salience."""
        return self.capability * self.salience


@dataclass(frozen=True, slots=True)
class Offer:
    """What one actor would have to accept from another, and the expectations behind it."""

    kind: Kind
    proposer: int
    position: float
    own_expectation: float
    other_expectation: float


@dataclass(frozen=True, slots=True)
class Stage:
    """The moment at which all consider all others: actors, their risk exponents, votes cast."""

    actors: tuple[Actor, ...]
    risk: tuple[float, ...]
    width: float
    votes: float


def weighted_median(actors: Sequence[Actor]) -> float:
    """Return the position no weighted majority would leave: the lowest with half of the weight."""
    half = 0.5 * _total_weight(actors)
    reached = [
        actor.position
        for actor in actors
        if exact_sum([a.weight for a in actors if a.position <= actor.position]) >= half
    ]
    return min(reached)


def rounds(
    actors: Sequence[Actor], count: int, choice: Choice = "published-code", quo: float = 1.0
) -> tuple[tuple[Actor, ...], ...]:
    """Return the actors before the first and after each of ``count`` rounds.

    In a round everyone forms a view of risk, weighs a challenge to and from everyone else, and
    takes the best offer; all move at once. ``quo`` is the weight of the status quo. Distances are
    measured against the widest difference at the start.
    """
    positions = [actor.position for actor in actors]
    width = max(positions) - min(positions)
    states = [tuple(actors)]
    for _ in range(count):
        states.append(_round(states[-1], width, choice, quo) if width > 0.0 else states[-1])
    return tuple(states)


def _round(
    actors: tuple[Actor, ...], width: float, choice: Choice, quo: float
) -> tuple[Actor, ...]:
    stage = _stage(actors, risk_exponents(actors, width, quo), width)
    moved = []
    for i, actor in enumerate(actors):
        offer = best_offer(stage, i, choice, quo)
        position = actor.position if offer is None else offer.position
        moved.append(dataclasses.replace(actor, position=position))
    return tuple(moved)


def risk_exponents(actors: tuple[Actor, ...], width: float, quo: float = 1.0) -> tuple[float, ...]:
    """Return r_i = (1 - R_i/3) / (1 + R_i/3), R_i in [-1, 1] the danger i lives in, scaled.

    The danger is the sum of what all others expect from challenging i, all neutral to risk.
    """
    n = len(actors)
    stage = _stage(actors, (1.0,) * n, width)
    danger = [
        exact_sum([expectation(stage, i, j, i, quo) for j in range(n) if j != i]) for i in range(n)
    ]
    low, high = min(danger), max(danger)
    if high == low:
        return (1.0,) * n
    scaled = [(2.0 * d - high - low) / (high - low) for d in danger]
    return tuple((1.0 - r / 3.0) / (1.0 + r / 3.0) for r in scaled)


def expectation(stage: Stage, viewer: int, challenger: int, rival: int, quo: float = 1.0) -> float:
    """Return what ``challenger`` expects from challenging ``rival``, as ``viewer`` sees it.

    E = s_j (p U_s + (1 - p) U_f) + (1 - s_j) U_s - Q U_q, with d the distance over the width:
    U_s = 2 - 4 (0.5 - 0.5 d)^r,  U_f = 2 - 4 (0.5 + 0.5 d)^r,  U_q = 2 - 4 0.5^r
    """
    r = stage.risk[viewer]
    one, other = stage.actors[challenger], stage.actors[rival]
    d = abs(one.position - other.position) / stage.width
    success = 2.0 - 4.0 * power(max(0.0, 0.5 - 0.5 * d), r)
    failure = 2.0 - 4.0 * power(0.5 + 0.5 * d, r)
    same = 2.0 - 4.0 * power(0.5, r)
    p = victory(stage, one.position, other.position)
    resisted = other.salience * (p * success + (1.0 - p) * failure)
    return resisted + (1.0 - other.salience) * success - quo * same


def victory(stage: Stage, position: float, rival: float) -> float:
    """Return the chance that ``position`` beats ``rival``: votes for it over all votes that could
    be cast between any two actors' positions. The two chances of a pair do not sum to 1."""
    if position == rival or stage.votes == 0.0:
        return 0.0
    cast = [vote(stage, i, position, rival) for i in range(len(stage.actors))]
    return exact_sum([max(0.0, v) for v in cast]) / stage.votes


def vote(stage: Stage, voter: int, position: float, rival: float) -> float:
    """Return the vote of ``voter`` for ``position``: c s (|x - rival|^r - |x - position|^r)."""
    actor, r = stage.actors[voter], stage.risk[voter]
    near = power(abs(actor.position - position) / stage.width, r)
    far = power(abs(actor.position - rival) / stage.width, r)
    return actor.weight * (far - near)


def best_offer(stage: Stage, i: int, choice: Choice, quo: float = 1.0) -> Offer | None:
    """Return the offer that actor ``i`` takes, or None.

    Confrontations come before compromises before capitulations; among equals the first listed.
    """
    offers = [
        offer
        for j, other in enumerate(stage.actors)
        if other.position != stage.actors[i].position
        and (offer := _offer(stage, i, j, quo)) is not None
    ]
    here = stage.actors[i].position

    def move(offer: Offer) -> float:
        return abs(here - offer.position)

    def pull(offer: Offer) -> float:
        own, other = abs(offer.own_expectation), abs(offer.other_expectation)
        return (own * here + other * stage.actors[offer.proposer].position) / (own + other)

    for kind in ("confrontation", "compromise", "capitulation"):
        open_ = [offer for offer in offers if offer.kind == kind]
        if open_:
            published = kind == "compromise" and choice == "published-code"
            return min(open_, key=pull if published else move)
    return None


def _offer(stage: Stage, i: int, j: int, quo: float) -> Offer | None:
    """Return what i sees coming from j: both expectations are those that i holds."""
    own, other = expectation(stage, i, i, j, quo), expectation(stage, i, j, i, quo)
    here, there = stage.actors[i].position, stage.actors[j].position
    if other > own > 0.0:
        return Offer("confrontation", j, there, own, other)
    if other > 0.0 > own:
        if other > -own:
            return Offer("compromise", j, here + (there - here) * (-own / other), own, other)
        if other < -own:
            return Offer("capitulation", j, there, own, other)
    return None


def _stage(actors: tuple[Actor, ...], risk: tuple[float, ...], width: float) -> Stage:
    empty = Stage(actors, risk, width, 0.0)
    places = [actor.position for actor in actors]
    votes = exact_sum(
        [
            abs(vote(empty, i, one, two))
            for i in range(len(actors))
            for one in places
            for two in places
        ]
    )
    return Stage(actors, risk, width, votes)


def _total_weight(actors: Sequence[Actor]) -> float:
    total = exact_sum([actor.weight for actor in actors])
    if not total > 0.0:
        raise ValueError("no actor has any weight")
    return total
