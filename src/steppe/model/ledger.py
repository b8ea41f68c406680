"""The ledger: every role, its rival rules, and the parameters of each, from one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from steppe.core.params import ParameterInfo, Parameters
from steppe.model.mechanism import Mechanism
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
    "timeline", "price", "information", "grievance", "risk", "participation", "population",
    "observation",
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


def chosen_rule(role: str, mechanisms: Mapping[str, str]) -> str:
    """Return the name of the rule that plays ``role`` in a scenario."""
    return mechanisms.get(role, next(iter(ROLES[role])))


def parameters_for(
    role: str, mechanisms: Mapping[str, str], values: Mapping[str, Mapping[str, float]]
) -> Parameters:
    """Return the parameters of the rule that plays ``role``; a role switched off has defaults."""
    rule = chosen_rule(role, mechanisms)
    rules = ROLES[role]
    if rule == NONE:
        return next(iter(rules.values()))()
    return rules[rule].build(values.get(role, {}))
