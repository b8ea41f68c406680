"""What a run prints: its case, its outcome, how it compares, how to repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from steppe.commands import options
from steppe.commands.console import LABEL, aside, facts, say, table, warn
from steppe.commands.report_writer import change_texts
from steppe.commands.targets import compact, show_targets
from steppe.report.formatting import bounds, count, interval, number, period, quantity

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from steppe.case.patch import Change
    from steppe.evidence.scoring import TargetScore
    from steppe.report.payload import ReportPayload, Share, Spread
    from steppe.study.ensemble import Ensemble
    from steppe.study.resolve import ResolvedRequest

ENOUGH = 20
"""Below so many seeds the ends of a 90 % interval are close to the extremes."""

SHOWN_CHANGES = 8


def header(console: Console, study: ResolvedRequest, store: str) -> None:
    """Print what is about to be run, and where it is kept."""
    from rich.text import Text

    from steppe import __version__
    from steppe.engine.run import engine_version

    scenario, scale = study.baseline, study.request.scale
    console.print(Text.assemble((scenario.title, "title"), ("   " + study.label, "faint")))
    size = (
        f"{scenario.country.citizens:,} citizens, {agents(scale)}",
        count(len(scenario.regions), "region"),
        count(len(scenario.places), "place"),
    )
    when = period(scenario.clock.start, scenario.clock.hours)
    rows: list[tuple[str, str | RenderableType]] = [
        ("who", " · ".join(size)),
        ("when", f"{when} · {count(scenario.clock.hours, 'hour')}"),
        ("model", f"{engine_version()} · steppe {__version__}"),
        ("values", study.draws.words(study.request.seeds)),
        ("store", store),
    ]
    if study.changes:
        rows.append(("changed", "\n".join(change_lines(study.changes))))
    if study.question:
        rows.append(("question", study.question))
    console.print(facts(rows))
    if scale != 1.0:
        quick_look(console, scale)
    say(console)


def agents(scale: float) -> str:
    """Return how many agents stand for a citizen."""
    return "every one an agent" if scale == 1.0 else f"{number(scale, 6)} agents per citizen"


def change_lines(changes: Sequence[Change], most: int = SHOWN_CHANGES) -> list[str]:
    """Return the changes, one line each, the first few of many."""
    more = len(changes) - most
    return [*change_texts(changes[:most]), *([f"and {more} more"] if more > 0 else [])]


def quick_look(console: Console, scale: float) -> None:
    """Warn that a run at another scale is no result."""
    text = f"quick look: {number(scale, 6)} agents per citizen. "
    text += "Rare behaviour and personal ties are wrong away from 1; no result to rely on."
    warn(console, text)


def failures(console: Console, made: Ensemble) -> None:
    """Print which seeds failed, and why."""
    if not made.failures:
        return
    reasons: dict[str, list[int]] = {}
    for seed, reason in made.failures:
        reasons.setdefault(reason, []).append(seed)
    for reason, seeds in reasons.items():
        named = ", ".join(map(str, seeds[:10])) + (" ..." if len(seeds) > 10 else "")
        words = f"{'seed' if len(seeds) == 1 else 'seeds'} {named}: {reason}"
        console.print(aside(("error", "failed"), words))


def results(
    console: Console,
    study: ResolvedRequest,
    payload: ReportPayload,
    scores: Sequence[TargetScore],
    *,
    everything: bool,
) -> None:
    """Print the answer, the outcome over seeds, the figures observed, and the warnings."""
    say(console)
    for sentence in payload.answer:
        console.print(sentence, markup=False)
    say(console)
    console.print(_outcome(payload))
    say(console)
    show_targets(console, scores, changed=bool(study.changes), everything=everything)
    for text in _warnings(payload):
        warn(console, text)


def _outcome(payload: ReportPayload) -> Table:
    """Return the table of fates and outcomes over seeds, with what was observed beside them."""
    seeds = len(payload.seeds)
    made = table(
        ("", {"ratio": 1}),
        ("median", {"justify": "right", "no_wrap": True}),
        ("90 % interval", {"justify": "right", "no_wrap": True}),
        ("observed", {"justify": "right", "no_wrap": True}),
        title=f"What happened in {count(seeds, 'seed')}",
    )
    for share in payload.fates:
        made.add_row(*_fate(share, seeds))
    made.add_section()
    for spread in payload.spreads:
        made.add_row(*_spread(spread))
    return made


def _fate(share: Share, seeds: int) -> tuple[str, str, str, str]:
    low, high = (f"{100 * end:.0f}" for end in (share.low, share.high))
    return share.label, f"{share.seeds} of {seeds}", f"95 %: {low}–{high} %", ""


def _spread(spread: Spread) -> tuple[str, str, str, str]:
    low, middle, high = spread.quantiles
    between = compact(interval(low, high, spread.unit)) if len(spread.values) > 1 else "–"
    low_seen, value, high_seen = spread.observed
    seen = compact(bounds(low_seen, high_seen, spread.unit))
    if not seen and value is not None:
        seen = quantity(value, spread.unit)
    return spread.label, quantity(middle, spread.unit), between, seen


def _warnings(payload: ReportPayload) -> list[str]:
    texts = list(payload.repeat.warnings)
    if len(payload.seeds) < ENOUGH:
        seeds = count(len(payload.seeds), "seed")
        texts.append(f"{seeds}: intervals over fewer than {ENOUGH} are rough")
    return texts


def footer(console: Console, report: Path | None, again: str) -> None:
    """Print where the report is and how to repeat everything."""
    for word, text in (("report", options.shown(report) if report else ""), ("repeat", again)):
        if text:
            console.print(word.ljust(LABEL + 2), style="faint", end="")
            say(console, text)
