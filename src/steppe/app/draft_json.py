"""What the page of a new case shows: its map, its tables with what each cell is, its timeline."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from steppe.app.draft_edit import BASES, EDITABLE, basis_column
from steppe.app.draft_sources import SOURCES, looked_up, noted_figures
from steppe.app.drafts import Draft
from steppe.case.canonical import scenario_hash
from steppe.case.folder_edit import SCENARIO, table_file
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.case.schema import Trigger
from steppe.case.source_location import YamlNode
from steppe.case.table_edit import table_rows
from steppe.case.triggers import acting
from steppe.case.yaml import read
from steppe.countries.assumed_cells import OPEN_CELLS
from steppe.evidence.importers.cells import LEFT_OUT
from steppe.report.geography import boundaries, region_rows
from steppe.report.timeline import names

TABLES = (*EDITABLE, "observations")
FIGURES: Mapping[str, tuple[str, ...]] = {
    "regions": (
        "population", "urban_share", "share_age_0_15", "share_age_16_45", "share_age_46_retirement",
        "share_age_older", "wage", "unemployment_pct", "gini", "online_share",
    ),
    "group_shares": ("share",), "exposure": ("share",), "places": ("population",),
    "forces": ("officers",), "prices": ("price",),
}  # fmt: skip
"""The columns of each table whose cells somebody measured, or did not."""

HIDDEN = ("basis", "lat", "lon", "iso", "neighbours", "district", "centre", "area_km2")
"""Columns that a page does not show: what is a cell's own, or only joins and draws."""

STATUS = {
    "measured": "m", "derived": "d", "filled-ipf": "d", "filled-national": "t", "copied": "t",
    "assumed": "a",
}  # fmt: skip
"""Letters for what a figure is: measured, derived, transferred from elsewhere, assumed."""

