"""What a notebook shows of a study: short tables, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from steppe.results.engines import UNTOLD, label
from steppe.results.formatting import count, interval, quantity, signed
from steppe.results.outcomes import by_name, headlines, series_of

if TYPE_CHECKING:
    from steppe.study.comparison import OutcomeDifference
    from steppe.study.ensemble import Ensemble
    from steppe.study.pair import Pair
    from steppe.study.sensitivity import Sensitivity
    from steppe.study.sweep import Sweep

MOST_ROWS = 30
"""So many points or parameters are shown."""

SWEPT = ("peak_active", "killed")
"""Outcomes that are shown of a sweep."""


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of texts."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(line(row, "td") for row in rows)
    return (
        f"<table><caption style='text-align:left'>{escape(caption)}</caption>"
        f"<thead>{line(head, 'th')}</thead><tbody>{body}</tbody></table>"
    )


def pair_html(pair: Pair) -> str:
    """Return the effects of a pair and what it says of the regime's fate."""
    rows = [_effect(row) for row in pair.comparison.headlines]
    patch = ", ".join(f"{change.path}: {change.old} → {change.new}" for change in pair.patch)
    engine = label(pair.baseline.engine, pair.baseline.scale)
    caption = f"{pair.name or 'pair'}: {count(len(pair.seeds), 'pair')}, {engine}; {patch}"
    head = (
        "", "baseline, median", "counterfactual, median", "difference, mean of pairs",
        "95 % interval",
    )  # fmt: skip
    return table(caption, head, rows) + f"<p>{_fate(pair)}</p>"


def _effect(row: OutcomeDifference) -> tuple[str, ...]:
    arms = (quantity(value, row.unit, row.digits) for value in (row.baseline, row.counterfactual))
    low, high = (signed(end, row.unit, row.digits) for end in (row.effect.low, row.effect.high))
    difference = signed(row.effect.difference, row.unit, row.digits)
    return (row.label, *arms, difference, f"{low} to {high}")


def _fate(pair: Pair) -> str:
    stays = pair.comparison.cause("regime_stays")
    if stays is None:
        return UNTOLD
    statements = [
        f"{name} {p[0]:.2f} ({p[1]:.2f}–{p[2]:.2f})" if p else f"{name}: no seed says"
        for name, p in (("necessary", stays.necessity), ("sufficient", stays.sufficiency))
    ]
    return f"For the regime to stay: {'; '.join(statements)}."


def ensemble_html(ensemble: Ensemble) -> str:
    """Return the main outcomes of an ensemble over its seeds."""
    runs = list(ensemble.trajectories(names=()))
    rows = []
    for one in headlines():
        values = series_of(one, runs)
        if values is not None and len(values):
            low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
            ends = interval(low, high, one.unit, one.digits)
            rows.append((one.label, quantity(middle, one.unit, one.digits), ends))
    engine = label(ensemble.engine, ensemble.scale)
    caption = f"{len(runs)} of {count(len(ensemble.seeds), 'seed')}, {engine}"
    return table(caption, ("", "median", "90 % of the runs"), rows)


def sweep_html(sweep: Sweep) -> str:
    """Return the median outcomes at the first points of a sweep."""
    axes = sweep.design.axes
    data = sweep.dataset() if sweep.runs else None
    outcomes = [by_name()[name] for name in SWEPT]
    rows = [
        (
            *(str(value) for value in sweep.design.values[point]),
            *(quantity(float(np.nanmedian(data[one.name].values[point])), one.unit)
              for one in outcomes),
        )
        for point in range(min(len(sweep.design), MOST_ROWS))
        if data is not None and any(sweep.keys[point])
    ]  # fmt: skip
    size = f"{count(len(sweep.design), 'point')}, {count(len(sweep.seeds), 'seed')} each"
    head = [*(axis.name for axis in axes), *(f"{one.label}, median" for one in outcomes)]
    return table(f"{size}, {label(sweep.engine, sweep.scale)}", head, rows)


def sensitivity_html(result: Sensitivity) -> str:
    """Return the strongest influences on an outcome."""
    rows: Sequence[tuple[str, ...]] = [
        (one.parameter, f"{one.strength[0]:.3g}", f"{one.strength[1]:.3g} to {one.strength[2]:.3g}")
        for one in result.influences[:MOST_ROWS]
    ]
    caption = f"{result.outcome} by {result.method}, {result.engine}"
    return table(caption, ("parameter", "strength", "95 % interval"), rows)
