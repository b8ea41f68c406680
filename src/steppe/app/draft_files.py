"""Files dropped on a draft: read by the importers of `steppe import`, names matched, read again."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from steppe.app.config import AppLimits
from steppe.app.drafts import Draft, ImportOrder
from steppe.app.errors import RequestError
from steppe.app.uploads import NAME, Parts
from steppe.core.errors import CaseError, Fault
from steppe.evidence.importers.case_tables import (
    TableReport,
    import_boundaries,
    import_population,
    import_prices,
)
from steppe.evidence.importers.cells import DayOrder
from steppe.evidence.importers.folder import EVENT_SOURCES, ImportReport, import_events
from steppe.evidence.importers.population import Columns
from steppe.evidence.importers.records import TableLimits
from steppe.evidence.importers.region_columns import import_region_columns
from steppe.evidence.importers.table import ReadOptions

SOURCES = (*EVENT_SOURCES, "boundaries", "population", "prices", "regions")
TABLES = (".csv", ".tsv", ".txt", ".json", ".xlsx", ".zip", ".gz")
SHAPES = (".geojson", ".json", ".topojson", ".gpkg", ".shp", ".shx", ".dbf", ".prj", ".cpg")
MAGIC = {".gpkg": b"SQLite format 3\0", ".shp": b"\x00\x00\x27\x0a", ".shx": b"\x00\x00\x27\x0a"}
"""What these begin with: under their names nothing else is given to a library that guesses."""

OPTIONS = ("good", "key", "columns", "dates", "encoding")
LONGEST = 200
CHUNK = 64 * 1024


def order_of(source: str, fields: Mapping[str, str], path: Path) -> ImportOrder:
    """Return the order that a page gives; ``RequestError`` for what is not understood."""
    if source not in SOURCES:
        raise RequestError(f"source: allowed are {', '.join(SOURCES)}")
    if set(fields) - set(OPTIONS):
        raise RequestError(f"options: allowed are {', '.join(OPTIONS)}")
    for key, text in fields.items():
        if len(text) > LONGEST or not text.isprintable():
            raise RequestError(f"{key}: expected one line of up to {LONGEST} characters")
    order = ImportOrder(source, path, **fields)
    if order.dates not in ("", "dmy", "mdy"):
        raise RequestError("dates: allowed are dmy, mdy")
    try:
        codecs.lookup(order.encoding or "utf-8")
    except LookupError:
        raise RequestError("encoding: try utf-8, cp1252 or cp1251") from None
    return order


def receive_file(draft: Draft, source: str, parts: Parts, limits: AppLimits) -> Path:
    """Keep the dropped files and return the one to read; those of the source before go."""
    kinds = SHAPES if source == "boundaries" else TABLES[:3] if source == "regions" else TABLES
    uploads = [(_name_of(label, kinds), content) for label, content in parts]
    shapes = [name for name, _ in uploads if name.lower().endswith(".shp")]
    if len({name for name, _ in uploads}) < len(uploads) or (len(uploads) > 1 and len(shapes) != 1):
        raise RequestError("drop one file; several only for one shapefile")
    folder = draft.home / "files" / source
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in uploads:
        _keep(content, folder / name, limits)
    return folder / (shapes or [uploads[0][0]])[0]


def _name_of(label: str, kinds: Sequence[str]) -> str:
    name = PurePosixPath(label.replace("\\", "/")).name.replace(" ", "_")
    if not NAME.fullmatch(name):
        raise RequestError("this name of a file is not taken: letters, digits, '-', '_' and '.'")
    if not name.lower().endswith(tuple(kinds)):
        raise RequestError(f"{name}: allowed are {', '.join(kinds)}")
    return name


def _keep(content: BinaryIO, target: Path, limits: AppLimits) -> None:
    magic = MAGIC.get(target.suffix.lower(), b"")
    size = 0
    with target.open("xb") as out:
        while chunk := content.read(CHUNK):
            if not size and not chunk.startswith(magic):
                raise RequestError(f"{target.name}: its content is not what its name says")
            size += len(chunk)
            if size > limits.upload:
                raise RequestError(f"{target.name}: larger than {limits.upload:,} bytes")
            out.write(chunk)


def import_file(
    draft: Draft, order: ImportOrder, limits: AppLimits, names: Path | None = None
) -> dict[str, object]:
    """Import a file into the draft and return what became of it; all or nothing.

    Raises ``CaseError`` for what cannot be imported, without the server's paths.
    """
    read = ReadOptions(
        order.encoding or "utf-8",
        cast(DayOrder, order.dates),
        limits=TableLimits(file_bytes=limits.unpacked),
    )
    with in_words(draft):
        if order.source in EVENT_SOURCES:
            fate = _events(import_events(order.source, order.path, draft.folder, read, names))
        else:
            fate = _table(_import_table(draft, order, read, names))
    draft.revision += 1
    return {"source": order.source, "file": order.path.name, **fate}


def _import_table(
    draft: Draft, order: ImportOrder, read: ReadOptions, names: Path | None
) -> TableReport | None:
    if order.source == "boundaries":
        return import_boundaries(order.path, draft.folder, names, order.key)
    if order.source == "population":
        name, _, people = order.columns.partition(",")
        columns = Columns(name.strip(), people.strip())
        return import_population(order.path, draft.folder, names, columns, read)
    if order.source == "prices":
        return import_prices(order.path, draft.folder, names, order.good, read)
    import_region_columns(order.path, draft.folder)
    return None


def _events(report: ImportReport) -> dict[str, object]:
    return {
        "rows": report.result.rows, "imported": report.result.imported,
        "reasons": report.result.reasons.most_common(6), "names": len(report.names),
        "summary": f"{report.observations:,} observations, {report.events:,} candidates for the "
        "timeline, switched off",
    }  # fmt: skip


def _table(report: TableReport | None) -> dict[str, object]:
    result = report.result if report else None
    return {
        "rows": result.rows if result else None, "imported": result.imported if result else None,
        "reasons": result.reasons.most_common(6) if result else [],
        "names": len(result.unknown) if result else 0,
        "summary": report.summary if report else "columns of regions.csv put in place",
    }  # fmt: skip


def match_names(draft: Draft, source: str, names: object) -> Path:
    """Write the regions that a page chose for the names of a source; return the table of them."""
    if not isinstance(names, dict) or not all(isinstance(v, str) for v in names.values()):
        raise RequestError("names: expected a region for each name")
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerows([("name", "region"), *names.items()])
    path = draft.home / f"names-{source}.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@contextmanager
def in_words(draft: Draft) -> Iterator[None]:
    """Raise the faults of a draft with names of files for the server's paths."""
    try:
        yield
    except CaseError as error:
        raise CaseError(_bare(draft, fault) for fault in error.all_faults) from None


def _bare(draft: Draft, fault: Fault) -> Fault:
    stems = [f"{path}/" for path in (draft.folder, *(draft.home / "files").glob("*"), draft.home)]

    def bare(text: str) -> str:
        for stem in stems:
            text = text.replace(stem, "")
        return text.replace(str(draft.folder), "the case")

    return replace(
        fault, file=bare(fault.file), message=bare(fault.message), allowed=bare(fault.allowed)
    )
