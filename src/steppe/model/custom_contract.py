"""What the engine relies on in a rule from outside the package, checked before it is used.

The whole contract of mechanisms is in ``steppe.testing``; here is only what would stop a run or
let a rule play a part that is not its own.
"""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import sys
import types
from collections.abc import Iterator
from typing import Any, get_args

from steppe.core.errors import nearest
from steppe.core.params import Parameters
from steppe.model.columns import BY_NAME
from steppe.model.hazard_contract import answer_fault, order_faults
from steppe.model.ledger import MECHANISMS, fits
from steppe.model.mechanism import CONTEXT, Evidence, Mechanism, Street
from steppe.model.mechanisms import street
from steppe.model.mechanisms.alliance_parameters import AllianceParameters
from steppe.model.mechanisms.contact import ContactParameters, CustodyParameters
from steppe.model.mechanisms.crowd import (
    DEAD,
    DETAINED,
    LOOTING,
    PEACEFUL,
    QUIET,
    WOUNDED,
    Citizen,
    CrowdParameters,
    Here,
)
from steppe.model.mechanisms.first_move import FirstMoveParameters
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.information import InformationParameters
from steppe.model.mechanisms.leaving import LeavingParameters
from steppe.model.mechanisms.legitimacy import LegitimacyParameters
from steppe.model.mechanisms.looting import LootingParameters
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.mechanisms.timeline import TimelineParameters

SHARED: dict[str, type[Parameters]] = {
    "participation": CrowdParameters,
    "first_move": FirstMoveParameters,
    "leaving": LeavingParameters,
    "looting": LootingParameters,
    "grievance": GrievanceParameters,
    "information": InformationParameters,
    "legitimacy": LegitimacyParameters,
    "loyalty": LoyaltyParameters,
    "timeline": TimelineParameters,
    "alliance": AllianceParameters,
}
"""Parameters that the engine reads itself, by role; a rival's have them too."""

CUSTODY: dict[Street, type[Parameters]] = {
    "choices": ContactParameters,
    "hazards": CustodyParameters,
}
"""The same of contact, which has rules for either way in which citizens act."""

WITH_RANDOM_NUMBERS = ("nation", "region", "place", "unit", "feature", "neighbour")
"""Scales for whose rows the engine makes random numbers."""

FREE_INDEX = 256
"""From this index on no random number of the model has its address."""

UNIFORMS = (0.001, 0.3, 0.999)


def breaches(mechanism: Mechanism, module: types.ModuleType) -> Iterator[str]:
    """Yield what is wrong with ``mechanism``, defined in ``module``, in a sentence each.

    Later checks rely on earlier ones, so only the first kind of breach is told. An exception
    raised by the rule itself when it is tried is let through.
    """
    checks = (_role, _parameters, _form, _columns)
    for check in checks:
        found = list(check(mechanism, module))
        yield from found
        if found:
            return
    if mechanism.citizen:
        yield from _tried(mechanism)


def _role(m: Mechanism, module: types.ModuleType) -> Iterator[str]:
    if m.role not in MECHANISMS:
        near = nearest(m.role, MECHANISMS)
        hint = f"; did you mean '{near}'?" if near else f"; roles: {', '.join(MECHANISMS)}"
        yield f"there is no role '{m.role}'{hint}"
        return
    if wrong := _street_fault(m):
        yield wrong
        return
    model = _model(m)
    if m.phase != model.phase:
        yield f"its phase is {m.phase!r}; the role '{m.role}' is played in {model.phase!r}"
    if m.citizen != model.citizen:
        kind = "one citizen" if model.citizen else "whole columns"
        yield f"the role '{m.role}' is played by a rule of {kind} (citizen={model.citizen})"
    if m.evidence not in get_args(Evidence):
        yield f"evidence is {m.evidence!r}, not one of {', '.join(get_args(Evidence))}"
    if not isinstance(m.sources, tuple) or not all(isinstance(s, str) for s in m.sources):
        yield "sources must be a tuple of texts"


def _street(m: Mechanism) -> Street:
    """Return with which way of acting ``m`` goes; a rule of participation is one of choice."""
    return "choices" if m.role == "participation" else m.street


def _street_fault(m: Mechanism) -> str:
    """Say why a rule cannot go with the way of acting that it declares; '' if it can."""
    if m.street not in get_args(Street):
        return f"street is {m.street!r}, not one of {', '.join(get_args(Street))}"
    if m.role == "participation":
        if m.street == "hazards":
            return "a rule of participation in a file is one of choice: street='choices'"
        return ""
    streets = {rival.street for rival in MECHANISMS[m.role].values()}
    if m.street in streets or "any" in streets:
        return ""
    allowed = " or ".join(f"street='{name}'" for name in sorted(streets))
    return f"the role '{m.role}' goes with one way in which citizens act: {allowed}"


def _model(m: Mechanism) -> Mechanism:
    """Return the model's first rule for the role of ``m`` that goes with the same street."""
    rivals = MECHANISMS[m.role].values()
    return next(one for one in rivals if "any" in (_street(m), one.street) or fits(one, _street(m)))


