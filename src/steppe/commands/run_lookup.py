"""Find stored runs by the beginnings of their keys, or by the scenario they are of."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from steppe.commands.console import err, warn
from steppe.core.errors import StoreError
from steppe.engine.version import engine_version, shared_version
from steppe.results.engines import label
from steppe.results.formatting import count
from steppe.results.run_index import RunSummary
from steppe.results.store import Store
from steppe.study.ensemble import Ensemble
from steppe.study.pair import Pair, compare
from steppe.study.parameter_draws import ParameterDraws, draw_parameters
from steppe.study.parameters import ParameterSource, default_parameters
from steppe.study.request import StudyRequest
from steppe.study.resolve import ResolvedRequest

ALL = "all"
SHORT = 10
"""So many digits of a key are shown; any unique beginning of it names the run."""


def keys_of(store: Store, names: Sequence[str]) -> list[str]:
    """Return the keys of the runs named by beginnings of their keys, or of all; each once."""
    if ALL in names:
        return store.keys()
    return list(dict.fromkeys(key_of(store, name) for name in names))


def key_of(store: Store, name: str) -> str:
    """Return the one key that begins with ``name``; ``StoreError`` says what there is else."""
    keys = store.keys()
    matches = [key for key in keys if key.startswith(name.lower())]
    if len(matches) == 1 and name:
        return matches[0]
    if not matches:
        what = f"there is no run '{name}' here; `steppe runs` lists those there are"
        raise StoreError(f"{store.path}: {what}")
    likely = ", ".join(key[: max(SHORT, len(name) + 4)] for key in matches[:5])
    raise StoreError(f"'{name}' could be any of {len(matches)} runs: {likely} ...")


@dataclass(frozen=True, slots=True)
class StoredRuns:
    """Stored runs of one scenario, made by one ``version`` of the engine.

    ``omissions`` says, a sentence for each reason, what else there is and why it is not here.
    """

    version: str
    runs: list[RunSummary]
    omissions: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Their keys, by seed."""
        return [run.key for run in self.runs]


def runs_of_study(store: Store, study: ResolvedRequest) -> StoredRuns:
    """Return the stored runs of a baseline; warnings tell what is left out, and of old versions."""
    stored = of_scenario(store, study.draws, study.request)
    own = engine_version(study.draws.scenario)
    if stored.version != own:
        warn(err(), f"these runs were made by model {stored.version}; this is {own}")
    for text in stored.omissions:
        warn(err(), text)
    return stored


def stored_pair(store: Store, study: ResolvedRequest) -> Pair:
    """Return the pair that stored runs make; ``StoreError`` where a history or seed is missing."""
    assert study.variant is not None
    draws = [
        draw_parameters(scenario, study.parameters, study.held)
        for scenario in (study.baseline, study.variant)
    ]
    base, other = (of_scenario(store, one, study.request) for one in draws)
    current = [
        of == engine_version(one.scenario)
        for of, one in zip((base.version, other.version), draws, strict=True)
    ]
    if shared_version(base.version) != shared_version(other.version) or current[0] != current[1]:
        raise StoreError(
            f"{store.path}: baseline and counterfactual were run by models {base.version}, "
            f"{other.version}"
        )
    keys = [{run.seed: run.key for run in stored.runs} for stored in (base, other)]
    common = tuple(sorted(keys[0].keys() & keys[1].keys()))
    if not common:
        raise StoreError(f"{store.path}: baseline and counterfactual have no seed in common")
    for text in dict.fromkeys([*base.omissions, *other.omissions, *_unpaired(*keys)]):
        warn(err(), text)
    baseline, variant = (
        _ensemble(study, store, one, {seed: key[seed] for seed in common})
        for one, key in zip(draws, keys, strict=True)
    )
    return compare(baseline, variant, study.baseline, study.variant, study.variant_name)


def _unpaired(one: Mapping[int, str], other: Mapping[int, str]) -> list[str]:
    """Say of how many seeds only one of two histories is stored."""
    unpaired = one.keys() ^ other.keys()
    return [f"{count(len(unpaired), 'seed')} left out, without both histories"] if unpaired else []


def _ensemble(
    study: ResolvedRequest, store: Store, draws: ParameterDraws, keys: dict[int, str]
) -> Ensemble:
    seeds, source, request = tuple(keys), draws.source, study.request
    return Ensemble(
        store, draws.base, seeds, keys, (), len(seeds), 0.0, source, draws.sample, request.engine,
        request.scale,
    )  # fmt: skip


def of_scenario(store: Store, draws: ParameterDraws, request: StudyRequest) -> StoredRuns:
    """Return the stored runs of a scenario and its draws, of one version of the request's engine.

    Of several versions it is this program's own if it has any, else the one that ran last; the
    version is returned with them, and what is left out. Raises ``StoreError`` when there is none.
    """
    readable, problems = store.survey()
    runs = [run for run in readable if run.case == draws.scenario.id]
    own_hash = functools.cache(draws.hashes())
    same = [run for run in runs if run.scenario_hash == own_hash(run.seed)]
    kind = (request.engine, request.scale)
    fit = [run for run in same if (run.engine, run.scale) == kind]
    if not fit:
        raise StoreError(
            f"{store.path}: no run of this scenario by {label(*kind)}{_hint(draws, runs, same)}"
        )
    versions = {run.engine_version for run in fit}
    own = engine_version(draws.scenario)
    version = own if own in versions else max(fit, key=lambda run: run.made).engine_version
    # A run stored twice, with and without its citizens, counts once.
    by_seed = {run.seed: run for run in fit if run.engine_version == version}
    older = {run.seed for run in fit} - by_seed.keys()
    return StoredRuns(
        version,
        [by_seed[seed] for seed in sorted(by_seed)],
        (*_unreadable(problems), *_of_other_versions(older)),
    )


def _unreadable(problems: Sequence[StoreError]) -> list[str]:
    """Say of how many runs nothing can be told, so that they may belong to the scenario."""
    if not problems:
        return []
    return [
        f"{count(len(problems), 'stored run')} cannot be read and may be missing here; "
        "`steppe runs` names what is wrong, `steppe gc --damaged` removes what is damaged, "
        "to be made again"
    ]


def _of_other_versions(seeds: Set[int]) -> list[str]:
    if not seeds:
        return []
    return [f"{count(len(seeds), 'seed')} left out that only other versions of the model ran"]


def _hint(draws: ParameterDraws, runs: Sequence[RunSummary], same: Sequence[RunSummary]) -> str:
    """Return where there are runs of the scenario instead, '' if there are none."""
    if same:
        kinds = sorted({label(run.engine, run.scale) for run in same})
        return f"; there are some by {'; by '.join(kinds)}"
    text = f" with parameters of the {draws.source}" if draws.source != "default" else ""
    usual = default_parameters(draws.scenario)
    others: list[ParameterSource] = [usual, "default", "prior"]
    for source in (one for one in others if one != draws.source):
        of = draw_parameters(draws.scenario, source, draws.fixed).hashes()
        if any(run.scenario_hash == of(run.seed) for run in runs):
            return f"{text}; there are some with --parameters {source}"
    return text
