"""Scenarios: reading, checking, changing and naming the content of a case."""

from steppe.scenario.canonical import canonical, from_canonical, scenario_hash
from steppe.scenario.cases import CaseInfo, shipped_cases
from steppe.scenario.config import Scenario
from steppe.scenario.load import load
from steppe.scenario.patch import Change, Patch, apply, difference, parse_set, read_patch
from steppe.scenario.schema import json_schema

__all__ = [
    "CaseInfo",
    "Change",
    "Patch",
    "Scenario",
    "apply",
    "canonical",
    "difference",
    "from_canonical",
    "json_schema",
    "load",
    "parse_set",
    "read_patch",
    "scenario_hash",
    "shipped_cases",
]
