"""A sweep: the points of a design, each with the same seeds, as one labelled dataset.

Runs are made seed by seed over all points, so that a sweep that is stopped early has about as
many seeds at every point; and every run is in the store, so that the same call goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from steppe.case.canonical import scenario_hash
from steppe.case.load import AnyCase, as_scenario
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.results.figures import figures
from steppe.results.outcomes import by_name
from steppe.results.outcomes import numbers as numeric
from steppe.results.outcomes import values_of as outcome_of
from steppe.results.store import Store
from steppe.results.trajectory import EngineName
from steppe.study.axis import axes as read_axes
from steppe.study.batch import BatchJob, batch, job_key
from steppe.study.design import Design, grid
from steppe.study.engine_scope import check_told
from steppe.study.parameters import ParameterSource, resolve_source, scenario_of_seed
from steppe.study.settings import AnySeeds, StudyOptions, StudySettings, as_seeds

if TYPE_CHECKING:
    import xarray


Floats = NDArray[np.float64]

MISSING = ""
"""The key of a run that is not in the store."""


class SweepError(SteppeError):
    """A sweep lacks runs that its analysis needs, or has none."""


@dataclass(frozen=True, slots=True)
class Points:
    """The jobs of a sweep, made as they are asked for: seed 1 of all points, then seed 2."""

    scenarios: tuple[Scenario, ...]
    seeds: tuple[int, ...]
    scale: float
    parameters: ParameterSource
    fixed: tuple[str, ...]
    engine: EngineName = "citizens"

    def __len__(self) -> int:
        return len(self.scenarios) * len(self.seeds)

    def __iter__(self) -> Iterator[BatchJob]:
        for seed in self.seeds:
            for scenario in self.scenarios:
                parameters = scenario_of_seed(scenario, seed, self.parameters, fixed=self.fixed)
                yield BatchJob(parameters, seed, self.scale, engine=self.engine)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What came of a design: ``keys[p][s]`` of the run at point p with seed s.

    A key is '' where the run is not in the store. ``failures`` are (point, seed, reason);
    ``stored`` how many runs were there before; ``seconds`` what the rest took on the clock.
    ``scale`` is agents per citizen, ``engine`` who was simulated, ``parameters`` where those come
    from that do not vary.
    """

    scenario: Scenario
    design: Design
    seeds: tuple[int, ...]
    scale: float
    parameters: ParameterSource
    store: Store
    keys: tuple[tuple[str, ...], ...]
    failures: tuple[tuple[int, int, str], ...] = ()
    stored: int = 0
    seconds: float = 0.0
    engine: EngineName = "citizens"

    def __repr__(self) -> str:
        over = ", ".join(axis.name for axis in self.design.axes)
        what = f"{len(self.design)} points x {len(self.seeds)} seeds, {self.engine}"
        return f"<sweep of {self.scenario.id} over {over}: {what}, {self.runs} runs>"

    def _repr_html_(self) -> str:
        from steppe.study.html import sweep_html

        return sweep_html(self)

    @property
    def complete(self) -> bool:
        """Whether every run is in the store."""
        return all(all(row) for row in self.keys)

    @property
    def runs(self) -> int:
        """How many runs are in the store."""
        return sum(map(bool, (key for row in self.keys for key in row)))

    @property
    def plot(self) -> Any:
        """Figures of this sweep."""
        return figures(self)

    def dataset(self) -> xarray.Dataset:
        """Return every outcome over (point, seed), with what varied as coordinates.

        Numbers are float64, NaN where a run is missing; words are text, '' where missing. ``run``
        is the key of each run in the store. Units and meanings are attributes, and so is all that
        tells one sweep from another. Raises ``SweepError`` when no run is there.
        """
        return _dataset(self)

    def missing(self, point: int, at: int) -> str:
        """Return in words which run is not there, and why where that is known."""
        seed = self.seeds[at]
        why = next((f": {r}" for p, s, r in self.failures if (p, s) == (point, seed)), "")
        return f"seed {seed} at {self.design.label(point)}{why}"


