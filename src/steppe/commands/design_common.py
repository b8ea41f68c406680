"""What commands on a design share: what is to be run, its progress, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from steppe.commands import options
from steppe.commands.cluster import (
    ClusterOptions,
    cluster_options,
    stoppable,
    study_with_progress,
)
from steppe.commands.console import err, facts, say, text_console
from steppe.commands.request_options import seed_from_option, seeds_option
from steppe.results.formatting import count

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.study.design import Design
    from steppe.study.resolve import ResolvedRequest
    from steppe.study.sweep import Sweep

F = TypeVar("F", bound=Callable[..., Any])

KINDS = {
    "grid": "grid",
    "lhs": "Latin hypercube",
    "sobol": "Sobol design",
    "morris": "Morris screening",
    "saltelli": "Sobol indices",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignOptions(ClusterOptions):
    """Points and outcomes of a design, who makes its runs, and where its results are written."""

    over: tuple[str, ...]
    design_seed: int
    outcomes: tuple[str, ...]
    out: Path | None
    as_json: bool

    @property
    def talk(self) -> Console:
        """Where everything but a JSON document is printed."""
        return text_console(self.as_json)

    def words(self, sample: Sequence[object] = (), *, random: bool = True) -> list[object]:
        """Return the options of the design; those of its ``sample`` come after what varies."""
        over = [word for text in self.over for word in ("--over", text)]
        seed = ["--design-seed", self.design_seed] if random and self.design_seed != 1 else []
        outcomes = [word for name in self.outcomes for word in ("--outcome", name)]
        return [*over, *sample, *seed, *outcomes]


def _a_form(_: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    from steppe.results.dataset_files import FORMS

    if value is not None and value.suffix.lower() not in FORMS:
        raise click.BadParameter(f"the name must end in {', '.join(FORMS)}.", param=parameter)
    return value


def design_options(seeds: int) -> Callable[[F], F]:
    """Add the options of a study of many points; ``seeds`` for each by default."""
    return options.combine(
        seeds_option(seeds, "Seeds at every point, the same at each."),
        seed_from_option,
        options.scale_option,
        options.engine_option,
        options.change_options,
        options.allow_code_option,
        options.store_option,
        cluster_options,
        click.option(
            "--output", "-o", "out", type=options.NewFile(), metavar="FILE", callback=_a_form,
            help="Also write the outcome of every run: FILE.nc, FILE.parquet or FILE.csv.",
        ),
        options.json_option,
        options.quiet_option,
    )  # fmt: skip


design_seed_option = click.option(
    "--design-seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True,
    metavar="N", help="Seed of the points of a random design.",
)  # fmt: skip


def outcome_option(verb: str, default: str) -> Callable[[F], F]:
    """Add --outcome: which outcomes to show or explain."""
    return click.option(
        "--outcome", "outcomes", multiple=True, metavar="NAME",
        help=f"Outcome to {verb}; may be repeated.  [default: {default}]",
    )  # fmt: skip


def simulate(study: ResolvedRequest, design: Design, order: DesignOptions, repeat: str) -> Sweep:
    """Simulate what is missing, with progress, and write the outcomes where --output says.

    When the user stops it, the command ends with the exit code for that.
    """
    from steppe.results.dataset_files import write_dataset
    from steppe.study.sweep import sweep

    if not order.quiet:
        _announce(study, design, order)
    with stoppable(repeat), study_with_progress(order, study, noun="run") as by:
        result = sweep(study.baseline, design, study.request.range, **by)
    for point, seed, reason in result.failures:
        say(err(), f"failed: seed {seed} at {design.label(point)}: {reason}")
    if order.out is not None:
        path = write_dataset(result.dataset(), order.out)
        say(order.talk, f"written   {options.short_path(path)}")
    return result


def _announce(study: ResolvedRequest, design: Design, order: DesignOptions) -> None:
    """Print what is about to be run."""
    from steppe.commands.summary import change_lines, look
    from steppe.results.engines import who

    scenario, request = study.baseline, study.request
    size = f"{count(len(design), 'point')} x {count(request.seeds, 'seed')}"
    rows = [
        ("who", f"{scenario.country.citizens:,} citizens, {who(request.engine, request.scale)}"),
        ("over", ", ".join(axis.name for axis in design.axes)),
        ("runs", f"{size} = {len(design) * request.seeds:,}"),
        ("values", study.draws.words(request.seeds)),
    ]
    rows += [("changed", "\n".join(change_lines(study.changes)))] if study.changes else []
    order.talk.print(f"[bold]{scenario.title}[/]   {KINDS[design.kind]}")
    order.talk.print(facts(rows))
    look(order.talk, request)
