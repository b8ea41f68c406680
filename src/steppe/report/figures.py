"""Figures drawn on the server: they are there with scripts off, in print and in a reader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from markupsafe import Markup, escape

from steppe.report.formatting import day, quantity
from steppe.report.payload import (
    Bounds,
    Fan,
    Floats,
    ObservedPoint,
    ReportPayload,
    Share,
    Spread,
    TargetRow,
)

WIDTH = 300
"""Width of the row figures, in pixels of the page."""


class Axis:
    """A horizontal axis over positive numbers (log when they span a decade) or from zero."""

    def __init__(self, values: Sequence[float], left: float, right: float, log: bool) -> None:
        self.left, self.right, self.log = left, right, log
        low, high = min(values), max(values)
        if log:
            self.low, self.high = math.log10(low) - 0.08, math.log10(high) + 0.08
        else:
            self.low, self.high = min(0.0, low), high * 1.06 or 1.0

    def at(self, value: float) -> float:
        """Return the pixel of ``value``."""
        shown = math.log10(value) if self.log else value
        return self.left + (shown - self.low) / (self.high - self.low) * (self.right - self.left)

    def ticks(self) -> list[float]:
        """Return two to four round values inside the axis."""
        if self.log:
            powers = range(math.floor(self.low) - 1, math.ceil(self.high) + 1)
            for steps in ((1,), (1, 3), (1, 2, 5)):
                found = [m * 10.0**p for p in powers for m in steps]
                inside = [v for v in found if self.low <= math.log10(v) <= self.high]
                if len(inside) >= 2:
                    return inside[:: max(1, math.ceil(len(inside) / 4))]
            return inside
        step = 10.0 ** math.floor(math.log10(self.high / 2))
        step *= next(m for m in (1, 2, 5, 10) if self.high / (m * step) <= 4)
        return [i * step for i in range(math.floor(self.high / step) + 1)]


def axis(values: Sequence[float], left: float, right: float) -> Axis:
    """Return a log axis where all values are positive and span more than a factor eight."""
    return Axis(values, left, right, min(values) > 0 and max(values) / min(values) > 8)


def _ticks(scale: Axis, unit: str, top: float, bottom: float) -> str:
    parts = []
    for value in scale.ticks():
        x = scale.at(value)
        anchor = "start" if x < scale.left + 14 else "end" if x > scale.right - 14 else "middle"
        parts.append(
            f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>'
            f'<text class="tick" x="{x:.1f}" y="{bottom + 11}" text-anchor="{anchor}">'
            f"{escape(quantity(value, unit))}</text>"
        )
    return "".join(parts)


def _known(values: Sequence[float | None]) -> list[float]:
    return [v for v in values if v is not None and math.isfinite(v)]


def _open(observed: Bounds, end: int) -> bool:
    """Return whether a range known at its other end only is open at this one."""
    return observed[end] is None and observed[1] is None and observed[2 - end] is not None


def target_figure(row: TargetRow) -> Markup:
    """Return observed range (band, tick) over simulated interval (line, dot) for one target."""
    seen, made = _known(row.observed), _known(row.simulated or ())
    if not seen and not made:
        return Markup("")
    scale = axis(seen + made, 8, WIDTH - 8)
    parts = [_ticks(scale, row.unit, 4, 34)]
    if seen:
        left = scale.left if _open(row.observed, 0) else scale.at(min(seen))
        right = scale.right if _open(row.observed, 2) else scale.at(max(seen))
        parts.append(
            f'<rect class="obs-range" x="{left - 1:.1f}" y="6" width="{right - left + 2:.1f}" '
            f'height="9" rx="2"/>'
        )
        if row.observed[1] is not None:
            x = scale.at(row.observed[1])
            parts.append(f'<path class="obs-dot" d="M{x:.1f} 4l6.5 6.5l-6.5 6.5l-6.5-6.5z"/>')
    if row.simulated is not None:
        low, middle, high = (scale.at(v) for v in row.simulated)
        parts.append(
            f'<line class="sim-line" x1="{low:.1f}" x2="{high:.1f}" y1="26" y2="26"/>'
            f'<circle class="sim-dot" cx="{middle:.1f}" cy="26" r="5"/>'
        )
    name = "logarithmic" if scale.log else "linear"
    return svg(WIDTH, 48, f"{row.title}, {name} scale", "".join(parts), "dots")


def spread_figure(spread: Spread) -> Markup:
    """Return one dot per run on an axis, the middle run and the observed range marked."""
    seen = _known(spread.observed)
    middle = spread.quantiles[1]
    scale = axis([*spread.values, *seen], 10, WIDTH - 10)
    parts = [_ticks(scale, spread.unit, 4, 50)]
    if seen:
        left, right = scale.at(min(seen)), scale.at(max(seen))
        width = right - left + 2
        parts.append(
            f'<rect class="obs-range" x="{left - 1:.1f}" y="4" width="{width:.1f}" height="46"/>'
        )
    height: dict[int, int] = {}
    for value in sorted(spread.values):
        column = round(scale.at(value) / 5)
        height[column] = height.get(column, 0) + 1
        y = 46 - min(8, height[column] - 1) * 5
        parts.append(f'<circle class="run-dot" cx="{column * 5}" cy="{y}" r="2.2"/>')
    x = scale.at(middle)
    parts.append(f'<line class="sim-line thin" x1="{x:.1f}" x2="{x:.1f}" y1="2" y2="50"/>')
    words = f"{spread.label}: median {quantity(middle, spread.unit)}"
    return svg(WIDTH, 64, words, "".join(parts), "dots")


def share_figure(share: Share) -> Markup:
    """Return a bar from 0 to 100 % with its 95 % interval."""
    left, span = 2, WIDTH - 4
    at = [left + span * v for v in (share.low, share.share, share.high)]
    body = (
        f'<rect class="bar-back" x="{left}" y="6" width="{span}" height="14" rx="2"/>'
        f'<rect class="bar {escape(share.key)}" x="{left}" y="6" '
        f'width="{at[1] - left:.1f}" height="14" rx="2"/>'
        f'<line class="whisker under" x1="{at[0]:.1f}" x2="{at[2]:.1f}" y1="13" y2="13"/>'
        f'<line class="whisker" x1="{at[0]:.1f}" x2="{at[2]:.1f}" y1="13" y2="13"/>'
    )
    return svg(WIDTH, 26, f"{share.label}: {share.seeds} runs", body, "dots")


def svg(width: int, height: int, label: str, body: str, css: str) -> Markup:
    """Return a picture of that size, with a label for those who cannot see it."""
    return Markup(
        f'<svg class="{css}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(label)}">{body}</svg>'
    )


def _path(values: Floats, hours: int, top: float, box: tuple[int, int]) -> list[str]:
    width, height = box
    out = []
    for hour in range(0, hours, 3):
        value = values[hour]
        if math.isfinite(value):
            x, y = hour / max(1, hours - 1) * width, height - value / top * (height - 14)
            out.append(f"{x:.0f} {y:.1f}")
    return out


def _seen(points: Sequence[ObservedPoint], hours: int, top: float, box: tuple[int, int]) -> str:
    """Return observed points as dots at their values and bars over their ranges."""
    width, height = box
    parts = []
    for point in points:
        x = (point.hour + point.hours / 2) / max(1, hours - 1) * width
        low, value, high = (
            None if v is None else height - v / top * (height - 14)
            for v in (point.low, point.value, point.high)
        )
        if low is not None and high is not None:
            parts.append(
                f'<line class="obs-bar" x1="{x:.0f}" x2="{x:.0f}" y1="{low:.1f}" y2="{high:.1f}"/>'
            )
        if value is not None:
            parts.append(f'<circle class="obs-dot" cx="{x:.0f}" cy="{value:.1f}" r="4"/>')
    return "".join(parts)


def fan_figure(payload: ReportPayload, fan: Fan) -> Markup:
    """Return the national fan as a still picture: two bands, median, observed points, ends."""
    box = (900, 280) if fan is payload.fans[0] else (360, 170)
    hours = payload.about.hours
    points = [p for p in fan.observed.get("national", ()) if not p.after]
    seen = _known([v for p in points for v in (p.low, p.value, p.high)])
    highest = max([float(np.nan_to_num(fan.quantiles).max()), *seen, fan.step])
    top = highest * 1.05
    lines = [_path(q, hours, top, box) for q in fan.quantiles]
    parts = [f'<line class="axis" x1="0" x2="{box[0]}" y1="{box[1]}" y2="{box[1]}"/>']
    for low, high, css in ((0, 4, "band-wide"), (1, 3, "band-half")):
        if lines[low]:
            shape = "L".join(lines[low] + lines[high][::-1])
            parts.append(f'<path class="{css}" d="M{shape}Z"/>')
    if lines[2]:
        parts.append(f'<path class="median" d="M{"L".join(lines[2])}"/>')
    parts.append(_seen(points, hours, top, box))
    start = datetime.fromisoformat(payload.about.start)
    end = start + timedelta(hours=hours - 1)
    for x, y, anchor, text in (
        (0, 10, "start", f"up to {quantity(highest, fan.unit)}"),
        (0, box[1] + 16, "start", day(start)),
        (box[0], box[1] + 16, "end", day(end)),
    ):
        parts.append(f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>')
    label = f"{fan.title} over time, {payload.about.country}"
    return svg(box[0], box[1] + 20, label, "".join(parts), "still")
