"""What commands on a design share: what is to be run, its progress, and how it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from steppe.commands import options
from steppe.commands.cluster import ClusterOptions, cluster_options
from steppe.commands.exit_codes import INTERRUPTED
from steppe.commands.request_options import seed_from_option, seeds_option, workload

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.study.design import Design
    from steppe.study.resolve import ResolvedRequest
    from steppe.study.sweep import Sweep

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignOptions(ClusterOptions):
    """Who makes the runs of a design, and where its results are written."""

    out: Path | None
    as_json: bool
    quiet: bool

    @property
    def talk(self) -> Console:
        """Where everything but a JSON document is printed."""
        from steppe.commands import console

        return console.err() if self.as_json else console.out()


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


KINDS = {
    "grid": "grid",
    "lhs": "Latin hypercube",
    "sobol": "Sobol design",
    "morris": "Morris screening",
    "saltelli": "Sobol indices",
}


def simulate(study: ResolvedRequest, design: Design, order: DesignOptions, repeat: str) -> Sweep:
    """Simulate what is missing, with progress, and write the outcomes where --output says.

    When the user stops it, the command ends with the exit code for that.
    """
    from steppe.commands.console import err, say
    from steppe.results.dataset_files import write_dataset

    if not order.quiet:
        _announce(study, design, order)
    try:
        result = _sweep(study, design, order)
    except KeyboardInterrupt as error:
        click.echo(str(error) or "stopped; what is finished is kept", err=True)
        click.echo(f"  {repeat}", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    for point, seed, reason in result.failures:
        say(err(), f"failed: seed {seed} at {design.label(point)}: {reason}")
    if order.out is not None:
        path = write_dataset(result.to_xarray(), order.out)
        say(order.talk, f"written   {options.shown(path)}")
    return result


def _announce(study: ResolvedRequest, design: Design, order: DesignOptions) -> None:
    """Print what is about to be run."""
    from steppe.commands.console import facts
    from steppe.commands.summary import agents, change_lines, quick_look
    from steppe.report.formatting import count

    scenario, request = study.baseline, study.request
    size = f"{count(len(design), 'point')} x {count(request.seeds, 'seed')}"
    rows = [
        ("who", f"{scenario.country.citizens:,} citizens, {agents(request.scale)}"),
        ("over", ", ".join(axis.name for axis in design.axes)),
        ("runs", f"{size} = {len(design) * request.seeds:,}"),
        ("values", study.draws.words(request.seeds)),
    ]
    rows += [("changed", "\n".join(change_lines(study.changes)))] if study.changes else []
    order.talk.print(f"[bold]{scenario.title}[/]   {KINDS[design.kind]}")
    order.talk.print(facts(rows))
    if request.scale != 1.0:
        quick_look(order.talk, request.scale)


def _sweep(study: ResolvedRequest, design: Design, order: DesignOptions) -> Sweep:
    from steppe.commands.cluster import executor
    from steppe.commands.console import err
    from steppe.commands.progress import ProgressLine
    from steppe.results.store import Store
    from steppe.study.sweep import sweep

    request = study.request
    store = Store(Path(request.store))
    work, unit = workload(study.baseline, request.scale)
    with (
        executor(store, order) as workers,
        ProgressLine(err(), work, unit, quiet=order.quiet, noun="run") as watch,
    ):
        return sweep(
            study.baseline, design, request.range, store=store, scale=request.scale,
            workers=order.workers, executor=workers, parameters=study.parameters,
            fixed=study.held, on_event=watch,
        )  # fmt: skip
