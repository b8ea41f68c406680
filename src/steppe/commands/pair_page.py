"""From a pair to its report: where it goes, and what is asked of the report package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steppe.commands.asked import Asked
    from steppe.study.individual_divergence import IndividualDivergence
    from steppe.study.pair import Pair

LONGEST = 60
"""So many letters of a change are kept in a file's name."""


def default_path(store: Path, asked: Asked, name: str, scale: float) -> Path:
    """Return where the report of a pair goes by default: named by both arms."""
    from steppe.commands.report_writer import default_path as path_of

    safe = re.sub(r"[^\w.+-]+", "-", name)[:LONGEST]
    base = path_of(store, asked, scale)
    return base.with_name(f"{base.stem}-vs-{safe}.html")


def write(
    asked: Asked, made: Pair, lives: IndividualDivergence | None, command: str, target: Path
) -> Path:
    """Write the report of a pair and return its path."""
    from steppe.commands.report_writer import attribution, versions
    from steppe.report.pair_build import build_pair
    from steppe.report.pair_page import write_pair_report

    payload = build_pair(
        made,
        command,
        versions=versions(),
        attribution=attribution(asked.case),
        shared=asked.changes,
        histories=lives,
        parameters=asked.drawn.words(len(made.seeds)),
    )
    return write_pair_report(payload, target)
