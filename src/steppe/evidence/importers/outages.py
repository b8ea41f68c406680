"""Cuts of the internet: lists of outages, and series of how much of it can be reached.

Read are the list of Access Now (#KeepItOn STOP), the investigated outages of IODA, the outages of
Cloudflare Radar, daily counts of OONI, and series of IODA or Cloudflare as CSV or JSON. An outage
is a candidate for the timeline; a series gives the hourly share of what is usual at that hour,
where the file has days before the run. Times are UTC unless a file says days alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean, median

from steppe.case.tables import Observation
from steppe.countries.codes import CountryCodes
from steppe.evidence.importers.cells import ImportRow, RowError, UnknownNameError, plain
from steppe.evidence.importers.imported import (
    Imported,
    ImportResult,
    TimelineCandidate,
)
from steppe.evidence.importers.names import NATIONAL
from steppe.evidence.importers.plain import make
from steppe.evidence.importers.records import refusal
from steppe.evidence.importers.table import (
    MissingColumnError,
    ReadOptions,
    TableLayout,
    read,
)

ACCESS_NOW = TableLayout(
    ",", ("start_date", "country", "geo_scope", "shutdown_type"),
    optional=("end_date", "area_name", "shutdown_extent", "actual_cause", "info_source_link"),
)  # fmt: skip
IODA_LIST = TableLayout(
    ",", ("begin time", "end time", "country", "scope"), optional=("id", "region", "cause", "notes")
)
CLOUDFLARE = TableLayout(
    ",", ("startdate", "locations", "eventtype"),
    optional=(
        "enddate", "scope", "description", "linkedurl", "outage.outagecause", "outage.outagetype",
    ),
)  # fmt: skip
OONI = TableLayout(
    ",", ("measurement_start_day", "anomaly_count", "measurement_count"),
    optional=("confirmed_count", "probe_cc"),
)  # fmt: skip
SERIES = TableLayout(
    ",", ("timestamp", "value"),
    synonyms={
        "timestamp": ("datetime", "time", "timestamps", "serie_0 timestamps", "date"),
        "value": ("values", "serie_0 values", "ping-slash24", "active probing"),
    },
)  # fmt: skip
FORMS = (ACCESS_NOW, IODA_LIST, CLOUDFLARE, OONI, SERIES)
CUT = {"full": 0.95, "throttle": 0.5, "service": 0.2}
"""Share of online reach that a kind of cut takes; full as measured in 2022, the rest assumed."""

LONGEST = timedelta(days=366)


def read_outages(
    path: Path,
    country: CountryCodes,
    regions: Mapping[str, str],
    options: ReadOptions | None = None,
) -> ImportResult:
    """Return what ``path``, in any of the forms, says of ``country``.

    Raises ``CaseError`` for a file that cannot be read at all.
    """
    convert: tuple[Callable[[ImportRow], Iterator[Imported]], ...] = (
        lambda row: _access_now(row, country, regions),
        lambda row: _ioda(row, country, regions),
        lambda row: _cloudflare(row, country, regions),
        lambda row: _ooni(row, country),
    )
    for layout, one in zip(FORMS, convert, strict=False):
        try:
            return read(path, layout, one, options)
        except MissingColumnError:
            continue
    try:
        return _series(path, options or ReadOptions())
    except MissingColumnError:
        forms = "; or ".join(", ".join(layout.required) for layout in FORMS)
        raise refusal(path, "has the columns of no list or series of outages", forms) from None


def _outage(row: ImportRow, at: datetime, until: datetime | None, region: str) -> TimelineCandidate:
    first, last = row.window
    if f"{until or at:%Y-%m-%d}" < first or f"{at:%Y-%m-%d}" > last:
        raise RowError(f"outside the run, {first} to {last}")
    if until is not None and not at < until <= at + LONGEST:
        raise RowError(f"the end {until:%Y-%m-%d %H:%M} is not within a year after the beginning")
    return TimelineCandidate(
        at, region, "internet_cut", CUT["full"], "Outage", "", until=until, exact=True
    )


def _access_now(
    row: ImportRow, country: CountryCodes, regions: Mapping[str, str]
) -> Iterator[Imported]:
    if not country.is_named(row.text("country")):
        raise RowError("another country")
    start, end = row.day("start_date"), row.optional("end_date")
    at = datetime.fromisoformat(start)
    until = datetime.fromisoformat(row.day("end_date")) + timedelta(days=1) if end else None
    kind = f"{row.text('shutdown_type')} {row.optional('shutdown_extent')}".lower()
    level = "service" if "service" in kind else "full"
    level = "throttle" if "throttl" in kind and "shutdown" not in kind else level
    text = f"{row.text('shutdown_type')}, {row.optional('area_name') or row.text('geo_scope')}"
    if cause := row.optional("actual_cause"):
        text += f", cause: {cause}"
    link = row.optional("info_source_link") or "Access Now, #KeepItOn STOP"
    for region in _areas(row, regions):
        candidate = _outage(row, at, until, region)
        yield replace(candidate, value=CUT[level], text=text, source=link, exact=False)


def _areas(row: ImportRow, regions: Mapping[str, str]) -> list[str]:
    """Return the regions of an outage: the whole country, or those of the areas named."""
    names = [part for part in re.split(r"[,;/]| and ", row.optional("area_name")) if part.strip()]
    if "national" in row.text("geo_scope").lower() or not names:
        return [NATIONAL]
    return [_region(name, regions) for name in names]


def _region(name: str, regions: Mapping[str, str]) -> str:
    region = regions.get(plain(name), "")
    if not region:
        raise UnknownNameError("area", name.strip())
    return region


def _ioda(row: ImportRow, country: CountryCodes, regions: Mapping[str, str]) -> Iterator[Imported]:
    if not country.is_named(row.text("country")):
        raise RowError("another country")
    area = row.optional("region") if "region" in row.text("scope").lower() else ""
    region = _region(area, regions) if area else NATIONAL
    candidate = _outage(row, row.moment("begin time"), row.moment("end time"), region)
    text = f"Outage, cause: {row.optional('cause') or 'not given'}"
    yield replace(candidate, text=text, source=f"IODA outage {row.optional('id')}".strip())


def _cloudflare(
    row: ImportRow, country: CountryCodes, regions: Mapping[str, str]
) -> Iterator[Imported]:
    if country.iso2 not in re.split(r"[^A-Z]+", row.text("locations")):
        raise RowError("another country")
    kind = row.optional("outage.outagetype") or "NATIONWIDE"
    area = row.optional("scope") if kind.upper() == "REGIONAL" else ""
    region = _region(area, regions) if area else NATIONAL
    until = row.moment("enddate") if row.optional("enddate") else None
    candidate = _outage(row, row.moment("startdate"), until, region)
    cause = row.optional("outage.outagecause") or "not given"
    text = f"{kind.capitalize()} outage, cause: {cause.lower().replace('_', ' ')}"
    link = row.optional("linkedurl") or "Cloudflare Radar"
    yield replace(candidate, text=text, source=link)


def _ooni(row: ImportRow, country: CountryCodes) -> Iterator[Imported]:
    probe = row.optional("probe_cc")
    if probe and not country.is_named(probe):
        raise RowError("another country")
    day = row.inside(row.day("measurement_start_day"))
    count, anomalies = row.whole("measurement_count"), row.whole("anomaly_count")
    blocked = anomalies + (row.whole("confirmed_count") if row.optional("confirmed_count") else 0)
    if not 0 <= blocked <= count or not count:
        raise RowError("0 <= anomaly_count + confirmed_count <= measurement_count is not so")
    yield make(
        id=f"ooni-{day}", date=day, region=NATIONAL, measure="web_anomaly_share",
        value=blocked / count, unit="share", confidence="low", source="OONI",
        note=f"anomalies and confirmed blocks of {count} measurements",
    )  # fmt: skip


def _series(path: Path, options: ReadOptions) -> ImportResult:
    values: dict[datetime, list[float]] = defaultdict(list)

    def gather(row: ImportRow) -> list[Imported]:
        number = row.optional_number("value")
        if number is None:
            raise RowError("value is empty")
        values[row.moment("timestamp").replace(minute=0, second=0, microsecond=0)].append(number)
        return []

    result = read(path, SERIES, gather, options)
    first, last = options.window
    usual: dict[int, list[float]] = defaultdict(list)
    for at, numbers in values.items():
        if f"{at:%Y-%m-%d}" < first:
            usual[at.hour].append(fmean(numbers))
    inside = sorted(at for at in values if first <= f"{at:%Y-%m-%d}" <= last)
    if inside and not any(median(numbers) > 0.0 for numbers in usual.values()):
        wrong = f"has no values before the run ({first}), which say what is usual"
        raise refusal(path, wrong, "a series that begins a week or so earlier")
    shares = [_share(at, fmean(values[at]), usual[at.hour]) for at in inside if usual[at.hour]]
    return replace(result, observations=tuple(share for share in shares if share))


def _share(at: datetime, value: float, usual: list[float]) -> Observation | None:
    base = median(usual)
    if base <= 0.0:
        return None
    return make(
        id=f"internet-{at:%Y-%m-%d-%H}", date=f"{at:%Y-%m-%d}", time=f"{at:%H}:00",
        region=NATIONAL, measure="internet_connectivity_share_hourly",
        value=min(1.0, max(0.0, round(value / base, 4))), unit="share", confidence="medium",
        source="series imported, see SOURCES.md",
        note=f"over the median of this hour on {len(usual)} days before the run",
    )  # fmt: skip
