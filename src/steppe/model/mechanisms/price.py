"""Price: what the good costs in each region, by the tables of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steppe.core.params import Parameters
from steppe.core.response import Floats
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase


@dataclass(frozen=True)
class PriceParameters(Parameters):
    """The price of the tables has no free numbers; ``prices.shock`` of the case scales it."""


def follow_prices(
    p: PriceParameters, *, script_price: Floats, script_price_ratio: Floats
) -> dict[str, Any]:
    """Take the price, and its ratio to the price before the shock, from the tables.

    price(t) = table(t);  pi(t) = price(t) / price before the shock
    """
    return {"region_price": script_price, "region_price_ratio": script_price_ratio}


PRICE = Mechanism(
    name="tables",
    role="price",
    phase=Phase.SCRIPT,
    title="The price follows the tables",
    equation="price(t) = table(t);  pi(t) = price(t) / price before the shock",
    parameters=PriceParameters,
    rule=follow_prices,
    writes=("region_price", "region_price_ratio"),
    sources=("the case's price table",),
    evidence="established",
)
