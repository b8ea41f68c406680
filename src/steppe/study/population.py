"""The law of crises: what differs from crisis to crisis, drawn for a country that has no sample.

Mechanisms are shared by all crises; a few of their parameters differ from crisis to crisis and
are drawn anew for each, b ~ N(mu + G x, Sigma) with Sigma diagonal. x says of a country whether
the trigger is economic, how many citizens it has and how many officers for each. The law was
learnt from the open crises (``research.population``), given that a crisis was seen at all; it is
shipped as ``population.json`` with the hash of what it was learnt from.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import log, logistic, normal_array

Floats = NDArray[np.float64]

NAME = "population.json"

STREAM = 11
"""Index of the draws of crisis effects under the purpose of priors."""


@dataclass(frozen=True, slots=True)
class CrisisEffect:
    """A parameter that differs from crisis to crisis, on the scale on which it is normal.

    ``low`` and ``high`` are where draws are cut off, on the parameter's own scale.
    """

    name: str
    path: str
    scale: Literal["linear", "log10", "logit"]
    low: float
    high: float

    def value(self, b: float) -> float:
        """Return the parameter for a draw ``b`` of the effect."""
        value = b
        if self.scale == "log10":
            value = 10.0**b
        elif self.scale == "logit":
            value = logistic(b)
        return min(max(value, self.low), self.high)


EFFECTS: tuple[CrisisEffect, ...] = (
    CrisisEffect("pool", "participation.mobilisable", "log10", 1e-4, 0.2),
    CrisisEffect("threshold", "willingness.threshold", "linear", -0.2, 0.8),
    CrisisEffect("trigger", "first_move.loss", "linear", 0.0, 1000.0),
    CrisisEffect("loyalty", "loyalty.level", "linear", -3.0, 5.0),
    CrisisEffect("restraint", "regime.restraint", "linear", -2.0, 3.0),
    CrisisEffect("lethality", "contact.deaths_per_officer", "log10", 1e-7, 1.0),
    CrisisEffect("reluctance", "regime.reluctance", "linear", -1.0, 2.0),
    CrisisEffect("deterrence", "willingness.deterrence", "linear", 0.0, 1.0),
    CrisisEffect("fatigue", "leaving.last", "logit", 0.0, 1.0),
)

SHARED: Mapping[str, float] = MappingProxyType({
    "contact.gas_lethality": 0.02,
    "loyalty.belief_crowd": 1.6,
    "loyalty.belief_defection": 1.2,
    "loyalty.belief_seized": 0.8,
    "loyalty.join_violence": 1.0,
    "loyalty.spread_army": 0.7,
    "loyalty.spread_guard": 0.7,
    "loyalty.spread_police": 0.7,
    "regime.noise": 0.02,
    "regime.provocation": 0.3,
})  # fmt: skip
"""Values of mechanisms that all crises share; chosen by hand with the mechanism targets in view."""

NONE, PARTIAL, FALLEN = range(3)
ENDS = ("no defection", "defection without a fall", "a fall")
"""What a run ends in, in the order of a law's ``exit``."""

PEAK_ERROR, DEATHS_ERROR, DAYS_ERROR = 0.3, 0.45, 0.3
"""Standard deviations in log10 of what the model misses of crowds, of the dead, and of days."""

DEFECTION_RIGHT = 0.85
"""Chance that a run and the crisis agree on whether any unit changed sides."""

COVARIATES = ("economic trigger", "log citizens", "log officers per citizen")
"""What is known of a country before a crisis, in the order of G's columns."""

CENTERS, SPREADS = (0.5, 16.8, -5.4), (0.5, 1.2, 0.6)
"""What is taken from the covariates, and what they are divided by."""


@dataclass(frozen=True, slots=True)
class PopulationLaw:
    """Effects are N(``mean`` + ``slope`` x, ``sd``^2); ``exit`` by what a run ends in.

    ``exit`` is the chance that the incumbent is out within twelve months after a run without
    defection, with defection and no fall, with a fall.
    """

    mean: Floats
    slope: Floats
    sd: Floats
    exit: tuple[float, float, float]
    shared: Mapping[str, float]

    def effects(self, x: Sequence[float], seed: int) -> Floats:
        """Return the effects that ``seed`` draws in a country of covariates ``x``."""
        u = uniforms(key_of(seed), Purpose.PRIOR, 0, len(EFFECTS), STREAM)
        center = self.mean + self.slope @ np.asarray(x, dtype=np.float64)
        return np.asarray(center + self.sd * normal_array(u), dtype=np.float64)

    def row(self, x: Sequence[float], seed: int) -> dict[str, float]:
        """Return the parameters that ``seed`` draws, by path, with those that all crises share."""
        return {**self.shared, **parameters_of(self.effects(x, seed))}


def reported_defection(chance: float) -> float:
    """Return the chance that defection is reported, where runs show it with ``chance``."""
    return DEFECTION_RIGHT * chance + (1.0 - DEFECTION_RIGHT) * (1.0 - chance)


def parameters_of(effects: Sequence[float] | Floats) -> dict[str, float]:
    """Return the parameters that effects stand for, by path."""
    return {one.path: one.value(float(b)) for one, b in zip(EFFECTS, effects, strict=True)}


def population_law(without: str = "") -> PopulationLaw:
    """Return the law shipped with the program, or that learnt ``without`` one of its crises.

    A crisis that the law was not learnt from has the whole law.
    """
    content = _content()
    laws: Mapping[str, Any] = content["without"]
    one = laws.get(without, content["law"])
    return PopulationLaw(
        np.array(one["mean"]), np.array(one["slope"]), np.array(one["sd"]),
        tuple(one["exit"]), MappingProxyType(dict(content["shared"])),
    )  # fmt: skip


def law_without(scenario: Scenario) -> PopulationLaw:
    """Return the law learnt without the crisis of ``scenario``, told by its country and years."""
    clock = scenario.clock.clock()
    years = range(clock.start.year, clock.time_of(clock.hours).year + 1)
    names = {f"{scenario.country.iso3}_{year}" for year in years} & _content()["without"].keys()
    return population_law(without=min(names, default=""))


def account() -> Mapping[str, Any]:
    """Return what ``population.json`` says of how the law was learnt."""
    return MappingProxyType(_content()["account"])


@functools.cache
def _content() -> Mapping[str, Any]:
    text = files("steppe").joinpath("data", NAME).read_text(encoding="utf-8")
    content: Mapping[str, Any] = json.loads(text)
    return content


def covariates(economic: bool, citizens: float, officers: float) -> tuple[float, ...]:
    """Return x: what is known of a country, each centred and scaled."""
    raw = (float(economic), log(citizens), log(officers / citizens + 1e-5))
    return tuple((v - c) / s for v, c, s in zip(raw, CENTERS, SPREADS, strict=True))


def covariates_of(scenario: Scenario) -> tuple[float, ...]:
    """Return x of a scenario; its trigger is economic if a price moves that is no concession.

    A trigger that is switched off counts: what a country is does not differ between histories.
    """
    economic = any(step.cause == "market" for step in scenario.price_steps)
    economic = economic or any(one.kind == "price" for one in scenario.triggers)
    officers = sum(force.officers for force in scenario.forces)
    return covariates(economic, scenario.country.citizens, officers)
