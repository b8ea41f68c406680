"""A nowcast as a value: fans, chances beside what they have to beat, what-ifs, and JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from steppe.study.nowcast.course import FanKey
from steppe.study.nowcast.limits import limits

Floats = NDArray[np.float64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of a fan."""

POOL = 0.7
"""Weight of the model where it is pooled with the growth climatology."""


@dataclass(frozen=True, slots=True)
class Members:
    """A forecast as weighted members (member,); weights sum to 1."""

    values: Floats
    weights: Floats

    def quantiles(self) -> tuple[float, ...]:
        """Return the quantiles at ``LEVELS``: the first member at which the weight reaches them."""
        order = np.argsort(self.values, kind="stable")
        total = np.cumsum(self.weights[order])
        at = np.minimum(np.searchsorted(total, np.array(LEVELS) - 1e-12), len(order) - 1)
        return tuple(float(x) for x in self.values[order][at])

    def pool(self, other: Members | None) -> Members:
        """Return the pool with a reference; the same where there is none."""
        if other is None:
            return self
        return Members(
            np.concatenate([self.values, other.values]),
            np.concatenate([POOL * self.weights, (1.0 - POOL) * other.weights]),
        )


@dataclass(frozen=True, slots=True)
class FanDay:
    """One fan on one day: the model's forecast, growth elsewhere, and both pooled."""

    day: date
    model: Members
    growth: Members | None

    @property
    def pooled(self) -> Members:
        """The forecast that is given."""
        return self.model.pool(self.growth)


@dataclass(frozen=True, slots=True)
class ForecastFan:
    """The course of one quantity day by day; ``last`` is the last figure before, if any."""

    key: FanKey
    last: float | None
    days: tuple[FanDay, ...]


@dataclass(frozen=True, slots=True)
class EventChance:
    """P(event): the model's, pooled, and what it has to beat; None where a reference is silent."""

    name: str
    words: str
    model: float
    persistence: float | None
    growth: float | None
    base_rate: float | None

    @property
    def pooled(self) -> float:
        """The chance that is given."""
        if self.growth is None:
            return self.model
        return POOL * self.model + (1.0 - POOL) * self.growth


@dataclass(frozen=True, slots=True)
class WhatIfFan:
    """Difference of a fan in a what-if, within a draw: mean and 5 % and 95 % points by day."""

    key: FanKey
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What differs if something else is done after the day: what-if less as it is.

    ``chances`` maps an event to the difference of the model's chances and its standard error over
    draws.
    """

    name: str
    title: str
    chances: Mapping[str, tuple[float, float]]
    fans: tuple[WhatIfFan, ...]


@dataclass(frozen=True, slots=True)
class FigureShown:
    """A figure that was known: whether the model can show it, and what looks show of it.

    Observed and quantiles (5, 50, 95 %) of the prior's looks are on the scale of comparison.
    """

    id: str
    observed: float
    sd: float
    prior: tuple[float, float, float]
    usable: bool


@dataclass(frozen=True, slots=True)
class Nowcast:
    """What comes next, said at the end of ``until``.

    ``looks`` were taken, ``draws`` different ones of them went on; ``effective`` is how many draws
    of equal weight they are worth given the figures, ``beta`` the share of the figures' weight
    that is in the weights (the rest is a linear step).
    """

    case: str
    title: str
    until: date
    prior: str
    conditioned: bool
    looks: int
    draws: int
    effective: float
    beta: float
    figures: tuple[FigureShown, ...]
    fans: tuple[ForecastFan, ...]
    chances: tuple[EventChance, ...]
    what_ifs: tuple[WhatIf, ...]

    @property
    def beyond(self) -> tuple[str, ...]:
        """Figures that the model cannot show; they are in no weight."""
        return tuple(one.id for one in self.figures if not one.usable)

    def fan(self, observable: str, region: str = "national") -> ForecastFan:
        """Return the fan of an observable; ``KeyError`` where there is none."""
        for one in self.fans:
            if (one.key.observable, one.key.region) == (observable, region):
                return one
        raise KeyError(f"no fan of {observable} in {region}")

    def document(self) -> dict[str, object]:
        """Return the nowcast for programs; numbers to six significant digits."""
        return {
            "case": self.case,
            "limits": limits(self),
            "until": self.until.isoformat(),
            "prior": self.prior,
            "conditioned": self.conditioned,
            "looks": self.looks,
            "draws": self.draws,
            "effective_size": short(self.effective),
            "likelihood_power": short(self.beta),
            "pool": {"model": POOL, "growth_climatology": short(1.0 - POOL)},
            "figures": [
                {"id": one.id, "observed": short(one.observed), "sd": short(one.sd),
                 "prior": [_finite(x) for x in one.prior], "usable": one.usable}
                for one in self.figures
            ],
            "beyond_the_model": list(self.beyond),
            "chances": {one.name: _chance(one) for one in self.chances},
            "fans": [_fan(one) for one in self.fans],
            "what_if": {one.name: _what_if(one) for one in self.what_ifs},
        }  # fmt: skip


def short(value: float) -> float:
    """Return a number to six significant digits."""
    return float(f"{value:.6g}")


def _finite(value: float) -> float | None:
    return short(value) if math.isfinite(value) else None


def _or_none(value: float | None) -> float | None:
    return None if value is None else short(value)


def _chance(one: EventChance) -> dict[str, object]:
    return {
        "meaning": one.words, "p": short(one.pooled), "model": short(one.model),
        "persistence": _or_none(one.persistence), "growth": _or_none(one.growth),
        "base_rate": _or_none(one.base_rate),
    }  # fmt: skip


def _fan(one: ForecastFan) -> dict[str, object]:
    return {
        "observable": one.key.observable, "region": one.key.region,
        "threshold": one.key.threshold, "unit": one.key.unit, "persistence": _or_none(one.last),
        "levels": list(LEVELS),
        "days": [
            {"day": day.day.isoformat(),
             "pooled": [short(x) for x in day.pooled.quantiles()],
             "model": [short(x) for x in day.model.quantiles()]}
            for day in one.days
        ],
    }  # fmt: skip


def _what_if(one: WhatIf) -> dict[str, object]:
    return {
        "title": one.title,
        "chances": {
            name: {"difference": short(gap), "standard_error": short(error)}
            for name, (gap, error) in one.chances.items()
        },
        "fans": [
            {"observable": fan.key.observable, "region": fan.key.region,
             "mean": [short(x) for x in fan.mean], "low": [short(x) for x in fan.low],
             "high": [short(x) for x in fan.high]}
            for fan in one.fans
        ],
    }  # fmt: skip
