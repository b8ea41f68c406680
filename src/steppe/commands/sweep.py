"""``steppe sweep``: run a case over a grid or a sample of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from steppe.commands import design_common, options
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.request_options import takes_request

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.study.design import Design
    from steppe.study.request import StudyRequest

EPILOG = """\b
Examples
  steppe sweep kazakhstan-2022 --over prices.shock=0:1:11 --tipping
  steppe sweep kazakhstan-2022 --over participation.noise=0.01,0.02 --seeds 4
  steppe sweep kazakhstan-2022 --over all --design sobol --points 64

\b
--over PATH=LOW:HIGH:N   so many values, evenly spaced        (grid)
       PATH=A,B,C        those values                         (grid)
       PATH=LOW:HIGH     a range; with :log, even in its log  (lhs, sobol)
       PARAMETER, all    the prior of one, or of every one    (lhs, sobol)

Runs are made seed by seed over all points; what is finished is kept, and the same command goes on.
"""


@click.command(short_help="Run a case over a grid or a sample of values.", epilog=EPILOG)
@options.case_argument
@click.option(
    "--over",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="What varies, and over which values; may be repeated.",
)
@click.option(
    "--design",
    "kind",
    type=click.Choice(["grid", "lhs", "sobol"]),
    default="grid",
    show_default=True,
    help="Every combination, or a Latin hypercube or Sobol sample of ranges.",
)
@click.option(
    "--points",
    type=click.IntRange(1),
    metavar="N",
    help="Points of a sample; for sobol a power of two.",
)
@design_common.design_seed_option
@click.option(
    "--outcome",
    "outcomes",
    multiple=True,
    metavar="NAME",
    help="Outcome to show; may be repeated.  [default: peak_active, killed]",
)
@click.option(
    "--tipping",
    "tips",
    is_flag=True,
    help="Find the value at which large protest becomes more likely than not.",
)
@click.option(
    "--large",
    type=click.FloatRange(0, min_open=True),
    metavar="PERSONS",
    help="With --tipping: a protest is large from so many people at once.  "
    "[default: 0.1 % of citizens]",
)
@options.parameters_option
@design_common.design_options(10)
@takes_request
def command(
    request: StudyRequest,
    over: tuple[str, ...],
    kind: str,
    points: int | None,
    design_seed: int,
    outcomes: tuple[str, ...],
    tips: bool,
    large: float | None,
    **rest: Any,
) -> int:
    """Run CASE at every point of a design with the same seeds, and show what comes of it."""
    from steppe.commands import design_page, sweep_tables
    from steppe.commands.console import say
    from steppe.results.outcomes import checked_outcomes
    from steppe.study.resolve import resolve
    from steppe.study.tipping import tipping

    shown = checked_outcomes(outcomes or ("peak_active", "killed"))
    order = design_common.DesignOptions(**rest)
    study = resolve(request).with_parameters(request.parameters)
    design = _design(study.baseline, over, kind, points, design_seed)
    if tips and not (len(design.axes) == 1 and design.axes[0].is_number):
        raise click.UsageError("--tipping needs one --over, with numbers")
    own = _own(over, kind, points, design_seed, outcomes)
    if large is not None and not tips:
        raise click.UsageError("--large belongs to --tipping")
    own += ["--tipping"] if tips else []
    own += ["--large", f"{large:g}"] if large is not None else []
    repeat = study.request.as_command("sweep", own)
    made = design_common.simulate(study, design, order, repeat)
    # Without all runs there is no tipping point, which the failures have explained.
    point = tipping(made, above=large) if tips and made.complete else None
    if made.runs:
        if order.as_json:
            options.print_json(sweep_tables.document(study, made, point, repeat))
        else:
            sweep_tables.show(order.talk, made, shown)
            if point is not None:
                sweep_tables.show_tipping(order.talk, point)
            say(order.talk, f"repeat    {repeat}")
        design_page.write(order.talk, study, made, repeat, outcomes=shown, tipping=point)
    return DONE if made.complete else FAILED


def _design(
    scenario: Scenario, over: tuple[str, ...], kind: str, points: int | None, seed: int
) -> Design:
    from steppe.study.axis import axes
    from steppe.study.design import grid, latin_hypercube, sobol

    if (points is None) != (kind == "grid"):
        text = "a grid has its points by --over" if points else f"--design {kind} needs --points"
        raise click.UsageError(text)
    varied = axes(scenario, over)
    if points is None:
        return grid(scenario, varied)
    try:
        return (sobol if kind == "sobol" else latin_hypercube)(scenario, varied, points, seed)
    except ValueError as error:
        raise click.UsageError(f"--points: {error}") from None


def _own(
    over: tuple[str, ...],
    kind: str,
    points: int | None,
    seed: int,
    outcomes: tuple[str, ...],
) -> list[object]:
    words: list[object] = [word for text in over for word in ("--over", text)]
    if points is not None:
        words += ["--design", kind, "--points", points]
        words += ["--design-seed", seed] if seed != 1 else []
    return words + [word for name in outcomes for word in ("--outcome", name)]
