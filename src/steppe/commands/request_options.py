"""The options that make a ``StudyRequest``, and the request that a command line makes with them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from steppe.commands import options

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.results.trajectory import EngineName
    from steppe.study.request import StudyRequest

F = TypeVar("F", bound=Callable[..., Any])

MOST_SEEDS = 10_000_000
"""More would not fit in memory as a list of seeds; nobody has the years to run them."""

LAST_FIRST = 2**63 - MOST_SEEDS
"""The largest first seed: all that follow are below 2**63, as a run needs its seed to be."""

FIELDS = (
    "case", "counterfactual", "patches", "settings", "base", "variants", "free_from", "parameters",
    "seeds", "first", "scale", "engine", "store_path", "record", "allow_code",
)  # fmt: skip
"""The parameters of commands that belong to a request."""


def takes_request(function: F) -> F:
    """Give a command one ``request`` in place of the parameters that belong to it."""

    @functools.wraps(function)
    def call(**values: object) -> object:
        engine, scale = str(values.get("engine", "citizens")), cast(float, values.get("scale", 1.0))
        recorded = cast(Sequence[str], values.get("record", ()))
        check_options(engine, scale, citizens="citizens" in recorded)
        rest = {name: value for name, value in values.items() if name not in FIELDS}
        return function(request=request_of(values), **rest)

    return cast(F, call)


def check_options(engine: str, scale: float, *, citizens: bool = False) -> None:
    """Refuse options of which one is about every citizen and another counts them."""
    from steppe.study.limits import check_engine

    try:
        check_engine(engine, scale, citizens=citizens)
    except ValueError as error:
        raise click.UsageError(f"--engine {engine}: {error}") from None


def takes_options(kind: type[object]) -> Callable[[F], F]:
    """Give a command one ``order``, of ``kind``, in place of the parameters that are its fields."""

    def add(function: F) -> F:
        @functools.wraps(function)
        def call(**values: object) -> object:
            order = {name: values.pop(name) for name in names}
            return function(order=kind(**order), **values)

        names = [field.name for field in fields(cast(Any, kind))]
        return cast(F, call)

    return add


def request_of(values: Mapping[str, Any]) -> StudyRequest:
    """Return the request in the parameters of a command.

    Where both histories of a comparison can be changed (--base-set), the other changes belong to
    the counterfactual.
    """
    from steppe.case.patch import parse_set
    from steppe.study.request import CaseChanges, StudyRequest

    name = values.get("counterfactual")
    own = parse_set(values.get("settings", ()))
    shared = CaseChanges(
        (name,) if name is not None else (), tuple(map(str, values.get("patches", ()))), own.changes
    )
    variant = CaseChanges()
    if "base" in values:
        variant = CaseChanges(tuple(values.get("variants", ())), values=own.changes)
        shared = CaseChanges(values=parse_set(values["base"]).changes)
    return StudyRequest(
        case=values.get("case") or values["what"][0],
        shared=shared,
        variant=variant,
        free_from=values.get("free_from"),
        parameters=values.get("parameters"),
        seeds=values.get("seeds") or 1,
        first=values.get("first", 1),
        scale=values.get("scale", 1.0),
        engine=values.get("engine", "citizens"),
        store=str(values.get("store_path", options.STORE)),
        citizens="citizens" in values.get("record", ()),
        allow_code=values.get("allow_code", False),
    )


def workload(
    scenario: Scenario, scale: float, engine: EngineName = "citizens"
) -> tuple[float, str]:
    """Return the work of one run and its unit: citizens, or agents that stand for them, x hours.

    What cohorts do depends on no number of citizens: their runs are counted.
    """
    if engine == "cohorts":
        return 1.0, "runs"
    unit = "citizen-hours" if scale == 1.0 else "agent-hours"
    return scenario.country.citizens * scenario.clock.hours * scale, unit


def seeds_option(default: int | None, meaning: str, *, least: int = 1) -> Callable[[F], F]:
    """Add --seeds: how many there are."""
    return options.count("--seeds", default, meaning, least=least, most=MOST_SEEDS)


seed_from_option = click.option(
    "--seed-from", "first", type=click.IntRange(0), default=1, show_default=True,
    metavar="N", callback=options.at_most(LAST_FIRST), help="The first seed.",
)  # fmt: skip


def base_options(histories: str) -> Callable[[F], F]:
    """Add --base-set and --free-from, as ``base`` and ``free_from``: what ``histories`` share."""
    return options.combine(
        options.repeatable(
            "--base-set", "base", metavar="PATH=VALUE",
            meaning=f"Change a value in {histories.lower()}",
        ),
        click.option(
            "--free-from", metavar="WHEN",
            help=f"{histories} follow the record until then; after it regime, elite and "
            "alliance decide for themselves: a time, the id of an event, or `request` (for "
            "help).",
        ),
    )  # fmt: skip
