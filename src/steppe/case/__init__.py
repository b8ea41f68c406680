"""Scenarios: reading, checking, changing and naming the content of a case."""

from steppe.case.canonical import canonical, from_canonical, scenario_hash
from steppe.case.cases import CaseInfo, shipped_cases
from steppe.case.json_schema import json_schema
from steppe.case.load import load
from steppe.case.patch import Change, Patch, apply, difference, parse_set, read_patch
from steppe.case.scenario import Scenario

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
