"""A file of event data imported into a case folder: what is written where, all or nothing.

Observations go into the case's table, candidates to the end of its timeline, switched off. In
``import/SOURCE/`` lie the quarantine and the names that match none; the names are read
again at the next import.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from steppe.case.files import MAX_TABLE, MAX_YAML, read_text
from steppe.case.folder_edit import SCENARIO, commit, table_file, with_events, with_table
from steppe.case.inheritance import SHIPPED
from steppe.case.load import load, located
from steppe.case.scenario import Scenario
from steppe.case.source_location import Problem, SourceMark
from steppe.core.errors import CaseError, Fault
from steppe.countries.codes import CountryCodes, find_country
from steppe.evidence.importers.acled import read_acled
from steppe.evidence.importers.cells import plain
from steppe.evidence.importers.gdelt import read_gdelt
from steppe.evidence.importers.imported import ImportResult
from steppe.evidence.importers.mass_mobilization import read_mass_mobilization
from steppe.evidence.importers.names import NATIONAL, MatchedName, names_of, names_table, read_names
from steppe.evidence.importers.observed import cumulative_deaths, with_observations
from steppe.evidence.importers.outages import read_outages
from steppe.evidence.importers.table import (
    ReadOptions,
)
from steppe.evidence.importers.timeline import timeline_events
from steppe.evidence.importers.ucdp import read_ucdp

Reader = Callable[[Path, CountryCodes, Mapping[str, str], ReadOptions | None], ImportResult]


@dataclass(frozen=True, slots=True)
class EventSource:
    """A data set of events: its name, its licence in a sentence, its reader, its country code.

    ``code`` is the field of ``CountryCodes`` that its rows name the country by.
    """

    title: str
    licence: str
    read: Reader
    code: str


EVENT_SOURCES: Mapping[str, EventSource] = {
    "acled": EventSource(
        "ACLED", "terms of ACLED: its rows may not be passed on; cite it", read_acled, "iso3"
    ),
    "ucdp": EventSource("UCDP GED", "CC BY 4.0", read_ucdp, "gw"),
    "mm": EventSource("Mass Mobilization", "CC0 1.0", read_mass_mobilization, "cow"),
    "gdelt": EventSource("GDELT", "open with attribution", read_gdelt, "fips"),
    "outages": EventSource("Outages of the internet", "see its source", read_outages, "iso2"),
}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: its rows, what was added, the names to match, the files written."""

    result: ImportResult
    observations: int
    replaced: int
    events: int
    names: tuple[str, ...]
    files: tuple[str, ...]


def import_events(
    source: str, path: Path, folder: Path, options: ReadOptions, names: Path | None = None
) -> ImportReport:
    """Import ``path`` into the case in ``folder``; ``names`` is a table of names to read first.

    Raises ``CaseError`` for a file that cannot be read, a folder that is no case, and a result
    that would make the case wrong; then nothing is written.
    """
    scenario = own_case(folder)
    country = _country_of(scenario)
    form = EVENT_SOURCES[source]
    if not getattr(country, form.code):
        wrong = f"{form.title} has no number for {country.name} in the packaged table"
        raise CaseError([Fault(str(path), 0, 0, "", wrong)])
    matched = matched_names(folder / "import" / source / "names.csv", names, scenario)
    regions = {**names_of(scenario), **_codes_of(country), **names_by_region(matched)}
    start = scenario.clock.start
    last = start + timedelta(hours=scenario.clock.hours - 1)
    window = (f"{start:%Y-%m-%d}", f"{last:%Y-%m-%d}")
    result = form.read(
        path, country, regions, replace(options, window=window, zone=options.zone or country.zone)
    )
    files, report = _changes(source, path, folder, result)
    files[f"import/{source}/quarantine.csv"] = quarantine_table(result)
    if result.unknown or matched:
        files[f"import/{source}/names.csv"] = names_table(matched, result.unknown, scenario)
    files = {name: text for name, text in files.items() if text != current_text(folder / name)}
    commit(folder, files)
    return replace(report, names=tuple(sorted(result.unknown)), files=tuple(files))


