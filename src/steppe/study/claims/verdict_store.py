"""Verdicts kept in the store, each under a name made from all that decides it.

``verdicts/ab/ab12....json`` holds one record with a checksum of itself. A record that is missing,
damaged or of another version is made again from the runs; it is a memory, not the truth.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from threading import get_ident
from typing import Any

from steppe.core.errors import StoreError
from steppe.results import atomic_io, run_record
from steppe.results.hashing import canonical, digest
from steppe.results.process_identity import token
from steppe.results.store import Store
from steppe.study.claims.verdict import FORMAT, Record

FOLDER = "verdicts"
_COUNTER = itertools.count()
_STUDY = Path(__file__).resolve().parent.parent
_CODE = (
    "study/claims",
    "evidence",
    "study/causation.py",
    "study/effects.py",
    "study/parameters.py",
    "study/rule_patches.py",
    "case/claims_model.py",
    "case/claims_tests.py",
    "case/claims_quantity.py",
)
"""What turns runs into verdicts; a change in any of it makes new records."""


@functools.cache
def code_version() -> str:
    """Return a hash of the code that turns runs into verdicts."""
    root, code_hash = _STUDY.parent, hashlib.sha256()
    for name in _CODE:
        path = root / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            code_hash.update(file.relative_to(root).as_posix().encode())
            code_hash.update(file.read_bytes())
    return code_hash.hexdigest()[:16]


class VerdictStore:
    """The verdicts in a store."""

    def __init__(self, store: Store) -> None:
        self.path = store.path / FOLDER

    def file(self, claim: str, common: Mapping[str, Any]) -> Path:
        """Return where the verdict on ``claim`` made with ``common`` is kept."""
        key = digest(canonical({"format": FORMAT, "claim": claim, **common}))
        return self.path / key[:2] / f"{key}.json"

    def find(self, claim: str, common: Mapping[str, Any]) -> Record | None:
        """Return the record of the verdict on ``claim`` made with ``common``; None if none is."""
        path = self.file(claim, common)
        try:
            record = run_record.load(path) if path.is_file() else None
        except StoreError:
            return None
        if record is None or record.get("id") != claim:
            return None
        return record if record["made_with"] == dict(common) else None

    def keep(self, record: Record, common: Mapping[str, Any]) -> None:
        """Put a record into the store, over one that is there; it survives a power cut."""
        path = self.file(str(record["id"]), common)
        temp = self.path.parent / "tmp" / f"{token()}.verdict.{get_ident()}.{next(_COUNTER)}"
        with atomic_io.explained(self.path.parent):
            atomic_io.make_folders(path.parent)
            atomic_io.make_folders(temp.parent)
            atomic_io.replace_file(path, run_record.render(record), temp)

    def all(self) -> list[Record]:
        """Return every readable record, by its name."""
        records = []
        for path in sorted(self.path.glob("??/*.json")):
            try:
                records.append(run_record.load(path))
            except StoreError:
                continue
        return records
