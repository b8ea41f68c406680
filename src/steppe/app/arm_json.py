"""The runs of one history as the page draws them: curves over time, maps, crowds, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from steppe.evidence.scoring import score
from steppe.report import aggregate, observed, statistics, summary_sentences, timeline
from steppe.report.build import target_rows
from steppe.report.encode import city_data, fan_data, layer_data
from steppe.results.curves import run_arrays
from steppe.results.methods import bibtex, methods_paragraph

if TYPE_CHECKING:
    from steppe.results.trajectory import Trajectory
    from steppe.study.parameter_draws import ParameterDraws


def arm_document(
    draws: ParameterDraws, runs: Sequence[Trajectory], *, evidence: bool = True
) -> dict[str, Any]:
    """Return what the page shows of the runs of one scenario, or of its draws.

    ``evidence`` says whether the runs are held against the observed figures, which takes longer
    than everything else.
    """
    scenario = draws.scenario
    ordered = sorted(runs, key=lambda run: run.record.seed)
    first = ordered[0].record
    land = run_arrays(scenario, ordered[0])
    fans = aggregate.fans(ordered, land, observed.placed(scenario))
    spreads, fates = statistics.spreads(ordered), statistics.fates(ordered)
    answer = summary_sentences.street_and_harm(scenario, ordered, land, spreads)
    targets = target_rows(score(scenario, ordered)) if evidence else None
    if targets is not None:
        answer.append(summary_sentences.fate_and_fit(fates, targets, len(ordered)))
    return {
        "seeds": len(ordered),
        "seedList": [run.record.seed for run in ordered],
        "scale": first.scale,
        "engine": first.engine,
        "model": first.model_version,
        "methods": methods_paragraph(
            [replace(run.record, scenario_hash=draws.base) for run in ordered],
            parameters=draws.words(len(ordered)), statistics="",
        ),
        "bibtex": bibtex(first),
        "answer": answer,
        "targets": None if targets is None else [asdict(row) for row in targets],
        "layers": [layer_data(layer) for layer in aggregate.layers(ordered, land)],
        "cities": [city_data(city) for city in aggregate.crowds(scenario, ordered)],
        "fans": [fan_data(fan) for fan in fans],
        "notes": [asdict(note) for note in timeline.notes(scenario, fans)],
        "lanes": [asdict(lane) for lane in timeline.lanes(scenario, ordered)],
    }  # fmt: skip
