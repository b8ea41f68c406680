"""A crisis's scenario comes from what was known before it, and from nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.case.canonical import canonical, from_canonical, scenario_hash
from steppe.case.check import cross_problems
from steppe.core.errors import CaseError
from steppe.countries.facts import facts, patron_of
from steppe.countries.institutions import ages
from steppe.research.crises.build import MOST_UNITS, QUIET_DAYS, build
from steppe.research.crises.draws import scenario_of
from steppe.research.crises.table import Crisis, PriorFacts, known, open_crises, read_crises
from steppe.research.crises.trigger import EXPOSED, RATIO, Shock, price_ratio, shock
from steppe.study.parameters import (
    default_parameters,
    population_row,
    scenario_of_seed,
    with_parameters,
)
from steppe.study.population import EFFECTS, population_law

BEFORE = {
    "case_id", "country", "iso3", "start_date", "trigger", "trigger_class", "econ_trigger",
    "population_m",
}  # fmt: skip
AFTER = sorted(set(Crisis.model_fields) - BEFORE)
CASES = open_crises()
IDS = [row.case_id for row in CASES]

MUTATED: dict[str, Any] = {
    "end_date": "2031-01-01", "source": "other", "confidence": "D", "notes": "other",
    "foreign_actor": "Nobody", "outcome_class": "other",
}  # fmt: skip


def mutations(row: Crisis) -> dict[str, Any]:
    """Another value for every column that holds what came of the crisis."""
    changed: dict[str, Any] = {}
    for name in AFTER:
        if name in MUTATED:
            changed[name] = MUTATED[name]
        else:
            value = getattr(row, name)
            changed[name] = 1 if value in (0, None) else 0
    return changed


@pytest.mark.parametrize("row", CASES, ids=IDS)
def test_nothing_that_came_of_a_case_enters_its_scenario(row: Crisis) -> None:
    other = row.model_copy(update=mutations(row))
    assert all(getattr(other, name) != getattr(row, name) for name in AFTER)
    for seed in (1, 7):
        one, two = (scenario_of(known(r), seed, "prior") for r in (row, other))
        assert scenario_hash(one) == scenario_hash(two)


@pytest.mark.parametrize("name", sorted(BEFORE - {"country"}))
def test_what_was_known_does_enter(name: str) -> None:
    # country is a name, for people; everything else that was known moves the run
    row = next(r for r in CASES if r.case_id == "KAZ_2022")
    other = {
        "case_id": "X", "iso3": "UZB", "start_date": "2010-01-02", "trigger": "tripled",
        "trigger_class": "election", "econ_trigger": 0, "population_m": 18.0,
    }[name]  # fmt: skip
    changed = row.model_copy(update={name: other})
    if name == "econ_trigger":  # an input of the regression alone
        assert known(changed) != known(row)
        return
    hashes = {scenario_hash(scenario_of(known(r), 1, "prior")) for r in (row, changed)}
    assert len(hashes) == 2


@pytest.mark.parametrize("row", CASES, ids=IDS)
def test_every_scenario_passes_every_check(row: Crisis) -> None:
    scenario = scenario_of(known(row), 1, "prior")
    assert list(cross_problems(scenario)) == []
    assert canonical(from_canonical(canonical(scenario))) == canonical(scenario)
    assert scenario.mode == "endogenous"
    assert scenario.timeline == ()
    assert sum(place.population for place in scenario.places) == known(row).citizens
    capital = next(p for p in scenario.places if p.id == scenario.country.capital)
    assert capital.kind == "city"


def test_no_figure_of_a_later_year_is_used() -> None:
    then, later = (facts("KAZ", date(year, 6, 1), 16_000_000) for year in (1990, 2022))
    assert then.online == 0.0
    assert later.online > 0.5
    assert facts("KAZ", date(2022, 1, 1), 1).income != facts("KAZ", date(2021, 1, 1), 1).income
    assert "gdppc_ppp" in facts("DDR", date(1989, 9, 4), 16_400_000).assumed


def test_the_patron_is_that_of_the_day() -> None:
    assert patron_of("UZB", date(2010, 1, 1)) == "CSTO"
    assert patron_of("UZB", date(2022, 7, 1)) == ""
    assert patron_of("RUS", date(2022, 1, 1)) == ""  # a leader asks nobody
    assert patron_of("DDR", date(1989, 9, 4)) == "Warsaw Pact"


def test_an_alliance_is_weighed_without_the_clients_own_requests() -> None:
    weights = {
        row.case_id: scenario_of(known(row), 1, "default").parameters["alliance"]
        for row in CASES
        if row.case_id in ("KAZ_2022", "BLR_2006", "GDR_1989")
    }
    # Belarus never asked; the others' requests are in the file and out of their own scenarios
    assert weights["KAZ_2022"]["intercept"] != weights["BLR_2006"]["intercept"]
    assert weights["GDR_1989"]["intercept"] != weights["BLR_2006"]["intercept"]


@pytest.mark.parametrize(
    ("trigger", "ratio"),
    [
        ("pump price roughly doubled (about 60 to 120 tenge per litre)", 2.0),
        ("65 to 141 naira per litre", 141 / 65),
        ("raised 50 percent", 1.5),
        ("raised about 130-150 percent overnight", (2.3 * 2.5) ** 0.5),
        ("diesel more than doubled", 2.0),
        ("heating and power tariffs multiplied", None),
        ("promises of 2010 to 2012", None),
        ("from 120 to 60", None),
    ],
)
def test_a_price_is_read_only_where_it_is_stated(trigger: str, ratio: float | None) -> None:
    assert price_ratio(trigger) == (None if ratio is None else pytest.approx(ratio))


def case(trigger_class: str, trigger: str = "") -> PriorFacts:
    return PriorFacts(
        "X_2010", "X", "KGZ", date(2010, 1, 1), trigger, trigger_class, False, 5_000_000
    )


@given(st.integers(1, 2**32), st.sampled_from(["election", "repression", "anything new"]))
def test_a_trigger_that_is_no_price_moves_people_the_same_in_every_class(
    seed: int, name: str
) -> None:
    one = shock(case(name, "doubled"), seed)
    assert one == shock(case("coup"), seed)
    assert RATIO.low <= one.ratio <= RATIO.high
    assert EXPOSED.low <= one.exposed <= EXPOSED.high


def test_a_stated_price_is_the_stated_one() -> None:
    assert shock(case("fuel_price", "doubled"), 3).ratio == pytest.approx(2.0)
    assert shock(case("bread_price"), 3).ratio == shock(case("fuel_price"), 3).ratio > 1.0


def test_a_country_is_quiet_for_days_before_its_trigger() -> None:
    scenario = build(known(CASES[0]), Shock(2.0, 0.5))
    before, after = scenario.price_steps
    assert (after.from_ - scenario.clock.start).days == QUIET_DAYS
    assert before.from_ < scenario.clock.start
    assert (before.price, after.price) == (1.0, 2.0)


def test_default_parameters_are_the_middle_and_no_seed_matters() -> None:
    one, two = (scenario_of(case("election"), seed, "default") for seed in (1, 2))
    assert canonical(one) == canonical(two)


@given(st.floats(10.0, 55.0))
def test_ages_are_shares_and_older_peoples_have_fewer_children(median: float) -> None:
    shares = ages(median)
    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] >= ages(median + 1.0)[0]


@pytest.mark.parametrize("row", CASES, ids=IDS)
def test_large_countries_have_larger_units_and_no_more_of_them(row: Crisis) -> None:
    scenario = scenario_of(known(row), 1, "default")
    size = scenario.parameters["loyalty"]["unit_size"]
    duty = sum(int(force.officers * 0.33 / size + 0.5) or 1 for force in scenario.forces)
    assert size >= 100.0
    assert duty <= MOST_UNITS + len(scenario.forces)


def test_the_law_of_a_crisis_has_not_learnt_from_it() -> None:
    rows = [known(row) for row in CASES[:2]]
    for one in rows:
        scenario = scenario_of(one, 3, "population")
        assert scenario_hash(scenario) == scenario_hash(scenario_of(one, 3, "population"))
        assert scenario_hash(scenario) != scenario_hash(scenario_of(one, 4, "population"))
        assert population_law(one.case_id).mean.tolist() != population_law().mean.tolist()


def test_the_sample_of_another_case_is_refused_in_words() -> None:
    with pytest.raises(CaseError, match="that of another case says nothing of it"):
        scenario_of(known(CASES[2]), 1, "posterior")


def test_a_country_nobody_knows_is_refused_with_the_nearest_code() -> None:
    with pytest.raises(CaseError, match="KAX"):
        build(
            PriorFacts("X", "X", "KAX", date(2000, 1, 1), "", "election", False, 1_000_000),
            Shock(1.0, 0.0),
        )


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    lines = [",".join(rows[0])]
    lines += [",".join(f'"{value}"' if value else "" for value in row.values()) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def row_of(**changed: str) -> dict[str, str]:
    row = dict.fromkeys(Crisis.model_fields, "")
    row |= {
        "case_id": "AAA_2000", "country": "A", "iso3": "KGZ", "start_date": "2000-01-01",
        "trigger": "t", "trigger_class": "election", "econ_trigger": "0", "population_m": "5",
        "source": "s", "confidence": "B",
    }  # fmt: skip
    return row | changed


def test_outcomes_may_be_blank(tmp_path: Path) -> None:
    (row,) = read_crises(write(tmp_path / "c.csv", [row_of()]))
    assert row.incumbent_out_12m is None
    assert row.deaths_low is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row_of(), row_of()], "given twice"),
        ([row_of(deaths_low="5", deaths_high="2")], "deaths_low"),
        ([row_of(iso3="kgz")], "iso3"),
        ([row_of(population_m="-1")], "population_m"),
        ([row_of(start_date="1.1.2000")], "start_date"),
    ],
)
def test_a_faulty_table_is_refused_with_its_place(
    tmp_path: Path, rows: list[dict[str, str]], message: str
) -> None:
    with pytest.raises(CaseError, match=message):
        read_crises(write(tmp_path / "c.csv", rows))


def test_a_country_without_a_sample_has_the_law_and_what_its_case_gives_wins() -> None:
    scenario = build(known(CASES[2]), Shock(2.0, 0.5))
    assert default_parameters(scenario) == "population"
    row = population_row(scenario, 1)
    assert {one.path for one in EFFECTS} <= set(row)
    assert row != population_row(scenario, 2)
    own = with_parameters(scenario, {"contact.death": 0.02})
    assert "contact.death" not in population_row(own, 1)
    assert scenario_of_seed(own, 1, "population").parameters["contact"]["death"] == 0.02


def test_rules_that_the_law_does_not_know_are_refused_by_name() -> None:
    rival = build(known(CASES[2]), Shock(2.0, 0.5)).change("mechanisms.participation", "kuran")
    assert default_parameters(rival) == "default"
    with pytest.raises(CaseError, match=r"law of all crises has .*, which rule '.*' does not know"):
        population_row(rival, 1)
