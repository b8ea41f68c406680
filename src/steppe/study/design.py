"""Designs: labelled points, each a set of values that a scenario is given.

A grid has every combination of levels. Latin hypercube and Sobol designs fill the space of
ranges evenly (Owen, J. Complexity 14, 1998; McKay, Beckman & Conover, Technometrics 21, 1979);
they are made in the unit cube and carried over by the quantiles of each range.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from steppe.case.patch import Patch, apply
from steppe.case.scenario import Scenario, Value
from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError
from steppe.study.axis import MOST, OVER, Axis
from steppe.study.parameters import PREFIX, quantile, with_parameters

SCENARIOS_IN_MEMORY = 4096
"""So many changed scenarios are kept while those of a design are made."""

Kind = Literal["grid", "lhs", "sobol", "morris", "saltelli"]


@dataclass(frozen=True, slots=True)
class Design:
    """Points over ``axes``: ``values[p][a]`` is the value of axis a at point p.

    ``seed`` is that of the points of a random design, None for a grid.
    """

    kind: Kind
    axes: tuple[Axis, ...]
    values: tuple[tuple[Value, ...], ...]
    seed: int | None = None

    def __post_init__(self) -> None:
        if not self.axes:
            raise ValueError("a design varies at least one thing")
        if not self.values or any(len(row) != len(self.axes) for row in self.values):
            raise ValueError("a design has points, each with a value for every axis")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def paths(self) -> tuple[str, ...]:
        """The addresses that vary, in order."""
        return tuple(axis.path for axis in self.axes)

    def column(self, path: str) -> tuple[Value, ...]:
        """Return the values of one axis over the points."""
        at = self.paths.index(path)
        return tuple(row[at] for row in self.values)

    def label(self, point: int) -> str:
        """Return a point in words: ``prices.shock=0.5, participation.threshold=0.4``."""
        pairs = zip(self.axes, self.values[point], strict=True)
        return ", ".join(f"{axis.name}={value_text(value)}" for axis, value in pairs)

    def scenarios(self, scenario: Scenario) -> Iterator[Scenario]:
        """Yield the scenario of every point.

        Raises ``CaseError`` for a value that the scenario cannot have.
        """
        inner = [axis.path.startswith(PREFIX) for axis in self.axes]
        outer: dict[tuple[tuple[str, Value], ...], Scenario] = {}
        for row in self.values:
            pairs = list(zip(self.paths, row, strict=True))
            rest = tuple(pair for pair, own in zip(pairs, inner, strict=True) if not own)
            if rest not in outer:
                if len(outer) == SCENARIOS_IN_MEMORY:
                    outer.clear()
                outer[rest] = apply(scenario, dict(rest)) if rest else scenario
            own = {
                path.removeprefix(PREFIX): _number(path, value)
                for (path, value), is_own in zip(pairs, inner, strict=True)
                if is_own
            }
            yield with_parameters(outer[rest], own) if own else outer[rest]


def value_text(value: Value) -> str:
    """Return a value as a person reads it."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def grid(scenario: Scenario, axes: Sequence[Axis]) -> Design:
    """Return every combination of the levels of ``axes``; the last axis varies fastest.

    Raises ``CaseError`` for an axis without levels, a value out of bounds, or too many points.
    """
    faults = [
        SourceMark(OVER).fault(
            axis.name, "a grid needs its levels", "path=low:high:n or path=a,b,c"
        )
        for axis in axes
        if not axis.levels
    ]
    if faults:
        raise CaseError(faults)
    _check_ends(scenario, axes)
    _check_size(math.prod(len(axis.levels) for axis in axes))
    return Design("grid", tuple(axes), tuple(itertools.product(*(axis.levels for axis in axes))))


def latin_hypercube(scenario: Scenario, axes: Sequence[Axis], n: int, seed: int) -> Design:
    """Return ``n`` points of which each axis has one in each of n equally likely strata.

    Raises ``ValueError`` for fewer than two points, ``CaseError`` for an axis without a range.
    """
    from scipy.stats import qmc

    if n < 2:
        raise ValueError(f"a Latin hypercube needs at least 2 points, got {n}")
    _check_size(n)
    unit = qmc.LatinHypercube(len(axes), rng=seed).random(n)
    return from_unit(scenario, "lhs", axes, unit, seed)


def sobol(scenario: Scenario, axes: Sequence[Axis], n: int, seed: int) -> Design:
    """Return the first ``n`` points of a scrambled Sobol sequence.

    Raises ``ValueError`` unless ``n`` is a power of two, for which alone the points are balanced;
    ``CaseError`` for an axis without a range.
    """
    from scipy.stats import qmc

    check_power_of_two(n)
    _check_size(n)
    engine = qmc.Sobol(len(axes), scramble=True, rng=seed)
    return from_unit(scenario, "sobol", axes, engine.random_base2(n.bit_length() - 1), seed)


def check_power_of_two(n: int) -> None:
    """Raise ``ValueError`` with the nearest right numbers unless ``n`` is a power of two."""
    if n < 2 or n & (n - 1):
        below = 1 << max(1, n.bit_length() - 1)
        near = f"{below} or {2 * below}"
        raise ValueError(f"a Sobol design needs a power of two of points, such as {near}; got {n}")


def from_unit(
    scenario: Scenario, kind: Kind, axes: Sequence[Axis], unit: NDArray[np.float64], seed: int
) -> Design:
    """Return the design whose points lie at ``unit`` (point, axis) in the cube of quantiles."""
    spans = []
    faults = []
    for axis in axes:
        if axis.span is None:
            allowed = "path=low:high, path=low:high:log, or a parameter with a prior"
            faults.append(SourceMark(OVER).fault(axis.name, "this design needs a range", allowed))
        else:
            spans.append(axis.span)
    if faults:
        raise CaseError(faults)
    _check_ends(scenario, axes)
    values = tuple(
        tuple(quantile(span, float(u)) for span, u in zip(spans, row, strict=True)) for row in unit
    )
    return Design(kind, tuple(axes), values, seed)


def _check_ends(scenario: Scenario, axes: Sequence[Axis]) -> None:
    """Give the scenario the ends of every axis, so that what is out of bounds is said.

    Parameters are tried together, all low ends and then all high ones; other values each alone,
    all of them where they are a list.
    """
    tries: list[dict[str, Value]] = [{}, {}]
    for axis in axes:
        ends = axis.levels if axis.span is None else (axis.span.low, axis.span.high)
        if axis.path.startswith(PREFIX):
            numbers = [_number(axis.path, value) for value in ends]
            tries[0][axis.path], tries[1][axis.path] = min(numbers), max(numbers)
        else:
            tries += [{axis.path: value} for value in ends]
    faults = []
    for values in filter(None, tries):
        try:
            apply(scenario, Patch.of(values, marks=dict.fromkeys(values, SourceMark(OVER))))
        except CaseError as error:
            faults += [fault for fault in error.all_faults if fault not in faults]
    if faults:
        raise CaseError(faults)


def _number(path: str, value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CaseError([SourceMark(OVER).fault(path, f"{value!r} is not a number")])
    return float(value)


def _check_size(n: int) -> None:
    if n > MOST:
        raise ValueError(f"{n:,} points; a design has at most {MOST:,}")
