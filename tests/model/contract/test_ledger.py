"""The ledger is complete, and the calibrated numbers have the priors the model is stated with."""

from __future__ import annotations

import dataclasses
import math

import pytest

from steppe.core.params import Prior, log_uniform, uniform
from steppe.model.ledger import (
    NONE,
    ROLES,
    LedgerEntry,
    chosen_rule,
    ledger,
    parameters_for,
)

ENTRIES = list(ledger())
EACH = pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.role}.{e.info.name}")

PRIORS: dict[str, Prior] = {
    "k_e": uniform(1.0, 20.0), "k_d": uniform(0.0, 1.5), "L0": uniform(0.50, 0.85),
    "beta": uniform(0.05, 1.5), "rhobar": uniform(0.1, 0.9), "T": uniform(0.15, 0.7),
    "sigma": log_uniform(0.004, 0.05), "c_V": uniform(0.0, 0.25), "c_O": uniform(0.0, 0.4),
    "a_o": log_uniform(0.001, 0.3), "eps_m": log_uniform(0.002, 0.15),
    "w_on": log_uniform(0.1, 8.0), "th_F": uniform(0.0, 2.0), "th_D": uniform(1.0, 6.0),
}  # fmt: skip


@EACH
def test_an_entry_is_complete(entry: LedgerEntry) -> None:
    info = entry.info
    assert info.name.isidentifier()
    assert info.name != "?"
    assert all((info.symbol, info.unit, info.source, info.meaning))
    assert info.low <= info.default <= info.high
    assert all(map(math.isfinite, (info.low, info.default, info.high)))
    assert info.low < info.high


@EACH
def test_what_is_measured_or_from_the_literature_says_where_from(entry: LedgerEntry) -> None:
    if entry.info.status in ("measured", "literature", "calibrated"):
        assert not entry.info.source.startswith("none")


def test_only_the_calibrated_parameters_have_priors() -> None:
    assert {e.info.symbol: e.info.prior for e in ENTRIES if e.info.prior} == PRIORS


@EACH
def test_the_default_lies_inside_the_prior(entry: LedgerEntry) -> None:
    prior = entry.info.prior
    assert prior is None or prior.low <= entry.info.default <= prior.high


def test_symbols_are_unique() -> None:
    symbols = [e.info.symbol for e in ENTRIES]
    assert sorted(symbols) == sorted(set(symbols))


@pytest.mark.parametrize("role", ROLES)
def test_every_field_of_a_parameter_class_is_in_the_ledger(role: str) -> None:
    for rule, kind in ROLES[role].items():
        names = [e.info.name for e in ENTRIES if (e.role, e.rule) == (role, rule)]
        assert names == [field.name for field in dataclasses.fields(kind)]


@EACH
def test_each_range_is_enforced_at_both_ends(entry: LedgerEntry) -> None:
    kind = ROLES[entry.role][entry.rule]
    name, low, high = entry.info.name, entry.info.low, entry.info.high
    for value in (low, high):
        assert getattr(kind.build({name: value}), name) == value
    for value in (math.nextafter(low, -math.inf), math.nextafter(high, math.inf), math.nan):
        with pytest.raises(ValueError, match=name):
            kind.build({name: value})


def test_the_default_rule_is_the_first() -> None:
    for role, rules in ROLES.items():
        assert chosen_rule(role, {}) == next(iter(rules))


def test_parameters_of_a_role_take_the_values_of_the_scenario() -> None:
    values = {"participation": {"threshold": 0.5}, "risk": {"night_cost": 0.2}}
    p = parameters_for("participation", {}, values)
    assert (p.threshold, p.noise) == (0.5, 0.017)  # type: ignore[attr-defined]


def test_a_role_switched_off_has_defaults() -> None:
    assert parameters_for("loyalty", {"loyalty": NONE}, {}) == ROLES["loyalty"]["payoff"]()


def test_an_unknown_rule_is_not_taken_for_a_role_switched_off() -> None:
    with pytest.raises(KeyError):
        parameters_for("loyalty", {"loyalty": "payof"}, {})


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(KeyError, match="no_such"):
        parameters_for("risk", {}, {"risk": {"no_such": 1.0}})
