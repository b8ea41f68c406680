"""Named observables: pure functions from a run to the number an observer would have written down.

Each states its unit and meaning, so that a target names a measurement and never a column. A day
is a local day that the run covers from midnight to midnight; counts are persons unless the unit
says otherwise. An observable is one of four kinds, by what the date of a target means to it:
``day`` (that day), ``hour`` (that moment), ``run`` (the run must reach that day), ``calendar``
(the result is a day, counted with that date as day 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from steppe.core.errors import SteppeError, nearest
from steppe.evidence.view import NATIONAL, View

FloatArray = NDArray[np.float64]
Kind = Literal["day", "hour", "run", "calendar"]
Scope = Literal["national", "region", "any"]
COUNT_UNITS = ("persons", "regions", "towns")
"""Units of counts, which are compared on the scale log10(1 + x)."""


@dataclass(frozen=True, slots=True)
class Observable:
    """One measurement: ``measure(view, region)`` gives (day,), (hour,) or, else, (1,) values.

    ``unit`` is empty where the case decides it (prices). ``scope`` says whether it is asked of
    the nation, of a region, or of either.
    """

    name: str
    unit: str
    group: str
    kind: Kind
    scope: Scope
    meaning: str
    measure: Callable[[View, str], FloatArray]

    @property
    def is_count(self) -> bool:
        """True when values are counts, compared on a logarithmic scale."""
        return self.unit in COUNT_UNITS

    def parse(self, when: str) -> datetime:
        """Return the moment ``when`` names: a date, or date and time for an hourly observable.

        Raises ``ValueError`` when it has another form.
        """
        form = "%Y-%m-%dT%H:%M" if self.kind == "hour" else "%Y-%m-%d"
        moment = datetime.strptime(when, form)
        if moment.strftime(form) != when:
            raise ValueError(f"{when!r} is not of the form {form}")
        return moment

    def value(self, data: View, region: str, when: str) -> float:
        """Return the one value for ``region`` and ``when``; NaN where the run does not reach."""
        moment, values = self.parse(when), self.measure(data, region)
        if self.kind == "hour":
            hour = data.clock.hour_of(moment)
            return float(values[hour]) if 0 <= hour < values.size else float("nan")
        if self.kind == "day":
            dates = data.dates
            return float(values[dates.index(d)]) if (d := moment.date()) in dates else float("nan")
        if not data.dates or moment.date() > data.dates[-1]:
            return float("nan")
        origin = moment.toordinal() - 1 if self.kind == "calendar" else 0
        return float(values[0]) - origin


def get(name: str) -> Observable:
    """Return the observable ``name``; ``SteppeError`` with the nearest name if there is none."""
    if name not in OBSERVABLES:
        near = nearest(name, OBSERVABLES)
        hint = f"; did you mean '{near}'?" if near else ""
        raise SteppeError(f"no observable '{name}'{hint}")
    return OBSERVABLES[name]


def daily(data: View, name: str, region: str = NATIONAL) -> tuple[tuple[date, ...], FloatArray]:
    """Return the whole days of the run and the values (day,) of a daily observable."""
    observable = get(name)
    if observable.kind != "day":
        raise SteppeError(f"observable '{name}' is not a daily one")
    return data.dates, observable.measure(data, region)


def _float(values: NDArray[np.generic]) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _end_of_day(data: View, hourly: NDArray[np.generic]) -> FloatArray:
    return _float(data.by_day(hourly)[:, -1])


def _visible(data: View) -> NDArray[np.bool_]:
    """Return (hour, place): does the place have a visible protest in that hour."""
    visible: NDArray[np.bool_] = data.active >= data.threshold
    return visible


def _per_region(data: View, at_place: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (time, region): is it so in any place of the region."""
    columns = [at_place[:, data.members(r)].any(axis=1) for r in data.regions]
    return np.stack(columns, axis=1)


def _peak_on_day(data: View, region: str) -> FloatArray:
    return _float(data.by_day(data.active[:, data.members(region)].sum(axis=1)).max(axis=1))


