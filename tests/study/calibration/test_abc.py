"""Inference where the answer is known: a linear Gaussian model, whose posterior is a formula."""

from __future__ import annotations

import numpy as np
import pytest

from steppe.study.calibration.abc import (
    Kernel,
    distribution,
    from_scores,
    infer,
    normal_scores,
    quantiles,
    resample,
)

ROWS = 4000
NOISE = 0.5
MAP = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
"""What is seen of three parameters: the first, and the sum of two; of the third nothing."""


def toy(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    from scipy.stats import qmc

    unit = qmc.Sobol(3, rng=np.random.default_rng(3)).random(rows)
    scores = normal_scores(unit)
    noise = np.random.default_rng(4).normal(0.0, NOISE, (rows, 2))
    return scores @ MAP.T + noise, scores


def known(observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the posterior of the toy."""
    precision = np.eye(3) + MAP.T @ MAP / NOISE**2
    covariance = np.linalg.inv(precision)
    return covariance @ MAP.T @ observed / NOISE**2, covariance


@pytest.mark.filterwarnings("ignore:The balance properties:UserWarning")
@pytest.mark.parametrize("observed", [(0.8, -0.3), (-1.2, -1.0), (0.0, 1.5)])
def test_the_conjugate_posterior_is_found(observed: tuple[float, float]) -> None:
    outputs, scores = toy()
    mean, covariance = known(np.array(observed))
    draws = infer(outputs, scores, np.array(observed))
    away = draws.values - draws.weights @ draws.values
    found = (away * draws.weights[:, None]).T @ away
    np.testing.assert_allclose(draws.weights @ draws.values, mean, atol=0.08)
    np.testing.assert_allclose(np.sqrt(np.diag(found)), np.sqrt(np.diag(covariance)), rtol=0.1)
    ridge = found[0, 1] / np.sqrt(found[0, 0] * found[1, 1])
    wanted = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert ridge == pytest.approx(wanted, abs=0.1)


@pytest.mark.filterwarnings("ignore:The balance properties:UserWarning")
def test_rejection_is_wider_and_centered_alike() -> None:
    outputs, scores = toy()
    observed = np.array([0.8, -0.3])
    draws = infer(outputs, scores, observed, Kernel(0.05, adjust=False))
    mean, covariance = known(observed)
    np.testing.assert_allclose(draws.weights @ draws.values, mean, atol=0.2)
    spread = np.sqrt(draws.weights @ np.square(draws.values - draws.weights @ draws.values))
    assert np.all(spread[:2] > 0.95 * np.sqrt(np.diag(covariance))[:2])


@pytest.mark.filterwarnings("ignore:The balance properties:UserWarning")
def test_what_is_carried_is_foretold() -> None:
    """A second output of the same runs, given the first: E[b | a] for jointly normal a and b."""
    outputs, scores = toy()
    draws = infer(outputs[:, :1], scores, np.array([1.0]), carry=outputs[:, 1:])
    assert draws.carried.shape == (draws.weights.size, 1)
    assert float(draws.weights @ draws.carried[:, 0]) == pytest.approx(1.0 / 1.25, abs=0.08)


def test_draws_stay_inside_the_prior() -> None:
    unit = from_scores(np.array([-40.0, -3.0, 0.0, 40.0]))
    assert np.all((unit > 0.0) & (unit < 1.0))
    assert unit[2] == pytest.approx(0.5)
    np.testing.assert_allclose(from_scores(normal_scores(np.array([0.1, 0.7]))), [0.1, 0.7])


def test_weighted_quantiles_and_shares_agree_with_plain_ones_for_equal_weights() -> None:
    outputs, scores = toy(512)
    draws = infer(outputs, scores, np.array([0.0, 0.0]), Kernel(1.0, adjust=False))
    flat = type(draws)(
        scores, np.full(512, 1 / 512), np.arange(512), 1.0, np.empty((512, 0))
    )  # fmt: skip
    np.testing.assert_allclose(
        quantiles(flat, (0.25, 0.5))[1], np.median(scores, axis=0), atol=0.02
    )
    np.testing.assert_allclose(distribution(flat, np.zeros(3)), 0.5, atol=0.02)
    assert flat.effective == pytest.approx(512)


def test_resampling_is_proportional_to_the_weights() -> None:
    outputs, scores = toy(512)
    draws = infer(outputs, scores, np.array([0.0, 0.0]))
    counts = np.bincount(resample(draws, 10_000, 0.5), minlength=draws.weights.size)
    np.testing.assert_allclose(counts / 10_000, draws.weights, atol=1.01e-4)


def test_tables_that_cannot_be_used_are_refused() -> None:
    outputs, scores = toy(512)
    seen = np.zeros(2)
    bad = outputs.copy()
    bad[3, 1] = np.nan
    with pytest.raises(ValueError, match="outputs hold a value that is not a finite number"):
        infer(bad, scores, seen)
    with pytest.raises(ValueError, match="too few"):
        infer(outputs[:16], scores[:16], seen)
    with pytest.raises(ValueError, match="do not fit"):
        infer(outputs, scores[:-1], seen)
    with pytest.raises(ValueError, match="observed for 2 outputs"):
        infer(outputs, scores, np.zeros(3))
    with pytest.raises(ValueError, match="keep must be in"):
        infer(outputs, scores, seen, Kernel(0.0))


@pytest.mark.filterwarnings("ignore")
def test_the_neural_method_agrees_where_it_is_installed() -> None:
    pytest.importorskip("sbi")
    from steppe.study.calibration.npe import neural

    outputs, scores = toy(1024)
    observed = np.array([0.8, -0.3])
    draws = neural(outputs, scores, observed)
    np.testing.assert_allclose(draws.weights @ draws.values, known(observed)[0], atol=0.3)
