"""The ledger: every role, its rival rules, and the parameters of each, from one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from steppe.core.params import ParameterInfo, Parameters
from steppe.model.mechanism import Mechanism, Street
from steppe.model.mechanisms import ALL
from steppe.model.mechanisms.observation import ObservationParameters
from steppe.model.mechanisms.population import PopulationParameters

NONE = "none"
"""The rule name that switches a role to its neutral setting."""


def _roles() -> dict[str, dict[str, Mechanism]]:
    roles: dict[str, dict[str, Mechanism]] = {}
    for mechanism in ALL:
        rivals = roles.setdefault(mechanism.role, {})
        if mechanism.name in rivals:
            raise ValueError(f"two mechanisms are called {mechanism.role}/{mechanism.name}")
        rivals[mechanism.name] = mechanism
    return roles


MECHANISMS: Mapping[str, Mapping[str, Mechanism]] = _roles()
"""Role -> rule name -> mechanism; the first rule of a role is its default."""

ROLES: Mapping[str, Mapping[str, type[Parameters]]] = {
    **{
        role: {name: m.parameters for name, m in rivals.items()}
        for role, rivals in MECHANISMS.items()
    },
    "population": {"margins": PopulationParameters},
    "observation": {"bulletins": ObservationParameters},
}
"""Role -> rule name -> class of its parameters."""

ESSENTIAL = (
    "timeline", "price", "information", "grievance", "risk", "willingness", "participation",
    "population", "observation",
)  # fmt: skip
"""Roles without which there is no crisis to simulate or to observe; they cannot be switched off."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One parameter with the role and rule it belongs to."""

    role: str
    rule: str
    info: ParameterInfo


def ledger() -> Iterator[LedgerEntry]:
    """Yield every parameter of every rule."""
    for role, rules in ROLES.items():
        for rule, parameters in rules.items():
            for info in parameters.ledger():
                yield LedgerEntry(role, rule, info)


def street_of(mechanisms: Mapping[str, str]) -> Street:
    """Return whether citizens act by hazards or by choice; a rule in a file is one of choice."""
    rivals = MECHANISMS["participation"]
    rule = mechanisms.get("participation", next(iter(rivals)))
    return rivals[rule].street if rule in rivals else "choices"


def fits(mechanism: Mechanism, street: Street) -> bool:
    """Return whether ``mechanism`` can play a part where citizens act by ``street``."""
    return mechanism.street in ("any", street)


def fitting(role: str, street: Street) -> tuple[str, ...]:
    """Return the names of the rules that can play ``role`` where citizens act by ``street``."""
    if role not in MECHANISMS:
        return tuple(ROLES.get(role, ()))
    return tuple(name for name, m in MECHANISMS[role].items() if fits(m, street))


def chosen_rule(role: str, mechanisms: Mapping[str, str]) -> str:
    """Return the name of the rule that plays ``role`` in a scenario.

    If none is named it is the first that goes with the rule of participation; a role that has
    no such rule plays no part (``NONE``).
    """
    if role in mechanisms:
        return mechanisms[role]
    return next(iter(fitting(role, street_of(mechanisms))), NONE)


def parameters_for(
    role: str, mechanisms: Mapping[str, str], values: Mapping[str, Mapping[str, float]]
) -> Parameters:
    """Return the parameters of the rule that plays ``role``; a role switched off has defaults."""
    rule = chosen_rule(role, mechanisms)
    rules = ROLES[role]
    if rule == NONE:
        return next(iter(rules.values()))()
    return rules[rule].build(values.get(role, {}))
