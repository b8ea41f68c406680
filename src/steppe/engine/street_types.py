"""The street by hazards: what its loops pass to one another and to the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from steppe.core.random import words_at
from steppe.core.response import Floats
from steppe.model.mechanisms.crowd import LOOTING, RESTING, WITHDRAWN
from steppe.model.mechanisms.joining import JoiningParameters
from steppe.model.mechanisms.leaving import LeavingParameters
from steppe.model.mechanisms.looting import LootingParameters
from steppe.model.mechanisms.street import Here
from steppe.model.mechanisms.violence import ViolenceParameters
from steppe.model.mechanisms.willingness import WillingnessParameters

if TYPE_CHECKING:
    from steppe.model.mechanisms.contact_by_order import ContactByOrderParameters


BLOCK = 256
"""So many citizens are looked at in one loop of vector code."""


class StreetParameters(NamedTuple):
    """The parameters of each rule as its compiled form takes them; ``group`` is g in agents."""

    willingness: WillingnessParameters
    joining: JoiningParameters
    leaving: LeavingParameters
    violence: ViolenceParameters
    looting: LootingParameters
    contact: ContactByOrderParameters
    group: float


class Streets(NamedTuple):
    """What citizens read in an hour: arrays by place, then numbers; see ``Here``."""

    crowd: Floats
    violent: Floats
    pool: Floats
    officers: Floats
    force_level: Floats
    severity: Floats
    risk: Floats
    cost: Floats
    legitimacy: Floats
    loss: Floats
    hardship_cut: Floats
    outrage: Floats
    memory: Floats
    cover: Floats
    command: Floats
    integral: Floats
    round_up: Floats
    deterrence: float
    awake: float
    price_sensitivity: float
    deprivation_sensitivity: float


class HourAddress(NamedTuple):
    """The part of a random number's address that all citizens share in an hour."""

    hour: int
    key0: int
    key1: int


class Scene(NamedTuple):
    """A place in an hour: the rules' parameters, what surrounds its citizens, the address.

    ``place`` is its number, ``integral`` the sum of the hazards of going first there so far.
    """

    p: StreetParameters
    here: Here
    at: HourAddress
    place: int
    integral: float


def words_of(at: HourAddress, who: int, purpose: int) -> tuple[int, int, int, int]:
    """Return the four random words of the citizen with address ``who`` in this hour."""
    return words_at(who, at.hour, purpose, at.key0, at.key1)


def here_of(streets: Streets, place: int) -> Here:
    """Return what surrounds the citizens of ``place`` this hour."""
    return Here(
        streets.crowd[place],
        streets.violent[place],
        streets.pool[place],
        streets.officers[place],
        streets.force_level[place],
        streets.severity[place],
        streets.risk[place],
        streets.cost[place],
        streets.legitimacy[place],
        streets.loss[place],
        streets.hardship_cut[place],
        streets.outrage[place],
        streets.memory[place],
        streets.deterrence,
        streets.awake,
        streets.cover[place],
        streets.command[place],
        streets.price_sensitivity,
        streets.deprivation_sensitivity,
    )


def is_at_large(state: int) -> bool:
    """Return whether a citizen can be arrested in a round-up: he is at home or on the street."""
    return state <= LOOTING or state in (RESTING, WITHDRAWN)


def never(p: object, here: Here, x: float) -> float:
    """Return no hazard: the neutral setting of a rule of hazards."""
    return 0.0


def nothing_happens(p: object, here: Here, state: int) -> tuple[float, float, float]:
    """Return no hazards: the neutral setting of contact."""
    return 0.0, 0.0, 0.0