def _country_of(scenario: Scenario) -> CountryCodes:
    """Return the country of a case; one that no table knows is a fault of its scenario."""
    try:
        return find_country(scenario.country.iso3)
    except CaseError as error:
        (fault,) = error.all_faults
        at = Problem(("country", "iso3"), fault.message, fault.allowed, fault.nearest)
        raise CaseError(located(scenario, [at])) from None


def own_case(folder: Path) -> Scenario:
    """Return the case in ``folder``, which may be written to: not one that ships."""
    if SHIPPED in (folder.resolve(), *folder.resolve().parents):
        wrong = "is a case that comes with the program; copy it to a folder of your own first"
        raise CaseError([Fault(str(folder), 0, 0, "", wrong)])
    return load(folder)


def matched_names(own: Path, names: Path | None, scenario: Scenario) -> tuple[MatchedName, ...]:
    """Return the names matched in the table of an earlier import and in one that is named."""
    matched = read_names(own, scenario) if own.exists() else ()
    return (*matched, *(read_names(names, scenario) if names else ()))


def names_by_region(matched: tuple[MatchedName, ...]) -> dict[str, str]:
    """Return the region of each plain name that the user matched."""
    return {plain(one.name): one.region for one in matched if one.region}


def _codes_of(country: CountryCodes) -> dict[str, str]:
    """Return what stands for the whole country: its name, and its code in GDELT."""
    whole = (country.name, country.iso3, country.fips, f"{country.fips}00")
    return {plain(name): NATIONAL for name in whole if name.strip("0")}


def current_text(path: Path) -> str:
    """Return the text of a file that may not be there yet."""
    return read_text(path, MAX_TABLE, SourceMark(str(path))) if path.exists() else ""


def _changes(
    source: str, path: Path, folder: Path, result: ImportResult
) -> tuple[dict[str, str], ImportReport]:
    text = read_text(folder / SCENARIO, MAX_YAML, SourceMark(str(folder)))
    files: dict[str, str] = {}
    rows = [*result.observations, *cumulative_deaths(source, result.observations)]
    replaced = 0
    if rows:
        name = table_file(text, "observations", "observed.csv")
        old = current_text(folder / name)
        files[name], replaced = with_observations(old, str(folder / name), rows)
        text = with_table(text, "observations", name)
    ids = {event.id for event in load(folder).timeline}
    candidates = timeline_events(source, result.candidates)
    events = [event for event in candidates if event.id not in ids]
    form = EVENT_SOURCES[source]
    comment = f"from {form.title}: candidates; set enabled: true for those that you want"
    text = with_events(text, events, comment)
    if rows or events:
        files[SCENARIO] = text
        note = provenance(folder, form.title, form.licence, path)
        files |= {"SOURCES.md": note} if note else {}
    report = ImportReport(result, len(rows), replaced, len(events), (), ())
    return files, report


def provenance(folder: Path, title: str, licence: str, path: Path) -> str:
    """Return the text of SOURCES.md with a line about ``path``; '' if it has that line."""
    target = folder / "SOURCES.md"
    old = (
        read_text(target, MAX_TABLE, SourceMark(str(target))) if target.exists() else "# Sources\n"
    )
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()[:16]
    line = f"- {title}, imported from `{path.name}` (SHA-256 {digest}): {licence}"
    if line in old:
        return ""
    in_list = old.rstrip().splitlines()[-1].startswith("- ")
    return old.rstrip() + ("\n" if in_list else "\n\n") + line + "\n"


def quarantine_table(result: ImportResult) -> str:
    """Return the table of rows that were left out, and of what was left out of imported rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["line", "imported", "reason", "row"])
    every = [(row, "no") for row in result.quarantined] + [
        (row, "in part") for row in result.partial
    ]
    for row, imported in sorted(every, key=lambda pair: pair[0].line):
        writer.writerow([row.line, imported, row.reason, row.text])
    return out.getvalue()
