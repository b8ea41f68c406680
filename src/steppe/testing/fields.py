"""Checks of field rules: pure functions of their arguments, row by row, whatever the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from steppe.core.params import Parameters
from steppe.model.columns import BY_NAME, Scale
from steppe.model.mechanism import Mechanism
from steppe.testing.sentences import apply, require
from steppe.testing.worlds import (
    FIXED_ROWS,
    MAY_BE_EMPTY,
    SIZES,
    TARGETS,
    Array,
    ContractWorld,
    Stream,
    arguments,
    bare_world,
    quiet_world,
    scale_of,
    world,
)

WORLDS = 12
"""Random worlds in which each rule is tried."""


def check_writes(mechanism: Mechanism) -> None:
    """Check that a rule writes exactly its columns: right rows, right type, finite numbers.

    Tried in random worlds, in one where nothing has happened yet, and in worlds that lack
    buildings, units, factions, issues or neighbors.
    """
    if mechanism.citizen:
        return
    for seed in range(WORLDS):
        _check_written(mechanism, world(seed), seed, "a random world")
    _check_written(mechanism, quiet_world(1), 1, "a world at rest")
    for missing in MAY_BE_EMPTY:
        _check_written(mechanism, bare_world(2, missing), 2, f"a world without any {missing}")


def _check_written(m: Mechanism, setting: ContractWorld, seed: int, where: str) -> None:
    output = apply(m, m.parameters(), arguments(m, setting, seed), where)
    require(m, isinstance(output, Mapping), "the rule does not return a mapping of columns")
    missing = [name for name in m.writes if name not in output]
    require(m, not missing, f"it declares {missing} but does not write them in {where}")
    undeclared = [name for name in output if name not in m.writes]
    require(m, not undeclared, f"it writes {undeclared} without declaring them in {where}")
    for name, value in output.items():
        column = BY_NAME[name]
        require(m, isinstance(value, np.ndarray), f"{name} is not an array in {where}")
        rows = (setting.sizes[column.scale],)
        require(m, value.shape == rows, f"{name} has shape {value.shape}, not {rows}, in {where}")
        kind = np.dtype(column.dtype)
        require(m, value.dtype == kind, f"{name} is {value.dtype}, not {kind}, in {where}")
        require(m, bool(np.isfinite(value).all()), f"{name} is not finite in {where}")


def check_purity(mechanism: Mechanism) -> None:
    """Check that a rule changes none of its arguments and remembers nothing between calls."""
    if mechanism.citizen:
        return
    m, p = mechanism, mechanism.parameters()
    for seed in range(3):
        inputs = arguments(m, world(seed), seed)
        before = {name: np.array(value, copy=True) for name, value in inputs.items()}
        first = apply(m, p, inputs, "a random world")
        same = all(_same(before[name], value) for name, value in inputs.items())
        require(m, same, "the rule changes its arguments")
        copies = {name: np.array(value, copy=True) for name, value in first.items()}
        apply(m, p, arguments(m, world(seed + 100), seed + 100), "a random world")
        again = apply(m, p, inputs, "a random world")
        equal = copies.keys() == again.keys() and all(_same(copies[n], again[n]) for n in copies)
        require(m, equal, "the same arguments give other bits after the rule has run elsewhere")
    require(m, p == mechanism.parameters(), "the rule changes its parameters")


def _same(a: Any, b: Any) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())


def relabelled(name: str, value: Any, scale: Scale | None, orders: Mapping[Scale, Array]) -> Any:
    """Return ``value`` with its rows, and the rows it points at, in new order."""
    if scale is None:
        return value
    value = value[orders[scale]]
    if name in TARGETS:
        value = np.argsort(orders[TARGETS[name]])[value]
    return value


def check_relabelling(mechanism: Mechanism) -> None:
    """Check that other numbers for the same rows give the same results under the new numbers.

    Rows that have a meaning of their own (options, audiences, features, the first two factions)
    keep their numbers. Sums may differ by their rounding.
    """
    if mechanism.citizen:
        return
    m, p = mechanism, mechanism.parameters()
    for seed in range(3, 3 + WORLDS):
        stream = Stream(seed, 2)
        orders = {scale: stream.order(n, FIXED_ROWS.get(scale, 0)) for scale, n in SIZES.items()}
        inputs = arguments(m, world(seed), seed)
        renumbered = {
            name: relabelled(name, value, scale_of(m, name), orders)
            for name, value in inputs.items()
        }
        plain = apply(m, p, inputs, "a random world")
        other = apply(m, p, renumbered, "a renumbered world")
        for name in m.writes:
            expected = relabelled(name, plain[name], BY_NAME[name].scale, orders)
            close = np.allclose(other[name], expected, rtol=1e-13, atol=1e-15)
            require(m, close, f"{name} depends on how the rows are numbered")


def row_scale(mechanism: Mechanism) -> Scale | None:
    """Return the scale on which a rule works row by row, None if it brings rows together.

    Rows are independent where everything read and written has one scale (or is the nation's)
    and, as tried in random worlds, no row answers to what is changed in the others.
    """
    names = [n for n in (*mechanism.arguments, *mechanism.writes) if scale_of(mechanism, n)]
    scales = {scale_of(mechanism, n) for n in names} - {"nation"}
    writes = {scale_of(mechanism, n) for n in mechanism.writes}
    if mechanism.citizen or "persons" in mechanism.arguments or len(scales) != 1:
        return None
    if writes != scales:
        return None
    scale = next(s for s in scales if s is not None)
    independent = all(_rows_are_alone(mechanism, scale, seed) for seed in range(6))
    return scale if independent else None


def _rows_are_alone(m: Mechanism, scale: Scale, seed: int) -> bool:
    p = m.parameters()
    inputs = arguments(m, world(seed), seed)
    other = arguments(m, world(seed + 50), seed + 50)
    mixed = dict(inputs)
    for name, value in inputs.items():
        if scale_of(m, name) == scale:
            mixed[name] = np.concatenate([value[:1], other[name][1:]])
    plain, changed = m.rule(p, **inputs), m.rule(p, **mixed)
    return all(_same(plain[name][:1], changed[name][:1]) for name in m.writes)


def check_shards(mechanism: Mechanism) -> None:
    """Check that a rule which works row by row gives the whole when it is given the pieces."""
    scale = row_scale(mechanism)
    if scale is None or scale in FIXED_ROWS:
        return
    m, p = mechanism, mechanism.parameters()
    rows = 37  # no multiple of the width of any vector register
    for seed in range(3):
        inputs = arguments(m, world(seed, {**SIZES, scale: rows}), seed)
        whole = apply(m, p, inputs, "a random world")
        cuts = np.unique(Stream(seed, 3).whole(1, rows, 4))
        pieces = [
            apply(m, p, _piece(m, inputs, scale, int(a), int(b)), "a part of a world")
            for a, b in zip([0, *cuts], [*cuts, rows], strict=True)
        ]
        for name in m.writes:
            joined = np.concatenate([piece[name] for piece in pieces])
            require(m, _same(joined, whole[name]), f"{name} of the whole is not that of its parts")


def _piece(
    m: Mechanism, inputs: Mapping[str, Any], scale: Scale, first: int, last: int
) -> dict[str, Any]:
    return {n: v[first:last] if scale_of(m, n) == scale else v for n, v in inputs.items()}


def check_absence(mechanism: Mechanism, parameters: Parameters) -> None:
    """Check that under neutral ``parameters`` a rule leaves what its absence would leave.

    Its own columns start with the values they keep when its role is off; all others are random.
    """
    m = mechanism
    if m.citizen:
        return
    for seed in range(WORLDS):
        base = world(seed)
        absent = {
            name: np.full_like(base.columns[name], m.neutral.get(name, BY_NAME[name].start))
            for name in m.writes
        }
        setting = ContractWorld(
            {**base.columns, **absent}, base.persons, base.hour, base.hour_of_day, base.sizes
        )
        output = apply(m, parameters, arguments(m, setting, seed), "a random world")
        for name in m.writes:
            same = np.array_equal(output[name], absent[name])
            require(m, same, f"{name} moves although the parameters should make the rule idle")


def idle_arguments(
    mechanism: Mechanism, parameters: Parameters | None = None, worlds: int = 600
) -> set[str]:
    """Return the arguments of a field rule that changed nothing in any of many worlds.

    ``parameters`` under which rare events are frequent keep the number of worlds small.
    """
    m, p = mechanism, parameters or mechanism.parameters()
    idle = set(m.arguments)
    for seed in range(worlds):
        if not idle:
            break
        inputs = arguments(m, world(seed), seed)
        other = arguments(m, world(seed + 1_000), seed + 1_000)
        base = m.rule(p, **inputs)
        for name in sorted(idle):
            out = m.rule(p, **{**inputs, name: other[name]})
            if any(not np.array_equal(out[key], base[key]) for key in m.writes):
                idle.discard(name)
    return idle


def check_arguments_matter(mechanism: Mechanism, parameters: Parameters | None = None) -> None:
    """Check that every argument a field rule asks for can change its result."""
    if mechanism.citizen:
        return
    idle = sorted(idle_arguments(mechanism, parameters))
    require(mechanism, not idle, f"arguments {idle} change nothing")
