"""What a regime can do: its options with cost, believed effect and kind, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["none", "concession", "information", "emergency", "foreign", "force"]
KINDS: tuple[Kind, ...] = ("none", "concession", "information", "emergency", "foreign", "force")


@dataclass(frozen=True, slots=True)
class Option:
    """One option: what it costs and by how much it is believed to lower the threat [assumed]."""

    name: str
    kind: Kind
    cost: float
    relief: float


CATALOGUE: tuple[Option, ...] = (
    Option("none", "none", 0.0, 0.0),
    Option("local-price", "concession", 0.02, 0.05),
    Option("national-price", "concession", 0.05, 0.10),
    Option("dismiss-government", "concession", 0.10, 0.15),
    Option("dismiss-old-ruler", "concession", 0.12, 0.20),
    Option("regional-blackout", "information", 0.04, 0.10),
    Option("national-blackout", "information", 0.10, 0.20),
    Option("regional-emergency", "emergency", 0.05, 0.10),
    Option("national-emergency", "emergency", 0.10, 0.20),
    Option("reframe", "information", 0.03, 0.05),
    Option("appeal", "foreign", 0.20, 0.40),
    Option("force-2", "force", 0.05, 0.15),
    Option("force-3", "force", 0.20, 0.35),
    Option("force-4", "force", 0.30, 0.45),
)
"""Costs and reliefs: a ladder in the order of Moore, JCR 44 (2000); numbers are conjecture."""

OPTIONS: tuple[str, ...] = tuple(option.name for option in CATALOGUE)
NATIONAL_CONCESSIONS = tuple(
    OPTIONS.index(name) for name in ("national-price", "dismiss-government", "dismiss-old-ruler")
)
REVERSIBLE = tuple(
    i for i, option in enumerate(CATALOGUE) if option.kind in ("information", "emergency", "force")
)
"""Options that are lifted when the threat has passed."""
