"""A pair from runs that are stored already: nothing is simulated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from steppe.core.errors import StoreError

if TYPE_CHECKING:
    from steppe.commands.asked import Asked
    from steppe.commands.pair_arms import Variant
    from steppe.results.store import Store
    from steppe.study.ensemble import Ensemble
    from steppe.study.pair import Pair
    from steppe.study.parameter_draws import ParameterDraws


def _stored(store: Store, drawn: ParameterDraws, scale: float) -> tuple[str, dict[int, str]]:
    from steppe.commands.run_lookup import of_scenario

    version, runs = of_scenario(store, drawn, scale)
    return version, {run.seed: run.key for run in runs}


def _ensemble(store: Store, drawn: ParameterDraws, keys: dict[int, str]) -> Ensemble:
    from steppe.study.ensemble import Ensemble

    seeds = tuple(sorted(keys))
    return Ensemble(store, drawn.base, seeds, keys, (), len(seeds), 0.0, drawn.source, drawn.sample)


def stored_pair(store: Store, asked: Asked, variant: Variant, scale: float) -> Pair:
    """Return the pair that stored runs make; ``StoreError`` where an arm or a seed is missing."""
    from steppe.study.pair import compare
    from steppe.study.parameter_draws import draw_parameters

    both = [
        draw_parameters(scenario, asked.parameters, asked.held)
        for scenario in (asked.scenario, variant.scenario)
    ]
    (version, ones), (other_version, others) = (_stored(store, one, scale) for one in both)
    if version != other_version:
        raise StoreError(f"{store.path}: the arms were run by models {version}, {other_version}")
    common = sorted(ones.keys() & others.keys())
    if not common:
        raise StoreError(f"{store.path}: the two arms have no seed in common")
    arms = [
        _ensemble(store, one, {seed: keys[seed] for seed in common})
        for one, keys in zip(both, (ones, others), strict=True)
    ]
    return compare(arms[0], arms[1], asked.scenario, variant.scenario, variant.name)


def write_stored(
    store: Store, asked: Asked, variant: Variant, scale: float, output: Path | None
) -> Path:
    """Write the report of a stored pair and return its path."""
    from steppe.commands.pair_page import default_path, write
    from steppe.commands.report_writer import command_line

    made = stored_pair(store, asked, variant, scale)
    words: list[object] = ["pair", asked.case, *variant.words]
    words += ["--base-set" if word == "--set" else word for word in asked.options]
    words += ["--seeds", len(made.seeds)]
    words += ["--seed-from", made.seeds[0]] if made.seeds[0] != 1 else []
    words += ["--scale", f"{scale:g}"] if scale != 1.0 else []
    target = output or default_path(store.path, asked, variant.name, scale)
    return write(asked, made, None, command_line(*words), target)
