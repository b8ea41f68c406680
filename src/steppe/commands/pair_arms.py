"""The two arms of a comparison, as a command line names them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.commands.asked import Asked

F = TypeVar("F", bound=Callable[..., Any])


def base_options(arms: str) -> Callable[[F], F]:
    """Add --base-set and --free-from, as ``base`` and ``free_from``: what ``arms`` share."""

    def add(function: F) -> F:
        for option in (
            click.option(
                "--free-from", metavar="WHEN",
                help=f"In {arms} history until then, after it regime, elite and alliance decide "
                "for themselves: a time, the id of an event, or `request` (for help).",
            ),
            click.option(
                "--base-set", "base", multiple=True, metavar="PATH=VALUE",
                help=f"Change {arms} alike; may be repeated.",
            ),
        ):  # fmt: skip
            function = option(function)
        return function

    return add


def base_of(
    case: str,
    settings: Sequence[str],
    free_from: str | None,
    allow_code: bool,
) -> Asked:
    """Return what both arms share: the case, changed alike, its actors free from an hour on."""
    from steppe.case.endogenous import endogenous_patch
    from steppe.commands.asked import ask

    asked = ask(case, None, (), settings, allow_code)
    if free_from is not None:
        patch = endogenous_patch(asked.scenario, free_from)
        more = tuple(f"{path}={value}" for path, value in patch.items())
        asked = ask(case, None, (), (*settings, *more), allow_code)
    return asked


@dataclass(frozen=True, slots=True)
class Variant:
    """The other arm: a name fit for people and files, and the words of a command that make it."""

    name: str
    scenario: Scenario
    words: tuple[str, ...]


def variant_of(
    asked: Asked, name: str | None, settings: Sequence[str], allow_code: bool
) -> Variant:
    """Return the arm of a counterfactual, or of settings."""
    from steppe.case.patch import apply, parse_set

    if name is not None:
        return Variant(name, asked.scenario.counterfactual(name), (name,))
    patch = parse_set(settings)
    other = apply(asked.scenario, patch, allow_code=allow_code)
    words = tuple(word for setting in settings for word in ("--set", setting))
    return Variant(" ".join(settings), other, words)
