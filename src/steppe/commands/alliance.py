"""``steppe alliance``: the rule of intervention estimated on cases, and how well it does."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.console import FILL, NAME, PLAIN, RIGHT, out, rows_table, say, show

if TYPE_CHECKING:
    from rich.table import Table

    from steppe.research.intervention.rule import AllianceStudy, Delays, Prediction


@click.command()
@options.file(
    "--interventions", "path",
    meaning="A table of requests with the columns of the one that comes with the program.",
)  # fmt: skip
@options.json_option
def command(path: Path | None, as_json: bool) -> None:
    """Estimate when an alliance sends troops to a client who asks, and score the estimate.

    Shown are the weights of the decision rule, its scores on requests left out one at a time
    against the base rate, and three cases predicted by a fit that has not seen them.
    """
    from steppe.research.intervention.requests import open_requests, read_requests
    from steppe.research.intervention.rule import study

    result = study(open_requests() if path is None else read_requests(path))
    if as_json:  # numbers to six decimals, which every machine agrees on
        options.print_json(_rounded(asdict(result)))
    else:
        _show(result)


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value


def _show(result: AllianceStudy) -> None:
    console = out()
    refusals = result.requests - result.granted
    console.print(f"{result.requests} requests: {result.granted} granted, {refusals} not")
    say(console)
    show(console, _weights(result), _scores(result))
    if result.apart:
        show(console, _cases(result.apart))
    if result.grant_delay or result.refusal_delay:
        show(console, _delays(result))
    console.print(
        "Cases are few, famous, and scored by people who knew the answer: read the weights as "
        "prior means, and the share of grants not as a frequency in the world.",
        style="faint",
    )


def _weights(result: AllianceStudy) -> Table:
    return rows_table(
        (("weight", NAME), ("", FILL), ("mean", RIGHT), ("sd", RIGHT), ("90 % interval", RIGHT)),
        (
            (c.name, c.meaning, f"{c.mean:+.2f}", f"{c.sd:.2f}", f"{c.low:+.2f} to {c.high:+.2f}")
            for c in result.coefficients
        ),
        title="What moves the decision (posterior)",
    )


def _scores(result: AllianceStudy) -> Table:
    scores = (
        ("the rule", result.rule), ("facts alone: threat, treaty, lead, year", result.facts),
        ("the base rate", result.base_rate),
    )  # fmt: skip
    return rows_table(
        (("each request from all others", PLAIN), ("log score", RIGHT), ("Brier score", RIGHT)),
        ((name, f"{one.log_score:.3f}", f"{one.brier:.3f}") for name, one in scores),
        title="Scores, lower is better",
    )


def _cases(predictions: tuple[Prediction, ...]) -> Table:
    return rows_table(
        (("case", NAME), ("answer", PLAIN), ("P(grant)", RIGHT), ("over the posterior", RIGHT),
         ("90 % interval", RIGHT), ("at 0.5", PLAIN)),
        (
            (
                case.case, "granted" if case.granted else "not granted",
                f"{case.probability:.2f}", f"{case.averaged:.2f}",
                f"{case.low:.2f} to {case.high:.2f}",
                "right" if (case.probability > 0.5) == case.granted else "wrong",
            )
            for case in predictions
        ),
        title="Predicted by a fit that has seen none of them",
    )  # fmt: skip


def _delays(result: AllianceStudy) -> Table:
    laws = (("a grant", result.grant_delay), ("a refusal", result.refusal_delay))
    return rows_table(
        (("days d until", PLAIN), ("ln(d + 0.5)", PLAIN), ("cases", RIGHT), ("median d", RIGHT),
         ("correlation", RIGHT)),
        (
            (
                name, _law(law), str(law.requests), f"{law.median:g}",
                "–" if law.correlation is None else f"{law.correlation:.2f}",
            )
            for name, law in laws
            if law is not None
        ),
        title="How long the answer takes, U the utility of the rule",
    )  # fmt: skip


def _law(law: Delays) -> str:
    sign = "" if law.slope is None else f" {'-' if law.slope < 0 else '+'} {abs(law.slope):.2f} U"
    return f"N({law.intercept:.2f}{sign}, {law.spread:.2f})"
