"""The page in a real browser: silent, offline, and following its reader."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("needs Chromium on the path", allow_module_level=True)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Visit:
    """An open page with all it said and asked for."""

    def __init__(self, browser: sync_api.Browser, path: Path, **options: object) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.tab = browser.new_context(**options).new_page()
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.goto(path.as_uri())


@pytest.fixture(scope="module")
def file(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def visit(browser: sync_api.Browser, file: Path) -> Visit:
    return Visit(browser, file, viewport={"width": 1440, "height": 900})


def test_page_is_silent_and_asks_nothing(visit: Visit, file: Path) -> None:
    assert visit.tab.locator("path.region").count() == 17
    assert visit.tab.locator(".fan .median").count() == 7
    assert visit.said == []
    assert visit.asked == [file.as_uri()]


def test_slider_moves_clock_map_and_charts(visit: Visit) -> None:
    tab = visit.tab
    slider = tab.locator("#hour")
    slider.focus()
    tab.keyboard.press("Home")
    assert tab.locator("#clock").inner_text() == "Tue 28 December 2021, 00:00–01:00"
    before = tab.locator(".fan.first .head").get_attribute("transform")
    tab.keyboard.press("PageUp")
    tab.keyboard.press("ArrowRight")
    assert tab.locator("#clock").inner_text() == "Wed 29 December 2021, 01:00–02:00"
    assert slider.get_attribute("aria-valuetext") == "Wed 29 December 2021, 01:00–02:00"
    assert tab.locator("#map-figure svg").get_attribute("data-hour") == "25"
    assert tab.locator(".fan.first .head").get_attribute("transform") != before


def test_play_moves_on_and_pauses(visit: Visit) -> None:
    tab = visit.tab
    tab.locator("#hour").fill("10")
    tab.locator("#play").click()
    sync_api.expect(tab.locator("#clock")).not_to_contain_text(" 10:00", timeout=2000)
    tab.locator("#play").click()
    assert int(tab.locator("#hour").input_value()) > 10
    assert tab.locator("#play").get_attribute("aria-label") == "Play"


def test_hover_previews_and_click_keeps_a_region(visit: Visit) -> None:
    tab = visit.tab
    title, card = tab.locator(".fan.first b"), tab.locator("#card h3")
    national = tab.locator(".fan.first .median").get_attribute("d")
    region = tab.locator("path.region[aria-label^='Karag']")
    box = region.bounding_box()
    assert box
    region.hover(position={"x": box["width"] * 0.45, "y": box["height"] * 0.6})
    assert title.inner_text().startswith("On the street, Karag")
    assert tab.locator(".fan.first .median").get_attribute("d") != national
    assert card.inner_text().startswith("Karag")
    assert tab.locator("#tip").is_visible()
    tab.mouse.move(2, 2)
    assert card.inner_text() == "Kazakhstan"
    region.focus()
    tab.keyboard.press("Enter")
    tab.locator("#hour").focus()
    assert card.inner_text().startswith("Karag")
    tab.locator("#card .back").click()
    assert title.inner_text() == "On the street"


def test_quantity_of_the_map_can_be_changed(visit: Visit) -> None:
    tab = visit.tab
    tab.locator("#hour").fill("120")
    tab.get_by_role("radio", name="Connectivity").click()
    assert "Connectivity, share" in tab.locator("#legend").inner_text()
    assert tab.locator("path.region[data-class='cool0']").count() > 10  # the blackout


def test_one_step_of_the_slider_is_quick(visit: Visit) -> None:
    took = visit.tab.evaluate(
        """() => { const slider = document.getElementById('hour'); const begin = performance.now();
        for (let i = 0; i < 20; i += 1) { slider.value = 100 + i;
          slider.dispatchEvent(new Event('input')); document.body.offsetHeight; }
        return (performance.now() - begin) / 20; }"""
    )
    assert took < 100  # milliseconds, the budget of a step


def test_parameters_can_be_searched(visit: Visit) -> None:
    tab = visit.tab
    tab.locator("#search").fill("threshold")
    assert tab.locator("#found").inner_text() == "2 shown"
    tab.locator("#search").fill("")
    tab.locator("#statuses button", has_text="assumed").click()
    assert tab.locator("#found").inner_text() == "2 shown"


def test_theme_can_be_switched(visit: Visit) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    before = visit.tab.evaluate(paper)
    visit.tab.locator("#theme").click()
    assert visit.tab.evaluate(paper) != before


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_sticks_out_sideways(browser: sync_api.Browser, file: Path, width: int) -> None:
    visit = Visit(browser, file, viewport={"width": width, "height": 800})
    assert visit.tab.evaluate("document.documentElement.scrollWidth") == width
    assert visit.said == []


def test_without_scripts_charts_and_tables_stay(browser: sync_api.Browser, file: Path) -> None:
    visit = Visit(browser, file, java_script_enabled=False)
    assert visit.tab.locator(".fan .plot table:visible").count() == 7
    assert visit.tab.locator(".targets .verdict").count() == 10
    assert not visit.tab.locator("#explorer").is_visible()


def test_hostile_page_runs_nothing(
    browser: sync_api.Browser, hostile_page: str, tmp_path: Path
) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(hostile_page, encoding="utf-8")
    visit = Visit(browser, path)
    assert visit.tab.locator("path.region").count() == 17
    assert visit.tab.locator("img").count() == 0
    assert (visit.said, visit.asked) == ([], [path.as_uri()])
