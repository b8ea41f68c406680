"""Contact by order: what happens to people on the street depends on the force ordered.

Officers who may shoot aim at the violent; others are hit too, but seldom. How lethally a
commander uses his order differs from place to place (``command``).
"""

from __future__ import annotations

from dataclasses import dataclass

from steppe.core.params import log_uniform, param, values_type
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.contact import CustodyParameters
from steppe.model.mechanisms.crowd import LOOTING, VIOLENT
from steppe.model.mechanisms.street import HERE, Here
from steppe.model.phases import Phase


@dataclass(frozen=True)
class ContactByOrderParameters(CustodyParameters):
    """Hazards of an hour on the street under each order."""

    arrest: float = param(
        5.4e-4,
        "per hour",
        (0.0, 1.0),
        symbol="q_a",
        meaning="arrest hazard of the peaceful, per officer for each citizen on the street",
        source="none; fitted to bulletins",
        status="assumed",
        prior=log_uniform(1e-4, 0.03),
    )
    arrest_most: float = param(
        0.05,
        "per hour",
        (0.0, 1.0),
        symbol="q_max",
        meaning="largest arrest hazard of the peaceful",
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
    arrest_violent: float = param(
        2.0,
        "1",
        (0.0, 100.0),
        symbol="x_V",
        meaning="arrest hazard of the violent and of looters, relative to the peaceful",
        source="none",
        status="assumed",
    )
    wound: float = param(
        0.007,
        "per hour",
        (0.0, 1.0),
        symbol="q_w",
        meaning="wound hazard of the violent once officers use arrests and gas",
        source="order of magnitude of Kazakhstan 2022",
        status="assumed",
        prior=log_uniform(1e-4, 0.03),
    )
    death: float = param(
        0.011,
        "per hour",
        (0.0, 1.0),
        symbol="q_x",
        meaning="death hazard of the violent under live fire and an average commander",
        source="order of magnitude of Kazakhstan 2022",
        status="assumed",
        prior=log_uniform(1e-4, 0.03),
    )
    bystander: float = param(
        0.05,
        "1",
        (0.0, 1.0),
        symbol="x_P",
        meaning="wound and death hazard of the peaceful and of looters, relative to the violent",
        source="none",
        status="assumed",
    )
    gas_lethality: float = param(
        0.0,
        "1",
        (0.0, 1.0),
        symbol="f_x2",
        meaning="death hazard under arrests and gas, relative to live fire",
        source="none",
        status="assumed",
    )
    deaths_per_officer: float = param(
        1e6,
        "per hour",
        (0.0, 1e9),
        symbol="cap_x",
        meaning="most deaths an officer under an average commander causes in an hour; "
        "by default no bound",
        source="none",
        status="assumed",
    )


ContactByOrderValues = values_type(ContactByOrderParameters, "ContactByOrderValues")
"""The parameters as the compiled rule takes them."""


def contact_hazards(
    p: ContactByOrderParameters, here: Here, state: int
) -> tuple[float, float, float]:
    """Return the hourly hazards (death, wound, arrest) of a citizen on the street in ``state``.

    arrest = min(q_a F/A, q_max) (0, f_a1, 1, 1, f_a4)[f], x_V times for the violent and looters
    wound = q_w [f >= 2], death = min(q_x, cap_x F/E) gamma_c (0, 0, f_x2, 1, 1)[f] for the violent,
    x_P times for others;  E = V + x_P (A - V) counts whom fire meets
    """
    if here.force_level <= 0.0 or here.officers <= 0.0:
        return 0.0, 0.0, 0.0
    arrest = min(p.arrest * here.officers / max(here.crowd, 1.0), p.arrest_most)
    if here.force_level == 1.0:
        arrest = arrest * p.arrest_presence
    elif here.force_level >= 4.0:
        arrest = arrest * p.arrest_sight
    if state in (VIOLENT, LOOTING):
        arrest = arrest * p.arrest_violent
    aimed = 1.0 if state == VIOLENT else p.bystander
    wound = p.wound * aimed if here.force_level >= 2.0 else 0.0
    return _death(p, here) * aimed, wound, arrest


def _death(p: ContactByOrderParameters, here: Here) -> float:
    """Return the death hazard of the violent."""
    if here.force_level < 2.0:
        return 0.0
    exposed = here.violent + p.bystander * (here.crowd - here.violent)
    hazard = min(p.death, p.deaths_per_officer * here.officers / max(exposed, 1.0)) * here.command
    return hazard if here.force_level >= 3.0 else p.gas_lethality * hazard


CONTACT_BY_ORDER = Mechanism(
    name="by-order",
    role="contact",
    street="hazards",
    phase=Phase.CONTACT,
    title="Arrest, injury and death by the order given",
    equation="arrest = min(q_a F/A, q_max) (0, f_a1, 1, 1, f_a4)[f] (x_V if not peaceful);  "
    "wound = q_w [f >= 2], death = min(q_x, cap_x F/E) gamma (0, 0, f_x2, 1, 1)[f] of the "
    "violent, x_P of others, E = V + x_P (A-V)",
    parameters=ContactByOrderParameters,
    rule=contact_hazards,
    writes=("citizen_state", "place_arrests", "place_woundings", "place_deaths"),
    citizen=True,
    values=ContactByOrderValues,
    citizen_reads=HERE,
    sources=(
        "Davenport, Annual Review of Political Science 10 (2007)",
        "Steinert-Threlkeld, Chan & Joo, Journal of Politics 84 (2022)",
    ),
    evidence="conjecture",
)
