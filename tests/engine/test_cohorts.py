"""Runs by cohorts: people are conserved, pairs stay paired, and what they cannot do is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.docking.country import History

from steppe.case.load import load
from steppe.case.patch import apply
from steppe.case.scenario import Scenario, Value
from steppe.core.compile import compiled
from steppe.core.errors import SteppeError
from steppe.engine.cohort_hours import live_on_demand
from steppe.engine.cohort_model import cohort_model
from steppe.engine.cohort_run import live, run_cohorts, run_many
from steppe.engine.cohort_types import (
    CUT,
    CUT_DAYS,
    DEATHS,
    LOSS,
    NEWS,
    PEACEFUL,
    STATES,
    VIOLENT,
    WITHDRAWN,
)
from steppe.engine.cohort_world import cohort_history
from steppe.engine.run import run
from steppe.model.mechanisms.news import spread_news
from steppe.model.mechanisms.news_parameters import NewsParameters
from steppe.results.hashing import content_hash, key_of
from steppe.results.run_record import pack_record
from steppe.results.store import Store

CUT_AT = 68
"""The hour at which the internet goes off in Two Valleys."""


DETENTION = 12
"""Hours of detention, few enough that people come out again."""


@pytest.fixture(scope="module")
def valleys() -> Scenario:
    """An invented country of 400,000, with officers rough enough that everything happens."""
    return (
        load("two-valleys")
        .change("timeline.arrests.value", 3.0)
        .change("parameters.first_move.rate", 1e-8)
        .change("parameters.contact.death", 0.01)
        .change("parameters.contact.detention", float(DETENTION))
        .change("parameters.contact.wound_mean", 6.0)
    )


@pytest.mark.parametrize("hours", [1, 24, 84, 120, 168])
def test_nobody_is_lost(valleys: Scenario, hours: int) -> None:
    model = cohort_model(valleys.change("clock.hours", hours))
    for seed in range(1, 6):
        one = cohort_history(model, seed)
        before = one.state.members[:, :STATES].sum(axis=(1, 2))
        live(model, one)
        now = one.state.members[:, :STATES].sum(axis=(1, 2)) + one.state.detained
        dead = one.history.streets[DEATHS].sum(axis=0)
        np.testing.assert_array_equal(now + dead, before)
        if hours > DETENTION:
            np.testing.assert_array_equal(one.state.due.sum(axis=(0, 2)), one.state.detained)
        assert one.state.members.min() >= 0
        assert one.state.due.min(initial=0) >= 0


def test_everything_happens(valleys: Scenario) -> None:
    model = cohort_model(valleys)
    one = cohort_history(model, 1)
    live(model, one)
    assert np.all(one.history.streets.sum(axis=(1, 2)) > 0)
    assert one.state.members[:, WITHDRAWN].sum() > 0
    assert one.history.officers[0, -1] > 0


def test_nothing_ever_happens_where_nobody_goes_first(valleys: Scenario) -> None:
    calm = run(valleys.change("parameters.first_move.rate", 0.0), 1, engine="cohorts")
    for name in ("peaceful", "violent", "looting", "joined", "arrests", "deaths", "outrage"):
        assert not calm[name].any(), name
    assert calm["price"].std() > 0.0


def test_pairs_are_one_history_until_they_part(valleys: Scenario) -> None:
    open_net = valleys.change("information.blackout", "none")
    for seed in (1, 2, 3):
        one, other = (run(s, seed, engine="cohorts") for s in (valleys, open_net))
        for name in one.series:
            np.testing.assert_array_equal(one[name][:CUT_AT], other[name][:CUT_AT], err_msg=name)
        assert not np.array_equal(one["internet_cut"], other["internet_cut"])
    assert not np.array_equal(one["joined"], other["joined"])


def test_more_join_where_joining_is_faster(valleys: Scenario) -> None:
    """Alone with their own crowd, and with no way back, people come out sooner.

    Whoever has joined cannot go first any more and bring a group, so an hour can be short of some.
    """
    alone = valleys
    for role in ("violence", "looting", "contact", "round_up", "news", "outrage", "deterrence"):
        alone = alone.change(f"mechanisms.{role}", "none")
    for name in ("rate", "unwilling", "dispersal"):
        alone = alone.change(f"parameters.leaving.{name}", 0.0)
    slow, fast = (alone.change("parameters.participation.rate", beta) for beta in (0.2, 0.8))
    short = total = 0
    for seed in range(1, 9):
        one, other = (run(s, seed, engine="cohorts").active() for s in (slow, fast))
        assert other.sum() > one.sum(), seed
        short += int(np.maximum(one - other, 0).sum())
        total += int(one.sum())
    assert short < 0.01 * total


@pytest.mark.parametrize("hearing", [0.0, 0.3])
def test_news_is_that_of_the_rule_of_citizens(valleys: Scenario, hearing: float) -> None:
    model = cohort_model(valleys.change("parameters.news.hearing", hearing))
    one = cohort_history(model, 1)
    live(model, one)
    told = dict.fromkeys(("place_news_heard", "place_news_memory"), np.zeros(len(valleys.places)))
    column: dict[str, Any] = {
        "place_region": one.country.region_of,
        "region_lat": np.array([r.lat for r in valleys.regions]),
        "region_lon": np.array([r.lon for r in valleys.regions]),
        "persons": one.country.persons,
    }
    streets, levers = one.history.streets.astype(np.float64), one.levers.place
    parameters = model.plan.parameters("news")
    assert isinstance(parameters, NewsParameters)
    for hour in range(1, streets.shape[1]):
        told = spread_news(
            parameters, **column,
            place_news_heard=told["place_news_heard"],
            place_news_memory=told["place_news_memory"],
            place_peaceful=streets[PEACEFUL, hour - 1], place_violent=streets[VIOLENT, hour - 1],
            place_internet_cut=levers[CUT, hour], place_cut_days=levers[CUT_DAYS, hour],
        )  # fmt: skip
    assert one.state.place[NEWS].max() > 0.1
    np.testing.assert_allclose(one.state.place[NEWS], told["place_news"], rtol=1e-9)


@pytest.mark.parametrize("quiet", [False, True])
def test_hours_on_demand_are_those_of_a_whole_history(valleys: Scenario, quiet: bool) -> None:
    model = cohort_model(valleys.change("mechanisms.first_move", "none") if quiet else valleys)
    whole, parts = (cohort_history(model, 3) for _ in range(2))
    live(model, whole)
    span = np.zeros(2, dtype=np.int64)
    hours = compiled(live_on_demand, bind=model.binding)(parts, span)
    hour, ends = 0, []
    while hour < model.clock.hours:
        ahead = 1 if hour % 5 else 7
        span[:] = hour, min(hour + ahead, model.clock.hours)
        end = next(hours)
        crowd = parts.history.streets[PEACEFUL, hour:end].sum(axis=1)
        assert not crowd[:-1].any()  # nothing is lived past the first crowd
        ends.append(end - hour)
        hour = end
    assert max(ends) == (7 if quiet else 1)
    for one, other in zip(whole.history, parts.history, strict=True):
        assert np.array_equal(one, other)


def test_roles_switched_off_do_nothing(valleys: Scenario) -> None:
    off = valleys
    for role in ("looting", "violence", "contact", "casualties", "outrage"):
        off = off.change(f"mechanisms.{role}", "none")
    calm = run(off, 1, engine="cohorts")
    assert calm["peaceful"].any()
    for name in ("looting", "violent", "woundings", "deaths", "outrage", "officers_wounded"):
        assert not calm[name].any(), name


def test_a_run_is_a_function_of_scenario_and_seed(valleys: Scenario) -> None:
    first, again, other = (run_cohorts(valleys, [seed])[0] for seed in (7, 7, 8))
    assert content_hash(first) == content_hash(again)
    assert content_hash(first) != content_hash(other)


def test_the_engine_is_part_of_record_and_key(valleys: Scenario, tmp_path: Path) -> None:
    by_cohorts = run(valleys, 1, engine="cohorts")
    by_citizens = run(valleys.change("clock.hours", 2), 1)
    assert by_cohorts.record.engine == "cohorts"
    assert pack_record(by_cohorts.record)["engine"] == "cohorts"
    assert "engine" not in pack_record(by_citizens.record)
    store = Store(tmp_path)
    key = store.put(by_cohorts)
    assert key == key_of(by_cohorts.record)
    assert store.get(key).record.engine == "cohorts"
    assert content_hash(store.get(key)) == content_hash(by_cohorts)


def test_vectors_act_as_patches_do(valleys: Scenario) -> None:
    patched = valleys.change("parameters.participation.rate", 0.4)
    runs = list(run_many(valleys, [1, 2], [{}, {"participation.rate": 0.4}]))
    whole = [*run_cohorts(valleys, [1, 2]), *run_cohorts(patched, [1, 2])]
    for few, all_series in zip(runs, whole, strict=True):
        for name in few.series:
            np.testing.assert_array_equal(few[name], all_series[name], err_msg=name)
        assert few.record.scenario_hash == all_series.record.scenario_hash
    assert not np.array_equal(runs[0].active(), runs[2].active())


@pytest.mark.parametrize(
    "patch",
    [
        {"prices.shock": 0.4},
        {"prices.shock": 1.6, "parameters.participation.rate": 0.4},
        {"parameters.participation.rate": 0.4},
        {"information.blackout": "none"},
    ],
)
def test_a_script_that_is_shared_leaves_the_same_bits(
    valleys: Scenario, patch: dict[str, Value]
) -> None:
    variant, row = apply(valleys, patch), {"violence.rate": 0.02}
    (shared,) = run_many(variant, [1], [row], whole=True, like=valleys)
    alone = run(variant.change("parameters.violence.rate", 0.02), 1, engine="cohorts")
    assert content_hash(shared) == content_hash(alone)
    assert shared.record.scenario_hash == alone.record.scenario_hash


def test_an_unknown_parameter_is_named(valleys: Scenario) -> None:
    with pytest.raises(
        SteppeError, match=r"'participation.rat'; did you mean 'participation.rate'"
    ):
        list(run_many(valleys, [1], [{"participation.rat": 0.4}]))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("mechanisms.participation", "kuran", "weighs every citizen's action anew"),
        ("mechanisms.news", "silence-speaks", r"mechanisms.news 'silence-speaks' \(cohorts know"),
    ],
)
def test_what_cohorts_cannot_do_is_named(path: str, value: str, words: str) -> None:
    scenario = load("two-valleys").change(path, value)
    with pytest.raises(SteppeError, match=words + ".*--engine citizens"):
        run(scenario, 1, engine="cohorts")


def test_options_of_citizens_do_not_go_with_cohorts(valleys: Scenario) -> None:
    with pytest.raises(ValueError, match="whole histories"):
        run(valleys, 1, scale=0.1, engine="cohorts")
    with pytest.raises(ValueError, match="seed must be a whole number"):
        run_cohorts(valleys, [-1])


@pytest.mark.parametrize("delay", [0.0, 20.0])
def test_the_loss_is_that_of_the_rule_of_citizens(delay: float) -> None:
    """Hour by hour, with prices that rise and fall by the table and what a concession takes."""
    scenario = load("kazakhstan-2022").change("parameters.grievance.delay", delay)
    scenario = scenario.change("parameters.first_move.rate", 0.0)
    citizens = History(scenario)
    expected = np.array([citizens.live(1).column("region_loss").copy() for _ in range(300)])
    found = cohort_model(scenario).levers.region[LOSS, : len(expected)]
    assert np.count_nonzero(np.diff(found, axis=0)) > 5
    np.testing.assert_allclose(found, expected, rtol=1e-12)
