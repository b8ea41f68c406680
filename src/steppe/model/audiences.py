"""Audiences of the framing contest and what they listen to, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Audience:
    """Who listens: credibility of state and foreign media with them, in [0, 1] [assumed].

    ``sees`` is whether they can see the streets with their own eyes.
    """

    name: str
    where: Literal["home", "abroad"]
    state_media: float
    foreign_media: float
    sees: bool


AUDIENCES: tuple[Audience, ...] = (
    Audience("urban", "home", 0.3, 0.5, True),
    Audience("rural", "home", 0.6, 0.2, True),
    Audience("russians", "home", 0.6, 0.2, True),
    Audience("security", "home", 0.7, 0.2, True),
    Audience("elites", "home", 0.3, 0.5, True),
    Audience("patron-public", "abroad", 0.6, 0.2, False),
    Audience("neighbor-rulers", "abroad", 0.5, 0.3, False),
    Audience("china", "abroad", 0.5, 0.2, False),
    Audience("west", "abroad", 0.1, 0.8, False),
)
NAMES: tuple[str, ...] = tuple(audience.name for audience in AUDIENCES)
URBAN, RURAL, RUSSIANS, SECURITY = (
    NAMES.index(name) for name in ("urban", "rural", "russians", "security")
)
