"""Tests of claims on runs: shares of runs, spreads, paired effects, causes, answers to doses.

Every function takes what was measured in each arm, by seed, and returns a ``Finding``. Nothing
here runs anything, so planted numbers can stand in for runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from steppe.case.claims_quantity import ClaimQuantity
from steppe.case.claims_tests import (
    CauseTest,
    CounterfactualTest,
    DoseResponseTest,
    RunTest,
    SpreadTest,
)
from steppe.core.random import Purpose, key_of, uniforms
from steppe.study.causation import causation
from steppe.study.claims.arms import BASELINE, COUNTERFACTUAL, THAN
from steppe.study.claims.decision_rules import (
    CONTRADICTED,
    FEWEST,
    SUPPORTED,
    UNDECIDED,
    Decision,
    Finding,
    by_bar,
    by_equivalence,
    by_mean,
    by_range,
    by_share,
    mean_interval,
)
from steppe.study.claims.measure import is_binary
from steppe.study.claims.numbers import count_text, interval, number_text, signed
from steppe.study.effects import RESAMPLES, Floats

Readings = Callable[[str, ClaimQuantity], Mapping[int, float]]
"""(part of the arm in the test, quantity) -> seed -> number."""


def judge_run(test: RunTest, readings: Readings, minimum: float) -> Finding:
    """Judge how often something is so."""
    runs = _finite(readings(BASELINE, test.quantity))
    if test.given is not None:
        conditions = readings(BASELINE, test.given)
        runs = {seed: value for seed, value in runs.items() if conditions.get(seed) == 1.0}
    if not runs:
        return _none("share of runs", "no run bears on it")
    agree = sum(value == 1.0 for value in runs.values())
    if test.probability is not None:
        low, high = test.probability.low, test.probability.high
        decision = by_range(agree, len(runs), low, high)
        bar = f"between {number_text(low)} and {number_text(high)} are needed"
    else:
        least = test.minimum_probability or minimum
        decision = by_share(agree, len(runs), least)
        bar = _bar(least)
    condition = f" among those with {test.given.name}" if test.given else ""
    reason = f"{agree} of {count_text(len(runs), 'run')}{condition}: {test.quantity.name}; {bar}"
    return _finding(decision, "share of runs", reason, runs)


def judge_spread(test: SpreadTest, arms: Readings, minimum: float) -> Finding:
    """Judge how far apart the runs of one scenario end."""
    runs = _finite(arms(BASELINE, test.quantity))
    if len(runs) < 2:
        return _none("spread over runs", "too few runs bear on it")
    values = np.array(list(runs.values()))
    n = len(values)
    draws = (uniforms(key_of(n), Purpose.RESAMPLE, 0, RESAMPLES * n) * n).astype(np.int64)
    again = _spreads(values[draws.reshape(RESAMPLES, n)])
    low, high = (float(v) for v in np.quantile(again, (0.025, 0.975)))
    ratio = float(_spreads(values[None, :])[0])
    decision = by_bar(ratio, low, high, test.ratio, n)
    reason = (
        f"{test.quantity.name} differs {number_text(ratio)}-fold between 5 % and 95 % points of "
        f"{n} runs; at least {number_text(test.ratio)} was claimed"
    )
    return _finding(decision, "spread over runs", reason, runs)


def _spreads(values: Floats) -> Floats:
    low, high = np.quantile(values, (0.05, 0.95), axis=1)
    ratio: Floats = (1.0 + high) / (1.0 + low)
    return ratio


def judge_counterfactual(test: CounterfactualTest, readings: Readings, minimum: float) -> Finding:
    """Judge what a change does, pair by pair, against the margin fixed for it."""
    first, second = (THAN, COUNTERFACTUAL) if test.than else (BASELINE, COUNTERFACTUAL)
    removal = test.patch_is == "removal"
    arms = {part: _finite(readings(part, test.quantity)) for part in {BASELINE, first, second}}
    seeds = sorted(set.intersection(*(set(runs) for runs in arms.values())))
    if not seeds:
        return _none("share of pairs", "no pair bears on it")
    before = np.array([arms[first][seed] for seed in seeds])
    after = np.array([arms[second][seed] for seed in seeds])
    was = np.abs([arms[BASELINE][seed] for seed in seeds])
    gaps = before - after if removal else after - before
    toward = -gaps if test.direction == "decrease" else gaps
    relative = test.margin_is == "relative"
    if test.measure == "mean":
        bar = float(was.mean()) * test.margin if relative else test.margin
        decision = _mean_decision(test, toward, bar)
    else:
        decision = _share_decision(test, toward, was * test.margin if relative else None, minimum)
    mean, low, high = mean_interval(gaps, binary=is_binary(test.quantity))
    details = {
        "effect": {"mean": mean, "interval": [low, high]},
        "arms": {part: float(np.mean(list(runs.values()))) for part, runs in arms.items()},
    }
    return _finding(
        decision, f"{'mean effect' if test.measure == 'mean' else 'share of pairs'}",
        _counterfactual_reason(test, decision, (mean, low, high), len(seeds), minimum),
        dict(zip(seeds, toward.tolist(), strict=True)), details,
    )  # fmt: skip


def _mean_decision(test: CounterfactualTest, toward: Floats, bar: float) -> Decision:
    """Decide by the mean effect, and give it with its own sign again."""
    binary = is_binary(test.quantity)
    if test.direction == "none":
        return by_equivalence(toward, bar, binary=binary)
    decision = by_mean(toward, bar, binary=binary)
    if test.direction == "increase":
        return decision
    return Decision(
        decision.verdict, decision.leaning, -decision.number, -decision.high, -decision.low
    )


def _share_decision(
    test: CounterfactualTest, toward: Floats, margins: Floats | None, minimum: float
) -> Decision:
    """Decide by the share of pairs, and against a claim whose mean effect goes the other way."""
    bars: Floats = np.full(len(toward), test.margin) if margins is None else margins
    none = test.direction == "none"
    agree = np.abs(toward) <= bars if none else toward > bars
    decision = by_share(int(agree.sum()), len(toward), test.minimum_probability or minimum)
    binary = is_binary(test.quantity)
    if none or mean_interval(toward, binary=binary)[2] >= 0.0 or len(toward) < FEWEST:
        return decision
    verdict = UNDECIDED if decision.verdict == SUPPORTED else CONTRADICTED
    return Decision(verdict, decision.leaning, decision.number, decision.low, decision.high)


def _counterfactual_reason(
    test: CounterfactualTest,
    decision: Decision,
    effect: tuple[float, float, float],
    pairs: int,
    minimum: float,
) -> str:
    cause = test.patch or "the change"
    what = f"what {cause} takes away" if test.patch_is == "removal" else cause
    more = f" beyond that of {test.than}" if test.than else ""
    margin = (
        f"{number_text(100 * test.margin)} %"
        if test.margin_is == "relative"
        else number_text(test.margin)
    )
    mean, low, high = effect
    says = f"{what} changes {test.quantity.name}{more} by {signed(mean)} ({interval(low, high)})"
    claimed = {
        "increase": f"a rise of more than {margin}",
        "decrease": f"a fall of more than {margin}",
        "none": f"no change beyond {margin}",
    }[test.direction]
    if test.measure == "mean":
        return f"{says} on average over {count_text(pairs, 'pair')}; {claimed} was claimed"
    agree = round(decision.number * pairs)
    bar = _bar(test.minimum_probability or minimum)
    return f"{agree} of {count_text(pairs, 'pair')} show {claimed}; {bar}; {says} on average"


def judge_cause(test: CauseTest, readings: Readings, minimum: float) -> Finding:
    """Judge whether the cause at stake was necessary, sufficient, or both."""
    with_it, without = (
        (BASELINE, COUNTERFACTUAL) if test.patch_is == "removal" else (COUNTERFACTUAL, BASELINE)
    )
    arms = [_finite(readings(part, test.quantity)) for part in (with_it, without)]
    seeds = sorted(set(arms[0]) & set(arms[1]))
    pairs = [(arms[0][seed] == 1.0, arms[1][seed] == 1.0) for seed in seeds]
    causes = causation(test.quantity.name, [a for a, _ in pairs], [b for _, b in pairs])
    trials = {
        seed: float(a and not b)
        for seed, (a, b) in zip(seeds, pairs, strict=True)
        if (test.role != "necessary" or a) and (test.role != "sufficient" or not b)
    }
    measure = {"necessary": "necessity", "sufficient": "sufficiency", "both": "both"}[test.role]
    name = test.quantity.name
    if not trials:
        why = f"{name} never happens with it" if test.role == "necessary" else "it always happens"
        return _none(measure, f"no pair bears on it: {why}")
    least = test.minimum_probability or minimum
    decision = by_share(int(sum(trials.values())), len(trials), least)
    happened = {
        "necessary": f"{len(trials)} pairs in which {name} happened with it, it did not without",
        "sufficient": f"{len(trials)} pairs in which {name} did not happen without it, it did with",
        "both": f"{len(trials)} pairs {name} happened with it and not without",
    }[test.role]
    details = {
        measure: None if value is None else list(value)
        for measure, value in (("necessity", causes.necessity), ("sufficiency", causes.sufficiency),
                              ("both", causes.both))
    }  # fmt: skip
    reason = f"in {int(sum(trials.values()))} of {happened}; {_bar(least)}"
    return _finding(decision, measure, reason, trials, details)


def judge_doses(test: DoseResponseTest, readings: Readings, minimum: float) -> Finding:
    """Judge the shape of the answer to rising doses, seed by seed."""
    arms = [_finite(readings(f"{dose:g}", test.quantity)) for dose in test.doses]
    seeds = sorted(set.intersection(*(set(runs) for runs in arms)))
    if not seeds:
        return _none("share of seeds", "no seed has every dose")
    answers = np.array([[runs[seed] for runs in arms] for seed in seeds])
    holds = {s: float(_has_shape(test, y)) for s, y in zip(seeds, answers, strict=True)}
    least = test.minimum_probability or minimum
    agree = int(sum(holds.values()))
    decision = by_share(agree, len(seeds), least)
    means = ", ".join(number_text(float(v)) for v in answers.mean(axis=0))
    doses = ", ".join(f"{dose:g}" for dose in test.doses)
    reason = (
        f"{agree} of {count_text(len(seeds), 'seed')} show the shape '{test.shape}'; "
        f"{_bar(least)}; {test.quantity.name} is {means} on average at {test.path} {doses}"
    )
    details = {"doses": list(test.doses), "means": answers.mean(axis=0).tolist()}
    return _finding(decision, "share of seeds", reason, holds, details)


def _has_shape(test: DoseResponseTest, y: Floats) -> bool:
    rise = float(y[-1] - y[0])
    if test.shape == "flat":
        return bool(np.abs(y - y[0]).max() <= test.margin)
    if test.shape == "falling":
        return -rise > test.margin
    if not rise > test.margin:
        return False
    if test.shape == "enough_at":
        gain = float(y[test.doses.index(float(test.dose or 0.0))] - y[0])
        return gain >= float(test.fraction or 0.0) * rise
    if test.shape == "jump":
        return float(np.diff(y).max()) >= float(test.fraction or 0.0) * rise
    return True


def _bar(minimum: float) -> str:
    return f"more than {number_text(minimum)} are needed"


def _finite(runs: Mapping[int, float]) -> dict[int, float]:
    return {seed: float(value) for seed, value in runs.items() if np.isfinite(value)}


def _none(measure: str, reason: str) -> Finding:
    return Finding(UNDECIDED, measure, reason)


def _finding(
    decision: Decision,
    measure: str,
    reason: str,
    by_seed: Mapping[int, float],
    details: Mapping[str, object] | None = None,
) -> Finding:
    return Finding(
        decision.verdict, measure, reason, decision.number, decision.low, decision.high,
        len(by_seed), decision.leaning, dict(by_seed), dict(details or {}),
    )  # fmt: skip