def sweep(
    scenario: AnyCase,
    over: Design | Sequence[str],
    seeds: AnySeeds = 10,
    *,
    run: bool = True,
    **options: Unpack[StudyOptions],
) -> Sweep:
    """Run every point of a design with the same seeds; those in the store are not made again.

    ``over`` is a design, or axes of a grid such as ``"prices.shock=0:1:11"``; ``seeds`` a number
    of them or the seeds themselves; options are those of ``ensemble``. With ``parameters`` other
    than ``default`` every seed draws those that neither vary nor are ``fixed``, alike at all
    points; by default from the case's posterior sample, if it ships one that fits all points. With
    ``run=False`` nothing is run: the sweep has what is in the store. Errors as for ``batch``;
    ``CaseError`` for a design that the scenario does not allow.
    """
    scenario = as_scenario(scenario)
    seed_list, settings = as_seeds(seeds), StudySettings.of(**options)
    if not isinstance(over, Design):
        texts = [over] if isinstance(over, str) else over
        over = grid(scenario, read_axes(scenario, texts, settings.engine))
    design = over
    check_told(scenario, design.paths, settings.engine)
    where = settings.store
    if not seed_list or len(set(seed_list)) < len(seed_list):
        raise ValueError("a sweep needs seeds, each given once")
    points = tuple(design.scenarios(scenario))
    source = resolve_source(settings.parameters, *points)
    fixed = (*design.paths, *settings.fixed)
    jobs = Points(points, seed_list, settings.scale, source, fixed, settings.engine)
    failures: dict[int, str] = {}
    stored, seconds = 0, 0.0
    if run:
        runs = batch(jobs, **settings.batch_options)
        keys, failures = runs.keys, dict(runs.failures)
        stored, seconds = runs.stored, runs.seconds
    else:
        keys = tuple(map(job_key, jobs))
    n = len(points)
    keys_in_store = [
        MISSING if at in failures or not where.has(k) else k for at, k in enumerate(keys)
    ]
    return Sweep(
        scenario, design, seed_list, settings.scale, source, where,
        tuple(tuple(keys_in_store[s * n + p] for s in range(len(seed_list))) for p in range(n)),
        tuple((at % n, seed_list[at // n], reason) for at, reason in sorted(failures.items())),
        stored, seconds, settings.engine,
    )  # fmt: skip


def _dataset(result: Sweep) -> xarray.Dataset:
    import xarray

    shape = (len(result.design), len(result.seeds))
    numbers = {name: np.full(shape, np.nan) for name in numeric()}
    words = {
        name: np.full(shape, "", dtype=object) for name, one in by_name().items() if one.is_word
    }
    if not result.runs:
        raise SweepError("no run of this sweep is in the store")
    for p, s in np.ndindex(shape):
        if key := result.keys[p][s]:
            for name, value in outcome_of(result.store.get(key, names=())).items():
                if name in numbers:
                    numbers[name][p, s] = value
                elif name in words:
                    words[name][p, s] = value
    data: dict[str, Any] = {
        name: (("point", "seed"), values, _attrs(name)) for name, values in numbers.items()
    }
    data |= {
        name: (("point", "seed"), values.astype(str), _attrs(name))
        for name, values in words.items()
    }
    return xarray.Dataset(data, coords=_coordinates(result), attrs=_about(result))


def values_of(result: Sweep, names: Sequence[str]) -> dict[str, Floats]:
    """Return outcomes as arrays (point, seed), without the labels.

    Raises ``SweepError`` naming the first run that is missing or ended with no finite number.
    """
    shape = (len(result.design), len(result.seeds))
    arrays = {name: np.empty(shape) for name in names}
    for p, s in np.ndindex(shape):
        if not result.keys[p][s]:
            raise SweepError(f"a run is missing: {result.missing(p, s)}")
        ends = outcome_of(result.store.get(result.keys[p][s], names=()))
        for name in names:
            if name not in ends:
                raise SweepError(f"runs by {result.engine} do not tell {name}; citizens do")
            value = float(ends[name])
            if not np.isfinite(value):
                raise SweepError(
                    f"run {result.keys[p][s][:12]} ({result.missing(p, s)}) ended with {name} = "
                    f"{value}, which no analysis can use"
                )
            arrays[name][p, s] = value
    return arrays


def _attrs(name: str) -> dict[str, str]:
    one = by_name()[name]
    return {"units": one.unit, "long_name": one.label, "comment": one.meaning}


def _coordinates(result: Sweep) -> dict[str, Any]:
    coords: dict[str, Any] = {
        "point": np.arange(len(result.design)),
        "seed": np.array(result.seeds, dtype=np.int64),
        "run": (("point", "seed"), np.array(result.keys, dtype=str)),
        "engine": ("point", np.full(len(result.design), result.engine)),
        "parameters": ("point", np.full(len(result.design), result.parameters)),
    }
    for axis in result.design.axes:
        attrs = {"units": axis.unit, "long_name": axis.meaning or axis.name, "path": axis.path}
        column = result.design.column(axis.path)
        numbers = np.array(column, dtype=np.float64) if axis.is_number else None
        values = np.array(list(map(str, column))) if numbers is None else numbers
        coords[axis.name] = ("point", values, attrs)
    return coords


def _about(result: Sweep) -> dict[str, Any]:
    from steppe.engine.run import MODEL_VERSION, engine_version

    design = result.design
    return {
        "case": result.scenario.id,
        "scenario_hash": scenario_hash(result.scenario),
        "design": design.kind,
        "design_seed": -1 if design.seed is None else design.seed,
        "parameters": result.parameters,
        "scale": result.scale,
        "engine": result.engine,
        "model_version": MODEL_VERSION,
        "engine_version": engine_version(),
    }
