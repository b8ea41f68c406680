"""Small worlds in which all modes of deciding occur, and how runs are held against each other."""

from __future__ import annotations

from steppe.case.patch import apply
from steppe.case.scenario import Scenario
from steppe.results.hashing import content_hash
from steppe.results.trajectory import Trajectory

SEED = 11
FREE_FROM = "2022-01-03T06:00"
"""Thirty hours into the case: a regime that decides for itself begins to."""


def modes(scenario: Scenario, hazardous: Scenario) -> dict[str, Scenario]:
    """Return ``scenario`` as history has it, with actors who decide, and under rival theories.

    And ``hazardous`` as history has it, and with actors who decide.
    """
    free = {"mode": "endogenous", "endogenous_from": FREE_FROM}
    endogenous = apply(scenario, free)
    rivals = {
        "mechanisms.participation": "kuran",
        "parameters.participation.risk_weight": None,
        "parameters.participation.opposition_level": 0.05,
        "mechanisms.bargaining": "spatial",
        "alliance.rule": "empirical",
    }
    return {
        "scripted": scenario,
        "endogenous": endogenous,
        "rivals": apply(endogenous, rivals),
        "hazards": hazardous,
        "free hazards": apply(hazardous, free),
    }


def same_run(one: Trajectory, other: Trajectory) -> bool:
    """Tell whether two runs left the same: every series, event, label and outcome."""
    return content_hash(one) == content_hash(other)
