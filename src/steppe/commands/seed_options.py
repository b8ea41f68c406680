"""What studies of many seeds are asked alike: which seeds, how large, where they are kept, by whom.

A command extends ``SeedOptions`` by what only it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from steppe.commands import options

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario

F = TypeVar("F", bound=Callable[..., Any])

MOST_SEEDS = 10_000_000
"""More would not fit in memory as a list of seeds; nobody has the years to run them."""

LAST_FIRST = 2**63 - MOST_SEEDS
"""The largest first seed: all that follow are below 2**63, as a run asks of its seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedOptions:
    """Which runs are to be made: so many ``seeds`` from the ``first`` on, at a ``scale``.

    ``scale`` is in agents per citizen; ``workers`` and ``cluster`` say who makes the runs (see
    ``commands.cluster``).
    """

    seeds: int
    first: int
    scale: float
    store: Path
    workers: int | None
    cluster: str | None

    @property
    def range(self) -> range:
        """The seeds, one after the other."""
        return range(self.first, self.first + self.seeds)

    @property
    def words(self) -> list[object]:
        """The options that ask for the same seeds, scale and store; usual values are left out."""
        words: list[object] = ["--seeds", self.seeds]
        words += ["--seed-from", self.first] if self.first != 1 else []
        words += ["--scale", f"{self.scale:g}"] if self.scale != 1.0 else []
        words += ["--store", self.store] if str(self.store) != options.STORE else []
        return words


def workload(scenario: Scenario, scale: float) -> tuple[float, str]:
    """Return the work of one run and its unit: citizens, or agents that stand for them, x hours."""
    unit = "citizen-hours" if scale == 1.0 else "agent-hours"
    return scenario.country.citizens * scenario.clock.hours * scale, unit


def at_most(limit: int) -> Callable[[click.Context, click.Parameter, int | None], int | None]:
    """Return a check of an option against a limit so large that --help need not name it."""

    def check(_: click.Context, parameter: click.Parameter, value: int | None) -> int | None:
        if value is not None and value > limit:
            raise click.BadParameter(f"{value:,} is more than {limit:,}.", param=parameter)
        return value

    return check


def seeds_option(
    default: int | None, meaning: str, *, name: str = "--seeds", least: int = 1
) -> Callable[[F], F]:
    """Add --seeds, or another option ``name``: how many there are."""
    return click.option(
        name, type=click.IntRange(least), default=default, show_default=default is not None,
        metavar="N", callback=at_most(MOST_SEEDS), help=meaning,
    )  # fmt: skip


def seed_from_option(function: F) -> F:
    """Add --seed-from: the first seed, as ``first``."""
    return click.option(
        "--seed-from", "first", type=click.IntRange(0), default=1, show_default=True,
        metavar="N", callback=at_most(LAST_FIRST), help="The first seed.",
    )(function)  # fmt: skip
