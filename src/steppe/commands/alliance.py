"""``steppe alliance``: the rule of intervention estimated on cases, and how well it does."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options

if TYPE_CHECKING:
    from rich.table import Table

    from steppe.research.intervention.rule import AllianceStudy, Delays, Prediction

RIGHT, WRONG = "right", "wrong"


@click.command()
@click.option(
    "--interventions", "path", metavar="FILE", type=click.Path(path_type=Path),
    help="A table of requests with the columns of the one that comes with the program.",
)  # fmt: skip
@options.json_option
def command(path: Path | None, as_json: bool) -> None:
    """Estimate when an alliance sends troops to a client who asks, and score the estimate.

    Shown are the weights of the decision rule, its scores on requests left out one at a time
    against the base rate, and three cases predicted by a fit that has not seen them.
    """
    from steppe.research.intervention.requests import open_requests, read_requests
    from steppe.research.intervention.rule import study

    found = study(open_requests() if path is None else read_requests(path))
    if as_json:
        options.print_json(document(found))
    else:
        _show(found)


def document(found: AllianceStudy) -> dict[str, Any]:
    """Return the study for programs; numbers to six decimals, which every machine agrees on."""
    shown: dict[str, Any] = _rounded(dataclasses.asdict(found))
    return shown


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value


def _show(found: AllianceStudy) -> None:
    from steppe.commands.console import out, say

    console = out()
    refused = found.requests - found.granted
    console.print(f"{found.requests} requests: {found.granted} granted, {refused} not")
    say(console)
    console.print(_weights(found))
    say(console)
    console.print(_scores(found))
    say(console)
    if found.apart:
        console.print(_cases(found.apart))
        say(console)
    if found.grant_delay or found.refusal_delay:
        console.print(_delays(found))
        say(console)
    console.print(
        "Cases are few, famous, and scored by people who knew the answer: read the weights as "
        "prior means, and the share of grants not as a frequency in the world.",
        style="faint",
    )


def _weights(found: AllianceStudy) -> Table:
    from steppe.commands.console import table

    right = {"justify": "right", "no_wrap": True}
    made = table(
        ("weight", {"style": "name", "no_wrap": True}), ("", {"ratio": 1}), ("mean", right),
        ("sd", right), ("90 % interval", right),
        title="What moves the decision (posterior)",
    )  # fmt: skip
    for c in found.coefficients:
        between = f"{c.low:+.2f} to {c.high:+.2f}"
        made.add_row(c.name, c.meaning, f"{c.mean:+.2f}", f"{c.sd:.2f}", between)
    return made


def _scores(found: AllianceStudy) -> Table:
    from steppe.commands.console import table

    right = {"justify": "right", "no_wrap": True}
    made = table(
        ("each request from all others", {"no_wrap": True}), ("log score", right),
        ("Brier score", right),
        title="Scores, lower is better",
    )  # fmt: skip
    for name, scored in (("the rule", found.rule), ("the base rate", found.base_rate)):
        made.add_row(name, f"{scored.log_score:.3f}", f"{scored.brier:.3f}")
    return made


def _cases(apart: tuple[Prediction, ...]) -> Table:
    from steppe.commands.console import table

    right = {"justify": "right", "no_wrap": True}
    made = table(
        ("case", {"style": "name", "no_wrap": True}), ("answer", {"no_wrap": True}),
        ("P(grant)", right), ("over the posterior", right), ("90 % interval", right),
        ("at 0.5", {"no_wrap": True}),
        title="Predicted by a fit that has seen none of them",
    )  # fmt: skip
    for case in apart:
        verdict = RIGHT if (case.probability > 0.5) == case.granted else WRONG
        made.add_row(
            case.case,
            "granted" if case.granted else "not granted",
            f"{case.probability:.2f}",
            f"{case.averaged:.2f}",
            f"{case.low:.2f} to {case.high:.2f}",
            verdict,
        )
    return made


def _delays(found: AllianceStudy) -> Table:
    from steppe.commands.console import table

    right = {"justify": "right", "no_wrap": True}
    made = table(
        ("days d until", {"no_wrap": True}), ("ln(d + 0.5)", {"no_wrap": True}),
        ("cases", right), ("median d", right), ("correlation", right),
        title="How long the answer takes, U the utility of the rule",
    )  # fmt: skip
    for words, law in (("a grant", found.grant_delay), ("a refusal", found.refusal_delay)):
        if law is not None:
            tie = "–" if law.correlation is None else f"{law.correlation:.2f}"
            made.add_row(words, _law(law), str(law.requests), f"{law.median:g}", tie)
    return made


def _law(law: Delays) -> str:
    sign = "" if law.slope is None else f" {'-' if law.slope < 0 else '+'} {abs(law.slope):.2f} U"
    return f"N({law.intercept:.2f}{sign}, {law.spread:.2f})"
