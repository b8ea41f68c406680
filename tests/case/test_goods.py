"""Several goods: their prices act together, and a good that nobody pays for is as none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy import write_toy_of_choice

from steppe.case.canonical import canonical, from_canonical
from steppe.case.load import load
from steppe.case.paths import addresses
from steppe.case.scenario import Scenario
from steppe.case.society import Good
from steppe.core.errors import CaseError
from steppe.engine.plan import plan
from steppe.engine.run import run
from steppe.engine.script import Script
from steppe.results.trajectory import EngineName

GOODS = """\
    budget_share: 0.08
    elasticity: 0.2
  - id: bread
    name: bread
    unit: shells a loaf
    budget_share: {share}
    elasticity: 1
"""
BREAD = """\
2021-12-01T00:00,alfa,bread,2,before,measured,invented,
2022-01-03T00:00,alfa,bread,4,market,measured,invented,
2021-12-01T00:00,bravo,bread,3,before,measured,invented,
"""
EXPOSURE = "alfa,bread,{exposed},assumed,invented\nbravo,bread,1,assumed,invented\n"


def write(folder: Path, share: str = "0.2", exposed: str = "0.25") -> Path:
    """Write the toy case with bread beside its fuel."""
    path = write_toy_of_choice(folder)
    for name, old, new in (
        ("scenario.yaml", "    unit: shells per litre\n", f"    unit: shells per litre\n{GOODS}"),
        ("prices.csv", "price [shells per litre]", "price"),
    ):
        text = (path / name).read_text(encoding="utf-8")
        assert old in text
        (path / name).write_text(text.replace(old, new.format(share=share)), encoding="utf-8")
    for name, rows in (
        ("prices.csv", BREAD),
        ("exposure.csv", EXPOSURE.format(exposed=exposed)),
    ):
        with (path / name).open("a", encoding="utf-8") as file:
            file.write(rows)
    return path


def basket(scenario: Scenario) -> np.ndarray:
    return np.asarray(Script(scenario, plan(scenario)).columns()["script_basket_loss"])


def factor(ratio: float, elasticity: float) -> float:
    if elasticity == 1.0:
        return float(np.log(ratio))
    return float((ratio ** (1.0 - elasticity) - 1.0) / (1.0 - elasticity))


def test_a_region_loses_the_sum_over_its_goods(tmp_path: Path) -> None:
    scenario = load(write(tmp_path))
    lost = basket(scenario)
    fuel = [0.3 * 0.08 * factor(80 / 60, 0.2), 0.8 * 0.08 * factor(2.0, 0.2)]
    np.testing.assert_allclose(lost[20], fuel, rtol=1e-12)
    bread = [0.25 * 0.2 * np.log(2.0), 0.0]
    np.testing.assert_allclose(lost[30], np.add(fuel, bread), rtol=1e-12)
    assert not basket(scenario.change("prices.shock", 0.0)).any()
    assert [region.exposed_share for region in scenario.regions] == [0.3, 1.0]


def test_steps_of_several_goods_have_addresses_and_one_order(tmp_path: Path) -> None:
    path = write(tmp_path)
    scenario = load(path)
    assert addresses(scenario)["price_steps.alfa.bread.market.price"].value == 4.0
    dearer = scenario.change("price_steps.alfa.bread.market.price", 8.0)
    assert basket(dearer)[30, 0] > basket(scenario)[30, 0]
    head, *rows = (path / "prices.csv").read_text(encoding="utf-8").splitlines()
    (path / "prices.csv").write_text("\n".join([head, *reversed(rows), ""]), encoding="utf-8")
    assert canonical(load(path)) == canonical(scenario)
    assert canonical(from_canonical(canonical(scenario))) == canonical(scenario)


def test_a_trigger_raises_the_price_of_its_good(tmp_path: Path) -> None:
    path = write(tmp_path)
    file = path / "scenario.yaml"
    trigger = (
        "triggers:\n  - {id: levy, kind: price, good: bread, at: 2022-01-02T10:00, "
        "where: [national], size: 0.5, source: invented}\ntimeline:"
    )
    file.write_text(file.read_text(encoding="utf-8").replace("timeline:", trigger))
    scenario = load(path)
    rise = (basket(scenario) - basket(scenario.change("triggers.levy.enabled", False)))[10]
    np.testing.assert_allclose(rise, [0.25 * 0.2 * np.log(1.5), 0.2 * np.log(1.5)], rtol=1e-12)
    file.write_text(file.read_text(encoding="utf-8").replace("good: bread, ", ""))
    with pytest.raises(CaseError, match=r"triggers\.levy\.good: is missing: the case has several"):
        load(path)


def of_goods(*goods: tuple[str, float, float]) -> Scenario:
    """Return two-valleys with goods of these budget shares and elasticities, whose prices double.

    The same households pay for all of them.
    """
    valleys = load("two-valleys")
    steps, regions = valleys.price_steps, valleys.regions
    made: dict[str, Any] = {
        "goods": tuple(
            Good(id=name, name=name, unit="", budget_share=share, elasticity=elasticity)
            for name, share, elasticity in goods
        ),
        "price_steps": tuple(s.model_copy(update={"good": g[0]}) for g in goods for s in steps),
        "regions": tuple(
            region.model_copy(
                update={
                    "exposure": tuple(
                        region.exposure[0].model_copy(update={"id": g[0]}) for g in goods
                    )
                }
            )
            for region in regions
        ),
    }
    return valleys.model_copy(update=made)


@pytest.mark.parametrize("engine", ["citizens", "cohorts"])
def test_a_good_without_a_share_of_the_budget_is_as_none(engine: EngineName) -> None:
    one = run(of_goods(("bread", 0.06, 0.2)), 1, engine=engine)
    two = run(of_goods(("bread", 0.06, 0.2), ("tea", 0.0, 1.0)), 1, engine=engine)
    assert all(np.array_equal(one[name], two[name]) for name in one.series)
    assert one.events == two.events
    assert one.outcome["peak_active"] > 100


@pytest.mark.parametrize("engine", ["citizens", "cohorts"])
def test_half_a_share_twice_is_the_whole(engine: EngineName) -> None:
    """Halves add up without rounding, so the runs are the same to the last bit."""
    one = run(of_goods(("bread", 0.0625, 0.5)), 1, engine=engine)
    halves = run(of_goods(("bread", 0.03125, 0.5), ("flour", 0.03125, 0.5)), 1, engine=engine)
    assert all(np.array_equal(one[name], halves[name]) for name in one.series)
    assert one.outcome["peak_active"] > 100
