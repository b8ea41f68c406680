"""The record of a verdict: plain values that say everything about it, as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from steppe.case.claims_model import Claim
from steppe.case.scenario import Scenario
from steppe.results.hashing import canonical, digest
from steppe.study.claims.arms import ArmResolver
from steppe.study.claims.decision_rules import Finding, interval_of

Record = dict[str, Any]
FORMAT = 1
"""Version of what a record holds."""


def record_of(
    claim: Claim,
    finding: Finding,
    resolver: ArmResolver,
    robust: Mapping[str, Any] | None,
    common: Mapping[str, Any],
) -> Record:
    """Return the record of one verdict.

    ``verdict``, ``number`` with ``interval``, what it is (``measure``) and how many runs bear on
    it (``n``), ``reason`` in words, ``robust`` (see ``robust_document``), ``arms`` (what was run,
    as options of a command), ``test`` as the file has it, and ``made_with``.
    """
    return {
        "format": FORMAT,
        "id": claim.id,
        "kind": claim.kind,
        "text": claim.text,
        "asserted_by": claim.asserted_by,
        "locator": claim.locator,
        "rests_on": list(claim.rests_on),
        "note": claim.note,
        "verdict": finding.verdict,
        "number": finite(finding.number),
        "interval": finite(interval_of(finding)),
        "measure": finding.measure,
        "n": finding.n,
        "reason": finding.reason,
        "robust": finite(robust),
        "details": finite(finding.details),
        "tested_by": claim.test.kind,
        "test": test_document(claim),
        "arms": _arms(claim, resolver),
        "made_with": dict(common),
    }


def test_document(claim: Claim) -> dict[str, Any]:
    """Return the test of ``claim`` as the file has it."""
    document: dict[str, Any] = claim.test.model_dump(
        mode="json", by_alias=True, exclude_defaults=True
    )
    return document


def _arms(claim: Claim, resolver: ArmResolver) -> list[dict[str, Any]]:
    return [
        {"part": part, "changes": dict(arm.changes),
         "options": arm.options}
        for test in claim.test.parts
        for part, arm in resolver.arms(test).items()
    ]  # fmt: skip


def facts(scenario: Scenario) -> str:
    """Return the hash of what a scenario documents and no run reads, but a claim may be held to."""
    documented = {
        "observations": [row.model_dump(mode="json") for row in scenario.observations],
        "targets": [target.model_dump(mode="json") for target in scenario.evidence.targets],
        "timeline": [event.model_dump(mode="json") for event in scenario.timeline],
        "counterfactuals": {name: dict(one.set) for name, one in scenario.counterfactuals.items()},
    }
    return digest(canonical(documented))


def finite(value: Any) -> Any:
    """Return ``value`` as JSON can hold it; a number that is not finite becomes None."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(name): finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [finite(part) for part in value]
    return value
