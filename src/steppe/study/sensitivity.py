"""Which parameters matter: Morris screening and Sobol indices over their priors.

Morris (Technometrics 33, 1991; mean of absolute effects: Campolongo, Cariboni & Saltelli,
Environmental Modelling & Software 22, 2007) ranks parameters by the mean absolute change of the
outcome as one of them moves, per its whole range. Sobol indices (Sobol, Mathematics and Computers
in Simulation 55, 2001; estimators of Saltelli et al., Computer Physics Communications 181, 2010)
are shares of the outcome's variance: the first index is what a parameter does alone, the total
index all it takes part in. Both are computed by SALib from outcomes averaged over seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Unpack, cast, get_args

import numpy as np

from steppe.case.load import AnyCase, as_scenario
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.results.figures import figures
from steppe.results.outcomes import checked_outcomes
from steppe.results.trajectory import EngineName
from steppe.study import salib
from steppe.study.axis import Axis, prior_axes
from steppe.study.causation import Interval
from steppe.study.design import Design, check_power_of_two, from_unit
from steppe.study.effects import Floats
from steppe.study.html import sensitivity_html
from steppe.study.settings import AnySeeds, StudyOptions
from steppe.study.sweep import Sweep, sweep, values_of

Method = Literal["morris", "sobol"]


class SensitivityError(SteppeError):
    """Indices cannot be computed from these outcomes."""


@dataclass(frozen=True, slots=True)
class Influence:
    """What one parameter does to one outcome; intervals are 95 %, bootstrap.

    ``strength`` is what parameters are ranked by: of Morris the mean absolute effect of moving
    over the whole range, in the outcome's unit; of Sobol the total index, a share of variance.
    ``alone`` is the first-order index (Sobol only). ``mean`` is the mean effect with its sign
    and ``spread`` its standard deviation over the other parameters (Morris only): much spread
    means interactions or a bent response.
    """

    parameter: str
    low: float
    high: float
    unit: str
    meaning: str
    strength: Interval
    alone: Interval | None = None
    mean: float | None = None
    spread: float | None = None

    @property
    def clear(self) -> bool:
        """Whether the interval of the strength leaves out zero."""
        return self.strength[1] > 0.0


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The influences on one ``outcome``, strongest first, and how much the seeds blur them.

    ``log`` says that the outcome was taken as log10(1 + x). ``variance`` is that of the outcome
    over points and seeds, ``seed_share`` the part of it due to seeds (None with one seed, for
    then nobody can tell), ``noise`` the part of the variance of the averages that is left-over
    seed noise: indices below it mean nothing. An outcome that never changed has no influences.
    """

    method: Method
    outcome: str
    log: bool
    influences: tuple[Influence, ...]
    points: int
    seeds: int
    design_seed: int
    variance: float
    seed_share: float | None
    noise: float | None
    engine: EngineName = "citizens"

    def __repr__(self) -> str:
        first = ", ".join(one.parameter for one in self.influences[:3]) or "nothing"
        return f"<{self.method} of {self.outcome}, {self.engine}: moved most by {first}>"

    def _repr_html_(self) -> str:
        return sensitivity_html(self)

    @property
    def plot(self) -> Any:
        """The figure of these influences."""
        return figures(self)


class SensitivityOptions(StudyOptions, total=False):
    """Options of a study of sensitivity.

    ``axes`` are what varies, by default all parameters with a prior; with ``log`` outcomes are
    taken as log10(1 + x); ``design_seed`` is the seed of the design's own draws.
    """

    axes: Sequence[Axis]
    log: bool
    design_seed: int


def sensitivity(
    scenario: AnyCase,
    method: Method = "morris",
    *,
    n: int,
    seeds: AnySeeds = 4,
    outcomes: Sequence[str] = ("peak_active", "large_protest"),
    **options: Unpack[SensitivityOptions],
) -> tuple[Sensitivity, ...]:
    """Return which of the axes (by default all parameters with a prior) move each outcome.

    ``n`` is the number of Morris trajectories, or the base sample of the Sobol design (a power of
    two). Runs in the store are not made again. Raises ``SweepError`` naming the first run that
    failed or ended with no finite number; other errors as for ``sweep``.
    """
    scenario = as_scenario(scenario)
    checked_outcomes(outcomes)
    axes = tuple(options.pop("axes", ())) or prior_axes(scenario, options.get("engine", "citizens"))
    log, seed = options.pop("log", False), options.pop("design_seed", 1)
    design = design_of(scenario, method, axes, n, seed)
    common = cast("StudyOptions", options)  # what is left of them
    result = sweep(scenario, design, seeds, **common)
    return analyze(result, outcomes, log=log)


