"""Columns of a table and the one way to write a value of each type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from steppe.case.units import Refusal, local_time, quote

_WHOLE = re.compile("[-+]?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_GROUPING = re.compile("[\\s\u00a0\u202f\u2009'\u2019_]")
"""What people and programs put between groups of digits, beside commas and points."""
_MULTIPLES = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mn", "mln", "million"), 1e6),
    **dict.fromkeys(("bn", "billion"), 1e9),
}
_IN_WORDS = re.compile(rf"([0-9]+\.?[0-9]*)({'|'.join(_MULTIPLES)})", re.IGNORECASE)
_MISSING = re.compile(r"(n/?a|nan|none|null|nil|\?|-+|\.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """A column: its name in the header, how a cell is read, whether a cell may be empty."""

    name: str
    read: Callable[[str], Any]
    optional: bool


@cache
def columns(model: type[BaseModel]) -> tuple[CsvColumn, ...]:
    """Return the columns of a row model, in the order of its fields."""
    return tuple(
        CsvColumn(info.alias or name, _reader(info.annotation), not info.is_required())
        for name, info in model.model_fields.items()
    )


def _reader(annotation: Any) -> Callable[[str], Any]:
    if get_origin(annotation) is UnionType:
        (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    readers: dict[Any, Callable[[str], Any]] = {
        int: whole_number, float: number, bool: truth, datetime: moment, str: text,
        tuple: id_list, Literal: text,
    }  # fmt: skip
    return readers[get_origin(annotation) or annotation]


def text(cell: str) -> str:
    """Return the cell; it must not be empty."""
    if not cell:
        raise Refusal("the cell is empty", "text")
    return cell


def whole_number(cell: str) -> int:
    """Return the whole number in the cell."""
    if not _WHOLE.fullmatch(cell):
        raise Refusal(f"expected a whole number, got {_cell_text(cell)}", _advice(cell, whole=True))
    return int(cell)


def number(cell: str) -> float:
    """Return the finite number in the cell, with a decimal point."""
    if not _NUMBER.fullmatch(cell):
        raise Refusal(f"expected a number, got {_cell_text(cell)}", _advice(cell))
    if not math.isfinite(value := float(cell)):
        raise Refusal(f"{quote(cell)} is too large", "a finite number")
    return value


def truth(cell: str) -> bool:
    """Return True for ``yes`` and False for ``no``."""
    if cell not in ("yes", "no"):
        raise Refusal(f"expected yes or no, got {_cell_text(cell)}", "yes, no")
    return cell == "yes"


def moment(cell: str) -> Any:
    """Return the local time in the cell."""
    return local_time(cell)


def id_list(cell: str) -> tuple[str, ...]:
    """Return the ids in the cell, separated by ``|``; an empty cell is an empty list."""
    if re.search(r"[;,/\s]", cell):
        names = [name for name in re.split(r"[;,/|\s]+", cell) if name]
        raise Refusal(f"{quote(cell)} is no list of ids", f"ids joined by |, as {'|'.join(names)}")
    return tuple(cell.split("|")) if cell else ()


def _cell_text(cell: str) -> str:
    return quote(cell) if cell else "an empty cell"


def _advice(cell: str, whole: bool = False) -> str:
    """Return what to write in place of a cell that holds no number, where that can be told."""
    if _MISSING.fullmatch(cell):
        return "an empty cell where a value is missing and may be"
    if "\u00b0" in cell:
        return "degrees as a decimal number, negative in the south and west"
    bare = _GROUPING.sub("", cell).replace("\u2212", "-")
    if cell.endswith(("%", "‰")):
        return "a number without the sign; as a share 60 % is 0.6"
    if "," in bare:
        bare = _without_commas(bare)
    elif words := _IN_WORDS.fullmatch(bare):
        bare = f"{float(words[1]) * _MULTIPLES[words[2].casefold()]:.15g}"
    elif whole and re.fullmatch(r"[-+]?[0-9]{1,3}(\.[0-9]{3})+", bare):
        bare = bare.replace(".", "")
    if not _NUMBER.fullmatch(bare):
        vague = re.search("[0-9]", cell)
        return "one number; a range, at least and at most go into low and high" if vague else ""
    if whole:
        value = float(bare)
        return f"{int(value)}, digits alone" if value.is_integer() and value < 1e15 else ""
    return f"{bare}, digits and a decimal point alone"


def _without_commas(text: str) -> str:
    """Return a number with commas (of thousands, or the decimal one) with a point or none.

    Groups of two digits are those of India: 1,40,000.
    """
    if re.fullmatch(r"[-+]?[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}(\.[0-9]+)?", text):
        return text.replace(",", "")
    return text.replace(".", "").replace(",", ".") if text.count(",") == 1 else text
