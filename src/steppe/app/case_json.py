"""What the page must know of a case: its country, its people's story, and what can be changed."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np
from pydantic import BaseModel

from steppe.app.case_registry import Case
from steppe.case.scenario import Alliance, Information, Prices, Regime, Scenario, Settings, Value
from steppe.core.errors import CaseError
from steppe.core.params import ParameterInfo
from steppe.engine.plan import plan, rule_of
from steppe.model.ledger import ESSENTIAL, MECHANISMS, NONE, ROLES, fitting, street_of
from steppe.report.assumptions import assumptions
from steppe.report.geography import boundaries, region_rows
from steppe.report.observed import presence
from steppe.report.timeline import presence_marks
from steppe.results.outcomes import headlines
from steppe.study.after_divergence import AFTER, WHOLE
from steppe.study.levers import LEVERS, words_of
from steppe.study.parameter_draws import ENDS
from steppe.study.parameters import (
    PREFIX,
    ParameterSource,
    default_parameters,
    quantile,
    rows_of,
)
from steppe.study.posterior import posterior_of

PARTS: Mapping[str, type[BaseModel]] = {
    "prices": Prices,
    "information": Information,
    "regime": Regime,
    "alliance": Alliance,
}
FIRST = (
    "participation", "grievance", "risk", "information", "contact", "loyalty", "legitimacy",
    "regime", "framing",
)  # fmt: skip
"""Roles whose uncertain parameters come first among the controls, in this order."""


def case_document(case: Case, scenario: Scenario) -> dict[str, Any]:
    """Return the case for the page; all of it is the same for every setting."""
    regions = tuple(region.id for region in scenario.regions)
    reports = presence(scenario, regions)
    return {
        "id": case.id,
        "origin": case.origin,
        "title": scenario.title,
        "summary": scenario.summary,
        "questions": list(scenario.questions),
        "country": scenario.country.name,
        "citizens": scenario.country.citizens,
        "start": scenario.clock.start.strftime("%Y-%m-%dT%H:%M"),
        "hours": scenario.clock.hours,
        "regions": [asdict(row) for row in region_rows(scenario, regions)],
        "boundaries": boundaries(scenario),
        "presence": reports.tolist(),
        "reported": [asdict(mark) for mark in presence_marks(reports)],
        "counterfactuals": [
            {"id": name, "title": one.title, "question": one.question, "set": dict(one.set)}
            for name, one in scenario.counterfactuals.items()
        ],
        "levers": list(_levers(scenario)),
        "roles": list(_roles(scenario)),
        "sources": sources(scenario),
        "parameters": list(_parameters(scenario)),
        "plan": list(_plan(scenario)),
        "outcomes": [
            {
                "name": one.name,
                "label": one.label,
                "unit": one.unit,
                "digits": one.digits,
                "whole": WHOLE.get(one.name),
            }
            for one in (*AFTER, *headlines())
        ],
        "assumptions": [asdict(one) for one in assumptions(scenario)],
    }


def _levers(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for lever in LEVERS:
        head, _, name = lever.path.rpartition(".")
        part = getattr(scenario, head) if head else scenario
        info = (PARTS[head] if head else Settings).model_fields[name]
        bounds = {key: m for m in info.metadata for key in ("ge", "le") if hasattr(m, key)}
        options = list(_options(info.annotation))
        yield {
            "path": lever.path, "title": lever.title, "meaning": lever.meaning,
            "value": getattr(part, name), "options": options,
            "words": [words_of(value) for value in options],
            "low": bounds["ge"].ge if "ge" in bounds else None,
            "high": bounds["le"].le if "le" in bounds else None,
        }  # fmt: skip


def _options(annotation: object) -> Iterator[Value]:
    """Yield what a closed type allows: words, truth values, None for the model's own choice."""
    if annotation is bool:
        yield from (True, False)
    elif annotation is type(None):
        yield None
    elif get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from _options(one)


def _roles(scenario: Scenario) -> Iterator[dict[str, Any]]:
    street = street_of(scenario.mechanisms)
    for role, rivals in MECHANISMS.items():
        able = tuple(rivals) if role == "participation" else fitting(role, street)
        if not able:
            continue
        first = rivals[able[0]]
        rules = [{"name": rivals[name].name, "title": rivals[name].title} for name in able]
        if role not in ESSENTIAL:
            rules.append({"name": NONE, "title": "switched off"})
        yield {"role": role, "title": first.title, "rule": rule_of(scenario, role), "rules": rules}


def _parameters(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield every parameter in force, those first that matter and are least known."""
    rows = [
        (role, rule, info)
        for role, rules in ROLES.items()
        for rule in (rule_of(scenario, role),)
        if rule in rules
        for info in rules[rule].ledger()
    ]
    rows.sort(key=lambda row: _rank(row[0], row[2]))
    fitted, identified = _posterior(scenario)
    for role, rule, info in rows:
        name = f"{role}.{info.name}"
        value = scenario.parameters.get(role, {}).get(info.name, info.default)
        yield {
            "path": f"{PREFIX}{name}", "role": role, "rule": rule,
            "name": info.name, "symbol": info.symbol, "value": value, "default": info.default,
            "unit": info.unit, "low": info.low, "high": info.high,
            "prior": str(info.prior) if info.prior else "",
            "from": info.prior.low if info.prior else info.low,
            "to": info.prior.high if info.prior else info.high,
            "drawn": {
                "prior": info.prior and [quantile(info.prior, end) for end in ENDS],
                "posterior": fitted.get(name),
            },
            "identified": identified.get(name),
            "log": bool(info.prior and info.prior.kind == "log-uniform"),
            "status": info.status, "source": info.source, "meaning": info.meaning,
            "first": _rank(role, info)[0] == 0,
        }  # fmt: skip


def sources(scenario: Scenario) -> dict[str, Any]:
    """Return where the parameters of a case may come from, and why not from the others."""
    offered = []
    for source in get_args(ParameterSource):
        reason, number = "", 0
        try:
            number = len(rows_of(scenario, source)(1))
        except CaseError as error:
            reason = error.faults[0].message
        if source == "prior" and not number:
            reason = "no parameter of the case has a prior"
        offered.append({"source": source, "drawn": number, "reason": reason})
    sample = posterior_of(scenario)
    rows = 0 if sample is None else len(sample)
    return {"usual": default_parameters(scenario), "rows": rows, "offered": offered}


def _posterior(scenario: Scenario) -> tuple[Mapping[str, Any], Mapping[str, bool]]:
    """Return median and 90 % interval of each fitted parameter, and whether it is identified."""
    sample = posterior_of(scenario)
    if sample is None:
        return {}, {}
    ends = np.quantile(sample.values, ENDS, axis=0).T
    fitted = {path: list(map(float, row)) for path, row in zip(sample.paths, ends, strict=True)}
    return fitted, sample.identified


def _rank(role: str, info: ParameterInfo) -> tuple[int, int]:
    place = FIRST.index(role) if role in FIRST else len(FIRST)
    return (0 if role in FIRST[:6] and info.prior is not None else 1, place)


def _plan(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for step in plan(scenario).steps:
        rule = step.mechanism
        yield {
            "role": rule.role, "name": rule.name, "title": rule.title,
            "phase": rule.phase.name.lower(), "equation": rule.equation,
            "reads": list(rule.reads), "writes": list(rule.writes),
            "sources": list(rule.sources), "evidence": rule.evidence, "citizen": rule.citizen,
        }  # fmt: skip
