"""``steppe sensitivity``: which parameters move the outcome, and how much the seeds do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import design_common, options
from steppe.commands.console import number
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.request_options import takes_request

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.case.scenario import Scenario
    from steppe.study.causation import Interval
    from steppe.study.design import Design
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest
    from steppe.study.sensitivity import Influence, Method, Sensitivity

SIZES = {"morris": 10, "sobol": 64}
"""Trajectories of a screening, or base sample of the indices, by default."""

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

EPILOG = """\b
Examples
  steppe sensitivity kazakhstan-2022 --method morris
  steppe sensitivity kazakhstan-2022 --over participation.threshold=0.3:0.5
  steppe sensitivity kazakhstan-2022 --method sobol --size 128 --outcome killed

\b
morris   screening: size x (parameters + 1) points; ranks, cheap
sobol    shares of variance: size x (parameters + 2) points, size a power of 2

Every parameter with a prior varies over it, unless --over names some (PARAMETER, or
PATH=LOW:HIGH, with :log even in its logarithm). What is finished is kept.
"""


@click.command(short_help="Rank parameters by what they do to the outcome.", epilog=EPILOG)
@options.case_argument
@click.option(
    "--method",
    type=click.Choice(["morris", "sobol"]),
    default="morris",
    show_default=True,
    help="Screening, or shares of variance.",
)
@click.option(
    "--size",
    type=click.IntRange(2),
    metavar="N",
    help="Trajectories (morris) or base sample (sobol).  [default: 10 or 64]",
)
@click.option(
    "--over",
    multiple=True,
    metavar="PARAMETER",
    default=("all",),
    show_default="every parameter with a prior",
    help="What varies, over its prior or PATH=LOW:HIGH; may be repeated.",
)
@design_common.design_seed_option
@click.option(
    "--outcome",
    "outcomes",
    multiple=True,
    metavar="NAME",
    help="Outcome to explain; may be repeated.  [default: peak_active, large_protest]",
)
@click.option("--log", is_flag=True, help="Explain log10(1 + outcome), for counts.")
@design_common.design_options(4)
@takes_request
def command(
    request: StudyRequest,
    method: Method,
    size: int | None,
    over: tuple[str, ...],
    design_seed: int,
    outcomes: tuple[str, ...],
    log: bool,
    **rest: Any,
) -> int:
    """Vary the parameters of CASE over their priors and rank them by what they do."""
    from steppe.commands import console, design_page
    from steppe.results.outcomes import checked_outcomes
    from steppe.study.resolve import resolve
    from steppe.study.sensitivity import analyze

    names = checked_outcomes(outcomes or ("peak_active", "large_protest"))
    order = design_common.DesignOptions(**rest)
    study = resolve(request)
    size = size or SIZES[method]
    design = _design(study.baseline, method, over, size, design_seed)
    own = _own(method, size, over, design_seed, outcomes, log)
    repeat = study.request.as_command("sensitivity", own)
    made = design_common.simulate(study, design, order, repeat)
    if not made.complete:
        click.echo("indices need every run; give the command again", err=True)
        return FAILED
    results = analyze(made, names, log=log)
    if order.as_json:
        options.print_json(_document(study, results, repeat))
    else:
        for one in results:
            _show(order.talk, one)
        console.say(order.talk, f"repeat    {repeat}")
    design_page.write(order.talk, study, made, repeat, sensitivities=results)
    return DONE


def _design(
    scenario: Scenario, method: Method, over: tuple[str, ...], size: int, seed: int
) -> Design:
    from steppe.study.axis import axes
    from steppe.study.sensitivity import design_of

    varied = axes(scenario, over)
    try:
        return design_of(scenario, method, varied, size, seed)
    except ValueError as error:
        raise click.UsageError(f"--size: {error}") from None


def _own(
    method: str,
    size: int,
    over: tuple[str, ...],
    seed: int,
    outcomes: tuple[str, ...],
    log: bool,
) -> list[object]:
    words: list[object] = ["--method", method, "--size", size]
    words += [word for text in over if over != ("all",) for word in ("--over", text)]
    words += ["--design-seed", seed] if seed != 1 else []
    words += [word for name in outcomes for word in ("--outcome", name)]
    return [*words, "--log"] if log else words


def _document(
    study: ResolvedRequest, results: tuple[Sensitivity, ...], repeat: str
) -> dict[str, Any]:
    from steppe.commands.report_writer import change_texts
    from steppe.commands.run_json import finite

    plain: dict[str, Any] = finite(
        {
            "case": study.baseline.id,
            "changes": list(change_texts(study.changes)),
            "seeds": list(study.request.range),
            "scale": study.request.scale,
            "outcomes": [asdict(one) for one in results],
            "repeat": repeat,
        }
    )
    return plain


def _show(talk: Console, found: Sensitivity) -> None:
    from steppe.commands.console import PLAIN, RIGHT, table
    from steppe.results.outcomes import numbers

    what = numbers()[found.outcome].meaning + (", log10(1 + x)" if found.log else "")
    talk.print()
    if not found.influences:
        talk.print(f"{found.outcome} ({what}) is the same at every point")
        return
    wide = talk.width >= WIDE
    heads = HEADS[found.method][: None if wide else 2]
    made = table(
        ("parameter", PLAIN), *([("over", RIGHT)] if wide else []),
        *((head, RIGHT) for head in heads), title=f"What moves {found.outcome}: {what}",
    )  # fmt: skip
    for one in found.influences:
        over = (f"{one.low:g}–{one.high:g}",) if wide else ()
        style = "" if one.clear else "faint"
        made.add_row(one.parameter, *over, *_cells(one)[: len(heads)], style=style)
    talk.print(made)
    talk.print(_footnote(found), style="faint")


def _cells(one: Influence) -> tuple[str, ...]:
    if one.alone is not None:
        return _interval(one.strength), _interval(one.alone)
    return _interval(one.strength), number(one.mean or 0.0), number(one.spread or 0.0)


def _footnote(found: Sensitivity) -> str:
    if found.seed_share is None or found.noise is None:
        blur = "with one seed the share of chance is unknown"
    else:
        blur = (
            f"{found.seed_share:.0%} of the variance is between seeds; averaging leaves "
            f"{found.noise:.0%} of that of the averages to chance"
        )
    return (
        f"{WORDS[found.method]}. {found.points} points x {found.seeds} seeds: {blur}. "
        "Faint: the 95 % interval reaches zero"
    )


def _interval(interval: Interval) -> str:
    return f"{number(interval[0])} ({number(interval[1])} to {number(interval[2])})"
