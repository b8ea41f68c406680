"""Many seeds of one scenario as one labelled dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from steppe.core.errors import StoreError
from steppe.results.hashing import key_of
from steppe.results.trajectory import Trajectory

if TYPE_CHECKING:
    import xarray

PARAMETERS = "parameters"
"""Where a scenario has the values of its parameters."""


def ensemble_dataset(
    trajectories: Iterable[Trajectory], *, drawn: Mapping[str, str] | None = None
) -> xarray.Dataset:
    """Return the series of several seeds of one scenario with a leading dimension ``seed``.

    Seeds are sorted; each outcome becomes ``outcome_<name>`` over ``seed`` and the key of each run
    the coordinate ``run``. With ``drawn`` (attributes that say from what) the parameters may
    differ from seed to seed, and those that do are coordinates over ``seed``. Raises
    ``StoreError`` when the runs are of different scenarios, record different series, or repeat a
    seed.
    """
    import xarray

    runs = sorted(trajectories, key=lambda run: run.record.seed)
    if not runs:
        raise StoreError("an ensemble needs at least one run")
    first = runs[0]
    for run in runs[1:]:
        _check_alike(first, run, drawn is not None)
    seeds = [run.record.seed for run in runs]
    if len(set(seeds)) < len(seeds):
        raise StoreError("two runs of this ensemble have the same seed")
    template = first.dataset()
    data: dict[str, object] = {
        name: (("seed", *s.dims), np.stack([run[name] for run in runs]), template[name].attrs)
        for name, s in first.series.items()
    }
    for name in first.outcome:
        data[f"outcome_{name}"] = ("seed", np.array([run.outcome[name] for run in runs]))
    coords: dict[Any, object] = dict(template.coords) | {
        "seed": seeds,
        "run": ("seed", [key_of(run.record) for run in runs]),
    }
    attrs = {name: value for name, value in template.attrs.items() if name != "seed"}
    if drawn is not None:
        attrs |= drawn
        coords |= {path: ("seed", row) for path, row in differing_parameters(runs).items()}
    return xarray.Dataset(data, coords=coords, attrs=attrs)


def differing_parameters(runs: Sequence[Trajectory]) -> dict[str, NDArray[np.float64]]:
    """Return the parameters that are not the same in all runs, by ``parameters.role.name``.

    Where a run has the model's default the value is NaN.
    """
    rows = [
        {f"{PARAMETERS}.{r}.{name}": v for r, own in one.items() for name, v in own.items()}
        for one in map(parameters_of, runs)
    ]
    paths = sorted({path for one in rows for path in one})
    values = {path: np.array([one.get(path, np.nan) for one in rows]) for path in paths}
    return {path: row for path, row in values.items() if (row != row[0]).any()}


def parameters_of(run: Trajectory) -> dict[str, dict[str, float]]:
    """Return the parameters that the scenario of a run gives, by role and name."""
    values: dict[str, dict[str, float]] = json.loads(run.record.scenario)[PARAMETERS]
    return values


def alike_but_parameters(one: Trajectory, other: Trajectory) -> bool:
    """Tell whether the scenarios of two runs are the same but for the values of parameters."""
    return _without_parameters(one) == _without_parameters(other)


def _without_parameters(run: Trajectory) -> dict[str, Any]:
    return {**json.loads(run.record.scenario), PARAMETERS: None}


def _check_alike(first: Trajectory, other: Trajectory, vary: bool) -> None:
    a, b = first.record, other.record
    what = f"the runs with seeds {a.seed} and {b.seed}"
    same = ("scenario_hash", "engine", "scale", "model_version", "engine_version", "hours", "start")
    differing = [name for name in same if getattr(a, name) != getattr(b, name)]
    if vary and "scenario_hash" in differing and alike_but_parameters(first, other):
        differing.remove("scenario_hash")
    if differing:
        raise StoreError(f"{what} differ in {', '.join(differing)}")
    layouts = [
        {name: (s.dims, s.unit, s.values.dtype) for name, s in run.series.items()}
        for run in (first, other)
    ]
    if layouts[0] != layouts[1] or dict(first.coords) != dict(other.coords):
        raise StoreError(f"{what} do not record the same series")
    if set(first.outcome) != set(other.outcome):
        raise StoreError(f"{what} do not have the same outcomes")
