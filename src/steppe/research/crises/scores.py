"""Forecasts of crises held against what happened: Brier, logarithmic score, CRPS.

Happened or not: incumbent out within a year, any defection, any concession. How much: most people
on the street as log10 of the share of citizens, deaths as log10(1 + deaths), held against the
middle of the reported range (geometric mean). Lower is better everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import MappingProxyType

import numpy as np

from steppe.core.response import Floats
from steppe.evidence.scoring import fair_crps, quantiles, with_error
from steppe.research.crises import references
from steppe.research.crises.build import DAYS
from steppe.research.crises.references import Training
from steppe.research.crises.runs import CrisisOutcomes, Simulations
from steppe.research.crises.table import Crisis, known, smallest_visible
from steppe.study.pair import Effect, effect
from steppe.study.population import DEATHS_ERROR, PEAK_ERROR, reported_defection

BINARY: Mapping[str, tuple[Callable[[Crisis], int | None], Callable[[CrisisOutcomes], bool]]]
BINARY = MappingProxyType({
    "incumbent_out": (lambda c: c.incumbent_out_12m, lambda r: r.falls),
    "defection": (lambda c: _any(c.defection), lambda r: r.defection),
    "concession": (lambda c: _any(c.concession), lambda r: r.conceded),
})  # fmt: skip
"""Name -> what the file says (None: blank), what a run says."""

_ROUNDING = 1e-9
FLOOR = 1.0
"""Persons added before logarithms, so that nobody is a number too."""


def _any(level: int | None) -> int | None:
    return None if level is None else int(level > 0)


def observed_share(crisis: Crisis) -> tuple[float, float] | None:
    """Return the ends of log10 of the largest share of citizens on the street, if reported."""
    ends = crisis.peak_low, crisis.peak_high
    if ends[0] is None or ends[1] is None:
        return None
    people = crisis.population_m * 1e6
    return float(np.log10((FLOOR + ends[0]) / people)), float(np.log10((FLOOR + ends[1]) / people))


def observed_deaths(crisis: Crisis) -> tuple[float, float] | None:
    """Return the ends of log10(1 + deaths), if reported."""
    if crisis.deaths_low is None or crisis.deaths_high is None:
        return None
    return float(np.log10(FLOOR + crisis.deaths_low)), float(np.log10(FLOOR + crisis.deaths_high))


FALLS = ("fell", "leader_replaced")
"""Classes of outcomes that end a crisis on the day they come."""


def observed_days(crisis: Crisis) -> float | None:
    """Return log10 of the days until the fall or the end, at most ``DAYS``; None if blank."""
    if crisis.outcome_class in FALLS and crisis.outcome_days is not None:
        days = crisis.outcome_days + 1.0
    elif crisis.end_date:
        start, end = (date.fromisoformat(x) for x in (crisis.start_date, crisis.end_date))
        days = (end - start).days + 1.0
    else:
        return None
    return math.log10(min(days, DAYS))


AMOUNTS: Mapping[
    str,
    tuple[Callable[[Crisis], tuple[float, float] | None], Callable[[CrisisOutcomes, float], float]],
]
AMOUNTS = MappingProxyType({
    "peak": (observed_share, lambda r, people: float(np.log10((FLOOR + r.peak) / people))),
    "deaths": (observed_deaths, lambda r, people: float(np.log10(FLOOR + r.killed))),
})  # fmt: skip
"""Name -> ends of what the file says, what a run of a country with so many citizens says."""

ERRORS: Mapping[str, float] = MappingProxyType({"peak": PEAK_ERROR, "deaths": DEATHS_ERROR})
"""What runs of the law miss of amounts."""


@dataclass(frozen=True, slots=True)
class Binary:
    """One yes-or-no outcome of one case: what happened, and three probabilities."""

    happened: bool
    model: float
    base_rate: float
    logit: float


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of one case on its logarithmic scale: reported ends, forecast, CRPS of three.

    ``forecast`` are the 5 %, 50 %, 95 % points over runs.
    """

    observed: tuple[float, float]
    forecast: tuple[float, float, float]
    model: float
    base_rate: float
    ridge: float

    @property
    def covered(self) -> bool:
        """Whether the 90 % interval of the forecast meets the reported range."""
        low, high = self.observed
        return self.forecast[0] <= high + _ROUNDING and low - _ROUNDING <= self.forecast[2]


@dataclass(frozen=True, slots=True)
class CaseScore:
    """Everything forecast for one case, beside what happened; blanks of the file are left out.

    ``visible`` of its ``runs`` had a crowd large enough for the file, and only they count (all do
    where none had); ``falls`` is the share of them in which the regime fell within the run.
    """

    case_id: str
    runs: int
    visible: int
    falls: float
    binary: Mapping[str, Binary]
    amounts: Mapping[str, Amount]

    @property
    def brier(self) -> float | None:
        """The Brier score of the model for the incumbent's fate."""
        one = self.binary.get("incumbent_out")
        return None if one is None else (one.model - one.happened) ** 2


@dataclass(frozen=True, slots=True)
class Skill:
    """A score of the model, (mean, low, high), and of each reference with the difference.

    Intervals are 95 % bootstrap intervals over cases; ``references`` maps a reference to its mean
    score and to model less reference with its interval: above 0 the reference is better.
    """

    n: int
    model: tuple[float, float, float]
    references: Mapping[str, tuple[float, Effect]]


