"""Figures of designs: where a trigger tips, how outcomes answer, which parameters matter."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup, escape

from steppe.report.chart import Chart
from steppe.report.figures import svg
from steppe.report.formatting import number, quantity
from steppe.study.sensitivity import Influence, Sensitivity
from steppe.study.tipping import Tipping

BAR, ROW, NAME = 420, 26, 290
"""Width of the longest bar, height of a row, room for a parameter's name."""


def _ends(t: Tipping) -> tuple[float, float]:
    return t.sizes[0], t.sizes[-1]


def said(event: str) -> str:
    """Return the name of an event or outcome as words."""
    return event.replace("_", " ").replace(">=", "≥")


def _tip(chart: Chart, t: Tipping) -> str:
    return "" if t.point is None else chart.across(t.point[1], t.point[0], t.point[2])


def tipping_figure(t: Tipping) -> Markup:
    """Return the chance of the event at each size, its monotone curve, and where it tips."""
    name = said(t.event)
    chart = Chart(_ends(t), (0.0, 1.0), t.path, f"Chance of {name}", "share")
    words = [
        f"{t.path} {number(size)}: {quantity(p[0], 'share')}, 95 % {quantity(p[1], 'share')} to "
        f"{quantity(p[2], 'share')}"
        for size, p in zip(t.sizes, t.chance, strict=True)
    ]
    body = _tip(chart, t) + chart.level(0.5, "one half")
    body += chart.line(t.sizes, t.fitted, "median") + chart.bars(t.sizes, t.chance, words)
    return chart.drawn(f"Chance of {name} by {t.path}: {t.verdict}", body)


def level_figure(t: Tipping, unit: str) -> Markup:
    """Return the mean outcome at each size with its interval."""
    name = t.outcome.replace("_", " ")
    mean, low, high = (np.nan_to_num([p[i] for p in t.level]).tolist() for i in range(3))
    top = max(*mean, *high) or 1.0
    chart = Chart(_ends(t), (min(0.0, *low), top), t.path, f"Mean {name}", unit)
    body = _tip(chart, t) + chart.band(t.sizes, low, high) + chart.line(t.sizes, mean, "median")
    words = [
        f"{t.path} {number(size)}: {quantity(value, unit)}"
        for size, value in zip(t.sizes, mean, strict=True)
    ]
    points = [(value, value, value) for value in mean]
    return chart.drawn(f"Mean {name} by {t.path}", body + chart.bars(t.sizes, points, words))


def influence_figure(s: Sensitivity, shown: int) -> Markup:
    """Return a bar with its 95 % interval for each influence, the strongest first."""
    rows = s.influences[:shown]
    top = max((one.strength[2] for one in rows), default=1.0) or 1.0
    if s.method == "sobol":
        top = max(top, 1.0)
    parts = [_row(one, i, top) for i, one in enumerate(rows)]
    if s.noise is not None and s.method == "sobol":
        x = NAME + s.noise / top * BAR
        parts.append(
            f'<line class="note-line" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{len(rows) * ROW}"/>'
            f'<text x="{x + 4:.1f}" y="{len(rows) * ROW + 13}">left-over seed noise</text>'
        )
    label = f"Influences on {s.outcome.replace('_', ' ')}, {s.method}"
    return svg(NAME + BAR + 130, len(rows) * ROW + 20, label, "".join(parts), "chart")


def _row(one: Influence, at: int, top: float) -> str:
    y = at * ROW
    value, low, high = (NAME + max(0.0, v) / top * BAR for v in one.strength)
    css = "bar" if one.clear else "bar unclear"
    ends = f'x1="{low:.1f}" x2="{high:.1f}" y1="{y + 12}" y2="{y + 12}"'
    strength = number(one.strength[0])
    said = f"{strength} ({number(one.strength[1])} to {number(one.strength[2])})"
    return (
        f'<text x="{NAME - 10}" y="{y + 16}" text-anchor="end">{escape(one.parameter)}</text>'
        f'<rect class="{css}" x="{NAME}" y="{y + 4}" width="{max(0.0, value - NAME):.1f}" '
        f'height="{ROW - 9}"><title>{escape(one.meaning)}: {escape(said)}</title></rect>'
        f'<line class="whisker under" {ends}/><line class="whisker" {ends}/>'
        f'<text x="{max(value, high) + 8:.1f}" y="{y + 16}">{escape(strength)}</text>'
    )
