"""The claims of a case on the page: what the source says, and what the stored verdicts say to it.

No run is made by looking: a claim without a verdict that fits this case, this file of claims and
this engine, stored or shipped, is shown as not judged, with the command that judges it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from steppe.app.case_registry import Case
from steppe.app.shipped_verdicts import shipped_verdicts
from steppe.case.canonical import scenario_hash
from steppe.case.claims import claims_of
from steppe.case.scenario import Scenario
from steppe.engine.run import engine_version
from steppe.report.claims_payload import ClaimsBasis, model_words
from steppe.report.claims_sentences import answer
from steppe.results.store import Store
from steppe.study.claims.verdict_store import VerdictStore
from steppe.study.request import ENGINE

ORDER = ("contradicted", "undecided", "supported", "not testable", "not judged")
"""Failures first."""


def claims_document(case: Case, scenario: Scenario, store: Store) -> dict[str, Any]:
    """Return the claims of a case, failures first, and how they are judged."""
    name = case.id if case.origin == "shipped" else f"./{scenario.id}"
    command = f"steppe judge {name}"
    file = claims_of(case.path, scenario)
    if file is None:
        return {
            "present": False, "command": command, "source": "", "claims": [], "summary": {},
            "outdated": 0,
        }  # fmt: skip
    records = VerdictStore(store).all()
    verdicts = best_verdicts(scenario, file.sha256, records)
    shipped = shipped_verdicts(scenario, file.sha256) if case.origin == "shipped" else {}
    for claim_id, record in shipped.items():
        own = verdicts.get(claim_id)
        if own is None or _weight(record) > _weight(own):
            verdicts[claim_id] = record
    basis = ClaimsBasis(file, scenario)
    claims = [
        {
            "id": claim.id, "kind": claim.kind, "text": claim.text, "locator": claim.locator,
            "asserted_by": claim.asserted_by, "rests_on": list(claim.rests_on),
            "verdict": "not judged", "reasons": (), "n": 0, "engine": "",
            "judge": f"{command} {claim.id}",
            **_finding(verdicts.get(claim.id), basis),
            "shipped": claim.id in shipped and verdicts[claim.id] is shipped[claim.id],
        }
        for claim in file.claims
    ]  # fmt: skip
    claims.sort(key=lambda one: ORDER.index(one["verdict"]))
    tally = Counter(one["verdict"] for one in claims)
    return {
        "present": True,
        "command": command,
        "source": file.content.source,
        "claims": claims,
        "summary": {verdict: tally[verdict] for verdict in ORDER if tally[verdict]},
        "outdated": len(_ids_with_verdicts(scenario, records) - verdicts.keys()),
    }


def _ids_with_verdicts(scenario: Scenario, records: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the claims of a case on which there are verdicts, of whatever version."""
    return {str(one["id"]) for one in records if one["made_with"]["case"] == scenario.id}


def best_verdicts(
    scenario: Scenario, sha256: str, records: Iterable[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Return the best verdict on each claim: by citizens, at the largest scale, on most runs."""
    basis = {
        "claims_sha256": sha256,
        "scenario_hash": scenario_hash(scenario),
        "engine_version": engine_version(),
    }
    verdicts: dict[str, Mapping[str, Any]] = {}
    for record in records:
        origin = record["made_with"]
        if any(origin.get(key) != value for key, value in basis.items()):
            continue
        best = verdicts.get(str(record["id"]))
        if best is None or _weight(record) > _weight(best):
            verdicts[str(record["id"])] = record
    return verdicts


def _weight(record: Mapping[str, Any]) -> tuple[bool, float, int]:
    origin = record["made_with"]
    return (
        origin.get("engine", ENGINE) == ENGINE,
        min(1.0, float(origin["scale"])),
        len(origin["seeds"]),
    )


def _finding(record: Mapping[str, Any] | None, basis: ClaimsBasis) -> dict[str, Any]:
    if record is None:
        return {}
    robust = record["robust"]
    return {
        "verdict": record["verdict"],
        "reasons": answer(record, basis),
        "n": record["n"],
        "engine": record["made_with"].get("engine", ENGINE),
        "robust": None if robust is None else f"{robust['agree']} of {robust['tried']}",
        "flips": [] if robust is None else [model_words(name) for name in robust["flips"]],
    }
