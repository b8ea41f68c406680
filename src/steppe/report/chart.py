"""A small chart drawn on the server: two linear axes, bands, lines, bars of uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from steppe.report.figures import svg
from steppe.report.formatting import quantity

LEFT, RIGHT, TOP, BOTTOM = 70, 16, 30, 44


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round values between ``low`` and ``high``, at most ``most`` of them."""
    span = high - low
    if not span > 0.0:
        return [low]
    step = 10.0 ** math.floor(math.log10(span / most))
    step *= next(m for m in (1, 2, 5, 10) if span / (m * step) <= most)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of ``width`` x ``height`` pixels over x and y from ``low`` to ``high`` of each."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_name: str
    y_name: str
    unit: str
    width: int = 900
    height: int = 300

    def at_x(self, value: float) -> float:
        """Return the pixel of an x value; ends beyond the axis stop there."""
        low, high = self.x
        value = min(max(value, low), high)
        return LEFT + (value - low) / (high - low or 1.0) * (self.width - LEFT - RIGHT)

    def at_y(self, value: float) -> float:
        """Return the pixel of a y value."""
        low, high = self.y
        return (
            self.height
            - BOTTOM
            - (value - low) / (high - low or 1.0) * (self.height - TOP - BOTTOM)
        )

    def line(self, x: Sequence[float], y: Sequence[float], css: str) -> str:
        """Return a line through points."""
        points = "L".join(
            f"{self.at_x(a):.1f} {self.at_y(b):.1f}" for a, b in zip(x, y, strict=True)
        )
        return f'<path class="{css}" d="M{points}"/>'

    def band(self, x: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
        """Return the area between two lines."""
        ways = [*zip(x, high, strict=True), *reversed(list(zip(x, low, strict=True)))]
        points = "L".join(f"{self.at_x(a):.1f} {self.at_y(b):.1f}" for a, b in ways)
        return f'<path class="band-half" d="M{points}Z"/>'

    def bars(
        self, x: Sequence[float], y: Sequence[tuple[float, float, float]], words: Sequence[str]
    ) -> str:
        """Return a dot with its interval at every x; ``words`` say each to those who cannot see."""
        return "".join(
            f'<g role="img" aria-label="{escape(said)}"><title>{escape(said)}</title>'
            f'<line class="sim-line thin" x1="{self.at_x(a):.1f}" x2="{self.at_x(a):.1f}" '
            f'y1="{self.at_y(low):.1f}" y2="{self.at_y(high):.1f}"/>'
            f'<circle class="sim-dot" cx="{self.at_x(a):.1f}" cy="{self.at_y(value):.1f}" r="5"/>'
            "</g>"
            for a, (value, low, high), said in zip(x, y, words, strict=True)
        )

    def across(self, low: float, at: float, high: float) -> str:
        """Return an upright line with the stretch of x it may lie in."""
        left, right = self.at_x(low), self.at_x(high)
        top, floor = TOP, self.height - BOTTOM
        return (
            f'<rect class="obs-range" x="{left:.1f}" width="{max(1.0, right - left):.1f}" '
            f'y="{top}" height="{floor - top}"/>'
            f'<line class="tip-line" x1="{self.at_x(at):.1f}" x2="{self.at_x(at):.1f}" '
            f'y1="{top}" y2="{floor}"/>'
        )

    def level(self, value: float, words: str) -> str:
        """Return a dashed line across at a y value, with a name."""
        y = self.at_y(value)
        return (
            f'<line class="note-line" x1="{LEFT}" x2="{self.width - RIGHT}" y1="{y:.1f}" '
            f'y2="{y:.1f}"/><text x="{self.width - RIGHT}" y="{y - 5:.1f}" text-anchor="end">'
            f"{escape(words)}</text>"
        )

    def drawn(self, label: str, body: str) -> Markup:
        """Return the chart with its axes around ``body``."""
        floor = self.height - BOTTOM
        parts = []
        for value in ticks(*self.y, 5):
            y = self.at_y(value)
            parts.append(
                f'<line class="grid" x1="{LEFT}" x2="{self.width - RIGHT}" y1="{y:.1f}" '
                f'y2="{y:.1f}"/><text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
                f"{escape(quantity(value, self.unit))}</text>"
            )
        for value in ticks(*self.x, 8):
            parts.append(
                f'<text x="{self.at_x(value):.1f}" y="{floor + 17}" text-anchor="middle">'
                f"{escape(quantity(value, ''))}</text>"
            )
        parts.append(
            f'<line class="axis" x1="{LEFT}" x2="{self.width - RIGHT}" y1="{floor}" y2="{floor}"/>'
            f'<text class="axis-name" x="{self.width - RIGHT}" y="{self.height - 6}" '
            f'text-anchor="end">{escape(self.x_name)}</text>'
            f'<text class="axis-name" x="0" y="12">{escape(self.y_name)}</text>'
        )
        return svg(self.width, self.height, label, "".join(parts) + body, "chart")
