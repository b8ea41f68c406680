"""Options of ``steppe run`` that look into a run: what it costs, what citizens did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import SMALL

from steppe.results.store import Store


def test_the_command_prints_a_table_and_a_document() -> None:
    from steppe.cli import cli

    words = ["run", "kazakhstan-2022", "--profile", "--scale", str(SMALL), "--set",
             "clock.hours=8"]  # fmt: skip
    told = CliRunner().invoke(cli, words)
    assert told.exit_code == 0, told.output
    assert "ms per hour" in told.stdout
    found = json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)
    names = [part["part"] for part in found["parts"]]
    assert {"citizens", "grievance"} <= set(names)
    assert all(name in told.stdout for name in names)
    assert found["hours"] == 8
    assert sum(part["share"] for part in found["parts"]) == pytest.approx(1.0)
    assert sum(part["cpu_ms"] for part in found["parts"]) == pytest.approx(found["cpu_ms"])


def test_citizens_are_recorded_beside_the_run(tmp_path: Path) -> None:
    from steppe.cli import cli

    words = ["run", "kazakhstan-2022", "--seeds", "1", "--scale", str(SMALL), "--no-report",
             "--workers", "1", "--store", str(tmp_path), "--set", "clock.hours=20"]  # fmt: skip
    for more in ((), ("--record", "citizens"), ("--record", "citizens")):
        told = CliRunner().invoke(cli, [*words, *more])
        assert told.exit_code == 0, told.output
    store = Store(tmp_path)
    keys = store.keys()
    assert len(keys) == 2
    assert len({store.verify(key) for key in keys}) == 1
    assert [sorted(store.beside(key)) for key in sorted(keys, key=lambda k: len(store.beside(k)))
            ] == [[], ["citizens.parquet"]]  # fmt: skip
    assert "--record citizens" in told.output
