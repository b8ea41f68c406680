"""What commands on a design share: what is to be run, its progress, and how it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from steppe.commands import options
from steppe.commands.cluster import cluster_options
from steppe.commands.seed_options import SeedOptions, seed_from_option, seeds_option, workload

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.commands.asked import Asked
    from steppe.study.design import Design
    from steppe.study.sweep import Sweep

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignOptions(SeedOptions):
    """How the points of a design are to be run."""

    quiet: bool


def design_options(seeds: int) -> Callable[[F], F]:
    """Add the options of a study of many points; ``seeds`` for each by default."""

    def add(function: F) -> F:
        for option in (
            click.option("--quiet", "-q", is_flag=True, help="Show no progress."),
            options.json_option,
            click.option(
                "--output", "-o", "out", type=options.NewFile(), metavar="FILE",
                callback=_a_form,
                help="Also write the outcome of every run: FILE.nc, FILE.parquet or FILE.csv.",
            ),
            cluster_options,
            options.store_option,
            options.allow_code_option,
            options.change_options,
            options.scale_option,
            seed_from_option,
            seeds_option(seeds, "Seeds at every point, the same at each."),
        ):  # fmt: skip
            function = option(function)
        return function

    return add


def _a_form(_: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    from steppe.results.dataset_files import FORMS

    if value is not None and value.suffix.lower() not in FORMS:
        raise click.BadParameter(f"the name must end in {', '.join(FORMS)}.", param=parameter)
    return value


def design_seed_option(function: F) -> F:
    """Add --design-seed: that of the points, not of the runs."""
    return click.option(
        "--design-seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True,
        metavar="N", help="Seed of the points of a random design.",
    )(function)  # fmt: skip


def announce(talk: Console, asked: Asked, design: Design, order: DesignOptions) -> None:
    """Print what is about to be run."""
    from steppe.commands.console import facts
    from steppe.commands.summary import change_lines, quick_look
    from steppe.report.formatting import count, number

    scenario = asked.scenario
    runs = len(design) * order.seeds
    size = f"{number(order.scale, 6)} agents per citizen"
    rows = [
        (
            "who",
            f"{scenario.country.citizens:,} citizens, "
            f"{'every one an agent' if order.scale == 1.0 else size}",
        ),
        ("over", ", ".join(axis.name for axis in design.axes)),
        ("runs", f"{count(len(design), 'point')} x {count(order.seeds, 'seed')} = {runs:,}"),
    ]
    rows.append(("values", asked.drawn.words(order.seeds)))
    rows += [("changed", "\n".join(change_lines(asked.changes)))] if asked.changes else []
    talk.print(f"[bold]{scenario.title}[/]   {KINDS[design.kind]}")
    talk.print(facts(rows))
    if order.scale != 1.0:
        quick_look(talk, order.scale)


KINDS = {
    "grid": "grid",
    "lhs": "Latin hypercube",
    "sobol": "Sobol design",
    "morris": "Morris screening",
    "saltelli": "Sobol indices",
}


def swept(order: DesignOptions, asked: Asked, design: Design) -> Sweep:
    """Make what is missing, with progress, and tell of failures."""
    from steppe.commands.cluster import executor
    from steppe.commands.console import err, say
    from steppe.commands.progress import ProgressLine
    from steppe.results.store import Store
    from steppe.study.sweep import sweep

    store = Store(order.store)
    work, unit = workload(asked.scenario, order.scale)
    with (
        executor(store, order.cluster, order.workers) as hands,
        ProgressLine(err(), work, unit, quiet=order.quiet, noun="run") as watch,
    ):
        made = sweep(
            asked.scenario, design, order.range, store=store, scale=order.scale,
            workers=order.workers, executor=hands, parameters=asked.parameters, fixed=asked.held,
            on_event=watch,
        )  # fmt: skip
    for point, seed, reason in made.failures:
        say(err(), f"failed: seed {seed} at {design.label(point)}: {reason}")
    return made


def repeat_command(name: str, order: DesignOptions, asked: Asked, *own: object) -> str:
    """Return the exact command that does the same again; ``own`` are its further options."""
    from steppe.commands.report_writer import command_line

    return command_line(name, asked.case, *own, *asked.options, *order.words)


def stopped(error: KeyboardInterrupt, again: str) -> None:
    """Say what was finished when the user stopped the study."""
    click.echo(str(error) or "stopped; what is finished is kept", err=True)
    click.echo(f"  {again}", err=True)


def write_out(made: Sweep, path: Path | None, talk: Console) -> None:
    """Write the dataset of a sweep where --output says."""
    from steppe.commands.console import say
    from steppe.results.dataset_files import write_dataset

    if path is not None:
        say(talk, f"written   {options.shown(write_dataset(made.to_xarray(), path))}")
