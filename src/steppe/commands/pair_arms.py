"""The two arms of a comparison, as a command line names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steppe.commands.asked import Asked
    from steppe.scenario.config import Scenario


def base_of(
    case: str,
    settings: Sequence[str],
    free_from: str | None,
    allow_code: bool,
) -> Asked:
    """Return what both arms share: the case, changed alike, its actors free from an hour on."""
    from steppe.commands.asked import ask
    from steppe.study.freed import freed_patch

    asked = ask(case, None, (), settings, allow_code)
    if free_from is not None:
        freed = freed_patch(asked.scenario, free_from)
        more = tuple(f"{path}={value}" for path, value in freed.items())
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
    from steppe.scenario.patch import apply, named, parse_set

    if name is not None:
        return Variant(name, apply(asked.scenario, named(asked.scenario, name)), (name,))
    patch = parse_set(settings)
    other = apply(asked.scenario, patch, allow_code=allow_code)
    words = tuple(word for setting in settings for word in ("--set", setting))
    return Variant(" ".join(settings), other, words)
