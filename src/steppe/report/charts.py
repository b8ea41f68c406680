"""Charts of a page: their numbers, drawn by the page's script, and a table for other readers.

A chart is written as ``<figure data-chart="KIND">`` with its data as JSON; ``web/charts/mount.js``
says which keys each kind has. Where the page does not already show the numbers, the figure holds
them as a table too, for readers without scripts and for screen readers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
from markupsafe import Markup

from steppe.report.encode import safe_json
from steppe.results.formatting import bounds, day, interval, number, quantity
from steppe.results.outcomes import label_of, noun_of
from steppe.study.levers import name_of

if TYPE_CHECKING:
    from steppe.report.payload import Bounds, Fan, ObservedPoint, Share, Spread, TargetRow
    from steppe.study.causation import Causation, Interval
    from steppe.study.comparison import OutcomeDifference
    from steppe.study.sensitivity import Sensitivity
    from steppe.study.tipping import Tipping

Kind = Literal["intervals", "effects", "shares", "curve", "fan"]
Cell = float | str | bool | Sequence[float | None] | Mapping[str, float | str | None] | None


@dataclass(frozen=True, slots=True)
class ChartTable:
    """Numbers in words: column heads and rows, the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its kind, what it shows, its data, and its table where the page has no other."""

    kind: Kind
    title: str
    data: Mapping[str, object]
    table: ChartTable | None = None

    @property
    def json(self) -> Markup:
        """The data for the page's script."""
        return Markup(safe_json({"title": self.title, **self.data}))


def known(value: float | None) -> float | None:
    """Return a number, or None for one that is missing or infinite."""
    return None if value is None or not math.isfinite(value) else float(value)


def chart_row(
    label: str, line: tuple[float | None, float | None, float | None], unit: str, **more: Cell
) -> dict[str, Cell]:
    """Return one row of a chart; ``line`` is (low, middle, high)."""
    low, mid, high = (known(value) for value in line)
    return {"label": label, "low": low, "mid": mid, "high": high, "unit": unit, **more}


def observed_keys(observed: Bounds) -> dict[str, Cell]:
    """Return the keys of a row for the observed range (low, value, high)."""
    low, value, high = (known(one) for one in observed)
    return {"observed_low": low, "observed": value, "observed_high": high}


def _single(kind: Kind, title: str, row: dict[str, Cell], table: ChartTable | None = None) -> Chart:
    """Return a chart of one row whose name the page says already."""
    return Chart(kind, title, {"rows": [row], "plain": True}, table)


def target_chart(row: TargetRow) -> Chart | None:
    """Return the observed range against the simulated interval, None where neither is known."""
    line = row.simulated or (None, None, None)
    if all(known(value) is None for value in (*row.observed, *line)):
        return None
    return _single(
        "intervals", row.title, chart_row("", line, row.unit, **observed_keys(row.observed))
    )


def spread_chart(spread: Spread) -> Chart:
    """Return every run on an axis with the median and the observed range."""
    row = chart_row(
        "", spread.quantiles, spread.unit, values=spread.values, **observed_keys(spread.observed)
    )
    low, middle, high = spread.quantiles
    words = (
        quantity(middle, spread.unit, spread.digits),
        interval(low, high, spread.unit, spread.digits),
        quantity(spread.observed[1], spread.unit),
        bounds(spread.observed[0], spread.observed[2], spread.unit) or "–",
    )
    table = ChartTable(("Median", "90 % of the runs", "Observed", "Observed range"), (words,))
    return _single("intervals", spread.label, row, table)


def share_chart(share: Share) -> Chart:
    """Return a share of the runs with its 95 % interval."""
    row = chart_row("", (share.low, share.share, share.high), "share", key=share.key)
    return _single("shares", share.label, row)


def chance_chart(p: Interval) -> Chart:
    """Return a probability with its interval."""
    return _single("shares", "Probability", chart_row("", (p[1], p[0], p[2]), "share"))


def effect_chart(row: OutcomeDifference) -> Chart | None:
    """Return each pair's difference over their mean and its interval; None if no pair differs."""
    if not any(row.by_pair):
        return None
    e = row.effect
    ends = (e.low, e.difference, e.high) if e.pairs > 1 else (None, e.difference, None)
    return _single("effects", row.label, chart_row("", ends, row.unit, values=row.by_pair))


CAUSE_ROWS = {
    "always": "in both histories",
    "only_with": "only in the baseline",
    "only_without": "only in the counterfactual",
    "never": "in neither",
}


