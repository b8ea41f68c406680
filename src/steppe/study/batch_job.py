"""One run to be made, and the key under which it will be stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.random import whole_number
from steppe.engine.version import MODEL_VERSION, engine_version
from steppe.results.hashing import RunIdentity, digest
from steppe.results.run_record import RunDraw
from steppe.results.trajectory import EngineName
from steppe.study.limits import LAST_SEED, check_engine

LARGEST_SCALE = 100.0
"""Most agents for one citizen."""


@dataclass(frozen=True, slots=True)
class BatchJob:
    """One run to be made: a scenario, a seed, and agents per citizen.

    ``draw`` is kept with the run and decides nothing: of which draw the scenario's parameters
    are. Jobs in ``also`` are made along with it, sharing what is alike (see ``study.coupled``);
    their runs are stored before its own. With ``root`` all go on from a checkpoint of that job
    after ``at`` hours, which the store keeps. With ``citizens`` every change of state of every
    citizen is recorded. ``engine`` says who is simulated. ``text`` is the scenario's canonical form
    where that is known.

    Raises ``ValueError`` for a seed or scale that no run can have.
    """

    scenario: Scenario
    seed: int
    scale: float = 1.0
    draw: RunDraw | None = None
    also: tuple[BatchJob, ...] = ()
    root: BatchJob | None = None
    at: int = 0
    citizens: bool = False
    engine: EngineName = "citizens"
    text: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", whole_number(self.seed, "seed", LAST_SEED + 1))
        if not 0.0 < self.scale <= LARGEST_SCALE:
            raise ValueError(f"scale must be in (0, {LARGEST_SCALE:g}], got {self.scale:g}")
        check_engine(self.engine, self.scale, citizens=self.citizens)

    @property
    def is_light(self) -> bool:
        """Whether the run takes milliseconds and little memory."""
        return self.engine == "cohorts"


def job_key(job: BatchJob) -> str:
    """Return the key of the run of ``job``."""
    return RunIdentity(
        digest(job.text) if job.text else scenario_hash(job.scenario),
        job.seed,
        job.scale,
        MODEL_VERSION,
        engine_version(job.scenario),
        {"citizens": True} if job.citizens else {},
        job.engine,
    ).key