def _peak_place_on_day(data: View, region: str) -> FloatArray:
    return _float(data.by_day(data.active[:, data.members(region)].max(axis=1)).max(axis=1))


def _peak_whole_run(data: View, region: str) -> FloatArray:
    return _float(data.active[:, data.members(region)].sum(axis=1).max(keepdims=True))


def _protest_present(data: View, region: str) -> FloatArray:
    visible = _visible(data)[:, data.members(region)]
    return _float(data.by_day(visible).sum(axis=(1, 2)) > 0)


def _regions_with_protest(data: View, region: str) -> FloatArray:
    return _float(data.by_day(_per_region(data, _visible(data))).any(axis=1).sum(axis=1))


def _regions_with_violence_by(data: View, region: str) -> FloatArray:
    violent = data.values("violent").astype(np.int64) + data.values("looting")
    ever = np.maximum.accumulate(_per_region(data, violent >= data.threshold), axis=0)
    return _end_of_day(data, ever.sum(axis=1))


def _cities_with_protest(data: View, region: str) -> FloatArray:
    towns = _visible(data)[:, data.members(region) & data.settled]
    return _float(data.by_day(towns).any(axis=1).sum(axis=1))


def _cities_with_protest_by(data: View, region: str) -> FloatArray:
    towns = _visible(data)[:, data.members(region) & data.settled]
    return _end_of_day(data, np.maximum.accumulate(towns, axis=0).sum(axis=1))


def _onset_hour(data: View, region: str) -> int | None:
    hours = np.flatnonzero(_visible(data)[:, data.members(region)].any(axis=1))
    return int(hours[0]) if hours.size else None


def _onset_day(data: View, region: str) -> FloatArray:
    hour = _onset_hour(data, region)
    moment = data.clock.time_of(data.clock.hours - 1 if hour is None else hour)
    return np.array([moment.toordinal() + (hour is None)], dtype=np.float64)


def _onset_rank(data: View, region: str) -> FloatArray:
    hours = (_onset_hour(data, name) for name in data.regions)
    onsets = [data.clock.hours if hour is None else hour for hour in hours]
    own = onsets[data.index(region)]
    earlier = sum(hour < own for hour in onsets)
    return np.array([earlier + (onsets.count(own) + 1) / 2])


def _cumulative(flow: str, officers: str = "") -> Callable[[View, str], FloatArray]:
    """Return the count of ``flow`` up to the end of each day, nationally with ``officers``."""

    def measure(data: View, region: str) -> FloatArray:
        hourly = data.values(flow)[:, data.members(region)].sum(axis=1, dtype=np.int64)
        total = _end_of_day(data, np.cumsum(hourly))
        if officers and region == NATIONAL:
            total = total + _end_of_day(data, data.values(officers))
        return total

    return measure


def _standing(name: str) -> Callable[[View, str], FloatArray]:
    """Return a national series (hour,) at the end of each day."""

    def measure(data: View, region: str) -> FloatArray:
        return _end_of_day(data, data.values(name))

    return measure


def _regional_mean(data: View, hourly: NDArray[np.generic], region: str) -> FloatArray:
    if region == NATIONAL:
        return _float(hourly) @ data.weights
    return _float(hourly)[:, data.index(region)]


def _connectivity_at(data: View, region: str) -> FloatArray:
    return 1.0 - _regional_mean(data, data.values("internet_cut"), region)


def _connectivity_on(data: View, region: str) -> FloatArray:
    return _float(data.by_day(_connectivity_at(data, region)).mean(axis=1))


def _price_on(data: View, region: str) -> FloatArray:
    return _end_of_day(data, _regional_mean(data, data.values("price"), region))


def _unit_share(state: str) -> Callable[[View, str], FloatArray]:
    """Return the share of units in ``state`` at the end of each day; NaN when there are none."""

    def measure(data: View, region: str) -> FloatArray:
        names = ("obeying", "shirking", "defected")
        units = {name: _end_of_day(data, data.values(f"units_{name}")) for name in names}
        total = sum(units.values(), start=np.zeros(len(data.dates)))
        return np.divide(units[state], total, out=np.full_like(total, np.nan), where=total > 0)

    return measure


