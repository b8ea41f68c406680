"""The work of one task: restore the scenario, run one seed, commit it to the store."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from steppe.case.canonical import canonical, from_canonical
from steppe.case.scenario import Scenario
from steppe.core.compile import cache_folder, is_cached
from steppe.core.errors import SteppeError
from steppe.model.custom import CustomRules, pin_of
from steppe.results.run_record import RunDraw
from steppe.results.store import Store
from steppe.results.trajectory import EngineName, Trajectory
from steppe.results.writer import Beside
from steppe.study.citizens import record_citizens

if TYPE_CHECKING:
    from steppe.engine.run import Progress
    from steppe.study.executors import Task

NO_RULES = CustomRules()

WARM = "whole"
"""The file that says that the cache of machine code is not half filled."""

RESTORED = 16
"""So many scenarios a worker keeps ready to run."""

WARM_CITIZENS = 20_000
"""So many agents are enough to have everything compiled."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What a worker needs to make runs of one scenario, besides their seeds.

    ``text`` is the canonical form, ``scale`` agents per citizen, ``custom`` the rules from files
    that the scenario names, ``draw`` the draw of its parameters. Runs in ``also`` are simulated
    with the same seed, sharing what is alike; with ``root`` all go on from a checkpoint of that run
    after ``at`` hours. ``citizens``: every change of state of every citizen is recorded.
    ``engine`` says who is simulated.
    """

    text: str
    scale: float
    custom: CustomRules = NO_RULES
    draw: RunDraw | None = None
    also: tuple[RunSpec, ...] = ()
    root: RunSpec | None = None
    at: int = 0
    citizens: bool = False
    engine: EngineName = "citizens"


@functools.lru_cache(maxsize=RESTORED)
def _restored(text: str, custom: CustomRules) -> Scenario:
    return from_canonical(text, custom=custom)


def make_run(
    root: str,
    common: RunSpec,
    task: Task,
    *,
    watch: Callable[[int, int, int], None] | None = None,
) -> None:
    """Simulate the run of ``task`` and put it in the store at ``root``.

    The payload of the task is its spec; without one it is ``common``. Runs simulated along with it
    are stored before it. Every run of a study starts from the canonical form, in whatever process:
    what is stored depends on nothing that is not in the run's key. ``watch`` is called after each
    hour with seed, hours done, hours in all. Threads are those the process was given.
    """

    def progress(hour: int, hours: int) -> None:
        if watch is not None:
            watch(task.seed, hour, hours)

    spec = cast(RunSpec, task.payload or common)
    store = Store(root)
    key = ""
    for trajectory, draw, beside in _simulate(store, spec, task.seed, progress if watch else None):
        key = store.put(trajectory, draw, beside)
    if key != task.key:
        raise SteppeError("the program was changed while the study ran; give the command again")


def _simulate(
    store: Store, spec: RunSpec, seed: int, progress: Progress | None
) -> Iterator[tuple[Trajectory, RunDraw | None, Beside]]:
    """Yield the runs of a spec, each with its draw and the files beside it; its own last."""
    from steppe.engine.run import run, run_arms  # whoever plans a study needs no engine

    specs = (*spec.also, spec)
    scenarios = [_restored(one.text, one.custom) for one in specs]
    common: dict[str, Any] = {"scale": spec.scale, "progress": progress}
    if spec.root is not None:
        from steppe.study.checkpoints import checkpoint_at

        root = _restored(spec.root.text, spec.root.custom)
        common["start"] = checkpoint_at(store, root, seed, spec.scale, spec.at)
    if spec.engine == "cohorts":
        for one, scenario in zip(specs, scenarios, strict=True):
            yield run(scenario, seed, engine="cohorts"), one.draw, {}
    elif spec.also:
        for one, trajectory in zip(specs, run_arms(scenarios, seed, **common), strict=True):
            yield trajectory, one.draw, {}
    elif spec.citizens:
        with record_citizens(store) as histories:
            trajectory = run(scenarios[0], seed, observer=histories, **common)
            yield trajectory, spec.draw, histories.files()
    else:
        yield run(scenarios[0], seed, **common), spec.draw, {}


def rules_of(scenario: Scenario) -> CustomRules:
    """Return the rules from files that play a role in ``scenario``."""
    return scenario.custom.only(scenario.mechanisms.values())


def is_warm(custom: CustomRules = NO_RULES, engine: EngineName = "citizens") -> bool:
    """Tell whether all machine code of this version, with ``custom`` rules, lies on disk."""
    return is_cached() and all((cache_folder() / name).exists() for name in _marks(custom, engine))


def _marks(custom: CustomRules, engine: EngineName) -> tuple[str, ...]:
    """Return the names of the files that say that nothing is missing."""
    first = WARM if engine == "citizens" else f"{WARM}-{engine}"
    return (first, *(f"{WARM}-{pin_of(rule.reference)}" for rule in custom.rules))


def warm_up(scenario: Scenario, engine: EngineName = "citizens") -> None:
    """Have every loop of an engine compiled, by one hour of a small copy of ``scenario``."""
    from steppe.engine.run import run

    hour = scenario.clock.model_copy(update={"hours": 1})
    custom = rules_of(scenario)
    small = _restored(canonical(scenario), custom).model_copy(update={"clock": hour})
    sample = min(1.0, WARM_CITIZENS / scenario.country.citizens)
    run(small, scale=1.0 if engine == "cohorts" else sample, engine=engine)
    with contextlib.suppress(OSError):  # a cache that cannot be written serves nobody, harms none
        for name in _marks(custom, engine):
            (cache_folder() / name).touch()
