"""Many seeds of one scenario as one labelled dataset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from steppe.core.errors import StoreError
from steppe.results.hashing import key_of
from steppe.results.trajectory import Trajectory

if TYPE_CHECKING:
    import xarray


def ensemble_dataset(trajectories: Iterable[Trajectory]) -> xarray.Dataset:
    """Return the series of several seeds of one scenario with a leading dimension ``seed``.

    Seeds are sorted; each outcome becomes ``outcome_<name>`` over ``seed`` and the key of each run
    the coordinate ``run``. Raises ``StoreError`` when the runs are of different scenarios, record
    different series, or repeat a seed.
    """
    import xarray

    runs = sorted(trajectories, key=lambda run: run.record.seed)
    if not runs:
        raise StoreError("an ensemble needs at least one run")
    first = runs[0]
    for run in runs[1:]:
        _check_alike(first, run)
    seeds = [run.record.seed for run in runs]
    if len(set(seeds)) < len(seeds):
        raise StoreError("two runs of this ensemble have the same seed")
    template = first.to_xarray()
    data: dict[str, object] = {
        name: (("seed", *s.dims), np.stack([run[name] for run in runs]), template[name].attrs)
        for name, s in first.series.items()
    }
    for name in first.outcome:
        data[f"outcome_{name}"] = ("seed", np.array([run.outcome[name] for run in runs]))
    coords = dict(template.coords) | {
        "seed": seeds,
        "run": ("seed", [key_of(run.record) for run in runs]),
    }
    attrs = {name: value for name, value in template.attrs.items() if name != "seed"}
    return xarray.Dataset(data, coords=coords, attrs=attrs)


def _check_alike(first: Trajectory, other: Trajectory) -> None:
    a, b = first.record, other.record
    what = f"the runs with seeds {a.seed} and {b.seed}"
    same = ("scenario_hash", "scale", "model_version", "engine_version", "hours", "start")
    differing = [name for name in same if getattr(a, name) != getattr(b, name)]
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
