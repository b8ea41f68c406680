"""``steppe sensitivity``: which parameters move the outcome, and how much the seeds do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from steppe.commands import design_common, options
from steppe.commands.exit_codes import DONE, FAILED
from steppe.commands.request_options import takes_options, takes_request

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.results.trajectory import EngineName
    from steppe.study.design import Design
    from steppe.study.request import StudyRequest
    from steppe.study.sensitivity import Method

SIZES = {"morris": 10, "sobol": 64}
"""Trajectories of a screening, or base sample of the indices, by default."""

EPILOG = """\b
Examples
  steppe sensitivity kazakhstan-2022 --method morris --engine cohorts
  steppe sensitivity kazakhstan-2022 --over willingness.threshold=0.1:0.4
  steppe sensitivity kazakhstan-2022 --method sobol --size 128 --outcome killed

\b
morris   screening: size x (parameters + 1) points; ranks, cheap
sobol    shares of variance: size x (parameters + 2) points, size a power of 2

Every parameter with a prior varies over it, unless --over names some (PARAMETER, or
PATH=LOW:HIGH, with :log even in its logarithm). What is finished is kept.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingOptions(design_common.DesignOptions):
    """By which method what varies is ranked, and at how many points."""

    method: Method
    size: int | None
    log: bool

    @property
    def points(self) -> int:
        """Trajectories or base sample."""
        return self.size or SIZES[self.method]

    def repeat(self) -> list[object]:
        """Return the options that say what is ranked, and how."""
        words = ["--method", self.method, "--size", self.points, *self.words()]
        return [*words, "--log"] if self.log else words


@click.command(short_help="Rank parameters by what they do to the outcome.", epilog=EPILOG)
@options.case_argument
@options.choice("--method", values=list(SIZES), meaning="Screening, or shares of variance.")
@options.count(
    "--size", None, "Trajectories (morris) or base sample (sobol).  [default: 10 or 64]", least=2
)
@click.option(
    "--over",
    multiple=True,
    metavar="PARAMETER",
    show_default="every parameter with a prior",
    help="What varies, over its prior or PATH=LOW:HIGH; may be repeated.",
)
@design_common.design_seed_option
@design_common.outcome_option("explain", "peak_active, large_protest")
@options.flag("--log", meaning="Explain log10(1 + outcome), for counts.")
@options.parameters_option
@design_common.design_options(4)
@takes_options(RankingOptions)
@takes_request
def command(request: StudyRequest, order: RankingOptions) -> int:
    """Vary the parameters of CASE over their priors and rank them by what they do."""
    from steppe.commands import design_page, sensitivity_tables
    from steppe.results.outcomes import checked_outcomes
    from steppe.study.resolve import resolve
    from steppe.study.sensitivity import analyze

    names = checked_outcomes(order.outcomes or ("peak_active", "large_protest"))
    study = resolve(request).with_parameters(request.parameters)
    design = _design(study.baseline, order, request.engine)
    repeat = study.request.as_command("sensitivity", order.repeat())
    sweep = design_common.simulate(study, design, order, repeat)
    if not sweep.complete:
        click.echo("indices need every run; give the command again", err=True)
        return FAILED
    results = analyze(sweep, names, log=order.log)
    sensitivity_tables.output(
        order, design_page.DesignResult(study, sweep, repeat, sensitivities=results)
    )
    return DONE


def _design(scenario: Scenario, order: RankingOptions, engine: EngineName) -> Design:
    from steppe.study.axis import axes
    from steppe.study.sensitivity import design_of

    varied = axes(scenario, order.over or ("all",), engine)
    try:
        return design_of(scenario, order.method, varied, order.points, order.design_seed)
    except ValueError as error:
        raise click.UsageError(f"--size: {error}") from None
