"""From a judgement to its page: where it goes, and what is asked of the report package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steppe.study.claims.judge import Judgement


def default_path(store: Path, made: Judgement) -> Path:
    """Return where the page goes by default: beside the runs, named by case and claims file."""
    stem = made.file.path.stem
    claims = "claims" if stem == "claims" else f"claims-{stem}"
    size = "" if made.config.scale == 1.0 else f"-scale-{made.config.scale:g}"
    return store / "reports" / f"{made.scenario.id}-{claims}{size}.html"


def write(
    case: str,
    made: Judgement,
    found: Mapping[str, Any],
    failures: Sequence[str],
    options: str,
    target: Path,
) -> Path:
    """Write the page of ``found``, the document of ``made``, and return its path.

    ``options`` are those with which ``steppe judge`` makes the same verdicts again.
    """
    from steppe.commands.report_writer import attribution, versions
    from steppe.report.claims_page import write_claims_report
    from steppe.report.claims_payload import build_claims

    payload = build_claims(
        found, made.file, made.scenario, f"steppe judge {case}{options}",
        versions=versions(), attribution=attribution(case), failures=sorted(set(failures)),
    )  # fmt: skip
    return write_claims_report(payload, target)
