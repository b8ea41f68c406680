"""Runs by cohorts: the law of the citizens' engine, counted, for thousands of runs at once.

A history of a country takes milliseconds, because members of the pool whom the rules cannot tell
apart are one number (``population.bins``). Where nobody in power decides for himself, units obey
and what goes on among them is left out; else see ``cohort_power``. A run says in its record which
engine made it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from steppe.case.paths import Identity
from steppe.case.scenario import Scenario
from steppe.core.compile import compiled
from steppe.core.errors import SteppeError, nearest
from steppe.core.random import whole_number
from steppe.engine.cohort_hours import live_history
from steppe.engine.cohort_model import CohortModel, cohort_model, has_script_of, model_of_happened
from steppe.engine.cohort_power import PowerHistory, live_with_powers, with_own_levers
from steppe.engine.cohort_scope import decides
from steppe.engine.cohort_series import series_of
from steppe.engine.cohort_types import (
    DEATHS,
    LOOTING,
    PEACEFUL,
    CohortRun,
)
from steppe.engine.cohort_world import cohort_history
from steppe.engine.conditional_events import StreetRecord, causes, waiting
from steppe.engine.event_detector import in_order
from steppe.engine.outcome import abroad_figures, residual_grievance, street_figures
from steppe.engine.recorder import RECORDED_SERIES
from steppe.engine.usage import peak_memory_mib
from steppe.engine.version import MODEL_VERSION
from steppe.model.ledger import MECHANISMS, ROLES
from steppe.model.options import OPTIONS
from steppe.results.trajectory import Event, RunRecord, Series, Trajectory

Vector = Mapping[str, float]
"""Values of parameters, by ``role.name``."""

MODELS = 4
"""So many scenarios are kept ready; one of the reference case takes 20 MB."""

_INFO = {one.name: one for one in RECORDED_SERIES}


def run_cohorts(scenario: Scenario, seeds: Sequence[int]) -> list[Trajectory]:
    """Return the trajectory of ``scenario`` for each of ``seeds``, by cohorts.

    It holds the series and figures of the outcome that cohorts know. Raises ``SteppeError`` that
    names what cohorts cannot do, ``ValueError`` for a seed that is none.
    """
    model = cohort_model(scenario)
    return [_trajectory(model, seed, whole=True) for seed in seeds]


def run_many(
    scenario: Scenario,
    seeds: Sequence[int],
    vectors: Sequence[Vector] = ({},),
    *,
    whole: bool = False,
    like: Scenario | None = None,
) -> Iterator[Trajectory]:
    """Yield a trajectory for each parameter vector and seed: all seeds of the first vector first.

    Scripts are built once, and only one history is held at a time. The trajectories hold what
    observables of the evidence read; ``whole`` ones all that cohorts know. ``like`` is a scenario
    with which much may be shared. Raises as ``run_cohorts``, and ``SteppeError`` for a
    parameter that no rule of the scenario has.
    """
    base = _model_like(scenario, like)
    for vector in vectors:
        model = cohort_model(_with_vector(base, vector), base) if vector else base
        for seed in seeds:
            yield _trajectory(model, seed, whole=whole)


def prepare(scenario: Scenario, like: Scenario | None = None) -> None:
    """Make what all histories of a scenario share, so that threads can begin them at once.

    ``like`` and what is raised are those of ``run_many``.
    """
    _model_like(scenario, like)


def same_history(scenario: Scenario, one: Vector, other: Vector) -> bool:
    """Tell whether two parameter vectors give the same country, rules and people at hour 0.

    Then they give the same history to the last bit. Raises as ``run_many``.
    """
    base = _model_like(scenario, None)
    models = (cohort_model(_with_vector(base, vector), base) for vector in (one, other))
    first, second = (cohort_history(model, 1) for model in models)
    return _same(first, second)


def _model_like(scenario: Scenario, like: Scenario | None) -> CohortModel:
    """Return a scenario made ready for cohorts, with what it shares with ``like`` if that is much.

    It is kept for all the vectors it is run with.
    """
    if like is None or like is scenario or not has_script_of(scenario, like):
        return _model(Identity(scenario))
    return _model_of_variant(Identity(scenario), Identity(like))


@functools.lru_cache(maxsize=MODELS)
def _model_of_variant(key: Identity, like: Identity) -> CohortModel:
    return cohort_model(key.scenario, _model(like))


@functools.lru_cache(maxsize=MODELS)
def _model(key: Identity) -> CohortModel:
    return cohort_model(key.scenario)


def _with_vector(base: CohortModel, vector: Vector) -> Scenario:
    """Return the scenario with the values of ``vector``; those of other rules are refused."""
    rules = [(step.mechanism.role, step.mechanism.parameters) for step in base.plan.steps]
    rules += [(role, next(iter(ROLES[role].values()))) for role in ROLES if role not in MECHANISMS]
    names = {f"{role}.{info.name}" for role, own in rules for info in own.ledger()}
    values = {role: dict(own) for role, own in base.scenario.parameters.items()}
    for path, value in vector.items():
        if path not in names:
            near = nearest(path, sorted(names))
            hint = f"; did you mean '{near}'?" if near else ""
            raise SteppeError(f"no rule of the scenario has a parameter '{path}'{hint}")
        role, _, name = path.partition(".")
        values.setdefault(role, {})[name] = float(value)
    return base.scenario.model_copy(update={"parameters": values})


def _same(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(map(_same, one, other))
    return bool(np.array_equal(one, other))  # type: ignore[arg-type]


def _trajectory(model: CohortModel, seed: int, *, whole: bool) -> Trajectory:
    """Return one history; ``whole`` with everything cohorts know, else what the evidence reads."""
    seed = whole_number(seed, "seed", 2**64)
    began = time.perf_counter()
    model, run, powers, answered = _complete_history(model, seed)
    seconds = {"build": 0.0, "run": time.perf_counter() - began}
    values = series_of(model, run, whole=whole)
    if powers is not None:
        values |= powers.series
    series = {
        name: Series(name, ("hour", *_INFO[name].dims), array.astype(_INFO[name].dtype, copy=False),
                     _INFO[name].unit, _INFO[name].meaning)
        for name, array in values.items()
    }  # fmt: skip
    people = model.country.region_population
    outcome = street_figures(model.scenario, series, model.country.region_of)
    if whole:
        outcome["residual_grievance"] = residual_grievance(series["grievance"].values, people)
    return Trajectory(
        record=_record(model, seed, seconds),
        series=series,
        coords={
            "region": tuple(r.id for r in model.scenario.regions),
            "place": tuple(p.id for p in model.scenario.places),
            "option": OPTIONS,
        },
        events=in_order(model.events, [*answered, *(powers.events if powers else ())]),
        outcome={**outcome, **abroad_figures(series, people), **(powers.outcome if powers else {})},
    )


def _complete_history(
    model: CohortModel, seed: int
) -> tuple[CohortModel, CohortRun, PowerHistory | None, list[Event]]:
    """Return a history that was lived, with the causes that its conditional events followed.

    Whenever a cause is new, the history is lived again with its event in the script: it is the
    same up to that hour, and takes milliseconds.
    """
    whole, happened, answered = model, dict[str, int](), list[Event]()
    while True:
        run = cohort_history(model, seed)
        if decides(model.scenario):
            run = with_own_levers(run)
        powers = _live_by(model, run)
        events = waiting(whole.scenario, happened)
        new = causes(whole.scenario, events, _street_record(run, powers)) if events else []
        if not new:
            return model, run, powers, answered
        first = min(one.hour for one in new)
        now = [one for one in new if one.hour == first]
        answered += [one.as_event(whole.scenario) for one in now]
        happened |= {one.event.id: one.acts for one in now}
        model = model_of_happened(whole, happened)


def _street_record(run: CohortRun, powers: PowerHistory | None) -> StreetRecord:
    streets = run.history.streets
    crowd = streets[PEACEFUL : LOOTING + 1].sum(axis=0, dtype=np.int64)
    none = np.zeros((len(crowd), 0), dtype=np.int64)
    return StreetRecord(
        0, crowd, np.cumsum(streets[DEATHS], axis=0), powers.lost if powers else none
    )


def _live_by(model: CohortModel, run: CohortRun) -> PowerHistory | None:
    """Live the history of ``run``; return what those in power left where they are free."""
    if decides(model.scenario):
        return live_with_powers(model, run)
    live(model, run)
    return None


def live(model: CohortModel, run: CohortRun) -> None:
    """Live the history of ``run``, which keeps what it leaves."""
    compiled(live_history, bind=model.binding)(run)


def _record(model: CohortModel, seed: int, seconds: dict[str, float]) -> RunRecord:
    scenario = model.scenario
    return RunRecord(
        case=scenario.id,
        scenario=model.text,
        scenario_hash=model.hash,
        seed=seed,
        model_version=MODEL_VERSION,
        engine_version=model.version,
        scale=1.0,
        citizens=scenario.country.citizens,
        agents=int(model.census.people.sum()),
        start=model.clock.start.isoformat(timespec="minutes"),
        hours=model.clock.hours,
        timings=seconds,
        memory_mib=peak_memory_mib(),
        engine="cohorts",
    )
