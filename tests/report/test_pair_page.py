"""The report of a pair: its differences are those of the pairs, its page says how sure they are."""

from __future__ import annotations

import re

import numpy as np
import pair_synthetic as synthetic
import pytest
from page_text import charts, page_data, rows
from report_synthetic import HOSTILE

from steppe.case import Scenario
from steppe.report.encode import unpacked
from steppe.report.pair_build import build_pair
from steppe.report.pair_page import render_pair
from steppe.report.pair_payload import PairPayload
from steppe.report.provenance import ReportOptions
from steppe.study.individual_divergence import IndividualDivergence
from steppe.study.pair import Pair

COMMAND = "steppe pair kazakhstan-2022 no-intervention --seeds 20"


@pytest.fixture(scope="module")
def pair(case: Scenario) -> Pair:
    return synthetic.made(case, 8)


@pytest.fixture(scope="module")
def payload(pair: Pair) -> PairPayload:
    lives = IndividualDivergence(1, 96, 1234, {"almaty-city": 1000, "mangystau": 234})
    return build_pair(
        pair, ReportOptions(COMMAND, changes=("mode: scripted → endogenous",)), histories=lives
    )


@pytest.fixture(scope="module")
def page(payload: PairPayload) -> str:
    return render_pair(payload)


def test_a_gap_is_the_mean_of_the_paired_differences(pair: Pair, payload: PairPayload) -> None:
    gap = next(one for one in payload.fan_gaps if one.key == "active")
    each = np.stack([(a.active() - b.active()).sum(axis=1) for a, b in pair.runs()])
    np.testing.assert_allclose(gap.national[0], each.mean(axis=0), atol=1e-9)
    assert (gap.national[1] <= gap.national[0] + 1e-9).all()
    assert (gap.national[0] <= gap.national[2] + 1e-9).all()
    assert (gap.national[:, : synthetic.PARTED] == 0.0).all()
    assert gap.regional is not None
    np.testing.assert_allclose(gap.regional[0].sum(axis=0), gap.national[0], atol=1e-6)


def test_packed_gaps_come_back(payload: PairPayload, page: str) -> None:
    data = page_data(page)
    gap = next(one for one in payload.fan_gaps if one.key == "arrested")
    packed = next(one for one in data["fanGaps"] if one["key"] == "arrested")
    shape = gap.national.shape
    values = unpacked(packed["national"]["values"], shape, gap.step) + packed["national"]["floor"]
    np.testing.assert_allclose(values, gap.national, atol=gap.step)


def test_regions_part_when_and_where_they_differ(payload: PairPayload) -> None:
    first = [row.first for row in payload.places if row.first is not None]
    assert first
    assert min(first) >= synthetic.PARTED
    assert payload.parted == "the two histories first differ on Fri 31 Dec, 23:00"
    sizes = [abs(row.arrests.difference) for row in payload.places]
    assert sizes == sorted(sizes, reverse=True)
    assert {row.id: row.citizens for row in payload.places}["almaty-city"] == 1000


def test_lanes_say_whose_an_event_is(payload: PairPayload) -> None:
    marks = {lane.key: lane.marks for lane in payload.lanes}
    alliance = {one.mark.label: one.whose for one in marks["alliance"]}
    assert "base" in alliance.values()
    assert {one.whose for one in marks["regime"]} == {"both"}
    assert marks["model-base"]
    assert not marks["model-other"]


def test_causes_are_counted_seed_by_seed(payload: PairPayload, page: str) -> None:
    stays = payload.causes[0]
    assert (stays.always, stays.only_with, stays.only_without, stays.never) == (6, 2, 0, 0)
    assert stays.necessity is not None
    assert stays.necessity[0] == 0.25
    first = next(c for c in charts(page, "shares") if c["title"] == "the regime stays")
    assert {row["key"]: row["mid"] for row in first["rows"]} == {
        "always": 0.75, "only_with": 0.25, "only_without": 0.0, "never": 0.0
    }  # fmt: skip
    assert ["in both histories", "6 of 8"] in rows(page)
    assert "in the counterfactual it falls in 2 of these" in page


def test_the_chart_of_an_effect_has_every_pair(payload: PairPayload, page: str) -> None:
    drawn = {chart["title"]: chart["rows"][0] for chart in charts(page, "effects")}
    differ = [row for row in payload.effects if any(row.by_pair)]
    assert set(drawn) == {row.label for row in differ}
    for row in differ:
        one = drawn[row.label]
        assert one["values"] == list(row.by_pair)
        assert (one["low"], one["mid"], one["high"]) == (
            row.effect.low, row.effect.difference, row.effect.high
        )  # fmt: skip


def test_the_answer_names_what_is_clear_and_what_is_not(payload: PairPayload) -> None:
    text = " ".join(payload.answer)
    assert text.startswith("With “The alliance declines”, after the histories diverge, there are ")
    assert "fewer people on the street at the peak (95 %:" in text
    assert "than in the simulated baseline, on average over 8 pairs" in text
    assert "in 8 of 8 baseline runs, in 6 counterfactual runs" in text


def test_the_fit_of_the_baseline_stands_beside_the_change(payload: PairPayload, page: str) -> None:
    assert payload.fit.startswith("Of the baseline: ")
    assert re.search(r"\d+ of \d+ observed figures are met", payload.fit)
    assert payload.fit in page


def test_the_page_warns_of_few_pairs_and_names_shared_changes(page: str) -> None:
    assert "Fewer than 20 pairs" in page
    assert "mode: scripted" in page
    assert "alliance.rule" in page
    assert COMMAND in page


def test_the_same_pair_gives_the_same_page(payload: PairPayload, page: str) -> None:
    assert render_pair(payload) == page
    assert not re.search(r'(src|href)="https?:', page)


def test_one_pair_claims_no_interval(case: Scenario) -> None:
    page = render_pair(build_pair(synthetic.made(case, 1), ReportOptions(COMMAND)))
    assert "one pair, so no interval is known" in page
    assert "nan" not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S).lower()


def test_hostile_words_stay_words(case: Scenario) -> None:
    bad = case.model_copy(update={"title": HOSTILE, "regions": tuple(
        r.model_copy(update={"name": HOSTILE}) for r in case.regions)})  # fmt: skip
    made = synthetic.made(bad, 2, hostile=HOSTILE)
    page = render_pair(
        build_pair(made, ReportOptions(HOSTILE, attribution=(HOSTILE,), changes=(HOSTILE,)))
    )
    assert "<img" not in page
    assert "<script>alert" not in page
