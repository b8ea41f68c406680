"""How many people: the figures and words that event data state the size of a crowd in."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PEOPLE = re.compile(
    r"\b(people|persons?|participants?|protest[eo]rs?|demonstrators?|attendees|individuals)\b"
)
_GROUPED = re.compile("(?<=[0-9])[ ,'\u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_EXACT = r"(?:about|around|approximately|approx\.?|nearly|almost|roughly|some|close to|circa|~)? ?"
_OVER = r"(?:at least|more than|over|no less than|upwards of|>) ?"
_UNDER = r"(?:up to|at most|less than|fewer than|under|no more than|<) ?"
_COUNT = r"([0-9]{1,9})"
_MULTIPLES = {
    **dict.fromkeys(("k", "thousand"), 1_000),
    **dict.fromkeys(("m", "mn", "mln", "million"), 1_000_000),
    "hundred": 100,
}
_UNITS = {
    "dozen": (12, 50, 99),
    "ten": (10, 30, 99),
    "hundred": (100, 300, 999),
    "thousand": (1_000, 3_000, 9_999),
    "million": (1_000_000, 3_000_000, 9_999_999),
}
"""Lowest, middle and highest number that the plural of a word is read as."""

_UNSTATED = ("", "no report", "no reports", "not reported", "unknown", "na", "none")


@dataclass(frozen=True, slots=True)
class CrowdSize:
    """A crowd: its number, where one is stated, and what it is at least and at most."""

    value: float | None = None
    low: float | None = None
    high: float | None = None

    def fields(self) -> dict[str, float | None]:
        """Return the three figures by the names that observations use."""
        return {"value": self.value, "low": self.low, "high": self.high}


def is_stated(text: str) -> bool:
    """Return whether ``text`` says anything about the size at all."""
    return text.strip().lower() not in _UNSTATED


def crowd_size(text: str) -> CrowdSize | None:
    """Return the size that ``text`` states; None where it has no form that is known."""
    words = " ".join(_PEOPLE.sub(" ", text.lower()).replace("\u2013", "-").split())
    words = _in_figures(_GROUPED.sub("", words).removesuffix(" of"))
    if one := re.fullmatch(_EXACT + _COUNT, words):
        return CrowdSize(value=float(one[1]))
    if over := re.fullmatch(f"(?:{_OVER})?{_COUNT}\\+?", words):
        return CrowdSize(value=float(over[1]), low=float(over[1]))
    if under := re.fullmatch(_UNDER + _COUNT, words):
        return CrowdSize(high=float(under[1]))
    if two := re.fullmatch(f"(?:between )?{_EXACT}{_COUNT}(?: and | to | ?- ?){_COUNT}", words):
        low, high = float(two[1]), float(two[2])
        return CrowdSize(low=low, high=high) if low <= high else None
    return _in_words(words)


def _in_figures(words: str) -> str:
    """Return ``words`` with "1.5 million", "10k" and "over a hundred" in digits."""
    names = "|".join(_MULTIPLES)
    words = words.replace("half a million", "500000")
    words = re.sub(f"^({_OVER}|{_UNDER})(?:a|one) ({names})$", r"\g<1>1 \2", words)
    return re.sub(
        rf"([0-9]{{1,6}}(?:\.[0-9]{{1,3}})?) ?({names})(?![a-z])",
        lambda match: f"{float(match[1]) * _MULTIPLES[match[2]]:.0f}",
        words,
    )


def _in_words(words: str) -> CrowdSize | None:
    if plural := re.fullmatch(r"1(0{1,6})s", words):  # "100s"
        unit = 10 ** len(plural[1])
        return CrowdSize(3.0 * unit, float(unit), 10.0 * unit - 1)
    if large := re.fullmatch(r"(tens|hundreds) of thousands", words):
        unit = 10_000 if large[1] == "tens" else 100_000
        return CrowdSize(3.0 * unit, float(unit), 10.0 * unit - 1)
    names = "|".join(_UNITS)
    if several := re.fullmatch(f"(?:(?:several|a few|few|many) )?({names})s?", words):
        low, middle, high = _UNITS[several[1]]
        least = low if words == f"{several[1]}s" else 2 * low
        return CrowdSize(float(middle), float(least), float(high))
    if exact := re.fullmatch(f"{_EXACT}(a|one) ({names})", words):
        return CrowdSize(value=float(_UNITS[exact[2]][0]))
    return None
