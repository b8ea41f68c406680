"""The price of rescue, the neighbors' lesson, the indices: known numbers and limits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.case.scenario import Scenario
from steppe.core.random import Purpose, key_of, uniforms
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.bargaining import NASH, RUBINSTEIN
from steppe.model.mechanisms.diffusion import DIFFUSION
from steppe.model.mechanisms.indices import INDICES

from .citizens import cut
from .trial import only, tried

repeatable = settings(derandomize=True, deadline=None, max_examples=80)
FIVE = {"issue": 5}
DEMANDS = {
    "issue_value": [6.0, 4.0, 3.0, 3.0, 3.0],
    "issue_cost": [25.0, 12.0, 2.0, 8.0, 1.0],
    "issue_enforceability": [0.05, 0.1, 0.5, 0.2, 0.8],
}
"""Crimea, language, organizations, alphabet, schools, as the model is stated."""
DEGREES = [0.12, 1 / 6, 0.75, 0.1875, 1.0]
SURPLUS = 20 + 2 - 3 + (0.36 + 1 / 3 + 1.125 + 0.28125 + 2.0)
"""100 dp + B_prec - Cost + sum of b x* - c x*^2."""
BOTH = pytest.mark.parametrize("m", [RUBINSTEIN, NASH], ids=["rubinstein", "nash"])


def settled(m: Mechanism = RUBINSTEIN, p: dict[str, float] | None = None, **changes: Any) -> Any:
    """Midnight with troops in the country and nothing agreed yet."""
    base = {**DEMANDS, "nation_troops": 2500.0, "hour_of_day": 0}
    return tried(m, p, rows=FIVE, **{**base, **changes})


# ---- bargaining


@BOTH
def test_degrees_of_the_stated_demands(m: Mechanism) -> None:
    out = settled(m)
    assert out["issue_agreed"] == pytest.approx([0.12, 0.17, 0.75, 0.19, 1.00], abs=5e-3)
    assert out["issue_agreed"] == pytest.approx(DEGREES, abs=1e-12)


def test_the_reference_case_has_the_stated_demands(kazakhstan: Scenario) -> None:
    for name, values in DEMANDS.items():
        field = {"issue_value": "patron_value", "issue_cost": "client_cost"}.get(
            name, "enforceability"
        )
        assert [getattr(issue, field) for issue in kazakhstan.issues] == values


@pytest.mark.parametrize(
    ("m", "share"), [(RUBINSTEIN, (1 - 0.9) / (1 - 0.9 * 0.98)), (NASH, 0.5)],
    ids=["rubinstein", "nash"],
)  # fmt: skip
def test_the_side_payment_makes_up_the_patrons_share(m: Mechanism, share: float) -> None:
    # t = alpha S - (sum of b x* + B_prec - Cost)
    worth = float(np.dot(DEMANDS["issue_value"], DEGREES))
    payment = only(settled(m), "nation_side_payment")
    assert payment == pytest.approx(share * SURPLUS - (worth + 2 - 3), abs=1e-12)


def test_equals_in_patience_share_as_rubinstein_found() -> None:
    # 9(a) through the payment: d = 0.9 both gives the proposer 0.526316, (0.5, 0.5) 2/3
    worth = float(np.dot(DEMANDS["issue_value"], DEGREES))
    for discount, share in ((0.9, 0.526316), (0.5, 2 / 3)):
        p = {"client_discount": discount, "patron_discount": discount}
        payment = only(settled(p=p), "nation_side_payment")
        assert (payment + worth - 1.0) / SURPLUS == pytest.approx(share, abs=5e-7)


@BOTH
def test_without_troops_there_is_no_deal(m: Mechanism) -> None:
    out = settled(m, nation_troops=0.0, nation_threat=0.8)
    assert not out["issue_agreed"].any()
    assert not out["issue_delivered"].any()
    assert only(out, "nation_side_payment") == only(out, "nation_leverage") == 0.0


@BOTH
def test_without_a_surplus_there_is_no_deal(m: Mechanism) -> None:
    # 9(b)
    out = settled(m, {"cost": 3.0 + SURPLUS + 1e-9})
    assert not out["issue_agreed"].any()
    assert only(out, "nation_side_payment") == 0.0
    assert settled(m, {"cost": 3.0 + SURPLUS - 1e-6})["issue_agreed"].all()


@BOTH
def test_deals_are_struck_at_midnight_and_kept(m: Mechanism) -> None:
    assert not settled(m, hour_of_day=1)["issue_agreed"].any()
    first = settled(m)
    kept = {name: first[name] for name in ("issue_agreed", "nation_side_payment")}
    later = settled(m, **kept, issue_value=[9.0] * 5)
    for name, value in kept.items():
        assert np.array_equal(later[name], value)


@BOTH
def test_leverage_halves_in_sixty_days(m: Mechanism) -> None:
    state = {name: settled(m)[name] for name in m.writes if name != "issue_delivered"}
    assert only(state, "nation_leverage") == 1.0
    for day in range(1, 121):
        out = settled(m, nation_troops=0.0, **state)
        state = {name: out[name] for name in state}
        if day in (60, 120):
            assert only(out, "nation_leverage") == pytest.approx(0.5 ** (day / 60), rel=1e-12)
    e = np.array(DEMANDS["issue_enforceability"])
    assert out["issue_delivered"] == pytest.approx(np.array(DEGREES) * (e + (1 - e) * 0.25))


@pytest.mark.parametrize("threat", [0.1, 0.4, 0.9])
def test_a_renewed_threat_renews_the_leverage_over_a_client_who_owes(threat: float) -> None:
    # leverage = presence of troops + renewed threat
    owing = {"issue_agreed": DEGREES, "nation_leverage": 0.2}
    out = settled(nation_troops=0.0, nation_threat=threat, **owing)
    kept = 0.2 * 0.5 ** (1 / 60)
    assert only(out, "nation_leverage") == pytest.approx(max(threat, kept), rel=1e-12)


def test_what_can_be_taken_back_is_not_delivered_without_leverage() -> None:
    # 9(c): e_k = 0 and no leverage
    out = settled(nation_troops=0.0, issue_agreed=DEGREES, issue_enforceability=0.0)
    assert not out["issue_delivered"].any()
    firm = settled(nation_troops=0.0, issue_agreed=DEGREES, issue_enforceability=1.0)
    assert firm["issue_delivered"].tolist() == DEGREES


# ---- diffusion


def watched(p: dict[str, float] | None = None, **changes: Any) -> dict[str, Any]:
    """Midnight in three neighbors of likeness 0, 1/2 and 1."""
    base = {"neighbour_similarity": [0.0, 0.5, 1.0], "nation_belief": 1.0, "hour_of_day": 0}
    return tried(DIFFUSION, p, rows={"neighbour": 3}, **{**base, **changes})


@pytest.mark.parametrize(
    ("end", "step"),
    [
        ({"nation_fallen": 1}, (1.0, 0.0)),
        ({"nation_survived": 1}, (0.0, 1.0)),
        ({"nation_survived": 1, "nation_rescued": 1.0}, (0.0, 2.0)),
        ({}, (0.0, 0.0)),
    ],
    ids=["success", "failure", "rescue", "open"],
)
@pytest.mark.parametrize("weight", [1.0, 2.5])
def test_neighbors_learn_by_conjugacy(
    end: dict[str, float], step: tuple[float, float], weight: float
) -> None:
    # 10(a): (1 + s)/(5 + s + f) with s and f counted by likeness and weight
    out = watched({"lesson": weight}, **end)
    s, f = (np.array([0.0, 0.5, 1.0]) * weight * v for v in step)
    assert out["neighbour_belief"] == pytest.approx((1 + s) / (5 + s + f), abs=1e-15)


def test_however_it_fell_it_fell() -> None:
    for path in (1, 2, 3):
        assert watched(nation_fallen=path)["neighbour_belief"][2] == pytest.approx(1 / 3)


@pytest.mark.parametrize("end", [{"nation_fallen": 1}, {"nation_survived": 1}])
def test_without_likeness_or_weight_nothing_moves(end: dict[str, float]) -> None:
    # 10(b)
    rest = watched()
    alien = watched(neighbour_similarity=0.0, place_peaceful=5e4, nation_belief=0.1, **end)
    for name in ("neighbour_belief", "neighbour_hazard"):
        assert alien[name] == pytest.approx(rest[name][0], abs=1e-18)
    assert not alien["neighbour_precedent"].any()
    blind = watched({"lesson": 0.0}, **end)
    assert np.array_equal(blind["neighbour_hazard"], rest["neighbour_hazard"])


def test_without_sensitivity_the_hazard_is_constant() -> None:
    # 10(c), with empty streets
    p = {"sensitivity": 0.0, "base_hazard": 0.01}
    for end in ({"nation_fallen": 1}, {"nation_survived": 1}, {}):
        assert watched(p, **end)["neighbour_hazard"] == pytest.approx(0.01)


def test_waiting_under_a_constant_hazard_is_geometric() -> None:
    # 10(c): each midnight has the same chance, and no other hour has any
    p = {"sensitivity": 0.0, "base_hazard": 0.01}
    bound = cut(lambda u: watched(p, u_revolt=u)["neighbour_revolt"][1] == 1)
    assert bound == pytest.approx(0.01, abs=1e-12)
    assert not watched(p, u_revolt=1e-9, hour_of_day=1)["neighbour_revolt"].any()
    n, days = 400, 200
    begun = np.zeros(n, dtype=np.int64)
    quiet = []
    for day in range(days):
        out = tried(DIFFUSION, p, rows={"neighbour": n}, neighbour_revolt=begun, hour_of_day=0,
                    nation_belief=1.0,
                    u_revolt=uniforms(key_of(6), Purpose.NEIGHBOUR, day, n))  # fmt: skip
        begun = out["neighbour_revolt"]
        quiet.append(1.0 - begun.mean())
    expected = 0.99 ** np.arange(1, days + 1)
    assert np.abs(np.array(quiet) - expected).max() < 3.0 * math.sqrt(0.25 / n)


def test_hazard_by_hand() -> None:
    # similarity 1 after a success: exp(5 (1/3 - 1/5) + 0.5/2) with a quarter percent out
    out = watched(nation_fallen=1, place_peaceful=2500.0)
    expected = 2e-4 * math.exp(5 * (1 / 3 - 0.2) + 0.25)
    assert out["neighbour_hazard"][2] == pytest.approx(expected, rel=1e-14)


def test_fear_of_the_precedent() -> None:
    # 2 psi(sim p_fall; 0.15): half of its most at sim p_fall = 0.15
    out = watched(nation_belief=0.85)
    assert out["neighbour_precedent"] == pytest.approx([0.0, 2 * 0.075 / 0.225, 1.0])


def test_a_rescue_is_remembered_after_the_troops_have_left() -> None:
    assert only(watched(nation_troops=100.0), "nation_rescued") == 1.0
    assert only(watched(nation_rescued=1.0), "nation_rescued") == 1.0
    assert only(watched(), "nation_rescued") == 0.0


@given(st.floats(0, 1), st.floats(0, 1))
@repeatable
def test_a_success_encourages_and_a_failure_discourages(similarity: float, crowd: float) -> None:
    def hazard(**end: Any) -> float:
        out = tried(DIFFUSION, neighbour_similarity=similarity, place_peaceful=1e6 * crowd, **end)
        return only(out, "neighbour_hazard")

    rescued = hazard(nation_survived=1, nation_rescued=1.0)
    ordered = [rescued, hazard(nation_survived=1), hazard(), hazard(nation_fallen=1)]
    assert ordered == sorted(ordered)


# ---- indices


def reckoned(p: dict[str, float] | None = None, **changes: Any) -> dict[str, float]:
    base = {"issue_cost": DEMANDS["issue_cost"], "place_population": 1e6}
    out = tried(INDICES, p, rows=FIVE, **{**base, **changes})
    return {name.removeprefix("nation_"): only(out, name) for name in INDICES.writes}


def test_a_quiet_country_keeps_every_index() -> None:
    # 12(a)
    out = reckoned()
    assert (out["sovereignty"], out["repression"], out["reputation"]) == (1.0, 0.0, 1.0)


def test_sovereignty_returns_when_the_troops_have_left() -> None:
    # 12(c): troops without concessions, dependence 0
    assert reckoned(nation_troops=2500.0)["sovereignty"] == pytest.approx(0.7)
    assert reckoned(nation_troops=0.0)["sovereignty"] == 1.0
    assert reckoned({"dependence": 0.2})["sovereignty"] == pytest.approx(0.8)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_delivered_demands_cost_sovereignty_by_what_they_cost(share: float) -> None:
    assert reckoned(issue_delivered=share)["sovereignty"] == pytest.approx(1 - 0.4 * share)
    first = reckoned(issue_delivered=[share, 0, 0, 0, 0])["sovereignty"]
    assert first == pytest.approx(1 - 0.4 * share * 25 / 48)


def test_deaths_and_force_make_repression() -> None:
    assert reckoned(place_deaths=10.0)["repression"] == pytest.approx(0.25)
    assert reckoned(nation_deaths=7.0, place_deaths=3.0)["deaths"] == 10.0
    days = reckoned(nation_force_days=10.0 - 1 / 24, place_force_level=2.0)
    assert days["force_days"] == pytest.approx(10.0)
    assert days["repression"] == pytest.approx(0.25)
    assert reckoned(place_force_level=1.0)["force_days"] == 0.0


def test_reputation_falls_with_what_is_believed_abroad_and_with_deaths() -> None:
    abroad = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    at_home = [1.0 - v for v in abroad]

    def believed(beliefs: list[float]) -> float:
        return float(reckoned(audience_abroad=abroad, audience_economic=beliefs)["reputation"])

    assert believed(at_home) == 1.0
    assert believed([0.6 * v for v in abroad]) == pytest.approx(0.4)
    nobody = reckoned(audience_abroad=0.0, audience_economic=1.0)
    assert nobody["reputation"] == 1.0
    assert reckoned(place_deaths=999.0)["reputation"] == pytest.approx(0.8)


@given(st.floats(0, 1), st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 1))
@repeatable
def test_indices_are_shares(kept: float, deaths: float, seen: float, dependence: float) -> None:
    out = reckoned({"dependence": dependence}, issue_delivered=kept, nation_troops=1.0,
                   place_deaths=deaths, audience_economic=seen)  # fmt: skip
    assert all(0.0 <= out[n] <= 1.0 for n in ("sovereignty", "repression", "reputation"))
