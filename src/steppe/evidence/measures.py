"""What an observer would have counted in a run: pure functions of a view and a region.

A daily measure gives a value for each whole local day (day,), an hourly one (hour,), the others
(1,). Counts are persons at the end of an hour; a gathering counts where it has at least the
view's ``threshold`` of persons in one place.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from steppe.evidence.view import NATIONAL, View

FloatArray = NDArray[np.float64]
Measure = Callable[[View, str], FloatArray]

JOINED = "joined"
"""The series of those who took to the street in an hour, by place."""

NIGHT_ENDS = 6
"""The hour of the morning until which a record can count a night on the day before."""


def _float(values: NDArray[np.generic]) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _end_of_day(data: View, hourly: NDArray[np.generic]) -> FloatArray:
    return _float(data.by_day(hourly)[:, -1])


def _visible(data: View) -> NDArray[np.bool_]:
    """Return (hour, place): does the place have a visible protest in that hour."""
    return data.once(("visible", data.threshold), lambda: data.active >= data.threshold)


def _visible_by_region(data: View) -> NDArray[np.bool_]:
    """Return (hour, region): does the region have a visible protest in that hour."""
    return data.once(
        ("visible by region", data.threshold), lambda: _per_region(data, _visible(data))
    )


def _per_region(data: View, at_place: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (time, region): is it so in any place of the region."""
    columns = [data.within(r, at_place).any(axis=1) for r in data.regions]
    return np.stack(columns, axis=1)


def peak_on_day(data: View, region: str) -> FloatArray:
    """Return the most persons out at once on each day (day,)."""
    return _float(data.by_day(data.within(region, data.active).sum(axis=1)).max(axis=1))


def peak_place_on_day(data: View, region: str) -> FloatArray:
    """Return the most persons out at once in one place on each day (day,)."""
    return _float(data.by_day(data.within(region, data.active).max(axis=1)).max(axis=1))


def peak_whole_run(data: View, region: str) -> FloatArray:
    """Return the most persons out at once in the run (1,)."""
    return _float(data.within(region, data.active).sum(axis=1).max(keepdims=True))


def peak_by(data: View, region: str) -> FloatArray:
    """Return the most persons out at once up to the end of each day (day,)."""
    hourly = data.within(region, data.active).sum(axis=1)
    return _end_of_day(data, np.maximum.accumulate(hourly))


def peak_from(data: View, region: str) -> FloatArray:
    """Return the most persons out at once from the begin of each day to the end (day,)."""
    return _float(np.maximum.accumulate(peak_on_day(data, region)[::-1])[::-1])


def turnout_on_day(data: View, region: str) -> FloatArray:
    """Return the persons out at midnight and those who came during each day (day,)."""
    came = data.within(region, data.values(JOINED)).sum(axis=1, dtype=np.int64)
    before = np.concatenate([[0], data.within(region, data.active)[:-1].sum(axis=1)])
    return _float(data.by_day(came).sum(axis=1) + data.by_day(before)[:, 0])


def protest_present(data: View, region: str) -> FloatArray:
    """Return 1 for each day with a visible protest, else 0 (day,)."""
    visible = data.within(region, _visible(data))
    return _float(data.by_day(visible).sum(axis=(1, 2)) > 0)


def regions_with_protest(data: View, region: str) -> FloatArray:
    """Return the regions with a visible protest on each day (day,)."""
    return _float(data.by_day(_visible_by_region(data)).any(axis=1).sum(axis=1))


def regions_with_protest_after_night(data: View, region: str) -> FloatArray:
    """Return the regions with a visible protest from 6:00 on, on each day (day,)."""
    hours = data.by_day(_visible_by_region(data))[:, NIGHT_ENDS:]
    return _float(hours.any(axis=1).sum(axis=1))


def regions_with_violence_by(data: View, region: str) -> FloatArray:
    """Return the regions that had seen visible violence by each day (day,)."""
    violent = data.values("violent").astype(np.int64) + data.values("looting")
    ever = np.maximum.accumulate(_per_region(data, violent >= data.threshold), axis=0)
    return _end_of_day(data, ever.sum(axis=1))


