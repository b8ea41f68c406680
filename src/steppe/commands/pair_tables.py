"""What a pair prints: effects with intervals, causes with theirs; one table for many pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from steppe.case.patch import difference
from steppe.commands.console import (
    FILL,
    PLAIN,
    RIGHT,
    err,
    facts,
    rows_table,
    say,
    table,
    text_console,
    warn,
)
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.report_writer import default_pair_path, write_pair
from steppe.commands.summary import ENOUGH, change_lines, failures, footer, look
from steppe.report.effects import chance, spread, tally
from steppe.report.pair_build import parted_words
from steppe.report.pair_sentences import answer, title_of
from steppe.results.engines import UNTOLD, who
from steppe.results.formatting import count, moment, quantity, signed
from steppe.results.outcomes import by_name, headlines
from steppe.study.effects import Effect
from steppe.study.individual_divergence import IndividualDivergence
from steppe.study.pair import Pair
from steppe.study.resolve import ResolvedRequest

if TYPE_CHECKING:
    from steppe.commands.pair import PairOptions

WIDE, WIDER = 100, 118
"""Widths from which the table of all pairs has more columns."""


def announce(talk: Console, study: ResolvedRequest, *, brief: bool) -> None:
    """Print what is about to be compared."""
    request, scenario = study.request, study.baseline
    if brief:
        say(talk, f"{study.variant_name}: {count(request.seeds, 'pair')}")
        return
    assert study.variant is not None
    patch = scenario.counterfactuals.get(study.variant_name)
    changes = difference(scenario, study.variant)
    rows = [("changed", "\n".join(change_lines(changes, len(changes))))]
    rows += [("both", "\n".join(change_lines(study.changes)))] if study.changes else []
    rows += [("question", patch.question)] if patch else []
    rows += [
        ("who", f"{scenario.country.citizens:,} citizens, {who(request.engine, request.scale)}"),
        ("values", study.draws.words(request.seeds)),
    ]
    talk.print(f"[bold]{scenario.title}[/]   {patch.title if patch else study.variant_name}")
    talk.print(facts(rows))
    look(talk, request)


def output(
    order: PairOptions,
    study: ResolvedRequest,
    pair: Pair,
    divergence: IndividualDivergence | None,
    *,
    brief: bool,
) -> Path | None:
    """Print what came of a pair and write its report; return the path of that."""
    talk, path = text_console(order.as_json), None
    for one in (pair.baseline, pair.variant):
        failures(err(), one)
    if not brief:
        show(talk, pair, divergence)
    if not order.no_report:
        path = write_pair(study, pair, divergence, order.report or default_pair_path(study))
        footer(talk, path, study.request.as_command())
    return path


def exit_code(pairs: Sequence[tuple[str, Pair]]) -> int:
    """Return whether every seed of every pair has finished, as an exit code."""
    runs = [one for _, pair in pairs for one in (pair.baseline, pair.variant)]
    return DONE if all(one.complete for one in runs) else FAILED


def document(
    name: str, pair: Pair, divergence: IndividualDivergence | None, report: Path | None
) -> dict[str, Any]:
    """Return what ``--json`` prints of one pair; what is not known is null."""
    causes = {cause.outcome: asdict(cause) for cause in pair.causation}
    stays = causes.get("regime_stays", {})
    return {
        "baseline": pair.baseline.scenario_hash,
        "variant": pair.variant.scenario_hash,
        "name": name,
        "engine": pair.baseline.engine,
        "untold": None if stays else UNTOLD,
        "parameters": pair.baseline.parameters,
        "posterior_sample": pair.baseline.sample or None,
        "patch": {change.path: change.new for change in pair.patch},
        "seeds": list(pair.seeds),
        "runs": {
            arm: {str(seed): one.keys[seed] for seed in pair.seeds}
            for arm, one in (("baseline", pair.baseline), ("variant", pair.variant))
        },
        "first_divergence_hour": min(pair.first_divergence),
        "answer": answer(pair.comparison, title_of(pair)),
        "effects": [row.document() for row in (*pair.comparison.rows, *pair.comparison.after)],
        "necessity": stays.get("necessity"),
        "sufficiency": stays.get("sufficiency"),
        "causation": causes,
        "histories": asdict(divergence) if divergence else None,
        "failures": {
            arm: [{"seed": seed, "reason": reason} for seed, reason in one.failures]
            for arm, one in (("baseline", pair.baseline), ("variant", pair.variant))
        },
        "report": str(report) if report else None,
    }


def show(console: Console, pair: Pair, divergence: IndividualDivergence | None) -> None:
    """Print the answer of one pair, its effects and what it says of causes."""
    pairs = count(len(pair.seeds), "pair")
    say(console)
    console.print(answer(pair.comparison, title_of(pair)), markup=False)
    console.print(f"{pairs}; {parted_words(pair)}.")
    if divergence is not None and divergence.citizens:
        first = pair.scenario.clock.clock().time_of(divergence.first_hour)
        console.print(
            f"In seed {divergence.seed} {divergence.citizens:,} citizens lead another life, the "
            f"first from {moment(first)} on."
        )
    elif divergence is not None:
        console.print(f"In seed {divergence.seed} no citizen leads another life.")
    say(console)
    console.print(_effects(pair))
    say(console)
    _causes(console, pair)
    if len(pair.seeds) < ENOUGH:
        warn(console, f"{pairs}: intervals over fewer than {ENOUGH} are rough")


def _effects(pair: Pair) -> Table:
    rows = []
    for row in pair.comparison.headlines:
        unit, digits = row.unit, row.digits
        arms = (quantity(value, unit, digits) for value in (row.baseline, row.counterfactual))
        difference = signed(row.effect.difference, unit, digits)
        rows.append((row.label, *arms, difference, spread(row.effect, unit, digits)))
    return rows_table(
        (("", FILL), ("baseline", RIGHT), ("counterfact.", RIGHT), ("difference", RIGHT),
         ("95 % interval", RIGHT)),
        rows,
        title="Medians of runs; difference: baseline minus counterfactual, mean of pairs",
    )  # fmt: skip


def _causes(console: Console, pair: Pair) -> None:
    catalogue = by_name()
    console.print(
        rows_table(
            (("", FILL), ("necessary", RIGHT), ("sufficient", RIGHT), ("both", RIGHT)),
            (
                (
                    catalogue[cause.outcome].happens,
                    *map(chance, (cause.necessity, cause.sufficiency, cause.both)),
                )
                for cause in pair.causation
            ),
            title="As a cause of (probability, 95 % interval)",
        )
    )
    stays = pair.comparison.cause("regime_stays")
    console.print(f"The regime stays {tally(stays)}." if stays else UNTOLD, style="faint")
    if any(None in (cause.necessity, cause.sufficiency) for cause in pair.causation):
        console.print("– : no seed bears on it.", style="faint")


def show_all(console: Console, pairs: Sequence[tuple[str, Pair]]) -> None:
    """Print one table: a row for each pair, its effects, and the regime's fate as caused."""
    number = 3 if console.width < WIDE else 4 if console.width < WIDER else 5
    columns, wide = headlines()[:number], console.width >= WIDE
    rows = table(
        ("", PLAIN), *((one.short, RIGHT) for one in columns),
        ("necessary" if wide else "necess.", RIGHT), ("sufficient" if wide else "suffic.", RIGHT),
        title="Baseline minus counterfactual, mean of pairs; 95 % intervals below",
    )  # fmt: skip
    for name, pair in pairs:
        by_outcome = {e.outcome: e for e in pair.effects}
        effects = [(by_outcome[one.name], one) for one in columns]
        stays = pair.comparison.cause("regime_stays")
        causes = (stays.necessity, stays.sufficiency) if stays else (None, None)
        rows.add_row(
            name,
            *(signed(e.difference, one.unit, one.digits) for e, one in effects),
            *("–" if p is None else f"{p[0]:.2f}" for p in causes),
        )
        rows.add_row(
            "",
            *(_tight(e, one.unit) for e, one in effects),
            *("" if p is None else f"{p[1]:.2f}–{p[2]:.2f}" for p in causes),
            style="faint",
        )
    say(console)
    console.print(rows)
    numbers = sorted({len(pair.seeds) for _, pair in pairs})
    console.print(
        f"{' or '.join(map(str, numbers))} pairs each. street: most people at once; necessary, "
        "sufficient: for the regime to stay (–: no seed bears on it).",
        style="faint",
    )
    if numbers[0] < ENOUGH:
        warn(console, f"intervals over fewer than {ENOUGH} pairs are rough")


def _tight(effect: Effect, unit: str) -> str:
    """Return an interval as short as can be: ``+1.1k…+1.5k``."""
    words = spread(effect, unit, 2)
    if " to " not in words:
        return words
    return "…".join(_thousands(end, unit) for end in (effect.low, effect.high))


def _thousands(value: float, unit: str) -> str:
    large = abs(value) >= 1000.0
    return f"{signed(value / 1000.0, '', 2)}k" if large else signed(value, unit, 2)
