"""Roles, rules and parameters of a scenario held against the ledger of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from steppe.case.scenario import Settings
from steppe.case.source_location import Problem, name_list, near
from steppe.case.units import Refusal, quantity
from steppe.core.params import ParameterInfo, Parameters

Roles = Mapping[str, Mapping[str, type[Parameters]]]
"""Role -> name of a rule that can play it -> the rule's parameters."""

NONE = "none"
"""The rule that leaves a role to its neutral setting."""


def ledger_roles() -> Roles:
    """Return the roles of the model."""
    from steppe.model.ledger import ROLES

    return ROLES


def essential(roles: Roles) -> tuple[str, ...]:
    """Return the roles that cannot be switched off; only the model's own roles know of any."""
    from steppe.model.ledger import ESSENTIAL, ROLES

    return ESSENTIAL if ROLES.keys() <= roles.keys() else ()


def playing(roles: Roles, role: str, mechanisms: Mapping[str, str]) -> str:
    """Return the rule that plays ``role``: the one named, or the first the ledger lists."""
    return mechanisms.get(role) or next(iter(roles[role]), NONE)


def with_units(data: Mapping[str, Any], roles: Roles) -> tuple[dict[str, Any], list[Problem]]:
    """Return ``data`` with parameters given as text with a unit ("6 h") turned into numbers."""
    groups = data.get("parameters")
    if not isinstance(groups, Mapping):
        return dict(data), []
    issues: list[Problem] = []
    parameters: dict[str, Any] = {}
    for role, values in groups.items():
        parameters[role] = values
        if not isinstance(values, Mapping):
            continue
        units = {info.name: info.unit for info in _infos(roles, role, data.get("mechanisms"))}
        parameters[role] = dict(values)
        for name, value in values.items():
            if not isinstance(value, str) or name not in units:
                continue
            try:
                parameters[role][name] = quantity(value, units[name])
            except Refusal as error:
                issues.append(Problem(("parameters", role, name), error.message, error.allowed))
    return {**data, "parameters": parameters}, issues


def role_problems(settings: Settings, roles: Roles) -> Iterator[Problem]:
    """Yield each unknown role, rule or parameter and each parameter outside its range."""
    for role, rule in settings.mechanisms.items():
        if role not in roles:
            yield _unknown_name(("mechanisms", role), "unknown role", role, roles)
        elif rule == NONE and role in essential(roles):
            allowed = name_list(roles[role])
            yield Problem(("mechanisms", role), "this role cannot be switched off", allowed)
        elif rule != NONE and rule not in roles[role]:
            names = [*roles[role], NONE]
            yield Problem(
                ("mechanisms", role),
                f"no rule '{rule}' plays this role",
                name_list(names),
                near(rule, names),
            )
    for role, values in settings.parameters.items():
        if role not in roles:
            yield _unknown_name(("parameters", role), "unknown role", role, roles)
        else:
            yield from _parameter_problems(settings, role, values, roles)


def _parameter_problems(
    settings: Settings, role: str, values: Mapping[str, float], roles: Roles
) -> Iterator[Problem]:
    infos = list(_infos(roles, role, settings.mechanisms))
    fine = True
    for name, value in values.items():
        where = ("parameters", role, name)
        entries = [info for info in infos if info.name == name]
        if not entries:
            rule = playing(roles, role, settings.mechanisms)
            wrong = f"rule '{rule}' has no such parameter"
            yield _unknown_name(where, wrong, name, [info.name for info in infos])
            fine = False
        elif not any(info.low <= value <= info.high for info in entries):
            info = entries[0]
            allowed = f"{info.low:g} to {info.high:g}, in {info.unit}"
            yield Problem(where, f"{value:g} is out of range", allowed)
            fine = False
    rule = playing(roles, role, settings.mechanisms)
    if fine and rule in roles[role]:
        try:
            roles[role][rule].build(values)
        except (TypeError, ValueError) as error:
            yield Problem(("parameters", role), str(error))


def _infos(roles: Roles, role: str, mechanisms: object) -> Iterator[ParameterInfo]:
    """Yield the parameters of the rule that plays ``role``; of all its rules where none does."""
    rules = roles.get(role, {})
    assigned = mechanisms if isinstance(mechanisms, Mapping) else {}
    rule = playing(roles, role, assigned) if role in roles else NONE
    for name, parameters in rules.items():
        if rule not in rules or name == rule:
            yield from parameters.ledger()


def _unknown_name(where: tuple[str, ...], message: str, name: str, names: Any) -> Problem:
    return Problem(where, message, name_list(names), near(name, names), at_key=True)
