"""The ledger is complete, and the calibrated numbers have the priors the model is stated with."""

from __future__ import annotations

import dataclasses
import math

import pytest

from steppe.core.params import Prior, log_uniform, uniform
from steppe.model.ledger import (
    MECHANISMS,
    NONE,
    ROLES,
    chosen_rule,
    fits,
    ledger,
    parameters_for,
    street_of,
)

ENTRIES = list(ledger())
POOL: dict[str, Prior] = {
    "eps": log_uniform(0.004, 0.05), "s_xi": uniform(0.2, 1.2), "p": uniform(0.0, 0.6),
}  # fmt: skip
UTILITY: dict[str, Prior] = POOL | {
    "beta": uniform(0.05, 1.5), "rhobar": uniform(0.1, 0.9), "T": uniform(0.15, 0.7),
    "c_V": uniform(0.0, 0.25), "c_O": uniform(0.0, 0.4),
}  # fmt: skip
LAYERS: dict[str, Prior] = {"w_on": log_uniform(0.1, 8.0)}
NEWS: dict[str, Prior] = {
    "tau_n": log_uniform(8.0, 72.0), "s_n": uniform(0.0, 0.5), "h_n": log_uniform(5e-6, 5e-4),
    "u": uniform(0.0, 1.0), "ell": log_uniform(100.0, 1500.0),
}  # fmt: skip
CURFEW: dict[str, Prior] = {"k_curfew": uniform(0.0, 0.3)}
UNITS: dict[str, Prior] = {"th_F": uniform(0.0, 2.0), "th_D": uniform(1.0, 6.0)}
PRIORS: dict[tuple[str, str], dict[str, Prior]] = {
    # how people act by hazards
    ("grievance", "price-and-deprivation"): {
        "k_e": uniform(1.0, 20.0), "tau_l": uniform(0.0, 72.0),
    },
    ("news", "travels"): NEWS,
    ("news", "finds-a-way"): NEWS,
    ("news", "silence-speaks"): NEWS,
    ("risk", "epstein-severity"): CURFEW,
    ("risk", "epstein-floor"): CURFEW,
    ("risk", "backlash-only"): CURFEW,
    ("first_move", "shared-loss"): {
        "phi0": log_uniform(1e-10, 1e-6), "b_l": uniform(0.0, 300.0), "b_m": uniform(0.0, 5.0),
        "b_n": uniform(2.0, 14.0), "b_X": uniform(0.0, 6.0),
    },
    ("willingness", "logit"): {
        "T": uniform(0.1, 0.4), "rho": log_uniform(0.02, 1.0), "m_w": uniform(0.0, 0.3),
        "b_x": uniform(0.0, 0.3),
    },
    ("participation", "crowd-in-place"): POOL | {
        "beta": log_uniform(0.05, 2.0), "h_s": log_uniform(0.02, 2.0),
    },
    ("leaving", "fatigue-and-dispersal"): {
        "mu": log_uniform(0.02, 0.3), "d": log_uniform(0.005, 1.0), "chi": uniform(0.0, 0.8),
    },
    ("violence", "outnumbered"): {
        "v0": log_uniform(0.002, 0.3), "r_V": log_uniform(1.0, 50.0), "v1": uniform(0.0, 1.0),
    },
    ("contact", "by-order"): dict.fromkeys(("q_a", "q_w", "q_x"), log_uniform(1e-4, 0.03)),
    ("command", "lognormal"): {"s_x": uniform(0.2, 1.2), "k_op": log_uniform(0.5, 30.0)},
    ("round_up", "emergency"): {"q_s": log_uniform(1e-5, 0.005)},
    ("casualties", "poisson"): {"p_off": log_uniform(0.001, 0.5)},
    ("trigger", "proportional"): {
        "b_V": uniform(0.0, 80.0), "b_C": uniform(0.0, 14.0), "b_H": uniform(0.0, 80.0),
    },
    ("regime", "policy"): {
        "C_R": uniform(-0.2, 0.6), "C_C": uniform(-0.1, 0.3), "g_V": uniform(0.0, 0.8),
    },
    ("observation", "bulletins"): {"tau_rep": log_uniform(24.0, 480.0)},
    # by choice
    ("information", "disperses"): LAYERS,
    ("information", "dampens"): LAYERS,
    ("information", "no-effect"): LAYERS,
    ("participation", "logit"): UTILITY | {"sigma": log_uniform(0.004, 0.05)},
    ("participation", "threshold"): UTILITY,
    ("participation", "epstein"): POOL | {"T": uniform(0.0, 0.7)},
    ("participation", "kuran"): POOL | {"tau_x": uniform(0.2, 0.5), "m_max": uniform(0.1, 1.0)},
    ("participation", "complex-contagion"): POOL,
    # units
    ("loyalty", "payoff"): UNITS,
    ("loyalty", "cascade"): UNITS,
}  # fmt: skip

