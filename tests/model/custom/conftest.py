"""Rules from files: those of the guide, a toy case to put them in, and a command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.case.toy import write_toy_case
from tests.docs.documents import ROOT, blocks

GUIDE = ROOT / "docs" / "how-to" / "write-a-mechanism.md"
FILES = {Path(block.file).name: block.text for block in blocks(GUIDE) if block.file}
COMPANY, MOURNING = FILES["company.py"], FILES["mourning.py"]

Write = Callable[..., Path]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The toy case with both rules of the guide beside it, none of them in use."""
    folder = write_toy_case(tmp_path / "toy")
    (folder / "company.py").write_text(COMPANY, encoding="utf-8")
    (folder / "mourning.py").write_text(MOURNING, encoding="utf-8")
    scenario = (folder / "scenario.yaml").read_text(encoding="utf-8")
    plain = scenario.replace("parameters:\n  participation:\n    threshold: 0.4\n", "")
    short = plain.replace("hours: 3 d", "hours: 24")
    (folder / "scenario.yaml").write_text(short, encoding="utf-8")
    return folder


@pytest.fixture
def use(case: Path) -> Write:
    """Have a rule play a role in the toy case; with ``text`` its file is written first."""

    scenario = (case / "scenario.yaml").read_text(encoding="utf-8")
    chosen: dict[str, str] = {}

    def used(rule: str, role: str = "participation", text: str | None = None) -> Path:
        if text is not None:
            (case / rule.split(":")[0]).write_text(text, encoding="utf-8")
        chosen[role] = rule
        lines = "".join(f"  {name}: {one}\n" for name, one in chosen.items())
        named = scenario.replace("  outrage: none\n", lines)
        (case / "scenario.yaml").write_text(named, encoding="utf-8")
        return case

    return used
