"""Roles, rules and parameters of a scenario held against the ledger of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from steppe.case.scenario import Settings
from steppe.case.source_location import Problem, name_list, near
from steppe.case.units import Refusal, quantity
from steppe.core.params import ParameterInfo, Parameters
from steppe.model.custom import CustomRules

Roles = Mapping[str, Mapping[str, type[Parameters]]]
"""Role -> name of a rule that can play it -> the rule's parameters."""

NONE = "none"
"""The rule that leaves a role to its neutral setting."""

NO_RULES = CustomRules()


def ledger_roles() -> Roles:
    """Return the roles of the model."""
    from steppe.model.ledger import ROLES

    return ROLES


def essential(roles: Roles) -> tuple[str, ...]:
    """Return the roles that cannot be switched off; only the model's own roles know of any."""
    from steppe.model.ledger import ESSENTIAL

    return ESSENTIAL if _of_model(roles) else ()


def _of_model(roles: Roles) -> bool:
    from steppe.model.ledger import ROLES

    return ROLES.keys() <= roles.keys()


def playing(roles: Roles, role: str, mechanisms: Mapping[str, str]) -> str:
    """Return the rule that plays ``role``: the one named, or the first of the ledger that can.

    ``NONE`` for a role that has no rule for the way in which citizens act.
    """
    return mechanisms.get(role) or next(iter(_able(roles, role, mechanisms)), NONE)


def _able(roles: Roles, role: str, mechanisms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ledger's rules that can play ``role`` beside the rule of participation.

    Only the model's own roles know of any that cannot.
    """
    from steppe.model.ledger import fitting, street_of

    if not _of_model(roles):
        return tuple(roles[role])
    return fitting(role, street_of(mechanisms))


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


def role_problems(
    settings: Settings, roles: Roles, custom: CustomRules = NO_RULES
) -> Iterator[Problem]:
    """Yield each unknown role, rule or parameter and each parameter outside its range.

    ``custom`` are the rules from files among ``roles``.
    """
    for role, rule in settings.mechanisms.items():
        yield from _rule_problems(settings, roles, role, rule, custom)
    for role, values in settings.parameters.items():
        if role not in roles:
            yield _unknown_name(("parameters", role), "unknown role", role, roles)
        elif not settings.mechanisms.get(role) and not _able(roles, role, settings.mechanisms):
            wrong = f"this role plays no part with {_way(settings)}"
            names = [r for r in roles if playing(roles, r, settings.mechanisms) != NONE]
            yield Problem(("parameters", role), wrong, name_list(names), at_key=True)
        else:
            yield from _parameter_problems(settings, role, values, roles)


def _rule_problems(
    settings: Settings, roles: Roles, role: str, rule: str, custom: CustomRules
) -> Iterator[Problem]:
    where = ("mechanisms", role)
    if role not in roles:
        yield _unknown_name(where, "unknown role", role, roles)
        return
    able = _able(roles, role, settings.mechanisms)
    if rule == NONE:
        if role in essential(roles) and able:
            yield Problem(where, "this role cannot be switched off", name_list(able))
        return
    names = [*able, NONE]
    if rule not in roles[role]:
        wrong = f"no rule '{rule}' plays this role"
        yield Problem(where, wrong, name_list(names), near(rule, names))
    elif not _goes_together(settings, roles, role, custom):
        wrong = f"'{rule}' does not go with {_way(settings)}"
        yield Problem(where, wrong, name_list(names))


def _goes_together(settings: Settings, roles: Roles, role: str, custom: CustomRules) -> bool:
    """Return whether the rule named for ``role`` goes with the rule of participation."""
    from steppe.model.ledger import fits, street_of

    rule = settings.mechanisms[role]
    if role == "participation" or not _of_model(roles):
        return True
    if rule in custom:
        return fits(custom.mechanism(rule), street_of(settings.mechanisms))
    return rule in _able(roles, role, settings.mechanisms)


def _way(settings: Settings) -> str:
    """Say in words how citizens act."""
    from steppe.model.ledger import chosen_rule, street_of

    rule = chosen_rule("participation", settings.mechanisms)
    way = "choice" if street_of(settings.mechanisms) == "choices" else "hazards"
    return f"participation '{rule}', where citizens act by {way}"


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
    settings = mechanisms.items() if isinstance(mechanisms, Mapping) else ()
    assigned = {name: rule for name, rule in settings if isinstance(rule, str)}
    rule = playing(roles, role, assigned) if role in roles else NONE
    for name, parameters in rules.items():
        if rule not in rules or name == rule:
            yield from parameters.ledger()


def _unknown_name(where: tuple[str, ...], message: str, name: str, names: Any) -> Problem:
    return Problem(where, message, name_list(names), near(name, names), at_key=True)