def _parameters(m: Mechanism, module: types.ModuleType) -> Iterator[str]:
    kind: Any = m.parameters
    base = CUSTODY[m.street] if m.role == "contact" else SHARED.get(m.role, Parameters)
    if not (isinstance(kind, type) and issubclass(kind, base)):
        yield f"parameters must be a class derived from {base.__module__}.{base.__name__}"
        return
    bare = [f.name for f in dataclasses.fields(kind) if "info" not in f.metadata]
    if bare:
        yield f"parameters must be declared with param(): {', '.join(bare)}"
        return
    kind()
    if not m.citizen:
        return
    names = tuple(info.name for info in kind.ledger())
    if getattr(m.values, "_fields", None) != names:
        yield "values must be values_type() of the parameters"
    elif getattr(sys.modules.get(m.values.__module__), m.values.__name__, None) is not m.values:
        yield f"values_type() must be given the name it is bound to, not '{m.values.__name__}'"


def _form(m: Mechanism, module: types.ModuleType) -> Iterator[str]:
    if not isinstance(m.rule, types.FunctionType) or m.rule.__closure__:
        yield "the rule must be a plain function of the file"
        return
    home = m.rule.__module__
    if home != module.__name__:
        yield f"the rule is a function of {home}; write one in this file, which may call it"
        return
    taken = list(inspect.signature(m.rule).parameters.values())
    names = tuple(argument.name for argument in taken)
    if m.citizen:
        wanted = ("p", *_model(m).arguments)
        if names != wanted:
            yield f"the rule takes ({', '.join(names)}); it is given ({', '.join(wanted)})"
        return
    named = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if not taken or any(argument.kind not in named for argument in taken[1:]):
        yield "the rule takes its parameters and then one argument for each name it reads"
        return
    for name in names[1:]:
        if name not in BY_NAME and name not in CONTEXT and name not in m.random_numbers:
            own = f"no column, no random number of its own and none of {CONTEXT}"
            yield f"the argument '{name}' is {own}"


def _columns(m: Mechanism, module: types.ModuleType) -> Iterator[str]:
    rivals = [set(rival.writes) for rival in MECHANISMS[m.role].values()]
    must, may = set.intersection(*rivals), set.union(*rivals)
    if missing := sorted(must - set(m.writes)):
        yield f"whoever plays '{m.role}' writes {', '.join(missing)} too"
    if foreign := sorted(set(m.writes) - may):
        yield f"{', '.join(foreign)} cannot be written in the role '{m.role}'"
    if m.citizen and (unknown := sorted(set(m.citizen_reads) - set(_model(m).citizen_reads))):
        yield f"a citizen of this role is not shown {', '.join(unknown)}"
    yield from _draws(m)


def _draws(m: Mechanism) -> Iterator[str]:
    rivals = MECHANISMS[m.role].values()
    taken = {(d.purpose, d.index) for rival in rivals for d in rival.random_numbers.values()}
    addresses = [(one.purpose, one.index) for one in m.random_numbers.values()]
    if len(set(addresses)) < len(addresses):
        yield "two of its random numbers have the same purpose and index"
    for name, one in m.random_numbers.items():
        if one.scale not in WITH_RANDOM_NUMBERS:
            scales = ", ".join(WITH_RANDOM_NUMBERS)
            yield f"the random number '{name}' is for {one.scale}, not for one of {scales}"
        if (one.purpose, one.index) not in taken and one.index < FREE_INDEX:
            address = f"may have another's address; its index is {FREE_INDEX} or more"
            yield f"the random number '{name}' {address}"


def _tried(m: Mechanism) -> Iterator[str]:
    """Try the rule on a few citizens: its answers must be such as its role allows."""
    defaults = m.parameters()
    p = m.values(*(float(getattr(defaults, name)) for name in m.values._fields))
    if _street(m) == "hazards":
        yield from itertools.islice(_hazards(m, p), 1)
        return
    results = _decisions(m, p) if m.role == "participation" else _contacts(m, p)
    for chosen, allowed in results:
        if type(chosen) is not int or chosen not in allowed:
            yield f"the rule returned {chosen!r}; it must return an int of {sorted(allowed)}"
            return


def _decisions(m: Mechanism, p: Any) -> Iterator[tuple[object, tuple[int, ...]]]:
    states = (QUIET, PEACEFUL, LOOTING)
    for state, level, u, looked in itertools.product(states, (0.1, 0.9), UNIFORMS, (False, True)):
        here = Here(*([level] * len(Here._fields)))
        own = [1.0 - level] * 5
        citizen = Citizen(*(state, *own, 1, level))
        yield m.rule(p, here, citizen, u, looked), tuple(range(QUIET, LOOTING + 1))


def _hazards(m: Mechanism, p: object) -> Iterator[str]:
    own = range(PEACEFUL, LOOTING + 1) if m.role == "contact" else UNIFORMS
    for level, crowd, order in itertools.product((0.1, 0.9), (0.0, 40.0), range(5)):
        values = dict.fromkeys(street.Here._fields, level) | {"crowd": crowd, "pool": 100.0}
        here = street.Here(**values | {"force_level": float(order)})
        for x in own:
            if wrong := answer_fault(m.role, m.rule(p, here, x)):
                yield wrong
        yield from order_faults(m, p, here)


def _contacts(m: Mechanism, p: Any) -> Iterator[tuple[object, tuple[int, ...]]]:
    for state, u in itertools.product(range(PEACEFUL, LOOTING + 1), UNIFORMS):
        yield m.rule(p, 0.01, 0.1, 0.2, state, u), (state, DETAINED, WOUNDED, DEAD)
