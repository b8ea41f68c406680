"""Ablation: what a rule adds is baseline minus the run without it, seed by seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import steppe
from steppe.results.store import Store
from steppe.study.ablation import OUTCOMES, ablations

SEEDS = (1, 2, 3)


def test_an_effect_is_baseline_minus_the_run_without_the_rule(tmp_path: Path) -> None:
    case = steppe.load("two-valleys").change("clock.hours", 48)
    case = case.change("mechanisms.participation", "logit")  # people are out from the first day
    effects = {
        e.role: e for e in ablations(case, SEEDS, store=Store(tmp_path), scale=0.05, workers=1)
    }
    without = case.change("mechanisms.contact", "none")
    pairs = [(steppe.run(case, s, scale=0.05), steppe.run(without, s, scale=0.05)) for s in SEEDS]
    for name in OUTCOMES:
        values = [float(a.outcome[name]) - float(b.outcome[name]) for a, b in pairs]
        assert effects["contact"].differences[name] == tuple(np.quantile(values, (0.05, 0.5, 0.95)))
    # without contact nobody is arrested, so all arrests are what the rule adds
    low, middle, high = effects["contact"].differences["arrested"]
    assert 0.0 < low <= middle <= high
