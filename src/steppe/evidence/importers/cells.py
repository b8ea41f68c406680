"""Exact parsers of cells: days, numbers and names in the forms that exports have, guessing nothing.

A form that can mean two things ("5/1/2022", "1,234" beside decimal commas) is refused unless the
user says which it is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from steppe.core.errors import nearest

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(\.0*)?")
_GROUPS = re.compile("[+-]?[0-9]{1,3}(([ \u00a0\u202f',])[0-9]{3}(\\2[0-9]{3})*)")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_DAY_MONTH_YEAR = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{4})")
_MONTH_DAY_YEAR = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}), ?([0-9]{4})")
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?(Z|\+00:00)?$")
DayOrder = Literal["", "dmy", "mdy"]
LEFT_OUT = "-"
"""Stands for a region whose rows the user does not want."""


class RowError(ValueError):
    """What is wrong with one row, in words for the quarantine."""


class UnknownNameError(RowError):
    """A name that no region is known by; ``name`` goes to the list of names to match."""

    def __init__(self, column: str, name: str, near: str = "") -> None:
        self.name = name
        hint = f"; did you mean '{near}'?" if near else ""
        word = f"{column} {name[:40]!r} is not" if name else f"{column} is empty, not"
        super().__init__(f"{word} in the table of regions{hint}")


def plain(text: str) -> str:
    """Return the form in which names are compared: composed, trimmed, without case."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def calendar_day(name: str, year: int, month: int, day: int) -> str:
    """Return the ISO text of the day in ``name``; ``RowError`` when there is no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise RowError(f"{name}: there is no day {year}-{month}-{day}") from error


def iso_day(name: str, text: str) -> str:
    """Return ``text`` when it is a day written YYYY-MM-DD, the form of a case's own tables."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise RowError(f"{name} {text[:40]!r} is not a date of the form YYYY-MM-DD")
    return calendar_day(name, *map(int, text.split("-")))


def day(name: str, text: str, order: DayOrder = "") -> str:
    """Return the ISO text of a day in any form that exports have; midnight after it is dropped.

    ``order`` says what "5/1/2022" means; without it such a day is refused.
    """
    bare = _MIDNIGHT.sub("", text.strip())
    if match := _ISO.fullmatch(bare):
        return calendar_day(name, *map(int, match.groups()))
    if match := _DOTTED.fullmatch(bare):
        d, m, y = map(int, match.groups())
        return calendar_day(name, y, m, d)
    if match := _DAY_MONTH_YEAR.fullmatch(bare):
        return calendar_day(name, int(match[3]), _month(name, match[2]), int(match[1]))
    if match := _MONTH_DAY_YEAR.fullmatch(bare):
        return calendar_day(name, int(match[3]), _month(name, match[1]), int(match[2]))
    if match := _SLASHED.fullmatch(bare):
        a, b, y = map(int, match.groups())
        if order or a > 12 or b > 12 or a == b:
            d, m = (b, a) if order == "mdy" or (not order and b > 12) else (a, b)
            return calendar_day(name, y, m, d)
        raise RowError(f"{name} {text[:40]!r}: day or month first? say so with --dates dmy or mdy")
    raise RowError(f"{name} {text[:40]!r} is not a date of the form YYYY-MM-DD")


def moment(name: str, text: str) -> datetime:
    """Return the moment in ``text``: ISO, seconds since 1970, or words; UTC if not said."""
    if re.fullmatch(r"[0-9]{9,10}", text):
        return datetime.fromtimestamp(int(text), UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = _moment_in_words(name, text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _moment_in_words(name: str, text: str) -> datetime:
    bare = re.sub(r"^[A-Za-z]+day, ", "", text).removesuffix(" UTC")
    for form in (
        "%B %d, %Y, %I:%M:%S %p",
        "%B %d, %Y %I:%M %p",
        "%d %B %Y %H:%M",
        "%Y-%m-%d %H:%M",
    ):
        try:
            return datetime.strptime(bare, form)
        except ValueError:
            continue
    raise RowError(f"{name} {text[:40]!r} is not a moment of the form YYYY-MM-DDTHH:MMZ")


def _month(name: str, word: str) -> int:
    short = word.casefold()
    fits = [i for i, month in enumerate(_MONTHS, 1) if month.startswith(short[:9])]
    if len(fits) != 1:
        raise RowError(f"{name}: {word[:20]!r} is not the name of a month in English")
    return fits[0]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row by column name, with exact parsers that raise ``RowError``.

    ``decimal_comma`` is so in files whose separator is not a comma, ``order`` what the user said
    of days, ``window`` the first and last day that anything is wanted of, ``zone`` where local
    time is that of the case.
    """

    fields: Mapping[str, str]
    missing: tuple[str, ...]
    decimal_comma: bool = False
    order: DayOrder = ""
    window: tuple[str, str] = ("", "9999")
    zone: str = "UTC"

    def optional(self, name: str) -> str:
        """Return the text of ``name``, '' when missing."""
        text = self.fields.get(name, "").strip()
        return "" if text in self.missing else text

    def text(self, name: str) -> str:
        """Return the text of ``name``, which must be there."""
        text = self.optional(name)
        if not text:
            raise RowError(f"{name} is empty")
        return text

    def optional_number(self, name: str) -> float | None:
        """Return the finite number in ``name`` or None when missing."""
        text = self.optional(name)
        if not text:
            return None
        if self.decimal_comma and re.fullmatch(r"[+-]?[0-9]*,[0-9]+", text):
            if re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", text):
                raise RowError(
                    f"{name} {text[:40]!r}: thousands or decimals? write it without comma"
                )
            text = text.replace(",", ".")
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(number):
            raise RowError(f"{name} {text[:40]!r} is not a finite number with a decimal point")
        return number

    def whole(self, name: str) -> int:
        """Return the whole number in ``name``; thousands may be set apart, ".0" may follow."""
        text = self.text(name)
        if _GROUPS.fullmatch(text):
            text = re.sub("[^0-9+-]", "", text)
        if not _WHOLE.fullmatch(text):
            raise RowError(f"{name} {text[:40]!r} is not a whole number of at most 15 digits")
        return int(text.partition(".")[0])

    def day(self, name: str) -> str:
        """Return the ISO text of the day in ``name``."""
        return day(name, self.text(name), self.order)

    def moment(self, name: str) -> datetime:
        """Return the local time of the moment in ``name``, which is UTC if it says nothing."""
        return moment(name, self.text(name)).astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def inside(self, day: str) -> str:
        """Return ``day`` if it lies in the window; a row of another time is of no use."""
        first, last = self.window
        if not first <= day <= last:
            raise RowError(f"outside the run, {first} to {last}")
        return day

    def region(self, name: str, regions: Mapping[str, str]) -> str:
        """Return the region known by the text of ``name``; ``regions`` has plain names as keys.

        An empty name can be known too, as that of the whole country for one.
        """
        text = self.optional(name)
        region = regions.get(plain(text), "")
        if not region:
            raise UnknownNameError(name, text, nearest(plain(text)[:100], regions))
        if region == LEFT_OUT:
            raise RowError(f"{name} {text[:40]!r} is left out by the table of names")
        return region
