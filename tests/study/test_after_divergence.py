"""Headlines are measured after the histories diverge: known answers by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import steppe
from steppe.results.trajectory import Series, Trajectory
from steppe.study.after_divergence import AFTER, outcomes_after
from steppe.study.comparison import compare_after, compare_outcomes

HOURS = 6


def made(seed: int, active: list[int], deaths: list[int], officers: list[int]) -> Trajectory:
    """A run of one place whose series are these."""
    run = steppe.run(
        steppe.load("two-valleys").change("clock.hours", HOURS), seed, engine="cohorts"
    )
    series = dict(run.series)
    for name, hourly in (("peaceful", active), ("deaths", deaths), ("arrests", deaths)):
        old = series[name]
        values = np.zeros_like(old.values)
        values[:, 0] = hourly
        series[name] = Series(name, old.dims, values, old.unit, old.meaning)
    for name in ("violent", "looting"):
        old = series[name]
        series[name] = Series(name, old.dims, np.zeros_like(old.values), old.unit, old.meaning)
    old = series["officers_killed"]
    values = np.array(officers, dtype=old.values.dtype)
    series["officers_killed"] = Series("officers_killed", old.dims, values, old.unit, old.meaning)
    return replace(run, series=series)


def test_outcomes_count_from_the_hour_of_parting_on() -> None:
    run = made(1, [0, 90, 10, 30, 20, 0], [1, 0, 0, 2, 0, 0], [1, 1, 1, 3, 3, 3])
    assert outcomes_after([run], 0)[1] == {
        "peak_after": 90, "killed_after": 6, "person_hours_after": 150, "arrested_after": 3,
    }  # fmt: skip
    assert outcomes_after([run], 3)[1] == {
        "peak_after": 30, "killed_after": 4, "person_hours_after": 50, "arrested_after": 2,
    }  # fmt: skip


def test_a_peak_before_the_change_hides_no_effect_after_it() -> None:
    base = [made(s, [0, 90, 10, 30, 20, s], [0] * 6, [0] * 6) for s in (1, 2, 3)]
    other = [made(s, [0, 90, 10, 80, 60, s], [0] * 6, [0] * 6) for s in (1, 2, 3)]
    arms = [
        {run.record.seed: run.outcome | {"peak_active": 90} for run in arm} for arm in (base, other)
    ]
    whole = compare_outcomes(arms[0], arms[1], 1000)
    assert next(r for r in whole.rows if r.outcome.name == "peak_active").effect.difference == 0.0
    after = compare_after(outcomes_after(base, 3), outcomes_after(other, 3))
    assert [row.outcome for row in after] == list(AFTER)
    assert [row.effect.difference for row in after] == [-50.0, 0.0, -90.0, 0.0]
    told = replace(whole, after=after)
    assert [row.outcome.name for row in told.answer[:2]] == ["peak_after", "killed_after"]
    assert "peak_after" in [row.outcome.name for row in told.headlines]
