"""Audiences of the framing contest, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Audience:
    """Who listens; ``sees`` is whether they can see the streets with their own eyes.

    How far they trust which media are parameters of the framing rule.
    """

    name: str
    where: Literal["home", "abroad"]
    sees: bool


AUDIENCES: tuple[Audience, ...] = (
    Audience("urban", "home", True),
    Audience("rural", "home", True),
    Audience("russians", "home", True),
    Audience("security", "home", True),
    Audience("elites", "home", True),
    Audience("patron-public", "abroad", False),
    Audience("neighbor-rulers", "abroad", False),
    Audience("china", "abroad", False),
    Audience("west", "abroad", False),
)
NAMES: tuple[str, ...] = tuple(audience.name for audience in AUDIENCES)
URBAN, RURAL, RUSSIANS, SECURITY = (
    NAMES.index(name) for name in ("urban", "rural", "russians", "security")
)
