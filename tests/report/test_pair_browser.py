"""The page of a pair in a real browser: two maps, one slider, a difference, no sideways scroll."""

from __future__ import annotations

from pathlib import Path

import pair_synthetic as synthetic
import pytest

from steppe.case import Scenario
from steppe.report.pair_build import build_pair
from steppe.report.pair_page import render_pair
from steppe.report.provenance import ReportOptions

browser_tests = pytest.importorskip("test_report_browser", reason="needs a browser")
sync_api = browser_tests.sync_api


@pytest.fixture(scope="module")
def file(case: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pair") / "pair.html"
    path.write_text(
        render_pair(build_pair(synthetic.made(case, 4), ReportOptions("steppe pair"))), "utf-8"
    )
    return path


def test_both_histories_follow_one_slider(browser: sync_api.Browser, file: Path) -> None:
    visit = browser_tests.Visit(browser, file, viewport={"width": 1440, "height": 900})
    tab = visit.tab
    assert tab.locator("#map-base path.region").count() == 17
    assert tab.locator("#map-other path.region").count() == 17
    tab.locator("#hour").focus()
    tab.keyboard.press("Home")
    tab.keyboard.press("PageUp")
    for name in ("base", "other"):
        assert tab.locator(f"#map-{name} svg").get_attribute("data-hour") == "24"
    assert "no difference" in tab.locator("#card").inner_text()
    tab.get_by_role("radio", name="Difference").click()
    assert tab.locator("#map-gap path.region[data-class='gap3']").count() == 17
    tab.locator("#hour").fill("120")
    assert tab.locator("#map-gap path.region:not([data-class='gap3'])").count() > 0
    assert not tab.locator("#map-base").is_visible()
    assert tab.locator(".fan .median.other").count() == tab.locator(".fan").count() == 7
    tab.locator("#map-gap path.region[aria-label^='Karag']").focus()
    tab.keyboard.press("Enter")
    assert tab.locator(".fan.first b").inner_text().startswith("On the street, Karag")
    assert (visit.said, visit.asked) == ([], [file.as_uri()])


def test_nothing_sticks_out_on_a_phone(browser: sync_api.Browser, file: Path) -> None:
    visit = browser_tests.Visit(browser, file, viewport={"width": 390, "height": 800})
    assert visit.tab.evaluate("document.documentElement.scrollWidth") == 390


def test_without_scripts_figures_and_tables_stay(browser: sync_api.Browser, file: Path) -> None:
    visit = browser_tests.Visit(browser, file, java_script_enabled=False)
    assert visit.tab.locator(".fan .plot table:visible").count() == 7
    assert visit.tab.locator(".effects tbody tr").count() >= 3
    assert not visit.tab.locator("#explorer").is_visible()
