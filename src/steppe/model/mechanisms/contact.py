"""Contact: citizens on the street meet officers; some are arrested, wounded or killed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import Parameters, param, values_type
from steppe.core.response import log
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.crowd import DEAD, DETAINED, LOOTING, VIOLENT, WOUNDED
from steppe.model.phases import Phase

_ORDER_OF_MAGNITUDE = "order of magnitude of Kazakhstan 2022: about 7e-4 deaths per protester-hour"


@dataclass(frozen=True)
class CustodyParameters(Parameters):
    """How long arrest and injury keep a citizen away; what every rule of contact shares."""

    detention: float = param(
        72.0,
        "h",
        (1.0, 8784.0),
        symbol="d_D",
        meaning="length of detention",
        source="none",
        status="assumed",
    )
    wound_mean: float = param(
        120.0,
        "h",
        (1.0, 8784.0),
        symbol="d_W",
        meaning="mean time a wounded citizen is out of action",
        source="none",
        status="assumed",
    )


@dataclass(frozen=True)
class ContactParameters(CustodyParameters):
    """Hazards of an hour on the street and how long its consequences last."""

    arrest_per_officer: float = param(
        0.02,
        "per hour",
        (0.0, 1.0),
        symbol="q_a",
        meaning="arrest hazard per officer and citizen on the street",
        source="none",
        status="assumed",
    )
    arrest_most: float = param(
        0.05,
        "per hour",
        (0.0, 1.0),
        symbol="q_max",
        meaning="largest arrest hazard",
        source="none",
        status="assumed",
    )
    arrests_per_officer: float = param(
        2.0,
        "per hour",
        (0.0, 10.0),
        symbol="cap_a",
        meaning="most arrests an officer can make in an hour",
        source="none",
        status="assumed",
    )
    wound_gas: float = param(
        2e-3,
        "per hour",
        (0.0, 1.0),
        symbol="q_w2",
        meaning="wound hazard under arrests and gas, officers equal to citizens",
        source=_ORDER_OF_MAGNITUDE,
        status="assumed",
    )
    wound_fire: float = param(
        4e-3,
        "per hour",
        (0.0, 1.0),
        symbol="q_w3",
        meaning="wound hazard under live fire, officers equal to citizens",
        source=_ORDER_OF_MAGNITUDE,
        status="assumed",
    )
    wound_presence: float = param(
        1e-4,
        "per hour",
        (0.0, 1.0),
        symbol="q_w1",
        meaning="wound hazard while officers only stand by, officers equal to citizens",
        source=_ORDER_OF_MAGNITUDE,
        status="assumed",
    )
    near: float = param(
        3.0,
        "1",
        (0.0, 100.0),
        symbol="r_max",
        meaning="officers per citizen above which wounds and deaths grow no more",
        source="none",
        status="assumed",
    )
    arrest_presence: float = param(
        0.3,
        "1",
        (0.0, 10.0),
        symbol="f_a1",
        meaning="arrest hazard while officers only stand by, relative to arrests and gas",
        source="none",
        status="assumed",
    )
    arrest_sight: float = param(
        0.5,
        "1",
        (0.0, 10.0),
        symbol="f_a4",
        meaning="arrest hazard under the order to shoot on sight, relative to arrests and gas",
        source="none",
        status="assumed",
    )
    exposure_violent: float = param(
        2.0,
        "1",
        (0.0, 100.0),
        symbol="x_V",
        meaning="hazards of the violent relative to the peaceful",
        source="none",
        status="assumed",
    )
    exposure_looting: float = param(
        1.5,
        "1",
        (0.0, 100.0),
        symbol="x_O",
        meaning="hazards of looters relative to the peaceful",
        source="none",
        status="assumed",
    )
    death_gas: float = param(
        5e-6,
        "per hour",
        (0.0, 1.0),
        symbol="q_x2",
        meaning="death hazard under arrests and gas, officers equal to citizens",
        source=_ORDER_OF_MAGNITUDE,
        status="assumed",
    )
    death_fire: float = param(
        2e-4,
        "per hour",
        (0.0, 1.0),
        symbol="q_x3",
        meaning="death hazard under selective live fire, officers equal to citizens",
        source=_ORDER_OF_MAGNITUDE,
        status="assumed",
    )
    death_sight: float = param(
        4e-4,
        "per hour",
        (0.0, 1.0),
        symbol="q_x4",
        meaning="death hazard under the order to shoot on sight, officers equal to citizens",
        source=_ORDER_OF_MAGNITUDE,
        status="assumed",
    )
    release_fear: float = param(
        0.1,
        "1",
        (0.0, 1.0),
        symbol="d_rho",
        meaning="risk aversion added by a detention",
        source="none",
        status="assumed",
    )


ContactValues = values_type(ContactParameters, "ContactValues")
"""The parameters as the compiled rule takes them."""


def hazards(p: Any, force_level: int, ratio: float) -> tuple[float, float, float]:
    """Return the hourly hazards (death, wound, arrest) of a peaceful citizen on the street.

    ``ratio`` is officers per citizen on the street, F/A.
    p_a = min(q_a F/A, q_max) (0, f_a1, 1, 1, f_a4)[f];  p_w, p_x = rate[f] min(F/A, r_max)
    """
    if force_level <= 0 or ratio <= 0.0:
        return 0.0, 0.0, 0.0
    near = min(ratio, p.near)
    arrest = min(p.arrest_per_officer * ratio, p.arrest_most)
    if force_level == 1:
        return 0.0, p.wound_presence * near, p.arrest_presence * arrest
    if force_level == 2:
        return p.death_gas * near, p.wound_gas * near, arrest
    if force_level == 3:
        return p.death_fire * near, p.wound_fire * near, arrest
    return p.death_sight * near, p.wound_fire * near, p.arrest_sight * arrest


def meet(p: Any, death: float, wound: float, arrest: float, state: int, u: float) -> int:
    """Return the state of a citizen on the street after this hour's contact with officers.

    Hazards count x_V times for the violent and x_O times for looters; one random number
    decides which of the exclusive fates, death before wound before arrest, befalls.
    """
    exposure = 1.0
    if state == VIOLENT:
        exposure = p.exposure_violent
    elif state == LOOTING:
        exposure = p.exposure_looting
    if u < exposure * death:
        return DEAD
    if u < exposure * (death + wound):
        return WOUNDED
    if u < exposure * (death + wound + arrest):
        return DETAINED
    return state


def arrests_possible(p: Any, officers: float) -> int:
    """Return how many citizens so many officers can arrest in an hour: cap_a F."""
    return int(p.arrests_per_officer * officers)


def warier(risk_aversion: float, fear: float) -> float:
    """Return the risk aversion of who comes out of detention: min(1, rho + d_rho)."""
    return min(1.0, risk_aversion + fear)


def hours_out(p: Any, state: int, u: float) -> int:
    """Return for how many hours a detained or wounded citizen is out of action.

    Detention has a fixed length; recovery is geometric with mean ``wound_mean``.
    """
    if state == DETAINED:
        return int(p.detention)
    if p.wound_mean <= 1.0:
        return 1
    return 1 + int(log(u) / log(1.0 - 1.0 / p.wound_mean))


def recovery_chance(p: CustodyParameters) -> float:
    """Return the chance in an hour that a wounded citizen recovers, by the law of ``hours_out``."""
    return 1.0 if p.wound_mean <= 1.0 else 1.0 / p.wound_mean


CONTACT = Mechanism(
    name="hazards",
    role="contact",
    street="choices",
    phase=Phase.CONTACT,
    title="Arrest, injury and death",
    equation="p_a = min(q_a F/A, q_max) (0, f_a1, 1, 1, f_a4)[f];  "
    "p_w, p_x = rate[f] min(F/A, r_max);  x_V violent, x_O looting;  arrests <= cap_a F",
    parameters=ContactParameters,
    rule=meet,
    writes=("citizen_state", "place_arrests", "place_woundings", "place_deaths"),
    citizen=True,
    values=ContactValues,
    citizen_reads=(
        "place_officers",
        "place_force_level",
        "place_peaceful",
        "place_violent",
        "place_looting",
    ),
    sources=(
        "Steinert-Threlkeld, Chan & Joo, Journal of Politics 84 (2022)",
        "Davenport, Annual Review of Political Science 10 (2007)",
    ),
    evidence="conjecture",
)
