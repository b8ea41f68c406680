"""The calibration as ArviZ InferenceData, for those who know their way around posteriors."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.core.errors import SteppeError
from steppe.study.calibration.abc import from_scores
from steppe.study.calibration.design import values_of
from steppe.study.calibration.fit import PosteriorFit
from steppe.study.calibration.table import SimulationTable

Floats = NDArray[np.float64]


def inference_data(
    posterior: PosteriorFit, sample: Floats, predicted: SimulationTable | None = None
) -> Any:
    """Return InferenceData: posterior, prior (the vectors that the look left), observed data.

    ``sample`` (draw, parameter) are the draws; ``predicted`` their runs, which make the group
    ``posterior_predictive``. Raises ``SteppeError`` when ArviZ is not installed.
    """
    arviz = _arviz()
    infos = posterior.evidence.infos
    first = np.unique(posterior.evidence.vectors, return_index=True)[1]
    prior = values_of(infos, from_scores(posterior.evidence.scores[first]))
    figures = {one.id: one.resolved.target.value for one in posterior.calibrated.fitted}
    groups: dict[str, Any] = {
        "posterior": _by_name(tuple(infos), sample),
        "prior": _by_name(tuple(infos), prior),
        "observed_data": {k: np.array(v) for k, v in figures.items() if v is not None},
    }
    if predicted is not None:
        groups["posterior_predictive"] = _by_name(predicted.measures, predicted.results)
    data = arviz.from_dict(**groups)
    for path, info in infos.items():
        data.posterior[path].attrs |= {"units": info.unit, "long_name": info.meaning}
    return data


def _by_name(names: tuple[str, ...], values: Floats) -> dict[str, Floats]:
    """Return (chain, draw) by name: one chain."""
    return {name: values[None, :, at] for at, name in enumerate(names)}


def write_netcdf(
    posterior: PosteriorFit, sample: Floats, predicted: SimulationTable | None, path: Path
) -> Path:
    """Write the InferenceData as NetCDF, by h5netcdf."""
    path.parent.mkdir(parents=True, exist_ok=True)
    inference_data(posterior, sample, predicted).to_netcdf(str(path), engine="h5netcdf")
    return path


def _arviz() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it announces its next major version
            import arviz
    except ImportError:
        wrong = "InferenceData needs ArviZ: pip install 'steppe[calibrate]'"
        raise SteppeError(wrong) from None
    return arviz
