"""Synthesis: margins hold, attributes have their laws, ties have their shares."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from steppe.case.scenario import Scenario
from steppe.core.compile import compiled
from steppe.core.geodesy import cosine, distances
from steppe.core.random import key_of
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters
from steppe.model.mechanisms.participation import ParticipationParameters
from steppe.model.mechanisms.population import PopulationParameters
from steppe.population.cohorts import OF_GROUP, cohort_table, ipf, largest_remainders
from steppe.population.geography import Geography, availability, geography
from steppe.population.income import (
    income_table,
    relative_deprivation,
    spread_of_gini,
)
from steppe.population.pool import (
    AttributeColumns,
    build_pool,
    fill_attributes,
    pool_limits,
    readiness,
    society_of,
)
from steppe.population.ties import build_ties, tie, tie_rule

KEY = key_of(5)


@pytest.fixture(scope="module")
def nation(kazakhstan: Scenario) -> Geography:
    return geography(kazakhstan, PopulationParameters(), 1.0)


def society_in(scenario: Scenario) -> Any:
    p, g = PopulationParameters(), GrievanceParameters()
    return society_of(scenario.regions, scenario.country.gini, p, g)[0]


@given(
    st.lists(st.floats(0.1, 10.0), min_size=2, max_size=5),
    st.lists(st.floats(0.1, 10.0), min_size=2, max_size=5),
    st.integers(0, 10),
)
@settings(max_examples=50, deadline=None)
def test_ipf_meets_its_margins(rows: list[float], columns: list[float], seed: int) -> None:
    a = np.array(rows)
    b = np.array(columns) * (sum(rows) / sum(columns))
    start = np.random.default_rng(seed).uniform(0.5, 2.0, (len(a), len(b)))
    table = ipf(start, [a, b])
    np.testing.assert_allclose(table.sum(axis=1), a, rtol=1e-8)
    np.testing.assert_allclose(table.sum(axis=0), b, rtol=1e-8)


def test_ipf_keeps_odds_ratios_and_refuses_bad_margins() -> None:
    start = np.array([[1.0, 2.0], [3.0, 4.0]])
    table = ipf(start, [np.array([3.0, 7.0]), np.array([5.0, 5.0])])
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert odds == pytest.approx(4.0 / 6.0, rel=1e-8)
    with pytest.raises(ValueError, match="different sums"):
        ipf(start, [np.array([1.0, 1.0]), np.array([5.0, 5.0])])
    with pytest.raises(ValueError, match="every seed cell is zero"):
        ipf(np.array([[0.0, 0.0], [1.0, 1.0]]), [np.array([1.0, 1.0]), np.array([1.0, 1.0])])


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=30), st.integers(0, 10_000))
@example([5e-324], 1)
def test_largest_remainders_sum_exactly(shares: list[float], total: int) -> None:
    whole = largest_remainders(np.array(shares), total)
    assert whole.sum() == (total if sum(shares) > 0 else 0)
    if sum(shares) > 0:
        exact = np.array(shares) * total / sum(shares)
        assert np.all(np.abs(whole - exact) < 1.0 + 1e-6)


def test_every_citizen_is_there(kazakhstan: Scenario, nation: Geography) -> None:
    assert nation.agents == kazakhstan.country.citizens == 19_503_159
    sizes = nation.cohorts.counts.sum(axis=1)
    assert sizes.tolist() == [p.population for p in kazakhstan.places]


def test_margins_of_every_region_hold(kazakhstan: Scenario, nation: Geography) -> None:
    """Cells are rounded one by one, so a margin may be off by half an agent per cell at most."""
    groups = np.repeat(np.arange(3), len(OF_GROUP))
    ages = np.array([age for age, _ in OF_GROUP] * 3)
    for index, region in enumerate(kazakhstan.regions):
        counts = nation.cohorts.counts[nation.region_of_place == index]
        slack = 0.5 * counts.size
        for group, share in enumerate(region.group_shares):
            found = counts[:, groups == group].sum()
            assert abs(found - share * region.population) <= slack + 1e-3 * region.population
        for name, share in (
            ("0-15", region.share_age_0_15),
            ("16-45", region.share_age_16_45),
            ("46-retirement", region.share_age_46_retirement),
            ("older", region.share_age_older),
        ):
            found = counts[:, ages == name].sum()
            assert abs(found - share * region.population) <= slack + 1e-3 * region.population


def limits_of(where: Geography, scenario: Scenario, p: ParticipationParameters) -> np.ndarray:
    """Return the limits of the pool of a scenario's places for ``KEY``."""
    people = np.array([float(place.population) for place in scenario.places])
    urban = np.array([float(place.kind != "rural") for place in scenario.places])
    return pool_limits(readiness(where, people, urban, p), where.address, KEY)


