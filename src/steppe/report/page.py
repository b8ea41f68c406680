"""The report as one HTML file that asks nothing of the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from steppe.report.encode import page_data
from steppe.report.frame import render_page, save
from steppe.report.misfit import misfit_words, scored_rows
from steppe.report.parameter_entries import ParameterEntry
from steppe.report.payload import ReportPayload, TargetRow
from steppe.report.summary_sentences import ENOUGH_SEEDS, spread_words
from steppe.results import formatting

GROUPS = {
    "missed": ("Missed", "even 90 % of the runs stay outside the observed range"),
    "near": ("Nearly met", "some runs reach the observed range, the median does not"),
    "met": ("Met", "the median run lies in the observed range"),
    "given": ("Given", "part of the script, so agreement is no test of the model"),
    "untested": ("Not tested", "nothing to compare with in these runs"),
}
STATUSES = {
    "measured": "measured in the country or case",
    "literature": "taken from published studies",
    "calibrated": "fitted to observed figures",
    "transferred": "measured in another country, which its source names",
    "assumed": "our choice, no direct evidence",
}
KINDS = {
    "endogenous": "Decided by the model",
    "scripted": "Taken from history",
    "off": "Switched off",
    "data": "Filled in data",
}


def _groups(targets: tuple[TargetRow, ...]) -> list[tuple[str, str, str, list[TargetRow]]]:
    return [
        (verdict, *GROUPS[verdict], list(rows))
        for verdict, rows in groupby(targets, key=lambda row: row.verdict)
    ]


def _mechanisms(
    entries: tuple[ParameterEntry, ...],
) -> list[tuple[str, list[ParameterEntry], list[tuple[str, int]]]]:
    out = []
    for name in dict.fromkeys(entry.mechanism for entry in entries):
        rows = [entry for entry in entries if entry.mechanism == name]
        out.append((name, rows, _statuses(tuple(rows))))
    return out


def _statuses(entries: tuple[ParameterEntry, ...]) -> list[tuple[str, int]]:
    tally = Counter(str(entry.status) for entry in entries)
    return [(status, tally[status]) for status in STATUSES if tally[status]]


def _context(payload: ReportPayload) -> Mapping[str, Any]:
    start = datetime.fromisoformat(payload.about.start)
    tested = scored_rows(payload.targets)
    kinds = [(k, t, [a for a in payload.assumptions if a.kind == k]) for k, t in KINDS.items()]
    return {
        "p": payload,
        "start": start,
        "period": formatting.period(start, payload.about.hours),
        "met": sum(row.verdict == "met" for row in tested),
        "tested": len(tested),
        "given": sum(row.verdict == "given" for row in payload.targets),
        "groups": _groups(payload.targets),
        "mechanisms": _mechanisms(payload.parameters),
        "statuses": _statuses(payload.parameters),
        "status_words": STATUSES,
        "assumption_kinds": [entry for entry in kinds if entry[2]],
        "misfit": misfit_words(payload.targets),
        "enough": ENOUGH_SEEDS,
        "spread_words": spread_words,
    }


def render(payload: ReportPayload) -> str:
    """Return the page; the same payload always gives the same text."""
    return render_page("report.html.j2", "report.js", page_data(payload), _context(payload))


def write_report(payload: ReportPayload, path: Path) -> Path:
    """Write the report to ``path`` and return it."""
    return save(render(payload), path)
