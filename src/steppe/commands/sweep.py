"""``steppe sweep``: run a case over a grid or a sample of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import click

from steppe.commands import design_common, options
from steppe.commands.console import say
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.request_options import takes_options, takes_request
from steppe.core.extras import require

if TYPE_CHECKING:
    from pathlib import Path

    from steppe.case.scenario import Scenario
    from steppe.results.trajectory import EngineName
    from steppe.study.design import Design
    from steppe.study.request import StudyRequest

EPILOG = """\b
Examples
  steppe sweep kazakhstan-2022 --over prices.shock=0:1:11 --tipping
  steppe sweep kazakhstan-2022 --over willingness.noise=0.03,0.06 --seeds 4
  steppe sweep two-valleys --over all --design lhs --points 64 --engine cohorts

\b
--over PATH=LOW:HIGH:N   so many values, evenly spaced        (grid)
       PATH=A,B,C        those values                         (grid)
       PATH=LOW:HIGH     a range; with :log, even in its log  (lhs, sobol)
       PARAMETER, all    the prior of one, or of every one    (lhs, sobol)

Runs are made seed by seed over all points; what is finished is kept, and the same command goes on.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOptions(design_common.DesignOptions):
    """How the points of a sweep are laid, and from when on a protest is large."""

    kind: Literal["grid", "lhs", "sobol"]
    points: int | None
    tips: bool
    large: float | None
    figures: Path | None

    def repeat(self) -> list[object]:
        """Return the options that say what is swept."""
        sample = [] if self.points is None else ["--design", self.kind, "--points", self.points]
        words = self.words(sample, random=self.points is not None)
        words += ["--tipping"] if self.tips else []
        return words + (["--large", f"{self.large:g}"] if self.large is not None else [])


@click.command(short_help="Run a case over a grid or a sample of values.", epilog=EPILOG)
@options.case_argument
@click.option(
    "--over",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="What varies, and over which values; may be repeated.",
)
@options.choice(
    "--design",
    "kind",
    values=["grid", "lhs", "sobol"],
    meaning="Every combination, or a Latin hypercube or Sobol sample of ranges.",
)
@options.count("--points", None, "Points of a sample; for sobol a power of two.")
@design_common.design_seed_option
@design_common.outcome_option("show", "peak_active, killed")
@options.flag(
    "--tipping",
    "tips",
    meaning="Find the value at which large protest becomes more likely than not.",
)
@click.option(
    "--large",
    type=click.FloatRange(0, min_open=True),
    metavar="PERSONS",
    help="With --tipping: a protest is large from so many people at once.  "
    "[default: 0.1 % of citizens]",
)
@options.new_file(
    "--figures",
    meaning="Also write the curves as SVG, PNG and PDF at the widths of one and two columns: "
    "FILE.zip.",
)
@options.parameters_option
@design_common.design_options(10)
@takes_options(SweepOptions)
@takes_request
def command(request: StudyRequest, order: SweepOptions) -> int:
    """Run CASE at every point of a design with the same seeds, and show what comes of it."""
    from steppe.commands import design_page, sweep_tables
    from steppe.results.outcomes import checked_outcomes
    from steppe.study.resolve import resolve
    from steppe.study.tipping import tipping

    outcomes = checked_outcomes(order.outcomes or ("peak_active", "killed"))
    study = resolve(request).with_parameters(request.parameters)
    design = _design(study.baseline, order, request.engine)
    if order.tips and not (len(design.axes) == 1 and design.axes[0].is_number):
        raise click.UsageError("--tipping needs one --over, with numbers")
    if order.large is not None and not order.tips:
        raise click.UsageError("--large belongs to --tipping")
    if order.figures is not None:
        require("matplotlib", "plot", "figures")
    repeat = study.request.as_command("sweep", order.repeat())
    sweep = design_common.simulate(study, design, order, repeat)
    # Without all runs there is no tipping point, which the failures have explained.
    point = tipping(sweep, above=order.large) if order.tips and sweep.complete else None
    if sweep.runs:
        result = design_page.DesignResult(study, sweep, repeat, outcomes, point)
        sweep_tables.output(order, result)
        if order.figures is not None:
            path = design_page.write_figures(result, order.figures)
            say(order.talk, f"figures   {options.short_path(path)}")
    return DONE if sweep.complete else FAILED


def _design(scenario: Scenario, order: SweepOptions, engine: EngineName) -> Design:
    from steppe.study.axis import axes
    from steppe.study.design import grid, latin_hypercube, sobol

    if (order.points is None) != (order.kind == "grid"):
        which = f"--design {order.kind} needs --points"
        raise click.UsageError("a grid has its points by --over" if order.points else which)
    varied = axes(scenario, order.over, engine)
    if order.points is None:
        return grid(scenario, varied)
    sample = sobol if order.kind == "sobol" else latin_hypercube
    try:
        return sample(scenario, varied, order.points, order.design_seed)
    except ValueError as error:
        raise click.UsageError(f"--points: {error}") from None
