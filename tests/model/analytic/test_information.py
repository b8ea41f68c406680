"""Information: what a blackout does to two cities, and what is reported."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from steppe.core.response import saturation
from steppe.model.mechanisms.crowd import mobilisation
from steppe.model.mechanisms.information import InformationParameters, inform

from .citizens import citizen, here, values

NATION = 19_500_000.0
CITY = 100_000.0


def told(p: InformationParameters | None = None, u: float = 0.5, **changes: Any) -> dict[str, Any]:
    """What two cities are told; the first has 2 % of its people on the street."""
    zero = np.zeros(2)
    columns = {
        "place_internet_cut": zero, "place_phone_cut": zero, "place_cut_days": zero,
        "place_peaceful": np.array([1500.0, 0.0]), "place_violent": np.array([400.0, 0.0]),
        "place_looting": np.array([100.0, 0.0]),
    } | {name: np.asarray(value) for name, value in changes.items()}  # fmt: skip
    return inform(p or InformationParameters(), persons=NATION, u_report=np.array([u]), **columns)


def perceived(out: dict[str, Any], place: int, ties: float) -> float:
    """Mobilisation a citizen of ``place`` perceives, online, in a cell like the city's mean."""
    p = values()
    share = (0.02, 0.0)[place]
    near = saturation(share, p.local_half)
    around = here(
        city_pull=near,
        cell_pull=near,
        national_pull=saturation(float(out["nation_reported_share"][0]), p.national_half),
        weight_online=float(out["place_weight_online"][place]),
        weight_ties=float(out["place_weight_ties"][place]),
    )
    return float(mobilisation(p, around, citizen(ties=ties), False))


@pytest.mark.parametrize("share", [0.3, 0.9, 1.0])
def test_a_blackout_raises_the_active_city_and_lowers_the_quiet_one(share: float) -> None:
    # 3(d): two cities of a country at rest, 2 % and 0 on the street
    before = told()
    after = told(place_internet_cut=[share, share])
    assert perceived(after, 0, 0.02) > perceived(before, 0, 0.02)
    assert perceived(after, 1, 0.0) < perceived(before, 1, 0.0)


def test_known_values_of_the_two_cities() -> None:
    # X = 2000/19.5e6, psi(X; .0025) = .03941; near psi(.02; .01) = 2/3; ties psi(.02; .1) = 1/6
    news = 2000 / 19.5e6 / (2000 / 19.5e6 + 0.0025)
    assert perceived(told(), 0, 0.02) == pytest.approx((2 / 3 + 1 / 6 + 2 * news) / 4, abs=1e-15)
    dark = told(place_internet_cut=[1.0, 1.0])
    assert perceived(dark, 0, 0.02) == pytest.approx((2 / 3 + 1 / 6) / 2, abs=1e-15)
    assert perceived(dark, 1, 0.0) == 0.0


def test_a_cut_of_one_city_leaves_the_other_alone() -> None:
    before, after = told(), told(place_internet_cut=[1.0, 0.0])
    assert perceived(after, 1, 0.0) == perceived(before, 1, 0.0)


def test_without_news_and_ties_cities_are_independent() -> None:
    # 3(b)
    p = InformationParameters.build({"online_weight": 0.0})
    quiet = told(p, place_peaceful=[0.0, 0.0], place_violent=[0.0, 0.0], place_looting=[0.0, 0.0])
    assert perceived(told(p), 1, 0.0) == perceived(quiet, 1, 0.0) == 0.0


def test_weights_of_the_layers() -> None:
    out = told(place_internet_cut=[0.25, 1.0], place_phone_cut=[0.0, 1.0])
    assert out["place_weight_online"].tolist() == [1.5, 0.0]
    assert out["place_weight_ties"].tolist() == [1.0, 0.5]
    assert out["place_curious"].tolist() == [0.005, 0.02]


def test_payments_fail_by_the_day() -> None:
    assert told(place_cut_days=[0.0, 3.0])["place_hardship_cut"].tolist() == [0.0, 0.015]


@pytest.mark.parametrize(("u", "z"), [(0.5, 0.0), (0.8413447460685429, 1.0), (0.15865525393, -1.0)])
def test_the_report_is_lognormal_around_the_truth(u: float, z: float) -> None:
    reported = float(told(u=u)["nation_reported_share"][0])
    assert reported == pytest.approx(2000 / NATION * math.exp(0.3 * z), rel=1e-9)
