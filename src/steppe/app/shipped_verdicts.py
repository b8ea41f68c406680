"""Verdicts that the package ships: by citizens, on the claims of a case, before anything is run.

``tools/make_reference.py CASE --judged STORE`` makes them of the verdicts in a store. They are
shown only if case, claims, posterior sample and version of the model are those they were made with.
"""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from steppe.app.reference import FOLDER
from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.engine.version import MODEL_VERSION
from steppe.study.posterior import posterior_of

if TYPE_CHECKING:
    from pathlib import Path

Record = Mapping[str, Any]


def stamp(scenario: Scenario, claims: str) -> dict[str, str]:
    """Return what shipped verdicts hold for; ``claims`` is the hash of the file of claims."""
    sample = posterior_of(scenario)
    return {
        "scenario_hash": scenario_hash(scenario),
        "claims_sha256": claims,
        "sample": "" if sample is None else sample.digest,
        "model": MODEL_VERSION,
    }


def shipped_verdicts(scenario: Scenario, claims: str) -> dict[str, Record]:
    """Return the shipped verdicts that hold for a case and its claims, by the claim's id."""
    lines = _lines(scenario.id)
    if not lines or lines[0] != stamp(scenario, claims):
        return {}
    return {str(one["id"]): one for one in lines[1:]}


@functools.cache
def _lines(case: str) -> list[Any]:
    file = resources.files("steppe.app") / FOLDER / file_name(case)
    if not file.is_file():
        return []
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]


def file_name(case: str) -> str:
    """Return the name of the file that holds the verdicts on the claims of a case."""
    return f"{case}-verdicts.json.gz"


def write_verdicts(
    scenario: Scenario, claims: str, records: Iterable[Record], folder: Path
) -> Path:
    """Write the verdicts of a case into ``folder``; the same verdicts give the same bytes."""
    ordered = sorted(records, key=lambda one: str(one["id"]))
    text = "".join(
        json.dumps(one, sort_keys=True) + "\n" for one in (stamp(scenario, claims), *ordered)
    )
    target = folder / file_name(scenario.id)
    folder.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    return target
