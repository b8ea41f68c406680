"""Build a report's payload from a scenario, its trajectories and its scores."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

from steppe.case.scenario import Scenario
from steppe.evidence.targets import INPUT
from steppe.report import (
    aggregate,
    assumptions,
    geography,
    observed,
    statistics,
    summary_sentences,
    timeline,
)
from steppe.report.parameter_entries import ledger_entries
from steppe.report.payload import (
    Fan,
    ReportPayload,
    ScoredTarget,
    Spread,
    Subject,
    TargetRow,
)
from steppe.report.provenance import ReportOptions, provenance_of
from steppe.results.curves import run_arrays
from steppe.results.engines import UNTOLD
from steppe.results.outcomes import by_name
from steppe.results.trajectory import Trajectory
from steppe.study.parameter_draws import ParameterDraws

MISSES_FIRST = ("missed", "near", "met", "given", "untested")


def _checked(runs: Sequence[Trajectory], draws: ParameterDraws | None) -> tuple[Trajectory, ...]:
    """Return the runs in the order of seeds; all must be seeds of one scenario and model.

    With ``draws`` each seed has parameters of its own: those of its draw, and no others.
    """
    if not runs:
        raise ValueError("a report needs at least one trajectory")
    ordered = tuple(sorted(runs, key=lambda run: run.record.seed))
    first = ordered[0]
    pair = "seeds {} and {} differ in {}".format
    vary = draws is not None and draws.source != "default"
    for before, run in itertools.pairwise(ordered):
        if before.record.seed == run.record.seed:
            raise ValueError(f"seed {run.record.seed} is given twice")
        for name in ("scenario_hash", "model_version", "engine", "scale", "hours"):
            if name == "scenario_hash" and vary:
                continue
            if getattr(run.record, name) != getattr(first.record, name):
                raise ValueError(pair(first.record.seed, run.record.seed, name))
        if run.coords != first.coords:
            raise ValueError(pair(first.record.seed, run.record.seed, "places"))
    if draws is not None and vary:
        _check_draws(ordered, draws)
    return ordered


def _check_draws(runs: Sequence[Trajectory], draws: ParameterDraws) -> None:
    hash_of = draws.hashes()
    for run in runs:
        seed = run.record.seed
        if run.record.scenario_hash != hash_of(seed):
            what = f"did not run with its draw of the {draws.source} over this scenario"
            raise ValueError(f"seed {seed} {what}")


def _target(score: ScoredTarget) -> TargetRow:
    is_input = score.note.startswith(INPUT)
    return TargetRow(
        score.id,
        score.title,
        score.unit,
        score.group,
        score.observed,
        score.simulated,
        "given" if is_input and score.verdict == "met" else score.verdict,
        score.source,
        score.note,
        score.reason,
        is_input,
    )


def target_rows(scores: Sequence[ScoredTarget]) -> tuple[TargetRow, ...]:
    """Return the targets with the misses first, each group in the order given."""
    rank = {verdict: i for i, verdict in enumerate(MISSES_FIRST)}
    return tuple(sorted(map(_target, scores), key=lambda row: rank[row.verdict]))


def _with_observed(spreads: Sequence[Spread], fans: Sequence[Fan]) -> tuple[Spread, ...]:
    """Set the highest (street) or last (counts) observed figure beside each distribution."""
    out = []
    for spread in spreads:
        curve = by_name()[spread.key].curve
        fan = next((f for f in fans if f.key == curve), None)
        points = fan.observed.get(observed.NATIONAL, ()) if fan else ()
        values = [p for p in points if p.value is not None]
        if values:
            best = values[-1]
            if curve == "active":
                best = max(values, key=lambda p: p.value or -math.inf)
            spread = replace(spread, observed=(best.low, best.value, best.high))
        out.append(spread)
    return tuple(out)


def _subject(
    scenario: Scenario,
    runs: Sequence[Trajectory],
    options: ReportOptions,
    draws: ParameterDraws | None,
) -> Subject:
    record = runs[0].record
    return Subject(
        case=record.case,
        title=scenario.title,
        summary=scenario.summary,
        question=options.question or next(iter(scenario.questions), ""),
        changes=tuple(options.changes),
        country=scenario.country.name,
        start=scenario.clock.start.strftime("%Y-%m-%dT%H:%M"),
        hours=record.hours,
        citizens=record.citizens,
        agents=record.agents,
        scale=record.scale,
        model_version=record.model_version,
        parameters="" if draws is None else draws.words(len(runs)),
        drawn="" if draws is None or draws.source == "default" else draws.source,
        engine=record.engine,
        reply=options.reply,
    )


def build_payload(
    scenario: Scenario,
    trajectories: Sequence[Trajectory],
    scores: Sequence[ScoredTarget],
    options: ReportOptions,
    draws: ParameterDraws | None = None,
) -> ReportPayload:
    """Return everything the report shows.

    ``trajectories`` are seeds of the same scenario, model and scale, in any order; ``draws`` says
    where the values of their parameters come from, so that bands are also over what each seed
    drew. Raises ``ValueError`` when the trajectories do not belong together, to the scenario or to
    the draws.
    """
    runs = _checked(trajectories, draws)
    land = run_arrays(scenario, runs[0])
    fans = aggregate.fans(runs, land, observed.placed(scenario))
    spreads = _with_observed(statistics.spreads(runs), fans)
    fates, targets = statistics.fates(runs), target_rows(scores)
    about = _subject(scenario, runs, options, draws)
    base = runs[0].record.scenario_hash if draws is None else draws.base
    repeat = provenance_of(runs, options, base, "" if draws is None else draws.sample)
    return ReportPayload(
        about=about,
        answer=(
            *summary_sentences.street_and_harm(scenario, runs, land, spreads),
            summary_sentences.fate_and_fit(fates, targets, len(runs)),
            *([UNTOLD] if about.engine == "cohorts" and not fates else []),
        ),
        figures=spreads[:3],
        seeds=repeat.seeds,
        regions=geography.region_rows(scenario, land.regions),
        boundaries=geography.boundaries(scenario),
        layers=aggregate.layers(runs, land),
        cities=aggregate.crowds(scenario, runs),
        fans=fans,
        notes=timeline.notes(scenario, fans),
        lanes=timeline.lanes(scenario, runs),
        presence=observed.presence(scenario, land.regions),
        targets=targets,
        fates=fates,
        spreads=spreads,
        parameters=ledger_entries(scenario, draws),
        assumptions=assumptions.assumptions(scenario, about.parameters, bool(about.drawn)),
        repeat=repeat,
    )
