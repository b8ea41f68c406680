"""What a stored run shows: in one line, on one page, or in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.text import Text

from steppe.commands.console import PLAIN, RIGHT, Columns, facts, out, rows_table, say, warn
from steppe.commands.progress import duration
from steppe.commands.run_lookup import SHORT
from steppe.commands.summary import change_lines
from steppe.core.clock import Clock
from steppe.report.assumptions import input_words
from steppe.report.price_basis import price_basis
from steppe.results.engines import label, who
from steppe.results.formatting import count, moment, number, quantity
from steppe.results.outcomes import Outcome, Value, by_name, ending, headlines
from steppe.results.run_index import RunSummary
from steppe.results.trajectory import Trajectory
from steppe.study.resolve import ResolvedRequest, resolve_record

WIDE = 100
"""From this width on, the meaning of each series is shown."""

PAGE_EVENTS = 12
"""So many events of the model are on the page; all are shown in full."""

OUTCOMES = 3
"""So many headlines of the catalogue are in the line of a run."""


def line(run: RunSummary) -> str:
    """Return a run in one line."""
    values = ((one.short, one.read(run.outcome, run.citizens)) for one in headlines()[:OUTCOMES])
    parts = [f"{name} {value:,.0f}" for name, value in values if isinstance(value, int | float)]
    parts = [ending(str(run.outcome["fate"])), *parts] if "fate" in run.outcome else parts
    engine = label(run.engine, run.scale)
    return f"{run.key[:SHORT]}  {run.case} seed {run.seed}, {engine}: {', '.join(parts)}"


def page(summary: RunSummary, run: Trajectory, *, full: bool) -> None:
    """Print what a run is, how it ended, and what happened in it."""
    console, study = out(), resolve_record(run.record)
    title = study.baseline.title or summary.case
    console.print(Text.assemble((title, "title"), (f"   seed {summary.seed}", "faint")))
    console.print(facts(_facts(summary, study)))
    for text in summary.warnings:
        warn(console, text)
    say(console)
    console.print("Outcome", style="title")
    console.print(facts(_outcome(summary)))
    _events(console, run, study, full)
    if full:
        _series(console, run)
        say(console)
        console.print("Files", style="title")
        console.print("  " + ", ".join(summary.files), markup=False)


def _facts(summary: RunSummary, study: ResolvedRequest) -> Sequence[tuple[str, str]]:
    inputs = [f"{one.id}: {input_words(one)}" for one in study.baseline.inputs]
    seconds = " + ".join(f"{name} {duration(s)}" for name, s in summary.timings.items())
    return [
        ("run", summary.key),
        ("case", summary.case),
        ("scenario", summary.scenario_hash[:12]),
        *([("changed", "\n".join(change_lines(study.changes)))] if study.changes else []),
        *([("inputs", "\n".join(inputs))] if inputs else []),
        *([("price", price)] if (price := price_basis(study.baseline)) else []),
        ("values", _values(summary, study)),
        ("who", f"{summary.citizens:,} citizens, {who(summary.engine, summary.scale)}"
                f" ({count(summary.agents, 'agent')})"),
        ("when", f"from {summary.start}, {count(summary.hours, 'hour')}"),
        ("model", summary.engine_version),
        ("took", f"{seconds}; peak memory {summary.memory_mib:,.0f} MiB"),
        ("made", f"{summary.made}, {summary.size / 2**20:.1f} MiB on disk"),
        ("content", summary.content),
    ]  # fmt: skip


def _values(summary: RunSummary, study: ResolvedRequest) -> str:
    """Return where the run's parameters come from, and as which row of the sample."""
    sample = study.draws.posterior
    words = study.draws.words(1)
    return words if sample is None else f"row {sample.number(summary.seed)}: {words}"


def _clock(start: str, hours: int) -> Clock:
    return Clock(datetime.fromisoformat(start), hours)


def _outcome(summary: RunSummary) -> list[tuple[str, str]]:
    """Return what the run stored of its outcome, called and written as in the catalogue."""
    catalogue, clock = by_name(), _clock(summary.start, summary.hours)
    rows = []
    for name, value in summary.outcome.items():
        one = catalogue.get(name)
        if one is None:  # of another version
            rows.append((name.replace("_", " "), str(value)))
        else:
            rows.append((one.label, _text(value, one, clock)))
    return rows


def _text(value: Value, outcome: Outcome, clock: Clock) -> str:
    if isinstance(value, str):
        return outcome.words.get(ending(value), value or "–")
    if outcome.unit == "hour":
        return "–" if value < 0 else f"{value:,}, {moment(clock.time_of(int(value)))}"
    if isinstance(value, int):
        return f"{value:,}"
    return quantity(value, outcome.unit, outcome.digits)


def _events(console: Console, run: Trajectory, study: ResolvedRequest, full: bool) -> None:
    """Print the events of the model, the first of them or all; in full also the scripted ones."""
    clock = _clock(run.record.start, run.record.hours)
    texts = {event.id: event.text for event in study.baseline.timeline}
    events = [event for event in run.events if full or event.origin == "model"]
    most = len(events) if full else PAGE_EVENTS
    say(console)
    console.print(f"Events ({len(events)})", style="title")
    rows = (
        (
            moment(clock.time_of(event.hour)),
            event.actor,
            texts.get(event.text) or event.text or event.kind.replace("_", " "),
            event.where.replace("|", ", "),
        )
        for event in events[:most]
    )
    if events:
        console.print(rows_table((("when", PLAIN), ("who", PLAIN), "what", "where"), rows))
    if len(events) > most:
        console.print(f"and {len(events) - most} more; --full shows all", style="faint")


def _series(console: Console, run: Trajectory) -> None:
    say(console)
    console.print(f"Series ({len(run.series)})", style="title")
    wide = console.width >= WIDE
    columns: Columns = (
        "series", "over", ("least", RIGHT), ("most", RIGHT), "unit", *(["meaning"] if wide else []),
    )  # fmt: skip
    rows = (
        (
            name, ", ".join(series.dims), *map(number, _extremes(series.values)), series.unit,
            *([series.meaning] if wide else []),
        )
        for name, series in run.series.items()
    )  # fmt: skip
    console.print(rows_table(columns, rows))


def _extremes(values: NDArray[np.generic]) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (float("nan"),) * 2
