"""What a run prints: its case, its outcome, how it compares, how to repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from steppe import __version__
from steppe.case.patch import Change
from steppe.commands.console import (
    FILL,
    LABEL,
    RIGHT,
    aside,
    err,
    facts,
    say,
    table,
    text_console,
    warn,
)
from steppe.commands.options import print_json, short_path
from steppe.commands.report_writer import change_texts, default_path, payload_of
from steppe.commands.run_json import document
from steppe.commands.targets import compact, observed_text, show_targets
from steppe.engine.run import engine_version
from steppe.evidence.scoring import score
from steppe.evidence.unused import NOT_DRAWN
from steppe.report.page import write_report
from steppe.report.payload import ReportPayload, Share, Spread
from steppe.results.engines import LOOK, who
from steppe.results.formatting import count, interval, number, period, quantity
from steppe.results.store import Store
from steppe.study.ensemble import Ensemble, SeedRuns
from steppe.study.resolve import ResolvedRequest

if TYPE_CHECKING:
    from steppe.commands.run import RunOptions
    from steppe.study.request import StudyRequest

ENOUGH = 20
"""Below so many seeds the ends of a 90 % interval are close to the extremes."""

MOST_CHANGES = 8


def header(console: Console, study: ResolvedRequest) -> None:
    """Print what is about to be run, and where it is kept."""
    scenario, request = study.baseline, study.request
    console.print(Text.assemble((scenario.title, "title"), ("   " + study.label, "faint")))
    size = (
        f"{scenario.country.citizens:,} citizens, {who(request.engine, request.scale)}",
        count(len(scenario.regions), "region"),
        count(len(scenario.places), "place"),
    )
    when = period(scenario.clock.start, scenario.clock.hours)
    rows = [
        ("who", " · ".join(size)),
        ("when", f"{when} · {count(scenario.clock.hours, 'hour')}"),
        ("model", f"{engine_version()} · steppe {__version__}"),
        ("values", study.draws.words(request.seeds)),
        ("store", short_path(Path(request.store))),
    ]
    if study.changes:
        rows.append(("changed", "\n".join(change_lines(study.changes))))
    console.print(facts(rows))
    look(console, request)
    say(console)


def output(order: RunOptions, study: ResolvedRequest, result: Ensemble) -> None:
    """Print what came of the seeds, as JSON or as tables, and write the report."""
    talk, repeat = text_console(order.as_json), study.request.as_command()
    path, payload = None, None
    failures(err(), result)
    runs = tuple(result.trajectories())
    scores = score(study.baseline, runs) if runs else ()
    if runs and not (order.no_report and order.quiet and not order.as_json):
        failed = f"{count(len(result.failures), 'seed')} failed and left out"
        omissions = [failed] if result.failures else []
        payload = payload_of(study, runs, scores, repeat, omissions)
        if not order.no_report:
            path = write_report(payload, order.report or default_path(study))
        if not order.quiet:
            _results(talk, payload)
            show_targets(talk, scores, changed=bool(study.changes), everything=order.all_targets)
            for text in _warnings(payload):
                warn(talk, text)
    if order.as_json:
        print_json(
            document(study, result, runs, scores, payload)
            | {"report": None if path is None else str(path)}
        )
    elif order.quiet and path is not None:
        click.echo(short_path(path))
    if not order.quiet:
        footer(talk, path, repeat)


def say_stopped(study: ResolvedRequest) -> None:
    """Say how many seeds are finished, and how to go on."""
    request = study.request
    runs = SeedRuns(
        study.baseline,
        tuple(request.range),
        request.scale,
        study.parameters,
        study.held,
        request.citizens,
        request.engine,
    )
    finished = sum(map(Store(Path(request.store)).has, runs.keys()))
    total = count(request.seeds, "seed")
    say(err(), f"{finished} of {total} finished; repeat the command to go on")
    say(err(), f"  {request.as_command()}")


def change_lines(changes: Sequence[Change], most: int = MOST_CHANGES) -> list[str]:
    """Return the changes, one line each, the first few of many."""
    more = len(changes) - most
    return [*change_texts(changes[:most]), *([f"and {more} more"] if more > 0 else [])]


def look(console: Console, request: StudyRequest) -> None:
    """Warn that runs by cohorts, or at another scale, are no result."""
    if request.engine == "cohorts":
        warn(console, LOOK)
    elif request.scale != 1.0:
        text = f"quick look: {number(request.scale, 6)} agents per citizen. "
        text += "A crisis begins with a few people, who do not scale; no result to rely on."
        warn(console, text)


def failures(console: Console, result: Ensemble) -> None:
    """Print which seeds failed, and why."""
    if not result.failures:
        return
    reasons: dict[str, list[int]] = {}
    for seed, reason in result.failures:
        reasons.setdefault(reason, []).append(seed)
    for reason, seeds in reasons.items():
        listed = ", ".join(map(str, seeds[:10])) + (" ..." if len(seeds) > 10 else "")
        words = f"{'seed' if len(seeds) == 1 else 'seeds'} {listed}: {reason}"
        console.print(aside(("error", "failed"), words))


def _results(console: Console, payload: ReportPayload) -> None:
    """Print the answer and the outcome over seeds."""
    say(console)
    about = payload.about
    if about.question:
        console.print(about.question, style="italic", markup=False)
    if about.reply:
        console.print(about.reply, markup=False, style="faint")
    for sentence in payload.answer:
        console.print(sentence, markup=False)
    say(console)
    console.print(_outcome(payload))
    say(console)


def _outcome(payload: ReportPayload) -> Table:
    """Return the table of fates and outcomes over seeds, with what was observed beside them."""
    seeds = len(payload.seeds)
    rows = table(
        ("", FILL),
        ("median", RIGHT),
        ("90 % interval", RIGHT),
        ("observed", RIGHT),
        title=f"What happened in {count(seeds, 'seed')}",
    )
    for share in payload.fates:
        rows.add_row(*_fate(share, seeds))
    rows.add_section()
    for spread in payload.spreads:
        rows.add_row(*_spread(spread))
    return rows


def _fate(share: Share, seeds: int) -> tuple[str, str, str, str]:
    low, high = (f"{100 * end:.0f}" for end in (share.low, share.high))
    return share.label, f"{share.seeds} of {seeds}", f"95 %: {low}–{high} %", ""


def _spread(spread: Spread) -> tuple[str, str, str, str]:
    (low, middle, high), unit, digits = spread.quantiles, spread.unit, spread.digits
    between = compact(interval(low, high, unit, digits)) if len(spread.values) > 1 else "–"
    reported = any(figure is not None for figure in spread.observed)
    observed = observed_text(spread.observed, unit) if reported else ""
    return spread.label, quantity(middle, unit, digits), between, observed


def _warnings(payload: ReportPayload) -> list[str]:
    texts = [text for text in payload.repeat.warnings if NOT_DRAWN not in text]  # the page has them
    if len(payload.seeds) < ENOUGH:
        seeds = count(len(payload.seeds), "seed")
        texts.append(f"{seeds}: intervals over fewer than {ENOUGH} are rough")
    return texts


def footer(console: Console, report: Path | None, again: str) -> None:
    """Print where the report is and how to repeat everything."""
    for word, text in (("report", short_path(report) if report else ""), ("repeat", again)):
        if text:
            console.print(word.ljust(LABEL + 2), style="faint", end="")
            say(console, text)
