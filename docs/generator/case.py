"""The reference case as the documents describe it: its plans, its world at the start, its facts."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from generator.markdown import number
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.params import ParameterInfo
from steppe.engine.audience_columns import audiences_of
from steppe.engine.plan import Plan, plan
from steppe.engine.run import MODEL_VERSION
from steppe.engine.world import World, build
from steppe.model.columns import COLUMNS
from steppe.model.ledger import MECHANISMS, ROLES, ledger
from steppe.model.mechanisms import ALL
from steppe.model.options import OPTIONS
from steppe.population.cohorts import AGES, OF_GROUP, SEXES
from steppe.research.intervention.requests import open_requests

CASE = "kazakhstan-2022"


@functools.cache
def scenario() -> Scenario:
    """Return the reference case as shipped."""
    return load(CASE)


@functools.cache
def scripted() -> Plan:
    """Return the plan of the case as shipped, in which actors do what they did."""
    return plan(scenario())


@functools.cache
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


def parameter(address: str) -> str:
    """Return ``role.name`` with its unit, as the first rule of the role that has it knows it."""
    role, name = address.split(".")
    for rule in ROLES[role].values():
        for info in rule.ledger():
            if info.name == name:
                return amount(info)
    raise KeyError(address)


def amount(info: ParameterInfo) -> str:
    """Return the value of a parameter with its unit."""
    return number(info.default) + ("" if info.unit == "1" else f" {info.unit}")


@functools.cache
def facts() -> Mapping[str, str]:
    """Return what hand-written text may quote as ``{{name}}``."""
    case, statuses = scenario(), [entry.info.status for entry in ledger()]
    numbers = {
        "citizens": case.country.citizens,
        "hours": case.clock.hours,
        "days": case.clock.hours // 24,
        "pool": len(world().pool),
        "ties": world().ties.slots,
        "cohorts": len(case.groups) * len(OF_GROUP),
        "groups": len(case.groups),
        "ages": len(AGES),
        "sexes": len(SEXES),
        "options": len(OPTIONS),
        "audiences": len(audiences_of(case)),
        "events": len(case.timeline),
        "requests": len(open_requests()),
        "mechanisms": len(ALL),
        "roles": len(MECHANISMS),
        "rivalries": sum(len(rivals) > 1 for rivals in MECHANISMS.values()),
        "parameters": len(statuses),
        "area": round(sum(region.area_km2 for region in case.regions), -3),
    }
    numbers |= {f"{name} rows": size for name, size in rows().items()}
    for name in ("measured", "literature", "calibrated", "transferred", "assumed"):
        numbers[name] = statuses.count(name)
    for name in ("established", "supported", "conjecture"):
        numbers[name] = sum(m.evidence == name for m in ALL)
    first, last = case.clock.clock().start, case.clock.clock().time_of(case.clock.hours - 1)
    return {
        **{name: f"{value:,.0f}" for name, value in numbers.items()},
        "first day": f"{first:%d %B %Y}".lstrip("0"),
        "last day": f"{last:%d %B %Y}".lstrip("0"),
        "version": MODEL_VERSION,
        "title": case.title,
    }
