"""The page of a nowcast: what was known on a day, what comes next, one file without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from steppe.report.charts import Chart, ChartTable
from steppe.report.frame import render_page, save
from steppe.results.formatting import number
from steppe.study.nowcast.limits import limits

if TYPE_CHECKING:
    from steppe.study.nowcast.result import EventChance, ForecastFan, Nowcast, WhatIf

DAYS = 14
"""Days ahead that are drawn; the table has as many."""

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class NowcastPayload:
    """A nowcast, the command that repeats it, and what made the page."""

    result: Nowcast
    command: str
    versions: Mapping[str, str]
    attribution: Sequence[str] = ()


def answers(result: Nowcast) -> list[str]:
    """Return what is said, in sentences."""
    peak = result.fan("peak_on_day").days[0]
    low, _, middle, _, high = (number(round(x)) for x in peak.pooled.quantiles())
    return [
        f"On {peak.day.day} {peak.day:%B} the largest crowd is {middle} ({low} to {high}, 90 %).",
    ]


def chance_table(chances: Sequence[EventChance]) -> ChartTable:
    """Return every chance beside what it has to beat."""
    rows = tuple(
        (one.words, *map(_p, (one.pooled, one.model, one.persistence, one.growth, one.base_rate)))
        for one in chances
    )
    return ChartTable(("Event", "P", "Model", "As now", "Growth elsewhere", "Base rate"), rows)


def _p(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def fan(one: ForecastFan) -> Chart:
    """Return the course of one quantity: median and the middle 90 % at the noon of each day."""
    days = one.days[:DAYS]
    quantiles = [day.pooled.quantiles() for day in days]
    low, middle, high = ([q[at] for q in quantiles] for at in (0, 2, 4))
    start = datetime.combine(days[0].day, time())
    rows = tuple(
        (f"{day.day:%d %b}", *(number(round(x)) for x in (q[0], q[2], q[4])))
        for day, q in zip(days, quantiles, strict=True)
    )
    last = "none" if one.last is None else number(one.last)
    data = {
        "hours": [24 * at + 12 for at in range(len(days))], "median": middle, "low": low,
        "high": high, "unit": one.key.unit, "start": start.isoformat(timespec="minutes"),
    }  # fmt: skip
    title = f"{one.key.label} ({one.key.unit}); the last figure was {last}"
    return Chart("fan", title, data, ChartTable(("Day", "5 %", "Median", "95 %"), rows))


def what_if_table(one: WhatIf, start: datetime) -> ChartTable:
    """Return what differs in a what-if: chances, and the crowd day by day."""
    rows = [(name, f"{gap:+.2f}", f"± {error:.2f}") for name, (gap, error) in one.chances.items()]
    crowd = next(part for part in one.fans if part.key.observable == "peak_on_day")
    rows += [
        (f"largest crowd, {start + timedelta(days=at):%d %b}", f"{crowd.mean[at]:+,.0f}",
         f"{crowd.low[at]:+,.0f} to {crowd.high[at]:+,.0f}")
        for at in range(0, DAYS, 3)
    ]  # fmt: skip
    return ChartTable(("What if, less as it is", "Mean", "Error, or 90 % of draws"), tuple(rows))


def figure_table(result: Nowcast) -> ChartTable:
    """Return every figure that was known, beside the looks of the prior."""
    rows = tuple(
        (one.id, f"{one.observed:.2f}", f"{one.sd:.2f}",
         " to ".join(f"{x:.2f}" for x in (one.prior[0], one.prior[2])),
         "yes" if one.usable else "beyond the model")
        for one in sorted(result.figures, key=lambda one: (one.usable, one.id))
    )  # fmt: skip
    return ChartTable(("Figure", "Observed", "Error", "90 % of looks", "In the weights"), rows)


def render_nowcast(payload: NowcastPayload) -> str:
    """Return the page; the same payload always gives the same text."""
    result = payload.result
    start = datetime.combine(result.until + timedelta(days=1), time())
    nation = [one for one in result.fans if one.key.region == "national"]
    return render_page("nowcast.html.j2", "plain.js", {}, {
        "p": payload, "n": result, "answers": answers(result), "limits": limits(result),
        "chances": chance_table(result.chances), "fans": [fan(one) for one in nation],
        "what_ifs": [(one.title, what_if_table(one, start)) for one in result.what_ifs],
        "figures": figure_table(result),
    })  # fmt: skip


def write_nowcast_report(payload: NowcastPayload, path: Path) -> Path:
    """Write the page to ``path`` and return it."""
    return save(render_nowcast(payload), path)
