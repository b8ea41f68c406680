"""The figure of a comparison: what the change did to each outcome, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from steppe.plot import style
from steppe.plot.style import Picture
from steppe.results.formatting import signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from steppe.study.comparison import OutcomeDifference

ROW = 0.46
"""Height of a row in inches."""

LETTERS = 24
"""Letters of a label in a line."""


def draw_effects(rows: Sequence[OutcomeDifference], title: str, note: str) -> Picture:
    """Return a row for each outcome: every pair, the mean, its 95 % interval, and these in words.

    Rows have a scale each, with one zero line. Grey rows are not told from nothing.
    """
    size = (6.6, 1.2 + ROW * max(2, len(rows)))
    with style.drawing(title, note, size=size) as (picture, (axes,)):
        axes.grid(False)
        axes.axvline(0.0, color=style.SOFT, linewidth=0.8)
        for at, row in enumerate(rows):
            _draw_row(axes, at, row)
        low, high = axes.dataLim.intervalx
        axes.set_xlim(min(low, -0.12) - 0.06, max(high, 0.12) + 0.06)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xticks([])
        axes.tick_params(length=0)
        axes.set_yticks(range(len(rows)), [_label(row) for row in rows], fontsize=7.6)
        axes.spines[["left", "bottom"]].set_visible(False)
        words = axes.secondary_yaxis("right")
        words.set_yticks(range(len(rows)), [_words(row) for row in rows], fontsize=7.6)
        words.tick_params(length=0)
        words.spines["right"].set_visible(False)
    return picture


def _draw_row(axes: Axes, at: int, row: OutcomeDifference) -> None:
    gaps = np.array(row.by_pair, dtype=np.float64)
    one = row.effect
    extremes = [abs(v) for v in (*gaps, one.low, one.high) if np.isfinite(v)]
    end = max([*extremes, 1e-12])
    clear = np.isfinite(one.low) and (one.low > 0.0 or one.high < 0.0)
    color = style.SOFT if not clear else style.BLUE if one.difference > 0 else style.OCHRE
    axes.plot(gaps / end, np.full(len(gaps), at), "o", ms=3, color=color, alpha=0.35, mew=0)
    if np.isfinite(one.low):
        axes.plot([one.low / end, one.high / end], [at, at], color=color, linewidth=2.6,
                  solid_capstyle="round")  # fmt: skip
    axes.plot(one.difference / end, at, "o", ms=5, color=color, mec="white", mew=0.8)


def _label(row: OutcomeDifference) -> str:
    return fill(row.label, LETTERS)


def _words(row: OutcomeDifference) -> str:
    one = row.effect
    mean, low, high = (
        signed(value, row.unit, row.digits) for value in (one.difference, one.low, one.high)
    )
    return f"{mean}\n({low} to {high})" if np.isfinite(one.low) else mean
