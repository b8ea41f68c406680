"""Charts of one claim: its number with its interval, and what would support it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from steppe.report.charts import Chart, ChartTable, chart_row, known
from steppe.report.claims_words import (
    MEASURES,
    ClaimTestResult,
    difference,
    ends,
    measured,
    observed_words,
    per_cent,
)
from steppe.results.formatting import number
from steppe.study.claims.arms import BASELINE

CAUSES = {
    "necessity": "Share of pairs: otherwise without it",
    "sufficiency": "Share of pairs: so with it",
    "both": "Share of pairs: only with it",
}

Zone = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ClaimMeasure:
    """A number, its 95 % interval and the zone that supports the claim; ends may be infinite.

    ``kind`` is how numbers are said: ``share``, ``difference`` or ``number``.
    """

    title: str
    number: float | None
    interval: Zone | None
    supports: Zone
    kind: str
    unit: str = ""

    def words(self, value: float | None) -> str:
        """Return a value in words."""
        if self.kind == "difference":
            return difference(value, self.unit)
        return per_cent(value) if self.kind == "share" else number(value)

    def ends_words(self, zone: Zone) -> str:
        """Return a zone in words, open ends as ``at least`` and ``at most``."""
        return ends((known(zone[0]), known(zone[1])), self.words)

    def chart(self) -> Chart:
        """Return the chart: the number in its interval over the zone that supports the claim."""
        low, high = self.interval or (None, None)
        row = chart_row(
            "", (low, self.number, high), "share" if self.kind == "share" else self.unit,
            observed_low=known(self.supports[0]), observed_high=known(self.supports[1]),
        )  # fmt: skip
        table = ChartTable(
            ("Number", "95 % interval", "Supports the claim"),
            ((self.words(self.number), self.ends_words(self.interval) if self.interval else "–",
              self.ends_words(self.supports)),),
        )  # fmt: skip
        title = f"{self.title}; supports the claim: {table.rows[0][2]}"
        return Chart("intervals", title, {"rows": [row], "plain": True, "log": False}, table)


def claim_measures(test: ClaimTestResult, minimum: float) -> list[ClaimMeasure]:
    """Return what one test measured: nothing where there is no number."""
    part, body = test.part, test.body
    value, interval = part["number"], _zone(part["interval"])
    if value is None and interval is None:
        return []
    if test.kind == "evidence":
        say, unit = observed_words(test.details["unit"])
        zone = _zone(test.details["claimed"]) or (-math.inf, math.inf)
        kind = "share" if say is per_cent else "number"
        return [ClaimMeasure(f"Observed, {unit}".rstrip(", "), value, interval, zone, kind)]
    if test.kind == "spread":
        title, zone = "Spread, highest over lowest twentieth", (float(body["ratio"]), math.inf)
        return [ClaimMeasure(title, value, interval, zone, "number")]
    if test.kind == "counterfactual":
        effect = _effect(test)
        return [effect] if part["measure"] == "mean effect" else [_share(test, minimum), effect]
    if test.kind == "aftermath" and body.get("from"):
        zone = _toward(str(body["direction"]), float(body.get("margin") or 0.0))
        return [ClaimMeasure(part["measure"].capitalize(), value, None, zone, "difference")]
    is_share = part["measure"] in MEASURES and part["measure"] != "share of outcomes"
    return [_share(test, minimum)] if is_share else []


def _zone(interval: Sequence[float | None] | None) -> Zone | None:
    if interval is None:
        return None
    low, high = interval
    return (-math.inf if low is None else low, math.inf if high is None else high)


def _share(test: ClaimTestResult, minimum: float) -> ClaimMeasure:
    least = test.body.get("minimum_probability") or minimum
    bounds = test.body.get("probability") or {"low": least, "high": 1.0}
    measure = test.part["measure"]
    return ClaimMeasure(CAUSES.get(measure, measure.capitalize()), test.part["number"],
                        _zone(test.part["interval"]), (bounds["low"], bounds["high"]),
                        "share")  # fmt: skip


def _effect(test: ClaimTestResult) -> ClaimMeasure:
    effect, body = test.details["effect"], test.body
    margin = float(body["margin"])
    if body.get("margin_is") == "relative":
        margin *= abs(test.details["arms"].get(BASELINE, 0.0))
    return ClaimMeasure(f"Effect on: {measured(body)} (mean of the pairs)", effect["mean"],
                        _zone(effect["interval"]), _toward(str(body["direction"]), margin),
                        "difference", test.unit)  # fmt: skip


def _toward(direction: str, margin: float) -> Zone:
    """Return the effects that support a claimed direction."""
    inf = math.inf
    return {"increase": (margin, inf), "decrease": (-inf, -margin), "none": (-margin, margin)}[
        direction
    ]
