"""``steppe branch``: one history up to an hour, several after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.cluster import cluster_options
from steppe.commands.exit_codes import DONE, FAILED, INTERRUPTED
from steppe.commands.pair_arms import base_of, base_options, variant_of
from steppe.commands.seed_options import SeedOptions, seed_from_option, seeds_option, workload

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.commands.asked import Asked
    from steppe.commands.pair_arms import Variant
    from steppe.study.pair import Pair
    from steppe.study.parameters import ParameterSource

EPILOG = """\b
Examples
  steppe branch kazakhstan-2022 --at 2022-01-05T18:00 no-intervention
  steppe branch kazakhstan-2022 --at 2022-01-04T20:00 no-blackout --seeds 8
  steppe branch kazakhstan-2022 --at 2022-01-06T00:00 --set alliance.troops=false

Every branch is the run it would be alone, to the last bit, and is stored as such. What can act
before the hour is refused. Exit codes: 0 done, 1 some seeds failed, 2 bad input, 130 stopped.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchOptions(SeedOptions):
    """How branches are to be made and what is to be said of them."""

    parameters: ParameterSource | None
    as_json: bool


@click.command(short_help="Live a history up to an hour and go on in several ways.", epilog=EPILOG)
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
@base_options("all branches")
@seeds_option(8, "How many shared histories.")
@seed_from_option
@options.parameters_option
@options.scale_option
@options.allow_code_option
@options.store_option
@cluster_options
@options.json_option
def command(
    case: str,
    names: tuple[str, ...],
    when: str,
    settings: tuple[str, ...],
    base: tuple[str, ...],
    free_from: str | None,
    allow_code: bool,
    store_path: Path,
    **rest: Any,
) -> int:
    """Run CASE up to a time once for each seed, and from there on as it was and in other ways."""
    if not names and not settings:
        raise click.UsageError("name at least one COUNTERFACTUAL, or give --set")
    order = BranchOptions(store=store_path, **rest)
    shared = base_of(case, base, free_from, allow_code)
    hour = hour_at(shared, when)
    chosen = [*dict.fromkeys(names), *([None] if settings else [])]
    variants = [variant_of(shared, name, settings, allow_code) for name in chosen]
    asked = shared.drawing(order.parameters, *(one.scenario for one in variants))
    refuse_early(asked, variants, hour)
    return carry_out(order, asked, variants, hour)


def hour_at(asked: Asked, when: str) -> int:
    """Return how many hours of the run lie before ``when``."""
    from datetime import datetime

    clock = asked.scenario.clock.clock()
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


def refuse_early(asked: Asked, variants: Sequence[Variant], hour: int) -> None:
    """Raise ``CaseError`` if a branch can act before the hour in which it begins."""
    from steppe.core.errors import CaseError, Fault
    from steppe.engine.first_hour import acts_before

    clock = asked.scenario.clock.clock()
    faults = [
        Fault(
            variant.name, 0, 0, one.path,
            f"can act from hour {one.hour} on ({clock.time_of(one.hour):%d %B %Y, %H:%M}), before "
            f"the branch at hour {hour}",
            f"--at up to {clock.time_of(one.hour):%Y-%m-%dT%H:%M}" if one.hour else "steppe pair",
        )
        for variant in variants
        for one in acts_before(asked.scenario, variant.scenario, hour)
    ]  # fmt: skip
    if faults:
        raise CaseError(faults)


def carry_out(order: BranchOptions, asked: Asked, variants: Sequence[Variant], hour: int) -> int:
    """Make the branches, print what each adds, and return the exit code."""
    from steppe.commands import pair_tables
    from steppe.commands.console import err, out

    talk = err() if order.as_json else out()
    _announce(talk, asked, variants, order, hour)
    try:
        pairs = _made(order, asked, variants, hour)
    except KeyboardInterrupt:
        click.echo("stopped; what is finished is kept, repeat the command to go on", err=True)
        return INTERRUPTED
    pair_tables.show_all(talk, pairs)
    if order.as_json:
        options.print_json(_document(asked, pairs, hour))
    arms = [arm for _, made in pairs for arm in (made.baseline, made.variant)]
    return DONE if all(arm.complete for arm in arms) else FAILED


def _announce(
    talk: Console, asked: Asked, variants: Sequence[Variant], order: BranchOptions, hour: int
) -> None:
    from steppe.commands.asked import change_words
    from steppe.commands.console import facts, say
    from steppe.report.formatting import count

    scenario = asked.scenario
    rows: list[tuple[str, Any]] = [("all", "\n".join(asked.changes))] if asked.changes else []
    rows.append(("until", f"{scenario.clock.clock().time_of(hour):%d %B %Y, %H:%M} (hour {hour})"))
    rows += [
        (one.name if not one.words[0].startswith("--") else "changed",
         "\n".join(change_words(scenario, one.scenario)))
        for one in variants
    ]  # fmt: skip
    talk.print(f"[bold]{scenario.title}[/]")
    talk.print(facts(rows))
    histories = count(order.seeds, "history", "histories")
    say(talk, f"{histories}, each going on in {len(variants) + 1} ways")


def _made(
    order: BranchOptions, asked: Asked, variants: Sequence[Variant], hour: int
) -> list[tuple[str, Pair]]:
    from steppe.commands.cluster import executor
    from steppe.commands.console import err
    from steppe.commands.progress import ProgressLine
    from steppe.results.store import Store
    from steppe.study.branching import branch

    store = Store(order.store)
    work, unit = workload(asked.scenario, order.scale)
    with (
        executor(store, order.cluster, order.workers) as hands,
        ProgressLine(err(), work * (len(variants) + 1), unit, quiet=False) as watch,
    ):
        made = branch(
            asked.scenario, [one.scenario for one in variants], order.range, at=hour, store=store,
            scale=order.scale, workers=order.workers, executor=hands, on_event=watch,
            parameters=asked.parameters, fixed=asked.held,
        )  # fmt: skip
    return [(one.name, pair) for one, pair in zip(variants, made, strict=True)]


def _document(asked: Asked, pairs: Sequence[tuple[str, Pair]], hour: int) -> dict[str, Any]:
    from steppe.commands.pair import document

    clock = asked.scenario.clock.clock()
    return {
        "case": asked.scenario.id,
        "at": f"{clock.time_of(hour):%Y-%m-%dT%H:%M}",
        "hour": hour,
        "branches": [document(name, made, None, None) for name, made in pairs],
    }
