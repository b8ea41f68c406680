"""What a sensitivity analysis prints: a table for each outcome, and the JSON document."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console

from steppe.commands.console import PLAIN, RIGHT, number, say, table
from steppe.commands.design_common import DesignOptions
from steppe.commands.design_page import DesignResult, write
from steppe.commands.options import print_json, short_path
from steppe.commands.report_writer import change_texts
from steppe.commands.run_json import finite
from steppe.results.outcomes import numbers
from steppe.study.causation import Interval
from steppe.study.sensitivity import Influence, Sensitivity

WIDE = 100
"""From this width on a table has room for the ranges."""

HEADS = {
    "morris": ("effect (95 %)", "mean", "spread"),
    "sobol": ("total share (95 %)", "alone (95 %)"),
}
WORDS = {
    "morris": "Effect: mean absolute change over the whole range; mean: with its sign; spread: "
    "standard deviation over the other parameters, much of it means interaction",
    "sobol": "Total share: variance that a parameter takes part in; alone: what it does by itself",
}


def output(order: DesignOptions, result: DesignResult) -> None:
    """Print what the parameters do, as JSON or as tables, and write the report."""
    if order.as_json:
        print_json(document(result))
    else:
        for one in result.sensitivities:
            show(order.talk, one)
        say(order.talk, f"repeat    {result.command}")
    say(order.talk, f"report    {short_path(write(result))}")


def document(result: DesignResult) -> object:
    """Return the JSON document of the analysis."""
    return finite(
        {
            "case": result.study.baseline.id,
            "changes": list(change_texts(result.study.changes)),
            "seeds": list(result.study.request.range),
            "scale": result.study.request.scale,
            "outcomes": [asdict(one) for one in result.sensitivities],
            "repeat": result.command,
        }
    )


def show(talk: Console, result: Sensitivity) -> None:
    """Print the parameters that move an outcome, the strongest first."""
    what = numbers()[result.outcome].meaning + (", log10(1 + x)" if result.log else "")
    talk.print()
    if not result.influences:
        talk.print(f"{result.outcome} ({what}) is the same at every point")
        return
    wide = talk.width >= WIDE
    heads = HEADS[result.method][: None if wide else 2]
    rows = table(
        ("parameter", PLAIN), *([("over", RIGHT)] if wide else []),
        *((head, RIGHT) for head in heads), title=f"What moves {result.outcome}: {what}",
    )  # fmt: skip
    for one in result.influences:
        over = (f"{one.low:g}–{one.high:g}",) if wide else ()
        style = "" if one.clear else "faint"
        rows.add_row(one.parameter, *over, *_cells(one)[: len(heads)], style=style)
    talk.print(rows)
    talk.print(_footnote(result), style="faint")


def _cells(one: Influence) -> tuple[str, ...]:
    if one.alone is not None:
        return _interval(one.strength), _interval(one.alone)
    return _interval(one.strength), number(one.mean or 0.0), number(one.spread or 0.0)


def _footnote(result: Sensitivity) -> str:
    if result.seed_share is None or result.noise is None:
        blur = "with one seed the share of chance is unknown"
    else:
        blur = (
            f"{result.seed_share:.0%} of the variance is between seeds; averaging leaves "
            f"{result.noise:.0%} of that of the averages to chance"
        )
    return (
        f"{WORDS[result.method]}. {result.points} points x {result.seeds} seeds: {blur}. "
        "Faint: the 95 % interval reaches zero"
    )


def _interval(interval: Interval) -> str:
    return f"{number(interval[0])} ({number(interval[1])} to {number(interval[2])})"
