"""The JSON document of a run: for programs, complete and without NaN."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from steppe import __version__
from steppe.commands.report_writer import change_texts
from steppe.engine.run import engine_version
from steppe.evidence.scoring import TargetScore
from steppe.report.payload import ReportPayload, Spread
from steppe.results.hashing import content_hash
from steppe.results.methods import methods_paragraph
from steppe.results.trajectory import Trajectory
from steppe.study.ensemble import Ensemble
from steppe.study.resolve import ResolvedRequest


def document(
    study: ResolvedRequest,
    result: Ensemble,
    runs: Sequence[Trajectory],
    scores: Sequence[TargetScore],
    page: ReportPayload | None,
) -> dict[str, Any]:
    """Return the document that ``steppe run --json`` prints; see the reference of commands."""
    scenario = study.baseline
    plain: dict[str, Any] = finite({
        "case": scenario.id,
        "scenario_hash": result.scenario_hash,
        "version": __version__,
        "engine_version": engine_version(),
        "engine": result.engine,
        "scale": study.request.scale,
        "citizens": scenario.country.citizens,
        "hours": scenario.clock.hours,
        "changes": change_texts(study.changes),
        "parameters": result.parameters,
        "posterior_sample": result.sample or None,
        "seeds": [_seed(result.keys[run.record.seed], run) for run in runs],
        "failures": [{"seed": seed, "reason": reason} for seed, reason in result.failures],
        "targets": [_target(one) for one in scores],
        "warnings": sorted({text for run in runs for text in run.record.warnings}),
        "methods": _methods(study, runs),
        "question": page.about.question if page else "",
        "answer": list(page.answer) if page else [],
        "reply": page.about.reply if page else "",
        "outcomes": [_outcome(one) for one in page.spreads] if page else [],
        "fates": [pick(one, "key", "label", "seeds", "share", "low", "high") for one in page.fates]
        if page else [],
    })  # fmt: skip
    return plain


def _methods(study: ResolvedRequest, runs: Sequence[Trajectory]) -> str | None:
    if not runs:
        return None
    return methods_paragraph(
        [replace(run.record, scenario_hash=study.draws.base) for run in runs],
        parameters=study.draws.words(len(runs)), command=study.request.as_command(),
    )  # fmt: skip


def _outcome(one: Spread) -> dict[str, object]:
    """Return an outcome over the seeds as the report and the tables of the terminal show it."""
    low, middle, high = one.quantiles
    return {
        "outcome": one.key, "label": one.label, "unit": one.unit, "median": middle, "low": low,
        "high": high,
    }  # fmt: skip


def _seed(key: str, run: Trajectory) -> dict[str, object]:
    return {
        "seed": run.record.seed,
        "hash": key,
        "content": content_hash(run),
        "build_seconds": run.record.timings.get("build"),
        "run_seconds": run.record.timings.get("run"),
        "peak_memory_mib": run.record.memory_mib,
        "peak_active": run.outcome.get("peak_active"),
        "outcome": dict(run.outcome),
    }


def _target(score: TargetScore) -> dict[str, object]:
    return {
        **pick(score, "id", "title", "unit", "group", "observed"),
        "simulated": score.simulated or [None, None, None],
        **pick(score, "n", "verdict", "crps", "note", "reason"),
    }


def pick(one: object, *names: str) -> dict[str, Any]:
    """Return some attributes of an object by name."""
    return {name: getattr(one, name) for name in names}


def finite(value: object) -> Any:
    """Return ``value`` as JSON can hold it: a number that is not finite becomes null."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [finite(part) for part in value]
    return value
