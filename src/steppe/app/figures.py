"""Figures for a paper: each chart of what is on screen, at the widths of journals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from steppe.app import setting_text
from steppe.app.errors import RequestError
from steppe.app.look import MOST_SEEDS, engine_for
from steppe.core.extras import require
from steppe.results.curves import CURVES
from steppe.study.ensemble import Ensemble, ensemble
from steppe.study.pair import compare

if TYPE_CHECKING:
    from steppe.app.arms import ArmDocuments
    from steppe.app.comparison import Comparison
    from steppe.plot.style import Picture
    from steppe.study.parameter_draws import ParameterDraws

FORM = "figures"
MAPPED = "active"
LOOK = "A quick look by cohorts, not a result: the command below makes the result.\n\n"


def figures_archive(
    one: Comparison, arms: ArmDocuments, folder: Path, hour: int | None = None
) -> Path:
    """Write a zip with every chart as SVG, PNG and PDF at both widths, and return it.

    Maps are of ``hour``, by default that in which the baseline has most people on the street.
    They are of the stored runs, else of the quick look, and then say so. Raises ``RequestError``
    where there are no runs to draw, ``SteppeError`` without Matplotlib.
    """
    require("matplotlib", "plot", "figures")
    from steppe.plot.archive import write_archive

    draws = [arms.draws.of(arm) for arm in one.arms]
    seeds = arms.pairs(one)
    histories = _stored(one, arms, seeds) if seeds else _looks(one, arms, folder)
    text = setting_text.readme(one, draws)
    target = folder / f"{setting_text.file_stem(one)}-{FORM}.zip"
    return write_archive(target, _pictures(one, histories, hour), text if seeds else LOOK + text)


def _pictures(one: Comparison, histories: list[Ensemble], hour: int | None) -> dict[str, Picture]:
    first = histories[0]
    runs = [first.store.get(key) for key in first.keys.values()]
    names = [curve.key for curve in CURVES if curve.available(runs[0])]
    if hour is None:
        hour = int(np.median([run.active().sum(axis=1) for run in runs], axis=0).argmax())
    if len(histories) == 1:
        plot = first.plot
        return {**{name: plot.fan(name) for name in names},
                "map": plot.map(hour, MAPPED, one.baseline)}  # fmt: skip
    changes = one.request.variant
    single = len(changes.counterfactuals) == 1 and not changes.values
    name = changes.counterfactuals[0] if single else ""
    plot = compare(first, histories[1], one.baseline, one.variant, name).plot
    maps = {f"map-{key}": picture for key, picture in plot.maps(hour, MAPPED).items()}
    return {**{name: plot.fans(name) for name in names}, "effects": plot.effects(), **maps}


def _stored(one: Comparison, arms: ArmDocuments, seeds: list[int]) -> list[Ensemble]:
    return [
        _ensemble(one, arms, arms.draws.of(arm), {seed: keys[seed] for seed in seeds})
        for arm, keys in zip(one.arms, arms.runs(one), strict=True)
    ]


def _looks(one: Comparison, arms: ArmDocuments, folder: Path) -> list[Ensemble]:
    """Return the histories of the quick look on screen, made again in ``folder``."""
    if arms.shows_shipped(one):
        raise RequestError("this result is shipped without its runs: run it, then take its figures")
    if engine_for(one.arms).engine != "cohorts":
        raise RequestError("nothing of this setting is stored yet: run it, then take its figures")
    first = one.request.first
    return [
        ensemble(
            arm.scenario,
            range(first, first + MOST_SEEDS),
            store=folder / "runs",
            workers=1,
            engine="cohorts",
            parameters=arm.parameters,
            fixed=arm.fixed,
        )
        for arm in one.arms
    ]


def _ensemble(
    one: Comparison, arms: ArmDocuments, draws: ParameterDraws, keys: dict[int, str]
) -> Ensemble:
    return Ensemble(
        arms.stock.store, draws.base, tuple(keys), keys, (), len(keys), 0.0, draws.source,
        draws.sample, "citizens", one.request.scale,
    )  # fmt: skip
