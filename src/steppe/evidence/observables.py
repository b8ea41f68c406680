"""Named observables: pure functions from a run to the number an observer would have written down.

Each states its unit and meaning, so that a target names a measurement and never a column. A day
is a local day that the run covers from midnight to midnight; counts are persons unless the unit
says otherwise. An observable is one of four kinds, by what the date of a target means to it:
``day`` (that day), ``hour`` (that moment), ``run`` (the run must reach that day), ``calendar``
(the result is a day, counted with that date as day 1).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from steppe.core.errors import SteppeError, nearest
from steppe.evidence import measures
from steppe.evidence.measures import FloatArray, Measure
from steppe.evidence.view import NATIONAL, View

Kind = Literal["day", "hour", "run", "calendar"]
Scope = Literal["national", "region", "any"]
QUIET_TIMES = ("peak_by", "peak_from")
"""Observables of a time in which nobody was out: before a crisis, and after it."""

COUNT_UNITS = ("persons", "regions", "towns")
"""Units of counts, which are compared on the scale log10(1 + x)."""


@dataclass(frozen=True, slots=True)
class Observable:
    """One measurement: ``measure(view, region)`` gives (day,), (hour,) or, else, (1,) values.

    ``unit`` is empty where the case decides it (prices). ``scope`` says whether it is asked of
    the nation, of a region, or of either, ``series`` names one that it needs and not every run
    recorded.
    """

    name: str
    unit: str
    group: str
    kind: Kind
    scope: Scope
    meaning: str
    measure: Measure
    series: str = ""

    def __reduce__(self) -> tuple[Callable[[str], Observable], tuple[str]]:
        """Go to another process by name: some measures are made by functions."""
        return get, (self.name,)

    @property
    def has_threshold(self) -> bool:
        """True when gatherings count from a number of persons on."""
        return self.group in ("spread", "onset")

    @property
    def is_count(self) -> bool:
        """True when values are counts, compared on a logarithmic scale."""
        return self.unit in COUNT_UNITS

    def parse(self, when: str) -> datetime:
        """Return the moment ``when`` names: a date, or date and time for an hourly observable.

        Raises ``ValueError`` when it has another form.
        """
        return _moment(when, "%Y-%m-%dT%H:%M" if self.kind == "hour" else "%Y-%m-%d")

    def value(self, data: View, region: str, when: str) -> float:
        """Return the one value for ``region`` and ``when``; NaN where the run does not reach.

        NaN too where the run did not record the series that is needed.
        """
        moment = self.parse(when)
        if self.series and self.series not in data.trajectory.series:
            return math.nan
        key = (self.measure, region, data.threshold, data.since)
        values = data.once(key, lambda: self.measure(data, region))
        if self.kind == "hour":
            hour = data.clock.hour_of(moment)
            return float(values[hour]) if 0 <= hour < values.size else math.nan
        if self.kind == "day":
            dates = data.dates
            return float(values[dates.index(d)]) if (d := moment.date()) in dates else math.nan
        if not data.dates or moment.date() > data.dates[-1]:
            return math.nan
        origin = moment.toordinal() - 1 if self.kind == "calendar" else 0
        return float(values[0]) - origin


@functools.lru_cache(maxsize=4096)
def _moment(when: str, form: str) -> datetime:
    """Return the moment that ``when`` names; ``ValueError`` when it has another form."""
    moment = datetime.strptime(when, form)
    if moment.strftime(form) != when:
        raise ValueError(f"{when!r} is not of the form {form}")
    return moment


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


_CITIZENS = "citizens"
_ALL = "citizens, and for the nation officers too (officers are not split by region)"
_LIST = (
    Observable("peak_on_day", "persons", "turnout", "day", "any",
     "most persons on the street at the end of any hour of the day", measures.peak_on_day),
    Observable(
        "turnout_on_day", "persons", "turnout", "day", "any",
        "persons on the street at midnight and all who took to it during the day; who leaves and "
        "comes again counts twice", measures.turnout_on_day, measures.JOINED,
    ),
    Observable("peak_place_on_day", "persons", "turnout", "day", "any",
     "most persons on the street in any one place at the end of any hour of the day",
     measures.peak_place_on_day),
    Observable("peak_whole_run", "persons", "turnout", "run", "any",
     "most persons on the street at the end of any hour of the run", measures.peak_whole_run),
    Observable("peak_by", "persons", "turnout", "day", "any",
     "most persons on the street at the end of any hour up to the end of the day",
     measures.peak_by),
    Observable("peak_from", "persons", "turnout", "day", "any",
     "most persons on the street at the end of any hour from the begin of the day to the end of "
     "the run's last whole day", measures.peak_from),
    Observable("protest_present", "flag", "spread", "day", "any",
     "1 when any place had a visible protest at some hour of the day, else 0",
     measures.protest_present),
    Observable("regions_with_protest", "regions", "spread", "day", "national",
     "regions in which any place had a visible protest at some hour of the day",
     measures.regions_with_protest),
    Observable("regions_with_protest_after_night", "regions", "spread", "day", "national",
     "regions in which any place had a visible protest at some hour of the day from 6:00 on, for "
     "records that count a night on the day before it",
     measures.regions_with_protest_after_night),
    Observable("regions_with_violence_by", "regions", "spread", "day", "national",
     "regions in which any place had, by the end of the day, ever had as many violent or looting "
     "persons as make a protest visible", measures.regions_with_violence_by),
    Observable("cities_with_protest", "towns", "spread", "day", "any",
     "cities and towns with a visible protest at some hour of the day",
     measures.cities_with_protest),
    Observable("cities_with_protest_by", "towns", "spread", "day", "any",
     "cities and towns that by the end of the day had ever had a visible protest",
     measures.cities_with_protest_by),
    Observable("onset_day", "day", "onset", "calendar", "any",
     "day of the first visible protest, with the target's date as day 1; if there was none, the "
     "day after the run", measures.onset_day),
    Observable("onset_rank", "rank", "onset", "run", "region",
     "place of the region in the order of first visible protests by hour, regions of the same "
     "hour sharing the mean of their places; regions without one come last", measures.onset_rank),
    Observable("killed_by", "persons", "killed", "day", "any",
     f"dead by the end of the day: {_ALL}", measures.cumulative("deaths", "officers_killed")),
    Observable("civilians_killed_by", "persons", "killed", "day", "any",
     f"dead by the end of the day: {_CITIZENS}", measures.cumulative("deaths")),
    Observable("officers_killed_by", "persons", "killed", "day", "national",
     "officers dead by the end of the day", measures.standing("officers_killed")),
    Observable("wounded_by", "persons", "wounded", "day", "any",
     f"wounded by the end of the day: {_ALL}",
     measures.cumulative("woundings", "officers_wounded")),
    Observable("civilians_wounded_by", "persons", "wounded", "day", "any",
     f"wounded by the end of the day: {_CITIZENS}", measures.cumulative("woundings")),
    Observable("officers_wounded_by", "persons", "wounded", "day", "national",
     "officers wounded by the end of the day", measures.standing("officers_wounded")),
    Observable("officers_wounded_registered_by", "persons", "wounded", "day", "national",
     "officers wounded and counted by the end of the day: a bulletin counts a wound after a time "
     "that is exponential with mean `observation.registration_delay`",
     measures.officers_wounded_registered_by),
    Observable("arrested_by", "persons", "detained", "day", "any",
     "arrests up to the end of the day", measures.cumulative("arrests")),
    Observable("connectivity_on", "share", "network", "day", "any",
     "mean over the day of 1 - internet_cut, over regions by population", measures.connectivity_on),
    Observable("connectivity_at", "share", "network", "hour", "any",
     "1 - internet_cut in the hour, over regions by population", measures.connectivity_at),
    Observable("troops_on", "persons", "troops", "day", "national",
     "foreign troops in the country at the end of the day", measures.standing("foreign_troops")),
    Observable("price_on", "", "price", "day", "any",
     "price of the good at the end of the day, over regions by population", measures.price_on),
    Observable("units_obeying_on", "share", "units", "day", "national",
     "share of units that obey at the end of the day", measures.unit_share("obeying")),
    Observable("units_shirking_on", "share", "units", "day", "national",
     "share of units that shirk at the end of the day", measures.unit_share("shirking")),
    Observable("units_defected_on", "share", "units", "day", "national",
     "share of units that have defected by the end of the day", measures.unit_share("defected")),
)  # fmt: skip

OBSERVABLES: dict[str, Observable] = {one.name: one for one in _LIST}
"""Every observable by name, in the order in which reports show them."""
