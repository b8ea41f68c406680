"""Figures of one claim: its number with interval against the bar, and answers to doses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from steppe.report.chart import Chart, ticks
from steppe.report.claims_words import (
    Test,
    difference,
    ends,
    measured,
    observed_words,
    per_cent,
    unit_of,
)
from steppe.report.figures import svg
from steppe.report.formatting import number, quantity

WIDTH, HEIGHT, SIDE = 460, 84, 14
RAIL = 38
"""Pixels of the picture, its margin, and the height of the middle line."""

SHARES = ("share of runs", "share of pairs", "share of seeds", "necessity", "sufficiency", "both")

CAUSES = {
    "necessity": "Share of pairs: otherwise without it",
    "sufficiency": "Share of pairs: so with it",
    "both": "Share of pairs: only with it",
}

Zone = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ruler:
    """A number on an axis with zones that speak for the claim and against it.

    Ends of zones and of the interval may be infinite; ``kind`` is how numbers are said:
    ``share``, ``difference`` or ``number``.
    """

    title: str
    number: float | None
    interval: Zone | None
    for_it: tuple[Zone, ...]
    against: tuple[Zone, ...]
    kind: str
    unit: str
    low: float
    high: float

    def said(self, value: float | None) -> str:
        """Return a value of the axis in words."""
        if self.kind == "difference":
            return difference(value, self.unit)
        return per_cent(value) if self.kind == "share" else number(value)

    def at(self, value: float) -> float:
        """Return the pixel of ``value``; what lies beyond the axis stops at its end."""
        inside = min(max(value, self.low), self.high)
        return SIDE + (inside - self.low) / (self.high - self.low or 1.0) * (WIDTH - 2 * SIDE)

    def words(self) -> str:
        """Return the picture in words."""
        text = f"{self.title}: {self.said(self.number)}"
        if self.interval is not None:
            low, high = (None if math.isinf(end) else end for end in self.interval)
            text += f", 95 % {ends((low, high), self.said)}"
        zones = "; ".join(
            ends(tuple(None if math.isinf(e) else e for e in zone), self.said)
            for zone in self.for_it
        )
        return f"{text}; supports the claim: {zones}"

    def drawn(self) -> Markup:
        """Return the picture."""
        parts = [_zone(self, z, "against") for z in self.against]
        parts += [_zone(self, z, "for") for z in self.for_it]
        parts += [_zone_name(self, z, "against") for z in self.against]
        parts += [_zone_name(self, z, "supports") for z in self.for_it]
        parts += _ticks(self)
        if self.interval is not None and self.interval[0] != self.interval[1]:
            a, b = (self.at(end) for end in self.interval)
            parts.append(f'<line class="found-line" x1="{a:.1f}" x2="{max(b, a + 1):.1f}" '
                         f'y1="{RAIL}" y2="{RAIL}"/>')  # fmt: skip
        if self.number is not None:
            parts.append(f'<circle class="found-dot" cx="{self.at(self.number):.1f}" '
                         f'cy="{RAIL}" r="6"/>')  # fmt: skip
        return svg(WIDTH, HEIGHT, self.words(), "".join(parts), "ruler")


def _zone(ruler: Ruler, zone: Zone, css: str) -> str:
    a, b = ruler.at(zone[0]), ruler.at(zone[1])
    least = max(b - a, 2.0)  # a zone of one value is still seen
    return (
        f'<rect class="zone {css}" x="{a - (least - (b - a)) / 2:.1f}" y="20" '
        f'width="{least:.1f}" height="36"/>'
    )


def _zone_name(ruler: Ruler, zone: Zone, words: str) -> str:
    a, b = ruler.at(zone[0]), ruler.at(zone[1])
    if b - a < 56:
        return ""
    return f'<text x="{(a + b) / 2:.1f}" y="14" text-anchor="middle">{words}</text>'


def _ticks(ruler: Ruler) -> list[str]:
    parts = [f'<line class="axis" x1="{SIDE}" x2="{WIDTH - SIDE}" y1="56.5" y2="56.5"/>']
    for value in ticks(ruler.low, ruler.high, 5):
        x = ruler.at(value)
        anchor = "start" if x < SIDE + 14 else "end" if x > WIDTH - SIDE - 14 else "middle"
        shown = "0" if value == 0 else ruler.said(value)
        parts.append(
            f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="56" y2="61"/>'
            f'<text x="{x:.1f}" y="75" text-anchor="{anchor}">{escape(shown)}</text>'
        )
    return parts


def rulers(test: Test, minimum: float) -> list[Ruler]:
    """Return the pictures of one test: none where nothing was measured."""
    part = test.part
    if part["number"] is None and part["interval"] is None:
        return []
    if test.kind == "evidence":
        return [_evidence(test)]
    if test.kind == "spread":
        ratio = float(test.body["ratio"])
        return [_fitted("Spread, highest over lowest twentieth", part["number"],
                        _zone_of(part["interval"]), ((ratio, math.inf),),
                        ((-math.inf, ratio),), "number", "", also=(1.0,))]  # fmt: skip
    if test.kind == "counterfactual":
        effect = _effect(test)
        return [effect] if part["measure"] == "mean effect" else [_share(test, minimum), effect]
    if test.kind == "aftermath" and test.body.get("from"):
        return [_change(test)]
    return [_share(test, minimum)] if part["measure"] in SHARES else []


def _zone_of(found: Any) -> Zone | None:
    if found is None:
        return None
    low, high = found
    return (-math.inf if low is None else low, math.inf if high is None else high)


def _share(test: Test, minimum: float) -> Ruler:
    least = test.minimum or minimum
    for_it: tuple[Zone, ...] = ((least, 1.0),)
    against: tuple[Zone, ...] = ((0.0, 1.0 - least),)
    bounds = test.body.get("probability")
    if bounds:
        for_it = ((bounds["low"], bounds["high"]),)
        against = tuple(z for z in ((0.0, bounds["low"]), (bounds["high"], 1.0)) if z[1] > z[0])
    measure = test.part["measure"]
    title = CAUSES.get(measure, measure.capitalize())
    return Ruler(title, test.part["number"], _zone_of(test.part["interval"]), for_it, against,
                 "share", "", 0.0, 1.0)  # fmt: skip


def _effect(test: Test) -> Ruler:
    effect, body = test.part["details"]["effect"], test.body
    margin = float(body["margin"])
    if body.get("margin_is") == "relative":
        margin *= abs(test.part["details"]["arms"].get("as it was", 0.0))
    zones = _toward(str(body["direction"]), margin)
    return _fitted(f"Effect on: {measured(body)} (mean of the pairs)", effect["mean"],
                   _zone_of(effect["interval"]), *zones, "difference", unit_of(body),
                   also=(0.0,))  # fmt: skip


def _toward(direction: str, margin: float) -> tuple[tuple[Zone, ...], tuple[Zone, ...]]:
    """Return the effects that speak for a claimed direction and those against it."""
    inf = math.inf
    return {
        "increase": (((margin, inf),), ((-inf, margin),)),
        "decrease": (((-inf, -margin),), ((-margin, inf),)),
        "none": (((-margin, margin),), ((-inf, -margin), (margin, inf))),
    }[direction]


def _change(test: Test) -> Ruler:
    zones = _toward(str(test.body["direction"]), float(test.body.get("margin") or 0.0))
    return _fitted(test.part["measure"].capitalize(), test.part["number"], None, *zones,
                   "difference", "", also=(0.0,))  # fmt: skip


def _evidence(test: Test) -> Ruler:
    claimed = _zone_of(test.part["details"]["claimed"]) or (-math.inf, math.inf)
    below, above = (-math.inf, claimed[0]), (claimed[1], math.inf)
    against = tuple(zone for zone in (below, above) if zone[0] < zone[1])
    say, unit = observed_words(test.part["details"]["unit"])
    kind = "share" if say is per_cent else "number"
    return _fitted(f"Observed, {unit}".rstrip(", "), test.part["number"],
                   _zone_of(test.part["interval"]), (claimed,), against, kind, "")  # fmt: skip


def _fitted(
    title: str,
    value: float | None,
    found: Zone | None,
    for_it: tuple[Zone, ...],
    against: tuple[Zone, ...],
    kind: str,
    unit: str,
    also: tuple[float, ...] = (),
) -> Ruler:
    """Return a ruler long enough for its number, interval and the ends of its zones."""
    known = [v for v in (value, *(found or ()), *(e for z in (*for_it, *against) for e in z), *also)
             if v is not None and math.isfinite(v)]  # fmt: skip
    low, high = min(known), max(known)
    room = 0.15 * (high - low) or 0.15 * abs(high) or 1.0
    low = 0.0 if kind != "difference" and 0.0 <= low < 4 * room else low - room
    return Ruler(title, value, found, for_it, against, kind, unit, low, high + room)


def dose_figure(doses: Sequence[float], means: Sequence[float], body: Any) -> Markup:
    """Return the mean answer to every dose."""
    unit = unit_of(body)
    low, high = min(0.0, *means), max(means)
    chart = Chart((doses[0], doses[-1]), (low, high if high > low else low + 1.0),
                  str(body["path"]), f"{measured(body)}", unit, 520, 240)  # fmt: skip
    words = [f"{body['path']} {number(dose)}: {quantity(mean, unit)}"
             for dose, mean in zip(doses, means, strict=True)]  # fmt: skip
    points = [(mean, mean, mean) for mean in means]
    drawn = chart.line(doses, means, "median") + chart.bars(doses, points, words)
    return chart.drawn(f"{measured(body)} by {body['path']}", drawn)
