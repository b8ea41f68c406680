"""Every event file of the trial gets the answer that was written down; no row is lost unsaid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.evidence.import_trials import answer, content, import_trials


@pytest.mark.parametrize("name", sorted(import_trials()))
def test_a_file_is_answered_as_written_down(name: str, tmp_path: Path) -> None:
    trial = import_trials()[name]
    path = tmp_path / name
    path.write_bytes(content(trial))
    assert answer(trial["source"], path) == trial["answer"]


def test_rows_are_imported_or_left_out_with_their_line() -> None:
    for name, trial in import_trials().items():
        first, *rest = trial["answer"]
        if first.startswith("refused"):
            continue
        imported, rows = map(int, re.findall(r"\d+", first))
        left_out = [line for line in rest if line.startswith("left out ")]
        assert imported + len(left_out) == rows > 0, name
        assert all(re.match(r"left out [1-9]\d*: \S", line) for line in left_out), name
