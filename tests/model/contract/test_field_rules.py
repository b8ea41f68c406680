"""Field rules are pure, give what they declare, and do not care how rows are numbered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from steppe.model.columns import BY_NAME
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms import ALL

from ..worlds import SIZES, TARGETS, World, arguments, empty_world, world

FIELD = [m for m in ALL if not m.citizen]
EACH = pytest.mark.parametrize("m", FIELD, ids=lambda m: m.role)
SEEDS = range(40)

# What the meaning of a column allows; shares and chances lie in [0, 1] unless named here.
LIMITS = {
    "place_severity": (0.0, 2.5), "place_risk": (0.0, 2.5), "place_cost": (0.0, 0.25),
    "place_outrage": (0.0, 0.3), "place_weight_online": (0.0, 2.0),
    "region_loss": (0.0, np.inf), "unit_noise": (-np.inf, np.inf),
    "nation_reported_share": (0.0, np.inf),
}  # fmt: skip


def result(m: Mechanism, there: World, seed: int) -> dict[str, Any]:
    return dict(m.rule(m.parameters(), **arguments(m, there, seed)))


def check(m: Mechanism, out: dict[str, Any]) -> None:
    assert set(out) == set(m.writes)
    for name, value in out.items():
        column = BY_NAME[name]
        assert isinstance(value, np.ndarray), name
        assert value.shape == (SIZES[column.scale],), name
        assert value.dtype == np.dtype(column.dtype), name
        assert np.isfinite(value).all(), name
        unit_low_high = {"1": (0.0, 1.0), "0/1": (0.0, 1.0), "code": (0, 2), "level": (0, 4)}
        low, high = LIMITS.get(name, unit_low_high.get(column.unit, (0.0, np.inf)))
        assert (value >= low).all(), name
        assert (value <= high).all(), name


@EACH
def test_a_rule_gives_exactly_its_declared_columns(m: Mechanism) -> None:
    for seed in SEEDS:
        check(m, result(m, world(seed), seed))


@EACH
def test_a_rule_holds_in_an_empty_world(m: Mechanism) -> None:
    for seed in range(5):
        check(m, result(m, empty_world(seed), seed))


@EACH
def test_a_rule_leaves_its_arguments_alone(m: Mechanism) -> None:
    there = world(1)
    taken = arguments(m, there, 1)  # read-only: writing raises
    before = {name: np.array(value, copy=True) for name, value in taken.items()}
    m.rule(m.parameters(), **taken)
    assert all(np.array_equal(before[name], value) for name, value in taken.items())


@EACH
def test_a_rule_gives_the_same_bits_twice(m: Mechanism) -> None:
    there = world(2)
    first, second = result(m, there, 2), result(m, there, 2)
    assert all(first[name].tobytes() == second[name].tobytes() for name in first)


def renumbered(name: str, value: Any, scale: str | None, orders: dict[str, Any]) -> Any:
    """``value`` with its rows, and the rows it points at, in new order."""
    if scale is None:
        return value
    value = value[orders[scale]]
    if name in TARGETS:
        back = np.argsort(orders[TARGETS[name]])
        value = back[value]
    return value


def scale_of(m: Mechanism, name: str) -> str | None:
    if name in m.draws:
        return m.draws[name].scale
    return BY_NAME[name].scale if name in BY_NAME else None


@EACH
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_renumbered_rows_give_renumbered_results(m: Mechanism, seed: int) -> None:
    rng = np.random.default_rng(seed)
    orders = {scale: rng.permutation(n) for scale, n in SIZES.items()}
    taken = arguments(m, world(seed), seed)
    moved = {
        name: renumbered(name, value, scale_of(m, name), orders) for name, value in taken.items()
    }
    plain = m.rule(m.parameters(), **taken)
    other = m.rule(m.parameters(), **moved)
    for name in m.writes:
        expected = renumbered(name, plain[name], BY_NAME[name].scale, orders)
        np.testing.assert_allclose(other[name], expected, rtol=1e-13, atol=1e-15, err_msg=name)


# Parameters under which rare events are frequent enough to be seen in a few worlds.
LIVELY = {"casualties": {"death_share": 1.0}, "outcome": {"calm_share": 0.01, "fall_hazard": 1.0}}


@EACH
def test_each_declared_column_matters_somewhere(m: Mechanism) -> None:
    p = m.parameters.build(LIVELY.get(m.role, {}))
    idle = set(m.arguments)
    for seed in range(600):
        if not idle:
            break
        taken = arguments(m, world(seed), seed)
        other = arguments(m, world(seed + 1_000), seed + 1_000)
        base = m.rule(p, **taken)
        for name in sorted(idle):
            out = m.rule(p, **{**taken, name: other[name]})
            if any(not np.array_equal(out[key], base[key]) for key in m.writes):
                idle.discard(name)
    assert not idle  # and so the tests above are not passed by a rule that ignores its rows
