"""Known answers and laws of the observables."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from datetime import date, datetime

import evidence_toy as toy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.core.errors import SteppeError
from steppe.evidence import NATIONAL, OBSERVABLES, daily, view
from steppe.evidence.observables import get

CITY, TOWN, RURAL = 0, 1, 2

ALWAYS, FIRST, SECOND = slice(None), slice(0, 24), slice(24, 48)

HISTORY = {
    "peaceful": [((3, TOWN), 90), ((7, TOWN), 100), ((30, CITY), 300), ((31, RURAL), 150)],
    "violent": [((30, CITY), 40), ((31, TOWN), 99)],
    "looting": [((30, CITY), 60), ((31, TOWN), 1)],
    "joined": [((3, TOWN), 90), ((7, TOWN), 30), ((30, CITY), 400), ((31, RURAL), 250)],
    "arrests": [((7, TOWN), 7), ((30, CITY), 5), ((47, RURAL), 2)],
    "deaths": [((30, CITY), 3), ((31, TOWN), 1)],
    "woundings": [((30, CITY), 10)],
    "officers_killed": [(slice(31, None), 2)],
    "officers_wounded": [(slice(20, None), 4)],
    "foreign_troops": [(slice(40, None), 500)],
    "internet_cut": [((slice(12, 24), 0), 1.0), ((SECOND, ALWAYS), 0.5)],
    "price": [((FIRST, 0), 60), ((FIRST, 1), 120), ((SECOND, ALWAYS), 50)],
    "units_obeying": [(FIRST, 10), (SECOND, 6)],
    "units_shirking": [(SECOND, 3)],
    "units_defected": [(SECOND, 1)],
}

DAY_1, DAY_2 = "2022-01-02", "2022-01-03"

ANSWERS = [
    ("peak_on_day", NATIONAL, DAY_1, 100),
    ("peak_on_day", NATIONAL, DAY_2, 400),
    ("peak_on_day", "west", DAY_2, 250),
    ("peak_place_on_day", "west", DAY_2, 150),
    ("peak_whole_run", NATIONAL, DAY_2, 400),
    ("peak_whole_run", "west", DAY_2, 250),
    ("peak_by", NATIONAL, DAY_1, 100),
    ("peak_by", NATIONAL, DAY_2, 400),
    ("peak_by", "west", DAY_2, 250),
    ("peak_from", NATIONAL, DAY_1, 400),
    ("peak_from", NATIONAL, DAY_2, 400),
    ("peak_from", "west", DAY_1, 250),
    ("turnout_on_day", NATIONAL, DAY_1, 120),
    ("turnout_on_day", NATIONAL, DAY_2, 650),
    ("turnout_on_day", "west", DAY_2, 250),
    ("protest_present", "west", DAY_1, 1),
    ("protest_present", "east", DAY_1, 0),
    ("regions_with_protest", NATIONAL, DAY_1, 1),
    ("regions_with_protest", NATIONAL, DAY_2, 2),
    ("regions_with_protest_after_night", NATIONAL, DAY_2, 2),
    ("regions_with_violence_by", NATIONAL, DAY_1, 0),
    ("regions_with_violence_by", NATIONAL, DAY_2, 2),
    ("cities_with_protest", NATIONAL, DAY_1, 1),
    ("cities_with_protest", NATIONAL, DAY_2, 2),
    ("cities_with_protest_by", "west", DAY_2, 1),
    ("onset_day", "west", "2022-01-01", 2),
    ("onset_day", "east", "2022-01-01", 3),
    ("onset_day", "east", "2022-01-03", 1),
    ("onset_rank", "west", DAY_2, 1),
    ("onset_rank", "east", DAY_2, 2),
    ("killed_by", NATIONAL, DAY_1, 0),
    ("killed_by", NATIONAL, DAY_2, 6),
    ("killed_by", "east", DAY_2, 3),
    ("civilians_killed_by", NATIONAL, DAY_2, 4),
    ("officers_killed_by", NATIONAL, DAY_2, 2),
    ("wounded_by", NATIONAL, DAY_1, 4),
    ("wounded_by", NATIONAL, DAY_2, 14),
    ("civilians_wounded_by", NATIONAL, DAY_2, 10),
    ("officers_wounded_by", NATIONAL, DAY_1, 4),
    ("officers_wounded_registered_by", NATIONAL, DAY_1, 4 * (1 - math.exp(-3 / 190))),
    ("officers_wounded_registered_by", NATIONAL, DAY_2, 4 * (1 - math.exp(-27 / 190))),
    ("arrested_by", NATIONAL, DAY_1, 7),
    ("arrested_by", NATIONAL, DAY_2, 14),
    ("arrested_by", "west", DAY_2, 9),
    ("connectivity_on", "east", DAY_1, 0.5),
    ("connectivity_on", NATIONAL, DAY_1, 0.875),
    ("connectivity_on", NATIONAL, DAY_2, 0.5),
    ("connectivity_at", NATIONAL, "2022-01-02T12:30", 0.75),
    ("connectivity_at", "west", "2022-01-02T12:30", 1.0),
    ("troops_on", NATIONAL, DAY_1, 0),
    ("troops_on", NATIONAL, DAY_2, 500),
    ("price_on", "west", DAY_1, 120),
    ("price_on", NATIONAL, DAY_1, 105),
    ("units_obeying_on", NATIONAL, DAY_2, 0.6),
    ("units_shirking_on", NATIONAL, DAY_2, 0.3),
    ("units_defected_on", NATIONAL, DAY_2, 0.1),
]


@pytest.fixture(scope="module")
def seen():
    return view(toy.scenario(), toy.run(HISTORY))


@pytest.mark.parametrize(("name", "region", "when", "expected"), ANSWERS)
def test_known_answer(seen, name, region, when, expected):
    assert OBSERVABLES[name].value(seen, region, when) == pytest.approx(expected)


@pytest.mark.parametrize("name", sorted({row[0] for row in ANSWERS}))
def test_what_one_view_remembers_is_what_a_view_of_its_own_shows(name, seen):
    """Variants of a view share what was measured: another threshold or first hour is another."""
    rows = [row[1:3] for row in ANSWERS if row[0] == name]
    for threshold in (50.0, 100.0, 350.0):
        for since in (0, 10, 31):
            changes = {"threshold": threshold, "since": since}
            for region, when in rows:
                alone = replace(view(toy.scenario(), seen.trajectory), **changes)
                shared = replace(seen, **changes)
                np.testing.assert_array_equal(
                    OBSERVABLES[name].value(shared, region, when),
                    OBSERVABLES[name].value(alone, region, when),
                )


def test_every_observable_has_a_known_answer():
    assert {row[0] for row in ANSWERS} == set(OBSERVABLES)


def test_every_observable_goes_to_another_process():
    for name, one in OBSERVABLES.items():
        assert pickle.loads(pickle.dumps(one)) is OBSERVABLES[name]


def test_who_stands_at_midnight_is_part_of_the_turnout_of_the_day():
    """60 come in the evening, 20 of them go in the night, 5 come the next morning."""
    stays = [((slice(20, 24), CITY), 60), ((slice(24, 34), CITY), 40), ((slice(34, 48), CITY), 45)]
    made = toy.run({"peaceful": stays, "joined": [((20, CITY), 60), ((34, CITY), 5)]})
    turnout = OBSERVABLES["turnout_on_day"]
    history = view(toy.scenario(), made)
    assert [turnout.value(history, "east", day) for day in (DAY_1, DAY_2)] == [60, 65]


def test_a_series_that_was_not_recorded_leaves_no_value():
    assert np.isnan(OBSERVABLES["turnout_on_day"].value(view(toy.scenario(), toy.run()), NATIONAL,
                                                        DAY_1))  # fmt: skip


@given(st.lists(st.integers(0, 9), min_size=toy.HOURS, max_size=toy.HOURS), st.floats(1.0, 2000.0))
def test_bulletins_count_late_and_never_what_was_not(wounds, delay):
    """Equal to the sum over wounds of 1 - exp(-age / delay), written out."""
    total = np.cumsum(wounds)
    made = toy.run(
        {"officers_wounded": [(..., total)]},
        parameters={"observation": {"registration_delay": delay}},
    )
    history = view(toy.scenario(), made)
    values = OBSERVABLES["officers_wounded_registered_by"].measure(history, NATIONAL)
    for day, value in enumerate(values):
        last = 24 * day + 23
        by_hand = sum(n * (1 - math.exp(-(last - s) / delay)) for s, n in enumerate(wounds[:last]))
        assert value == pytest.approx(by_hand)
        assert 0 <= value <= total[last]


def test_a_day_the_run_does_not_cover_whole_has_no_value():
    history = view(toy.scenario(), toy.run(start="2022-01-02T06:00"))
    assert history.dates == (date(2022, 1, 3),)
    peak = OBSERVABLES["peak_on_day"]
    assert np.isnan(peak.value(history, NATIONAL, "2022-01-02"))
    assert np.isnan(peak.value(history, NATIONAL, "2022-01-04"))
    assert peak.value(history, NATIONAL, "2022-01-03") == 0


def test_cumulative_counts_include_the_hours_before_the_first_whole_day():
    made = toy.run({"deaths": [((2, CITY), 5)]}, start="2022-01-02T06:00")
    history = view(toy.scenario(start=datetime(2022, 1, 2, 6)), made)
    assert OBSERVABLES["killed_by"].value(history, NATIONAL, "2022-01-03") == 5


@pytest.mark.parametrize(
    ("hour", "days"), [(5, (0, 0)), (6, (1, 0)), (23, (1, 0)), (29, (0, 0)), (30, (0, 1))]
)
def test_a_night_of_protest_can_be_left_to_the_day_before(hour: int, days: tuple[int, int]) -> None:
    made = toy.run({"peaceful": [((hour, CITY), 100)]})
    seen = view(toy.scenario(), made)
    by_day, whole = get("regions_with_protest_after_night"), get("regions_with_protest")
    assert tuple(by_day.value(seen, NATIONAL, day) for day in (DAY_1, DAY_2)) == days
    assert sum(whole.value(seen, NATIONAL, day) for day in (DAY_1, DAY_2)) == 1


def test_region_that_never_protests_comes_after_the_run_and_after_all_others():
    history = view(toy.scenario(), toy.run({"peaceful": [((5, TOWN), 100)]}))
    assert OBSERVABLES["onset_day"].value(history, "east", "2022-01-01") == 4
    assert OBSERVABLES["onset_rank"].value(history, "east", "2022-01-03") == 2
    still = view(toy.scenario(), toy.run())
    assert OBSERVABLES["onset_rank"].value(still, "west", "2022-01-03") == 1.5


def test_shares_of_units_are_unknown_without_units():
    history = view(toy.scenario(), toy.run())
    assert np.isnan(OBSERVABLES["units_obeying_on"].value(history, NATIONAL, DAY_1))


def test_unknown_names_are_refused_with_the_nearest(seen):
    with pytest.raises(SteppeError, match="did you mean 'peak_on_day'"):
        get("peak_on_dai")
    with pytest.raises(SteppeError, match="did you mean 'west'"):
        OBSERVABLES["peak_on_day"].value(seen, "wets", DAY_1)
    with pytest.raises(SteppeError, match="not a daily"):
        daily(seen, "peak_whole_run")


def test_run_of_another_geography_is_refused():
    known = toy.scenario()
    smaller = known.model_copy(update={"places": known.places[:2]})
    with pytest.raises(SteppeError, match="west-rural"):
        view(smaller, toy.run())


def test_observables_state_unit_and_meaning_and_dates_have_one_form():
    for observable in OBSERVABLES.values():
        assert observable.meaning
        assert observable.unit or observable.name == "price_on"
    for wrong in ("2022-1-2", "02.01.2022", "2022-01-02T00:00", "2022-02-30", ""):
        with pytest.raises(
            ValueError, match=r"does not match|out of range|unconverted|not of the form"
        ):
            OBSERVABLES["peak_on_day"].parse(wrong)


counts = st.lists(
    st.tuples(st.integers(0, toy.HOURS - 1), st.integers(0, 2), st.integers(0, 1000)), max_size=12
)


@given(counts, st.integers(0, 500), st.sampled_from([NATIONAL, "east", "west"]))
def test_more_people_on_the_street_never_lower_a_peak_or_delay_an_onset(cells, more, region):
    base = np.zeros((toy.HOURS, 3), dtype=np.int32)
    for hour, where, n in cells:
        base[hour, where] = n
    before = view(toy.scenario(), toy.run({"peaceful": [(..., base)]}))
    after = view(toy.scenario(), toy.run({"peaceful": [(..., base + more)]}))
    rising = ("peak_on_day", "peak_place_on_day", "peak_whole_run", "protest_present",
              "cities_with_protest", "cities_with_protest_by")  # fmt: skip
    for name in rising:
        measure = OBSERVABLES[name].measure
        assert (measure(after, region) >= measure(before, region)).all()
    onset = OBSERVABLES["onset_day"].measure
    assert onset(after, region) <= onset(before, region)


@given(counts)
def test_nation_is_the_sum_of_regions_for_flows_and_bounds_their_peaks(cells):
    set_ = [((hour, where), n) for hour, where, n in cells]
    made = toy.run({"arrests": set_, "deaths": set_, "violent": set_})
    history = view(toy.scenario(), made)
    for name in ("arrested_by", "civilians_killed_by"):
        measure = OBSERVABLES[name].measure
        parts = sum(measure(history, region) for region in toy.REGIONS)
        np.testing.assert_array_equal(measure(history, NATIONAL), parts)
    peak = OBSERVABLES["peak_on_day"].measure
    parts = [peak(history, region) for region in toy.REGIONS]
    assert (peak(history, NATIONAL) <= sum(parts)).all()
    assert (peak(history, NATIONAL) >= np.maximum(*parts)).all()
    by_end = OBSERVABLES["arrested_by"].measure(history, NATIONAL)
    assert (np.diff(by_end) >= 0).all()