def cause_chart(cause: Causation, title: str) -> Chart:
    """Return in how many seeds it happened in both histories, in one, in none."""
    counts = {name: int(getattr(cause, name)) for name in CAUSE_ROWS}
    rows = [
        chart_row(CAUSE_ROWS[name], (None, n / cause.pairs, None), "share", key=name)
        for name, n in counts.items()
    ]
    words = tuple((CAUSE_ROWS[name], f"{n} of {cause.pairs}") for name, n in counts.items())
    return Chart("shares", title, {"rows": rows}, ChartTable(("It happens", "Seeds"), words))


def _mark(t: Tipping) -> dict[str, float] | None:
    """Return where it tips; an interval that leaves the sizes that were run ends at the last."""
    if t.point is None:
        return None
    at, low, high = t.point
    return {"at": at, "low": max(low, t.sizes[0]), "high": min(high, t.sizes[-1])}


def tipping_chart(t: Tipping) -> Chart:
    """Return the chance of the event at each size, its monotone curve, and where it tips."""
    name = f"Share of runs: {label_of(t.event).lower()}"
    points = [
        {"x": size, "mid": p[0], "low": p[1], "high": p[2]}
        for size, p in zip(t.sizes, t.chance, strict=True)
    ]
    data = {
        "x": t.sizes, "y": t.fitted, "points": points, "mark": _mark(t), "unit": "share",
        "level": {"y": 0.5, "label": "one half"}, "x_label": name_of(t.path), "y_label": name,
    }  # fmt: skip
    return Chart("curve", f"{name}, by {name_of(t.path).lower()}: {t.verdict}", data)


def level_chart(t: Tipping, unit: str) -> Chart:
    """Return the mean outcome at each size with its interval."""
    name = f"{label_of(t.outcome)}, mean"
    mean, low, high = (np.nan_to_num([p[i] for p in t.level]).tolist() for i in range(3))
    data = {
        "x": t.sizes, "y": mean, "low": low, "high": high, "mark": _mark(t), "unit": unit,
        "x_label": name_of(t.path), "y_label": name,
    }  # fmt: skip
    return Chart("curve", f"{name}, by {name_of(t.path).lower()}", data)


def influence_chart(s: Sensitivity, most: int) -> Chart:
    """Return the ``most`` strongest influences with their 95 % intervals on one axis."""
    rows = [
        chart_row(name_of(one.parameter), (one.strength[1], one.strength[0], one.strength[2]), "")
        for one in s.influences[:most]
    ]
    title = f"Influences on {noun_of(s.outcome)}, {s.method}"
    return Chart("intervals", title, {"rows": rows, "shared": True, "log": False})


def dose_chart(
    doses: Sequence[float], means: Sequence[float], names: tuple[str, str, str]
) -> Chart:
    """Return the mean answer to every dose; ``names`` are the dose, the outcome and its unit."""
    dose, outcome, unit = names
    points = [{"x": x, "mid": y} for x, y in zip(doses, means, strict=True)]
    data = {"x": doses, "y": means, "points": points, "unit": unit, "x_label": dose,
            "y_label": outcome}  # fmt: skip
    rows = tuple((number(x), quantity(y, unit)) for x, y in zip(doses, means, strict=True))
    return Chart("curve", f"{outcome} by {dose}", data, ChartTable((dose, outcome), rows))


def _words(points: Sequence[ObservedPoint], hour: int, unit: str) -> str:
    """Return what was observed on the day that begins at ``hour``."""
    points_of_day = [p for p in points if hour <= p.hour < hour + 24 and not p.after]
    return "; ".join(
        quantity(p.value, unit) if p.value is not None else bounds(p.low, p.high, unit)
        for p in points_of_day
    )


def fan_table(start: str, fans: Mapping[str, Fan]) -> ChartTable:
    """Return the country's median and 90 % interval at noon of each day, in every history."""
    first = datetime.fromisoformat(start)
    example = next(iter(fans.values()))
    points = example.observed.get("national", ())
    noons = range((12 - first.hour) % 24, example.quantiles.shape[1], 24)
    head = ["Day, at noon"]
    for name in fans:
        head += [name, "90 % of the runs"]
    rows = []
    for hour in noons:
        cells = [day(first + timedelta(hours=hour))]
        for fan in fans.values():
            low, middle, high = (float(fan.quantiles[i, hour]) for i in (0, 2, 4))
            cells += [quantity(middle, fan.unit), interval(low, high, fan.unit)]
        midnight = hour - 12
        rows.append((*cells, *((_words(points, midnight, example.unit),) if points else ())))
    return ChartTable((*head, *(("Observed that day",) if points else ())), tuple(rows))
