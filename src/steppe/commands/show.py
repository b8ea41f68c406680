"""``steppe show``: one stored run, in one line, on one page, or in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.core.clock import Clock
from steppe.report.formatting import count, moment, number

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.results.run_index import RunSummary
    from steppe.results.trajectory import Event, Trajectory
    from steppe.study.resolve import ResolvedRequest

WIDE = 100
"""From this width on, the meaning of each series is shown."""

PAGE_EVENTS = 12
"""So many events of the model are on the page; all are shown in full."""


@click.command(short_help="Show a stored run.")
@click.argument("run", metavar="RUN")
@click.option("--brief", is_flag=True, help="One line.")
@click.option("--full", is_flag=True, help="Everything: all events and every series.")
@options.store_option
@options.json_option
def command(run: str, brief: bool, full: bool, store_path: Path, as_json: bool) -> None:
    """Show a stored run; RUN is the beginning of its key (see `steppe runs`)."""
    from steppe.commands.console import out, say
    from steppe.commands.run_lookup import key_of
    from steppe.commands.runs import described
    from steppe.results.reader import load_record
    from steppe.results.run_index import summarize
    from steppe.study.resolve import resolve_record

    store = options.stored(store_path)
    key = key_of(store, run)
    summary = summarize(load_record(store.folder(key), key))
    if as_json:
        options.print_json(described(summary))
    elif brief:
        say(out(), line(summary))
    else:
        trajectory = store.get(key)
        _page(out(), summary, trajectory, resolve_record(trajectory.record), full=full)


def line(run: RunSummary) -> str:
    """Return a run in one line."""
    out = run.outcome
    numbers = (("peak", "peak_active"), ("killed", "killed"), ("arrested", "arrested"))
    parts = [f"{word} {out[key]:,.0f}" for word, key in numbers if key in out]
    scale = "" if run.scale == 1.0 else f", scale {run.scale:g}"
    fate = out.get("fate", "")
    return f"{run.key[:10]}  {run.case} seed {run.seed}{scale}: {', '.join([str(fate), *parts])}"


def _page(
    console: Console, summary: RunSummary, run: Trajectory, study: ResolvedRequest, *, full: bool
) -> None:
    from rich.text import Text

    from steppe.commands.console import facts, say, warn

    title = study.baseline.title or summary.case
    console.print(Text.assemble((title, "title"), (f"   seed {summary.seed}", "faint")))
    console.print(facts(_facts(summary, study)))
    for text in summary.warnings:
        warn(console, text)
    say(console)
    console.print("Outcome", style="title")
    console.print(facts(_outcome(summary)))
    said = {event.id: event.text for event in study.baseline.timeline}
    events = [event for event in run.events if full or event.origin == "model"]
    _events(console, run, events, said, len(events) if full else PAGE_EVENTS)
    if full:
        _series(console, run)
        say(console)
        console.print("Files", style="title")
        console.print("  " + ", ".join(summary.files), markup=False)


def _facts(summary: RunSummary, study: ResolvedRequest) -> Sequence[tuple[str, str]]:
    from steppe.commands.progress import duration
    from steppe.commands.summary import change_lines
    from steppe.report.assumptions import input_words

    inputs = [f"{one.id}: {input_words(one)}" for one in study.baseline.inputs]
    seconds = " + ".join(f"{name} {duration(s)}" for name, s in summary.timings.items())
    return [
        ("run", summary.key),
        ("case", summary.case),
        ("scenario", summary.scenario_hash[:12]),
        *([("changed", "\n".join(change_lines(study.changes)))] if study.changes else []),
        *([("inputs", "\n".join(inputs))] if inputs else []),
        ("values", _values(summary, study)),
        ("who", f"{summary.citizens:,} citizens, {count(summary.agents, 'agent')}"
                f" (scale {number(summary.scale, 6)})"),
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


def _words(name: str) -> str:
    return name.replace("_", " ")


def _outcome(summary: RunSummary) -> list[tuple[str, str]]:
    clock = _clock(summary.start, summary.hours)
    rows = []
    for name, value in summary.outcome.items():
        if isinstance(value, str):
            text = value
        elif name.endswith("_hour"):
            text = "–" if value < 0 else f"{value:,}, {moment(clock.time_of(int(value)))}"
        else:
            text = f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
        rows.append((_words(name), text))
    return rows


def _clock(start: str, hours: int) -> Clock:
    return Clock(datetime.fromisoformat(start), hours)


def _events(
    console: Console, run: Trajectory, events: Sequence[Event], said: Mapping[str, str], most: int
) -> None:
    """Print the first ``most`` events; ``said`` has the words of those from the timeline."""
    from steppe.commands.console import say, table

    clock = _clock(run.record.start, run.record.hours)
    say(console)
    console.print(f"Events ({len(events)})", style="title")
    made = table(("when", {"no_wrap": True}), ("who", {"no_wrap": True}), "what", "where")
    for event in events[:most]:
        what = said.get(event.text) or event.text or _words(event.kind)
        where = event.where.replace("|", ", ")
        made.add_row(moment(clock.time_of(event.hour)), event.actor, what, where)
    if events:
        console.print(made)
    if len(events) > most:
        console.print(f"and {len(events) - most} more; --full shows all", style="faint")


def _series(console: Console, run: Trajectory) -> None:
    from steppe.commands.console import say, table

    say(console)
    console.print(f"Series ({len(run.series)})", style="title")
    right: dict[str, Any] = {"justify": "right", "no_wrap": True}
    wide = console.width >= WIDE
    more = ["meaning"] if wide else []
    made = table("series", "over", ("least", right), ("most", right), "unit", *more)
    for name, series in run.series.items():
        least, most = _extremes(series.values)
        meaning = [series.meaning] if wide else []
        made.add_row(
            name, ", ".join(series.dims), number(least), number(most), series.unit, *meaning
        )
    console.print(made)


def _extremes(values: Any) -> tuple[float, float]:
    import numpy as np

    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if known.size else (float("nan"),) * 2
