"""From runs to the report: scores, parameters, licences and the command that repeats it."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from steppe import __version__
from steppe.core.errors import CaseError

if TYPE_CHECKING:
    from steppe.commands.asked import Asked
    from steppe.evidence.scoring import TargetScore
    from steppe.report.payload import ReportPayload
    from steppe.results.trajectory import Trajectory

ATTRIBUTION = "attribution"
"""The section of a case's SOURCES.md whose items a report repeats: a heading that begins so."""

NUMERICAL = ("numba", "numpy")


def payload_of(
    asked: Asked, runs: Sequence[Trajectory], scores: Sequence[TargetScore], command: str
) -> ReportPayload:
    """Return everything the report says of ``runs``; raises ``ValueError`` if they do not match."""
    from steppe.report.build import build_payload

    return build_payload(
        asked.scenario,
        runs,
        scores,
        command,
        versions=versions(),
        attribution=attribution(asked.case),
        question=asked.question,
        changes=asked.changes,
        drawn=asked.drawn,
    )


def versions() -> dict[str, str]:
    """Return what made the page, beside model and engine."""
    own = {"steppe": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in NUMERICAL}


def attribution(case: str) -> tuple[str, ...]:
    """Return the lines that the licences of a case's data ask for; none if it names none."""
    from steppe.case.files import MAX_YAML, read_text
    from steppe.case.inheritance import case_file
    from steppe.case.source_location import SourceMark

    try:
        path = case_file(case).parent / "SOURCES.md"
        text = read_text(path, MAX_YAML, SourceMark(str(path)))
    except CaseError:
        return ()
    inside, items = False, list[str]()
    for line in text.splitlines():
        if line.startswith("#"):
            inside = line.lstrip("# ").lower().startswith(ATTRIBUTION)
        elif inside and line.startswith("- "):
            items.append(line[2:])
        elif inside and items and line.strip():
            items[-1] += f" {line.strip()}"
    return tuple(item.replace("`", "").replace("**", "") for item in items)


def default_path(store: Path, asked: Asked, scale: float) -> Path:
    """Return where a report goes by default: beside the runs, named by what is in it."""
    size = "" if scale == 1.0 else f"-scale-{scale:g}"
    return store / "reports" / f"{asked.label}{size}.html"


def command_line(*words: object) -> str:
    """Return the command of this program with ``words``, ready to be pasted into a shell."""
    return shlex.join(["steppe", *(str(word) for word in words)])
