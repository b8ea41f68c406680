"""``steppe pair``: two histories that differ in one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.cluster import (
    ClusterOptions,
    cluster_options,
    stoppable,
    study_with_progress,
)
from steppe.commands.console import err, text_console
from steppe.commands.request_options import (
    base_options,
    check_options,
    seed_from_option,
    seeds_option,
    takes_options,
    takes_request,
)

if TYPE_CHECKING:
    from steppe.study.individual_divergence import IndividualDivergence
    from steppe.study.pair import Pair
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest

EPILOG = """\b
Examples
  steppe pair kazakhstan-2022 no-intervention
  steppe pair kazakhstan-2022 no-blackout no-concession no-lethal-force --seeds 8
  steppe pair kazakhstan-2022 no-blackout --engine cohorts --seeds 200
  steppe pair kazakhstan-2022 no-intervention --free-from request
  steppe pair kazakhstan-2022 --set prices.shock=0.5
  steppe pair kazakhstan-2022 --all --seeds 8

Differences are baseline minus counterfactual: what the thing that is taken away had added.
Finished runs are kept. Exit codes: 0 done, 1 some seeds failed, 2 bad input, 130 stopped and
resumable.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOptions(ClusterOptions):
    """Who makes the runs, and what is printed of the pairs; ``every``: all of the case."""

    citizens: bool
    report: Path | None
    no_report: bool
    as_json: bool
    every: bool


@click.command(short_help="Change one thing and compare the two histories.", epilog=EPILOG)
@options.case_argument
@click.argument("variants", nargs=-1, metavar="[COUNTERFACTUAL]...")
@options.flag("--all", "every", meaning="Compare with every counterfactual of the case.")
@options.repeatable("--set", "settings", metavar="PATH=VALUE", meaning="Change one value instead")
@base_options("Both histories")
@seeds_option(20, "How many pairs.")
@seed_from_option
@click.option(
    "--citizens/--no-citizens",
    default=False,
    help="Also run the first seed side by side and count whose own history differs.",
)
@options.parameters_option
@options.scale_option
@options.engine_option
@options.allow_code_option
@options.store_option
@cluster_options
@options.quiet_option
@options.report_options("CASE-vs-COUNTERFACTUAL.html")
@options.json_option
@takes_options(PairOptions)
@takes_request
def command(request: StudyRequest, order: PairOptions) -> int:
    """Simulate CASE and CASE with one change, with the same seeds, and show the effect.

    Several COUNTERFACTUALs are each compared with the same baseline.
    """
    from steppe.study.request import CaseChanges
    from steppe.study.resolve import resolve

    if order.citizens:
        check_options(request.engine, request.scale, citizens=True)
    changes = request.variant
    if sum((bool(changes.counterfactuals), order.every, bool(changes.values))) != 1:
        raise click.UsageError("give either COUNTERFACTUALs, or --set, or --all")
    study = resolve(replace(request, variant=CaseChanges()))
    names = study.baseline.counterfactuals if order.every else changes.counterfactuals
    if order.every and not names:
        raise click.UsageError("the case has no counterfactual")
    if len(names) > 1 and order.report:
        raise click.UsageError("each pair has a report of its own; --report names only one")
    each = [CaseChanges((name,)) for name in dict.fromkeys(names)]
    studies = [study.against(one) for one in each or [changes]]
    return carry_out(order, same_parameters(studies))


def same_parameters(studies: Sequence[ResolvedRequest]) -> list[ResolvedRequest]:
    """Return the studies with parameters from one source that fits all their histories."""
    variants = [one.variant for one in studies if one.variant is not None]
    return [one.with_parameters(one.request.parameters, *variants) for one in studies]


def carry_out(order: PairOptions, studies: Sequence[ResolvedRequest]) -> int:
    """Make the pairs, print them, write their reports; return the exit code."""
    from steppe.commands import pair_tables

    talk, many = text_console(order.as_json), order.every or len(studies) > 1
    pairs: list[tuple[str, Pair]] = []
    documents = []
    with stoppable("" if many else studies[0].request.as_command()):
        for study in studies:
            pair_tables.announce(talk, study, brief=many)
            pair = _make(order, study, many)
            divergence = _divergence(study) if order.citizens else None
            path = pair_tables.output(order, study, pair, divergence, brief=many)
            pairs.append((study.variant_name, pair))
            documents.append(pair_tables.document(study.variant_name, pair, divergence, path))
    if many:
        pair_tables.show_all(talk, pairs)
    if order.as_json:
        options.print_json(documents if many else documents[0])
    return pair_tables.exit_code(pairs)


def _make(order: PairOptions, study: ResolvedRequest, many: bool) -> Pair:
    from steppe.study.pair import pair

    assert study.variant is not None
    quiet = many and not err().is_terminal  # plain lines would drown the table
    with study_with_progress(order, study, histories=2, quiet=quiet) as by:
        return pair(study.baseline, study.variant, study.request.range, **by)


def _divergence(study: ResolvedRequest) -> IndividualDivergence:
    from steppe.study.individual_divergence import compare_citizens
    from steppe.study.parameters import scenario_of_seed

    assert study.variant is not None
    request = study.request
    one, other = (
        scenario_of_seed(scenario, request.first, study.parameters, fixed=study.held)
        for scenario in (study.baseline, study.variant)
    )
    return compare_citizens(one, other, request.first, scale=request.scale)
