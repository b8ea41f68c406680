"""``steppe branch``: one history up to an hour, several after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.cluster import (
    ClusterOptions,
    cluster_options,
    stoppable,
    study_with_progress,
)
from steppe.commands.console import facts, say, text_console
from steppe.commands.pair import same_parameters
from steppe.commands.request_options import (
    base_options,
    seed_from_option,
    seeds_option,
    takes_options,
    takes_request,
)
from steppe.core.errors import CaseError, Fault
from steppe.results.formatting import count

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.case.scenario import Scenario
    from steppe.study.pair import Pair
    from steppe.study.request import StudyRequest
    from steppe.study.resolve import ResolvedRequest

EPILOG = """\b
Examples
  steppe branch kazakhstan-2022 --at 2022-01-05T18:00 no-intervention
  steppe branch kazakhstan-2022 --at 2022-01-04T20:00 no-blackout --seeds 8
  steppe branch kazakhstan-2022 --at 2022-01-06T00:00 --set alliance.troops=false

Every branch is the run it would be alone, to the last bit, and is stored as such. What can act
before the hour is refused. Exit codes: 0 done, 1 some seeds failed, 2 bad input, 130 stopped.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchOptions(ClusterOptions):
    """Who makes the runs, where the branches part, and whether they are printed as JSON."""

    names: tuple[str, ...]
    when: str
    as_json: bool


@click.command(short_help="Run up to an hour and go on in several ways.", epilog=EPILOG)
@options.case_argument
@click.argument("names", nargs=-1, metavar="[COUNTERFACTUAL]...")
@click.option(
    "--at",
    "when",
    required=True,
    metavar="TIME",
    help="Where the branches part, such as 2022-01-05T18:00, or hours since the start.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="One more branch, with values changed; may be repeated for the same branch.",
)
@base_options("All branches")
@seeds_option(8, "How many shared histories.")
@seed_from_option
@options.parameters_option
@options.scale_option
@options.engine_option
@options.allow_code_option
@options.store_option
@cluster_options
@options.quiet_option
@options.json_option
@takes_options(BranchOptions)
@takes_request
def command(request: StudyRequest, order: BranchOptions) -> int:
    """Simulate CASE up to a time once for each seed, and from there on with and without changes."""
    from steppe.study.branching import NO_BRANCH
    from steppe.study.request import CaseChanges
    from steppe.study.resolve import resolve

    if request.engine == "cohorts":
        raise click.UsageError(f"--engine cohorts: {NO_BRANCH}")
    if not order.names and not request.variant:
        raise click.UsageError("name at least one COUNTERFACTUAL, or give --set")
    shared = resolve(replace(request, variant=CaseChanges()))
    hour = hour_at(shared.baseline, order.when)
    changes = [CaseChanges((name,)) for name in dict.fromkeys(order.names)]
    changes += [request.variant] if request.variant else []
    studies = same_parameters([shared.against(one) for one in changes])
    refuse_early(studies, hour)
    return carry_out(order, studies, hour)


def hour_at(scenario: Scenario, when: str) -> int:
    """Return how many hours of the run lie before ``when``."""
    clock = scenario.clock.clock()
    try:
        hour = int(when) if when.isdigit() else clock.hour_of(datetime.fromisoformat(when))
    except (ValueError, TypeError):
        raise click.UsageError(
            f"--at: '{when}' is no local time; such as {clock.time_of(24):%Y-%m-%dT%H:%M}"
        ) from None
    if not 1 <= hour < clock.hours:
        first, last = clock.time_of(1), clock.time_of(clock.hours - 1)
        raise click.UsageError(
            f"--at: {when} is not within the run; allowed: {first:%Y-%m-%dT%H:%M} to "
            f"{last:%Y-%m-%dT%H:%M}, or 1 to {clock.hours - 1} hours"
        )
    return hour


def refuse_early(studies: Sequence[ResolvedRequest], hour: int) -> None:
    """Raise ``CaseError`` if a branch can act before the hour in which it begins."""
    from steppe.engine.first_hour import acts_before

    clock = studies[0].baseline.clock.clock()
    faults = [
        Fault(
            study.variant_name, 0, 0, one.path,
            f"can act from hour {one.hour} on ({clock.time_of(one.hour):%d %B %Y, %H:%M}), before "
            f"the branch at hour {hour}",
            f"--at up to {clock.time_of(one.hour):%Y-%m-%dT%H:%M}" if one.hour else "steppe pair",
        )
        for study in studies
        if study.variant is not None
        for one in acts_before(study.baseline, study.variant, hour)
    ]  # fmt: skip
    if faults:
        raise CaseError(faults)


def carry_out(order: BranchOptions, studies: Sequence[ResolvedRequest], hour: int) -> int:
    """Make the branches, print the effect of each, and return the exit code."""
    from steppe.commands import pair_tables

    talk = text_console(order.as_json)
    _announce(talk, studies, hour)
    with stoppable(""):
        pairs = _make(order, studies, hour)
    pair_tables.show_all(talk, pairs)
    if order.as_json:
        clock = studies[0].baseline.clock.clock()
        options.print_json({
            "case": studies[0].baseline.id,
            "at": f"{clock.time_of(hour):%Y-%m-%dT%H:%M}",
            "hour": hour,
            "branches": [pair_tables.document(name, pair, None, None) for name, pair in pairs],
        })  # fmt: skip
    return pair_tables.exit_code(pairs)


def _announce(talk: Console, studies: Sequence[ResolvedRequest], hour: int) -> None:
    from steppe.case.patch import difference
    from steppe.commands.summary import change_lines

    study, scenario = studies[0], studies[0].baseline
    rows = [("all", "\n".join(change_lines(study.changes)))] if study.changes else []
    rows.append(("until", f"{scenario.clock.clock().time_of(hour):%d %B %Y, %H:%M} (hour {hour})"))
    for one in studies:
        assert one.variant is not None
        changes = difference(scenario, one.variant)
        name = "counterfactual" if one.request.variant.values else one.variant_name
        rows.append((name, "\n".join(change_lines(changes, len(changes)))))
    talk.print(f"[bold]{scenario.title}[/]")
    talk.print(facts(rows))
    histories = count(study.request.seeds, "history", "histories")
    say(talk, f"{histories}, each going on in {len(studies) + 1} ways")


def _make(
    order: BranchOptions, studies: Sequence[ResolvedRequest], hour: int
) -> list[tuple[str, Pair]]:
    from steppe.study.branching import branch

    study = studies[0]
    variants = [one.variant for one in studies if one.variant is not None]
    with study_with_progress(order, study, histories=len(studies) + 1) as by:
        pairs = branch(study.baseline, variants, study.request.range, at=hour, **by)
    return [(one.variant_name, pair) for one, pair in zip(studies, pairs, strict=True)]
