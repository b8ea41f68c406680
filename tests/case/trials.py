"""Cases as people and programs really write them: a case of format 1 with some files changed.

They were made for a trial of this program in 2026 and are invented from first to last; nothing of
them is licensed to anybody. ``trials.json`` holds what differs, and the answer of ``steppe check``.
``python -m tests.case.trials`` writes the answers anew: read the difference before you keep it.
"""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from steppe.commands.check import content_of
from steppe.core.errors import CaseError
from steppe.study.request import StudyRequest
from steppe.study.resolve import resolve

FILE = Path(__file__).with_name("trials.json")
BASE = Path(__file__).with_name("format-1") / "two-valleys"
OWN = ("claims.yaml", "aftermath.csv", "SOURCES.md")
"""Files of the base that have no part in a trial."""


def trials() -> dict[str, dict[str, Any]]:
    """Return files and answer of each trial by its name."""
    read: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def make(folder: Path, files: dict[str, Any]) -> Path:
    """Write a trial into ``folder`` and return it; a file that is None is left out."""
    shutil.copytree(BASE, folder, ignore=lambda *_: OWN)
    for name, change in files.items():
        path = folder / name
        before = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
        path.unlink(missing_ok=True)
        if change is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(_content(change, before))
    return folder


def _content(change: dict[str, Any], before: list[str]) -> bytes:
    if "base64" in change:
        return base64.b64decode(change["base64"])
    if "bom" in change:
        return b"\xef\xbb\xbf" + _content(change["bom"], before)
    if "crlf" in change:
        return _content(change["crlf"], before).replace(b"\n", b"\r\n")
    if "text" in change:
        return str(change["text"]).encode()
    lines = before
    for start, end, new in reversed(change["edits"]):
        lines = [*lines[:start], *new, *lines[end:]]
    return "\n".join(lines).encode()


def answer(case: Path) -> list[str]:
    """Return what ``steppe check`` says of a case: faults, or ``ok`` and warnings."""
    try:
        scenario = resolve(StudyRequest(case=str(case))).baseline
        said = ["ok", *(f"warning {text}" for text in content_of(scenario, None)["warnings"])]
    except CaseError as error:
        said = str(error).split("\n")
    return [line.replace(f"{case}/", "").replace(str(case), "CASE") for line in said]


def main() -> None:
    """Write the answers that are given now."""
    known = trials()
    for name, trial in known.items():
        with tempfile.TemporaryDirectory() as temp:
            trial["answer"] = answer(make(Path(temp) / "case", trial["files"]))
        print(name, *trial["answer"], sep="\n    ")
    entries = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(trial, ensure_ascii=False)}"
        for name, trial in sorted(known.items())
    )
    FILE.write_text(f"{{\n{entries}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
