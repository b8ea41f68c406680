"""Figures for a paper: each chart of the stored runs on screen, at the widths of journals."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from steppe.app import setting_text
from steppe.app.errors import RequestError
from steppe.core.extras import require
from steppe.results.curves import CURVES
from steppe.study.ensemble import Ensemble
from steppe.study.pair import compare

if TYPE_CHECKING:
    from steppe.app.arms import ArmDocuments
    from steppe.app.comparison import Comparison
    from steppe.plot.style import Picture
    from steppe.study.parameter_draws import ParameterDraws

FORM = "figures"
WIDTHS: Mapping[str, float] = {"one-column": 85.0, "two-columns": 170.0}
"""Widths of a column and of a page of most journals, in millimetres."""

KINDS = ("svg", "png", "pdf")


def figures_archive(one: Comparison, arms: ArmDocuments, folder: Path) -> Path:
    """Write a zip with every chart as SVG, PNG and PDF at both widths, and return it.

    Raises ``RequestError`` where nothing is stored, ``SteppeError`` without Matplotlib.
    """
    require("matplotlib", "plot", "figures")
    seeds = arms.pairs(one)
    if not seeds:
        raise RequestError("nothing of this setting is stored yet: run it, then take its figures")
    target = folder / f"{setting_text.file_stem(one)}-{FORM}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, picture in _pictures(one, arms, seeds).items():
            for width, millimetres in WIDTHS.items():
                sized = picture.at_width(millimetres)
                for kind in KINDS:
                    out.writestr(f"{name}-{width}.{kind}", sized.rendered(kind))
        draws = [arms.draws.of(arm) for arm in one.arms]
        out.writestr("readme.txt", setting_text.readme(one, draws))
    return target


def _pictures(one: Comparison, arms: ArmDocuments, seeds: list[int]) -> dict[str, Picture]:
    histories = [
        _ensemble(one, arms, arms.draws.of(arm), {seed: keys[seed] for seed in seeds})
        for arm, keys in zip(one.arms, arms.runs(one), strict=True)
    ]
    first = arms.stock.trajectories([histories[0].keys[seeds[0]]])[0]
    names = [curve.key for curve in CURVES if curve.available(first)]
    if len(histories) == 1:
        return {name: histories[0].plot.fan(name) for name in names}
    changes = one.request.variant
    single = len(changes.counterfactuals) == 1 and not changes.values
    name = changes.counterfactuals[0] if single else ""
    pair = compare(histories[0], histories[1], one.baseline, one.variant, name)
    return {name: pair.plot.fans(name) for name in names}


def _ensemble(
    one: Comparison, arms: ArmDocuments, draws: ParameterDraws, keys: dict[int, str]
) -> Ensemble:
    return Ensemble(
        arms.stock.store, draws.base, tuple(keys), keys, (), len(keys), 0.0, draws.source,
        draws.sample, "citizens", one.request.scale,
    )  # fmt: skip
