"""A price rule outside the package: a heat wave makes the good dearer for some hours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine.run import run
from steppe.model.mechanism import Mechanism
from steppe.testing import check_arguments_matter, check_mechanism

Use = Callable[..., Path]
HEAT = '''
from dataclasses import dataclass

from steppe.core.params import param
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.price import PriceParameters
from steppe.model.phases import Phase


@dataclass(frozen=True)
class HeatParameters(PriceParameters):
    """When the heat comes, how long it stays, what it does to the price."""

    rise: float = param(1.0, "1", (0.0, 10.0), symbol="a_heat", meaning="rise of the price",
                        source="none", status="assumed")
    begin: float = param(6.0, "h", (0.0, 8784.0), symbol="t_heat", meaning="first hour of heat",
                         source="none", status="assumed")
    length: float = param(8.0, "h", (0.0, 8784.0), symbol="d_heat", meaning="hours of heat",
                          source="none", status="assumed")


def heat(p, *, script_price, script_price_ratio, hour):
    """Raise the price while the heat lasts: pi(t) = table(t) (1 + a_heat [t in the heat])."""
    factor = 1.0 + p.rise * (p.begin <= hour < p.begin + p.length)
    ratio = script_price_ratio * factor
    return {"region_price": script_price * factor, "region_price_ratio": ratio}


HEAT_WAVE = Mechanism(
    name="heat-wave", role="price", phase=Phase.SCRIPT, title="A heat wave",
    equation="pi(t) = table(t) (1 + a_heat [t in the heat])", parameters=HeatParameters,
    rule=heat, writes=("region_price", "region_price_ratio"), sources=("conjecture",),
    evidence="conjecture",
)
'''


@pytest.fixture
def hot(use: Use) -> Scenario:
    return load(use("./heat.py:HEAT_WAVE", role="price", text=HEAT), allow_code=True)


@pytest.fixture
def mechanism(hot: Scenario) -> Mechanism:
    return hot.custom.mechanism(hot.mechanisms["price"])


def test_a_rule_on_regions_alone_keeps_the_contract(mechanism: Mechanism) -> None:
    check_mechanism(mechanism)
    check_arguments_matter(mechanism, mechanism.parameters.build({"length": 100.0}))


def test_the_price_rises_for_the_hours_of_heat_and_citizens_feel_it(hot: Scenario) -> None:
    without = hot.change("parameters.price.rise", 0.0)
    heat, calm = run(hot, 3), run(without, 3)
    ratio = heat["price"] / calm["price"]
    expected = np.where((np.arange(len(ratio)) >= 6) & (np.arange(len(ratio)) < 14), 2.0, 1.0)
    assert ratio == pytest.approx(np.broadcast_to(expected[:, None], ratio.shape))
    during, before = slice(6, 14), slice(0, 6)
    assert (heat["grievance"][during].mean(axis=0) > calm["grievance"][during].mean(axis=0)).all()
    np.testing.assert_array_equal(heat["grievance"][before], calm["grievance"][before])


def test_a_heat_wave_of_no_rise_leaves_the_bits_of_the_tables(hot: Scenario) -> None:
    calm = hot.change("parameters.price.rise", 0.0)
    tables = hot.change("mechanisms.price", "tables")
    a, b = run(calm, 3), run(tables, 3)
    for name in a.series:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)
