"""The price of the good, hour by hour: the table, its shock, and what triggers add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.engine.trigger_script import price_rises

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario

Floats = NDArray[np.float64]

PRICES = frozenset({"before", "market"})
"""Causes of a price that are nobody's concession."""


def price_columns(scenario: Scenario) -> tuple[Floats, Floats]:
    """Return price, and price over that before the shock, (hours, regions).

    A concession counts where history decides; triggers raise the price on top. Without a table
    the price is 1 before the shock.
    """
    clock = scenario.clock.clock()
    regions = [region.id for region in scenario.regions]
    keep = set(PRICES)
    if scenario.regime.concessions == "scripted":
        keep |= {"concession", "cap"}
    price = np.zeros((clock.hours, len(regions)))
    before = np.zeros(len(regions))
    for step in sorted(scenario.price_steps, key=lambda s: s.from_):
        if step.cause not in keep:
            continue
        late = clock.hour_of(step.from_) >= scenario.free_from
        if late and scenario.regime_rule == "policy" and step.cause not in PRICES:
            continue
        row = regions.index(step.region)
        if step.cause == "before":
            before[row] = step.price
        price[max(0, min(clock.hour_of(step.from_), clock.hours)) :, row] = step.price
    if not scenario.price_steps:
        price, before = np.ones_like(price), np.ones(len(regions))
    ratio = np.maximum(1.0 + scenario.prices.shock * (price / before - 1.0), 0.0)
    for rise in price_rises(scenario):
        ratio = ratio * (1.0 + rise)
    return before * ratio, ratio
