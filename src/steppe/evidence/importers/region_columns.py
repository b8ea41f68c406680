"""Columns of regions.csv put in place from a user's table of regions."""

from __future__ import annotations

from pathlib import Path

from steppe.case.files import MAX_YAML, read_text
from steppe.case.folder_edit import SCENARIO, commit, table_file
from steppe.case.load import load
from steppe.case.source_location import SourceMark
from steppe.case.table_edit import with_cells
from steppe.case.tables import Region
from steppe.core.errors import CaseError, Fault, nearest
from steppe.evidence.importers.cells import RowError
from steppe.evidence.importers.folder import current_text, provenance
from steppe.evidence.importers.names import names_of
from steppe.evidence.importers.table import ReadOptions, TableLayout, rows

FIXED = ("id", "name", "population")
"""Columns that are not replaced: what a region is called, and its people, who have places."""


def import_region_columns(path: Path, folder: Path) -> None:
    """Put the columns of ``path`` into the table of regions of the case in ``folder``.

    The table has a column ``name`` and others of regions.csv. Raises ``CaseError`` for
    a region or column that is not known, or a value that cannot be; nothing is written then.
    """
    scenario = load(folder)
    regions = names_of(scenario)
    columns = [name for name in Region.model_fields if name not in FIXED]
    layout = TableLayout(
        ",", ("name",), optional=tuple(columns), synonyms={"name": ("region", "id")}
    )
    changes: dict[str, dict[str, str]] = {}
    for row, record in rows(path, layout, ReadOptions()):
        try:
            if record.fault:
                raise RowError(record.fault)
            region = row.region("name", regions)
        except RowError as error:
            raise CaseError([Fault(str(path), record.line, 1, "name", str(error))]) from None
        for name in row.fields:
            if name not in (*columns, "name"):
                raise _unknown(path, name, columns)
        changes[region] = {name: text for name in columns if (text := row.optional(name))}
    text = read_text(folder / SCENARIO, MAX_YAML, SourceMark(str(folder)))
    table = table_file(text, "regions", "regions.csv")
    files = {table: with_cells(current_text(folder / table), table, changes)}
    note = provenance(folder, "Columns of regions.csv", "see its terms, and write them here", path)
    commit(folder, files | ({"SOURCES.md": note} if note else {}))


def _unknown(path: Path, name: str, columns: list[str]) -> CaseError:
    wrong = f"regions.csv has no column '{name[:40]}' that can be replaced"
    return CaseError([Fault(str(path), 1, 1, name[:40], wrong, ", ".join(columns[:30]),
                            nearest(name, columns))])  # fmt: skip
