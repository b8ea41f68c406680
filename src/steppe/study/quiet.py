"""The law of all crises given that a country was quiet before its trigger.

The law was learnt from crises that were seen. Some of its draws make a country that rises by
itself within weeks; whoever writes a case down has watched it not rise, often for months. Draws
under which it does are refused: each is tried by one history of the days before the trigger, of
its own seed, so that what is left follows the law given the quiet (rejection sampling).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from steppe.case.load import AnyCase, as_scenario
from steppe.case.scenario import Scenario
from steppe.case.triggers import NO_TRIGGER, acting, has_trigger
from steppe.core.errors import SteppeError
from steppe.engine.cohort_run import run_many
from steppe.engine.version import MODEL_VERSION, engine_version
from steppe.study.parameters import law_rows
from steppe.study.placebo import CRISIS, left_alone
from steppe.study.population import law_without
from steppe.study.posterior import ACCOUNT, SAMPLE, Posterior

DRAWS = 100
LONGEST = timedelta(days=366)
"""No longer quiet is asked for: a country is not the same for longer."""

TRIES = 50
"""So many draws of the law are tried for each that is asked for."""

DIGITS = 6


@dataclass(frozen=True, slots=True)
class QuietSample:
    """Draws of the law under which a country is quiet from ``since`` until its trigger.

    ``seeds`` are those of the law, ``attempts`` is how many were tried for them.
    """

    since: datetime
    until: datetime
    attempts: int
    seeds: tuple[int, ...]
    posterior: Posterior

    @property
    def acceptance(self) -> float:
        """Return the share of draws of the law that stay quiet."""
        return len(self.seeds) / self.attempts


def quiet_sample(case: AnyCase, since: date | None = None, draws: int = DRAWS) -> QuietSample:
    """Return ``draws`` draws of the law, without the case's own crisis, that stay quiet.

    Quiet is never as many people on the street at once as make a crisis (``placebo.CRISIS``), from
    ``since``, or the start of the run, until the first trigger. Raises ``ValueError`` for a case
    that nothing begins and a day that is no day before the trigger, ``SteppeError`` for rules that
    cohorts or the law do not know, or if hardly any draw is quiet.
    """
    scenario = as_scenario(case)
    if not has_trigger(scenario):
        raise ValueError("nothing begins this crisis, so no day is before it")
    until = first_trigger(scenario)
    began = datetime.combine(since, time()) if since else scenario.clock.start
    if not timedelta(hours=1) <= until - began <= LONGEST:
        raise ValueError(f"{began:%Y-%m-%d} is not within {LONGEST.days} days before {until}")
    calm_days = days_before(scenario, began, until)
    law = law_without(scenario)
    rows, calm_rows = law_rows(scenario, law), law_rows(calm_days, law)
    seeds: list[int] = []
    seed = 0
    while len(seeds) < draws:
        seed += 1
        if seed > TRIES * draws:
            raise SteppeError(f"{len(seeds)} of {seed - 1:,} draws of the law stay quiet")
        if _is_quiet(calm_days, seed, calm_rows(seed)):
            seeds.append(seed)
    paths = tuple(rows(1))
    values = np.array([[_rounded(rows(one)[path]) for path in paths] for one in seeds])
    return QuietSample(began, until, seed, tuple(seeds), Posterior(paths, values))


def first_trigger(scenario: Scenario) -> datetime:
    """Return when the first trigger acts, a jump of the table of prices among them."""
    moments = [one.at for one in acting(scenario)]
    if scenario.prices.shock > 0.0:
        moments += [one.from_ for one in scenario.price_steps if one.cause == "market"]
    return min(moments)


def days_before(scenario: Scenario, since: datetime, until: datetime) -> Scenario:
    """Return the case from ``since`` to ``until``, without its trigger and with nobody deciding.

    What is in force at the start of the case's own run is so from ``since`` on.
    """
    calm = left_alone(scenario).counterfactual(NO_TRIGGER)
    start, hours = scenario.clock.start, int((until - since).total_seconds() // 3600)
    timeline = tuple(
        one.model_copy(update={"at": since}) if one.at <= max(start, since) else one
        for one in calm.timeline
        if one.until is None or one.until > since
    )
    clock = calm.clock.model_copy(update={"start": since, "hours": hours})
    return calm.model_copy(update={"clock": clock, "timeline": timeline})


def _is_quiet(calm_days: Scenario, seed: int, row: Mapping[str, float]) -> bool:
    run = next(iter(run_many(calm_days, [seed], [row])))
    return int(run.outcome["peak_active"]) < CRISIS * calm_days.country.citizens


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def sample_files(sample: QuietSample, name: str, command: str) -> dict[str, str]:
    """Return the files of a case ``name`` that hold the sample, and how it was made."""
    paths, values = sample.posterior.paths, sample.posterior.values
    rows = [",".join(paths), *(",".join(f"{v:.{DIGITS}g}" for v in row) for row in values)]
    account = {
        "case": name,
        "made": f"{date.today():%Y-%m-%d}",
        "command": command,
        "versions": {"model": f"{MODEL_VERSION}.{engine_version()}"},
        "quiet": {
            "since": f"{sample.since:%Y-%m-%dT%H:%M}",
            "until": f"{sample.until:%Y-%m-%dT%H:%M}",
            "crowd": CRISIS,
            "attempts": sample.attempts,
            "seeds": list(sample.seeds),
        },
    }
    text = json.dumps(account, indent=1)
    return {SAMPLE: "\n".join(rows) + "\n", ACCOUNT: text + "\n"}
