"""One run, with the parameters that a study would give its seed; nothing is stored."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypedDict, Unpack

from steppe.case.load import AnyCase, as_scenario
from steppe.core.random import whole_number
from steppe.engine.run import Progress
from steppe.engine.run import run as simulate
from steppe.results.trajectory import EngineName, Trajectory
from steppe.study.limits import check_engine
from steppe.study.parameter_draws import draw_parameters
from steppe.study.parameters import ParameterSource, resolve_source


class SingleRunOptions(TypedDict, total=False):
    """What one run may be told; ``run`` says what each means."""

    scale: float
    engine: EngineName
    parameters: ParameterSource | None
    fixed: Collection[str]
    threads: int | None
    progress: Progress | None


def run(scenario: AnyCase, seed: int = 1, **options: Unpack[SingleRunOptions]) -> Trajectory:
    """Return the run of ``scenario``, or of the case of that name or path, for one ``seed``.

    It is the run that an ensemble has for that seed, to the last bit: ``parameters`` and ``fixed``
    are those of ``ensemble``, so that by default parameters are a draw of the case's posterior
    sample where it ships one. ``scale`` is agents per citizen, ``engine`` who is simulated;
    ``threads`` (all, or one where agents are few) change the time it takes and nothing else;
    ``progress`` is called after each hour with (hours done, hours in all). For checkpoints and
    observers see ``steppe.engine.run``.

    Raises ``ValueError`` for a seed or scale that cannot be run, ``CaseError`` when there is no
    posterior sample to draw from, ``SteppeError`` for what cohorts cannot do.
    """
    unknown = options.keys() - SingleRunOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"run() takes no {', '.join(sorted(unknown))}; see steppe.engine.run")
    scenario, scale = as_scenario(scenario), options.get("scale", 1.0)
    engine = options.get("engine", "citizens")
    if isinstance(scale, str):
        raise ValueError(f"scale must be a number, got {scale!r}")
    check_engine(engine, float(scale))
    source = resolve_source(options.get("parameters"), scenario)
    draws = draw_parameters(scenario, source, options.get("fixed", ()))
    own = draws.scenario_of(whole_number(seed, "seed", 2**64))
    if engine == "cohorts":
        return simulate(own, seed, engine=engine)
    threads, progress = options.get("threads"), options.get("progress")
    return simulate(own, seed, scale=scale, threads=threads, progress=progress)
