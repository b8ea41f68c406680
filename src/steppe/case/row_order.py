"""The order of rows: one for a case, however its tables are written.

Citizens are numbered by the order of places, and what is summed is summed in the order of rows. So
the order is that of the case, not of the file: regions by id; places by region,
towns before the country, towns from the largest, then by id; forces by service, place and id;
steps of a price by region, good and time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from steppe.case.source_location import CaseTable
from steppe.case.tables import Force, Place, PriceStep, Region, Service

SERVICES: tuple[str, ...] = get_args(Service)


def in_fixed_order(tables: Mapping[str, CaseTable[Any]]) -> dict[str, CaseTable[Any]]:
    """Return ``tables``, by field of the scenario, with rows and marks in the order of the case."""
    ordered = dict(tables)
    _sort(ordered, "regions", _region)
    _sort(ordered, "places", _place)
    _sort(ordered, "price_steps", _step)
    places = ordered["places"].rows if "places" in ordered else ()
    index = {place.id: i for i, place in enumerate(places)}
    _sort(ordered, "forces", lambda force: _force(force, index))
    return ordered


def _region(region: Region) -> str:
    return region.id


def _place(place: Place) -> tuple[str, bool, int, str]:
    rural = place.kind == "rural"
    return place.region, rural, 0 if rural else -place.population, place.id


def _step(step: PriceStep) -> tuple[str, str, datetime]:
    return step.region, getattr(step, "good", ""), step.from_


def _force(force: Force, index: Mapping[str, int]) -> tuple[int, int, str]:
    return SERVICES.index(force.type), index.get(force.place, len(index)), force.id


def _sort(tables: dict[str, CaseTable[Any]], field: str, key: Callable[[Any], Any]) -> None:
    if field not in tables:
        return
    table = tables[field]
    order = sorted(range(len(table.rows)), key=lambda row: key(table.rows[row]))
    rows = tuple(table.rows[row] for row in order)
    tables[field] = replace(table, rows=rows, starts=tuple(table.starts[row] for row in order))