def test_pool_has_its_size_and_its_weights(nation: Geography, kazakhstan: Scenario) -> None:
    p = ParticipationParameters(readiness_spread=0.0, size_exponent=0.0, rural_readiness=1.0)
    society = society_in(kazakhstan)
    pool = build_pool(nation, society, limits_of(nation, kazakhstan, p), KEY)
    expected = p.mobilisable * nation.agents
    assert abs(len(pool) - expected) < 5.0 * math.sqrt(expected)
    assert np.all(np.diff(pool.number) > 0)
    weights = availability(nation.cohorts, p.young_men_weight)
    people = nation.cohorts.counts.sum(axis=0)
    assert (weights * people).sum() / people.sum() == pytest.approx(1.0, rel=1e-12)
    found = np.bincount(pool.cohort, minlength=3 * len(OF_GROUP))
    wanted = p.mobilisable * weights * people
    assert np.all(np.abs(found - wanted) <= 5.0 * np.sqrt(wanted) + 1e-9)


def test_a_larger_pool_contains_the_smaller(kazakhstan: Scenario) -> None:
    """Changing how many can act must not change who is first in line."""
    where = geography(kazakhstan, PopulationParameters(), 0.01)
    society = society_in(kazakhstan)
    small = build_pool(where, society, limits_of(where, kazakhstan, ParticipationParameters()), KEY)
    more = ParticipationParameters(mobilisable=0.02)
    large = build_pool(where, society, limits_of(where, kazakhstan, more), KEY)
    assert set(small.number) < set(large.number)


def test_attributes_follow_their_margins(kazakhstan: Scenario) -> None:
    """Attributes of 200,000 consecutive citizens of one region, asked on demand."""
    region = next(i for i, r in enumerate(kazakhstan.regions) if r.id == "mangystau")
    row = kazakhstan.regions[region]
    society = society_in(kazakhstan)
    n = 200_000
    columns = AttributeColumns(
        hardship=np.empty(n),
        risk_aversion=np.empty(n),
        exposure=np.empty(n),
        deprivation=np.empty(n),
        rank=np.empty(n),
        online=np.empty(n, dtype=np.uint8),
    )
    compiled(fill_attributes, parallel=True)(
        society, np.array([0, n]), np.array([region]), np.arange(n), *KEY, columns
    )
    error = 5.0 / math.sqrt(n)
    for name in ("hardship", "risk_aversion"):
        values = getattr(columns, name)
        assert abs(values.mean() - 0.5) < error * math.sqrt(1 / 12)
        assert abs(np.mean(values < 0.25) - 0.25) < error * 0.44
    assert abs(np.mean(columns.exposure > 0) - row.exposed_share) < error * 0.5
    exposed = columns.exposure[columns.exposure > 0]
    assert abs(np.median(exposed) / 0.05 - 1.0) < 0.02
    assert exposed.max() <= 0.35
    assert abs(columns.online.mean() - row.online_share) < error * 0.3
    assert abs(np.corrcoef(columns.hardship, columns.risk_aversion)[0, 1]) < error


def test_relative_deprivation_averages_to_the_gini_coefficient() -> None:
    rng = np.random.default_rng(3)
    incomes = np.sort(rng.lognormal(0.0, 0.8, 4000))
    weights = np.ones(4000)
    mean_gap = np.abs(incomes[:, None] - incomes[None, :]).mean()
    gini = mean_gap / (2.0 * incomes.mean())
    assert relative_deprivation(incomes, weights).mean() == pytest.approx(gini, rel=1e-12)
    with pytest.raises(ValueError, match="sorted"):
        relative_deprivation(incomes[::-1].copy(), weights)


def test_gini_of_a_lognormal() -> None:
    """Lognormal with sigma 0.8 has Gini 0.4284."""
    assert spread_of_gini(0.4284) == pytest.approx(0.8, abs=2e-4)


def test_the_nation_has_its_measured_gini(kazakhstan: Scenario) -> None:
    means = np.array([r.wage for r in kazakhstan.regions])
    people = np.array([float(r.population) for r in kazakhstan.regions])
    table = income_table(means, np.full(len(means), 0.5), people, 0.285)
    gini = (table.region_deprivation * people).sum() / people.sum()
    assert gini == pytest.approx(0.285, abs=1e-9)
    with pytest.raises(ValueError, match="more unequal"):
        income_table(means, np.full(len(means), 0.5), people, 0.05)