SAME_QUANTITY = {
    "n_tie": {"population", "participation"},
    "tau_x": {"grievance", "participation"},
    # of rules by hazards and by choice
    "T": {"willingness", "participation"},
    "sigma": {"willingness", "participation"},
    "k_O": {"looting", "participation"},
    "h_O": {"looting", "participation"},
    "l_cut": {"news", "information"},
}
"""Symbols that two roles use for one quantity; otherwise a symbol belongs to one role."""


def test_an_entry_is_complete() -> None:
    for info in (entry.info for entry in ENTRIES):
        assert info.name.isidentifier()
        assert info.name != "?"
        assert all((info.symbol, info.unit, info.source, info.meaning)), info.name
        assert info.low <= info.default <= info.high, info.name
        assert all(map(math.isfinite, (info.low, info.default, info.high))), info.name
        assert info.low < info.high, info.name


def test_what_is_measured_or_from_the_literature_says_where_from() -> None:
    for info in (entry.info for entry in ENTRIES):
        if info.status in ("measured", "literature", "calibrated", "transferred"):
            assert not info.source.startswith("none"), info.name


def test_only_the_calibrated_parameters_have_priors() -> None:
    found: dict[tuple[str, str], dict[str, Prior]] = {}
    for e in ENTRIES:
        if e.info.prior:
            found.setdefault((e.role, e.rule), {})[e.info.symbol] = e.info.prior
    assert found == PRIORS


def test_the_default_lies_inside_the_prior() -> None:
    for info in (entry.info for entry in ENTRIES):
        prior = info.prior
        assert prior is None or prior.low <= info.default <= prior.high, info.name


def test_symbols_are_unique_within_a_rule() -> None:
    symbols = [(e.role, e.rule, e.info.symbol) for e in ENTRIES]
    assert sorted(symbols) == sorted(set(symbols))


def test_a_symbol_belongs_to_one_role() -> None:
    roles: dict[str, set[str]] = {}
    for e in ENTRIES:
        roles.setdefault(e.info.symbol, set()).add(e.role)
    assert {s: r for s, r in roles.items() if len(r) > 1} == SAME_QUANTITY


def test_rivals_mean_the_same_by_a_name() -> None:
    # a scenario's value for a role must not change its meaning with the rule
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for e in ENTRIES:
        told = known.setdefault((e.role, e.info.name), (e.info.unit, e.rule))
        assert told[0] == e.info.unit, f"{e.role}.{e.info.name}: {told[1]} and {e.rule}"


@pytest.mark.parametrize("role", ROLES)
def test_every_field_of_a_parameter_class_is_in_the_ledger(role: str) -> None:
    for rule, kind in ROLES[role].items():
        names = [e.info.name for e in ENTRIES if (e.role, e.rule) == (role, rule)]
        assert names == [field.name for field in dataclasses.fields(kind)]


def test_each_range_is_enforced_at_both_ends() -> None:
    for entry in ENTRIES:
        kind = ROLES[entry.role][entry.rule]
        name, low, high = entry.info.name, entry.info.low, entry.info.high
        for value in (low, high):
            assert getattr(kind.build({name: value}), name) == value
        for value in (math.nextafter(low, -math.inf), math.nextafter(high, math.inf), math.nan):
            with pytest.raises(ValueError, match=name):
                kind.build({name: value})


@pytest.mark.parametrize("participation", ROLES["participation"])
def test_the_default_rule_is_the_first_that_goes_with_participation(participation: str) -> None:
    chosen = {"participation": participation}
    street = street_of(chosen)
    for role, rules in ROLES.items():
        able = [r for r in rules if role not in MECHANISMS or fits(MECHANISMS[role][r], street)]
        if role != "participation":
            assert chosen_rule(role, chosen) == next(iter(able), NONE)
    assert chosen_rule("participation", {}) == next(iter(ROLES["participation"]))


def test_parameters_of_a_role_take_the_values_of_the_scenario() -> None:
    values = {"willingness": {"threshold": 0.5}, "risk": {"night_cost": 0.2}}
    p = parameters_for("willingness", {}, values)
    assert (p.threshold, p.noise) == (0.5, 0.04)  # type: ignore[attr-defined]


def test_a_role_switched_off_has_defaults() -> None:
    assert parameters_for("loyalty", {"loyalty": NONE}, {}) == ROLES["loyalty"]["payoff"]()


def test_an_unknown_rule_is_not_taken_for_a_role_switched_off() -> None:
    with pytest.raises(KeyError):
        parameters_for("loyalty", {"loyalty": "payof"}, {})


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(KeyError, match="no_such"):
        parameters_for("risk", {}, {"risk": {"no_such": 1.0}})