def design_of(
    scenario: Scenario, method: Method, axes: Sequence[Axis], n: int, seed: int
) -> Design:
    """Return the design that ``method`` needs.

    ``n`` Morris trajectories are n (len(axes) + 1) points, a Sobol sample of n is n
    (len(axes) + 2) points. Raises ``ValueError`` for another method, fewer than two trajectories,
    or a Sobol sample that is no power of two.
    """
    if method not in get_args(Method):
        raise ValueError(f"method must be one of {', '.join(get_args(Method))}, got {method!r}")
    if method == "sobol":
        check_power_of_two(n)
        return from_unit(scenario, "saltelli", axes, salib.sobol_points(axes, n, seed), seed)
    if n < 2:
        raise ValueError(f"Morris screening needs at least 2 trajectories, got {n}")
    return from_unit(scenario, "morris", axes, salib.morris_points(axes, n, seed), seed)


def analyze(
    result: Sweep, outcomes: Sequence[str], *, log: bool = False
) -> tuple[Sensitivity, ...]:
    """Return the influences on each outcome from the runs of a Morris or Saltelli design.

    Raises ``SweepError`` naming the first run that is missing or ended with no finite number,
    ``SensitivityError`` for a sweep of another design.
    """
    arrays = values_of(result, checked_outcomes(outcomes))
    results = (
        influences(result.design, name, np.log10(1.0 + values) if log else values, log=log)
        for name, values in arrays.items()
    )
    return tuple(replace(one, engine=result.engine) for one in results)


def influences(design: Design, outcome: str, values: Floats, *, log: bool = False) -> Sensitivity:
    """Return what each axis of ``design`` does to ``values`` (point, seed).

    Raises ``SensitivityError`` for a value that is not finite, for SALib would return zeros.
    """
    if design.kind not in ("morris", "saltelli") or design.seed is None:
        raise SensitivityError(f"a {design.kind} design has no sensitivity indices")
    if not np.isfinite(values).all():
        point = int(np.argwhere(~np.isfinite(values))[0][0])
        raise SensitivityError(f"{outcome} is no finite number at {design.label(point)}")
    method: Method = "morris" if design.kind == "morris" else "sobol"
    variance, seed_share, noise = seed_shares(values)
    average = values.mean(axis=1)
    changes = bool((average != average[0]).any())
    analyze = _morris if method == "morris" else _sobol
    ordering = sorted(
        analyze(design, average) if changes else (),
        key=lambda one: (-one.strength[0], one.parameter),
    )
    return Sensitivity(
        method, outcome, log, tuple(ordering), len(design), values.shape[1], design.seed,
        variance, seed_share, noise,
    )  # fmt: skip


def seed_shares(values: Floats) -> tuple[float, float | None, float | None]:
    """Return the variance of (point, seed) values, the share due to seeds, and what averaging left.

    One-way analysis of variance with random effects: the variance is that between points plus
    that within them, each estimated without bias; with one seed the shares are None.
    """
    points, seeds = values.shape
    between = float(values.mean(axis=1).var(ddof=1)) if points > 1 else 0.0
    if seeds == 1:
        return between, None, None
    within = float(values.var(axis=1, ddof=1).mean())
    true = max(0.0, between - within / seeds)
    total = true + within
    if total == 0.0:
        return 0.0, 0.0, 0.0
    return total, within / total, min(1.0, within / seeds / between) if between > 0.0 else 1.0


def _morris(design: Design, average: Floats) -> list[Influence]:
    assert design.seed is not None
    indices = salib.morris(design.axes, len(design), average, design.seed)
    return [
        replace(_influence(axis, indices["mu_star"][i], indices["mu_star_conf"][i]),
                mean=float(indices["mu"][i]), spread=float(indices["sigma"][i]))
        for i, axis in enumerate(design.axes)
    ]  # fmt: skip


def _sobol(design: Design, average: Floats) -> list[Influence]:
    assert design.seed is not None
    indices = salib.sobol(design.axes, average, design.seed)
    return [
        replace(_influence(axis, indices["ST"][i], indices["ST_conf"][i]),
                alone=_interval(indices["S1"][i], indices["S1_conf"][i]))
        for i, axis in enumerate(design.axes)
    ]  # fmt: skip


def _interval(value: float, half: float) -> Interval:
    return float(value), float(value - half), float(value + half)


def _influence(axis: Axis, strength: float, half: float) -> Influence:
    """Return the influence of an axis; what is ranked by is never below zero."""
    assert axis.span is not None
    at, low, high = _interval(strength, half)
    ends = (at, max(0.0, low), high)
    return Influence(axis.name, axis.span.low, axis.span.high, axis.unit, axis.meaning, ends)
