"""Thresholds: everyone joins once enough others have.

Granovetter, "Threshold models of collective behavior", American Journal of Sociology 83 (1978);
Kuran, "Now out of never", World Politics 44 (1991). Who joins stays.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from steppe.core.random import Purpose, philox, unit
from steppe.core.response import normal_quantile
from steppe.toys.draws import Ints, Key

_THRESHOLD = int(Purpose.TOY_THRESHOLD) << 16


class Normal(NamedTuple):
    """A normal distribution of thresholds, as shares of the crowd."""

    mean: float
    sd: float


def joins(need: int, active: int) -> bool:
    """Return whether a person who needs ``need`` others to be active joins ``active`` of them."""
    return active >= need


def settle(needs: Ints) -> int:
    """Return how many are active at last; ``needs`` is the number of others each person needs.

    Slow and plain: in every round all who are willing join, until nobody does.
    """
    active = 0
    while True:
        willing = 0
        for i in range(len(needs)):
            if joins(needs[i], active):
                willing += 1
        if willing == active:
            return active
        active = willing


def need_of(threshold: float, persons: int) -> int:
    """Return how many others a person needs whose ``threshold`` is a share of the crowd."""
    return int(max(0, min(math.ceil(threshold * persons), persons + 1)))


def crowd(mean: float, sd: float, persons: int) -> int:
    """Return how many of a large crowd are active at last, thresholds normal (shares).

    Person i of n has the threshold at quantile (i + 1/2)/n: no chance is left, and the error of
    shares is of the order of 1/n.
    """
    active = 0
    while active < persons:
        threshold = mean + sd * normal_quantile((active + 0.5) / persons)
        if not joins(need_of(threshold, persons), active):
            break
        active += 1
    return active


def needs_of_draw(normal: Normal, needs: Ints, draw: int, key: Key) -> None:
    """Write the needs of as many persons as ``needs`` has, thresholds drawn from the normal."""
    for i in range(len(needs)):
        u = unit(philox(i, 0, draw, _THRESHOLD, *key)[0])
        needs[i] = need_of(normal.mean + normal.sd * normal_quantile(u), len(needs))


def settle_counted(needs: Ints, by_need: Ints) -> int:
    """Return what ``settle`` returns, counting persons by need into ``by_need`` (n + 2,)."""
    by_need[:] = 0
    for i in range(len(needs)):
        by_need[needs[i]] += 1
    active = 0
    willing = by_need[0]
    while willing > active:
        for need in range(active + 1, willing + 1):
            willing += by_need[need]
            active += 1
    return int(active)


def majorities(normal: Normal, needs: Ints, by_need: Ints, draws: int, key: Key) -> int:
    """Return in how many of ``draws`` crowds more than half are active at last."""
    count = 0
    for draw in range(draws):
        needs_of_draw(normal, needs, draw, key)
        if 2 * settle_counted(needs, by_need) > len(needs):
            count += 1
    return count
