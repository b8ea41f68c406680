"""Figures of nowcasts: how what is said of the same days changes as more days are let in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from steppe.plot import style
from steppe.plot.style import Picture


class CrowdInterval(NamedTuple):
    """What was said of one day: 5 %, median and 95 % of its largest crowd."""

    day: date
    low: float
    middle: float
    high: float


def narrowing(
    forecasts: Mapping[date, Sequence[CrowdInterval]], came: Mapping[date, float], label: str
) -> Picture:
    """Draw what was said of the days after each day (``forecasts``), and what ``came``.

    One panel for each day that was let in, the earliest above; crowds on a scale of log10(1 + x).
    """
    days = sorted({one.day for intervals in forecasts.values() for one in intervals} | set(came))
    note = "bars: 90 %, dots: median of what was said; diamonds: what came (filled: known by then)"
    with style.drawing(
        label, note, rows=[1.0] * len(forecasts), size=(6.6, 1.15 * len(forecasts) + 0.9)
    ) as (
        picture,
        axes,
    ):
        for panel, (until, intervals) in zip(axes, sorted(forecasts.items()), strict=True):
            x = np.array([days.index(one.day) for one in intervals])
            low, middle, high = (
                np.log10(1.0 + np.array([one[at] for one in intervals])) for at in (1, 2, 3)
            )
            panel.vlines(x, low, high, color=style.BLUE, linewidth=5, alpha=0.35)
            panel.plot(x, middle, "o", ms=4, color=style.BLUE)
            for day, value in sorted(came.items()):
                face = style.ORANGE if day <= until else "none"
                panel.plot([days.index(day)], [np.log10(1.0 + value)], "D", ms=4.5,
                           mec=style.ORANGE, mfc=face)  # fmt: skip
            panel.axvline(days.index(until) + 0.5 if until in days else -0.5, color=style.SOFT,
                          linewidth=0.8, linestyle=":")  # fmt: skip
            panel.set_ylabel(f"said on\n{until.day} {until:%b}")
            panel.set_yticks([0, 2, 4], ["0", "100", "10,000"])
            panel.set_ylim(-0.2, 6.0)
        axes[-1].set_xticks(range(len(days)), [f"{day.day} {day:%b}" for day in days])
    return picture
