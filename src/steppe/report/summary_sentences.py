"""The answer in generated sentences: never more certain than the seeds allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from steppe.case.scenario import Scenario
from steppe.report.misfit import misfit_words, scored_rows
from steppe.report.payload import Share, Spread, TargetRow
from steppe.results.curves import RunArrays, curves_by_key
from steppe.results.formatting import count, day, interval, listing, number, quantity
from steppe.results.outcomes import by_name
from steppe.results.trajectory import Trajectory

ENOUGH_SEEDS = 20
"""Below this many runs a 5-95 % interval over seeds means nothing: the range is given instead."""


def spread_words(spread: Spread) -> str:
    """Return the spread over seeds in words, as honest as the number of seeds allows."""
    runs = len(spread.values)
    if runs == 1:
        return "one run, so no spread is known"
    if runs < ENOUGH_SEEDS:
        ends = interval(min(spread.values), max(spread.values), spread.unit, spread.digits)
        return f"{ends} over only {count(runs, 'run')}"
    ends = interval(spread.quantiles[0], spread.quantiles[2], spread.unit, spread.digits)
    return f"90 % of {count(runs, 'run')}: {ends}"


def _figure(spread: Spread, noun: str, *, first: bool) -> str:
    """Return the median and its spread; what the spread means is said the first time only."""
    runs = len(spread.values)
    middle = f"{quantity(spread.quantiles[1], spread.unit, spread.digits)} {noun}"
    if runs == 1:
        return middle
    if runs < ENOUGH_SEEDS:
        ends = interval(min(spread.values), max(spread.values), spread.unit, spread.digits)
        meaning = f" over only {count(runs, 'run')}"
    else:
        ends = interval(spread.quantiles[0], spread.quantiles[2], spread.unit, spread.digits)
        meaning = f" in 90 % of {count(runs, 'run')}"
    return f"{middle} ({ends}{meaning if first else ''})"


def _peak_day(scenario: Scenario, runs: Sequence[Trajectory], land: RunArrays) -> str:
    clock = scenario.clock.clock()
    active = curves_by_key()["active"]
    hours = [int(np.argmax(active.measure(run, land)[0])) for run in runs]
    days = Counter(clock.day_of(hour) for hour in hours)
    best, seeds = min(days.items(), key=lambda item: (-item[1], item[0]))
    when = day(clock.start + timedelta(days=best))
    if len(runs) == 1:
        return f"on {when}, in the one run there is"
    if seeds == len(runs):
        return f"in every run on {when}"
    return f"in {seeds} of {count(len(runs), 'run')} on {when}"


def _all(runs: int) -> str:
    return "both runs" if runs == 2 else f"all {count(runs, 'run')}"


def _fate_words(fates: Sequence[Share], runs: int) -> str:
    endings = [share for share in fates if share.seeds]
    if runs == 1:
        return f"The regime {endings[0].key} in this run"
    if len(endings) == 1:
        rest = number(100 * (1 - endings[0].low), 2)
        verb = endings[0].key
        return (
            f"The regime {verb} in {_all(runs)}, which leaves room "
            f"for up to {rest} % of other endings"
        )
    parts = [f"{s.key} in {s.seeds}" for s in endings]
    return f"The regime {listing(parts)} of {count(runs, 'run')}"


def _target_words(targets: Sequence[TargetRow]) -> str:
    tested = scored_rows(targets)
    if not tested:
        return "no observed figure was tested"
    tally = Counter(t.verdict for t in tested)
    met = f"{tally['met']} of {len(tested)} observed figures are met"
    if len(tested) == 1:
        met = f"the one observed figure tested is {'met' if tally['met'] else 'not met'}"
    extra = [f"{tally['near']} nearly"] if tally["near"] else []
    extra += [f"{tally['missed']} missed"] if tally["missed"] else []
    return met + (f" ({', '.join(extra)})" if extra and len(tested) > 1 else "")


def street_and_harm(
    scenario: Scenario, runs: Sequence[Trajectory], land: RunArrays, spreads: Sequence[Spread]
) -> list[str]:
    """Return up to two sentences: when the street peaks, and what it ends with."""
    by_key = {spread.key: spread for spread in spreads}
    out = []
    if "peak_active" in by_key:
        peak = _peak_day(scenario, runs, land)
        out.append(
            f"The street peaks at {_figure(by_key['peak_active'], 'people', first=True)}, {peak}."
        )
    harm = [
        _figure(by_key[key], by_name()[key].noun, first=not out)
        for key in ("people_killed", "arrested")
        if key in by_key
    ]
    return [*out, f"It ends with {listing(harm)}."] if harm else out


def fate_and_fit(fates: Sequence[Share], targets: Sequence[TargetRow], runs: int) -> str:
    """Return what became of the regime, what is wrong in kind, and how many figures are met."""
    fate = f"{_fate_words(fates, runs)}." if fates else ""
    return " ".join(filter(None, (fate, fit(targets))))


def fit(targets: Sequence[TargetRow]) -> str:
    """Return what is wrong in kind, and how many observed figures are met."""
    numbers = _target_words(targets)
    return " ".join(filter(None, (misfit_words(targets), f"{numbers[0].upper()}{numbers[1:]}.")))
