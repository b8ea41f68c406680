"""The report of a sweep or of a sensitivity analysis: one page that asks nothing of the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from steppe.report.frame import render_page, save
from steppe.results.formatting import number
from steppe.results.outcomes import by_name
from steppe.results.trajectory import EngineName

if TYPE_CHECKING:
    from steppe.study.sensitivity import Sensitivity
    from steppe.study.tipping import DoseStep, Tipping

MOST_BARS = 20
"""The strongest influences are drawn; the table has them all."""


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point of a design: its values, how many runs, and (text of) each outcome over seeds."""

    values: tuple[str, ...]
    runs: int
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DesignPayload:
    """What the page says; ``rows`` is empty for an analysis, ``sensitivities`` for a sweep."""

    case_title: str
    title: str
    question: str
    changes: tuple[str, ...]
    citizens: int
    scale: float
    points: int
    seeds: tuple[int, ...]
    runs: int
    failures: tuple[str, ...]
    axes: tuple[str, ...]
    outcomes: tuple[str, ...]
    rows: tuple[PointRow, ...]
    tipping: Tipping | None
    sensitivities: tuple[Sensitivity, ...]
    command: str
    scenario_hash: str
    versions: Mapping[str, str]
    attribution: Sequence[str] = ()
    engine: EngineName = "citizens"
    methods: str = ""
    bibtex: str = ""


def answers(payload: DesignPayload) -> list[str]:
    """Return what was found, in sentences: never more certain than the intervals."""
    out = []
    t = payload.tipping
    if t is not None:
        name = t.event.replace("_", " ").replace(">=", "≥")
        out.append(f"By {t.path}, the chance of {name}: {t.verdict}.")
        if t.point is not None and t.inside < 0.95:
            out.append(f"Only {100 * t.inside:.0f} % of the resamples cross one half at all.")
        if t.steepest is not None:
            out.append(_steepest(t, t.steepest))
    for s in payload.sensitivities:
        clear = [one.parameter for one in s.influences if one.clear][:3]
        what = s.outcome.replace("_", " ")
        if clear:
            out.append(f"{what[0].upper()}{what[1:]} is moved most by {', '.join(clear)}.")
        else:
            out.append(f"No parameter clearly moves {what}.")
    return out or [f"{payload.runs:,} runs at {payload.points:,} points."]


def _steepest(t: Tipping, step: DoseStep) -> str:
    value, low, high = step.elasticity
    return (
        f"Steepest from {number(step.start)} to {number(step.end)}: a rise of the trigger by 1 % "
        f"goes with {number(value)} % of {t.outcome.replace('_', ' ')} "
        f"(95 %: {number(low)} to {number(high)})."
    )


def render_design(payload: DesignPayload) -> str:
    """Return the page; the same payload always gives the same text."""
    t = payload.tipping
    unit = by_name()[t.outcome].unit if t is not None and t.outcome in by_name() else ""
    unit = "share" if unit == "1" else unit
    context = {"p": payload, "answers": answers(payload), "unit": unit, "most": MOST_BARS}
    return render_page("design/page.html.j2", "plain.js", {}, context)


def write_design_report(payload: DesignPayload, path: Path) -> Path:
    """Write the page to ``path`` and return it."""
    return save(render_design(payload), path)
