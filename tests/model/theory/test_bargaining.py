"""The price of rescue: Rubinstein, Nash, issues, and what is delivered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.model.theory.bargaining import (
    BargainingIssue,
    BargainingTerms,
    delivered,
    joint_optimum,
    leverage,
    rubinstein_share,
    strike,
    surplus,
)

repeatable = settings(derandomize=True, deadline=None, max_examples=100)
DEMANDS = (
    BargainingIssue("crimea", 6, 25, 0.05),
    BargainingIssue("language", 4, 12, 0.1),
    BargainingIssue("ngos", 3, 2, 0.5),
    BargainingIssue("alphabet", 3, 8, 0.2),
    BargainingIssue("schools", 3, 1, 0.8),
)
factors = st.floats(0.0, 0.99)
issues = st.builds(
    BargainingIssue, st.just("any"), st.floats(0, 10), st.floats(0, 30), st.floats(0, 1)
)
terms = st.builds(BargainingTerms, st.floats(-1, 1), st.floats(0, 20), st.floats(0, 60))


@pytest.mark.parametrize(
    ("proposer", "responder", "share"),
    [(0.9, 0.9, 0.526316), (0.95, 0.9, 0.689655), (0.5, 0.5, 2 / 3)],
)
def test_known_divisions(proposer: float, responder: float, share: float) -> None:
    # 9(a)
    assert rubinstein_share(proposer, responder) == pytest.approx(share, abs=5e-7)


@given(factors, factors)
@repeatable
def test_backward_induction_leads_to_the_same_share(proposer: float, responder: float) -> None:
    # the last proposer takes all; each earlier one leaves the other the discounted future
    share = 1.0
    for _ in range(2_000):
        share = 1.0 - responder * (1.0 - proposer * share)
    assert rubinstein_share(proposer, responder) == pytest.approx(share, abs=1e-9)


def test_two_who_never_tire_do_not_settle() -> None:
    with pytest.raises(ValueError, match="open"):
        rubinstein_share(1.0, 1.0)


def test_joint_optima_of_five_demands() -> None:
    found = [joint_optimum(issue) for issue in DEMANDS]
    assert found == pytest.approx([0.12, 1 / 6, 0.75, 0.1875, 1.0], abs=1e-15)


@given(issues, st.floats(0, 1))
@repeatable
def test_no_other_degree_is_worth_more_to_both(issue: BargainingIssue, x: float) -> None:
    def worth(x: float) -> float:
        return issue.patron_value * x - issue.client_cost * x * x

    assert worth(x) <= worth(joint_optimum(issue)) + 1e-12


@given(st.lists(issues, max_size=4), terms, st.floats(0, 1))
@repeatable
def test_a_deal_divides_exactly_the_surplus(
    demands: list[BargainingIssue], at: BargainingTerms, share: float
) -> None:
    deal = strike(demands, at, share)
    assert deal.agreed == (deal.surplus > 0.0)
    if not deal.agreed:
        return
    pairs = list(zip(demands, deal.degrees, strict=True))
    patron = sum(i.patron_value * x for i, x in pairs) + at.precedent_gain - at.cost
    client = 100 * at.survival_gain - sum(i.client_cost * x * x for i, x in pairs)
    assert patron + deal.side_payment == pytest.approx(deal.patron_gain, abs=1e-9)
    assert client - deal.side_payment == pytest.approx(deal.client_gain, abs=1e-9)
    assert deal.patron_gain == pytest.approx(share * deal.surplus, abs=1e-9)


@given(st.lists(issues, max_size=4), st.floats(0, 1))
@repeatable
def test_no_surplus_no_deal(demands: list[BargainingIssue], share: float) -> None:
    # 9(b): S <= 0: no deal, x = 0
    at = BargainingTerms(0.0, 0.0, 1000.0)
    deal = strike(demands, at, share)
    assert surplus(demands, at) <= 0.0
    assert not deal.agreed
    assert set(deal.degrees) <= {0.0}
    assert (deal.side_payment, deal.patron_gain, deal.client_gain) == (0.0, 0.0, 0.0)


def test_nothing_to_gain_is_no_deal() -> None:
    assert not strike((), BargainingTerms(0.0, 0.0, 0.0), 0.5).agreed


@given(st.floats(0, 1), st.floats(0, 1))
@repeatable
def test_what_cannot_be_enforced_is_not_delivered(degree: float, agreement: float) -> None:
    # 9(c): e = 0 and no leverage
    promise = BargainingIssue("promise", 1, 1, 0.0)
    assert delivered(promise, degree, agreement, 0.0) == 0.0
    assert delivered(promise, degree, agreement, 1.0) == agreement * degree
    done = BargainingIssue("done", 1, 1, 1.0)
    assert delivered(done, degree, agreement, 0.0) == agreement * degree


def test_leverage_halves_after_withdrawal() -> None:
    assert leverage(0.0, 1.0, 0.4, 1.0, 60.0) == 1.0
    assert leverage(1.0, 0.0, 0.0, 60.0, 60.0) == pytest.approx(0.5)
    daily = 1.0
    for _ in range(120):
        daily = leverage(daily, 0.0, 0.0, 1.0, 60.0)
    assert daily == pytest.approx(0.25)
    assert leverage(daily, 0.0, 0.6, 1.0, 60.0) == 0.6


@pytest.mark.parametrize("wrong", [(-1, 1, 0.5), (1, -1, 0.5), (1, 1, 1.1), (float("nan"), 1, 0)])
def test_an_issue_is_checked(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="any"):
        BargainingIssue("any", *wrong)
