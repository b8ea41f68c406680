"""The reference case as the documents describe it: its plans, its world at the start, its facts."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping

from generator.markdown import number

from steppe.core.params import ParameterInfo
from steppe.engine.plan import Plan, plan
from steppe.engine.world import World, build
from steppe.model.columns import COLUMNS
from steppe.model.ledger import MECHANISMS, ROLES, ledger
from steppe.model.mechanisms import ALL
from steppe.scenario.cases import DATA
from steppe.scenario.config import Scenario
from steppe.scenario.load import load

CASE = "kazakhstan-2022"


@functools.cache
def scenario() -> Scenario:
    """Return the reference case as shipped."""
    return load(CASE)


def scripted() -> Plan:
    """Return the plan of the case as shipped, in which actors do what they did."""
    return plan(scenario())


def endogenous() -> Plan:
    """Return the plan in which the actors decide for themselves."""
    return plan(scenario().change("mode", "endogenous"))


@functools.cache
def world() -> World:
    """Return the world of the case before its first hour, seed 1, one agent per citizen."""
    return build(scenario(), scripted(), 1, 1.0)


def rows() -> Mapping[str, int]:
    """Return how many rows each scale has in the case."""
    columns = world().columns
    return {c.scale: len(columns[c.name]) for c in COLUMNS if c.name in columns}
