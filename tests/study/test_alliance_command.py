"""``steppe alliance`` as it is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from steppe.commands.alliance import command
from steppe.core.errors import CaseError


def test_the_table_names_weights_scores_and_cases() -> None:
    done = CliRunner().invoke(command, [], catch_exceptions=False)
    assert done.exit_code == 0
    for part in (
        "44 requests: 33 granted, 11 not", "constraint", "-1.13", "the base rate", "0.196",
        "KGZ_2010", "0.32", "ARM_2021", "0.07", "KAZ_2022", "0.96", "N(4.31 - 0.96 U, 1.41)",
    ):  # fmt: skip
        assert part in done.stdout
    assert "…" not in done.stdout
    assert "wrong" not in done.stdout


def test_json() -> None:
    done = CliRunner().invoke(command, ["--json"], catch_exceptions=False)
    found = json.loads(done.stdout)
    assert found["requests"] == 44
    assert [c["name"] for c in found["coefficients"]][:2] == ["intercept", "threat"]
    assert found["apart"][2]["probability"] == pytest.approx(0.957, abs=5e-4)
    assert found["rule"]["brier"] < found["base_rate"]["brier"]


def test_a_wrong_file_is_a_case_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("case_id,client\nA,B\n", encoding="utf-8")
    with pytest.raises(CaseError, match="25 of 27 columns are missing"):
        CliRunner().invoke(command, ["--interventions", str(path)], catch_exceptions=False)
