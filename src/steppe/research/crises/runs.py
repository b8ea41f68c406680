"""Runs of every crisis under many seeds, and what came of each in the terms of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from steppe.model.options import CATALOGUE
from steppe.research.crises.build import HOURS
from steppe.research.crises.draws import scenario_of
from steppe.research.crises.table import VISIBLE, PriorFacts
from steppe.results.trajectory import ACTIVE_STATES, Trajectory
from steppe.study.batch import BatchJob, batch
from steppe.study.parameters import ParameterSource
from steppe.study.population import FALLEN, NONE, PARTIAL, population_law
from steppe.study.settings import ExecutionOptions, StudySettings

CONCESSIONS = tuple(i for i, one in enumerate(CATALOGUE) if one.kind == "concession")
LIVE_FIRE, ARRESTS = 3.0, 2.0
"""Force levels from which troops shoot, and from which they arrest and disperse."""

SOME_UNITS = 0.01
"""Share of units on the other side from which there was defection [assumed]."""

READ = (
    "peaceful", "violent", "looting", "deaths", "option_on", "force_level", "units_obeying",
    "units_shirking", "units_defected",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CrisisOutcomes:
    """What came of one run, until the fall if there was one.

    ``peak`` most people on the street at once, ``share`` of all citizens; ``violent`` share of
    those on the street over the whole run who used violence or looted; ``defected`` largest share
    of units on the other side; ``days`` from the first to the last of a crowd that is seen.
    """

    seed: int
    peak: float
    share: float
    killed: float
    falls: bool
    defected: float
    conceded: bool
    violent: float
    live_fire: bool
    arrests: bool
    days: float = 0.0

    @property
    def defection(self) -> bool:
        """Whether some units changed sides."""
        return self.defected >= SOME_UNITS

    @property
    def end(self) -> int:
        """What it ended in: a place in ``study.population.ENDS``."""
        return FALLEN if self.falls else PARTIAL if self.defection else NONE


@dataclass(frozen=True, slots=True)
class Simulations:
    """The runs of one crisis that were finished, by seed, and why others were not.

    ``exit`` is the chance that the incumbent is out within twelve months by what a run ended in,
    where a law says it; without one only a fall in the run counts.
    """

    case_id: str
    runs: tuple[CrisisOutcomes, ...]
    failures: tuple[str, ...] = ()
    exit: tuple[float, float, float] | None = None


def simulate(
    cases: Sequence[PriorFacts],
    seeds: Sequence[int],
    *,
    source: ParameterSource = "population",
    hours: int = HOURS,
    **options: Unpack[ExecutionOptions],
) -> tuple[Simulations, ...]:
    """Run every case with every seed by cohorts, each seed with its own parameters.

    Runs that are in the store are not made again. Errors as for ``batch``.
    """
    pairs = [(case, seed) for case in cases for seed in seeds]
    jobs = [
        BatchJob(scenario_of(case, seed, source, hours=hours), seed, engine="cohorts")
        for case, seed in pairs
    ]
    settings = StudySettings.of(**options)
    outcomes: dict[str, CrisisOutcomes] = {}

    def read(key: str) -> None:
        outcomes[key] = simulated(settings.store.get(key, names=READ))

    result = batch(jobs, **settings.batch_options, on_run=read)
    reasons = dict(result.failures)
    by_case: dict[str, list[CrisisOutcomes]] = {case.case_id: [] for case in cases}
    failed: dict[str, list[str]] = {case.case_id: [] for case in cases}
    for at, (case, _) in enumerate(pairs):
        if at in reasons:
            failed[case.case_id].append(reasons[at])
        else:
            by_case[case.case_id].append(outcomes[result.keys[at]])
    return tuple(
        Simulations(
            case.case_id, tuple(by_case[case.case_id]), tuple(failed[case.case_id]),
            population_law(case.case_id).exit if source == "population" else None,
        )
        for case in cases
    )  # fmt: skip


def simulated(run: Trajectory) -> CrisisOutcomes:
    """Return what came of a run that has the series in ``READ``."""
    falls = run.outcome["fate"] == "falls"
    period = slice(0, int(run.outcome["fate_hour"]) + 1 if falls else None)
    peaceful, violent, looting = (
        run[name][period].sum(axis=1, dtype=np.float64) for name in ACTIVE_STATES
    )
    active, rough = peaceful + violent + looting, float((violent + looting).sum())
    units = sum(float(run[f"units_{state}"][0]) for state in ("obeying", "shirking", "defected"))
    force = float(np.max(run["force_level"][period]))
    peak = float(active.max())
    return CrisisOutcomes(
        seed=run.record.seed,
        peak=peak,
        share=peak / run.record.citizens,
        killed=float(run["deaths"][period].sum(dtype=np.float64)),
        falls=falls,
        defected=float(run["units_defected"][period].max()) / max(units, 1.0),
        conceded=bool(run["option_on"][period, list(CONCESSIONS)].any()),
        violent=rough / float(active.sum()) if peak > 0.0 else 0.0,
        live_fire=force >= LIVE_FIRE,
        arrests=force >= ARRESTS,
        days=visible_days(active),
    )


def visible_days(active: NDArray[np.float64]) -> float:
    """Return the days from the first to the last hour with a crowd that is seen; 0 without one."""
    hours = np.flatnonzero(active >= VISIBLE)
    return float((hours[-1] - hours[0]) // 24 + 1) if hours.size else 0.0
