"""What a change did: differences of the two histories, seed by seed, over the seeds they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from steppe.report.aggregate import crowds
from steppe.report.encode import signed
from steppe.report.pair_sentences import answer
from steppe.report.payload import Floats
from steppe.results.curves import LAYERS, Curve, RunArrays, run_arrays
from steppe.results.outcomes import by_name
from steppe.study.comparison import compare_runs, divergence

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario
    from steppe.results.trajectory import Trajectory
    from steppe.study.comparison import OutcomeComparison

FINER = 10
"""Differences are sent so much more finely than what they are differences of."""

CROWD_STEP = 0.1

ON_MAPS = ("active", "violent", "obeying", "connectivity", "grievance")
"""Quantities that the maps of the app show."""

FEWEST = 3
"""With fewer pairs the mean is the median and an interval says nothing: maps need no more."""

NO_MAPS: dict[str, Any] = {"gaps": [], "crowds": None}
NONE: dict[str, Any] = {"answer": "", "effects": [], "causes": [], "parted": None, **NO_MAPS}
"""What is said where no seed has both histories."""

Pairs = Sequence[tuple["Trajectory", "Trajectory"]]
"""Both runs of each seed: baseline, counterfactual."""


def difference_document(scenario: Scenario, pairs: Pairs, title: str) -> dict[str, Any]:
    """Return what the page shows of the differences: of outcomes, of the maps, of the crowds.

    Every difference is baseline minus counterfactual, the mean over the pairs; the answer says in
    words what the change, called ``title``, did.
    """
    if not pairs:
        return NONE
    comparison = compare_runs(pairs, scenario.country.citizens)
    return {
        "answer": answer(comparison, title),
        "effects": effect_rows(comparison),
        "causes": cause_rows(comparison),
        "parted": min(divergence(*pair) for pair in pairs),
        **(_maps(scenario, pairs) if len(pairs) >= FEWEST else NO_MAPS),
    }


def _maps(scenario: Scenario, pairs: Pairs) -> dict[str, Any]:
    return {
        "gaps": _map_gaps(pairs, run_arrays(scenario, pairs[0][0])),
        "crowds": _crowd_gaps(scenario, pairs),
    }


def effect_rows(comparison: OutcomeComparison) -> list[dict[str, Any]]:
    """Return the headline outcomes of both arms and their difference, with that of each pair."""
    return [
        row.document()
        | {
            "name": row.outcome.name,
            "noun": row.outcome.noun,
            "digits": row.digits,
            "gaps": list(row.by_pair),
        }
        for row in comparison.headlines
    ]


def cause_rows(comparison: OutcomeComparison) -> list[dict[str, Any]]:
    """Return the probabilities of causation, with how often each came about in either arm."""
    catalogue = by_name()
    return [
        {
            "name": one.outcome, "label": catalogue[one.outcome].happens, "pairs": one.pairs,
            "baseline": one.always + one.only_with, "variant": one.always + one.only_without,
            "necessity": one.necessity, "sufficiency": one.sufficiency, "both": one.both,
        }
        for one in comparison.causes
    ]  # fmt: skip


def _map_gaps(pairs: Pairs, land: RunArrays) -> list[dict[str, Any]]:
    everyone = [run for pair in pairs for run in pair]
    return [
        _gap(quantity, pairs, land)
        for quantity in LAYERS
        if quantity.key in ON_MAPS and all(quantity.available(run) for run in everyone)
    ]


def _gap(quantity: Curve, pairs: Pairs, land: RunArrays) -> dict[str, Any]:
    """Return mean and interval by hour, of the country and of each region."""
    national, regional = [], []
    for one, other in pairs:
        (whole, by), (whole_other, by_other) = (quantity.measure(r, land) for r in (one, other))
        national.append(whole - whole_other)
        regional.append(np.zeros((0, 0)) if by is None or by_other is None else (by - by_other).T)
    step = quantity.step / FINER
    return {
        "key": quantity.key,
        "step": step,
        "national": signed(_bounds(np.stack(national)), step),
        "regional": signed(_bounds(np.stack(regional)), step),
    }


def _bounds(gaps: Floats) -> Floats:
    """Return mean, low and high end over the pairs; missing where a run has no value."""
    bounds = np.stack(mean_interval(np.nan_to_num(gaps)))
    bounds[:, np.isnan(gaps).any(axis=0)] = np.nan
    return bounds


def mean_interval(gaps: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the mean over axis 0 of ``gaps`` and the ends of its 95 % interval by Student's t.

    For tens of thousands of hours and regions at once, where resampling would take seconds. With
    one row the ends are NaN.
    """
    from scipy.special import stdtrit

    n, mean = len(gaps), gaps.mean(axis=0)
    if n == 1:
        return mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    half = stdtrit(n - 1, 0.975) * gaps.std(axis=0, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half


def _crowd_gaps(scenario: Scenario, pairs: Pairs) -> dict[str, Any]:
    """Return the mean difference of the crowd of each city that the maps show, (city, hour)."""
    index = {place: i for i, place in enumerate(pairs[0][0].coords["place"])}
    places = [index[city.id] for city in crowds(scenario, pairs[0][:1])]
    gaps = [one.active()[:, places] - other.active()[:, places] for one, other in pairs]
    return signed(np.mean(gaps, axis=0).T, CROWD_STEP)
