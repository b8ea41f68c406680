"""``steppe import``: a file as it was downloaded, into a case folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from steppe.commands import options

if TYPE_CHECKING:
    from steppe.evidence.importers.cells import DayOrder
    from steppe.evidence.importers.folder import ImportReport

SOURCES = ("acled", "gdelt", "mm", "ucdp")
MOST_REASONS = 6


class _Reading(TypedDict):
    names: Path | None
    encoding: str
    dates: DayOrder | None


EPILOG = """\b
Sources
  acled   ACLED export        mm      Mass Mobilization
  gdelt   GDELT 1.0 or 2.0    ucdp    UCDP GED, candidate events

\b
Example
  steppe import acled ~/Downloads/export.csv --case ./my-crisis
  then fill in `region` in my-crisis/import/acled/names.csv and import again
"""


@click.command(short_help="Import a downloaded file into a case folder.", epilog=EPILOG)
@click.argument("source", type=click.Choice(SOURCES))
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
@options.json_option
def command(
    source: str, file: Path, folder: Path, as_json: bool, **reading: Unpack[_Reading]
) -> None:
    """Import FILE of SOURCE, as it was downloaded, into the case in FOLDER.

    Observations go into the case's table, what the actors did into its timeline, switched off.
    FOLDER/import/SOURCE gets the rows left out, with line and reason, and the names to match.
    A wrong file changes nothing.
    """
    from steppe.evidence.importers import ReadOptions
    from steppe.evidence.importers.folder import import_events

    read = ReadOptions(_encoding(reading["encoding"]), reading["dates"] or "")
    report = import_events(source, file, folder, read, reading["names"])
    if as_json:
        options.print_json(_plain(report))
    else:
        _show(source, folder, report)


def _encoding(encoding: str) -> str:
    import codecs

    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise click.BadParameter(
            f"'{encoding}' is no encoding; try utf-8, cp1252 or cp1251", param_hint="--encoding"
        ) from None


def _plain(report: ImportReport) -> dict[str, object]:
    return {
        "ok": True,
        "rows": report.result.rows,
        "imported": report.result.imported,
        "in_part": len(report.result.partial),
        "left_out": dict(report.reasons.most_common()),
        "observations": report.observations,
        "replaced": report.replaced,
        "timeline_candidates": report.events,
        "names_to_match": list(report.names),
        "files": list(report.files),
    }


def _show(source: str, folder: Path, report: ImportReport) -> None:
    from steppe.commands.console import facts, out

    result, home = report.result, options.shown(folder)
    rows = [
        (
            "rows",
            f"{result.rows:,}: {result.imported:,} imported, {len(result.quarantined):,} left out",
        ),
        ("observed", f"{report.observations:,} observations, {report.replaced:,} of them replaced"),
        ("timeline", f"{report.events:,} candidates, switched off"),
    ]
    reasons = report.reasons.most_common()
    reasons_text = [f"{count:,}: {reason}" for reason, count in reasons[:MOST_REASONS]]
    reasons_text += ["..."] if len(reasons) > MOST_REASONS else []
    rows += [("left out", "\n".join(reasons_text))] if reasons_text else []
    if result.partial:
        rows.append(("in part", f"{len(result.partial):,}, such as: {result.partial[0].reason}"))
    if report.names:
        table = f"{home}/import/{source}/names.csv"
        rows.append(("names", f"{len(report.names):,} to match: fill in {table}, import again"))
    rows.append(("files", "\n".join(f"{home}/{name}" for name in report.files)))
    out().print(facts(rows))
