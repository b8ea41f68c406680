"""The page of an argument: links between claims, their numbers, every verdict in words."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import claims_synthetic as synthetic
import pytest
from report_synthetic import HOSTILE

from steppe.report.claims_card import cards, linked
from steppe.report.claims_charts import ClaimMeasure, claim_measures
from steppe.report.claims_page import answers, render_claims
from steppe.report.claims_payload import ClaimsPayload
from steppe.report.claims_sentences import answer, sentence
from steppe.report.claims_words import VERDICTS
from steppe.report.claims_words import ClaimTestResult as One


@pytest.fixture(scope="module")
def payload() -> ClaimsPayload:
    return synthetic.payload()


@pytest.fixture(scope="module")
def page(payload: ClaimsPayload) -> str:
    return render_claims(payload)


def part(verdict: str, number: float, interval: list[float], **more: Any) -> dict[str, Any]:
    return {"verdict": verdict, "number": number, "interval": interval, "n": 20, "reason": "",
            "measure": "share of pairs", "details": {}, **more}  # fmt: skip


def test_an_answer_has_the_sentence_and_the_verdict_of_each_of_its_tests(
    payload: ClaimsPayload,
) -> None:
    first, second = [one for one in payload.document["claims"] if one["number"] is not None][:2]
    alone = [answer(one, payload)[0] for one in (first, second)]
    tests = [{one["tested_by"]: one["test"][one["tested_by"]]} for one in (first, second)]
    both = {"tested_by": "all_of", "test": {"all_of": tests},
            "details": {"parts": [first, second]}}  # fmt: skip
    names = [VERDICTS[one["verdict"]].name for one in (first, second)]
    parts = [f"{name}: {text}" for name, text in zip(names, alone, strict=True)]
    assert answer(both, payload) == ("All of these must hold.", *parts)


def test_the_bar_stands_where_the_test_puts_it() -> None:
    body = {"quantity": {"outcome": "regime_stays"}, "role": "necessary", "patch": "x"}
    (measure,) = claim_measures(One("cause", body, part("undecided", 0.5, [0.3, 0.7])), 0.8)
    chart = measure.chart()
    row = {"label": "", "low": 0.3, "mid": 0.5, "high": 0.7, "unit": "share",
           "observed_low": 0.8, "observed_high": 1.0}  # fmt: skip
    assert chart.data["rows"] == [row]
    assert chart.table is not None
    assert chart.table.rows == (("50 %", "30 to 70 %", "80 to 100 %"),)


@pytest.mark.parametrize(
    ("direction", "supports"),
    [("increase", (2.0, math.inf)), ("decrease", (-math.inf, -2.0)), ("none", (-2.0, 2.0))],
)
def test_an_effect_is_drawn_against_its_margin(
    direction: str, supports: tuple[float, float]
) -> None:
    body = {"quantity": {"outcome": "killed"}, "direction": direction, "margin": 2,
            "measure": "mean", "patch": "x"}  # fmt: skip
    details = {"effect": {"mean": 5.0, "interval": [3.0, 7.0]}, "arms": {"baseline": 10.0}}
    found = part("supported", 5.0, [3.0, 7.0], measure="mean effect", details=details)
    (measure,) = claim_measures(One("counterfactual", body, found), 0.8)
    assert measure.supports == supports
    (row,) = measure.chart().data["rows"]  # type: ignore[misc]
    assert (row["low"], row["mid"], row["high"]) == (3.0, 5.0, 7.0)


def test_an_open_end_stays_open() -> None:
    chart = ClaimMeasure("", 3.0, (2.0, math.inf), (1.0, math.inf), "number").chart()
    (row,) = chart.data["rows"]  # type: ignore[misc]
    assert (row["low"], row["high"], row["observed_low"], row["observed_high"]) == (
        2,
        None,
        1,
        None,
    )
    assert chart.table is not None
    assert chart.table.rows == (("3", "at least 2", "at least 1"),)


def test_the_argument_lists_every_claim_once_with_what_it_rests_on(
    payload: ClaimsPayload, page: str
) -> None:
    links = dict(
        re.findall(r'<a class="node [^>]*data-claim="([^"]*)" data-grounds="([^"]*)"', page)
    )
    claims = {c["id"]: c for c in payload.document["claims"]}
    assert list(links) == [
        c["id"] for s in dict.fromkeys(c["locator"] for c in claims.values())
        for c in claims.values() if c["locator"] == s
    ]  # fmt: skip
    assert {name: set(links[name].split()) for name in links} == {
        name: set(c["rests_on"]) & set(claims) for name, c in claims.items()
    }
    assert any(links.values())


def test_every_verdict_is_said_and_drawn(payload: ClaimsPayload, page: str) -> None:
    found = cards(payload)
    assert [card.link.id for card in found] == [c["id"] for c in payload.document["claims"]]
    for card in found:
        assert page.count(f'id="{card.link.anchor}"') == 1
        assert page.count(f'class="node {card.link.css}" href="#{card.link.anchor}"') == 1
        assert all(len(e.sentence) > 20 for e in card.evidence)
    heads = re.findall(r'verdict-head (\w+)"', page)
    order = ["contradicted", "undecided", "supported", "untestable"]
    assert heads == [css for css in order if css in heads]
    assert len(set(heads)) >= 3
    assert page.count('<symbol id="mark-') == 4
    (answer, *_) = answers(found)
    assert answer.startswith(f"Of 12 claims, {payload.document['summary']['contradicted']} contra")


def test_the_head_is_honest(payload: ClaimsPayload, page: str) -> None:
    made = payload.document["made_with"]
    assert made["claims_sha256"] in page
    assert made["engine_version"] in page
    assert "nothing is corrected for the number of claims" in page
    assert "Supported is no proof" in page
    assert "A quick look" not in page
    hurried = {**payload.document, "made_with": {**made, "scale": 0.01, "seeds": [1, 2]}}
    text = render_claims(replace(payload, document=hurried, failures=("seed 3 broke",)))
    assert "A quick look, not verdicts to quote." in text
    assert "2 seeds instead of the 20" in text
    assert "seed 3 broke" in text


def test_a_mean_effect_the_other_way_is_said(payload: ClaimsPayload) -> None:
    body = {"quantity": {"outcome": "killed"}, "direction": "increase", "margin": 1, "patch": "x"}
    details = {"effect": {"mean": -3.0, "interval": [-4.0, -2.0]}, "arms": {}}
    found = part("contradicted", 0.3, [0.15, 0.5], details=details)
    said = sentence(One("counterfactual", body, found), payload)
    assert "the other way, which decides against it" in said
    assert "other side of the bar" not in said


def test_sources_are_links_to_follow_and_nothing_is_fetched(page: str) -> None:
    text = str(linked("one, https://example.org/a_b; javascript:alert(1) <b>"))
    assert '<a href="https://example.org/a_b" rel="noopener noreferrer"' in text
    assert text.count("<a ") == 1
    assert "&lt;b&gt;" in text
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"<(?:img|link|iframe|script)[^>]+(?:src|href)=", page)


def test_the_page_is_the_same_again_and_words_stay_words(payload: ClaimsPayload) -> None:
    assert render_claims(payload) == render_claims(payload)
    fields = ("text", "asserted_by", "locator", "note", "reason", "judge_again")
    claims = [{**claim, **dict.fromkeys(fields, HOSTILE)} for claim in payload.document["claims"]]
    found = {**payload.document, "claims": claims, "source": HOSTILE, "note": HOSTILE}
    page = render_claims(replace(payload, document=found, command=HOSTILE))
    assert "<img" not in page
    assert "<script>alert" not in page
