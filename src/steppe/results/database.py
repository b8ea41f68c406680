"""DuckDB in memory, loaded when first needed; it never holds anything that is not in the files."""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_OPENING = threading.Lock()


def cursor() -> duckdb.DuckDBPyConnection:
    """Return a fresh cursor on this process's database; close it after use.

    One thread, so that rows keep their order and workers do not crowd each other; nothing is
    fetched from the network and nothing spilled to disk.
    """
    with _OPENING:
        return _database(os.getpid()).cursor()


@cache
def _database(pid: int) -> duckdb.DuckDBPyConnection:
    # Keyed by process: a connection must not be used on both sides of a fork.
    return connect()


def connect() -> duckdb.DuckDBPyConnection:
    """Return a new database in memory."""
    import duckdb

    return duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": "",
        },
    )


def text(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + value.replace('"', '""') + '"'
