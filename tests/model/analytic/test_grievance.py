"""Grievance: Epstein's case, the distribution of hardship, the loss, the average over citizens."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.mechanisms.crowd import hardship
from steppe.model.mechanisms.grievance import (
    GRIEVANCE,
    NODES,
    aggrieve,
    exposure_share,
    loss_factor,
)
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters

from .citizens import citizen, here

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
SHAPE = (0.05, 0.6, 0.35)


def region(p: GrievanceParameters | None = None, **changes: float) -> dict[str, float]:
    """What one region with one place feels."""
    columns = {
        "region_price_ratio": 1.0, "script_basket_loss": 0.0,
        "region_concession": 0.0, "region_loss": 0.0, "region_legitimacy": 0.0,
        "region_exposed": 0.0, "region_deprivation": 0.0, "region_population": 1000.0,
        "place_population": 1000.0, "place_hardship_cut": 0.0,
        "place_outrage": 0.0, "region_trigger_loss": 0.0, "place_trigger_harm": 0.0,
    } | changes  # fmt: skip
    taken = [name for name in GRIEVANCE.reads if name != "place_region"]
    arrays: dict[str, Any] = {name: np.array([columns[name]]) for name in taken}
    out = aggrieve(p or GrievanceParameters(), place_region=np.array([0]), **arrays)
    return {name: float(value[0]) for name, value in out.items()}


# ---- 1.1 Epstein


@pytest.mark.parametrize("u", [0.001, 0.25, 0.5, 0.999])
def test_without_shock_and_deprivation_hardship_is_the_latent_draw(u: float) -> None:
    around = here(loss=0.0, deprivation_sensitivity=0.0)
    who = citizen(hardship=u, exposure=0.3, deprivation=2.0)
    assert hardship(around, who) == pytest.approx(u, abs=2e-16)


def test_without_shock_and_deprivation_a_region_has_epsteins_grievance() -> None:
    p = GrievanceParameters.build({"deprivation_sensitivity": 0.0})
    out = region(p, region_legitimacy=0.82, region_deprivation=0.4, region_exposed=0.8)
    assert out["region_loss"] == 0.0
    assert out["region_grievance"] == pytest.approx(0.18 * 0.5, abs=1e-15)


# ---- 1.2 the distribution of hardship for one exponent


def hardships(x: float, n: int = 20_000) -> np.ndarray:
    around = here(price_sensitivity=1.0, loss=x)
    return np.array([hardship(around, citizen(hardship=(i + 0.5) / n, exposure=1.0))
                     for i in range(n)])  # fmt: skip


def test_known_values_at_exponent_0_4() -> None:
    found = hardships(0.4)
    assert (found > 0.5).mean() == pytest.approx(0.74591, abs=6e-5)
    assert found.mean() == pytest.approx(0.66484, abs=5e-6)


@pytest.mark.parametrize("x", [0.0, 0.1, 1.0, 3.0])
def test_distribution_of_hardship(x: float) -> None:
    found = hardships(x, 4_000)
    for h in (0.05, 0.3, 0.6, 0.95):
        expected = min(1.0, (1.0 - h) * math.exp(x))
        assert (found > h).mean() == pytest.approx(expected, abs=3e-4)
    assert found.mean() == pytest.approx(1.0 - math.exp(-x) / 2.0, abs=1e-9)


def test_the_region_has_the_same_closed_forms() -> None:
    p = GrievanceParameters.build({"deprivation_sensitivity": 1.0, "opposition_level": 0.5})
    out = region(p, region_deprivation=0.4)
    assert out["region_opposed"] == pytest.approx(0.74591, abs=5e-6)
    assert out["region_grievance"] == pytest.approx(0.66484, abs=5e-6)


def test_an_exponent_from_the_cut_counts_like_one_from_deprivation() -> None:
    p = GrievanceParameters.build({"price_sensitivity": 10.0})
    out = region(p, place_hardship_cut=0.04)
    assert out["region_grievance"] == pytest.approx(0.66484, abs=5e-6)


@pytest.mark.parametrize("share", [0.0, 0.45, 1.0])
def test_a_regions_grievance_is_the_mean_of_its_citizens(share: float) -> None:
    p = GrievanceParameters()
    felt_by = {"price_sensitivity": p.price_sensitivity}
    world = {"region_price_ratio": 2.0, "region_concession": 0.3, "region_legitimacy": 0.59,
             "region_deprivation": 0.43, "place_hardship_cut": 0.01}  # fmt: skip
    out = region(p, region_exposed=share, **world)
    around = here(loss=out["region_loss"], hardship_cut=0.01, legitimacy=0.59, **felt_by)
    us = (np.arange(1_500) + 0.5) / 1_500
    exposed = [exposure_share((i + 0.5) / NODES, 1.0, *SHAPE) for i in range(NODES)]

    def felt(s: float) -> np.ndarray:
        one = [hardship(around, citizen(hardship=u, exposure=s, deprivation=0.43)) for u in us]
        return 0.41 * np.array(one)

    with_good = np.concatenate([felt(s) for s in exposed])
    without = felt(0.0)
    mean = share * with_good.mean() + (1 - share) * without.mean()
    opposed = share * (with_good > 0.35).mean() + (1 - share) * (without > 0.35).mean()
    assert out["region_grievance"] == pytest.approx(mean, abs=1e-6)
    assert out["region_opposed"] == pytest.approx(opposed, abs=1e-3)


# ---- 1.4 the loss


def loss(ratio: float, elasticity: float) -> float:
    return float(loss_factor(np.array([ratio]), elasticity)[0])


@pytest.mark.parametrize("ratio", [1.0, 1.3, 2.0, 3.7])
def test_loss_at_the_two_special_elasticities(ratio: float) -> None:
    assert loss(ratio, 0.0) == pytest.approx(ratio - 1.0, abs=1e-14)
    assert loss(ratio, 1.0) == pytest.approx(math.log(ratio), rel=1e-15)


@pytest.mark.parametrize("distance", [1e-2, 1e-3, 1e-5, -1e-5, -1e-3])
def test_loss_tends_to_the_logarithm(distance: float) -> None:
    error = loss(2.0, 1.0 - distance) - math.log(2.0)
    # (e^(dL) - 1)/d = L + d L^2/2 + O(d^2)
    assert error == pytest.approx(distance * math.log(2.0) ** 2 / 2, rel=abs(distance) + 1e-5)


@pytest.mark.parametrize("distance", [1e-9, 1e-12, 1e-15])
def test_loss_keeps_its_digits_close_to_elasticity_one(distance: float) -> None:
    assert loss(2.0, 1.0 - distance) == pytest.approx(math.log(2.0), rel=1e-8)


def test_loss_of_the_reference_case() -> None:
    # a doubled price, demand elasticity 0.2: (2^0.8 - 1)/0.8
    assert loss(2.0, 0.2) == pytest.approx(0.9263764, abs=1e-7)


@given(st.floats(0.01, 1.0), st.floats(0.0, 3.0))
@repeatable
def test_a_price_that_did_not_rise_costs_nothing(ratio: float, elasticity: float) -> None:
    assert loss(ratio, elasticity) == 0.0


@given(st.floats(1.0, 5.0), st.floats(1.001, 1.5), st.floats(0.0, 0.95))
@repeatable
def test_loss_rises_with_the_price_and_falls_with_elasticity(
    ratio: float, more: float, elasticity: float
) -> None:
    assert loss(ratio * more, elasticity) > loss(ratio, elasticity)
    assert loss(ratio * more, elasticity + 0.05) < loss(ratio * more, elasticity)


def test_a_believed_concession_takes_half_of_the_loss() -> None:
    full = region(region_price_ratio=2.0)["region_loss"]
    assert region(region_price_ratio=2.0, region_concession=1.0)["region_loss"] == full / 2
    assert region(region_price_ratio=2.0, region_concession=0.5)["region_loss"] == full * 0.75


# ---- 1.5 several goods


def test_what_a_basket_costs_is_the_mean_loss_whoever_is_exposed() -> None:
    for exposed in (0.1, 0.6, 1.0):
        out = region(script_basket_loss=0.03, region_exposed=exposed)
        assert out["region_shared_loss"] == pytest.approx(0.03, rel=1e-14)
    assert region(script_basket_loss=0.03, region_exposed=0.0)["region_shared_loss"] == 0.0


def test_a_basket_of_one_good_is_the_good_itself() -> None:
    alone = region(region_price_ratio=2.0, region_exposed=0.4)
    mean = float(np.mean([exposure_share((i + 0.5) / NODES, 1.0, *SHAPE) for i in range(NODES)]))
    basket = region(script_basket_loss=0.4 * mean * loss(2.0, 0.2), region_exposed=0.4)
    for name, value in alone.items():
        assert basket[name] == pytest.approx(value, rel=1e-13), name


# ---- exposure


@pytest.mark.parametrize("exposed", [0.05, 0.45, 1.0])
def test_exposure_has_its_share_median_and_cap(exposed: float) -> None:
    n = 4_000
    shares = np.array([exposure_share((i + 0.5) / n, exposed, *SHAPE) for i in range(n)])
    hit = shares[shares > 0.0]
    assert len(hit) / n == pytest.approx(exposed, abs=1e-3)
    assert np.median(hit) == pytest.approx(0.05, rel=5e-3)
    assert shares.max() <= 0.35
    logs = np.log(hit)
    assert logs.std() == pytest.approx(0.6, rel=0.03)


def test_nobody_is_exposed_where_no_household_is() -> None:
    assert exposure_share(2.0**-33, 0.0, *SHAPE) == 0.0


# ---- laws


@given(st.floats(0.0, 1.0), st.floats(0.0, 0.9), st.floats(0.5, 3.0), st.floats(0.0, 0.1))
@repeatable
def test_grievance_falls_with_legitimacy_and_rises_with_losses(
    share: float, legitimacy: float, ratio: float, cut: float
) -> None:
    def felt(**changes: float) -> tuple[float, float]:
        base = {"region_exposed": share, "region_legitimacy": legitimacy,
                "region_price_ratio": ratio, "place_hardship_cut": cut}  # fmt: skip
        out = region(**{**base, **changes})
        return out["region_grievance"], out["region_opposed"]

    base = felt()
    assert all(a <= b for a, b in zip(felt(region_legitimacy=legitimacy + 0.1), base, strict=True))
    assert all(a >= b for a, b in zip(felt(region_price_ratio=ratio * 1.2), base, strict=True))
    assert all(a >= b for a, b in zip(felt(place_hardship_cut=cut + 0.01), base, strict=True))


@pytest.mark.parametrize("outrage", [0.0, 0.1, 0.3])
def test_private_opposition_is_grievance_plus_outrage(outrage: float) -> None:
    # P(G + o > tau) = P(H > (tau - o)/(1 - L)) with H uniform
    assert "place_outrage" in GRIEVANCE.reads
    p = GrievanceParameters.build({"deprivation_sensitivity": 0.0})
    out = region(p, region_legitimacy=0.5, place_outrage=outrage)
    assert out["region_opposed"] == pytest.approx(1.0 - (0.35 - outrage) / 0.5, abs=1e-12)


# ---- the loss that is felt


def felt(p: GrievanceParameters, ratios: list[float]) -> list[float]:
    """What a region that begins without a loss feels, hour by hour, of these price ratios."""
    found, before = [], 0.0
    for ratio in ratios:
        before = region(p, region_price_ratio=ratio, region_loss=before)["region_loss"]
        found.append(before)
    return found


def test_without_a_delay_the_loss_is_felt_at_once() -> None:
    whole = region(region_price_ratio=2.0)["region_loss"]
    assert felt(GrievanceParameters(), [1.0, 2.0, 2.0, 1.0]) == [0.0, whole, whole, 0.0]


def test_a_loss_that_lasts_is_felt_as_an_exponential_approach() -> None:
    whole = region(region_price_ratio=2.0)["region_loss"]
    expected = [whole * (1.0 - math.exp(-t / 30.0)) for t in range(1, 97)]
    assert felt(GrievanceParameters(delay=30.0), [2.0] * 96) == pytest.approx(expected, rel=1e-12)


def test_a_loss_that_has_ended_is_felt_less_from_hour_to_hour() -> None:
    course = felt(GrievanceParameters(delay=30.0), [2.0] * 24 + [1.0] * 48)
    expected = [course[23] * math.exp(-t / 30.0) for t in range(1, 49)]
    assert course[24:] == pytest.approx(expected, rel=1e-12)


@repeatable
@given(st.lists(st.floats(1.0, 4.0), min_size=2, max_size=60), st.floats(0.5, 300.0))
def test_a_delay_shifts_what_is_felt_and_adds_nothing(ratios: list[float], delay: float) -> None:
    """What is felt in all, with what is still to be felt, is the sum of all losses."""
    course = felt(GrievanceParameters(delay=delay), ratios)
    losses = felt(GrievanceParameters(), ratios)
    k = math.exp(-1.0 / delay)
    still = course[-1] * k / (1.0 - k)
    assert sum(course) + still == pytest.approx(sum(losses), rel=1e-9, abs=1e-12)
    assert max(course) <= max(losses) * (1.0 + 1e-12)
