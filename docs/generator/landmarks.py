"""The table of landmarks on the page on other crises: scores beside what has to be beaten."""

from __future__ import annotations

from generator.fragments import DOCS
from generator.markdown import table
from steppe.research.landmarks.benchmark import TaskScore, benchmark
from steppe.research.landmarks.table import open_landmarks

PAGE = DOCS / "explanation" / "other-crises.md"
BEGIN, END = "<!-- landmarks begin -->", "<!-- landmarks end -->"


def other_crises() -> str:
    """Return the page with its table of landmarks made from the packaged file."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{_table().strip()}\n\n{END}{rest.partition(END)[2]}"


def _table() -> str:
    return table(
        ("Question", "Protests", "Base rate", "To beat", "Model", "Model less base rate",
         "Model less what to beat"),
        map(_row, benchmark(open_landmarks())),
    )  # fmt: skip


def _row(one: TaskScore) -> tuple[str, ...]:
    names = f"{one.task.name}: {one.task.title}"
    return (
        names if "at day 7" not in one.task.name else f"B1: {one.task.title}", f"{one.n:,}",
        f"{one.base:.3f}", f"{one.bar:.3f} ({one.task.to_beat})", f"{one.score:.3f}",
        _interval(one.gap), _interval(one.bar_gap),
    )  # fmt: skip


def _interval(ends: tuple[float, float]) -> str:
    return f"{ends[0]:+.3f} to {ends[1]:+.3f}"
