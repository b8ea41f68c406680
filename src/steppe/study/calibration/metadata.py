"""The account of a calibration, for people and programs: how it was made and what it is worth."""

from __future__ import annotations

import csv
import io
import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from steppe.study.calibration.effort import Effort
from steppe.study.calibration.fit import PosteriorFit
from steppe.study.calibration.inference import NEAREST
from steppe.study.calibration.io import write_text
from steppe.study.calibration.predictive import Predictive
from steppe.study.posterior import ACCOUNT, SAMPLE, Posterior

if TYPE_CHECKING:
    from steppe.study.calibration.holdout import HeldOut

Floats = NDArray[np.float64]

NUMERICAL = ("numpy", "scipy", "numba")
"""Packages that can change the last digits."""


@dataclass(frozen=True, slots=True)
class CalibrationOrigin:
    """Where a calibration comes from: ``command`` makes it again, ``day`` is when it was made.

    ``vectors`` were tried by cohorts with ``effort``; ``draw_seed`` draws the sample.
    """

    case: str
    command: str
    day: str
    effort: Effort
    vectors: int
    draw_seed: int


def metadata(
    origin: CalibrationOrigin,
    posterior: PosteriorFit,
    predicted: Predictive | None = None,
    held_out: Sequence[HeldOut] = (),
) -> dict[str, Any]:
    """Return the account as plain data, ready for JSON: nothing in it is NaN or infinite."""
    effort = origin.effort
    document: dict[str, Any] = {
        "case": origin.case,
        "made": origin.day,
        "command": origin.command,
        "versions": {
            "steppe": version("steppe"), "model": ", ".join(posterior.models),
            "python": platform.python_version(),
            **{name: version(name) for name in NUMERICAL},
        },
        "design": {
            "method": "sequential Monte Carlo by cohorts, runs by citizens", "seed": effort.seed,
            "tried": origin.vectors, "vectors": posterior.vectors,
            "seeds_of_each": effort.replicates, "runs": posterior.runs, "scale": effort.scale,
            **({} if effort.start is None else {"start": _start(effort.start)}),
        },
        "inference": {
            "method": "rejection by the distance of the search, over runs by citizens",
            "kept": NEAREST, "draw_seed": origin.draw_seed,
            "effective_runs": posterior.effective, "edge": posterior.edge,
        },
        "targets": _targets(posterior),
        "parameters": _parameters(posterior),
        "ridges": [
            {"pair": [r.first, r.second], "correlation": r.correlation, "expected": r.expected}
            for r in posterior.correlated_directions
        ],
    }  # fmt: skip
    if predicted is not None:
        document["predictive"] = _predictive(predicted)
    if held_out:
        document["held_out"] = [_held_out(one) for one in held_out]
    return cast("dict[str, Any]", _json_values(document))


def _start(sample: Posterior) -> dict[str, Any]:
    """Return which sample a search began with, and when and by which model it was made if known."""
    date, versions = sample.account.get("made"), sample.account.get("versions")
    model = versions.get("model") if isinstance(versions, Mapping) else None
    origin = {name: value for name, value in (("made", date), ("model", model)) if value}
    return {"sample": sample.digest, "draws": len(sample), **origin}


def _targets(posterior: PosteriorFit) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id, "value": one.resolved.target.value, "low": one.resolved.target.low,
            "high": one.resolved.target.high, "unit": one.resolved.target.unit,
            "tolerance": one.tolerance, "quality": one.quality,
            "percentile_before_the_fit": share.percentile,
        }
        for one, share in zip(posterior.calibrated.fitted, posterior.reproduction, strict=True)
    ]  # fmt: skip


def _parameters(posterior: PosteriorFit) -> list[dict[str, Any]]:
    rows = zip(posterior.marginals, posterior.recovery.parameters, posterior.agreement, strict=True)
    return [
        {
            "path": m.path, "symbol": m.info.symbol, "unit": m.info.unit,
            "prior": str(m.info.prior), "default": m.info.default,
            "q05": m.q05, "q25": m.q25, "median": m.median, "q75": m.q75,
            "q95": m.q95, "narrowing": m.narrowing, "unidentified": m.unidentified,
            "recovery": {
                "tests": again.n, "covered50": again.covered50, "covered90": again.covered90,
                "learnt": again.learnt, "ranks": list(again.ranks), "p_uniform": again.p,
            },
            "second_method": {"apart": both.apart, "sd_ratio": both.ratio, "agrees": both.agrees},
        }
        for m, again, both in rows
    ]  # fmt: skip


def _predictive(predicted: Predictive) -> dict[str, Any]:
    return {
        "runs": predicted.runs,
        "p_large": list(predicted.large),
        "targets": [
            {
                "id": s.id, "title": s.title, "unit": s.unit, "region": s.region, "date": s.date,
                "observed": list(s.observed), "verdict": s.verdict, "crps": s.crps,
                "simulated": None if s.simulated is None else list(s.simulated),
            }
            for s in predicted.scores
        ],
    }  # fmt: skip


def _held_out(one: HeldOut) -> dict[str, Any]:
    names = ("persistence", "climatology", "prior")
    skills = {name: skill for name in names if (skill := one.skill(name)) is not None}
    return {
        "split": one.name, "title": one.title, "fitted": list(one.fitted),
        "covered50": one.covered(50), "covered90": one.covered(90),
        "crps": {
            name: {"model": own, "reference": other, "figures": n}
            for name, (own, other, n) in skills.items()
        },
        "figures": [
            {
                "id": f.id, "title": f.title, "unit": f.unit, "observed": list(f.observed),
                "predicted": list(f.predicted), "verdict": f.verdict, "crps": f.crps,
                "persistence": f.persistence, "climatology": f.climatology, "prior": f.prior,
            }
            for f in one.figures
        ],
    }  # fmt: skip


def _json_values(value: object) -> object:
    """Return ``value`` with floats of six significant digits and None for what is no number."""
    if isinstance(value, Mapping):
        return {key: _json_values(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_values(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def write_sample(folder: Path, paths: Sequence[str], sample: Floats) -> Path:
    """Write the draws as ``posterior.csv``; each value reads back as it was."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(paths)
    rows.writerows([repr(float(x)) for x in row] for row in sample)
    return write_text(folder / SAMPLE, text.getvalue())


def write_metadata(folder: Path, document: Mapping[str, Any]) -> Path:
    """Write the account as ``posterior.json``."""
    text = json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False)
    return write_text(folder / ACCOUNT, f"{text}\n")