SIZES = {"size": "Size", "low": "At least", "high": "At most"}
SHARES = {
    "share": "share of power", "rent": "share of the rents", "challenger_rent": "under a challenger"
}  # fmt: skip
FEATURES = {
    "threat": "Threat to the regime, 0 to 2", "stake": "Stake of the patron", "align": "Alignment",
    "precedent": "Precedent", "milcost": "Military cost", "rival": "Rival of the patron",
    "constraint": "Constraints on the patron",
}  # fmt: skip
MOST_EVENTS = 500
MOST_TOWNS = 40


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table for the page: its columns, its rows as text, a letter for each cell."""

    key: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    status: tuple[str, ...]
    """What the cells of each row are, a letter a column; a dot where there is no figure."""
    editable: bool

    @property
    def counts(self) -> Counter[str]:
        """How many figures are of each kind."""
        return Counter(letter for row in self.status for letter in row if letter != ".")

    def has(self, name: str, column: str) -> bool:
        """Return whether there is a row of that id and a column; any where none is named."""
        at = self.columns.index("id") if "id" in self.columns else 0
        has_row = not name or any(row[at] == name for row in self.rows)
        return has_row and column in ("", *self.columns)


def draft_document(draft: Draft) -> dict[str, Any]:
    """Return the draft for the page."""
    scenario = load(draft.folder)
    tables = list(draft_tables(draft))
    settings = list(_settings(draft, scenario))
    regions = tuple(region.id for region in scenario.regions)
    return {
        "id": draft.id,
        "revision": draft.revision,
        "model": scenario_hash(scenario)[:12],
        "name": draft.folder.name,
        "title": scenario.title,
        "country": scenario.country.name,
        "citizens": scenario.country.citizens,
        "start": scenario.clock.start.strftime("%Y-%m-%dT%H:%M"),
        "hours": scenario.clock.hours,
        "mode": scenario.mode,
        "places": len(scenario.places),
        "towns": [
            {"name": one.name, "lat": one.lat, "lon": one.lon, "active": [one.population]}
            for one in sorted(scenario.places, key=lambda one: -one.population)
            if one.kind != "rural"
        ][:MOST_TOWNS],
        "names": names(scenario),
        "goods": [one.name for one in scenario.goods],
        "regions": [asdict(row) for row in region_rows(scenario, regions)],
        "boundaries": boundaries(scenario),
        "tables": [asdict(one) for one in tables],
        "counts": dict(sum((one.counts for one in tables), Counter[str]())),
        "bases": list(BASES),
        "cells": list(_cells(draft, tables, settings)),
        "triggers": [_moments({"number": n, **one.model_dump()}) for n, one in _acting(scenario)],
        "settings": settings,
        "outside": [asdict(one) for one in draft.outside],
        "saved": draft.saved.name if draft.saved else "",
        "unsaved": draft.unsaved,
        "timeline": _timeline(scenario),
        "imports": _imports(draft),
        "files": sorted(path.name for path in draft.folder.iterdir() if path.is_file()),
    }


def draft_tables(draft: Draft) -> Iterator[DraftTable]:
    """Yield the tables of a draft that have rows."""
    scenario = draft.text(SCENARIO)
    for key in TABLES:
        name = table_file(scenario, key, "")
        header, *rows = table_rows(draft.text(name), name) if name else [[]]
        if not rows:
            continue
        status = _Status(draft, key, name, header)
        places = [n for n, column in enumerate(header) if _is_shown(column)]
        letters = ["".join(status.letter(row, header[n]) for n in places) for row in rows]
        yield DraftTable(
            key, name, tuple(header[n] for n in places),
            tuple(tuple(row[n] for n in places) for row in rows), tuple(letters), key in EDITABLE,
        )  # fmt: skip


def _is_shown(column: str) -> bool:
    return column not in HIDDEN and not column.endswith("_basis")


class _Status:
    """Says what the cells of a table are: by their basis, by SOURCES.md, by who made them."""

    def __init__(self, draft: Draft, key: str, file: str, header: Sequence[str]) -> None:
        self.file, self.header, self.figures = file, list(header), FIGURES.get(key, ())
        self.noted = noted_figures(draft.text(SOURCES))
        first, *rows = table_rows(draft.originals.get(f"{key}.csv", ""), file)
        self.originals = {row[first.index("id")]: dict(zip(first, row, strict=True))
                     for row in rows if "id" in first}  # fmt: skip

    def letter(self, row: Sequence[str], column: str) -> str:
        if column not in self.figures:
            return "."
        basis = basis_column(column, self.header)
        if basis:
            return STATUS.get(row[self.header.index(basis)], "a")
        name, value = row[self.header.index("id")], row[self.header.index(column)]
        own = self.noted.bases.get((self.file, name, column))
        if own is not None:
            return STATUS.get(own, "d")
        if not self.originals or self.originals.get(name, {}).get(column) == value:
            return "d"  # an estimate of `steppe new`, or of whoever made the case
        return "m" if column in self.noted.imported else "a"  # nobody said where it is from


def _acting(scenario: Scenario) -> list[tuple[int, Trigger]]:
    """Return the triggers that do something, with their number in scenario.yaml."""
    every = acting(scenario)
    return [(number, one) for number, one in enumerate(scenario.triggers) if one in every]


def _cells(
    draft: Draft, tables: Sequence[DraftTable], settings: Sequence[Mapping[str, object]]
) -> Iterator[dict[str, object]]:
    """Yield the figures to look up first that the case still has."""
    done = looked_up(draft.text(OPEN_CELLS), draft.originals.get(OPEN_CELLS, ""))
    by_name = {f"{one.key}.csv": one for one in tables}
    for number, one in enumerate(draft.cells, 1):
        table = by_name.get(one.file)
        if one.file == SCENARIO:
            exists = any(str(setting["path"]).startswith(one.column) for setting in settings)
        else:
            exists = table is not None and table.has(one.row, one.column)
        if exists:
            yield {"number": number, "done": number in done, **asdict(one)}


def _settings(draft: Draft, scenario: Scenario) -> Iterator[dict[str, object]]:
    """Yield the settings that the page can change, by address: those that scenario.yaml says."""
    root = read(draft.text(SCENARIO), SCENARIO)
    for path, label, value in _every_setting(scenario):
        node: YamlNode | None = root
        for name in path.split("."):
            node = node.child(int(name) if name.isdigit() else name) if node else None
        if node is not None:
            yield {"path": path, "label": label, "value": value}


def _every_setting(scenario: Scenario) -> Iterator[tuple[str, str, float]]:
    for number, trigger in _acting(scenario)[:1]:
        for name in ("size", "low", "high"):
            if (value := getattr(trigger, name)) is not None:
                yield f"triggers.{number}.{name}", SIZES[name], value
    for number, faction in enumerate(scenario.elite.factions):
        for name, words in SHARES.items():
            path = f"elite.factions.{number}.{name}"
            yield path, f"{faction.name}: {words}", getattr(faction, name)
    if scenario.alliance.rule != "decline":
        for name, value in scenario.alliance.request.model_dump().items():
            yield f"alliance.request.{name}", FEATURES.get(name, name), value


def _timeline(scenario: Scenario) -> list[dict[str, Any]]:
    events = [{"number": n, **one.model_dump()} for n, one in enumerate(scenario.timeline)]
    return [_moments(one) for one in events[:MOST_EVENTS]]


def _moments(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value
        for key, value in document.items()
    }


def _imports(draft: Draft) -> list[dict[str, Any]]:
    """Return what was imported: names still to be matched, and how many rows were left out."""
    folder = draft.folder / "import"
    sources = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
    return [
        {"source": name, "names": names_to_match(draft, name), "left_out": LEFT_OUT}
        for name in sources
    ]


def names_to_match(draft: Draft, source: str) -> list[dict[str, Any]]:
    """Return the names of a source that match no region, with the nearest candidates."""
    text = draft.text(f"import/{source}/names.csv")
    return [
        {"name": row["name"], "region": row["region"], "rows": row["rows"],
         "near": [row[one] for one in ("nearest", "second", "third") if row[one]]}
        for row in csv.DictReader(io.StringIO(text))
    ]  # fmt: skip
