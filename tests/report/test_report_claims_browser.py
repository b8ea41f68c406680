"""The page of claims in a browser: argument, sheet, filters, keyboard, phone, no scripts."""

from __future__ import annotations

from pathlib import Path

import claims_synthetic as synthetic
import pytest

from steppe.report.claims_page import render_claims

browser_tests = pytest.importorskip("test_report_browser", reason="needs a browser")
sync_api = browser_tests.sync_api


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "claims.html"
    path.write_text(render_claims(synthetic.payload()), encoding="utf-8")
    return path


def test_a_claim_opens_from_the_argument(browser: sync_api.Browser, file: Path) -> None:
    view = {"width": 1280, "height": 900}
    visit = browser_tests.Visit(browser, file, viewport=view, reduced_motion="reduce")
    tab = visit.tab
    node = tab.locator("a.node[data-claim=small-rise-enough]")
    node.focus()
    assert tab.locator(".node.on").count() == 3  # itself and all it rests on
    before = tab.evaluate("scrollY")
    tab.keyboard.press("Enter")
    assert tab.evaluate("scrollY") == before  # the argument stays in sight
    assert tab.locator("#sheet h3").inner_text().startswith("A rise half as large")
    assert tab.locator("#sheet [data-chart=intervals] svg").count() >= 1
    assert tab.locator("#sheet [data-chart=curve] svg").count() == 1
    tab.locator("#sheet .ties a").first.click()
    assert tab.locator("#sheet h3").inner_text() == "Without the rise nobody would have come."
    tab.keyboard.press("Escape")
    assert not tab.locator("#sheet").is_visible()
    tab.wait_for_function("() => !location.hash")  # which follows the closing of the sheet
    node.click()  # the same claim opens again
    assert tab.locator("#sheet").is_visible()
    tab.locator("#sheet-close").click()
    assert (visit.said, visit.asked) == ([], [file.as_uri()])


def test_filters_hide_in_the_list_and_fade_in_the_argument(
    browser: sync_api.Browser, file: Path
) -> None:
    tab = browser_tests.Visit(browser, file, viewport={"width": 1280, "height": 900}).tab
    shown = tab.locator("details.claim:visible")
    assert shown.count() == 12
    tab.locator("button[data-value=contradicted]").click()
    few = shown.count()
    assert 0 < few < 12
    assert tab.locator("a.node.faded").count() == 12 - few
    tab.locator("#filter-search").fill("no such words")
    assert (shown.count(), tab.locator("#none").is_visible()) == (0, True)
    tab.locator("#filter-clear").click()
    assert shown.count() == 12


def test_nothing_sticks_out_on_a_phone(browser: sync_api.Browser, file: Path) -> None:
    tab = browser_tests.Visit(browser, file, viewport={"width": 390, "height": 800}).tab
    assert tab.locator("a.node:visible").count() == 12
    tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert tab.evaluate("document.documentElement.scrollWidth") == 390


def test_without_scripts_everything_is_there(browser: sync_api.Browser, file: Path) -> None:
    tab = browser_tests.Visit(browser, file, java_script_enabled=False).tab
    assert tab.locator("a.node:visible").count() == 12
    assert tab.locator("details.claim").count() == 12
    assert not tab.locator("#filters").is_visible()
    tab.locator("#claim-small-rise-enough summary").first.click()
    assert tab.locator("#claim-small-rise-enough [data-chart] table").first.is_visible()
