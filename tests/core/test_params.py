"""Parameters: a ledger entry for each, and no value outside its declared range."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.core.params import (
    ParameterInfo,
    Parameters,
    Prior,
    log_uniform,
    param,
    uniform,
)


@dataclass(frozen=True)
class Example(Parameters):
    """Two parameters to test with."""

    slope: float = param(
        0.5, "per hour", (0.0, 1.0), symbol="k", meaning="steepness", source="none",
        status="assumed", prior=uniform(0.1, 0.9),
    )  # fmt: skip
    depth: float = param(
        -2.0, "m", (-10.0, 0.0), symbol="d", meaning="depth", source="a book", status="literature"
    )


def info(**changes: object) -> ParameterInfo:
    base = Example.ledger()[0]
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


def test_the_ledger_keeps_names_and_order() -> None:
    assert [(e.name, e.symbol, e.unit, e.default) for e in Example.ledger()] == [
        ("slope", "k", "per hour", 0.5),
        ("depth", "d", "m", -2.0),
    ]


def test_build_puts_values_over_the_defaults() -> None:
    assert Example.build({}) == Example()
    built = Example.build({"depth": -3})
    assert (built.slope, built.depth) == (0.5, -3.0)
    assert type(built.depth) is float


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="aaa"):
        Example.build({"zzz": 1.0, "aaa": 1.0, "slope": 0.1})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1e-12, 1.0 + 1e-12])
def test_values_that_are_not_finite_or_out_of_range_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="slope"):
        Example(slope=value)
    with pytest.raises(ValueError, match="slope"):
        Example.build({"slope": value})


@pytest.mark.parametrize("value", [True, "0.5", None, 1j, [0.5]])
def test_values_that_are_not_numbers_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="slope"):
        Example(slope=value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [True, "0.5"])
def test_build_repairs_nothing(value: object) -> None:
    with pytest.raises(TypeError):
        Example.build({"slope": value})  # type: ignore[dict-item]


@given(st.floats(0.0, 1.0))
@settings(derandomize=True, deadline=None)
def test_values_in_range_are_kept_as_they_are(value: float) -> None:
    assert Example.build({"slope": value}).slope == value


def test_parameters_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Example().slope = 0.1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "guessed"}, "status"),
        ({"unit": ""}, "must be given"),
        ({"source": ""}, "must be given"),
        ({"meaning": ""}, "must be given"),
        ({"default": 1.5}, "outside"),
        ({"default": math.nan}, "outside"),
        ({"low": math.nan}, "outside"),
        ({"prior": uniform(0.1, 1.5)}, "prior"),
        ({"prior": uniform(-0.1, 0.5)}, "prior"),
    ],
)
def test_an_incomplete_ledger_entry_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        info(**changes)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (math.nan, 1), (0, math.inf)])
def test_a_prior_needs_finite_ends_in_order(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="low < high"):
        uniform(low, high)


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_a_log_uniform_prior_is_positive(low: float) -> None:
    with pytest.raises(ValueError, match="low > 0"):
        log_uniform(low, 1.0)


def test_priors_are_written_as_in_papers() -> None:
    assert str(uniform(1, 20)) == "U(1, 20)"
    assert str(log_uniform(0.004, 0.05)) == "log-U(0.004, 0.05)"
    assert Prior("uniform", 0, 1) == uniform(0, 1)
