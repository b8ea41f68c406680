"""Pairs: planted causes get the right probabilities; equal scenarios have no effect."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import SMALL

from steppe.case.scenario import Scenario
from steppe.results.store import Store
from steppe.study.individual_divergence import compare_citizens
from steppe.study.pair import causation, effect, pair, wilson

HOURS = 84
CUT = 68
"""Hour of the first internet cut of the case: 4 January, 20:30."""


@pytest.fixture(scope="module")
def short(january: Scenario) -> Scenario:
    return january.change("clock.hours", HOURS)


def point(interval: tuple[float, float, float] | None) -> float:
    """Return the estimate of an interval that must be there."""
    assert interval is not None
    return interval[0]


def test_wilson_known_values() -> None:
    """Wilson 95 % interval of 7 of 10: 0.3968 to 0.8922; of 0 of 10: 0 to 0.2775."""
    assert wilson(7, 10) == pytest.approx((0.7, 0.3968, 0.8922), abs=5e-5)
    assert wilson(0, 10) == pytest.approx((0.0, 0.0, 0.2775), abs=5e-5)
    assert wilson(10, 10)[2] == 1.0


def test_a_necessary_and_sufficient_cause() -> None:
    """With it always, without it never."""
    found = causation("y", [True] * 20, [False] * 20)
    assert point(found.necessity) == 1.0
    assert point(found.sufficiency) == 1.0
    assert point(found.both) == 1.0


def test_an_irrelevant_cause() -> None:
    happens = [True, False] * 10
    found = causation("y", happens, happens)
    assert point(found.necessity) == 0.0
    assert point(found.sufficiency) == 0.0


def test_a_cause_necessary_but_not_sufficient() -> None:
    """Y needs the cause and something else that half of the seeds have."""
    other = [True, False] * 10
    found = causation("y", other, [False] * 20)
    assert point(found.necessity) == 1.0
    assert point(found.sufficiency) == 0.5


def test_no_seed_tells_when_the_outcome_is_constant() -> None:
    never = causation("y", [False] * 5, [False] * 5)
    assert never.necessity is None
    assert never.sufficiency is not None
    always = causation("y", [True] * 5, [True] * 5)
    assert always.sufficiency is None


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_both_is_necessity_times_the_share_that_happened(pairs: list[tuple[bool, bool]]) -> None:
    """P(necessary and sufficient) = P(necessary | Y) P(Y): an identity of the definitions."""
    found = causation("y", [a for a, _ in pairs], [b for _, b in pairs])
    happened = sum(a for a, _ in pairs) / len(pairs)
    necessity = found.necessity[0] if found.necessity else 0.0
    assert found.both is not None
    assert found.both[0] == pytest.approx(necessity * happened)


def test_effect_of_a_constant_shift_is_exact() -> None:
    base = np.arange(20.0)
    found = effect("x", base + 3.0, base)
    assert (found.difference, found.low, found.high, found.median) == (3.0, 3.0, 3.0, 3.0)


def test_interval_covers_the_true_mean_at_its_rate() -> None:
    """95 % bootstrap of 40 normal differences: covered in 88 to 99 % of 300 repetitions."""
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(300):
        gaps = rng.normal(1.0, 2.0, 40)
        found = effect("x", gaps, np.zeros(40))
        hits += found.low <= 1.0 <= found.high
    assert 0.88 <= hits / 300 <= 0.99


def test_a_scenario_against_itself(short: Scenario, tmp_path: Path) -> None:
    made = pair(short, short, range(1, 4), store=Store(tmp_path), scale=SMALL, workers=1)
    assert made.patch == ()
    assert set(made.first_divergence) == {HOURS}
    assert all(e.difference == e.low == e.high == 0.0 for e in made.effects)


def test_nothing_differs_before_the_patch_can_act(short: Scenario, tmp_path: Path) -> None:
    other = short.change("information.blackout", "none")
    made = pair(short, other, range(1, 4), store=Store(tmp_path), scale=SMALL, workers=1)
    assert [(c.path, c.new) for c in made.patch] == [("information.blackout", "none")]
    assert set(made.first_divergence) == {CUT}
    lives = compare_citizens(short, other, 1, scale=SMALL)
    assert lives.first_hour >= CUT or lives.first_hour == -1


def test_citizens_apart_agree_with_the_recorded_series(short: Scenario) -> None:
    short = short.change("mechanisms.participation", "logit")  # so few agents start no crowd
    none = compare_citizens(short, short, 2, scale=SMALL)
    assert (none.first_hour, none.citizens) == (-1, 0)
    lives = compare_citizens(short, short.change("prices.shock", 0.0), 2, scale=SMALL)
    assert lives.citizens > 0
    assert sum(lives.by_region.values()) == pytest.approx(lives.citizens, rel=0.01)


def test_the_command_prints_one_document(tmp_path: Path) -> None:
    from steppe.cli import cli

    arguments = [
        "pair", "kazakhstan-2022", "no-price-shock", "--seeds", "2", "--scale", str(SMALL),
        "--base-set", "clock.hours=24", "--base-set", "clock.start=2022-01-02T00:00",
        "--store", str(tmp_path), "--json",
    ]  # fmt: skip
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["patch"] == {"prices.shock": 0.0}
    assert document["first_divergence_hour"] == 0
    assert {"effects", "necessity", "sufficiency", "seeds", "baseline"} <= set(document)
    assert {e["pairs"] for e in document["effects"]} == {2}