def score_cases(
    crises: Sequence[Crisis], simulations: Sequence[Simulations], training: Sequence[Crisis]
) -> tuple[CaseScore, ...]:
    """Score each crisis; references learn from ``training`` and other ``crises``, never from it."""
    by_id = {row.case_id: row for row in (*training, *crises)}
    pool = tuple(by_id.values())
    x = references.inputs([known(row) for row in pool])
    at = {row.case_id: k for k, row in enumerate(pool)}
    ids = tuple(at)

    def learn(read: Callable[[Crisis], float | None]) -> Training:
        values = [read(row) for row in pool]
        return Training(ids, x, np.array([np.nan if v is None else float(v) for v in values]))

    binary = {name: learn(says) for name, (says, _) in BINARY.items()}
    amounts = {name: learn(partial(_middle, says)) for name, (says, _) in AMOUNTS.items()}
    scores = []
    for row, every in zip(crises, simulations, strict=True):
        if every.runs:
            runs = tuple(r for r in every.runs if r.peak >= smallest_visible(row))
            one = replace(every, runs=runs or every.runs)
            scores.append(CaseScore(
                row.case_id, len(every.runs), len(runs),
                float(np.mean([run.falls for run in one.runs])),
                _binary(row, one, binary, x[at[row.case_id]]),
                _amounts(row, one, amounts, x[at[row.case_id]]),
            ))  # fmt: skip
    return tuple(scores)


def _middle(says: Callable[[Crisis], tuple[float, float] | None], row: Crisis) -> float | None:
    ends = says(row)
    return None if ends is None else 0.5 * (ends[0] + ends[1])


def _binary(
    crisis: Crisis, simulations: Simulations, training: Mapping[str, Training], row: Floats
) -> dict[str, Binary]:
    scores = {}
    for name, (says, does) in BINARY.items():
        if (happened := says(crisis)) is not None:
            scores[name] = Binary(
                bool(happened),
                _chance(name, does, simulations),
                references.base_rate(training[name], crisis.case_id),
                references.regression(training[name], crisis.case_id, row),
            )
    return scores


def _chance(name: str, does: Callable[[CrisisOutcomes], bool], simulations: Simulations) -> float:
    """Return the model's probability of an outcome; a run in which it happened counts as 1.

    For the incumbent's fate the law of all crises says how likely he is out within twelve months
    after what the run ended in, and how often a run and a crisis agree on defection.
    """
    if name == "incumbent_out" and simulations.exit is not None:
        return float(np.mean([simulations.exit[run.end] for run in simulations.runs]))
    times = sum(does(run) for run in simulations.runs)
    chance = (times + 0.5) / (len(simulations.runs) + 1.0)
    if name == "defection" and simulations.exit is not None:
        return reported_defection(chance)
    return chance


def _amounts(
    crisis: Crisis, simulations: Simulations, training: Mapping[str, Training], row: Floats
) -> dict[str, Amount]:
    """Return the score of each amount; runs of the law err as the law learnt from them says."""
    scores = {}
    for name, (says, does) in AMOUNTS.items():
        if (ends := says(crisis)) is not None:
            error = 0.0 if simulations.exit is None else ERRORS[name]
            values = np.array([does(run, crisis.population_m * 1e6) for run in simulations.runs])
            middle = 0.5 * (ends[0] + ends[1])
            scores[name] = Amount(
                ends,
                quantiles(with_error(values, error).ravel()),
                fair_crps(values, middle, error),
                references.climatology(training[name], crisis.case_id, middle),
                references.ridge(training[name], crisis.case_id, row, middle),
            )
    return scores


def brier(p: Floats, happened: Floats) -> Floats:
    """Return the squared error of each probability."""
    return (p - happened) * (p - happened)


def ignorance(p: Floats, happened: Floats) -> Floats:
    """Return -ln P(what happened) of each probability."""
    return np.asarray(-np.log(np.where(happened > 0.5, p, 1.0 - p)), dtype=np.float64)


def binary_skill(
    cases: Sequence[CaseScore], name: str, rule: Callable[[Floats, Floats], Floats]
) -> Skill | None:
    """Return the skill of probabilities of one outcome under a scoring rule."""
    rows = [case.binary[name] for case in cases if name in case.binary]
    happened = np.array([float(row.happened) for row in rows])
    by_name = {
        who: rule(np.array([getattr(row, who) for row in rows]), happened)
        for who in ("model", "base_rate", "logit")
    }
    return _skill(by_name)


def amount_skill(cases: Sequence[CaseScore], name: str) -> Skill | None:
    """Return the skill of forecasts of one amount, by CRPS."""
    rows = [case.amounts[name] for case in cases if name in case.amounts]
    return _skill({
        who: np.array([getattr(row, who) for row in rows])
        for who in ("model", "base_rate", "ridge")
    })  # fmt: skip


def _skill(scores: dict[str, Floats]) -> Skill | None:
    mine = scores.pop("model")
    if not len(mine):
        return None
    own = effect("model", mine, np.zeros(len(mine)))
    return Skill(
        len(mine),
        (own.difference, own.low, own.high),
        {who: (float(other.mean()), effect(who, mine, other)) for who, other in scores.items()},
    )
