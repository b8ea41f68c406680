"""The header of a table: which column each cell names, and what other programs write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from steppe.case.source_location import SourceMark, cell_mark, name_list, near
from steppe.case.spelling import difference_in_letters
from steppe.case.units import quote
from steppe.core.errors import CaseError, Fault

SEPARATORS = {
    ";": "semicolons", "\t": "tabs", "|": "vertical bars", ":": "colons", "^": "carets",
    "~": "tildes", " ": "spaces",
}  # fmt: skip
UNKNOWN = "unknown column"
LISTED = 5
"""More missing or unknown columns than this are named in one fault."""

FIRST_LINES = 12
"""So far down a header is looked for that does not stand in the first line."""

_AROUND = " \t\u00a0'\u2018\u2019\u201c\u201d\u00ab\u00bb`"
"""What stands around names in place of straight double quotes."""


def read_header(
    cells: Sequence[str],
    file: str,
    lines: tuple[str, ...],
    expected: Sequence[str],
    units: Mapping[str, str],
) -> tuple[str, ...]:
    """Return the name of each column, or raise ``CaseError`` with what is wrong.

    Each of ``expected`` must be there once, in any order; those in ``units`` may say their unit.
    """
    top = SourceMark(file, 1, 1)
    _refuse_other_formats(cells, expected, top)
    faults = list(_blank_faults(cells, top, lines))
    header, intended = [], set()
    for position, cell in enumerate(cells):
        name, _, unit = cell.partition(" [")
        mark = cell_mark(file, lines, 1, position)
        if not cell.strip():
            continue
        if name not in expected or (unit and name not in units):
            close = near(name.strip().casefold(), expected)
            wrong = UNKNOWN + difference_in_letters(name, close)
            faults.append(mark.fault(quote(cell)[1:-1], wrong, name_list(expected), close))
            intended.add(close)
        elif unit and unit != units[name] + "]":
            wrong = f"the unit is {quote(unit.removesuffix(']'))}"
            faults.append(mark.fault(name, wrong, f"{units[name]}, as declared in scenario.yaml"))
        elif name in header:
            faults.append(mark.fault(name, "the column is given twice"))
        header.append(name)
    unknown = [fault for fault in faults if fault.message.startswith(UNKNOWN)]
    if len(unknown) > LISTED:
        if sum(cell.strip(_AROUND) in expected for cell in cells) > len(unknown) // 2:
            wrong = "names have spaces or other marks around them"
            raise CaseError([top.fault("", wrong, "bare names, or straight double quotes")])
        wrong = f"{len(unknown)} unknown columns: {name_list(fault.key for fault in unknown)}"
        raise CaseError([top.fault("", wrong, name_list(expected))])
    missing = [name for name in expected if name not in header and name not in intended]
    if 2 * len(missing) > len(expected):
        if later := _later_header(lines, expected):
            wrong = f"the header stands in line {later}"
            raise CaseError([top.fault("", wrong, "a header in the first line")])
        wrong = f"{len(missing)} of {len(expected)} columns are missing; is it the right file?"
        raise CaseError([top.fault("", wrong, f"also {name_list(missing)}")])
    faults += _missing(missing, top)
    if faults:
        raise CaseError(faults)
    return tuple(header)


def _later_header(lines: Sequence[str], expected: Sequence[str]) -> int:
    """Return the line, from 1, in which most names of columns stand; 0 if there is none."""
    for number, line in enumerate(lines[:FIRST_LINES], 1):
        names = {part.strip(_AROUND + '"').partition(" [")[0] for part in line.split(",")}
        if number > 1 and 2 * len(names & set(expected)) > len(expected):
            return number
    return 0


def _refuse_other_formats(cells: Sequence[str], expected: Sequence[str], top: SourceMark) -> None:
    """Raise ``CaseError`` for a first line that spreadsheets and other programs write."""
    if cells and cells[0].strip().casefold().startswith("sep="):
        wrong = f"{quote(cells[0])} is a line for spreadsheets"
        raise CaseError([top.fault("", wrong, "a header in the first line")])
    if cells and cells[0].lstrip().startswith(("[", "{")):
        raise CaseError([top.fault("", "this is JSON", "a table as CSV, with commas")])
    for separator, name in SEPARATORS.items():
        parts = [part.strip().strip('"').partition(" [")[0] for part in cells[0].split(separator)]
        if len(cells) < len(parts) and len(set(parts) & set(expected)) > 1:
            wrong = f"cells are separated by {name}"
            raise CaseError([top.fault("", wrong, "commas, and a point in decimal numbers")])


def _blank_faults(cells: Sequence[str], top: SourceMark, lines: tuple[str, ...]) -> Iterator[Fault]:
    blank = [position for position, cell in enumerate(cells) if not cell.strip()]
    if not blank:
        return
    mark = cell_mark(top.file, lines, 1, blank[0])
    if blank == [0]:
        wrong = "a first column without a name, as pandas and R write the numbers of rows"
        yield mark.fault("", wrong, "no such column (index=False, row.names=FALSE)")
    else:
        count = len(blank)
        wrong = f"{count} columns without a name" if count > 1 else "a column without a name"
        yield mark.fault("", wrong, "a line that ends with its last column")


def _missing(names: Sequence[str], top: SourceMark) -> list[Fault]:
    if len(names) > LISTED:
        wrong = f"{len(names)} columns are missing"
        return [top.fault("", wrong, f"also {name_list(names, 40)}")]
    return [top.fault(name, "the column is missing") for name in names]
