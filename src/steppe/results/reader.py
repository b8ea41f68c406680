"""A stored run read back, with every file and every array held against its fingerprint."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from steppe.core.errors import StoreError, nearest
from steppe.results import tables
from steppe.results.database import cursor, name, text
from steppe.results.hashing import RunIdentity, array_hash, digest, events_hash
from steppe.results.run_record import EVENTS, RECORD, SCENARIO, damaged, load, number, unpack_record
from steppe.results.trajectory import Event, Series, Trajectory
from steppe.results.writer import EVENT_TYPES

_T = TypeVar("_T")


def load_record(folder: Path, key: str) -> dict[str, Any]:
    """Return the checked content of a run's record; it must belong to ``key``."""
    content = load(folder / RECORD)
    parts = content["key_parts"]
    if content["key"] != key or RunIdentity(**parts).key != key:
        raise damaged(folder / RECORD, "it belongs to another run")
    return content


def read_run(folder: Path, key: str, names: Collection[str] | None = None) -> Trajectory:
    """Return a stored run, or only the series in ``names`` of it.

    Files that hold none of the asked series are not read. Raises ``StoreError`` naming the file
    when anything is not as it was stored.
    """
    content = load_record(folder, key)
    selected = _select(folder, content["series"], names)
    check_files(folder, content, {EVENTS, SCENARIO, *(s["file"] for s in selected)})
    coords = {dim: tuple(labels) for dim, labels in content["coords"]}
    record = unpack_record(content["record"], _read_scenario(folder / SCENARIO))
    series: dict[str, Series] = {}
    for file in dict.fromkeys(s["file"] for s in selected):
        members = [s for s in selected if s["file"] == file]
        grid = _grid(members[0], coords, record.hours, record.start)
        series |= _read_series(folder / file, grid, members, content["files"][file]["rows"])
    return Trajectory(
        record=record,
        series={s["name"]: series[s["name"]] for s in selected},
        coords=coords,
        events=_read_events(folder / EVENTS, content["events"]),
        outcome={name: number(content["outcome"][name]) for name in content["outcome_order"]},
    )


def _select(
    folder: Path, series: list[dict[str, Any]], names: Collection[str] | None
) -> list[dict[str, Any]]:
    if names is None:
        return series
    stored = [s["name"] for s in series]
    for one in sorted(names):
        if one not in stored:
            near = nearest(one, stored)
            hint = f"; did you mean '{near}'?" if near else ""
            raise StoreError(f"{folder}: this run has no series {one!r}{hint}")
    return [s for s in series if s["name"] in names]


def check_files(folder: Path, content: Mapping[str, Any], names: Iterable[str]) -> None:
    """Hold the named files against the sizes and hashes in the record."""
    for file in sorted(names):
        path, expected = folder / file, content["files"][file]
        try:
            content_bytes = path.read_bytes()
        except FileNotFoundError:
            raise damaged(path, "the file is missing") from None
        except OSError as error:
            raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
        if len(content_bytes) != expected["bytes"]:
            raise damaged(path, f"{len(content_bytes)} bytes, {expected['bytes']} were stored")
        if digest(content_bytes) != expected["sha256"]:
            raise damaged(path, "its content is not what was stored")


def _grid(
    series: Mapping[str, Any], coords: Mapping[str, tuple[str, ...]], hours: int, start: str
) -> tables.Grid:
    dims = tuple(series["dims"])
    return tables.Grid(dims, {d: coords[d] for d in dims if d != "hour"}, hours, start)


def _read_series(
    path: Path, grid: tables.Grid, members: list[dict[str, Any]], rows: tables.Rows
) -> dict[str, Series]:
    types = {s["name"]: s["type"] for s in members}
    arrays = _decoded(path, lambda: tables.read_table(path, grid, types, rows))
    for s in members:
        if array_hash(arrays[s["name"]]) != s["hash"]:
            raise damaged(path, f"the values of {s['name']!r} are not what was stored")
    return {
        s["name"]: Series(s["name"], grid.dims, arrays[s["name"]], s["unit"], s["meaning"])
        for s in members
    }


def _read_scenario(path: Path) -> str:
    return _decoded(path, lambda: gzip.decompress(path.read_bytes()).decode())


def _read_events(path: Path, expected: Mapping[str, Any]) -> tuple[Event, ...]:
    columns = ", ".join(name(column) for column in EVENT_TYPES)

    def fetch() -> list[tuple[Any, ...]]:
        database = cursor()
        try:
            query = f"SELECT {columns} FROM read_parquet({text(str(path))})"
            return database.execute(query).fetchall()
        finally:
            database.close()

    events = tuple(_event(row) for row in _decoded(path, fetch))
    if len(events) != expected["count"] or events_hash(events) != expected["hash"]:
        raise damaged(path, "the events are not what was stored")
    return events


def _event(row: tuple[Any, ...]) -> Event:
    hour, actor, kind, where, value, words, origin = row
    value = float("nan") if value is None else value
    return Event(hour, actor, kind, where, value, words, cast(Literal["scripted", "model"], origin))


def _decoded(path: Path, decode: Callable[[], _T]) -> _T:
    import duckdb

    try:
        return decode()
    except (duckdb.Error, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise damaged(path, str(error).splitlines()[0]) from error
