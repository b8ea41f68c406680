"""Edits of a draft: cells of its tables and settings of its scenario.yaml, all or nothing.

What an edit says is written as text and read again by the schema, so that it is refused in the
words of every other case file; then nothing is written. Figures that must add up follow: the people
of places those of their region, and the country the sum.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, get_args

from steppe.app.draft_sources import SOURCES, note, ticked, with_note
from steppe.app.drafts import Draft
from steppe.app.errors import RequestError
from steppe.case.folder_edit import SCENARIO, commit, quoted, table_file, with_scalar
from steppe.case.load import load
from steppe.case.table_edit import table_rows, with_cells, with_rows
from steppe.case.tables import Basis
from steppe.countries.assumed_cells import OPEN_CELLS
from steppe.evidence.importers.case_tables import scaled_places

EDITABLE = ("regions", "group_shares", "exposure", "places", "forces", "prices")
"""Tables of which cells can be edited."""

BASES: tuple[str, ...] = get_args(get_args(Basis)[0])
SETTING = re.compile(
    r"title|mode|goods\.\d\.(name|unit)|groups\.\d\.name"
    r"|triggers\.\d\.(size|low|high|at|until|half_life|text|basis|source)"
    r"|timeline\.\d{1,4}\.(enabled|value|at)|alliance\.request\.[a-z]+"
    r"|elite\.factions\.\d\.(name|share|rent|challenger_rent)"
)
"""Addresses in scenario.yaml that can be set; none of them is a file, a rule or another case."""

NAMED_BASIS = {
    "share_age_0_15": "age_basis", "share_age_16_45": "age_basis",
    "share_age_46_retirement": "age_basis", "share_age_older": "age_basis",
    "unemployment_pct": "unemployment_basis", "online_share": "online_basis",
}  # fmt: skip
FIXED = ("id", "region", "place", "group", "good", "iso", "neighbours", "type", "kind")
"""Columns by which rows are known or joined."""

MOST_CELLS = 2000
LONGEST = 300


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A new value for a cell: table, number of the row from 0, column."""

    table: str
    row: int
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What a page changes at once, what the new figures are, and where they are from."""

    cells: tuple[CellEdit, ...]
    settings: Mapping[str, bool | float | str]
    basis: str
    source: str
    number: int | None
    """Which of the cells to look up first this is, from 1."""


def basis_column(column: str, header: Sequence[str]) -> str:
    """Return the column that says what a figure is; '' where the table has none for it."""
    own = NAMED_BASIS.get(column, f"{column}_basis")
    if own in header:
        return own
    return "basis" if "basis" in header else ""


def edit_of(document: Mapping[str, Any]) -> Edit:
    """Return the edit that a page asks for; ``RequestError`` for what is not understood."""
    cells, settings = document.get("cells", []), document.get("settings", {})
    if not isinstance(cells, list) or len(cells) > MOST_CELLS or not isinstance(settings, dict):
        raise RequestError(f"cells: expected a list of up to {MOST_CELLS:,}; settings: an object")
    basis, source = document.get("basis", ""), document.get("source", "")
    if basis not in ("", *BASES):
        raise RequestError(f"basis: allowed are {', '.join(BASES)}")
    if not isinstance(source, str) or len(source) > LONGEST or not source.isprintable():
        raise RequestError(f"source: expected one line of up to {LONGEST} characters")
    if basis and basis != "assumed" and not source.strip():
        raise RequestError("source: say where the figure is from")
    number = document.get("number")
    if number is not None and type(number) is not int:
        raise RequestError("number: expected one of the list to look up first")
    for path, value in settings.items():
        if not SETTING.fullmatch(path) or not isinstance(value, bool | int | float | str):
            raise RequestError(f"{path[:60]}: cannot be set here")
    return Edit(tuple(map(_cell_of, cells)), settings, basis, source.strip(), number)


def _cell_of(one: object) -> CellEdit:
    keys = {"table": str, "row": int, "column": str, "value": str}
    if not isinstance(one, dict) or {k: type(v) for k, v in one.items()} != keys:
        raise RequestError("cells: expected table, row, column and value of each")
    cell = CellEdit(**one)
    if cell.table not in EDITABLE or cell.column in FIXED:
        raise RequestError(f"{cell.table[:40]}, {cell.column[:40]}: cannot be edited here")
    if not cell.value.isprintable():
        raise RequestError(f"{cell.column[:40]}: a value is one line of text")
    return cell


def apply_edit(draft: Draft, edit: Edit) -> None:
    """Write an edit into the draft; ``CaseError`` for what would make it wrong, nothing written."""
    if not edit.cells and not edit.settings:
        raise RequestError("nothing is changed")
    files = {SCENARIO: draft.text(SCENARIO)}
    for path, value in edit.settings.items():
        way = tuple(int(name) if name.isdigit() else name for name in path.split("."))
        files[SCENARIO] = with_scalar(files[SCENARIO], way, _yaml(value))
    by_table: dict[str, list[CellEdit]] = defaultdict(list)
    for cell in edit.cells:
        by_table[cell.table].append(cell)
    names = {table: table_file(files[SCENARIO], table, f"{table}.csv") for table in by_table}
    for table, cells in by_table.items():
        files[names[table]] = _table(draft, names[table], cells, edit)
    notes = [*_notes(draft, names, edit), *_balance(draft, files, by_table)]
    if notes:
        files[SOURCES] = reduce(with_note, notes, draft.text(SOURCES))
    if edit.number is not None and edit.basis != "assumed":
        template = draft.originals.get(OPEN_CELLS, "")
        files[OPEN_CELLS] = ticked(draft.text(OPEN_CELLS), template, edit.number)
    commit(draft.folder, {n: text for n, text in files.items() if text != draft.text(n)})
    draft.revision += 1


def _yaml(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else repr(value)


def _table(draft: Draft, name: str, cells: Sequence[CellEdit], edit: Edit) -> str:
    text = draft.text(name)
    header, *rows = table_rows(text, name)
    changes: dict[int, dict[str, str]] = defaultdict(dict)
    for cell in cells:
        row = changes[cell.row]
        row[cell.column] = cell.value
        column = basis_column(cell.column, header)
        if edit.basis and column:
            row[column] = edit.basis
        if edit.source and "source" in header and 0 <= cell.row < len(rows):
            old = row.get("source", rows[cell.row][header.index("source")])
            row["source"] = edit.source if column == "basis" else _added(old, cell.column, edit)
    return with_rows(text, name, changes)


def _added(old: str, column: str, edit: Edit) -> str:
    """Return the source of a row of several figures with that of one of them in its place."""
    parts = [one for one in old.split("; ") if not one.startswith(f"{column}: ")]
    return "; ".join([*parts, f"{column}: {edit.source.replace(';', ',')}"])


def _balance(
    draft: Draft, files: dict[str, str], cells: Mapping[str, Sequence[CellEdit]]
) -> list[str]:
    """Let the people of places, regions and the country add up again; return what to note."""
    edited = {
        table: [one for one in cells.get(table, ()) if one.column == "population"]
        for table in ("regions", "places")
    }
    if not any(edited.values()):
        return []
    if all(edited.values()):
        raise RequestError("population: edit regions or places, not both at once")
    names = {key: table_file(files[SCENARIO], key, f"{key}.csv") for key in edited}
    texts = {key: files.get(name) or draft.text(name) for key, name in names.items()}
    people, homes = _people(texts["regions"]), _homes(texts["places"])
    if people is None or homes is None:
        return []  # a figure that is no number of people: the schema says so
    notes = []
    ids = [row["id"] for row in _rows(texts["regions"])]
    if edited["regions"]:
        new = {ids[one.row]: people[ids[one.row]] for one in edited["regions"]}
        shares = scaled_places(load(draft.folder), new)
        files[names["places"]] = with_cells(texts["places"], names["places"], shares)
    else:
        new = {name: homes[name] for name in homes if homes[name] != people.get(name)}
        cell = names["regions"], "population"
        notes = [note([cell], list(new), "derived", "the sum of the places")] if new else []
        people |= homes
        sums = {name: {"population": str(count)} for name, count in people.items()}
        files[names["regions"]] = with_cells(texts["regions"], names["regions"], sums)
    total = str(sum(people.values()))
    files[SCENARIO] = with_scalar(files[SCENARIO], ("country", "citizens"), total)
    return notes


def _rows(text: str) -> list[dict[str, str]]:
    header, *rows = table_rows(text, "")
    return [dict(zip(header, row, strict=True)) for row in rows]


def _people(text: str) -> dict[str, int] | None:
    rows = _rows(text)
    if not all(re.fullmatch(r"\d{1,10}", row["population"]) for row in rows):
        return None
    return {row["id"]: int(row["population"]) for row in rows}


def _homes(text: str) -> dict[str, int] | None:
    """Return the people of each region by its places."""
    people, sums = _people(text), defaultdict[str, int](int)
    for row in _rows(text) if people else ():
        sums[row["region"]] += int(row["population"])
    return dict(sums) if people else None


def _notes(draft: Draft, names: Mapping[str, str], edit: Edit) -> list[str]:
    """Return the line of SOURCES.md on an edit: with a source, or of figures without a basis."""
    headers = {table: table_rows(draft.text(name), name)[0] for table, name in names.items()}
    bare = any(not basis_column(one.column, headers[one.table]) for one in edit.cells)
    if not edit.source and not bare:
        return []
    cells = [(names[one.table], one.column) for one in edit.cells]
    cells += [(SCENARIO, path) for path in edit.settings]
    ids = sorted({_row_id(draft, names[one.table], one.row) for one in edit.cells})
    rows = ids if bare or len(ids) < 2 else [f"{len(ids)} rows"]
    return [note(cells, rows, edit.basis, edit.source)]


def _row_id(draft: Draft, name: str, number: int) -> str:
    rows = _rows(draft.text(name))
    row = rows[number] if 0 <= number < len(rows) else {}
    return row.get("id") or row.get("region", "")
