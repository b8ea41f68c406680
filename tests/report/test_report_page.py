"""The page is one inert file: nothing is fetched, nothing a case says becomes markup."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import report_synthetic as synthetic
from page_text import charts, page_data, rows
from report_synthetic import HOSTILE

from steppe.case import Scenario
from steppe.report.build import build_payload
from steppe.report.encode import unpacked
from steppe.report.page import render, write_report
from steppe.report.payload import ReportPayload
from steppe.report.provenance import ReportOptions
from steppe.results.formatting import quantity
from steppe.results.trajectory import Trajectory

FETCHING = {
    "src",
    "srcset",
    "href",
    "xlink:href",
    "poster",
    "data",
    "action",
    "formaction",
    "style",
}


class Outline(HTMLParser):
    """Tags, attributes and the text of script and style elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.inside = ""
        self.feed(text)
        self.close()

    def code_scripts(self) -> int:
        """Return how many scripts are code and no data."""
        return sum(tag == "script" and not attrs.get("type") for tag, attrs in self.tags)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag if tag in self.raw else ""
        if self.inside:
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.raw[self.inside][-1] += data


def test_hostile_text_stays_text(page: str, hostile_page: str) -> None:
    tame, hostile = Outline(page), Outline(hostile_page)
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in tame.tags}
    assert "img" not in {tag for tag, _ in hostile.tags}
    for _, attributes in hostile.tags:
        assert not [name for name in attributes if name.startswith("on")]
    assert hostile.code_scripts() == tame.code_scripts() == 2
    data = page_data(hostile_page)
    assert data["country"] == HOSTILE
    assert data["regions"][0]["name"] == HOSTILE
    assert data["case"] == HOSTILE


def test_nothing_points_outside(page: str, hostile_page: str) -> None:
    for text in (page, hostile_page):
        for tag, attributes in Outline(text).tags:
            for name in FETCHING & set(attributes):
                assert (attributes[name] or "").startswith("#"), (tag, name)
            assert tag not in ("link", "iframe", "object", "embed", "base", "form")
        style = "".join(Outline(text).raw["style"])
        assert "url(" not in style
        assert "@import" not in style


def test_policy_allows_exactly_these_texts(page: str) -> None:
    outline = Outline(page)
    policy = next(a["content"] or "" for t, a in outline.tags if t == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    script, style = outline.raw["script"], outline.raw["style"][0]
    for text in (script[0], script[-1], style):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_same_input_same_bytes(
    payload: ReportPayload, tmp_path: Path, case: Scenario, runs: tuple[Trajectory, ...]
) -> None:
    options = ReportOptions(payload.repeat.command, attribution=payload.repeat.attribution)
    again = build_payload(case, runs[::-1], synthetic.scores(), options)
    again = replace(again, parameters=synthetic.parameters())
    one = write_report(payload, tmp_path / "new" / "a.html").read_bytes()
    assert one == write_report(again, tmp_path / "b.html").read_bytes()
    assert len(one) < 3_000_000


def test_data_in_the_page_are_the_payload(page: str, payload: ReportPayload) -> None:
    data = page_data(page)
    for sent, fan in zip(data["fans"], payload.fans, strict=True):
        back = unpacked(sent["national"], fan.quantiles.shape, fan.step)
        np.testing.assert_allclose(back, fan.quantiles, atol=fan.step / 2 + 1e-9)
        if fan.regional is not None:
            back = unpacked(sent["regional"][5], fan.regional[5].shape, fan.step)
            np.testing.assert_allclose(back, fan.regional[5], atol=fan.step / 2 + 1e-9)


def test_charts_are_the_payload(page: str, payload: ReportPayload) -> None:
    compared = [row for row in payload.targets if row.simulated or any(row.observed)]
    drawn = charts(page, "intervals")
    targets, spreads = drawn[: len(compared)], drawn[len(compared) :]
    for row, chart in zip(compared, targets, strict=True):
        (one,) = chart["rows"]
        assert (one["observed_low"], one["observed"], one["observed_high"]) == row.observed
        assert (one["low"], one["mid"], one["high"]) == (row.simulated or (None, None, None))
    for spread, chart in zip(payload.spreads, spreads, strict=True):
        assert chart["rows"][0]["values"] == list(spread.values)
        assert chart["rows"][0]["mid"] == spread.quantiles[1]
    for fate, chart in zip(payload.fates, charts(page, "shares"), strict=True):
        (one,) = chart["rows"]
        assert (one["low"], one["mid"], one["high"]) == (fate.low, fate.share, fate.high)


def test_rings_are_wound_for_the_sphere(payload: ReportPayload) -> None:
    features = payload.boundaries["features"]
    assert {f["properties"]["id"] for f in features} == {r.id for r in payload.regions}
    for feature in features:
        for rings in feature["geometry"]["coordinates"]:
            lon, lat = np.array(rings[0]).T
            area = np.dot(lon, np.roll(lat, -1)) - np.dot(lat, np.roll(lon, -1))
            assert area < 0  # clockwise


def test_page_reads_without_scripts(page: str, payload: ReportPayload) -> None:
    tables = re.findall(r'<div class="plot">(.*?</table>)', page, flags=re.S)
    for fan, text in zip(payload.fans, tables, strict=True):
        days = rows(text)[1:]
        assert [day[0] for day in days[:3]] == ["28 December", "29 December", "30 December"]
        assert len(days) == payload.about.hours // 24
        assert [day[1] for day in days] == [quantity(v, fan.unit) for v in fan.quantiles[2][12::24]]
    for score in synthetic.scores():
        assert score.title in page
    assert page.count('class="verdict missed"') == 2


def test_small_scale_is_said_aloud(case: Scenario) -> None:
    small = synthetic.trajectory(case, 1, scale=0.01)
    assert "most crises never begin" in render(build_payload(case, [small], (), ReportOptions("s")))


def test_full_scale_has_no_banner(page: str) -> None:
    assert "most crises never begin" not in page
    assert "Fewer than" not in page


def test_few_runs_are_said_aloud(case: Scenario, runs: tuple[Trajectory, ...]) -> None:
    assert "Fewer than 20 runs" in render(build_payload(case, runs[:19], (), ReportOptions("s")))


def test_a_case_without_boundaries_scores_or_parameters_still_reads(
    case: Scenario, runs: tuple[Trajectory, ...]
) -> None:
    bare = case.model_copy(update={"boundaries": "", "timeline": (), "observations": ()})
    text = render(build_payload(bare, runs[:2], (), ReportOptions("s")))
    assert "No observed figure was tested" in text
    assert page_data(text)["boundaries"]["features"] == []
