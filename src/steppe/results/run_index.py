"""What is in a store, as summaries and as SQL tables; read from the folders, never the truth.

Tables of ``query``: ``runs`` (one row per run; outcomes are columns), and one per kind of file,
``series_hour``, ``series_hour_region``, ``series_hour_place``, ``events`` ..., each with a column
``run``. Rows of places in which every series is zero are left out of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from steppe.core.errors import StoreError
from steppe.results import database
from steppe.results.run_record import RunDraw, number, unpack_draw
from steppe.results.trajectory import EngineName

if TYPE_CHECKING:
    import duckdb

_COLUMNS = {
    "run": "VARCHAR",
    "case_id": "VARCHAR",
    "scenario_hash": "VARCHAR",
    "seed": "BIGINT",
    "scale": "DOUBLE",
    "engine": "VARCHAR",
    "model_version": "VARCHAR",
    "engine_version": "VARCHAR",
    "citizens": "BIGINT",
    "agents": "BIGINT",
    "start": "VARCHAR",
    "hours": "BIGINT",
    "seconds": "DOUBLE",
    "memory_mib": "DOUBLE",
    "warnings": "BIGINT",
    "size": "BIGINT",
    "made": "VARCHAR",
}
_SHARED = tuple(name for name in _COLUMNS if name != "engine")[2:11]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a stored run says of itself without its series being read.

    ``size`` is in bytes on disk; ``made`` the UTC time of storing; ``content`` the fingerprint;
    ``draw`` the draw of its parameters that it was made for, None if they are the scenario's;
    ``engine`` who was simulated.
    """

    key: str
    case: str
    scenario_hash: str
    seed: int
    scale: float
    model_version: str
    engine_version: str
    citizens: int
    agents: int
    start: str
    hours: int
    timings: Mapping[str, float]
    memory_mib: float
    warnings: tuple[str, ...]
    outcome: Mapping[str, float | int | str]
    files: tuple[str, ...]
    size: int
    made: str
    content: str
    draw: RunDraw | None = None
    engine: EngineName = "citizens"


@dataclass(frozen=True, slots=True)
class StoreTable:
    """The answer to a query: names of columns and rows of Python values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def summarize(content: Mapping[str, Any]) -> RunSummary:
    """Return the summary of a checked record."""
    record = content["record"]
    return RunSummary(
        key=content["key"],
        case=record["case"],
        **{name: record[name] for name in _SHARED},
        timings={name: number(value) for name, value in record["timings"].items()},
        memory_mib=number(record["memory_mib"]),
        warnings=tuple(record["warnings"]),
        outcome={name: number(content["outcome"][name]) for name in content["outcome_order"]},
        files=tuple(sorted(content["files"])),
        size=sum(file["bytes"] for file in content["files"].values()),
        made=content["made"],
        content=content["content"],
        draw=unpack_draw(content.get("draw")),
        engine=record.get("engine", "citizens"),
    )


def query_store(
    path: Path, runs: Sequence[RunSummary], sql: str, checked: Callable[[str, str], Path]
) -> StoreTable:
    """Return the answer to one SELECT; it can read the store's files and nothing else.

    ``checked`` returns a file of a run, held against its hash.
    """
    import duckdb

    connection = database.connect()
    try:
        _define_runs(connection, runs)
        _define_files(connection, runs, sql.lower(), checked)
        folder = database.text(f"{path}/")
        connection.execute(f"SET allowed_directories = [{folder}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise StoreError("a query is one SELECT statement")
        answer = connection.execute(statements[0])
        columns = tuple(str(column[0]) for column in answer.description or ())
        return StoreTable(columns, tuple(answer.fetchall()))
    except duckdb.Error as error:
        raise StoreError(f"query: {error}") from error
    finally:
        connection.close()


def _define_runs(connection: duckdb.DuckDBPyConnection, runs: Sequence[RunSummary]) -> None:
    types = dict(_COLUMNS) | _outcome_types(runs)
    columns = ", ".join(f"{database.name(name)} {kind}" for name, kind in types.items())
    connection.execute(f"CREATE TABLE runs ({columns})")
    if runs:
        marks = ", ".join("?" for _ in types)
        rows = [[_cell(run, name) for name in types] for run in runs]
        connection.executemany(f"INSERT INTO runs VALUES ({marks})", rows)


def _outcome_types(runs: Sequence[RunSummary]) -> dict[str, str]:
    types: dict[str, str] = {}
    for run in runs:
        for name, value in run.outcome.items():
            kind = "VARCHAR" if isinstance(value, str) else "DOUBLE"
            if isinstance(value, int) and abs(value) < 2**63:
                kind = "BIGINT"
            column = _outcome_column(name)
            types[column] = kind if types.get(column, kind) == kind else "VARCHAR"
    return types


def _outcome_column(name: str) -> str:
    return f"outcome_{name}" if name.lower() in _COLUMNS else name


def _cell(run: RunSummary, column: str) -> Any:
    special = {
        "run": run.key,
        "case_id": run.case,
        "seconds": sum(run.timings.values()),
        "warnings": len(run.warnings),
    }
    if column in special:
        return special[column]
    if column in _COLUMNS:
        return getattr(run, column)
    return {_outcome_column(name): value for name, value in run.outcome.items()}.get(column)


def _define_files(
    connection: duckdb.DuckDBPyConnection,
    runs: Sequence[RunSummary],
    sql: str,
    checked: Callable[[str, str], Path],
) -> None:
    files = {file for run in runs for file in run.files if file.endswith(".parquet")}
    for file in sorted(files):
        table = file.removesuffix(".parquet").replace("-", "_")
        if table not in sql:  # to define a table, every file of it must be opened
            continue
        paths = [checked(run.key, file) for run in runs if file in run.files]
        listed = ", ".join(database.text(str(path)) for path in paths)
        view = database.name(table)
        key = "regexp_extract(filename, '([0-9a-f]{64})/[^/]*$', 1) AS run"
        connection.execute(
            f"CREATE VIEW {view} AS SELECT {key}, * EXCLUDE (filename) FROM "
            f"read_parquet([{listed}], filename = true, union_by_name = true)"
        )
