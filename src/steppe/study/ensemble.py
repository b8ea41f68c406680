"""An ensemble: one scenario, many seeds, every finished run in the store.

The store is the only memory: seeds that are there are not run again, so a study that was stopped
goes on where it was when the same call is made again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from steppe.case.scenario import Scenario
from steppe.core.random import whole_number
from steppe.results.figures import figures
from steppe.results.store import Store
from steppe.results.trajectory import Trajectory
from steppe.study.batch import LAST_SEED, BatchJob, batch, job_key
from steppe.study.events import OnEvent
from steppe.study.executors import Executor
from steppe.study.parameter_draws import draw_parameters
from steppe.study.parameters import ParameterSource, resolve_source

if TYPE_CHECKING:
    import xarray

STORE = "runs"
"""The folder of stored runs, in the current folder, unless another is named."""

MOST_SEEDS = 10_000_000
"""No ensemble has more; a larger number is a mistake."""

AnyStore = Store | str | Path
AnySeeds = int | Iterable[int]


def as_store(store: AnyStore) -> Store:
    """Return the store, or the one in that folder."""
    return store if isinstance(store, Store) else Store(store)


def as_seeds(seeds: AnySeeds) -> tuple[int, ...]:
    """Return the seeds, or the first so many from 1 on; whole numbers of any type.

    Raises ``ValueError`` for anything else.
    """
    if isinstance(seeds, Iterable) and not isinstance(seeds, str | bytes):
        with contextlib.suppress(TypeError):  # a number of NumPy that looks like an array
            return tuple(whole_number(seed, "seed", LAST_SEED + 1) for seed in iter(seeds))
    return tuple(range(1, whole_number(seeds, "the number of seeds", MOST_SEEDS + 1) + 1))


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The runs of one scenario: ``keys`` by seed, in the order asked, of those in the store.

    ``failures`` are (seed, reason); ``stored`` how many runs were there before; ``seconds`` what
    the rest took on the clock. ``scenario_hash`` is that of the scenario as given; with
    ``parameters`` other than ``default`` every seed ran with a draw of its own, of the posterior
    sample with the digest ``sample``.
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

    def __len__(self) -> int:
        return len(self.seeds)

    def __iter__(self) -> Iterator[BatchJob]:
        draws = draw_parameters(self.scenario, self.parameters, self.fixed)
        texts = draws.texts()
        for seed in self.seeds:
            scenario = draws.scenario_of(seed)
            yield BatchJob(
                scenario, seed, self.scale, draws.draw_of(seed), citizens=self.citizens,
                text="" if scenario is self.scenario else texts(seed),
            )  # fmt: skip

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the runs, in the order of the seeds."""
        return tuple(map(job_key, self))


def ensemble(
    scenario: Scenario,
    seeds: AnySeeds = 20,
    *,
    store: AnyStore = STORE,
    scale: float = 1.0,
    workers: int | None = None,
    executor: Executor | None = None,
    parameters: ParameterSource | None = None,
    fixed: Collection[str] = (),
    citizens: bool = False,
    on_event: OnEvent | None = None,
) -> Ensemble:
    """Run ``scenario`` with every seed that is not in ``store`` yet; seeds in the order given.

    ``seeds`` are the seeds, or how many from 1 on; ``store`` a store or its folder.
    ``parameters`` says which values the parameters have: the case's own (``default``), or for
    each seed a draw of their priors or of the case's posterior sample, but for those ``fixed`` and
    those that a patch set; by default the posterior sample if the case ships one (see
    ``default_parameters``). With ``citizens`` every change of state of every citizen is recorded
    beside the run. ``workers``, ``executor``
    and errors as for ``batch``; also raises ``ValueError`` for no seeds or a seed given twice,
    ``CaseError`` when there is no posterior sample to draw from.
    """
    chosen, folder = _checked(as_seeds(seeds)), as_store(store)
    source = resolve_source(parameters, scenario)
    draws = draw_parameters(scenario, source, fixed)
    result = batch(
        SeedRuns(scenario, chosen, scale, source, draws.fixed, citizens),
        store=folder, workers=workers, executor=executor, on_event=on_event,
    )  # fmt: skip
    return Ensemble(
        folder,
        draws.base,
        chosen,
        {chosen[at]: key for at, key in result.finished()},
        tuple((chosen[at], reason) for at, reason in result.failures),
        result.stored,
        result.seconds,
        source,
        draws.sample,
    )


def _checked(seeds: tuple[int, ...]) -> tuple[int, ...]:
    if not seeds:
        raise ValueError("an ensemble needs at least one seed")
    if len(set(seeds)) < len(seeds):
        twice = next(seed for seed in seeds if seeds.count(seed) > 1)
        raise ValueError(f"seed {twice} is given twice")
    return seeds
