"""Known answers of conditioning: a linear-Gaussian model through the code of every nowcast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from steppe.core.random import Purpose, key_of, uniforms
from steppe.core.response import normal_array
from steppe.study.nowcast.adjust import adjust
from steppe.study.nowcast.looks import FigureVector, condition, take_looks
from steppe.study.nowcast.weights import (
    KernelMixture,
    effective_size,
    log_likelihood,
    log_normal_density,
    normalized,
    shares,
    tempered,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Linear:
    """z ~ N(0, I); figures y = A z + N(0, s^2) are seen with variance R; forecast f = b z + c w."""

    a: Floats
    b: Floats
    noise: float
    ahead: float
    observed: Floats
    variance: Floats

    @property
    def evidence(self) -> FigureVector:
        return FigureVector(self.observed, self.variance)

    def random(self, seeds: Sequence[int], size: int) -> Floats:
        rows = [uniforms(key_of(seed), Purpose.TOY_AGENT, 0, size + 1) for seed in seeds]
        return normal_array(np.array(rows).ravel()).reshape(len(rows), size + 1)

    def scores(self, seed: int) -> Floats:
        return normal_array(uniforms(key_of(seed), Purpose.TOY_SEED, 0, self.a.shape[1]))

    def figures(self, scores: Floats, seeds: Sequence[int]) -> Floats:
        noise = self.random(seeds, len(self.a))[:, : len(self.a)]
        return np.asarray(scores @ self.a.T + self.noise * noise)

    def forecast(self, scores: Floats, seeds: Sequence[int]) -> Floats:
        noise = self.random(seeds, len(self.a))[:, -1]
        return np.asarray(scores @ self.b + self.ahead * noise)

    def exact(self) -> tuple[float, float]:
        """The mean and standard deviation of f given the figures."""
        total = self.a @ self.a.T + self.noise**2 * np.eye(len(self.a)) + np.diag(self.variance)
        cross = self.b @ self.a.T
        gain = np.linalg.solve(total, cross)
        spread = self.b @ self.b + self.ahead**2 - gain @ cross
        return float(gain @ self.observed), float(np.sqrt(spread))


def linear(seed: int, figures: int, scores: int, exactness: float) -> Linear:
    rng = np.random.default_rng(seed)
    a, b, truth = (
        rng.normal(size=(figures, scores)),
        rng.normal(size=scores),
        rng.normal(size=scores),
    )
    error = rng.normal(size=figures) * np.hypot(0.1, exactness)
    return Linear(a, b, 0.1, 0.5, a @ truth + error, np.full(figures, exactness**2))


def answer(toy: Linear, count: int = 400) -> tuple[float, float, float]:
    """The mean, the standard deviation and the power of the likelihood of a nowcast of ``toy``."""
    looks = take_looks(toy.scores, toy.figures, toy.evidence, count)
    draws = condition(looks, toy.evidence, count)
    scores, seeds = looks.scores[draws.rows], looks.seeds[draws.rows].tolist()
    f = toy.forecast(scores, seeds)[:, None]
    f = adjust(f, looks.figures[draws.rows], draws.weights, toy.evidence, draws.beta)[:, 0]
    mean = float(draws.weights @ f)
    return mean, float(np.sqrt(draws.weights @ (f - mean) ** 2)), draws.beta


def errors_of(figures: int, scores: int, exactness: float) -> tuple[float, float, float]:
    """Over twelve models: root mean square of errors of the mean in sd, bias of sd, power."""
    found = []
    for seed in range(12):
        toy = linear(seed, figures, scores, exactness)
        (mean, sd, power), (exact_mean, exact_sd) = answer(toy), toy.exact()
        found.append(((mean - exact_mean) / exact_sd, sd / exact_sd - 1.0, power))
    off, wide, power = np.array(found).T
    return float(np.sqrt(np.mean(off**2))), float(wide.mean()), float(power.mean())


def test_a_linear_model_has_its_exact_answer_by_weights() -> None:
    off, wide, power = errors_of(2, 2, 1.0)
    assert power == 1.0
    assert off <= 0.10
    assert abs(wide) <= 0.10


def test_a_linear_model_has_its_exact_answer_by_weights_and_a_linear_step() -> None:
    off, wide, power = errors_of(3, 5, 0.6)
    assert 0.1 < power < 0.9
    assert off <= 0.15
    assert abs(wide) <= 0.10


def test_figures_that_leave_a_hundredth_of_the_prior_are_still_about_right() -> None:
    off, wide, power = errors_of(12, 7, 0.3)
    assert power < 0.1
    assert off <= 0.35
    assert abs(wide) <= 0.10


def test_no_figure_leaves_the_first_draws_of_the_prior() -> None:
    toy = linear(1, 2, 3, 1.0)
    nothing = FigureVector(np.zeros(0), np.zeros(0))
    looks = take_looks(toy.scores, lambda z, _: np.zeros((len(z), 0)), nothing, 50)
    draws = condition(looks, nothing, 20)
    assert looks.seeds.tolist() == list(range(1, 51))
    assert draws.rows.tolist() == list(range(20))
    assert np.array_equal(draws.weights, np.full(20, 0.05))
    assert np.array_equal(looks.scores, [toy.scores(seed) for seed in range(1, 51)])
    f = toy.forecast(looks.scores[:20], range(1, 21))[:, None]
    assert adjust(f, looks.figures[:20], draws.weights, nothing, draws.beta) is f


def test_a_figure_of_infinite_range_changes_no_bit() -> None:
    toy = linear(1, 3, 4, 0.5)
    more = Linear(
        np.vstack([toy.a, np.ones(4)]), toy.b, toy.noise, toy.ahead,
        np.append(toy.observed, 3.0), np.append(toy.variance, np.inf),
    )  # fmt: skip

    def figures(scores: Floats, seeds: Sequence[int]) -> Floats:
        return np.column_stack([toy.figures(scores, seeds), scores.sum(axis=1)])

    one = take_looks(toy.scores, toy.figures, toy.evidence, 200)
    other = take_looks(toy.scores, figures, more.evidence, 200)
    assert np.array_equal(one.scores, other.scores)
    assert other.usable.tolist() == [True, True, True, False]
    mine, others = condition(one, toy.evidence, 100), condition(other, more.evidence, 100)
    assert np.array_equal(mine.rows, others.rows)
    assert np.array_equal(mine.weights, others.weights)
    f = one.scores[mine.rows]
    moved = adjust(f, one.figures[mine.rows], mine.weights, toy.evidence, 0.5)
    again = adjust(f, other.figures[mine.rows], mine.weights, more.evidence, 0.5)
    assert np.array_equal(moved, again)


def test_a_figure_beyond_the_model_is_named_and_left_out() -> None:
    toy = linear(1, 3, 4, 0.5)
    wrong = FigureVector(toy.observed.copy(), toy.variance)
    wrong.observed[1] = 50.0
    looks = take_looks(toy.scores, toy.figures, wrong, 200)
    assert looks.usable.tolist() == [True, False, True]
    without = Linear(toy.a[[0, 2]], toy.b, toy.noise, toy.ahead, toy.observed[[0, 2]],
                     toy.variance[[0, 2]])  # fmt: skip
    part = take_looks(toy.scores, lambda z, s: toy.figures(z, s)[:, [0, 2]], without.evidence, 200)
    assert np.array_equal(looks.scores, part.scores)


def test_day_by_day_and_all_at_once_are_one_answer() -> None:
    # x_t = 0.8 x_{t-1} + N(0, 1), reported with N(0, 0.5^2): the Kalman filter, one day at a time
    phi, r, days = 0.8, 0.5, 6
    reported = np.array([0.5, 1.2, 0.3, -0.4, 0.8, 1.5])
    mean, variance = 0.0, 0.0
    for y in reported:
        mean, variance = phi * mean, phi**2 * variance + 1.0
        gain = variance / (variance + r**2)
        mean, variance = mean + gain * (y - mean), (1.0 - gain) * variance
    # all days at once: x = L z, and what comes next is 0.8 x_6
    lower = np.array(
        [[phi ** (t - s) if s <= t else 0.0 for s in range(days)] for t in range(days)]
    )
    toy = Linear(lower, phi * lower[-1], 0.0, 1.0, reported, np.full(days, r**2))
    exact = toy.exact()
    assert exact == pytest.approx((phi * mean, float(np.sqrt(phi**2 * variance + 1.0))))
    found_mean, found_sd, _ = answer(toy)
    assert abs(found_mean - exact[0]) <= 0.15 * exact[1]
    assert found_sd == pytest.approx(exact[1], rel=0.10)


def test_a_mixture_keeps_mean_and_covariance_and_its_density_is_one() -> None:
    rng = np.random.default_rng(3)
    scores, weights = (
        rng.normal(size=(300, 2)) @ np.array([[1.0, 0.6], [0.0, 0.8]]),
        rng.random(300),
    )
    weights /= weights.sum()
    mixture = KernelMixture(scores, weights)
    sample = mixture.sample(20_000, 1)
    mean = weights @ scores
    covariance = ((scores - mean) * weights[:, None]).T @ (scores - mean)
    assert sample.mean(axis=0) == pytest.approx(mean, abs=0.03)
    assert np.cov(sample.T) == pytest.approx(covariance, abs=0.04)
    # importance sampling: E_q[p / q] = 1 for the prior p on a wide proposal
    wide = KernelMixture(2.0 * rng.normal(size=(400, 2)), np.full(400, 1 / 400))
    points = wide.sample(20_000, 2)
    ratio = np.exp(log_normal_density(points) - wide.log_density(points))
    assert float(ratio.mean()) == pytest.approx(1.0, abs=0.03)


def test_tempering_leaves_what_was_asked_for() -> None:
    log_like = np.linspace(-40.0, 0.0, 200)
    weights, beta = tempered(np.zeros(200), log_like, 50.0)
    assert 0.0 < beta < 1.0
    assert effective_size(weights) == pytest.approx(50.0, rel=1e-3)
    assert tempered(np.zeros(200), 1e-3 * log_like, 50.0)[1] == 1.0
    assert effective_size(normalized(np.zeros(4))) == pytest.approx(4.0)


def test_shares_are_within_one_of_what_weights_say() -> None:
    weights = np.random.default_rng(5).random(40)
    counts = shares(weights, 100)
    assert counts.sum() == 100
    assert np.all(np.abs(counts - 100 * weights / weights.sum()) <= 1.0)


def test_likelihood_of_known_values() -> None:
    values = np.array([[0.0, 1.0], [2.0, np.nan]])
    found = log_likelihood(values, np.array([0.0, 0.0]), np.array([1.0, 4.0]))
    assert found.tolist() == [-0.125, -2.0]
