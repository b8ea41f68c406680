"""The page of an argument: the map's laws, figures at the right place, every verdict in words."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import claims_synthetic as synthetic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_synthetic import HOSTILE

from steppe.report.claims_card import cards, linked
from steppe.report.claims_figures import Ruler, rulers
from steppe.report.claims_layout import NARROW, WIDE, Node, lay_out, layers
from steppe.report.claims_lines import ways
from steppe.report.claims_map import wrapped
from steppe.report.claims_page import answers, render_claims
from steppe.report.claims_payload import ClaimsPayload
from steppe.report.claims_sentences import sentence
from steppe.report.claims_words import Test as One


@pytest.fixture(scope="module")
def payload() -> ClaimsPayload:
    return synthetic.payload()


@pytest.fixture(scope="module")
def page(payload: ClaimsPayload) -> str:
    return render_claims(payload)


@st.composite
def arguments(draw: st.DrawFn) -> list[Node]:
    """Claims that rest only on earlier ones, in sections that come back."""
    n = draw(st.integers(1, 24))
    return [
        Node(
            f"C{i}",
            draw(st.sampled_from("abc")),
            tuple(f"C{j}" for j in sorted(draw(st.sets(st.integers(0, i - 1), max_size=3))))
            if i
            else (),
        )
        for i in range(n)
    ]


@given(arguments(), st.sampled_from([WIDE, NARROW]))
def test_no_two_boxes_touch_and_lines_run_to_the_right(nodes: list[Node], size: Any) -> None:
    found = lay_out(nodes, size)
    assert set(found.places) == {node.name for node in nodes}
    corners = sorted(found.places.values())
    for i, (x, y) in enumerate(corners):
        assert 0 <= x <= found.width - size.width
        assert 0 <= y <= found.height - size.height
        for a, b in corners[:i]:
            assert abs(a - x) >= size.width + size.gap_x or abs(b - y) >= size.height
    for ground, claim in found.lines:
        assert found.places[ground][0] < found.places[claim][0]


@given(arguments())
def test_no_line_runs_behind_a_box(nodes: list[Node]) -> None:
    found = lay_out(nodes, WIDE)
    for points in ways(found).values():
        for (x1, y1), (x2, y2) in pairwise(points):
            for x, y in found.places.values():
                inside_x = min(x1, x2) < x + WIDE.width - 1 and max(x1, x2) > x + 1
                inside_y = min(y1, y2) < y + WIDE.height - 1 and max(y1, y2) > y + 1
                assert not (inside_x and inside_y)


def test_a_layer_is_the_longest_chain_below() -> None:
    nodes = [Node("a", "", ()), Node("b", "", ("a",)), Node("c", "", ("a", "b", "elsewhere"))]
    assert layers(nodes) == {"a": 0, "b": 1, "c": 2}
    with pytest.raises(ValueError, match="circle"):
        layers([Node("a", "", ("b",)), Node("b", "", ("a",))])


def test_words_of_a_box_fit() -> None:
    lines = wrapped("a sentence that is far too long for three short lines of a box", 14, 3)
    assert len(lines) == 3
    assert max(map(len, lines)) <= 14
    assert lines[-1].endswith("…")
    assert wrapped("short", 14, 3) == ["short"]


def part(verdict: str, number: float, interval: list[float], **more: Any) -> dict[str, Any]:
    return {"verdict": verdict, "number": number, "interval": interval, "n": 20, "reason": "",
            "measure": "share of pairs", "details": {}, **more}  # fmt: skip


def test_the_bar_stands_where_the_test_puts_it() -> None:
    body = {"quantity": {"outcome": "regime_stays"}, "role": "necessary", "patch": "x"}
    (ruler,) = rulers(One("cause", body, part("undecided", 0.5, [0.3, 0.7])), 0.8)
    assert (ruler.for_it, ruler.low, ruler.high) == (((0.8, 1.0),), 0.0, 1.0)
    assert ruler.against[0] == pytest.approx((0.0, 0.2))
    assert ruler.at(0.5) == pytest.approx((ruler.at(0.0) + ruler.at(1.0)) / 2)
    assert "supports the claim: 80 to 100 %" in ruler.words()


@pytest.mark.parametrize(
    ("direction", "supports"),
    [("increase", (2.0, math.inf)), ("decrease", (-math.inf, -2.0)), ("none", (-2.0, 2.0))],
)
def test_an_effect_is_drawn_against_its_margin(
    direction: str, supports: tuple[float, float]
) -> None:
    body = {"quantity": {"outcome": "killed"}, "direction": direction, "margin": 2,
            "measure": "mean", "patch": "x"}  # fmt: skip
    details = {"effect": {"mean": 5.0, "interval": [3.0, 7.0]}, "arms": {"as it was": 10.0}}
    found = part("supported", 5.0, [3.0, 7.0], measure="mean effect", details=details)
    (ruler,) = rulers(One("counterfactual", body, found), 0.8)
    assert ruler.for_it == (supports,)
    assert ruler.low < 0.0 < 7.0 < ruler.high


def test_an_open_end_is_drawn_to_the_end_of_the_axis() -> None:
    ruler = Ruler("", 3.0, (2.0, math.inf), ((1.0, math.inf),), (), "number", "", 0.0, 4.0)
    assert ruler.at(math.inf) == ruler.at(4.0)
    assert "at least 2" in ruler.words()


def test_every_verdict_is_said_and_drawn(payload: ClaimsPayload, page: str) -> None:
    found = cards(payload)
    assert [card.id for card in found] == [c["id"] for c in payload.found["claims"]]
    for card in found:
        assert page.count(f'id="{card.anchor}"') == 1
        assert page.count(f'class="node {card.css}" href="#{card.anchor}"') == 2  # wide, narrow
        assert all(len(e.sentence) > 20 for e in card.evidence)
    heads = re.findall(r'verdict-head (\w+)"', page)
    order = ["contradicted", "undecided", "supported", "untestable"]
    assert heads == [css for css in order if css in heads]
    assert len(set(heads)) >= 3
    assert page.count('<symbol id="mark-') == 4
    (answer, *_) = answers(payload, found)
    assert answer.startswith(f"Of 12 claims, {payload.found['summary']['contradicted']} contra")


def test_the_head_is_honest(payload: ClaimsPayload, page: str) -> None:
    made = payload.found["made_with"]
    assert made["claims_sha256"] in page
    assert made["engine_version"] in page
    assert "nothing is corrected for the number of claims" in page
    assert "Supported is no proof" in page
    assert "A quick look" not in page
    hurried = {**payload.found, "made_with": {**made, "scale": 0.01, "seeds": [1, 2]}}
    text = render_claims(replace(payload, found=hurried, failures=("seed 3 broke",)))
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
    claims = [{**claim, **dict.fromkeys(fields, HOSTILE)} for claim in payload.found["claims"]]
    found = {**payload.found, "claims": claims, "source": HOSTILE, "note": HOSTILE}
    page = render_claims(replace(payload, found=found, command=HOSTILE))
    assert "<img" not in page
    assert "<script>alert" not in page
