"""From a country to the first comparison in a real browser: by keyboard, on any width."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from steppe.app.config import Config
from steppe.case.inheritance import SHIPPED
from steppe.case.load import load

from .conftest import Served, start

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("needs Chromium on the path", allow_module_level=True)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 60_000
expect = sync_api.expect


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wizard")


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Served]:
    made = start(Config(store=home / "runs", port=0, home=home))
    yield made
    made.server.should_exit = True
    made.thread.join(timeout=20)
    assert not made.thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as play:
        engine = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield engine
        engine.close()


@pytest.fixture(scope="module")
def context(browser: sync_api.Browser, served: Served) -> Iterator[sync_api.BrowserContext]:
    """A user who came in by the link."""
    made = browser.new_context(accept_downloads=True, viewport={"width": 1440, "height": 900})
    made.set_default_timeout(PATIENCE)
    tab = made.new_page()
    tab.goto(served.link())
    tab.wait_for_function("() => document.querySelector('#case').options.length > 1")
    tab.close()
    yield made
    made.close()


@pytest.fixture(scope="module")
def tab(context: sync_api.BrowserContext, served: Served) -> Iterator[sync_api.Page]:
    """The page of a new case, in which a small case of Ghana has been made by keyboard alone."""
    page, said = context.new_page(), []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.origin}/new")
    page.wait_for_function("() => document.body.dataset.ready === 'start'")
    page.locator("#country").focus()
    page.keyboard.type("ghan")
    expect(page.locator("#country-list [aria-selected=true]")).to_contain_text("Ghana")
    page.keyboard.press("Enter")
    expect(page.locator("#country")).to_have_value("Ghana")
    page.locator("#date").fill("2020-12-07")
    page.locator("#days").fill("2")
    page.locator("input[name=trigger]:checked").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("() => /\\/0$/.test(document.body.dataset.ready)")
    yield page
    assert [url for url in asked if not url.startswith((served.origin, "blob:", "data:"))] == []
    # the browser itself notes what was refused, which tests ask for
    assert [text for text in said if not re.search("status of (400|409|422)", text)] == []


def folder_of(served: Served, tab: sync_api.Page) -> Path:
    name = tab.url.partition("#draft=")[2]
    return next(one.folder for one in served.desk.drafts._drafts.values() if one.id == name)


def changed(tab: sync_api.Page, before: str) -> None:
    tab.wait_for_function("b => document.body.dataset.ready !== b", arg=before)


def ready(tab: sync_api.Page) -> str:
    return str(tab.evaluate("document.body.dataset.ready"))


def test_the_case_is_there_with_map_and_marks(tab: sync_api.Page) -> None:
    expect(tab.locator("#title")).to_contain_text("Ghana, December 2020: an election")
    assert tab.locator("#map path.region").count() == 10
    assert tab.locator("#table tbody tr").count() == 10
    expect(tab.locator("#tally")).to_contain_text("are assumed")
    wage = tab.locator("#table button[aria-label^='Wage a month']").first
    assert "transferred" in (wage.get_attribute("aria-label") or "")
    idle = tab.locator("#table button[aria-label^='Unemployed']").first
    assert "assumed" in (idle.get_attribute("aria-label") or "")
    grounds = [one.evaluate("n => getComputedStyle(n).backgroundColor") for one in (wage, idle)]
    assert len({*grounds, "rgba(0, 0, 0, 0)"}) == 3  # each is seen to be another, and none is bare


def test_a_figure_is_edited_where_it_stands_and_refused_in_words(
    tab: sync_api.Page, served: Served
) -> None:
    tab.locator("#cells-more").click()
    assert tab.locator("#cells li").count() == 20
    item = tab.locator("#cells li", has_text="Officers").first
    item.get_by_role("button").click()
    tab.locator("#edit-0").fill("minus")
    tab.locator("#editor-save").click()
    expect(tab.locator("#from-wrong")).to_contain_text("where the figure is from")
    tab.locator("#from").fill("Police service, report of 2019")
    tab.locator("#editor-save").click()
    expect(tab.locator("#edit-0")).to_have_attribute("aria-invalid", "true")
    expect(tab.locator("#edit-0-wrong")).to_contain_text("whole number")
    before = ready(tab)
    tab.locator("#edit-0").fill("6543")
    tab.keyboard.press("Enter")
    changed(tab, before)
    expect(item).to_contain_text("6,543")
    assert 6543 in [force.officers for force in load(folder_of(served, tab)).forces]


def test_the_table_is_one_stop_and_arrows_lead_on(tab: sync_api.Page) -> None:
    stops = tab.locator("#table button[tabindex='0']")
    assert stops.count() == 1
    stops.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowDown")
    label = tab.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("Urban share")
    tab.keyboard.press("Enter")
    expect(tab.locator("#editor")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator("#editor")).to_be_hidden()


def test_a_region_leads_the_tables(tab: sync_api.Page) -> None:
    tab.locator("#map .region[tabindex='0']").focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#table tbody tr").count() == 1
    tab.get_by_role("radio", name="Places").click()
    assert 1 < tab.locator("#table tbody tr").count() < 40
    tab.locator("#all-regions").click()
    tab.get_by_role("radio", name="Regions").click()
    assert tab.locator("#table tbody tr").count() == 10


def test_the_slider_has_its_curve_beside_it(tab: sync_api.Page, served: Served) -> None:
    expect(tab.locator("#quiet")).to_have_text(
        re.compile(r"(Yes|No)(, so far)? ?a crisis in \d+ % of (4|12|20) runs; with it in \d+ %"),
        timeout=4 * PATIENCE,
    )
    expect(tab.locator("#added")).to_contain_text("people at the peak")
    assert tab.locator("#dose-plot circle").count() >= 4
    before = ready(tab)
    tab.locator("#size").focus()
    tab.keyboard.press("End")
    changed(tab, before)
    assert load(folder_of(served, tab)).triggers[0].size == 0.3
    expect(tab.locator("#size-now")).to_have_text("0.3")


def test_a_dropped_table_replaces_people_after_names_are_matched(
    tab: sync_api.Page, served: Served, tmp_path: Path
) -> None:
    regions = load(folder_of(served, tab)).regions
    rows = [f"{region.name},{1_000_000 + n}" for n, region in enumerate(regions)]
    rows[0] = rows[0].replace(regions[0].name, f"{regions[0].name[:-2]}y Area")
    file = tmp_path / "population.csv"
    file.write_text("\n".join(["region,population", *rows, ""]), encoding="utf-8")
    tab.locator("#file").set_input_files(file)
    assert tab.locator("#source").input_value() == "population"
    tab.locator("#import").click()
    expect(tab.locator("#import-faults")).to_contain_text("nothing for 1 of 10 regions")
    choice = tab.locator("#name-rows select")
    first = choice.locator("optgroup option").first.get_attribute("value")
    assert first == regions[0].id  # the nearest name stands first
    choice.select_option(first)
    before = ready(tab)
    tab.locator("#match").click()
    changed(tab, before)
    expect(tab.locator("#import-told")).to_contain_text("10 regions")
    assert load(folder_of(served, tab)).country.citizens == sum(range(1_000_000, 1_000_010))


def test_it_is_saved_and_not_overwritten_unasked(tab: sync_api.Page, home: Path) -> None:
    tab.locator("#folder").fill("../elsewhere")
    tab.locator("#save-form button").click()
    expect(tab.locator("#save-told")).to_contain_text("letters, digits")
    tab.locator("#folder").fill("my-ghana")
    tab.locator("#save-form button").click()
    expect(tab.locator("#save-told")).to_contain_text("steppe app")
    assert load(home / "my-ghana").country.name == "Ghana"
    shutil.copytree(SHIPPED / "ecuador-2019", home / "of-others")
    tab.locator("#folder").fill("of-others")
    tab.locator("#save-form button").click()
    expect(tab.locator("#replace-words")).to_contain_text("there already")
    tab.locator("#replace-no").click()
    assert load(home / "of-others").country.name == "Ecuador"
    tab.locator("#folder").fill("my-ghana")
    tab.locator("#save-form button").click()
    expect(tab.locator("#save-told")).to_contain_text("Saved")
    with tab.expect_download() as download:
        tab.locator("#zip").click()
    assert download.value.suggested_filename == "ghana-2020.zip"


def test_a_saved_case_is_gone_on_with(
    context: sync_api.BrowserContext, served: Served, home: Path
) -> None:
    folder = home / "my-ghana"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    (home / "broken").mkdir()
    (home / "broken" / "scenario.yaml").write_text("format: 2\nextends: kenya-2024\n", "utf-8")
    page = context.new_page()
    page.goto(f"{served.origin}/new")
    page.locator("#again-list button", has_text="broken").click()
    expect(page.locator("#again-faults")).to_contain_text("scenario.yaml, line 2: extends")
    page.locator("#again-list button", has_text="my-ghana,").click()
    expect(page.locator("#title")).to_contain_text("Ghana, December 2020: an election")
    expect(page.locator("#outside")).to_be_hidden()
    expect(page.locator("#size-now")).to_have_text("0.3")
    page.locator("#cells-more").click()
    expect(page.locator("#cells .done")).to_contain_text("6,543")
    assert page.locator("#folder").input_value() == "my-ghana"
    page.locator("#save-form button").click()
    expect(page.locator("#save-told")).to_contain_text("Saved")
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before
    page.locator("#again").click()
    page.locator("#again-list button", has_text="of-others,").click()
    expect(page.locator("#outside-words")).to_contain_text("cannot be edited here")
    expect(page.locator("#look-up")).to_be_hidden()
    page.close()


LOOKS = [(1440, "light"), (1024, "dark"), (390, "light"), (390, "dark")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_no_barrier_and_nothing_wider_than_the_screen(
    tab: sync_api.Page, served: Served, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.set_viewport_size({"width": width, "height": 900})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(tab).response["violations"]
    assert [(one["id"], [n["target"] for n in one["nodes"]][:4]) for one in found] == []
    tab.locator("#cells button").first.click()
    found = axe.Axe().run(tab).response["violations"]
    assert [(one["id"], [n["target"] for n in one["nodes"]][:4]) for one in found] == []
    tab.locator("#editor-cancel").click()


def test_it_opens_in_the_laboratory_with_its_first_comparison(tab: sync_api.Page) -> None:
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.locator("#open-case").click()
    tab.wait_for_url("**/#/compare?case=*")
    expect(tab.locator("#map-variant path.region")).to_have_count(10, timeout=4 * PATIENCE)
    expect(tab.locator("#headline")).to_have_text("No trigger")
    expect(tab.locator("#standing")).to_contain_text("Quick look")
    expect(tab.locator("#case option:checked")).to_contain_text("Ghana, December 2020")
