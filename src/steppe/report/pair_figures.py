"""Figures of a pair drawn on the server: effects pair by pair, causes seed by seed, still fans."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
from markupsafe import Markup, escape

from steppe.report.effects import CAUSED, signed
from steppe.report.figures import svg
from steppe.report.formatting import day, quantity
from steppe.report.pair_payload import EffectRow, PairPayload
from steppe.report.payload import Floats
from steppe.study.causation import Causation, Interval

WIDTH, HEIGHT = 300, 58
CELL, GAP, MOST_CELLS = 13, 3, 400
"""Side of a seed's square, space between them, and how many are drawn at most."""

STILL = (560, 190)


def effect_figure(row: EffectRow) -> Markup:
    """Return one dot per pair on an axis with zero, over the mean and its 95 % interval."""
    values = [*row.gaps, 0.0]
    low, high = min(values), max(values)
    if low == high:
        return Markup("")
    pad = 0.04 * (high - low)
    left, right = 12, WIDTH - 12

    def at(value: float) -> float:
        return left + (value - low + pad) / (high - low + 2 * pad) * (right - left)

    zero = at(0.0)
    parts = [f'<line class="zero" x1="{zero:.1f}" x2="{zero:.1f}" y1="2" y2="{HEIGHT - 14}"/>']
    heights: dict[int, int] = {}
    for value in sorted(row.gaps):
        column = round(at(value) / 5)
        heights[column] = heights.get(column, 0) + 1
        y = 28 - min(5, heights[column] - 1) * 5
        parts.append(f'<circle class="gap-dot" cx="{column * 5}" cy="{y}" r="2.2"/>')
    e = row.effect
    if e.pairs > 1:
        parts.append(
            f'<line class="gap-line" x1="{at(e.low):.1f}" x2="{at(e.high):.1f}" y1="38" y2="38"/>'
            f'<circle class="gap-mean" cx="{at(e.difference):.1f}" cy="38" r="4.5"/>'
        )
    for value, anchor in ((low, "start"), (high, "end")):
        if abs(at(value) - zero) > 40:
            parts.append(_text(at(value), anchor, signed(value, row.unit)))
    parts.append(_text(zero, "middle" if left + 12 < zero < right - 12 else
                       "start" if zero < WIDTH / 2 else "end", "0"))  # fmt: skip
    words = f"{row.label}: {signed(e.difference, row.unit)} on average"
    return svg(WIDTH, HEIGHT, words, "".join(parts), "dots")


def _text(x: float, anchor: str, words: str) -> str:
    return (
        f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 3}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def cause_figure(cause: Causation) -> Markup:
    """Return a square for each seed, by whether it happened in both histories, in one, in none."""
    kinds = ("always", "only-with", "only-without", "never")
    counts = (cause.always, cause.only_with, cause.only_without, cause.never)
    share = min(1.0, MOST_CELLS / max(1, cause.pairs))
    cells = [kind for kind, n in zip(kinds, counts, strict=True) for _ in range(round(n * share))]
    per_row = 10 if len(cells) <= 100 else 25
    step = CELL + GAP
    parts = [
        f'<rect class="seed {kind}" x="{i % per_row * step + 1}" y="{i // per_row * step + 1}" '
        f'width="{CELL}" height="{CELL}" rx="2"/>'
        for i, kind in enumerate(cells)
    ]
    rows = math.ceil(len(cells) / per_row)
    words = (f"{n} {kind.replace('-', ' ')}" for kind, n in zip(kinds, counts, strict=True))
    label = f"Seeds in which {CAUSED[cause.outcome]}: {', '.join(words)}"
    return svg(per_row * step + 2, rows * step + 2, label, "".join(parts), "seeds")


def chance_figure(p: Interval) -> Markup:
    """Return a probability from 0 to 1 as a dot with its interval."""
    width, span = 220, 200
    low, middle, high = 10 + p[1] * span, 10 + p[0] * span, 10 + p[2] * span
    body = (
        f'<line class="rail" x1="10" x2="{10 + span}" y1="10" y2="10"/>'
        f'<line class="gap-line" x1="{low:.1f}" x2="{high:.1f}" y1="10" y2="10"/>'
        f'<circle class="gap-mean" cx="{middle:.1f}" cy="10" r="5"/>'
    )
    return svg(width, 20, f"{p[0]:.2f}, interval {p[1]:.2f} to {p[2]:.2f}", body, "dots")


def _trace(values: Floats, top: float, bottom: float = 0.0) -> str:
    width, height = STILL
    hours = len(values)
    points = [
        f"{hour / max(1, hours - 1) * width:.0f} "
        f"{height - 16 - (values[hour] - bottom) / (top - bottom or 1.0) * (height - 34):.1f}"
        for hour in range(0, hours, 3)
        if math.isfinite(values[hour])
    ]
    return "L".join(points)


def overlay_figure(payload: PairPayload, index: int) -> Markup:
    """Return both medians of one quantity as a still picture, with the 90 % band of each."""
    fans = [arm.fans[index] for arm in payload.arms]
    top = max(float(np.nan_to_num(fan.quantiles[4]).max()) for fan in fans) or fans[0].step
    parts = []
    for arm, fan in zip(payload.arms, fans, strict=True):
        upper, lower = _trace(fan.quantiles[4], top), _trace(fan.quantiles[0], top)
        back = "L".join(lower.split("L")[::-1])
        parts.append(f'<path class="arm-band {arm.key}" d="M{upper}L{back}Z"/>')
        parts.append(f'<path class="arm-line {arm.key}" d="M{_trace(fan.quantiles[2], top)}"/>')
    label = f"{fans[0].title} over time in both histories"
    return svg(*STILL, label, "".join(parts) + _ends(payload, top, fans[0].unit), "still")


def _ends(payload: PairPayload, top: float, unit: str) -> str:
    start = datetime.fromisoformat(payload.about.start)
    end = start + timedelta(hours=payload.about.hours - 1)
    width, height = STILL
    words = (
        (0, 12, "start", f"up to {quantity(top, unit)}"),
        (0, height - 1, "start", day(start)),
        (width, height - 1, "end", day(end)),
    )
    return f'<line class="axis" x1="0" x2="{width}" y1="{height - 16}" y2="{height - 16}"/>' + (
        "".join(
            f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
            for x, y, anchor, text in words
        )
    )
