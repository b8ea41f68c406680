"""Prices of goods, hour by hour: the table, its shock, what triggers add, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.engine.trigger_script import price_rises
from steppe.model.mechanisms.grievance import loss_factor

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario

Floats = NDArray[np.float64]

PRICES = frozenset({"before", "market"})
"""Causes of a price that are nobody's concession."""


def price_levers(scenario: Scenario) -> Mapping[str, Floats]:
    """Return the columns of the script that follow from prices."""
    price, ratio = price_columns(scenario)
    return {
        "script_price": price,
        "script_price_ratio": ratio,
        "script_basket_loss": basket_loss(scenario),
    }


def price_columns(scenario: Scenario) -> tuple[Floats, Floats]:
    """Return the price of the first good, and over that before the shock, (hours, regions).

    The ratio is 1 where goods have budget shares of their own: see ``basket_loss``.
    """
    good = scenario.goods[0].id if scenario.goods else "good"
    price, ratio = _good_columns(scenario, good)
    own = bool(scenario.goods) and scenario.goods[0].budget_share is not None
    return price, np.ones_like(ratio) if own else ratio


def basket_loss(scenario: Scenario) -> Floats:
    """Return the mean budget share that a region's people lose to prices, (hours, regions).

    Summed over the goods with budget shares of their own: share who pay x budget share x
    (pi^(1-e) - 1)/(1-e), with the elasticity e of the good.
    """
    total = np.zeros((scenario.clock.hours, len(scenario.regions)))
    for number, good in enumerate(scenario.goods):
        if good.budget_share is None:
            continue
        assert good.elasticity is not None  # checked when the case was read
        _, ratio = _good_columns(scenario, good.id)
        paying = np.array([region.exposure[number].share for region in scenario.regions])
        lost = loss_factor(ratio.ravel(), good.elasticity).reshape(ratio.shape)
        total += good.budget_share * paying * lost
    return total


def _good_columns(scenario: Scenario, good: str) -> tuple[Floats, Floats]:
    """Return price, and price over that before the shock, (hours, regions), of one good.

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
    steps = [step for step in scenario.price_steps if step.good == good]
    for step in sorted(steps, key=lambda s: s.from_):
        if step.cause not in keep:
            continue
        late = clock.hour_of(step.from_) >= scenario.free_from
        if late and scenario.regime_rule == "policy" and step.cause not in PRICES:
            continue
        row = regions.index(step.region)
        if step.cause == "before":
            before[row] = step.price
        price[max(0, min(clock.hour_of(step.from_), clock.hours)) :, row] = step.price
    if not steps:
        price, before = np.ones_like(price), np.ones(len(regions))
    ratio = np.maximum(1.0 + scenario.prices.shock * (price / before - 1.0), 0.0)
    for rise in price_rises(scenario, good):
        ratio = ratio * (1.0 + rise)
    return before * ratio, ratio
