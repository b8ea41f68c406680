"""The page is one inert file: nothing is fetched, nothing a case says becomes markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import report_synthetic as synthetic
from report_synthetic import HOSTILE

from steppe.case import Scenario
from steppe.report.build import build_payload
from steppe.report.encode import unpacked
from steppe.report.page import render, write_report
from steppe.report.payload import ReportPayload
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
    assert len(hostile.raw["script"]) == len(tame.raw["script"]) == 3
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in tame.tags}
    assert "img" not in {tag for tag, _ in hostile.tags}
    for _, attributes in hostile.tags:
        assert not [name for name in attributes if name.startswith("on")]
    data = json.loads(hostile.raw["script"][1])
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
    for text in (script[0], script[2], style):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_same_input_same_bytes(
    payload: ReportPayload, tmp_path: Path, case: Scenario, runs: tuple[Trajectory, ...]
) -> None:
    again = build_payload(
        case,
        runs[::-1],
        synthetic.scores(),
        payload.repeat.command,
        parameters=synthetic.parameters(),
        attribution=payload.repeat.attribution,
    )
    one = write_report(payload, tmp_path / "new" / "a.html").read_bytes()
    assert one == write_report(again, tmp_path / "b.html").read_bytes()
    assert len(one) < 3_000_000


def test_data_in_the_page_are_the_payload(page: str, payload: ReportPayload) -> None:
    data = json.loads(Outline(page).raw["script"][1])
    for sent, fan in zip(data["fans"], payload.fans, strict=True):
        back = unpacked(sent["national"], fan.quantiles.shape, fan.step)
        np.testing.assert_allclose(back, fan.quantiles, atol=fan.step / 2 + 1e-9)
        if fan.regional is not None:
            back = unpacked(sent["regional"][5], fan.regional[5].shape, fan.step)
            np.testing.assert_allclose(back, fan.regional[5], atol=fan.step / 2 + 1e-9)


def test_rings_are_wound_for_the_sphere(payload: ReportPayload) -> None:
    features = payload.boundaries["features"]
    assert {f["properties"]["id"] for f in features} == {r.id for r in payload.regions}
    for feature in features:
        for rings in feature["geometry"]["coordinates"]:
            lon, lat = np.array(rings[0]).T
            area = np.dot(lon, np.roll(lat, -1)) - np.dot(lat, np.roll(lon, -1))
            assert area < 0  # clockwise


def test_page_reads_without_scripts(page: str, payload: ReportPayload) -> None:
    still = re.findall(r'<svg class="still".*?</svg>', page, flags=re.S)
    assert len(still) == len(payload.fans)
    assert all('class="median" d="M' in figure for figure in still)
    for score in synthetic.scores():
        assert score.title in page
    assert page.count('class="verdict missed"') == 2


def test_small_scale_is_said_aloud(case: Scenario) -> None:
    small = synthetic.trajectory(case, 1, scale=0.01)
    assert "Small scales mislead" in render(build_payload(case, [small], (), "s"))


def test_full_scale_has_no_banner(page: str) -> None:
    assert "Small scales mislead" not in page
    assert "Fewer than" not in page


def test_few_runs_are_said_aloud(case: Scenario, runs: tuple[Trajectory, ...]) -> None:
    assert "Fewer than 20 runs" in render(build_payload(case, runs[:19], (), "s"))


def test_a_case_without_boundaries_scores_or_parameters_still_reads(
    case: Scenario, runs: tuple[Trajectory, ...]
) -> None:
    bare = case.model_copy(update={"boundaries": "", "timeline": (), "observations": ()})
    text = render(build_payload(bare, runs[:2], (), "s"))
    assert "No observed figure was tested" in text
    assert json.loads(Outline(text).raw["script"][1])["boundaries"]["features"] == []
