"""Boundaries, population and prices imported into a case folder: they replace what a table says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from steppe.case.files import MAX_YAML, read_text
from steppe.case.folder_edit import SCENARIO, commit, table_file, with_scalar, with_table
from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark
from steppe.case.table_edit import csv_line, with_cells
from steppe.case.tables import PriceStep
from steppe.core.errors import CaseError, Fault
from steppe.countries.codes import find_country
from steppe.evidence.importers.boundaries import boundaries_text, match_features, read_features
from steppe.evidence.importers.folder import (
    current_text,
    matched_names,
    names_by_region,
    own_case,
    provenance,
    quarantine_table,
)
from steppe.evidence.importers.imported import ImportResult
from steppe.evidence.importers.names import MatchedName, names_of, names_table
from steppe.evidence.importers.population import Columns, read_population
from steppe.evidence.importers.prices import PriceOfPeriod, price_steps, read_prices
from steppe.evidence.importers.table import (
    ReadOptions,
)
from steppe.population.cohorts import largest_remainders

Names = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TableReport:
    """What an import did: a sentence on what was replaced, rows left out, the files written."""

    summary: str
    result: ImportResult | None
    files: tuple[str, ...]


class _Folder:
    """A case folder and the table of names of one source."""

    def __init__(self, folder: Path, source: str, names: Path | None) -> None:
        self.folder, self.source = folder, source
        self.scenario: Scenario = own_case(folder)
        self.text = read_text(folder / SCENARIO, MAX_YAML, SourceMark(str(folder)))
        home = folder / "import" / source / "names.csv"
        self.matched: tuple[MatchedName, ...] = matched_names(home, names, self.scenario)
        self.regions = {**names_of(self.scenario), **names_by_region(self.matched)}
        self.ids = [region.id for region in self.scenario.regions]

    def table(self, key: str) -> tuple[str, str]:
        """Return name and text of the table ``key``."""
        name = table_file(self.text, key, f"{key}.csv")
        return name, current_text(self.folder / name)

    def need_all(self, path: Path, covered: Mapping[str, object], unknown: Names) -> None:
        """Write the table of names and refuse, if some region has nothing in the file."""
        lacking = [name for name in self.ids if name not in covered]
        if not lacking:
            return
        home = self.folder / "import" / self.source
        home.mkdir(parents=True, exist_ok=True)
        text = names_table(self.matched, unknown, self.scenario)
        (home / "names.csv").write_text(text, encoding="utf-8")
        wrong = f"nothing for {len(lacking)} of {len(self.ids)} regions: {', '.join(lacking[:6])}"
        allowed = f"match the {len(unknown)} names in {home / 'names.csv'}, then import again"
        raise CaseError([Fault(str(path), 0, 0, "", wrong, allowed)])

    def write(self, files: dict[str, str], about: tuple[str, str, Path]) -> tuple[str, ...]:
        """Write ``files`` with scenario.yaml and a line in SOURCES.md, all or nothing."""
        title, licence, path = about
        note = provenance(self.folder, title, licence, path) if path.is_file() else ""
        every = {**files, SCENARIO: self.text} | ({"SOURCES.md": note} if note else {})
        changed = {n: t for n, t in every.items() if t != current_text(self.folder / n)}
        commit(self.folder, changed)
        return tuple(changed)


def import_boundaries(path: Path, folder: Path, names: Path | None, key: str) -> TableReport:
    """Replace the boundaries of the case in ``folder`` by those in ``path``.

    ``key`` is the property with the regions' names; '' finds it. Raises ``CaseError`` unless every
    region has an area.
    """
    case = _Folder(folder, "boundaries", names)
    matched = match_features(path, read_features(path), case.regions, key)
    areas = {region: matched.areas[region] for region in case.ids if region in matched.areas}
    case.need_all(path, areas, matched.unknown)
    titles = {region.id: region.name for region in case.scenario.regions}
    text, digits = boundaries_text(areas, titles)
    name = table_file(case.text, "boundaries", "boundaries.geojson")
    case.text = with_table(case.text, "boundaries", name)
    about = ("Boundaries", "see the terms of the file, and write them here", path)
    files = case.write({name: text}, about)
    rest = f"; {len(matched.unknown)} areas match no region" if matched.unknown else ""
    summary = f"{len(areas)} regions by '{matched.key}', on a grid of {digits} decimals{rest}"
    return TableReport(summary, None, files)


def import_population(
    path: Path, folder: Path, names: Path | None, columns: Columns, options: ReadOptions
) -> TableReport:
    """Replace the people of each region by those in ``path``; places keep their shares."""
    case = _Folder(folder, "population", names)
    table = read_population(path, case.regions, case.scenario.clock.start.year, columns, options)
    people = {region: count for region, count in table.people.items() if region in case.ids}
    case.need_all(path, people, table.result.unknown)
    region_file, region_text = case.table("regions")
    place_file, place_text = case.table("places")
    cells = {region: {"population": str(count)} for region, count in people.items()}
    places = scaled_places(case.scenario, people)
    total = sum(people.values())
    case.text = with_scalar(case.text, ("country", "citizens"), str(total))
    files = {
        region_file: with_cells(region_text, region_file, cells),
        place_file: with_cells(place_text, place_file, places),
        "import/population/quarantine.csv": quarantine_table(table.result),
    }
    about = ("Population", "see the terms of the file, and write them here", path)
    files_changed = case.write(files, about)
    year = f" of {table.year}" if table.year else ""
    summary = f"{total:,} people{year} in {len(people)} regions"
    return TableReport(summary, table.result, files_changed)


def scaled_places(scenario: Scenario, people: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """Return the cells of the places of regions that have so many people; shares stay."""
    cells: dict[str, dict[str, str]] = {}
    for region, count in people.items():
        places = [place for place in scenario.places if place.region == region]
        shares = np.array([max(place.population, 1) for place in places], dtype=np.float64)
        for place, number in zip(places, largest_remainders(shares, count), strict=True):
            cells[place.id] = {"population": str(int(number)), "basis": "derived"}
    return cells


def import_prices(
    path: Path, folder: Path, names: Path | None, good: str, options: ReadOptions
) -> TableReport:
    """Replace the prices of the case by those of ``good`` in ``path``.

    Rows for a concession or a cap stay, where the unit is the same. Raises ``CaseError`` where it
    is not, or where nothing is known of the time before the run.
    """
    case = _Folder(folder, "prices", names)
    if not case.scenario.goods:
        wrong = "the case has no good whose price could move"
        mark = SourceMark(str(folder / SCENARIO), 1, 1)
        raise CaseError([mark.fault("goods", wrong, "a good, with exposure.csv")])
    if len(case.scenario.goods) > 1:
        wrong = "the case has several goods, and an import replaces the prices of all"
        mark = SourceMark(str(folder / SCENARIO), 1, 1)
        raise CaseError([mark.fault("goods", wrong, "one good; more rows by hand in prices.csv")])
    country = find_country(case.scenario.country.iso3)
    table = read_prices(path, country, case.regions, good, options)
    clock = case.scenario.clock
    first, last = clock.start.date(), (clock.start + timedelta(hours=clock.hours - 1)).date()
    try:
        steps = price_steps(table, case.ids, first, last)
    except ValueError as error:
        raise CaseError([Fault(str(path), 0, 0, "--good", str(error))]) from None
    others = [step for step in case.scenario.price_steps if step.cause in ("concession", "cap")]
    if others and table.unit != case.scenario.price_unit:
        wrong = f"the file is in {table.unit}, the concessions of the case in another unit"
        raise CaseError([Fault(str(path), 0, 0, "", wrong, case.scenario.price_unit)])
    name, _ = case.table("prices")
    case.text = with_scalar(case.text, ("goods", 0, "unit"), table.unit)
    case.text = with_table(case.text, "prices", name)
    files = {
        name: _prices_table(case.scenario, table.unit, (steps, others), path.name),
        "import/prices/quarantine.csv": quarantine_table(table.result),
    }
    files_changed = case.write(files, (f"Prices of {good}", "see the terms of the file", path))
    covered = sum(region in table.prices for region in case.ids)
    summary = f"{len(steps)} prices of {good} in {table.unit}, {covered} of {len(case.ids)} regions"
    return TableReport(f"{summary} by themselves", table.result, files_changed)


def _prices_table(
    scenario: Scenario,
    unit: str,
    rows: tuple[Sequence[PriceOfPeriod], Sequence[PriceStep]],
    source: str,
) -> str:
    good, (steps, others) = scenario.goods[0].id, rows
    header = ["from", "region", "good", f"price [{unit}]", "cause", "basis", "source", "note"]
    lines = [csv_line(header)]
    for step in steps:
        moment, price = f"{step.day}T00:00", f"{step.price:.6g}"
        cells = [moment, step.region, good, price, step.cause, step.basis, source, "of the period"]
        lines.append(csv_line(cells))
    for one in others:
        moment, price = f"{one.from_:%Y-%m-%dT%H:%M}", f"{one.price:g}"
        cells = [moment, one.region, one.good, price, one.cause, one.basis, one.source, one.note]
        lines.append(csv_line(cells))
    return "\n".join([*lines, ""])