def test_distances_against_the_great_circle() -> None:
    angles = np.linspace(-90.0, 90.0, 181)
    np.testing.assert_allclose(cosine(angles), np.cos(np.radians(angles)), atol=1e-12)
    almaty, astana, aktau = (43.252, 76.912), (51.180, 71.446), (43.65, 51.15)
    lat, lon = (np.array(v) for v in zip(almaty, astana, aktau, strict=True))
    found = distances(lat, lon)
    for i in range(3):
        for j in range(3):
            a, b = np.radians([lat[i], lon[i]]), np.radians([lat[j], lon[j]])
            h = np.sin((b[0] - a[0]) / 2) ** 2
            h += np.cos(a[0]) * np.cos(b[0]) * np.sin((b[1] - a[1]) / 2) ** 2
            assert found[i, j] == pytest.approx(2 * 6371.0 * np.arcsin(np.sqrt(h)), rel=0.02)


def heard(rule: Any, numbers: Any, place: int, group: int, out: Any) -> None:
    for i in range(len(numbers)):
        for slot in range(out.shape[1]):
            out[i, slot] = tie(rule, int(numbers[i]), slot, place, group, KEY[0], KEY[1])


def test_ties_have_their_shares_near_far_and_within_the_group(
    kazakhstan: Scenario, nation: Geography
) -> None:
    p = PopulationParameters()
    rule = tie_rule(nation, p)
    place = next(i for i, q in enumerate(kazakhstan.places) if q.id == "almaty")
    low, high = (int(v) for v in nation.group_start[place, :2])
    numbers = np.arange(low, high, (high - low) // 4000)[:4000]
    targets = np.empty((len(numbers), 12), dtype=np.int64)
    compiled(tie)(rule, int(numbers[0]), 0, place, 0, *KEY)
    for i, number in enumerate(numbers):
        for slot in range(12):
            targets[i, slot] = compiled(tie)(rule, int(number), slot, place, 0, *KEY)
    start, end = (int(v) for v in nation.place_start[place : place + 2])
    inside = (targets >= start) & (targets < end)
    assert inside[:, :6].all()
    cells = int(nation.cell_start[place + 1] - nation.cell_start[place])
    assert np.all((targets[:, :6] - start) % cells == ((numbers - start) % cells)[:, None])
    far = 1.0 - inside[:, 6:].mean()
    assert far == pytest.approx(p.ties_far, abs=5 * math.sqrt(0.25 / 24_000))
    share = (high - low) / (end - start)
    kin = ((targets >= low) & (targets < high))[inside].mean()
    assert kin == pytest.approx(p.homophily + (1 - p.homophily) * share, abs=0.02)


def test_ties_decay_with_distance(kazakhstan: Scenario, nation: Geography) -> None:
    """Of two places of like size the nearer is chosen more often (gravity law)."""
    index = {q.id: i for i, q in enumerate(kazakhstan.places)}
    thresholds = nation.tie_threshold[index["almaty"]]
    weight = np.diff(np.append(0, thresholds)) / 2**32
    sizes = np.array([q.population for q in kazakhstan.places])
    per_head = weight / sizes
    assert per_head[index["taldykorgan"]] > 3.0 * per_head[index["aktau"]]
    assert weight[index["almaty"]] == 0.0


def test_listeners_are_the_ties_turned_round(kazakhstan: Scenario) -> None:
    p = PopulationParameters()
    where = geography(kazakhstan, p, 0.0005)
    society, _ = society_of(kazakhstan.regions, 0.285, p, GrievanceParameters())
    wide = ParticipationParameters(
        mobilisable=0.2, readiness_spread=0.0, size_exponent=0.0, rural_readiness=1.0
    )
    pool = build_pool(where, society, limits_of(where, kazakhstan, wide), KEY)
    ties = build_ties(where, pool, p, KEY)
    rule = tie_rule(where, p)
    place_of = np.searchsorted(pool.first, np.arange(len(pool)), side="right") - 1
    expected: list[tuple[int, int]] = []
    rows = {int(n): i for i, n in enumerate(pool.number)}
    for i, number in enumerate(pool.number):
        for slot in range(12):
            place, group = int(place_of[i]), int(pool.group[i])
            other = rows.get(tie(rule, int(number), slot, place, group, *KEY))
            if other is not None and other != i:
                expected.append((other, i))
    found = [
        (j, int(listener))
        for j in range(len(pool))
        for listener in ties.listeners[ties.first[j] : ties.first[j + 1]]
    ]
    assert sorted(found) == sorted(expected)
    assert len(found) > 1000


def test_cohorts_of_an_empty_country_place() -> None:
    table = cohort_table((), np.array([], dtype=np.int64), np.array([], dtype=np.int64))
    assert table.counts.shape == (0, 0)