_CITIZENS = "citizens"
_ALL = "citizens, and for the nation officers too (officers are not split by region)"
_ROWS: tuple[tuple[str, str, str, Kind, Scope, str, Callable[[View, str], FloatArray]], ...] = (
    ("peak_on_day", "persons", "turnout", "day", "any",
     "most persons on the street at the end of any hour of the day", _peak_on_day),
    ("peak_place_on_day", "persons", "turnout", "day", "any",
     "most persons on the street in any one place at the end of any hour of the day",
     _peak_place_on_day),
    ("peak_whole_run", "persons", "turnout", "run", "any",
     "most persons on the street at the end of any hour of the run", _peak_whole_run),
    ("protest_present", "flag", "spread", "day", "any",
     "1 when any place had a visible protest at some hour of the day, else 0", _protest_present),
    ("regions_with_protest", "regions", "spread", "day", "national",
     "regions in which any place had a visible protest at some hour of the day",
     _regions_with_protest),
    ("regions_with_violence_by", "regions", "spread", "day", "national",
     "regions in which any place had, by the end of the day, ever had as many violent or looting "
     "persons as make a protest visible", _regions_with_violence_by),
    ("cities_with_protest", "towns", "spread", "day", "any",
     "cities and towns with a visible protest at some hour of the day", _cities_with_protest),
    ("cities_with_protest_by", "towns", "spread", "day", "any",
     "cities and towns that by the end of the day had ever had a visible protest",
     _cities_with_protest_by),
    ("onset_day", "day", "onset", "calendar", "any",
     "day of the first visible protest, with the target's date as day 1; if there was none, the "
     "day after the run", _onset_day),
    ("onset_rank", "rank", "onset", "run", "region",
     "place of the region in the order of first visible protests by hour, regions of the same "
     "hour sharing the mean of their places; regions without one come last", _onset_rank),
    ("killed_by", "persons", "killed", "day", "any",
     f"dead by the end of the day: {_ALL}", _cumulative("deaths", "officers_killed")),
    ("civilians_killed_by", "persons", "killed", "day", "any",
     f"dead by the end of the day: {_CITIZENS}", _cumulative("deaths")),
    ("officers_killed_by", "persons", "killed", "day", "national",
     "officers dead by the end of the day", _standing("officers_killed")),
    ("wounded_by", "persons", "wounded", "day", "any",
     f"wounded by the end of the day: {_ALL}", _cumulative("woundings", "officers_wounded")),
    ("civilians_wounded_by", "persons", "wounded", "day", "any",
     f"wounded by the end of the day: {_CITIZENS}", _cumulative("woundings")),
    ("officers_wounded_by", "persons", "wounded", "day", "national",
     "officers wounded by the end of the day", _standing("officers_wounded")),
    ("arrested_by", "persons", "detained", "day", "any",
     "arrests up to the end of the day", _cumulative("arrests")),
    ("connectivity_on", "share", "network", "day", "any",
     "mean over the day of 1 - internet_cut, over regions by population", _connectivity_on),
    ("connectivity_at", "share", "network", "hour", "any",
     "1 - internet_cut in the hour, over regions by population", _connectivity_at),
    ("troops_on", "persons", "troops", "day", "national",
     "foreign troops in the country at the end of the day", _standing("foreign_troops")),
    ("price_on", "", "price", "day", "any",
     "price of the good at the end of the day, over regions by population", _price_on),
    ("units_obeying_on", "share", "units", "day", "national",
     "share of units that obey at the end of the day", _unit_share("obeying")),
    ("units_shirking_on", "share", "units", "day", "national",
     "share of units that shirk at the end of the day", _unit_share("shirking")),
    ("units_defected_on", "share", "units", "day", "national",
     "share of units that have defected by the end of the day", _unit_share("defected")),
)  # fmt: skip

OBSERVABLES: dict[str, Observable] = {row[0]: Observable(*row) for row in _ROWS}
"""Every observable by name, in the order in which reports show them."""
