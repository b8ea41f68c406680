"""Checks of what a mechanism declares, from its sources to its neutral values."""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Mapping, Sequence
from typing import get_args

from steppe.core.params import ParameterInfo
from steppe.model.columns import BY_NAME, Scale
from steppe.model.mechanism import CONTEXT, Evidence, Mechanism, Street
from steppe.testing.sentences import require

CITIZEN_ARGUMENTS: Mapping[tuple[str, Street], tuple[str, ...]] = {
    ("participation", "choices"): ("p", "here", "citizen", "u", "looked"),
    ("contact", "choices"): ("p", "death", "wound", "arrest", "state", "u"),
    ("willingness", "hazards"): ("p", "here", "hardship"),
    ("participation", "hazards"): ("p", "here", "willing"),
    ("leaving", "hazards"): ("p", "here", "willing"),
    ("violence", "hazards"): ("p", "here", "willing"),
    ("looting", "hazards"): ("p", "here", "rank"),
    ("contact", "hazards"): ("p", "here", "state"),
}
"""Arguments of the rules that run once for every citizen, by role and by how citizens act."""


def citizen_kind(mechanism: Mechanism) -> tuple[str, Street]:
    """Return role and way of acting of a citizen rule; without a word it is one of choice."""
    return mechanism.role, "hazards" if mechanism.street == "hazards" else "choices"


def check_sources(mechanism: Mechanism) -> None:
    """Check that a mechanism says what it is, where it comes from and how well it is supported."""
    m = mechanism
    for name in ("name", "role", "title", "equation"):
        require(m, bool(getattr(m, name).strip()), f"{name} is empty")
    require(m, m.evidence in get_args(Evidence), f"evidence {m.evidence!r} is not a known grade")
    require(m, bool(m.sources), "no source is named")
    require(m, all(source.strip() for source in m.sources), "a source is empty")
    invented = [source for source in m.sources if "conjecture" in source]
    require(
        m, m.evidence == "conjecture" or not invented,
        f"its evidence is said to be {m.evidence}, but its source is {invented}",
    )  # fmt: skip
    require(m, bool(inspect.getdoc(m.rule)), "the rule has no docstring with its equation")


def check_parameters(mechanism: Mechanism) -> None:
    """Check that every parameter has symbol, unit, range, source, status and meaning."""
    m = mechanism
    bare = [f.name for f in dataclasses.fields(m.parameters) if "info" not in f.metadata]
    require(m, not bare, f"parameters {bare} are not declared with param()")
    entries = list(m.parameters.ledger())
    symbols = [info.symbol for info in entries]
    require(m, len(set(symbols)) == len(symbols), "two parameters share a symbol")
    for info in entries:
        _check_entry(m, info)
    m.parameters()  # the defaults must form a valid set


def _check_entry(m: Mechanism, info: ParameterInfo) -> None:
    complete = all(word.strip() for word in (info.symbol, info.unit, info.source, info.meaning))
    require(m, complete, f"parameter {info.name} lacks symbol, unit, source or meaning")
    ends = (info.low, info.default, info.high)
    require(m, all(map(math.isfinite, ends)), f"parameter {info.name} has no finite range")
    require(m, info.low < info.high, f"parameter {info.name} has no room between its bounds")
    sourced = info.status == "assumed" or not info.source.startswith("none")
    require(m, sourced, f"parameter {info.name} is called {info.status} without a source")
    prior = info.prior
    require(
        m, prior is None or prior.low <= info.default <= prior.high,
        f"the default of parameter {info.name} lies outside its prior",
    )  # fmt: skip


def check_arguments(mechanism: Mechanism) -> None:
    """Check that the rule takes what a rule of its kind may take, and declares its random numbers.

    A field rule takes its parameters ``p`` and then, by keyword and without defaults, declared
    columns, numbers of the context and declared random numbers. A citizen rule takes the
    arguments of its role.
    """
    if mechanism.citizen:
        _check_citizen_arguments(mechanism)
    else:
        _check_field_arguments(mechanism)
    _check_random_numbers(mechanism)


def _check_citizen_arguments(m: Mechanism) -> None:
    kind = citizen_kind(m)
    arguments = CITIZEN_ARGUMENTS.get(kind)
    no_such = f"no rule of role {kind[0]} runs once for every citizen (street='{kind[1]}')"
    require(m, arguments is not None, no_such)
    names = tuple(inspect.signature(m.rule).parameters)
    require(m, names == arguments, f"the rule takes {names}, but citizens are given {arguments}")
    names = tuple(info.name for info in m.parameters.ledger())
    fields = tuple(m.values._fields)
    require(m, fields == names, f"its tuple holds {fields}, its parameters are {names}")
    unknown = [name for name in m.citizen_reads if name not in BY_NAME]
    require(m, not unknown, f"it reads {unknown}, which are not columns")


def _check_field_arguments(m: Mechanism) -> None:
    first, *others = inspect.signature(m.rule).parameters.values()
    require(m, first.name == "p", f"the first argument is {first.name}, not the parameters p")
    for argument in others:
        name = argument.name
        keyword = argument.kind is argument.KEYWORD_ONLY
        require(m, keyword, f"argument {name} is not a keyword-only argument")
        require(m, argument.default is argument.empty, f"argument {name} has a default")
        exists = name in BY_NAME or name in CONTEXT or name in m.random_numbers
        require(m, exists, f"argument {name} is no column, no context, no declared random number")
    twice = len(set(m.writes)) != len(m.writes)
    require(m, bool(m.writes) and not twice, "it writes nothing, or a column twice")


def _check_random_numbers(m: Mechanism) -> None:
    unused = [name for name in m.random_numbers if name not in m.arguments]
    require(m, not unused, f"random numbers {unused} are declared but not taken")
    scales: Sequence[str] = get_args(Scale)
    for name, one in m.random_numbers.items():
        require(m, name.startswith("u_"), f"random number {name} does not begin with u_")
        require(m, one.scale in scales, f"random number {name} is for {one.scale}, no scale")
        require(m, 0 <= one.index < 2**16, f"random number {name} has index {one.index}")
    addresses = [(one.purpose, one.index) for one in m.random_numbers.values()]
    require(m, len(set(addresses)) == len(addresses), "two random numbers share an address")


def check_neutral(mechanism: Mechanism) -> None:
    """Check that the values left when the role is off are possible values of its own columns.

    Columns without a neutral value keep their start value; a column of the street is the
    engine's and has none.
    """
    m = mechanism
    foreign = [name for name in m.neutral if name not in m.writes]
    require(m, not foreign, f"neutral values for {foreign}, which it does not write")
    for name in m.writes:
        if name not in BY_NAME:
            continue
        column = BY_NAME[name]
        value = float(m.neutral.get(name, column.start))
        require(m, math.isfinite(value), f"the neutral value of {name} is {value}")
        whole = column.dtype != "i8" or value == int(value)
        require(m, whole, f"the neutral value {value} of {name} is not a whole number")
        flag = column.unit != "0/1" or value in (0.0, 1.0)
        require(m, flag, f"the neutral value {value} of {name} is neither 0 nor 1")
        counted = not column.unit.startswith("persons") or value >= 0.0
        require(m, counted, f"the neutral value {value} of {name} is less than nobody")
