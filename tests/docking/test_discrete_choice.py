"""Brock and Durlauf 2001: fixed points, and the limit of many agents."""

from __future__ import annotations

import numpy as np
import pytest

from steppe.core.compile import compiled
from steppe.core.random import key_of
from steppe.core.response import logistic
from steppe.toys import discrete_choice as dc


@pytest.mark.parametrize(
    ("conformity", "mean"), [(0.8, 0.0), (1.0, 0.0), (1.2, 0.65857), (1.5, 0.85856), (2.0, 0.95750)]
)
def test_mean_choice(conformity: float, mean: float) -> None:
    """Source: Brock and Durlauf 2001, m = tanh(bJ m). Tolerance: half of the last digit."""
    assert dc.mean_choice(conformity) == pytest.approx(mean, abs=5e-6)


def test_three_shares_reproduce_themselves() -> None:
    """Source: the share form with beta 1, T 0.5, sigma 0.1: 0.00719, 0.5, 0.99281.

    Tolerance: half of the last digit; and p = Λ((p - T)/sigma) to 1e-12 for each.
    """
    points = dc.fixed_points(1.0, 0.5, 0.1, 1000)
    assert points == pytest.approx([0.00719, 0.5, 0.99281], abs=5e-6)
    for point in points:
        assert logistic((point - 0.5) / 0.1) == pytest.approx(point, abs=1e-12)


@pytest.mark.parametrize("beta", [0.4, 1.0, 3.0])
def test_multiplicity_ends_at_a_quarter_of_beta(beta: float) -> None:
    """Source: slope of the logistic: three fixed points iff sigma < beta/4 (T = beta/2).

    Tolerance: 0.001 beta, the width of the grid on which roots are looked for.
    """
    assert dc.largest_noise(beta, beta / 2, 1000) == pytest.approx(beta / 4, abs=0.001 * beta)


@pytest.mark.parametrize(("start", "share"), [(0, 0.00719), (100_000, 0.99281)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_agents_rest_at_the_fixed_points(start: int, share: float, seed: int) -> None:
    """Source: mean-field limit. 100,000 agents, 60 steps, from none and from all.

    Tolerance 0.0003 for the mean of the last 30 steps: five standard errors with correlation.
    """
    out = np.empty(60, dtype=np.int64)
    compiled(dc.choose_repeatedly)(start, 100_000, dc.ChoiceTerms(1.0, 0.5, 0.1), out, key_of(seed))
    assert out[30:].mean() / 100_000 == pytest.approx(share, abs=0.0003)


@pytest.mark.parametrize("utility", [-0.2, -0.05, 0.0, 0.03, 0.1])
def test_without_others_everybody_draws_alone(utility: float) -> None:
    """Source: beta = 0: the share is Λ(utility/sigma), independent draws.

    200,000 agents, seed 5; tolerance four binomial standard errors.
    """
    expected = logistic(utility / 0.05)
    terms = dc.ChoiceTerms(0.0, -utility, 0.05)
    found = compiled(dc.choose)(0, 200_000, terms, 0, key_of(5)) / 200_000
    assert abs(found - expected) < 4.0 * (expected * (1.0 - expected) / 200_000) ** 0.5


def test_compiled_agents_agree_with_plain_python() -> None:
    """Source: the rule itself; equal in every step, seed 9."""
    fast, slow = np.empty(8, dtype=np.int64), np.empty(8, dtype=np.int64)
    terms = dc.ChoiceTerms(1.0, 0.5, 0.2)
    compiled(dc.choose_repeatedly)(150, 300, terms, fast, key_of(9))
    dc.choose_repeatedly(150, 300, terms, slow, key_of(9))
    assert fast.tolist() == slow.tolist()
