"""Prices of one good: WFP food prices by market and month, World Bank indicators by year.

Both give the price of a period, not the day of a change. The price before the run is that of the
last period that ended before it; each period that the run touches is a step from its first day, or
from the run's first hour.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean
from typing import Literal

from steppe.core.errors import CaseError, Fault, nearest
from steppe.countries.codes import CountryCodes
from steppe.evidence.importers.cells import ImportRow, RowError, plain
from steppe.evidence.importers.imported import Imported, ImportResult
from steppe.evidence.importers.names import NATIONAL
from steppe.evidence.importers.table import (
    MissingColumnError,
    ReadOptions,
    TableLayout,
    read,
)

WFP = TableLayout(
    ",", ("date", "admin1", "market", "commodity", "unit", "price"),
    optional=("pricetype", "currency", "priceflag"),
    synonyms={"admin1": ("adm1_name", "adm1name"), "market": ("mkt_name",),
              "commodity": ("cm_name",), "unit": ("um_name",), "price": ("mp_price",),
              "pricetype": ("pt_name",), "currency": ("cur_name",)},
)  # fmt: skip
YEARS = tuple(str(year) for year in range(1960, 2101))
WORLD_BANK = TableLayout(
    ",", ("country code", "indicator code", "indicator name"), optional=("country name", *YEARS)
)
UNITS = {
    "kg": "kg", "l": "litre", "litre": "litre", "liter": "litre", "loaf": "loaf", "kwh": "kWh",
    "cubic meter": "m3", "m3": "m3", "mt": "tonne", "piece": "piece", "unit": "piece",
}  # fmt: skip
"""Units of sale that a case knows, by their names in these files; others count as pieces."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a year: its first day, and the first day after it."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class PriceOfPeriod:
    """The price in a region from a day on: before the run, or of a period that it touches."""

    region: str
    day: date
    price: float
    cause: Literal["before", "market"]
    basis: Literal["derived", "filled-national"]


@dataclass(frozen=True, slots=True)
class RegionalPrices:
    """Prices of one good by region and period, their unit of sale, and the rows' fate."""

    prices: Mapping[str, Mapping[Period, float]]
    unit: str
    good: str
    result: ImportResult


def read_prices(
    path: Path,
    country: CountryCodes,
    regions: Mapping[str, str],
    good: str,
    options: ReadOptions,
) -> RegionalPrices:
    """Return the prices of ``good`` in ``path``, a commodity of WFP or an indicator's code.

    Raises ``CaseError`` with the nearest for a good that is not in the file.
    """
    whole_time = replace(options, window=("", "9999"))
    gathered = _Gathered(good)
    try:
        result = read(path, WFP, lambda row: gathered.wfp(row, regions), whole_time)
    except MissingColumnError:
        result = read(path, WORLD_BANK, lambda row: gathered.world_bank(row, country), whole_time)
    if not gathered.prices:
        goods = gathered.goods
        near = nearest(good, goods)
        allowed = ", ".join(name for name, _ in goods.most_common(8))
        raise CaseError([Fault(str(path), 0, 0, "--good", f"no price of '{good}'", allowed, near)])
    if len(gathered.units) > 1:
        wrong = f"prices of '{good}' in several units: {', '.join(sorted(gathered.units))}"
        raise CaseError([Fault(str(path), 0, 0, "--good", wrong, "a file with one of them")])
    prices = {
        region: {period: fmean(values) for period, values in sorted(by_period.items(), key=_start)}
        for region, by_period in gathered.prices.items()
    }
    return RegionalPrices(prices, gathered.units.pop(), good, result)


def _start(item: tuple[Period, list[float]]) -> date:
    return item[0].start


class _Gathered:
    """Prices found so far, and the goods and units that the file has."""

    def __init__(self, good: str) -> None:
        self.good = plain(good)
        self.goods: Counter[str] = Counter()
        self.units: set[str] = set()
        self.prices: dict[str, dict[Period, list[float]]] = defaultdict(lambda: defaultdict(list))

    def wfp(self, row: ImportRow, regions: Mapping[str, str]) -> Iterator[Imported]:
        commodity = row.text("commodity")
        self.goods[commodity] += 1
        if plain(commodity) != self.good:
            raise RowError("another commodity")
        if row.optional("pricetype") not in ("", "Retail"):
            raise RowError(f"a price of the kind {row.text('pricetype')[:40]!r}, not Retail")
        first = date.fromisoformat(row.day("date")).replace(day=1)
        period = Period(first, (first + timedelta(days=32)).replace(day=1))
        region = row.region("admin1", regions)
        price = _positive(row, "price")
        sold = UNITS.get(re.sub(r"^1 ", "", row.text("unit").lower()), "piece")
        self.units.add(f"{_currency(row)}_per_{sold}")
        self.prices[region][period].append(price)
        yield from ()

    def world_bank(self, row: ImportRow, country: CountryCodes) -> Iterator[Imported]:
        code = row.text("indicator code")
        self.goods[code] += 1
        if self.good not in (plain(code), plain(row.text("indicator name"))):
            raise RowError("another indicator")
        if not country.is_named(row.text("country code")):
            raise RowError("another country")
        years = [year for year in YEARS if row.optional(year)]
        for year in years:
            period = Period(date(int(year), 1, 1), date(int(year) + 1, 1, 1))
            self.prices[NATIONAL][period].append(_positive(row, year))
        name = row.text("indicator name").lower()
        self.units.add("USD_per_litre" if "per liter" in name else "USD_per_piece")
        yield from ()


def _positive(row: ImportRow, column: str) -> float:
    price = row.optional_number(column)
    if price is None or price <= 0.0:
        raise RowError(f"{column} {row.optional(column)[:40]!r} is not a price above zero")
    return price


def _currency(row: ImportRow) -> str:
    code = row.optional("currency").upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise RowError(f"currency {code[:40]!r} is not a code of three letters")
    return code


def price_steps(
    table: RegionalPrices, regions: list[str], first: date, last: date
) -> list[PriceOfPeriod]:
    """Return the steps of each of ``regions``, the price before the run first.

    A region without prices has the mean of those with them. Raises ``ValueError`` where nothing is
    known of the time before the run.
    """
    series = {name: dict(table.prices.get(name, {})) for name in regions}
    for period in {one for by_period in table.prices.values() for one in by_period}:
        others = [by[period] for by in table.prices.values() if period in by]
        for by_period in series.values():
            by_period.setdefault(period, fmean(others))
    steps: list[PriceOfPeriod] = []
    for name in regions:
        basis: Literal["derived", "filled-national"] = (
            "derived" if name in table.prices else "filled-national"
        )
        before = [period for period in series[name] if period.end <= first]
        if not before:
            raise ValueError(f"no price before the run, which begins on {first}")
        latest = max(before, key=lambda period: period.start)
        price = series[name][latest]
        steps.append(PriceOfPeriod(name, latest.start, price, "before", basis))
        touching = (p for p in series[name] if p.start <= last and p.end > first)
        for period in sorted(touching, key=lambda period: period.start):
            day = max(period.start, first)
            price = series[name][period]
            steps.append(PriceOfPeriod(name, day, price, "market", basis))
    return steps
