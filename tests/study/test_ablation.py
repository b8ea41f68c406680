"""Ablation: what a rule adds is baseline minus the run without it, seed by seed."""

from __future__ import annotations

from pathlib import Path

import pytest

import steppe
from steppe.results.store import Store
from steppe.study import ablation
from steppe.study.ablation import OUTCOMES, ablations, unseen
from steppe.study.rule_patches import patches

SEEDS = (1, 2, 3)


def test_an_effect_is_baseline_minus_the_run_without_the_rule(tmp_path: Path) -> None:
    case = steppe.load("two-valleys").change("clock.hours", 48)
    case = case.change("mechanisms.participation", "logit")  # people are out from the first day
    effects = {
        e.role: e for e in ablations(case, SEEDS, store=Store(tmp_path), scale=0.05, workers=1)
    }
    without = case.change("mechanisms.contact", "none")
    pairs = [(steppe.run(case, s, scale=0.05), steppe.run(without, s, scale=0.05)) for s in SEEDS]
    rows = {row.outcome.name: row for row in effects["contact"].pair.comparison.rows}
    for name in OUTCOMES:
        values = [float(a.outcome[name]) - float(b.outcome[name]) for a, b in pairs]
        assert rows[name].by_pair == tuple(values)
    # without contact nobody is arrested, so all arrests are what the rule adds
    assert rows["arrested"].counterfactual == 0.0 < rows["arrested"].effect.difference


def test_a_patch_that_cohorts_leave_out_is_named_and_not_shown_as_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = steppe.load("two-valleys")
    few = [one for one in patches(case) if one[0] in ("first_move", "news", "loyalty", "outcome")]
    monkeypatch.setattr(ablation, "patches", lambda scenario, rivals=False: iter(few))
    left_out = dict(unseen(case, "cohorts"))
    tried = {e.role: e for e in ablations(case, 2, store=Store(tmp_path), engine="cohorts")}
    assert "loyalty" in left_out
    assert not left_out.keys() & tried.keys()
    assert tried.keys() | left_out.keys() == {role for role, _, _ in few}
    assert any(tried["first_move"].pair.comparison.rows[0].by_pair)  # without it there is nobody
