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
        raise Refusal(f"expected a whole number, got {_cell_text(cell)}", _advice(cell))
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
    return tuple(cell.split("|")) if cell else ()


def _cell_text(cell: str) -> str:
    return quote(cell) if cell else "an empty cell"


def _advice(cell: str) -> str:
    if _MISSING.fullmatch(cell):
        return "an empty cell where a value is missing and may be"
    if re.fullmatch("[-+]?[0-9]+,[0-9]+", cell):
        return "a decimal point"
    return ""
