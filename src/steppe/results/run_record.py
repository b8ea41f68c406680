"""The record of a stored run, ``run.json``: written and read with a check of every byte.

The text of the file is a function of its content, and the content carries a checksum of itself;
so a changed byte anywhere is seen. The scenario's text lies beside it, compressed, because it is
by far the largest part and is not needed to list runs.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from steppe.core.errors import StoreError
from steppe.results.hashing import canonical, digest
from steppe.results.trajectory import RunRecord

FORMAT = 1
"""Version of the layout of a stored run; raised when older programs could not read it."""

RECORD = "run.json"
SCENARIO = "scenario.json.gz"
EVENTS = "events.parquet"


@dataclass(frozen=True, slots=True)
class RunDraw:
    """A draw of parameters, kept beside the numbers of a run and part of none of them.

    ``base`` is the hash of the scenario before the draw; ``source`` is ``prior`` or
    ``posterior``; ``sample`` the digest of the posterior sample, '' for the prior; ``row`` the row
    of the sample, of the prior the seed; ``paths`` the parameters that were drawn.
    """

    base: str
    source: str
    sample: str
    row: int
    paths: tuple[str, ...]


def pack_draw(draw: RunDraw) -> dict[str, Any]:
    """Return a draw as JSON values."""
    return dataclasses.asdict(draw) | {"paths": list(draw.paths)}


def unpack_draw(values: Mapping[str, Any] | None) -> RunDraw | None:
    """Return the draw written by ``pack_draw``; None of a run that says nothing of one."""
    return None if values is None else RunDraw(**{**values, "paths": tuple(values["paths"])})


def render(content: Mapping[str, Any]) -> bytes:
    """Return the one text of a record: indented JSON with the checksum of its content."""
    body = dict(content) | {"checksum": digest(canonical(content))}
    text = json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def load(path: Path) -> dict[str, Any]:
    """Return the content of a record.

    Raises ``StoreError`` naming the file when it is missing, of another format, or changed by so
    much as one byte.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if path.parent.is_dir():
            raise damaged(path, "the file is missing") from None
        raise StoreError(f"{path}: there is no such run") from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise damaged(path, "it is not the JSON text that was written") from None
    if not isinstance(content, dict):
        raise damaged(path, "it is not a record of a run")
    _check_format(path, content.get("format"))
    checksum = content.pop("checksum", None)
    if _render_or_empty(content) != raw:
        raise damaged(path, f"its checksum {str(checksum)[:12]} does not match its content")
    return content


def _render_or_empty(content: Mapping[str, Any]) -> bytes:
    try:
        return render(content)
    except ValueError:  # numbers or text that no record can hold
        return b""


def _check_format(path: Path, version: object) -> None:
    if version == FORMAT and type(version) is int:
        return
    if isinstance(version, int) and version > FORMAT:
        what = f"store format {version} is newer than this version of steppe reads ({FORMAT})"
        raise StoreError(f"{path}: {what}; use a newer steppe")
    raise StoreError(
        f"{path}: store format {version!r} cannot be read by this version of steppe, which reads "
        f"{FORMAT}; open it with the version that made it, or remove it with `steppe gc --run "
        f"{path.parent.name[:16]}` and make it again"
    )


class DamagedError(StoreError):
    """A stored file is not what was written."""


def damaged(path: Path, what: str) -> DamagedError:
    """Return the error for a file that is not what was stored."""
    return DamagedError(
        f"{path}: damaged: {what}. Remove the run with `steppe gc --damaged` and make it again; "
        "other runs are not affected."
    )


def pack_record(record: RunRecord) -> dict[str, Any]:
    """Return a run record as JSON values, without the scenario's text."""
    values = {f.name: getattr(record, f.name) for f in dataclasses.fields(record)}
    del values["scenario"]
    if record.engine == "citizens":  # the usual engine goes without saying
        del values["engine"]
    values["timings"] = {name: float(seconds) for name, seconds in record.timings.items()}
    values["recording"] = dict(record.recording)
    values["warnings"] = list(record.warnings)
    return {name: plain(value) for name, value in values.items()}


def unpack_record(values: Mapping[str, Any], scenario: str) -> RunRecord:
    """Return the run record written by ``pack_record``."""
    fields = dict(values) | {"scenario": scenario, "warnings": tuple(values["warnings"])}
    return RunRecord(**fields)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it; numbers that are not finite become tagged text."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": str(value)}
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def number(value: Any) -> Any:
    """Return a value written by ``plain``: tagged text becomes the number again."""
    if isinstance(value, Mapping) and set(value) == {"number"}:
        return float(value["number"])
    return value
