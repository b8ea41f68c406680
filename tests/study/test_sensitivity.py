"""Indices of functions whose indices are known, and refusal of what SALib would turn to zeros."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from steppe.case.scenario import Scenario
from steppe.core.params import uniform
from steppe.study import salib
from steppe.study.axis import Axis, prior_axes
from steppe.study.design import Design
from steppe.study.effects import Floats
from steppe.study.parameters import quantile
from steppe.study.sensitivity import (
    Influence,
    SensitivityError,
    design_of,
    influences,
    seed_shares,
)


def design(kind: str, k: int, n: int, low: float, high: float, seed: int = 1) -> Design:
    axes = tuple(Axis(f"x{i}", span=uniform(low, high)) for i in range(1, k + 1))
    make = salib.morris_points if kind == "morris" else salib.sobol_points
    spans = [axis.span for axis in axes]
    rows = make(axes, n, seed)
    values = tuple(
        tuple(quantile(span, float(u)) for span, u in zip(spans, row, strict=True) if span)
        for row in rows
    )
    return Design(kind, axes, values, seed)  # type: ignore[arg-type]


def at(points: Design, function: Callable[[Floats], Floats], seeds: int = 1) -> Floats:
    values = function(np.array(points.values, dtype=float))
    return np.repeat(values[:, None], seeds, axis=1)


def ishigami(x: Floats) -> Floats:
    a, b = 7.0, 0.1
    found: Floats = np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
    return found


ISHIGAMI = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424), "x3": (0.0, 0.2437)}
"""First and total indices for a = 7, b = 0.1 (Saltelli et al., Global Sensitivity Analysis)."""


def by_name(found: tuple[Influence, ...]) -> dict[str, Influence]:
    return {one.parameter: one for one in found}


def test_sobol_indices_of_ishigami() -> None:
    points = design("saltelli", 3, 1024, -np.pi, np.pi)
    found = influences(points, "y", at(points, ishigami))
    assert [one.parameter for one in found.influences] == ["x1", "x2", "x3"]
    for name, (first, total) in ISHIGAMI.items():
        one = by_name(found.influences)[name]
        assert one.strength[0] == pytest.approx(total, abs=0.03)
        assert one.strength[1] - 0.02 <= total <= one.strength[2] + 0.02
        assert one.alone is not None
        assert one.alone[0] == pytest.approx(first, abs=0.03)
    assert by_name(found.influences)["x1"].clear


def test_sobol_indices_of_a_linear_function() -> None:
    """y = 3 x1 + 2 x2 + x3 with equal ranges: shares 9, 4 and 1 of 14, no interaction."""
    points = design("saltelli", 3, 256, 0.0, 1.0)
    found = influences(points, "y", at(points, lambda x: 5.0 + x @ np.array([3.0, 2.0, 1.0])))
    for one, share in zip(found.influences, (9 / 14, 4 / 14, 1 / 14), strict=True):
        assert one.alone is not None
        assert one.strength[0] == pytest.approx(share, abs=0.02)
        assert one.alone[0] == pytest.approx(share, abs=0.04)


def test_morris_effects_of_a_linear_function_are_its_slopes() -> None:
    points = design("morris", 3, 6, 0.0, 10.0)
    found = influences(points, "y", at(points, lambda x: x @ np.array([0.3, -0.2, 0.0])))
    assert [one.parameter for one in found.influences] == ["x1", "x2", "x3"]
    assert [one.strength[0] for one in found.influences] == pytest.approx([3.0, 2.0, 0.0])
    assert [one.mean for one in found.influences] == pytest.approx([3.0, -2.0, 0.0])
    assert [one.spread for one in found.influences] == pytest.approx([0.0] * 3, abs=1e-9)
    assert [one.clear for one in found.influences] == [True, True, False]


def test_morris_shows_an_interaction_by_its_spread() -> None:
    points = design("morris", 3, 20, 0.0, 1.0)
    found = by_name(influences(points, "y", at(points, lambda x: x[:, 0] * x[:, 1])).influences)
    assert min(found["x1"].spread or 0.0, found["x2"].spread or 0.0) > 0.1
    assert found["x3"].spread == pytest.approx(0.0, abs=1e-12)


def test_the_same_seed_gives_the_same_indices() -> None:
    points = design("saltelli", 3, 64, -np.pi, np.pi)
    assert influences(points, "y", at(points, ishigami)) == influences(
        points, "y", at(points, ishigami)
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_value_that_is_not_finite_is_refused_by_its_point(bad: float) -> None:
    points = design("saltelli", 3, 8, 0.0, 1.0)
    values = at(points, lambda x: x.sum(axis=1), seeds=2)
    values[5, 1] = bad
    with pytest.raises(SensitivityError, match=f"no finite number at {points.label(5)}"):
        influences(points, "y", values)


def test_an_outcome_that_never_changes_has_no_influences() -> None:
    points = design("saltelli", 3, 8, 0.0, 1.0)
    found = influences(points, "y", np.ones((len(points), 3)))
    assert (found.influences, found.variance, found.seed_share) == ((), 0.0, 0.0)


def test_the_share_of_seeds_is_recovered() -> None:
    """Variance 1 between points and 3 between seeds: a share of 3/4, of which 4 seeds leave 3/7."""
    rng = np.random.default_rng(5)
    values = rng.normal(0, 1, (4000, 1)) + rng.normal(0, np.sqrt(3.0), (4000, 4))
    variance, share, noise = seed_shares(values)
    assert variance == pytest.approx(4.0, rel=0.05)
    assert share == pytest.approx(0.75, abs=0.03)
    assert noise == pytest.approx(3 / 7, abs=0.03)
    assert seed_shares(values[:, :1])[1:] == (None, None)


def test_designs_have_the_points_their_methods_need(kazakhstan: Scenario) -> None:
    axes = prior_axes(kazakhstan)[:4]
    assert len(design_of(kazakhstan, "morris", axes, 3, 1)) == 3 * 5
    assert len(design_of(kazakhstan, "sobol", axes, 8, 1)) == 8 * 6
    with pytest.raises(ValueError, match="power of two"):
        design_of(kazakhstan, "sobol", axes, 10, 1)
    with pytest.raises(ValueError, match="at least 2 trajectories"):
        design_of(kazakhstan, "morris", axes, 1, 1)
    with pytest.raises(ValueError, match="morris, sobol"):
        design_of(kazakhstan, "efast", axes, 8, 1)  # type: ignore[arg-type]
