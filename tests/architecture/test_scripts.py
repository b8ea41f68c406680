"""Programs beside the package find what they import from it: nothing else runs them in the gate."""

from __future__ import annotations

import importlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("benchmarks", "validation", "tools")


def test_benchmarks_trials_and_tools_can_be_imported() -> None:
    names = [
        f"{folder}.{file.stem}"
        for folder in FOLDERS
        for file in sorted((ROOT / folder).glob("*.py"))
        if file.stem != "__main__"
    ]
    assert len(names) > 30
    for name in names:
        importlib.import_module(name)
