"""Finding stored runs by what a user says of them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from steppe.core.errors import StoreError

if TYPE_CHECKING:
    from steppe.results.run_index import RunSummary
    from steppe.results.store import Store
    from steppe.study.parameter_draws import ParameterDraws
    from steppe.study.parameters import ParameterSource

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
    found = [key for key in keys if key.startswith(name.lower())]
    if len(found) == 1 and name:
        return found[0]
    if not found:
        what = f"there is no run '{name}' here; `steppe runs` lists those there are"
        raise StoreError(f"{store.path}: {what}")
    likely = ", ".join(key[: max(SHORT, len(name) + 4)] for key in found[:5])
    raise StoreError(f"'{name}' could be any of {len(found)} runs: {likely} ...")


def of_scenario(store: Store, drawn: ParameterDraws, scale: float) -> tuple[str, list[RunSummary]]:
    """Return the stored runs of a scenario and its draws at a scale, of one version of the engine.

    Of several versions it is this program's own if it has any, else the one that ran last; the
    version is returned with them. Raises ``StoreError`` when there is none.
    """
    from steppe.engine.run import engine_version

    runs = [run for run in store.survey()[0] if run.case == drawn.scenario.id]
    own_hash = functools.cache(drawn.hashes())
    same = [run for run in runs if run.scenario_hash == own_hash(run.seed)]
    fit = [run for run in same if run.scale == scale]
    if not fit:
        raise StoreError(
            f"{store.path}: no run of this scenario at scale {scale:g}{_hint(drawn, runs, same)}"
        )
    versions = {run.engine_version for run in fit}
    own = engine_version()
    chosen = own if own in versions else max(fit, key=lambda run: run.made).engine_version
    # A run stored twice, with and without its citizens, counts once.
    by_seed = {run.seed: run for run in fit if run.engine_version == chosen}
    return chosen, [by_seed[seed] for seed in sorted(by_seed)]


def _hint(drawn: ParameterDraws, runs: Sequence[RunSummary], same: Sequence[RunSummary]) -> str:
    """Return where there are runs of the scenario instead, '' if there are none."""
    from steppe.study.parameter_draws import draw_parameters as drawn_from
    from steppe.study.parameters import default_parameters

    if same:
        scales = sorted({run.scale for run in same})
        return f"; there are some at scale {', '.join(f'{scale:g}' for scale in scales)}"
    said = f" with parameters of the {drawn.source}" if drawn.source != "default" else ""
    usual = default_parameters(drawn.scenario)
    others: list[ParameterSource] = [usual, "default", "prior"]
    for source in (one for one in others if one != drawn.source):
        of = drawn_from(drawn.scenario, source, drawn.fixed).hashes()
        if any(run.scenario_hash == of(run.seed) for run in runs):
            return f"{said}; there are some with --parameters {source}"
    return said
