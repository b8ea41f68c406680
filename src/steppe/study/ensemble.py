"""An ensemble: one scenario, many seeds, every finished run in the store.

The store is the only memory: seeds that are there are not run again, so a study that was stopped
goes on where it was when the same call is made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from steppe.case.load import AnyCase, as_scenario
from steppe.case.scenario import Scenario
from steppe.results.engines import label
from steppe.results.figures import figures
from steppe.results.store import Store
from steppe.results.trajectory import EngineName, Trajectory
from steppe.study.batch import BatchJob, batch, job_key
from steppe.study.parameter_draws import draw_parameters
from steppe.study.parameters import ParameterSource, resolve_source
from steppe.study.settings import AnySeeds, StudyOptions, StudySettings, as_seeds

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The runs of one scenario: ``keys`` by seed, in the order asked, of those in the store.

    ``failures`` are (seed, reason); ``stored`` how many runs were there before; ``seconds`` what
    the rest took on the clock. ``scenario_hash`` is that of the scenario as given; with
    ``parameters`` other than ``default`` every seed ran with a draw of its own, of the posterior
    sample with the digest ``sample``. ``engine`` says who was simulated.
    """

    store: Store
    scenario_hash: str
    seeds: tuple[int, ...]
    keys: dict[int, str]
    failures: tuple[tuple[int, str], ...]
    stored: int
    seconds: float
    parameters: ParameterSource = "default"
    sample: str = ""
    engine: EngineName = "citizens"
    scale: float = 1.0

    def __repr__(self) -> str:
        what = f"{len(self.keys)} of {len(self.seeds)} seeds, {label(self.engine, self.scale)}"
        return f"<ensemble of {self.scenario_hash[:8]}: {what}, parameters {self.parameters}>"

    @property
    def complete(self) -> bool:
        """Whether every seed is in the store."""
        return len(self.keys) == len(self.seeds)

    @property
    def plot(self) -> Any:
        """Figures of this ensemble."""
        return figures(self)

    def dataset(self) -> xarray.Dataset:
        """Return every series and outcome of all seeds, labelled, ``seed`` first.

        Drawn parameters are coordinates over ``seed``; what they were drawn from, attributes.
        """
        from steppe.results.ensemble import ensemble_dataset

        if self.parameters == "default":
            return ensemble_dataset(self.trajectories())
        about = {
            "scenario_hash": self.scenario_hash,
            "parameters": self.parameters,
            "posterior_sample": self.sample,
        }
        return ensemble_dataset(self.trajectories(), drawn=about)

    def _repr_html_(self) -> str:
        from steppe.study.html import ensemble_html

        return ensemble_html(self)

    def trajectories(self, names: Collection[str] | None = None) -> Iterator[Trajectory]:
        """Yield the runs in the order of their seeds, read from the store one at a time.

        With ``names`` only those of the series are read.
        """
        return (self.store.get(self.keys[seed], names) for seed in sorted(self.keys))


@dataclass(frozen=True, slots=True)
class SeedRuns:
    """The jobs of one scenario: one for each seed, made as they are asked for.

    ``fixed`` are parameters that keep the scenario's value when the others are drawn; with
    ``citizens`` every change of state of every citizen is recorded.
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    scale: float = 1.0
    parameters: ParameterSource = "default"
    fixed: tuple[str, ...] = ()
    citizens: bool = False
    engine: EngineName = "citizens"

    def __len__(self) -> int:
        return len(self.seeds)

    def __iter__(self) -> Iterator[BatchJob]:
        draws = draw_parameters(self.scenario, self.parameters, self.fixed)
        texts = draws.texts()
        for seed in self.seeds:
            scenario = draws.scenario_of(seed)
            yield BatchJob(
                scenario, seed, self.scale, draws.draw_of(seed), citizens=self.citizens,
                engine=self.engine, text="" if scenario is self.scenario else texts(seed),
            )  # fmt: skip

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the runs, in the order of the seeds."""
        return tuple(map(job_key, self))


def ensemble(
    scenario: AnyCase,
    seeds: AnySeeds = 20,
    *,
    citizens: bool = False,
    **options: Unpack[StudyOptions],
) -> Ensemble:
    """Run ``scenario`` with every seed that is not in the store yet; seeds in the order given.

    A scenario may be given by the name or path of its case.
    ``seeds`` are the seeds, or how many from 1 on. With ``citizens`` every change of state of every
    citizen is recorded beside the run. Options: ``store`` is a store or its folder (``runs``),
    ``scale`` agents for one citizen; ``engine`` who is simulated: ``citizens``, every one, for
    results, or ``cohorts`` of citizens that are alike, for looks, in milliseconds. ``parameters``
    says which values the parameters have: the case's own (``default``), or for each seed a draw of
    their priors or of the case's posterior sample, but for those ``fixed`` and those that a patch
    set; by default the posterior sample if the case ships one (see ``default_parameters``).
    ``workers``, ``executor``, ``on_event`` and errors as for ``batch``; also raises ``ValueError``
    for no seeds or a seed given twice, ``CaseError`` when there is no posterior sample to draw
    from, ``SteppeError`` for what cohorts cannot do.
    """
    scenario, settings = as_scenario(scenario), StudySettings.of(**options)
    seed_list = _checked(as_seeds(seeds))
    source = resolve_source(settings.parameters, scenario)
    draws = draw_parameters(scenario, source, settings.fixed)
    jobs = SeedRuns(
        scenario, seed_list, settings.scale, source, draws.fixed, citizens, settings.engine
    )
    result = batch(jobs, **settings.batch_options)
    return Ensemble(
        settings.store,
        draws.base,
        seed_list,
        {seed_list[at]: key for at, key in result.finished()},
        tuple((seed_list[at], reason) for at, reason in result.failures),
        result.stored,
        result.seconds,
        source,
        draws.sample,
        settings.engine,
        settings.scale,
    )


def _checked(seeds: tuple[int, ...]) -> tuple[int, ...]:
    if not seeds:
        raise ValueError("an ensemble needs at least one seed")
    if len(set(seeds)) < len(seeds):
        twice = next(seed for seed in seeds if seeds.count(seed) > 1)
        raise ValueError(f"seed {twice} is given twice")
    return seeds
