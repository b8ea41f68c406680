"""Submodels of the protocol: every role with its rivals, their equations, parameters, sources."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import CodeType
from typing import Any

from generator.case import endogenous, scripted
from generator.constants import CONSTANTS
from generator.markdown import block, names, number, plain, symbol, table
from generator.reference import GOES_WITH, meaning, random_numbers
from steppe.core.geodesy import distances
from steppe.core.params import ParameterInfo, Parameters
from steppe.engine.citizen_loops import decide_place, encounter_place, notify_ties
from steppe.engine.plan import Plan
from steppe.engine.street_contact import bounds_of, fate_of, meet_place
from steppe.engine.street_loops import (
    come_back,
    draw_in,
    go_first,
    is_idle,
    live_place,
    stay_or_leave,
)
from steppe.engine.street_marks import first_move_gap, group_size
from steppe.engine.street_types import is_at_large
from steppe.evidence.measures import officers_wounded_registered_by
from steppe.model.ledger import ESSENTIAL, MECHANISMS
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.alliance_decision import features
from steppe.model.mechanisms.crowd import sight
from steppe.model.mechanisms.loyalty_units import closeness, loyalty_of, units_of
from steppe.model.mechanisms.observation import ObservationParameters
from steppe.model.mechanisms.population import PopulationParameters
from steppe.population.cohorts import cohort_table, ipf
from steppe.population.geography import availability, geography
from steppe.population.income import income, income_table, relative_deprivation, spread_of_gini
from steppe.population.places import gravity
from steppe.population.pool import attributes, pool_limits, readiness
from steppe.population.ties import tie

Rule = Callable[..., Any]

AROUND: dict[str, tuple[Rule, ...]] = {
    "alliance": (features,),
    "first_move": (first_move_gap, group_size, go_first),
    "participation": (live_place, is_idle, draw_in, decide_place, sight),
    "leaving": (stay_or_leave, come_back),
    "contact": (meet_place, bounds_of, fate_of, encounter_place, notify_ties),
    "round_up": (is_at_large,),
    "loyalty": (units_of, closeness, loyalty_of),
}
"""What the engine calls besides the rule itself, by role."""

PEOPLE: tuple[Rule, ...] = (
    cohort_table, ipf, geography, availability, readiness, pool_limits, attributes, income,
    spread_of_gini, income_table, relative_deprivation, tie, distances, gravity,
)  # fmt: skip
"""What builds the citizens."""


def submodels() -> str:
    """Return a section for every role: those of an hour in its order, then those around a run."""
    roles = sorted(MECHANISMS, key=lambda role: _first(role).phase)
    return "\n".join([*map(_role, roles), _population(), _observation()])


def _first(role: str) -> Mechanism:
    return next(iter(MECHANISMS[role].values()))


def _role(role: str) -> str:
    rivals = list(MECHANISMS[role].values())
    parts = [f"### Role: {role}\n", f"{_setting(role, rivals)}\n"]
    shown: set[Rule] = set()
    for m in rivals:
        parts.append(f"#### `{m.name}`: {m.title}\n")
        parts.append(_rule(m, shown))
        parts.append(_parameters(m.parameters, rivals[: rivals.index(m)]))
    if role in AROUND:
        parts.append("What the engine does besides:\n")
        parts.append(block(_descriptions(_with_parts(AROUND[role], shown))))
    if role in CONSTANTS:
        parts.append(CONSTANTS[role]())
    return "\n".join(parts)


def _setting(role: str, rivals: list[Mechanism]) -> str:
    """Return when a role acts, who plays it, and what happens when nobody does."""
    phases = sorted({m.phase for m in rivals})
    text = f"Phase {' or '.join(f'{p.value}, {p.name.lower()}' for p in phases)}. "
    if len(rivals) > 1:
        text += f"Rivals: {names(m.name for m in rivals)}. "
    before, after = _playing(scripted(), role), _playing(endogenous(), role)
    text += f"Played in the reference case by {before}"
    text += ". " if before == after else f" as shipped, by {after} with free actors. "
    if role in ESSENTIAL:
        return text + "It cannot be switched off."
    neutral = {name: value for m in rivals for name, value in m.neutral.items()}
    rest = ", ".join(f"`{name}` = {number(value)}" for name, value in neutral.items())
    text += "Switched off (`none`), its columns keep the values they start from"
    return f"{text}, except {rest}." if rest else f"{text}."


def _playing(plan: Plan, role: str) -> str:
    try:
        return f"`{plan.mechanism(role).name}`"
    except KeyError:
        return "nobody"


def _rule(m: Mechanism, shown: set[Rule]) -> str:
    """Return one rule: equation, what it does in full, and the parts not yet shown."""
    text = f"{m.equation}\n\n{plain(inspect.getdoc(m.rule) or '')}"
    shown.add(m.rule)
    parts = _descriptions(_with_parts((m.rule,), shown, roots=False))
    lines = [block(text)]
    if parts:
        lines += ["Its parts:\n", block(parts)]
    lines.append(f"- Evidence: {m.evidence}")
    if m.street != "any":
        lines.append(f"- Goes with: {GOES_WITH[m.street]}")
    lines.append(f"- Sources: {'; '.join(m.sources)}")
    if m.random_numbers:
        lines.append(f"- Random numbers: {random_numbers(m)}")
    return "\n".join(lines) + "\n"


def _with_parts(rules: Iterable[Rule], shown: set[Rule], *, roots: bool = True) -> list[Rule]:
    """Return rules and the documented functions of the model they call, each once per role."""
    found: dict[Rule, None] = {}
    for rule in rules:
        if roots:
            found[rule] = None
        for part in _called(rule.__code__, rule.__globals__):
            found[part] = None
    fresh = [rule for rule in found if rule not in shown and rule.__doc__]
    shown.update(fresh)
    return fresh


def _called(code: CodeType, scope: dict[str, Any], seen: tuple[Rule, ...] = ()) -> Iterator[Rule]:
    """Yield the public functions of the model that a function calls, and those that they call."""
    for step in dis.get_instructions(code):
        part = scope.get(step.argval) if step.opname == "LOAD_GLOBAL" else None
        part = getattr(part, "__wrapped__", part)  # what keeps its results is a function too
        if isinstance(step.argval, CodeType):
            yield from _called(step.argval, scope, seen)
        if not inspect.isfunction(part) or part in seen:
            continue
        if part.__module__.startswith("steppe.model."):
            if not part.__name__.startswith("_"):
                yield part
            yield from _called(part.__code__, part.__globals__, (*seen, part))


def _descriptions(rules: Iterable[Rule]) -> str:
    texts = []
    for rule in rules:
        lines = plain(inspect.getdoc(rule) or "").splitlines()
        texts.append("\n".join([rule.__name__, *(f"    {line}" for line in lines if line)]))
    return "\n".join(texts)


def _parameters(parameters: type[Parameters], before: Sequence[Mechanism] = ()) -> str:
    """Return the table of parameters; those known from rivals before it are only named."""
    own: list[ParameterInfo] = []
    shared: dict[str, list[str]] = {}
    for info in parameters.ledger():
        known = next((m.name for m in before if info in m.parameters.ledger()), None)
        if known is None:
            own.append(info)
        else:
            shared.setdefault(known, []).append(info.name)
    parts = []
    if own:
        header = ("Parameter", "Value", "Unit", "Range", "Prior", "Status", "Meaning and source")
        parts.append(table(header, map(_parameter, own)))
    for rival, listed in shared.items():
        parts.append(f"Parameters as under `{rival}`: {names(listed)}.")
    return "\n\n".join(parts or ["No parameters."]) + "\n"


def _parameter(i: ParameterInfo) -> tuple[str, ...]:
    span = f"{number(i.low)} to {number(i.high)}"
    prior = str(i.prior) if i.prior else "–"
    value = number(i.default)
    named = f"`{i.name}` {symbol(i.symbol)}"
    return named, value, i.unit, span, prior, i.status, meaning(i)


def _population() -> str:
    return "\n".join(
        [
            "### Role: population\n",
            "Before the first hour. It cannot be switched off.\n",
            block(_descriptions(PEOPLE)),
            _parameters(PopulationParameters),
        ]
    )


def _observation() -> str:
    return "\n".join(
        [
            "### Role: observation\n",
            "After the run: how what happened is counted before it is held against a report. It\n"
            "cannot be switched off, and no run depends on it.\n",
            block(_descriptions((officers_wounded_registered_by,))),
            _parameters(ObservationParameters),
        ]
    )
