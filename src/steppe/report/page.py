"""The report as one HTML file that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from steppe.report import figures, formatting
from steppe.report.encode import page_data, safe_json
from steppe.report.payload import TESTED, ParameterEntry, ReportPayload, TargetRow
from steppe.report.summary_sentences import ENOUGH_SEEDS, spread_words

if TYPE_CHECKING:
    from jinja2 import Environment

THEME = (
    'try{var t=localStorage.getItem("steppe-theme");'
    'if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}'
)
"""Set the reader's theme before the first paint."""

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
    "assumed": "our choice, no direct evidence",
}
KINDS = {
    "endogenous": "Decided by the model",
    "scripted": "Taken from history",
    "off": "Switched off",
    "data": "Filled in data",
}


def _asset(name: str) -> str:
    return (resources.files("steppe.report") / "assets" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return the content-security-policy source of an inline element's text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(style: str, *scripts: str) -> str:
    """Return a policy under which only these very texts are styles and scripts."""
    allowed = " ".join(_digest(script) for script in scripts)
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )


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
    tested = [row for row in payload.targets if row.verdict in TESTED]
    kinds = [(k, t, [a for a in payload.assumptions if a.kind == k]) for k, t in KINDS.items()]
    return {
        **frame("report.js", page_data(payload)),
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
        "enough": ENOUGH_SEEDS,
    }


def environment() -> Environment:
    """Return the templates with the filters of wording and figures."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("steppe.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        number=formatting.number,
        quantity=formatting.quantity,
        count=formatting.count,
        integers=formatting.integers,
        address=formatting.address,
    )
    made.globals.update(interval=formatting.interval, bounds=formatting.bounds)
    return made


def frame(script_name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every page has: style, script, theme, policy, its data and licences."""
    style, script = _asset("report.css"), _asset(script_name)
    return {
        "style": Markup(style),
        "script": Markup(script),
        "theme": Markup(THEME),
        "policy": policy(style, THEME, script),
        "data": Markup(safe_json(data)),
        "licences": _asset("THIRD_PARTY.txt"),
    }


def render(payload: ReportPayload) -> str:
    """Return the page; the same payload always gives the same text."""
    templates = environment()
    templates.filters.update(
        spread_words=spread_words,
        target_figure=figures.target_figure,
        spread_figure=figures.spread_figure,
        share_figure=figures.share_figure,
    )
    templates.globals.update(fan_figure=figures.fan_figure)
    return templates.get_template("report.html.j2").render(_context(payload))


def save(text: str, path: Path) -> Path:
    """Write a page to ``path`` (UTF-8) and return it; missing folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_report(payload: ReportPayload, path: Path) -> Path:
    """Write the report to ``path`` and return it."""
    return save(render(payload), path)
