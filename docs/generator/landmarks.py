"""The tables of landmarks on the page on other crises: scores beside what has to be beaten."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generator.fragments import DOCS
from generator.markdown import paragraph, table
from generator.promises import ROOT
from steppe.research.landmarks.benchmark import TaskScore, benchmark
from steppe.research.landmarks.table import open_landmarks

PAGE = DOCS / "explanation" / "other-crises.md"
RUNS = ROOT / "validation" / "landmarks.json"

Question = Mapping[str, Any]


def other_crises() -> str:
    """Return the page with its tables of landmarks made from the packaged file and from runs."""
    text = _between(PAGE.read_text(encoding="utf-8"), "landmarks", _table())
    return _between(text, "landmark runs", _runs(json.loads(RUNS.read_text(encoding="utf-8"))))


def _between(text: str, name: str, content: str) -> str:
    """Return ``text`` with ``content`` between the marks of ``name``."""
    begin, end = f"<!-- {name} begin -->", f"<!-- {name} end -->"
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{content.strip()}\n\n{end}{rest.partition(end)[2]}"


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


def _runs(account: Mapping[str, Any]) -> str:
    """Return what runs of the model say of a sample of landmarks, and how well."""
    questions: Mapping[str, Question] = account["questions"]
    worse = [n for n, one in questions.items() if one["pooled"]["less_bar"][0] > 0.0]
    better = [n for n, one in questions.items() if one["pooled"]["less_bar"][1] < 0.0]
    used = [n for n, one in questions.items() if max(one["shares"]) > 0.0]
    told = [
        f"**Runs of the model pooled with what is to beat answer {len(worse)} of "
        f"{len(questions)} questions worse than that alone, {len(better)} better**, with an "
        f"interval clear of 0 (worse: {_names(worse)}; better: {_names(better)}).",
        f"Where their share is learnt from other countries it is above 0 for {_names(used)}.",
    ]
    about = (
        f"{account['sample']} landmarks, the first in the order of a hash, each forecast by "
        f"{account['looks']} draws of the law, of which up to {account['draws']} went on "
        f"(model version {account['model']})."
    )
    header = (
        "Question", "Landmarks", "Base rate", "To beat", "Regression", "Runs alone", "Pooled",
        "Pooled less what to beat", "Share learnt elsewhere", "Of 1,000 and more: runs, to beat",
    )  # fmt: skip
    rows = (tuple(_run_row(name, one)) for name, one in questions.items())
    return "\n".join([paragraph(" ".join(told)), table(header, rows) + "\n", paragraph(about)])


def _names(names: list[str]) -> str:
    return ", ".join(names) or "none"


def _run_row(name: str, one: Question) -> Iterator[str]:
    shares, large = one["shares"], one["large"]
    yield name
    yield f"{one['n']}"
    yield from (f"{one[way]:.3f}" for way in ("base", "bar", "regression"))
    yield from (f"{one[way]['score']:.3f}" for way in ("runs", "pooled"))
    yield _interval(tuple(one["pooled"]["less_bar"]))
    yield f"{shares[0]:g}" if len(shares) == 1 else f"{shares[0]:g} to {shares[-1]:g}"
    yield f"{large['runs']:.3f}, {large['bar']:.3f} ({large['n']})"
