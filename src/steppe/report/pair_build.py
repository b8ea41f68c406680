"""Build the payload of a pair's report from the pair and its stored runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steppe.case.scenario import Scenario
from steppe.evidence.scoring import score
from steppe.report import (
    aggregate,
    geography,
    pair_differences,
    pair_lanes,
    pair_sentences,
    statistics,
)
from steppe.report import timeline as actors
from steppe.report.build import target_rows
from steppe.report.effects import value_words
from steppe.report.misfit import scored_rows
from steppe.report.pair_payload import ArmKey, PairArm, PairPayload, PairSubject, PatchStep
from steppe.report.price_basis import PRICES, price_basis
from steppe.report.provenance import ReportOptions, provenance_of
from steppe.report.summary_sentences import fit
from steppe.results.curves import RunArrays, run_arrays
from steppe.results.engines import UNTOLD
from steppe.results.formatting import moment
from steppe.results.trajectory import RunRecord, Trajectory
from steppe.study.ensemble import Ensemble
from steppe.study.individual_divergence import IndividualDivergence
from steppe.study.pair import Pair

NAMES: Mapping[ArmKey, str] = {"base": "Baseline", "other": "Counterfactual"}


def _arm(
    key: ArmKey, result: Ensemble, scenario: Scenario, runs: Sequence[Trajectory], land: RunArrays
) -> PairArm:
    return PairArm(
        key,
        NAMES[key],
        result.scenario_hash,
        aggregate.fans(runs, land, {}),
        aggregate.layers(runs, land),
        aggregate.crowds(scenario, runs),
        statistics.fates(runs),
    )


def _steps(pair: Pair) -> tuple[PatchStep, ...]:
    texts = {f"timeline.{event.id}": event.text for event in pair.scenario.timeline}
    return tuple(
        PatchStep(
            change.path, value_words(change.old, change.path),
            value_words(change.new, change.path),
            texts.get(change.path.rpartition(".")[0], ""),
        )
        for change in pair.patch
    )  # fmt: skip


def _price(pair: Pair) -> tuple[str, ...]:
    """Return how well the price is known, in a sentence, where it is what was changed."""
    if not any(change.path.startswith(PRICES) for change in pair.patch):
        return ()
    return tuple(filter(None, [price_basis(pair.scenario)]))


def _fit(scenario: Scenario, runs: Sequence[Trajectory]) -> str:
    rows = target_rows(score(scenario, runs))
    return f"Of the baseline: {fit(rows)}" if scored_rows(rows) else ""


def parted_words(pair: Pair) -> str:
    """Return when the two histories first differ, as a clause."""
    clock = pair.scenario.clock.clock()
    hours = pair.first_divergence
    never = sum(hour >= clock.hours for hour in hours)
    if never == len(hours):
        return "the two histories never differ"
    first, last = min(hours), max(hour for hour in hours if hour < clock.hours)
    rest = f", but never in {never} of {len(hours)} pairs" if never else ""
    if first == last:
        return f"the two histories first differ on {moment(clock.time_of(first))}{rest}"
    early, late = moment(clock.time_of(first)), moment(clock.time_of(last))
    return f"the two histories first differ between {early} and {late}{rest}"


def _subject(pair: Pair, record: RunRecord, shared: Sequence[str], parameters: str) -> PairSubject:
    scenario = pair.scenario
    listed = scenario.counterfactuals.get(pair.name)
    return PairSubject(
        case=record.case,
        case_title=scenario.title,
        title=pair_sentences.title_of(pair),
        question=listed.question if listed else "",
        country=scenario.country.name,
        start=scenario.clock.start.strftime("%Y-%m-%dT%H:%M"),
        hours=record.hours,
        citizens=record.citizens,
        agents=record.agents,
        scale=record.scale,
        model_version=record.model_version,
        shared=tuple(shared),
        parameters=parameters,
        drawn=pair.baseline.parameters != "default",
        engine=record.engine,
    )


def _runs(pair: Pair) -> tuple[list[Trajectory], list[Trajectory]]:
    """Return the runs of both arms, seed by seed; refuse arms that cannot lie on one page."""
    ones, others = (list(arm) for arm in zip(*pair.runs(), strict=True))
    first, second = ones[0], others[0]
    if first.coords != second.coords or first.record.hours != second.record.hours:
        raise ValueError("the two arms of a pair need the same places and hours")
    return ones, others


def _failed(pair: Pair) -> tuple[tuple[str, int, str], ...]:
    arms = zip(NAMES.values(), (pair.baseline, pair.variant), strict=True)
    return tuple((name, seed, reason) for name, arm in arms for seed, reason in arm.failures)


def build_pair(
    pair: Pair,
    options: ReportOptions,
    *,
    histories: IndividualDivergence | None = None,
    parameters: str = "",
) -> PairPayload:
    """Return everything the report of a pair shows, from the runs in its store.

    The changes in ``options`` are those of both arms; ``parameters`` says where those of both come
    from; ``histories`` one seed lived side by side. Raises ``ValueError`` when the two arms do not
    have the same places and hours.
    """
    runs = _runs(pair)
    scenarios = (pair.scenario, pair.changed)
    land = run_arrays(pair.scenario, runs[0][0])
    arms = (
        _arm("base", pair.baseline, pair.scenario, runs[0], land),
        _arm("other", pair.variant, pair.changed, runs[1], land),
    )
    first_difference = parted_words(pair)
    marks = [actors.notes(one, arm.fans) for one, arm in zip(scenarios, arms, strict=True)]
    base = pair.baseline
    return PairPayload(
        about=_subject(pair, runs[0][0].record, options.changes, parameters),
        patch=_steps(pair),
        answer=(
            *pair_sentences.sentences(pair, first_difference),
            *_price(pair),
            *([UNTOLD] if pair.comparison.cause("regime_stays") is None else []),
        ),
        fit=_fit(pair.scenario, runs[0]),
        seeds=pair.seeds,
        failed=_failed(pair),
        parted=first_difference,
        regions=geography.region_rows(pair.scenario, land.regions),
        boundaries=geography.boundaries(pair.scenario),
        arms=arms,
        layer_gaps=pair_differences.layer_differences(runs, land),
        fan_gaps=pair_differences.fan_differences(runs, land),
        notes=pair_lanes.notes(*marks),
        lanes=pair_lanes.lanes(*map(actors.lanes, scenarios, runs)),
        effects=pair.comparison.headlines,
        tiles=pair.comparison.answer[: pair_sentences.MAIN],
        causes=pair.causation,
        places=pair_differences.region_differences(pair.scenario, pair, runs, land, histories),
        histories=histories,
        repeat=provenance_of(runs[0], options, base.scenario_hash, base.sample, paired=True),
    )
