"""Build a report's payload from a scenario, its trajectories and its scores."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from steppe.case.scenario import Scenario
from steppe.model.custom import is_code
from steppe.model.ledger import NONE, ROLES, chosen_rule, parameters_for
from steppe.report import (
    aggregate,
    assumptions,
    geography,
    observed,
    statistics,
    summary_sentences,
    timeline,
)
from steppe.report.payload import (
    Fan,
    ParameterEntry,
    ReportPayload,
    ScoredTarget,
    Spread,
    Subject,
    TargetRow,
    parameter_entries,
)
from steppe.report.provenance import Provenance, provenance_of
from steppe.results.curves import run_arrays
from steppe.results.outcomes import by_name
from steppe.results.trajectory import Trajectory
from steppe.study.parameter_draws import ParameterDraws

MISSES_FIRST = ("missed", "near", "met", "given", "untested")
SCRIPTED_INPUT = "scripted input"
"""A target whose note begins so is part of the script: agreement with it is no test."""


def _checked(runs: Sequence[Trajectory], drawn: ParameterDraws | None) -> tuple[Trajectory, ...]:
    """Return the runs in the order of seeds; all must be seeds of one scenario and model.

    With ``drawn`` each seed has parameters of its own: those of its draw, and no others.
    """
    if not runs:
        raise ValueError("a report needs at least one trajectory")
    ordered = tuple(sorted(runs, key=lambda run: run.record.seed))
    first = ordered[0]
    pair = "seeds {} and {} differ in {}".format
    draws = drawn is not None and drawn.source != "default"
    for before, run in itertools.pairwise(ordered):
        if before.record.seed == run.record.seed:
            raise ValueError(f"seed {run.record.seed} is given twice")
        for name in ("scenario_hash", "model_version", "scale", "hours"):
            if name == "scenario_hash" and draws:
                continue
            if getattr(run.record, name) != getattr(first.record, name):
                raise ValueError(pair(first.record.seed, run.record.seed, name))
        if run.coords != first.coords:
            raise ValueError(pair(first.record.seed, run.record.seed, "places"))
    if drawn is not None and draws:
        _check_draws(ordered, drawn)
    return ordered


def _check_draws(runs: Sequence[Trajectory], drawn: ParameterDraws) -> None:
    wanted = drawn.hashes()
    for run in runs:
        seed = run.record.seed
        if run.record.scenario_hash != wanted(seed):
            what = f"did not run with its draw of the {drawn.source} over this scenario"
            raise ValueError(f"seed {seed} {what}")


def _target(score: ScoredTarget) -> TargetRow:
    given = score.verdict == "met" and score.note.startswith(SCRIPTED_INPUT)
    return TargetRow(
        score.id,
        score.title,
        score.unit,
        score.group,
        score.observed,
        score.simulated,
        "given" if given else score.verdict,
        score.source,
        score.note,
        score.reason,
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
        known = [p for p in points if p.value is not None]
        if known:
            best = known[-1]
            if curve == "active":
                best = max(known, key=lambda p: p.value or -math.inf)
            spread = replace(spread, observed=(best.low, best.value, best.high))
        out.append(spread)
    return tuple(out)


def ledger_entries(
    scenario: Scenario, drawn: ParameterDraws | None = None
) -> tuple[ParameterEntry, ...]:
    """Return every parameter of the rules the scenario chose, with its value there."""
    out: list[ParameterEntry] = []
    found = {} if drawn is None else drawn.intervals()
    for role in ROLES:
        own = {p.partition(".")[2]: q for p, q in found.items() if p.partition(".")[0] == role}
        rule = chosen_rule(role, scenario.mechanisms)
        if is_code(rule):
            parameters = scenario.custom.mechanism(rule).parameters
            values = parameters.build(scenario.parameters.get(role, {}))
            out.extend(parameter_entries(f"{role}: {rule}", values, own))
        elif rule != NONE:
            values = parameters_for(role, scenario.mechanisms, scenario.parameters)
            out.extend(parameter_entries(f"{role}: {rule}", values, own))
    return tuple(out)


def _subject(
    scenario: Scenario,
    runs: Sequence[Trajectory],
    question: str,
    changes: Sequence[str],
    drawn: ParameterDraws | None,
) -> Subject:
    record = runs[0].record
    return Subject(
        case=record.case,
        title=scenario.title,
        summary=scenario.summary,
        question=question or next(iter(scenario.questions), ""),
        changes=tuple(changes),
        country=scenario.country.name,
        start=scenario.clock.start.strftime("%Y-%m-%dT%H:%M"),
        hours=record.hours,
        citizens=record.citizens,
        agents=record.agents,
        scale=record.scale,
        model_version=record.model_version,
        parameters="" if drawn is None else drawn.words(len(runs)),
        drawn="" if drawn is None or drawn.source == "default" else drawn.source,
    )


def build_payload(
    scenario: Scenario,
    trajectories: Sequence[Trajectory],
    scores: Sequence[ScoredTarget],
    command: str,
    *,
    versions: Mapping[str, str] | None = None,
    parameters: Sequence[ParameterEntry] | None = None,
    attribution: Sequence[str] = (),
    question: str = "",
    changes: Sequence[str] = (),
    drawn: ParameterDraws | None = None,
) -> ReportPayload:
    """Return everything the report shows.

    ``trajectories`` are seeds of the same scenario, model and scale, in any order. ``command``
    is the exact command that repeats the report, ``versions`` further names and versions beside
    model and engine, ``attribution`` the licence lines of the case's data, ``question`` what was
    asked (else the case's first question), ``changes`` the patch in words; ``parameters``
    are those of the scenario's mechanisms unless given; ``drawn`` says where their values come
    from, so that bands are also over what each seed drew. Raises ``ValueError`` when the
    trajectories do not belong together, to the scenario or to the draws.
    """
    runs = _checked(trajectories, drawn)
    return _assembled(
        scenario,
        runs,
        target_rows(scores),
        _subject(scenario, runs, question, changes, drawn),
        ledger_entries(scenario, drawn) if parameters is None else tuple(parameters),
        provenance_of(
            runs,
            command,
            versions or {},
            attribution,
            scenario_hash=runs[0].record.scenario_hash if drawn is None else drawn.base,
            sample="" if drawn is None else drawn.sample,
        ),
    )


def _assembled(
    scenario: Scenario,
    runs: tuple[Trajectory, ...],
    targets: tuple[TargetRow, ...],
    about: Subject,
    parameters: tuple[ParameterEntry, ...],
    repeat: Provenance,
) -> ReportPayload:
    land = run_arrays(scenario, runs[0])
    fans = aggregate.fans(runs, land, observed.placed(scenario))
    spreads = _with_observed(statistics.spreads(runs), fans)
    fates = statistics.fates(runs)
    return ReportPayload(
        about=about,
        answer=summary_sentences.sentences(scenario, runs, land, spreads, fates, targets),
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
        parameters=parameters,
        assumptions=assumptions.assumptions(scenario, about.parameters, bool(about.drawn)),
        repeat=repeat,
    )
