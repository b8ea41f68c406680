"""The report of a sweep or of a sensitivity analysis: one page that asks nothing of the network."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from steppe.report.frame import render_page, save
from steppe.results.formatting import listing, number
from steppe.results.outcomes import by_name, label_of, noun_of
from steppe.results.trajectory import EngineName
from steppe.study.levers import name_of

if TYPE_CHECKING:
    from steppe.study.sensitivity import Sensitivity
    from steppe.study.tipping import DoseStep, Tipping

HALF = 0.5
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
        out.append(_tips(t))
        if t.point is not None and t.inside < 0.95:
            out.append(f"Only {100 * t.inside:.0f} % of the resamples cross one half at all.")
        if t.steepest is not None:
            out.append(_steepest(t, t.steepest))
    for s in payload.sensitivities:
        clear = [_lower(name_of(one.parameter)) for one in s.influences if one.clear][:3]
        strongest = f"What moves {noun_of(s.outcome)} most: {listing(clear)}."
        out.append(strongest if clear else f"No parameter clearly moves {noun_of(s.outcome)}.")
    return out or [f"{payload.runs:,} runs at {payload.points:,} points."]


def _tips(t: Tipping) -> str:
    """Return from which size on the event is more likely than not."""
    outcome = by_name().get(t.event)
    event = (outcome.happens if outcome else "") or label_of(t.event)
    name = _lower(name_of(t.path))
    if t.point is None:
        side = "more" if t.fitted[0] > HALF else "less"
        low, high = number(t.sizes[0]), number(t.sizes[-1])
        return f"At any {name} from {low} to {high} {event} in {side} than half of the runs."
    at, start, end = t.point
    first = f"below {number(t.sizes[0])}" if math.isinf(start) else number(start)
    last = f"above {number(t.sizes[-1])}" if math.isinf(end) else number(end)
    where = f"from a {name} of {number(at)} on" if t.rising else f"up to a {name} of {number(at)}"
    return (
        f"{event[:1].upper()}{event[1:]} in more than half of the runs {where} "
        f"(95 %: {first} to {last})."
    )


def _steepest(t: Tipping, step: DoseStep) -> str:
    value, low, high = step.elasticity
    name, more = _lower(name_of(t.path)), "more" if value > 0 else "fewer"
    return (
        f"The steepest step is from {number(step.start)} to {number(step.end)}: a {name} larger by "
        f"1 % goes with {number(abs(value), 2)} % {more} {noun_of(t.outcome)} "
        f"(95 %: {number(low, 2)} to {number(high, 2)})."
    )


def _lower(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def render_design(payload: DesignPayload) -> str:
    """Return the page; the same payload always gives the same text."""
    t = payload.tipping
    unit = by_name()[t.outcome].unit if t is not None and t.outcome in by_name() else ""
    unit = "share" if unit == "1" else unit
    words = {"label": label_of, "called": name_of}
    context = words | {"p": payload, "answers": answers(payload), "unit": unit, "most": MOST_BARS}
    return render_page("design/page.html.j2", "plain.js", {}, context)


def write_design_report(payload: DesignPayload, path: Path) -> Path:
    """Write the page to ``path`` and return it."""
    return save(render_design(payload), path)
