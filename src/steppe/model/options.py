"""What a regime can do: its options and their kinds, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["none", "concession", "information", "emergency", "foreign", "force"]
KINDS: tuple[Kind, ...] = ("none", "concession", "information", "emergency", "foreign", "force")


@dataclass(frozen=True, slots=True)
class Option:
    """One option; its cost and believed relief are parameters of the regime."""

    name: str
    kind: Kind


CATALOGUE: tuple[Option, ...] = (
    Option("none", "none"),
    Option("local-price", "concession"),
    Option("national-price", "concession"),
    Option("dismiss-government", "concession"),
    Option("dismiss-old-ruler", "concession"),
    Option("regional-blackout", "information"),
    Option("national-blackout", "information"),
    Option("regional-emergency", "emergency"),
    Option("national-emergency", "emergency"),
    Option("reframe", "information"),
    Option("appeal", "foreign"),
    Option("force-2", "force"),
    Option("force-3", "force"),
    Option("force-4", "force"),
)
"""In the order of Moore, JCR 44 (2000): from concessions to force."""

OPTIONS: tuple[str, ...] = tuple(option.name for option in CATALOGUE)
NATIONAL_CONCESSIONS = tuple(
    OPTIONS.index(name) for name in ("national-price", "dismiss-government", "dismiss-old-ruler")
)
REVERSIBLE = tuple(
    i for i, option in enumerate(CATALOGUE) if option.kind in ("information", "emergency", "force")
)
"""Options that are lifted when the threat has passed."""
