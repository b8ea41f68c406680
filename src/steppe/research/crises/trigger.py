"""Triggers as inputs of the model: a price jump, or what would move people as much.

What a price did is an input the model has. What a rigged election or a beating did is not: it is
put down as the price jump that would make people go first as readily, and nobody measured how
large that is. Its range is declared here, once, the same for every case, and drawn anew for every
seed; the population law learns how strongly people answer (``study.population``) [assumed].
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from steppe.core.params import log_uniform, uniform
from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import exp, log
from steppe.research.crises.table import PriorFacts
from steppe.study.parameters import quantile

PRICE_CLASSES = ("fuel_price", "energy_price", "fare_price", "food_price")
"""Trigger classes in which a price moved."""

RATIO = log_uniform(1.25, 2.5)
"""New over old price where the trigger does not state it."""

EXPOSED = uniform(0.2, 0.8)
"""Share of households who buy the good."""

STREAM = 7
"""Index of the draws of triggers under the purpose of priors."""

_FROM_TO = re.compile(r"(\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)(?! *(?:percent|%))")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))? *(?:percent|%)")
_WORDS = {"doubled": 2.0, "tripled": 3.0, "quadrupled": 4.0}
_LARGEST = 10.0


@dataclass(frozen=True, slots=True)
class Shock:
    """One draw of what a trigger does: price over old price, and the share who buy it."""

    ratio: float
    exposed: float


def is_price(crisis: PriorFacts) -> bool:
    """Tell whether the trigger is a price."""
    return crisis.trigger_class in PRICE_CLASSES or crisis.trigger_class.endswith("_price")


def price_ratio(trigger: str) -> float | None:
    """Return new over old price as the words of a trigger state it; None where they do not.

    Understood are ``60 to 120``, ``130-150 percent`` (a rise; several are averaged in
    logarithms), and ``doubled``, ``tripled``, ``quadrupled``.
    """
    for low, high in _FROM_TO.findall(trigger):
        a, b = float(low), float(high)
        if 0.0 < a < b <= _LARGEST * a and not 1900.0 <= a <= 2100.0:
            return b / a
    rises = [float(part) for pair in _PERCENT.findall(trigger) for part in pair if part]
    if rises:
        mean = exp(sum(log(1.0 + rise / 100.0) for rise in rises) / len(rises))
        return min(mean, _LARGEST)
    return next((ratio for word, ratio in _WORDS.items() if word in trigger.lower()), None)


def shock(crisis: PriorFacts, seed: int | None) -> Shock:
    """Return what the trigger does under ``seed``; without one, the middle of every range."""
    u = [0.5] * 2 if seed is None else uniforms(key_of(seed), Purpose.PRIOR, 0, 2, STREAM)
    rise = price_ratio(crisis.trigger) if is_price(crisis) else None
    ratio = quantile(RATIO, float(u[0])) if rise is None else rise
    return Shock(ratio, quantile(EXPOSED, float(u[1])))
