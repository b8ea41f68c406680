"""What the cohort engine computes with: plain tuples of arrays that compiled loops can take.

Rows of arrays have the names below. Few arrays with many rows, because every array that passes
through a compiled function costs time there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from steppe.model.mechanisms.casualties import CasualtiesParameters
from steppe.model.mechanisms.command import CommandParameters
from steppe.model.mechanisms.deterrence import DeterrenceParameters
from steppe.model.mechanisms.first_move import FirstMoveParameters
from steppe.model.mechanisms.legitimacy import LegitimacyParameters
from steppe.model.mechanisms.news_parameters import NewsParameters
from steppe.model.mechanisms.outrage import OutrageParameters
from steppe.model.mechanisms.risk_parameters import RiskParameters
from steppe.model.mechanisms.timeline import TimelineParameters

if TYPE_CHECKING:
    from steppe.engine.street_types import StreetParameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.int32]

FRESH, PEACEFUL, VIOLENT, LOOTING, NOTED, WOUNDED, RESTING, WITHDRAWN, RELEASED = range(9)
"""Rows of people by state: at home and never out, out in one of three ways, at home and out
before, wounded, at rest, at home for good, out of detention and at home for good; 1 to 3 are
numbered as states of citizens are."""
STATES = 9

DRAW, LEAVERS, ACT = range(STATES, STATES + 3)
"""Further rows of ``Town.rows``: who go first and other draws, who leave, the act of the moment."""
MEMBER_ROWS = STATES + 3

LATENT, EXPOSURE, WILLING, JOIN, LEAVE = range(5)
U_JOIN, U_LEAVE, U_TURN, U_VIOLENT = range(5, 9)
"""Rows of ``Town.bins``: latent hardship and exposure to the price; willingness, hazards of
joining and leaving, and four uniforms in this hour."""
BIN_ROWS = 9

JOINED, ARRESTS, WOUNDINGS, DEATHS, DETAINED = range(4, 9)
"""Rows of ``History.streets`` behind those out and, at 0, the wounded."""
STREET_ROWS = 9

NEWS_HEARD, NEWS_MEMORY, NEWS, OUTRAGE, OFFICERS, NEXT_NUMBER, NUMBER, HAZARD, HARM = range(9)
PLACE_ROWS = 9
"""Rows of ``CohortState.place``; outrage is that without triggers, and so is legitimacy. From
``NUMBER`` on they hold what an hour works with: numbers and hazards of going first, harm done."""

LEGITIMACY, SHARED, GROWTH, DIED, HEARD, NEARBY = range(6)
REGION_ROWS = 6
"""Rows of ``CohortState.region``: legitimacy, the score of going first that a region shares and by
what it multiplies the hazard; then what an hour works with: deaths, crowds remembered in the
region, and weighed by distance."""

CUT, PHONE_CUT, FORCE_LEVEL, CURFEW, REINFORCEMENT, OPERATION, CUT_DAYS = range(7)
TRIGGER, TRIGGER_HARM = range(7, 9)
"""Rows of ``Levers.place``."""

LOSS, SHARED_LOSS, STRUCK, TRIGGER_LOSS = range(4)
"""Rows of ``Levers.region``: budget share lost by the exposed, by all; people newly cut off;
legitimacy that triggers take."""

POPULATION, MEMORY, UNITS, POOL, RESTRAINT = range(5)
"""Rows of ``CohortCountry.place``."""


class RolesOn(NamedTuple):
    """Which roles of fields play a part; what a role that is off writes keeps its start value."""

    news: bool
    legitimacy: bool
    outrage: bool
    deterrence: bool
    command: bool
    first_move: bool
    casualties: bool
    loyalty: bool


class CohortRules(NamedTuple):
    """The parameters of every rule, and which roles are on."""

    on: RolesOn
    timeline: TimelineParameters
    news: NewsParameters
    legitimacy: LegitimacyParameters
    outrage: OutrageParameters
    deterrence: DeterrenceParameters
    risk: RiskParameters
    command: CommandParameters
    first_move: FirstMoveParameters
    casualties: CasualtiesParameters
    by_citizen: StreetParameters
    price_sensitivity: float
    deprivation_sensitivity: float
    coordination_loss: float


class Levers(NamedTuple):
    """Everything settled before the first hour: (rows, hours, places) and (rows, hours, regions).

    ``fetched`` (hours, places) is the hazard of arrest at home for those who took part;
    ``free_officers`` are the officers freed by foreign guards, by hour.
    """

    place: Floats
    fetched: Floats
    region: Floats
    free_officers: Floats


class CohortCountry(NamedTuple):
    """What does not change in a history: places, regions, bins, the hour of day of its start.

    ``region_of`` is the region of each place, ``address`` that of its random numbers; ``kernel``
    (regions, regions) weighs crowds by distance; ``deprivation`` and ``rank`` are those of a
    region's bins.
    """

    region_of: Ints
    address: Ints
    place: Floats
    region_population: Floats
    deprivation: Floats
    rank: Floats
    kernel: Floats
    persons: float
    start: int


class CohortState(NamedTuple):
    """What a history changes.

    ``members`` (places, rows, bins) of the pool by state, with rows to work in; ``due`` (hours of
    detention, places, bins) come out of detention when its hour comes round (no bins if nobody
    does within the run);
    ``totals`` (places, states); ``starters`` and ``active`` are who goes first this hour and the
    places in which anything can happen; ``bins`` (rows, bins) say what people of a bin are like.
    """

    members: Ints
    due: Counts
    totals: Ints
    detained: Ints
    starters: Ints
    active: Ints
    place: Floats
    region: Floats
    deterrence: Floats
    bins: Floats


class History(NamedTuple):
    """What a history leaves: persons (rows, hours, places), columns by region, officers hurt."""

    streets: Counts
    region: Floats
    officers: Floats


class Town(NamedTuple):
    """One place in an hour: its people by state and bin, its bins, its address."""

    rows: Ints
    bins: Floats
    number: int
    address: int
    deprivation: float
    rank: float


class CohortRun(NamedTuple):
    """Everything one history needs."""

    country: CohortCountry
    levers: Levers
    rules: CohortRules
    state: CohortState
    history: History
    key: tuple[int, int]
