"""Regions made whole: groups and exposure from tables of their own, put into rows of regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from steppe.case.format_1 import (
    SHARES,
    PriceStepOfFormat1,
    RegionOfFormat1,
    whole_region,
    whole_step,
)
from steppe.case.scenario import Settings
from steppe.case.source_location import CaseTable, Problem, Where, unknown_name
from steppe.case.tables import ExposureRow, GroupShareRow, NamedShare, Region

SHARE_TOLERANCE = 5e-4
"""Shares of a table are rounded to four digits; their sum may miss 1 by this much."""

Tables = Mapping[str, CaseTable[Any]]


def whole_regions(settings: Settings, tables: Tables) -> tuple[Region, ...]:
    """Return the regions of ``tables`` with their groups and exposure, in the order of the case."""
    good = settings.goods[0].id if settings.goods else ""
    groups = _shares(tables, "group_shares", "group")
    exposure = _shares(tables, "exposures", "good")
    regions = []
    for row in tables["regions"].rows:
        if isinstance(row, RegionOfFormat1):
            region = whole_region(row, good)
            groups |= {(region.id, one.id): one for one in region.groups}
            exposure |= {(region.id, one.id): one for one in region.exposure}
        own = {name: getattr(row, name) for name in _COLUMNS}
        regions.append(
            Region(
                **own,
                groups=tuple(_of(groups, row.id, group.id) for group in settings.groups),
                exposure=tuple(_of(exposure, row.id, one.id) for one in settings.goods),
            )
        )
    return tuple(regions)


_COLUMNS = tuple(name for name in Region.model_fields if name not in ("groups", "exposure"))


def whole_steps(settings: Settings, rows: Sequence[Any]) -> tuple[Any, ...]:
    """Return the steps of prices; those that name no good are of the only one."""
    good = settings.goods[0].id if settings.goods else "good"
    return tuple(
        whole_step(row, good) if isinstance(row, PriceStepOfFormat1) else row for row in rows
    )


def _of(shares: Mapping[tuple[str, str], NamedShare], region: str, name: str) -> NamedShare:
    return shares.get((region, name)) or NamedShare(id=name, share=0.0)


def _shares(tables: Tables, field: str, column: str) -> dict[tuple[str, str], NamedShare]:
    rows = tables[field].rows if field in tables else ()
    return {
        (row.region, getattr(row, column)): NamedShare(
            id=getattr(row, column), share=row.share, basis=row.basis, source=row.source
        )
        for row in rows
    }


def share_problems(settings: Settings, tables: Tables) -> Iterator[Problem]:
    """Yield what is wrong with shares of groups and with who pays for a good."""
    groups, goods = [one.id for one in settings.groups], [one.id for one in settings.goods]
    regions = [row.id for row in tables["regions"].rows]
    if len(set(regions)) < len(regions):
        return  # what follows from an id given twice would hide it
    yield from _names(tables, "group_shares", "group", groups, regions)
    yield from _names(tables, "exposures", "good", goods, regions)
    if groups:
        yield from _sums(settings, tables)
    if not goods and any(isinstance(row, RegionOfFormat1) for row in tables["regions"].rows):
        yield Problem(("prices",), "is missing")


def _names(
    tables: Tables, field: str, column: str, names: list[str], regions: list[str]
) -> Iterator[Problem]:
    rows: Sequence[GroupShareRow | ExposureRow] = tables[field].rows if field in tables else ()
    earlier: set[tuple[str, str]] = set()
    for index, row in enumerate(rows):
        name = getattr(row, column)
        yield from unknown_name((field, index, "region"), row.region, regions, "region")
        yield from unknown_name((field, index, column), name, names, column)
        if (row.region, name) in earlier:
            yield Problem((field, index, column), f"a second share of '{name}' in '{row.region}'")
        earlier.add((row.region, name))


def _sums(settings: Settings, tables: Tables) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, row in enumerate(tables["group_shares"].rows if "group_shares" in tables else ()):
        first.setdefault(row.region, index)
    whole = whole_regions(settings, tables)
    for index, (row, region) in enumerate(zip(tables["regions"].rows, whole, strict=True)):
        where: Where = ("regions", index, "id")
        if isinstance(row, RegionOfFormat1):
            where = ("regions", index, SHARES[0])
        elif region.id in first:
            where = ("group_shares", first[region.id], "share")
        yield from sum_problem(region, where, of_format_1=isinstance(row, RegionOfFormat1))


def sum_problem(region: Region, where: Where, *, of_format_1: bool = False) -> Iterator[Problem]:
    """Yield a problem unless the shares of the region's groups add up to 1."""
    total = sum(region.group_shares)
    if abs(total - 1.0) > SHARE_TOLERANCE:
        what = ", ".join(SHARES) if of_format_1 else f"shares of the groups of '{region.id}'"
        yield Problem(where, f"{what} sum to {total:.6g}", f"1 within {SHARE_TOLERANCE:g}")
