"""``steppe sweep``: run a case over a grid or a sample of values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import design_common, options
from steppe.commands.exit_codes import DONE, FAILED, INTERRUPTED

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.commands.asked import Asked
    from steppe.study.design import Design
    from steppe.study.parameters import ParameterSource
    from steppe.study.sweep import Sweep
    from steppe.study.tipping import Tipping

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
def command(
    case: str,
    over: tuple[str, ...],
    kind: str,
    points: int | None,
    design_seed: int,
    outcomes: tuple[str, ...],
    tips: bool,
    large: float | None,
    counterfactual: str | None,
    patches: tuple[Path, ...],
    settings: tuple[str, ...],
    allow_code: bool,
    parameters: ParameterSource | None,
    store_path: Path,
    out: Path | None,
    as_json: bool,
    **rest: Any,
) -> int:
    """Run CASE at every point of a design with the same seeds, and show what comes of it."""
    from steppe.commands import console, design_page
    from steppe.commands.asked import ask
    from steppe.study.outcomes import checked_outcomes

    shown = checked_outcomes(outcomes or ("peak_active", "killed"))
    order = design_common.DesignOptions(store=store_path, **rest)
    asked = ask(case, counterfactual, patches, settings, allow_code).drawing(parameters)
    design = _design(asked.scenario, over, kind, points, design_seed)
    if tips and not (len(design.axes) == 1 and design.axes[0].is_number):
        raise click.UsageError("--tipping needs one --over, with numbers")
    own = _own(over, kind, points, design_seed, outcomes)
    if large is not None and not tips:
        raise click.UsageError("--large belongs to --tipping")
    own += ["--tipping"] if tips else []
    own += ["--large", f"{large:g}"] if large is not None else []
    again = design_common.repeat_command("sweep", order, asked, *own)
    talk = console.err() if as_json else console.out()
    if not order.quiet:
        design_common.announce(talk, asked, design, order)
    try:
        made = design_common.swept(order, asked, design)
    except KeyboardInterrupt as error:
        design_common.stopped(error, again)
        return INTERRUPTED
    design_common.write_out(made, out, talk)
    found = _tipping(made, large) if tips else None
    _tell(asked, made, found, shown, as_json, again)
    if made.runs:
        design_page.write(talk, asked, made, again, outcomes=shown, tipping=found)
    return DONE if made.complete else FAILED


def _design(
    scenario: Scenario, over: tuple[str, ...], kind: str, points: int | None, seed: int
) -> Design:
    from steppe.study.axis import axes
    from steppe.study.design import grid, latin_hypercube, sobol

    if (points is None) != (kind == "grid"):
        said = "a grid has its points by --over" if points else f"--design {kind} needs --points"
        raise click.UsageError(said)
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


def _tipping(made: Sweep, large: float | None) -> Tipping | None:
    """Return the tipping point; without all runs there is none, which failures have said."""
    from steppe.study.tipping import tipping

    return tipping(made, above=large) if made.complete else None


def _tell(
    asked: Asked,
    made: Sweep,
    found: Tipping | None,
    outcomes: tuple[str, ...],
    as_json: bool,
    again: str,
) -> None:
    from steppe.commands import console, sweep_tables

    if not made.runs:
        return
    if as_json:
        options.print_json(sweep_tables.document(asked, made, found, again))
        return
    talk = console.out()
    sweep_tables.show(talk, made, outcomes)
    if found is not None:
        sweep_tables.show_tipping(talk, found)
    console.say(talk, f"repeat    {again}")
