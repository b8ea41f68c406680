"""``steppe import``: a file as it was downloaded, into a case folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from steppe.commands import options
from steppe.commands.console import facts, out

if TYPE_CHECKING:
    from steppe.evidence.importers import ImportResult, ReadOptions
    from steppe.evidence.importers.case_tables import TableReport
    from steppe.evidence.importers.cells import DayOrder
    from steppe.evidence.importers.folder import ImportReport

EVENTS = ("acled", "gdelt", "mm", "outages", "ucdp")
TABLES = ("boundaries", "population", "prices")
MOST_REASONS = 6


class _Reading(TypedDict):
    names: Path | None
    encoding: str
    dates: DayOrder | None
    zone: str
    key: str
    good: str
    columns: str


EPILOG = """\b
Events                         Tables that are replaced
  acled    ACLED export          boundaries  GeoJSON, TopoJSON, GeoPackage,
  gdelt    GDELT 1.0, 2.0                    Shapefile
  mm       Mass Mobilization     population  a table of regions and people
  outages  IODA, OONI, ...       prices      WFP food prices, World Bank
  ucdp     UCDP GED

\b
Examples
  steppe import acled ~/Downloads/export.csv --case ./my-crisis
  steppe import prices wfp.csv --good Bread --case ./my-crisis
Fill in `region` in my-crisis/import/acled/names.csv and import again.
"""


@click.command(short_help="Import a downloaded file into a case folder.", epilog=EPILOG)
@click.argument("source", type=click.Choice([*EVENTS, *TABLES]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--case", "folder", required=True, metavar="FOLDER", type=click.Path(path_type=Path),
    help="The case folder to write to.",
)  # fmt: skip
@click.option(
    "--names", metavar="CSV", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A table of names and regions, besides the one in FOLDER/import/SOURCE.",
)  # fmt: skip
@click.option(
    "--encoding", default="utf-8", show_default=True, metavar="NAME",
    help="Encoding of the file, as cp1252 or cp1251; UTF-16 is recognised.",
)  # fmt: skip
@click.option(
    "--dates", type=click.Choice(["dmy", "mdy"]),
    help="What 5/1/2022 means: day or month first.",
)  # fmt: skip
@click.option(
    "--zone", metavar="NAME", default="",
    help="Time zone of the case, as Africa/Nairobi.  [default: that of the capital]",
)  # fmt: skip
@click.option("--key", metavar="NAME", default="", help="boundaries: the property with the names.")
@click.option("--good", metavar="NAME", default="", help="prices: the commodity or indicator.")
@click.option(
    "--columns", metavar="NAME,PEOPLE", default="",
    help="population: the columns with the names of regions and the people.",
)  # fmt: skip
@options.json_option
def command(
    source: str, file: Path, folder: Path, as_json: bool, **reading: Unpack[_Reading]
) -> None:
    """Import FILE of SOURCE, as it was downloaded, into the case in FOLDER.

    Events become observations in the case's table, and what the actors did candidates at the end
    of its timeline, switched off. Tables replace what the case has. FOLDER/import/SOURCE gets the
    rows left out, with line and reason, and the names to match. A wrong file changes nothing.
    """
    from steppe.evidence.importers import ReadOptions

    read = ReadOptions(
        _encoding(reading["encoding"]), reading["dates"] or "", zone=_zone(reading["zone"])
    )
    if source in TABLES:
        table = _table(source, file, folder, read, reading)
        _answer(_plain_table(table), _table_rows(folder, table), as_json)
        return
    from steppe.evidence.importers.folder import import_events

    report = import_events(source, file, folder, read, reading["names"])
    _answer(_plain(report), _event_rows(source, folder, report), as_json)


def _answer(document: dict[str, object], rows: Sequence[tuple[str, str]], as_json: bool) -> None:
    if as_json:
        options.print_json(document)
        return
    out().print(facts(rows))


def _table(
    source: str, file: Path, folder: Path, read: ReadOptions, reading: _Reading
) -> TableReport:
    from steppe.evidence.importers import case_tables
    from steppe.evidence.importers.population import Columns

    names = reading["names"]
    if source == "boundaries":
        return case_tables.import_boundaries(file, folder, names, reading["key"])
    if source == "population":
        name, _, people = reading["columns"].partition(",")
        columns = Columns(name.strip(), people.strip())
        return case_tables.import_population(file, folder, names, columns, read)
    if not reading["good"]:
        raise click.BadParameter("say which good of the file", param_hint="--good")
    return case_tables.import_prices(file, folder, names, reading["good"], read)


def _encoding(encoding: str) -> str:
    import codecs

    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise click.BadParameter(
            f"'{encoding}' is no encoding; try utf-8, cp1252 or cp1251", param_hint="--encoding"
        ) from None


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return str(ZoneInfo(name)) if name else ""
    except (ZoneInfoNotFoundError, ValueError):
        raise click.BadParameter(
            f"'{name}' is no time zone; try one as Africa/Nairobi", param_hint="--zone"
        ) from None


def _plain(report: ImportReport) -> dict[str, object]:
    return {
        "ok": True,
        "rows": report.result.rows,
        "imported": report.result.imported,
        "in_part": len(report.result.partial),
        "left_out": dict(report.result.reasons.most_common()),
        "observations": report.observations,
        "replaced": report.replaced,
        "timeline_candidates": report.events,
        "names_to_match": list(report.names),
        "files": list(report.files),
    }


def _event_rows(source: str, folder: Path, report: ImportReport) -> list[tuple[str, str]]:
    home = options.short_path(folder)
    rows = [
        ("observed", f"{report.observations:,} observations, {report.replaced:,} of them replaced"),
        ("timeline", f"{report.events:,} candidates, switched off"),
    ]
    rows = [*_fate(report.result), *rows]
    if report.names:
        table = f"{home}/import/{source}/names.csv"
        rows.append(("names", f"{len(report.names):,} to match: fill in {table}, import again"))
    return [*rows, ("files", "\n".join(f"{home}/{name}" for name in report.files))]


def _fate(result: ImportResult) -> list[tuple[str, str]]:
    """Return what became of the rows, and the commonest reasons for which they were left out."""
    left_out = len(result.quarantined)
    rows = [("rows", f"{result.rows:,}: {result.imported:,} imported, {left_out:,} left out")]
    reasons = result.reasons.most_common()
    texts = [f"{count:,}: {reason}" for reason, count in reasons[:MOST_REASONS]]
    texts += ["..."] if len(reasons) > MOST_REASONS else []
    rows += [("left out", "\n".join(texts))] if texts else []
    if result.partial:
        rows.append(("in part", f"{len(result.partial):,}, such as: {result.partial[0].reason}"))
    return rows


def _table_rows(folder: Path, report: TableReport) -> list[tuple[str, str]]:
    home = options.short_path(folder)
    rows = _fate(report.result) if report.result else []
    files = "\n".join(f"{home}/{name}" for name in report.files)
    return [*rows, ("replaced", report.summary), ("files", files)]


def _plain_table(report: TableReport) -> dict[str, object]:
    return {"ok": True, "replaced": report.summary, "files": list(report.files)}
