"""Paired differences of series: they add up to the effects and begin where the patch acts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import SMALL

import steppe
from steppe.case.scenario import Scenario
from steppe.results.store import Store
from steppe.study.effects import RESAMPLES, effect, interval, weights
from steppe.study.pair import Pair, pair

HOURS = 72
CUT = 68


@pytest.fixture(scope="module")
def made(january: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    short = january.change("clock.hours", HOURS)
    store = Store(tmp_path_factory.mktemp("pairs"))
    return pair(short, "no-blackout", 2, store=store, scale=SMALL, workers=1)


def test_every_resample_has_as_many_pairs() -> None:
    counts = weights(7)
    assert counts.shape == (RESAMPLES, 7)
    assert (counts.sum(axis=1) == 7).all()
    np.testing.assert_allclose(counts.mean(), 1.0)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=12))
def test_the_interval_of_a_series_is_that_of_an_outcome(gaps: list[int]) -> None:
    """A column of a series and a scalar with the same gaps have the same interval."""
    values = np.array(gaps, dtype=float)
    one = effect("x", values, np.zeros(len(gaps)))
    low, high = interval(np.stack([values, 2.0 * values], axis=1))
    assert (low[0], high[0]) == pytest.approx((one.low, one.high))
    assert (low[1], high[1]) == pytest.approx((2.0 * one.low, 2.0 * one.high))


def test_one_pair_has_no_interval() -> None:
    found = effect("x", np.array([3.0]), np.array([1.0]))
    assert found.difference == 2.0
    assert np.isnan(found.low)
    assert np.isnan(found.high)


def test_a_name_stands_for_its_counterfactual(made: Pair, kazakhstan: Scenario) -> None:
    assert made.name == "no-blackout"
    assert [(c.path, c.new) for c in made.patch] == [("information.blackout", "none")]
    assert made.seeds == (1, 2)


def test_series_do_not_differ_before_the_patch_acts(made: Pair) -> None:
    difference = made.difference("region")
    assert difference.attrs["pairs"] == 2
    for name, values in difference.data_vars.items():
        early = values.isel(hour=slice(0, CUT))
        assert float(np.abs(early).max()) == 0.0, name
    cut = difference["internet_cut"].sel(bound="mean").isel(hour=CUT)
    assert float(cut.min()) == 0.25


def test_hourly_differences_add_up_to_the_effect(made: Pair) -> None:
    mean = made.difference().sel(bound="mean")
    for series, outcome in (("deaths", "killed"), ("arrests", "arrested")):
        assert float(mean[series].sum()) == pytest.approx(made.effect(outcome).difference)


def test_datasets_have_units_and_both_arms(made: Pair) -> None:
    data = made.dataset("region")
    assert data["arrests"].dims == ("arm", "seed", "hour", "region")
    assert data["arrests"].attrs["units"] == "persons per hour"
    whole = made.dataset()
    np.testing.assert_allclose(
        whole["arrests"].values, data["arrests"].sum("region").values, rtol=1e-12
    )
    gap = whole.sel(arm="baseline") - whole.sel(arm="variant")
    np.testing.assert_allclose(
        gap["risk"].mean("seed").values, made.difference()["risk"].sel(bound="mean").values,
        atol=1e-12,
    )  # fmt: skip


def test_an_ensemble_is_one_dataset(made: Pair) -> None:
    data = made.baseline.dataset()
    assert dict(data.sizes)["seed"] == 2
    assert "units" in data["peaceful"].attrs


def test_a_notebook_shows_a_table_with_nothing_unescaped(made: Pair) -> None:
    assert "necessary" in made._repr_html_()
    assert "<td>Arrests</td>" in made.baseline._repr_html_()


def test_the_front_door_has_the_studies() -> None:
    for name in ("load", "run", "pair", "ensemble", "sweep"):
        assert callable(getattr(steppe, name))