def cities_with_protest(data: View, region: str) -> FloatArray:
    """Return the towns with a visible protest on each day (day,)."""
    towns = _visible(data)[:, data.members(region) & data.settled]
    return _float(data.by_day(towns).any(axis=1).sum(axis=1))


def cities_with_protest_by(data: View, region: str) -> FloatArray:
    """Return the towns that had seen a visible protest by each day (day,)."""
    towns = _visible(data)[:, data.members(region) & data.settled]
    return _end_of_day(data, np.maximum.accumulate(towns, axis=0).sum(axis=1))


def _onset_hour(data: View, region: str) -> int | None:
    key = ("onset", region, data.threshold, data.since)
    return data.once(key, lambda: _first_visible_hour(data, region))


def _first_visible_hour(data: View, region: str) -> int | None:
    by_region = _visible_by_region(data)
    at = range(len(data.regions)) if region == NATIONAL else [data.index(region)]
    hours = np.flatnonzero(by_region[data.since :, at].any(axis=1))
    return data.since + int(hours[0]) if hours.size else None


def onset_day(data: View, region: str) -> FloatArray:
    """Return the day of the first visible protest, as an ordinal (1,)."""
    hour = _onset_hour(data, region)
    moment = data.clock.time_of(data.clock.hours - 1 if hour is None else hour)
    return np.array([moment.toordinal() + (hour is None)], dtype=np.float64)


def onset_rank(data: View, region: str) -> FloatArray:
    """Return the place of the region in the order of first visible protests (1,)."""
    hours = (_onset_hour(data, name) for name in data.regions)
    onsets = [data.clock.hours if hour is None else hour for hour in hours]
    own = onsets[data.index(region)]
    earlier = sum(hour < own for hour in onsets)
    return np.array([earlier + (onsets.count(own) + 1) / 2])


def cumulative(flow: str, officers: str = "") -> Measure:
    """Return the count of ``flow`` up to the end of each day, nationally with ``officers``."""

    def measure(data: View, region: str) -> FloatArray:
        hourly = data.within(region, data.values(flow)).sum(axis=1, dtype=np.int64)
        total = _end_of_day(data, np.cumsum(hourly))
        if officers and region == NATIONAL:
            total = total + _end_of_day(data, data.values(officers))
        return total

    return measure


def standing(name: str) -> Measure:
    """Return a national series (hour,) at the end of each day."""

    def measure(data: View, region: str) -> FloatArray:
        return _end_of_day(data, data.values(name))

    return measure


def officers_wounded_registered_by(data: View, region: str) -> FloatArray:
    """Return the sum over wounds at s of 1 - exp(-(T - s) / tau_rep), T the last hour of the day.

    A bulletin counts a wound after a time that is exponential with mean ``registration_delay``.
    """
    new = np.diff(data.values("officers_wounded"), prepend=0.0)
    hours = np.arange(new.size)
    ages = np.maximum(_end_of_day(data, hours)[:, None] - hours, 0.0)
    return _float(-np.expm1(-ages / data.observation.registration_delay) @ new)


def _regional_mean(data: View, hourly: NDArray[np.generic], region: str) -> FloatArray:
    if region == NATIONAL:
        return _float(hourly) @ data.weights
    return _float(hourly)[:, data.index(region)]


def connectivity_at(data: View, region: str) -> FloatArray:
    """Return the share of traffic that is left in each hour (hour,)."""
    return 1.0 - _regional_mean(data, data.values("internet_cut"), region)


def connectivity_on(data: View, region: str) -> FloatArray:
    """Return the share of traffic that is left, mean over each day (day,)."""
    return _float(data.by_day(connectivity_at(data, region)).mean(axis=1))


def price_on(data: View, region: str) -> FloatArray:
    """Return the price of the good at the end of each day (day,)."""
    return _end_of_day(data, _regional_mean(data, data.values("price"), region))


def unit_share(state: str) -> Measure:
    """Return the share of units in ``state`` at the end of each day; NaN when there are none."""

    def measure(data: View, region: str) -> FloatArray:
        names = ("obeying", "shirking", "defected")
        units = {name: _end_of_day(data, data.values(f"units_{name}")) for name in names}
        total = sum(units.values(), start=np.zeros(len(data.dates)))
        return np.divide(units[state], total, out=np.full_like(total, np.nan), where=total > 0)

    return measure
