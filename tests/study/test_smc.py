"""Sequential Monte Carlo against posteriors that are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from steppe.study.calibration.smc import SmcSettings, smc


def normal_model(data: float, noise: float):  # type: ignore[no-untyped-def]
    """A figure x ~ N(theta_1, noise) of a first parameter; the second does nothing."""

    def distance(unit, number, bound):  # type: ignore[no-untyped-def]
        rng = np.random.Generator(np.random.Philox([number, len(unit)]))
        return np.abs(unit[:, 0] + noise * rng.normal(size=len(unit)) - data)

    return distance


def first(count: int, width: int = 2) -> np.ndarray:
    return np.random.Generator(np.random.Philox(5)).random((count, width))


def test_the_population_has_the_known_posterior_and_leaves_the_rest_at_the_prior():
    noise = 0.05
    settings = SmcSettings(particles=1500, generations=25, floor=0.01)
    found = smc(first(3000), normal_model(0.4, noise), replace(settings, seed=1))
    theta, idle = found.unit[:, 0], found.unit[:, 1]
    assert abs(theta.mean() - 0.4) < 4 * noise / np.sqrt(300)
    assert 0.8 < theta.std() / noise < 1.25
    assert abs(idle.mean() - 0.5) < 0.06
    assert 0.85 < idle.std() * np.sqrt(12) < 1.1


def test_tolerances_only_fall_and_the_same_seed_gives_the_same_population():
    settings = SmcSettings(particles=100, generations=10)
    one = smc(first(300), normal_model(0.4, 0.01), replace(settings, seed=2))
    two = smc(first(300), normal_model(0.4, 0.01), replace(settings, seed=2))
    tolerances = [generation.tolerance for generation in one.generations]
    assert tolerances == sorted(tolerances, reverse=True)
    assert np.array_equal(one.unit, two.unit)
    assert one.tolerance == tolerances[-1]


def test_a_search_that_was_stopped_goes_on_as_if_it_had_not_been():
    settings = SmcSettings(particles=100, generations=6, seed=2)
    after = []
    one = smc(first(300), normal_model(0.4, 0.01), settings, on_generation=after.append)
    assert len(after) == len(one.generations) == 6
    for begun in after:
        two = smc(first(300), normal_model(0.4, 0.01), settings, begun=begun)
        assert two.generations == one.generations
        assert np.array_equal(two.unit, one.unit)
        assert np.array_equal(two.distance, one.distance)


def test_vectors_stay_inside_the_prior():
    settings = SmcSettings(particles=200, generations=15)
    found = smc(first(400), normal_model(0.999, 0.01), replace(settings, seed=3))
    assert found.unit.min() > 0.0
    assert found.unit.max() < 1.0


def test_too_few_vectors_are_refused():
    with pytest.raises(ValueError, match="10 first vectors for 100"):
        smc(first(10), normal_model(0.4, 0.01), SmcSettings(particles=100))
    with pytest.raises(ValueError, match="keep"):
        SmcSettings(keep=1.0)


def test_vectors_move_before_the_tolerance_falls_again():
    settings = SmcSettings(particles=200, generations=9, seed=4)
    once = smc(first(600), normal_model(0.4, 0.05), settings)
    often = smc(first(600), normal_model(0.4, 0.05), replace(settings, stay=0.1))
    assert len(np.unique(often.unit, axis=0)) > 1.5 * len(np.unique(once.unit, axis=0))
    for one in often.generations[1:]:
        rounds = one.tried // 200
        assert abs((1.0 - one.accepted) ** rounds - 0.1) < 0.1
    assert once.rounds == 9 < often.rounds == sum(one.tried for one in often.generations) // 200


def test_rounds_of_moves_follow_their_equation():
    settings = SmcSettings(acceptance=0.05, stay=0.25)
    assert settings.rounds(0.5) == 2
    assert settings.rounds(0.01) == settings.rounds(0.05) == 28
    assert SmcSettings(stay=1.0).rounds(0.01) == 1
    with pytest.raises(ValueError, match="stay"):
        SmcSettings(stay=0.0)
