"""One run as files in a folder: series, events, scenario, and the record that vouches for them."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from steppe.results import tables
from steppe.results.atomic_io import sync_files
from steppe.results.database import name as quoted
from steppe.results.hashing import array_hash, content_of, digest, events_hash, identity_of
from steppe.results.platforms import facts
from steppe.results.run_record import (
    EVENTS,
    FORMAT,
    RECORD,
    SCENARIO,
    RunDraw,
    pack_draw,
    pack_record,
    plain,
    render,
)
from steppe.results.trajectory import Event, Series, Trajectory

EVENT_TYPES = {
    "hour": "INTEGER",
    "actor": "VARCHAR",
    "kind": "VARCHAR",
    "where": "VARCHAR",
    "value": "DOUBLE",
    "text": "VARCHAR",
    "origin": "VARCHAR",
}
"""Columns of the table of events, in the order of the fields of ``Event``."""


Beside = Mapping[str, Callable[[Path], None]]
"""Further files of a run: their names, and what writes them to a given path."""


def write_run(
    folder: Path, key: str, trajectory: Trajectory, draw: RunDraw | None, beside: Beside
) -> None:
    """Write all files of a run into an empty folder and force each to disk."""
    hashes = {name: array_hash(s.values) for name, s in trajectory.series.items()}
    content_hash = content_of(hashes, trajectory)  # first: it refuses text that is no Unicode
    rows: dict[str, tables.Rows] = {}
    series: dict[str, dict[str, Any]] = {}
    for stem, (grid, members) in tables.grids(trajectory).items():
        file = f"{stem}.parquet"
        rows[file] = "nonzero" if "place" in grid.dims and np.prod(grid.shape) else "all"
        columns = {s.name: s.values for s in members}
        tables.write_table(folder / file, "parquet", grid, columns, rows[file])
        series |= {s.name: _describe(s, file, hashes[s.name]) for s in members}
    write_events(folder / EVENTS, "parquet", trajectory.events)
    for file, write in beside.items():
        write(folder / file)
    scenario = trajectory.record.scenario.encode()
    (folder / SCENARIO).write_bytes(gzip.compress(scenario, compresslevel=6, mtime=0))
    names = [*rows, EVENTS, *beside, SCENARIO]
    content = _content(key, trajectory, [series[name] for name in trajectory.series])
    content["files"] = {
        file: _fingerprint(folder / file) | ({"rows": rows[file]} if file in rows else {})
        for file in names
    }
    content["content"] = content_hash
    if draw is not None:
        content["draw"] = pack_draw(draw)
    (folder / RECORD).write_bytes(render(content))
    sync_files([folder / file for file in (*names, RECORD)])


def _content(key: str, trajectory: Trajectory, series: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "key": key,
        "key_parts": identity_of(trajectory.record).parts,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "platform": facts(),
        "record": pack_record(trajectory.record),
        "outcome": plain(trajectory.outcome),
        "outcome_order": list(trajectory.outcome),
        "coords": [[dim, list(labels)] for dim, labels in trajectory.coords.items()],
        "events": {"count": len(trajectory.events), "hash": events_hash(trajectory.events)},
        "series": series,
    }


def _describe(series: Series, file: str, fingerprint: str) -> dict[str, Any]:
    return {
        "name": series.name,
        "dims": list(series.dims),
        "type": series.values.dtype.newbyteorder("<").str,
        "unit": series.unit,
        "meaning": series.meaning,
        "hash": fingerprint,
        "file": file,
    }


def _fingerprint(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": digest(content)}


def write_events(path: Path, form: tables.Form, events: Iterable[Event]) -> None:
    """Write the table of events in their order; columns as in ``EVENT_TYPES``."""
    rows = [tuple(getattr(event, name) for name in EVENT_TYPES) for event in events]
    columns = dict(zip(EVENT_TYPES, zip(*rows, strict=True), strict=True)) if rows else {}
    tables.copy(path, form, *columns_select(columns, EVENT_TYPES))


def columns_select(
    columns: Mapping[str, Iterable[Any]], types: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """Return SQL and data of a table with the given columns; without columns, of no rows."""
    parts = [
        f"CAST({quoted(f'c {name}') if columns else 'NULL'} AS {kind}) AS {quoted(name)}"
        for name, kind in types.items()
    ]
    if not columns:
        return f"SELECT {', '.join(parts)} WHERE false", {}
    data = {f"c {name}": _array(columns[name], kind) for name, kind in types.items()}
    return f"SELECT {', '.join(parts)} FROM cells", data


def _array(values: Iterable[Any], kind: str) -> Any:
    types = {"INTEGER": "i4", "BIGINT": "i8", "DOUBLE": "f8"}
    return np.array(list(values), dtype=types.get(kind, object))
