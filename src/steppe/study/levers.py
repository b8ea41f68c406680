"""Settings of a scenario that are controls of their own, and their values in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from steppe.study.parameters import PREFIX
from steppe.study.request import value_text

if TYPE_CHECKING:
    from steppe.case.scenario import Value


@dataclass(frozen=True, slots=True)
class Lever:
    """A setting: its address in the scenario, what it is called and what it means."""

    path: str
    title: str
    meaning: str


LEVERS = (
    Lever("prices.shock", "Price shock", "times the observed jump of the price; 0 is none"),
    Lever("information.blackout", "Internet blackout", "cut as in the timeline, or never"),
    Lever("regime.concessions", "Concessions", "made as in the timeline, or withheld"),
    Lever("regime.lethal_force", "Lethal force", "ordered as in the timeline, or never"),
    Lever("alliance.rule", "The alliance", "who decides whether foreign troops come"),
    Lever(
        "alliance.signal", "Signal of support", "whether the announcement has an effect by itself"
    ),
    Lever("alliance.troops", "Foreign troops", "whether troops arrive after the announcement"),
    Lever("mode", "Who decides", "history, or regime, elite and alliance themselves"),
)

WORDS: dict[str, str] = {
    "scripted": "as in history", "none": "never", "null": "left to the mode", "true": "yes",
    "false": "no", "decline": "declines", "endogenous": "the actors decide",
    "policy": "weighs its options", "expected-utility": "weighs costs and gains",
    "empirical": "as such alliances have done",
}  # fmt: skip
"""Values of settings, as the scenario writes them, and what they mean."""

MECHANISM = "mechanisms."

MOST = 4
"""So many changes are named in a title."""


def words_of(value: Value) -> str:
    """Return a value of a setting in words; a number with three digits."""
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        return f"{value:.3g}"
    text = value_text(value)
    return WORDS.get(text, text)


def change_in_words(path: str, value: Value) -> str:
    """Return what setting ``path`` to ``value`` changes, as part of a title."""
    by = " by the rule" if path.startswith(MECHANISM) else ""
    return f"{name_of(path)}{by} {words_of(value)}"


def name_of(path: str) -> str:
    """Return what an address is called: its lever, or its role and name as words."""
    titles = {one.path: one.title for one in LEVERS}
    return titles.get(path) or _plain(path.removeprefix(MECHANISM).removeprefix(PREFIX))


def title_of_changes(parts: Sequence[str]) -> str:
    """Return a title made of the words of several changes, the first few of many."""
    first, *others = parts
    more = len(others) + 1 - MOST
    words = [first, *(text[:1].lower() + text[1:] for text in others[: MOST - 1])]
    return ", ".join([*words, *([f"and {more} more"] if more > 0 else [])])


def _plain(path: str) -> str:
    """Return an address as words: the role, then the name."""
    text = path.replace(".", " ").replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]
