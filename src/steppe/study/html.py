"""What a notebook shows of a study: short tables, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from steppe.results.outcomes import headlines, series_of

if TYPE_CHECKING:
    from steppe.study.ensemble import Ensemble
    from steppe.study.pair import Pair


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of texts."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(line(row, "td") for row in rows)
    return (
        f"<table><caption style='text-align:left'>{escape(caption)}</caption>"
        f"<thead>{line(head, 'th')}</thead><tbody>{body}</tbody></table>"
    )


def number(value: float) -> str:
    """Return a number of three or four digits; – if there is none."""
    if value != value:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def pair_html(pair: Pair) -> str:
    """Return the effects of a pair and what it says of the regime's fate."""
    rows = [
        (row.label, number(row.baseline), number(row.counterfactual),
         number(row.effect.difference), f"{number(row.effect.low)} to {number(row.effect.high)}")
        for row in pair.comparison.headlines
    ]  # fmt: skip
    patch = ", ".join(f"{change.path}: {change.old} → {change.new}" for change in pair.patch)
    caption = f"{pair.name or 'pair'}: {len(pair.seeds)} pairs; {patch}"
    head = (
        "",
        "baseline, median",
        "counterfactual, median",
        "difference, mean of pairs",
        "95 % interval",
    )
    stays = pair.causation[0]
    statements = [
        f"{name} {p[0]:.2f} ({p[1]:.2f}–{p[2]:.2f})" if p else f"{name}: no seed says"
        for name, p in (("necessary", stays.necessity), ("sufficient", stays.sufficiency))
    ]
    return table(caption, head, rows) + f"<p>For the regime to stay: {'; '.join(statements)}.</p>"


def ensemble_html(ensemble: Ensemble) -> str:
    """Return the main outcomes of an ensemble over its seeds."""
    import numpy as np

    runs = list(ensemble.trajectories(names=()))
    rows = []
    for one in headlines():
        values = series_of(one, runs)
        if values is not None and len(values):
            low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
            rows.append((one.label, number(middle), f"{number(low)} to {number(high)}"))
    caption = f"{len(runs)} of {len(ensemble.seeds)} seeds"
    return table(caption, ("", "median", "90 % of the runs"), rows)
