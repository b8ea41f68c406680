"""The page in a real browser: run the case, move the slider, play, compare, share, export."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from steppe.app.nowcasts import settings_of
from steppe.case.load import load
from steppe.results.formatting import quantity, signed
from steppe.results.outcomes import headlines
from steppe.study.nowcast.answers import FOLDER, save_answer
from steppe.study.nowcast.limits import GENERAL
from steppe.study.nowcast.nowcast import nowcast
from steppe.study.nowcast.question import question_of

from .conftest import SCALE, SEEDS, Served

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("needs Chromium on the path", allow_module_level=True)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 30_000
MANY = 150
PAGES = (
    "compare", "experiments", "analyses", "nowcast", "evidence", "parameters", "model", "claims",
)  # fmt: skip
expect = sync_api.expect
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as play:
        engine = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield engine
        engine.close()


class Visit:
    """A user with a browser of their own: the open page, all it said and asked for."""

    def __init__(self, browser: sync_api.Browser, served: Served, **options: object) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.served = served
        self.context = browser.new_context(accept_downloads=True, **options)
        self.context.set_default_timeout(PATIENCE)
        self.tab = self.context.new_page()
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("request", lambda request: self.asked.append(request.url))

    def enter(self, query: str = "") -> Visit:
        """Come in by a one-time link, and then open the small case."""
        self.tab.goto(self.served.link())
        self.tab.wait_for_selector("#fans .plot svg")
        if query:
            self.open(query)
        return self

    def open(self, query: str) -> None:
        before = self.ready()
        self.tab.evaluate("query => { location.hash = query; }", query)
        self.wait(before)

    def ready(self) -> str:
        return str(self.tab.evaluate("document.body.dataset.ready ?? ''"))

    def wait(self, before: str) -> None:
        """Wait for a view newer than ``before``."""
        newer = "b => document.body.dataset.ready !== b"
        self.tab.wait_for_function(newer, arg=before)
        self.tab.wait_for_function("() => !document.body.classList.contains('busy')")


def stored(served: Served, page: str = "compare", more: str = "") -> str:
    return (f"#/{page}?case={served.case()}&with=no-price-shock&seeds={SEEDS}&scale={SCALE}"
            f"&hour=20{more}")  # fmt: skip


@pytest.fixture(scope="module")
def visit(browser: sync_api.Browser, served: Served) -> Iterator[Visit]:
    made = Visit(browser, served, viewport={"width": 1440, "height": 900})
    yield made.enter(stored(served))
    foreign = [url for url in made.asked if not url.startswith((served.origin, "blob:", "data:"))]
    assert foreign == []  # nothing of another host, ever
    # The browser itself notes the one setting that cannot be run, which a test asks for.
    assert [text for text in made.said if "422" not in text] == []


def test_two_histories_open_side_by_side(visit: Visit) -> None:
    tab = visit.tab
    assert tab.locator("#map-base path.region").count() == 17
    assert tab.locator("#map-variant path.region").count() == 17
    assert tab.locator("#headline").inner_text() == "No price shock"
    assert f"{SEEDS} pairs of runs" in tab.locator("#standing").inner_text()
    one = visit.served.desk.comparison(
        {"case": visit.served.case(), "counterfactuals": ["no-price-shock"], "seeds": SEEDS,
         "scale": SCALE}, "",
    )  # fmt: skip
    effects = json.loads(visit.served.desk.arms.comparison(one))["differences"]["effects"]
    assert tab.locator("#effect-rows tr").count() == len(effects) >= len(headlines())
    for row, line in zip(effects, tab.locator("#effect-rows tr").all(), strict=True):
        # the page writes each number as the terminal and the report do
        arms = [quantity(row[arm], row["unit"], row["digits"]) for arm in ("baseline", "variant")]
        gap = signed(row["difference"], row["unit"], row["digits"])
        assert line.locator("td.num").all_inner_texts() == [*arms, gap]
    assert "code=" not in tab.url  # the one-time code is gone from the address


def test_slider_moves_both_maps_and_every_chart(visit: Visit) -> None:
    tab = visit.tab
    tab.locator("#hour").focus()
    tab.keyboard.press("Home")
    assert tab.locator("#clock").inner_text() == "Sun 2 January 2022, 00:00–01:00"
    before = tab.locator(".fan .head").first.get_attribute("transform")
    tab.keyboard.press("PageUp")
    tab.keyboard.press("ArrowRight")
    assert tab.locator("#clock").inner_text() == "Mon 3 January 2022, 01:00–02:00"
    assert tab.locator(".fan .head").first.get_attribute("transform") != before
    assert tab.locator("#hour").get_attribute("aria-valuetext") == "Mon 3 January 2022, 01:00–02:00"
    classes = "nodes => nodes.map(node => node.dataset.class)"
    shown = set(tab.locator("#map-base .region").evaluate_all(classes))
    assert shown <= {f"warm{i}" for i in range(7)}


def test_play_reaches_the_end_and_stops(visit: Visit) -> None:
    tab = visit.tab
    tab.locator("#speed").select_option("48")
    tab.locator("#hour").fill("0")
    tab.locator("#play").click()
    expect(tab.locator("#clock")).to_contain_text("Mon 3 January 2022, 15:00", timeout=PATIENCE)
    expect(tab.locator("#play")).to_have_attribute("aria-label", "Play")


def test_hovering_a_region_leads_everything(visit: Visit) -> None:
    tab = visit.tab
    region = tab.locator("#map-base path.region[aria-label^='Karag']")
    box = region.bounding_box()
    assert box
    region.hover(position={"x": box["width"] * 0.45, "y": box["height"] * 0.6})
    expect(tab.locator(".count-where").first).to_contain_text("Karag")
    expect(tab.locator("#fans b").first).to_contain_text("Karag")
    assert tab.locator("#map-variant .outline .chosen").count() == 1  # the other map follows
    tab.mouse.move(2, 2)
    expect(tab.locator(".count-where").first).to_have_text("Kazakhstan")


def test_quantity_and_difference_can_be_chosen(visit: Visit) -> None:
    tab = visit.tab
    tab.get_by_role("radio", name="Grievance").click()
    assert "Grievance" in tab.locator("#legend").inner_text()
    tab.locator("#diff").check()
    classes = "nodes => nodes.map(node => node.dataset.class)"
    found = set(tab.locator("#map-variant .region").evaluate_all(classes))
    assert found & {"gap4", "gap5", "gap6"}  # as it was there was more, for the shock was there,
    assert found <= {"gap3", "gap4", "gap5", "gap6"}  # and nowhere less
    for said in ("#legend", "#stage figure.variant .name"):
        assert "minus counterfactual" in tab.locator(said).inner_text()
    tab.locator("#diff").uncheck()
    tab.get_by_role("radio", name="Protesters").click()


def test_link_restores_the_same_view(
    visit: Visit, browser: sync_api.Browser, served: Served
) -> None:
    tab = visit.tab
    tab.get_by_role("radio", name="Violent").click()
    tab.locator("#map-base path.region[aria-label^='Karag']").focus()
    tab.keyboard.press("Enter")
    tab.locator("#hour").fill("17")
    tab.locator("#diff").check()
    tab.wait_for_function("() => /hour=17.*diff=1/.test(location.hash)")
    other = Visit(browser, served, viewport={"width": 1440, "height": 900}).enter(
        tab.url[tab.url.index("#") :]
    )
    for what in ("#headline", "#clock", "#sentence", "#legend", "#count-base", "#count-variant"):
        assert other.tab.locator(what).inner_text() == tab.locator(what).inner_text(), what
    assert other.tab.locator("#diff").is_checked()
    shape = "nodes => nodes.map(node => node.dataset.class)"
    assert (other.tab.locator("#map-variant .region").evaluate_all(shape)
            == tab.locator("#map-variant .region").evaluate_all(shape))  # fmt: skip
    other.context.close()
    tab.locator("#diff").uncheck()
    tab.locator("#whole").click()
    tab.get_by_role("radio", name="Protesters").click()


@pytest.mark.parametrize(("form", "inside"), [("csv", ".csv"), ("parquet", ".parquet")])
def test_data_of_both_histories_is_exported(
    visit: Visit, tmp_path: Path, form: str, inside: str
) -> None:
    tab = visit.tab
    tab.locator("#open-share").click()
    with tab.expect_download() as download:
        tab.locator(f"[data-do={form}]").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    tab.locator("#close-share").click()
    with zipfile.ZipFile(path) as found:
        names = found.namelist()
    assert sum(name.endswith(inside) for name in names) >= 2 * SEEDS
    assert "command.txt" in names


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<svg "), ("png", b"\x89PNG"),
                                              ("scenario", b"# steppe pair")])  # fmt: skip
def test_figures_and_scenario_are_exported(
    visit: Visit, tmp_path: Path, form: str, begins: bytes
) -> None:
    tab = visit.tab
    tab.locator("#open-share").click()
    with tab.expect_download() as download:
        tab.locator(f"[data-do={form}]").click()
    path = tmp_path / "figure"
    download.value.save_as(path)
    tab.locator("#close-share").click()
    content = path.read_bytes()
    assert content.startswith(begins)
    if form == "svg":
        text = content.decode()
        assert text.count("<path") > 60
        assert "script" not in text
        assert not re.search(r"href=|url\(", text)


def test_pages_show_ledger_model_evidence_and_claims(visit: Visit) -> None:
    tab = visit.tab
    for page, rows in (("evidence", "#evidence-rows tr"), ("parameters", "#ledger-rows tr"),
                       ("model", "#model-list .rule")):  # fmt: skip
        tab.locator(f"nav a[data-page={page}]").click()
        expect(tab.locator(rows).first).to_be_visible()
    tab.locator("nav a[data-page=parameters]").click()
    tab.locator("#ledger-find").fill("mobilisable")
    assert 1 <= tab.locator("#ledger-rows tr:visible").count() < 10
    tab.locator("nav a[data-page=claims]").click()
    expect(tab.locator("#claims-told")).not_to_be_empty()
    tab.locator("nav a[data-page=compare]").click()
    expect(tab.locator("#map-base svg")).to_be_visible()


def test_slider_takes_a_quick_look_and_undo_comes_back(visit: Visit) -> None:
    tab = visit.tab
    before = visit.ready()
    tab.locator("#c-prices-shock").fill("50")
    visit.wait(before)
    expect(tab.locator("#standing")).to_contain_text("Quick look")
    tab.wait_for_function("() => location.hash.includes('set=prices.shock')")
    before = visit.ready()
    tab.locator("#reset").click()
    visit.wait(before)
    assert tab.locator("#headline").inner_text() == "A small crisis"
    visit.open(stored(visit.served))


def test_parameters_are_drawn_where_the_page_says_so(visit: Visit) -> None:
    tab = visit.tab
    source = tab.locator("#source")
    assert source.input_value() == "default"
    assert source.locator("option[value=posterior]").is_disabled()  # the case ships none, it says
    expect(tab.locator("#source-told")).to_contain_text("ships no posterior sample")
    before = visit.ready()
    source.select_option("prior")
    visit.wait(before)
    expect(tab.locator("#standing")).to_contain_text("Quick look by citizens")
    expect(tab.locator("#command")).to_contain_text("--parameters prior")
    tab.wait_for_function("() => location.hash.includes('parameters=prior')")
    control = tab.locator(".control", has=tab.locator("#c-parameters-participation-mobilisable"))
    expect(control.locator(".drawn")).to_contain_text("Drawn: median")
    before = visit.ready()
    tab.locator("#c-parameters-participation-mobilisable").fill("150")
    visit.wait(before)
    expect(control.locator(".drawn")).to_contain_text("Held at this value")
    visit.open(stored(visit.served))
    assert source.input_value() == "default"


def test_a_change_that_cannot_be_made_is_explained(visit: Visit) -> None:
    tab = visit.tab
    tab.evaluate("q => { location.hash = q; }", stored(visit.served, more="&set=prices.shock%3D99"))
    expect(tab.locator("#problem")).to_contain_text("prices.shock")
    visit.open(stored(visit.served))
    expect(tab.locator("#problem")).to_be_hidden()


def test_old_links_open_what_is_known_and_say_what_is_left_out(visit: Visit) -> None:
    tab = visit.tab
    visit.open(stored(visit.served, more="&set=prices.shok%3D1&with=no-such-thing"))
    expect(tab.locator("#said")).to_contain_text("no-such-thing, prices.shok: left out")
    assert tab.locator("#headline").inner_text() == "No price shock"
    expect(tab.locator("#problem")).to_be_hidden()


def test_run_and_maps_are_near_for_the_keyboard(browser: sync_api.Browser, served: Served) -> None:
    more = stored(served).replace(
        f"seeds={SEEDS}", "seeds=150"
    )  # so that there is something to run
    user = Visit(browser, served, viewport={"width": 1440, "height": 900}).enter(more)
    tab, stops = user.tab, []
    expect(tab.locator("#run")).to_be_enabled()
    active = "(document.activeElement.id || document.activeElement.className)"
    for _ in range(15):
        tab.keyboard.press("Tab")
        stops.append(tab.evaluate(active))
    assert "run" in stops, stops
    tab.evaluate("document.activeElement.blur()")
    tab.locator("a.skip").first.focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate(active) == "stage"
    for _ in range(4):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.closest('#map-base') !== null"):
            break
    first = tab.evaluate("document.activeElement.getAttribute('aria-label')")
    assert tab.evaluate("document.activeElement.closest('#map-base') !== null")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.getAttribute('aria-label')") != first
    tab.keyboard.press("Tab")  # a map is one stop
    assert tab.evaluate("document.activeElement.closest('#map-base') === null")
    user.context.close()


def test_paper_has_no_controls_and_the_tour_ends(browser: sync_api.Browser, served: Served) -> None:
    user = Visit(browser, served, viewport={"width": 1024, "height": 800}).enter(stored(served))
    tab = user.tab
    tab.locator("#tour-offer").click()
    for _ in range(6):
        expect(tab.locator("#tour")).to_be_visible()
        tab.locator("#tour-next").click()
    expect(tab.locator("#tour")).to_be_hidden()
    tab.emulate_media(media="print")
    for part in ("#controls", ".player", "#tour"):
        expect(tab.locator(part)).to_be_hidden()
    expect(tab.locator("#effect-rows")).to_be_visible()
    user.context.close()


def test_two_users_run_at_once_and_see_only_their_own(
    browser: sync_api.Browser, served: Served
) -> None:
    users = [Visit(browser, served, viewport={"width": 1280, "height": 800}) for _ in range(2)]
    for i, user in enumerate(users):
        name, seeds = (("no-blackout", MANY), ("no-concession", 2))[i]
        query = f"case={served.case()}&with={name}&seeds={seeds}&scale={SCALE}"
        user.enter(f"#/compare?{query}")
        expect(user.tab.locator("#standing")).to_contain_text("Quick look")
        expect(user.tab.locator("#run")).to_be_enabled()
        user.tab.locator("#run").click()
    slow, quick = users
    expect(quick.tab.locator(".job")).to_have_attribute("data-state", "done", timeout=PATIENCE)
    expect(quick.tab.locator("#standing")).to_contain_text("2 pairs of runs")
    assert quick.tab.locator(".job").count() == slow.tab.locator(".job").count() == 1
    expect(slow.tab.locator("#standing")).to_contain_text("pairs of runs", timeout=PATIENCE)
    slow.tab.locator(".job button").click()  # cancel; what is finished stays
    expect(slow.tab.locator(".job")).to_have_attribute("data-state", "cancelled", timeout=PATIENCE)
    kept = re.search(r"(\d+) pairs? of runs", slow.tab.locator("#standing").inner_text())
    assert kept
    assert 1 <= int(kept[1]) < MANY
    for user in users:
        assert user.said == []
        user.context.close()


BAD = "extends: kazakhstan-2022\nid: mine\nclock:\n  hourz: 3\nprices:\n  shock: many\n"
GOOD = (
    "extends: kazakhstan-2022\nid: mine\ntitle: Mine\nclock:\n  hours: 6\n"
    "counterfactuals:\n  alliance-late: null\n"
)


def test_bad_upload_shows_its_faults_and_a_good_one_opens(
    browser: sync_api.Browser, served: Served, tmp_path: Path
) -> None:
    user = Visit(browser, served, viewport={"width": 1280, "height": 800}).enter(stored(served))
    tab = user.tab
    path = tmp_path / "scenario.yaml"
    path.write_text(BAD, encoding="utf-8")
    tab.locator("#case").select_option("")
    tab.locator("#own-files").set_input_files(path)
    expect(tab.locator("#own-faults tr").first).to_be_visible()
    text = tab.locator("#own-faults").inner_text()
    assert "scenario.yaml:4" in text
    assert "hours" in text
    assert "/" not in text.split("scenario.yaml:4")[0]
    path.write_text(GOOD, encoding="utf-8")
    before = user.ready()
    tab.locator("#own-files").set_input_files(path)
    user.wait(before)
    expect(tab.locator("#case option:checked")).to_have_text("Mine")
    assert [text for text in user.said if "422" not in text] == []
    user.context.close()


def test_without_the_link_nothing_is_shown(browser: sync_api.Browser, served: Served) -> None:
    user = Visit(browser, served)
    user.tab.goto(f"{served.origin}/")
    expect(user.tab.locator("#sign-in")).to_be_visible()
    user.tab.locator("#secret").fill("guess")
    user.tab.locator("#sign-in-form button").click()
    expect(user.tab.locator("#sign-in-told")).to_contain_text("not the code")
    user.tab.locator("#secret").fill(served.link())
    user.tab.locator("#sign-in-form button").click()
    expect(user.tab.locator("#map-base svg")).to_be_visible()
    user.context.close()


def test_a_server_that_stops_is_noticed_and_the_page_goes_on(
    browser: sync_api.Browser, served: Served
) -> None:
    user = Visit(browser, served, viewport={"width": 1440, "height": 900}).enter(stored(served))
    expect(user.tab.locator("#away")).to_be_hidden()
    user.context.route("**/api/**", lambda route: route.abort())
    expect(user.tab.locator("#away")).to_be_visible(timeout=10_000)
    user.context.unroute("**/api/**")
    expect(user.tab.locator("#away")).to_be_hidden(timeout=10_000)
    expect(user.tab.locator("#said")).to_contain_text("answers again")
    user.context.close()


def test_a_day_more_is_let_in_at_once(
    browser: sync_api.Browser, served: Served, tmp_path: Path
) -> None:
    case, days = load("kazakhstan-2022"), ("2022-01-02", "2022-01-03")
    answer = nowcast(case, days[0], store=tmp_path, workers=1, looks=4, draws=2)
    for day in days:
        question = question_of(case, day, (), settings_of(60))
        save_answer(served.config.store / FOLDER, question, answer)
    user = Visit(browser, served, viewport={"width": 1440, "height": 900})
    tab = user.enter("#/nowcast?case=kazakhstan-2022").tab
    tab.locator("#nowcast-looks").select_option("60")
    expect(tab.locator("#nowcast-days .made")).to_have_count(2)
    user.asked.clear()
    drawn = tab.locator("#nowcast-fans figure").first.locator("path.median")
    for at, made in ((4, False), (5, True), (6, True), (7, False)):
        tab.locator("#nowcast-until").fill(str(at))
        assert bool(drawn.get_attribute("d")) is made
        assert tab.locator("#nowcast-next").is_visible() is made
        assert tab.locator("#nowcast-make").is_disabled() is made
    asked = [url for url in user.asked if "/nowcasts" in url or "/analyses" in url]
    assert asked == []  # what was made is there
    limits, fan = (tab.locator(one).bounding_box() for one in ("#nowcast-limits", "#nowcast-fans"))
    assert limits["y"] < fan["y"]
    assert tab.locator("#nowcast-limits li").count() >= len(GENERAL)
    user.context.close()


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
)
def test_no_serious_violation_of_accessibility(
    browser: sync_api.Browser, served: Served, scheme: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    user = Visit(browser, served, viewport={"width": width, "height": 900}, color_scheme=scheme)
    user.enter(stored(served))
    for page in PAGES:
        user.tab.locator(f"nav a[data-page={page}]").click()
        user.tab.wait_for_timeout(100)
        found = axe.Axe().run(user.tab).response["violations"]
        bad = [
            (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in found if one["impact"] in ("serious", "critical")
        ]  # fmt: skip
        assert bad == [], page
    user.context.close()


def keep(user: Visit, name: str) -> None:
    """Save what is set as an experiment."""
    tab = user.tab
    tab.locator("nav a[data-page=experiments]").click()
    tab.locator("#experiment-name").fill(name)
    tab.keyboard.press("Enter")
    expect(tab.locator("#experiment-rows")).to_contain_text(name)


def test_variants_are_compared_alike(browser: sync_api.Browser, served: Served) -> None:
    user = Visit(browser, served, viewport={"width": 1440, "height": 900}).enter(stored(served))
    tab = user.tab
    keep(user, "Stored")
    user.open(stored(served).replace("no-price-shock", "no-lethal-force"))
    keep(user, "Never run")
    for name in ("Stored", "Never run"):
        tab.get_by_label(f"Compare {name}", exact=True).check()
    tab.locator("#experiments-compare").click()
    expect(tab.locator("#compared-rows tr").first).to_be_visible()
    columns = tab.locator("#compared-rows tr").last.locator("td").all_inner_texts()
    assert len(columns) == 2
    assert len(set(columns)) == 1  # stored pairs of one are not set beside a look at the other
    assert columns[0].startswith("quick look")
    assert tab.locator("#experiments-chart circle").count() >= 2
    tab.get_by_label("Compare Never run", exact=True).uncheck()
    tab.locator("#experiments-compare").click()
    last = tab.locator("#compared-rows tr").last.locator("td")
    expect(last).to_have_count(1)
    expect(last).to_have_text(f"{SEEDS} stored pairs by citizens, scale {SCALE}")
    tab.locator("#experiment-rows button", has_text="Remove").first.click()
    expect(tab.locator("#experiment-rows tr")).to_have_count(1)
    tab.locator("#experiment-rows button", has_text="Remove").first.click()
    expect(tab.locator("#experiments-none")).to_be_visible()
    user.context.close()


def test_claims_are_searched_chosen_and_judged(browser: sync_api.Browser, served: Served) -> None:
    user = Visit(browser, served, viewport={"width": 1440, "height": 900})
    tab = user.enter("#/claims?case=two-valleys").tab
    items = tab.locator("#claims-list li")
    expect(items.first).to_be_visible()
    everything = items.count()
    tab.locator("#claims-find").fill("price")
    assert 0 < tab.locator("#claims-list li:visible").count() < everything
    expect(tab.locator("#claims-count")).to_contain_text(f"of {everything} claims")
    tab.locator("#claims-find").fill("")
    tab.locator("#claims-judge").click()
    expect(tab.locator("#claims-cancel")).to_be_visible()
    judged = tab.locator("#claims-judge-told")
    expect(judged).to_contain_text("Judged in", timeout=4 * PATIENCE)
    expect(tab.locator("#claims-list")).to_contain_text("by cohorts: a quick look")
    button = tab.locator("#claims-verdicts button").first
    verdict = button.get_attribute("data-verdict")
    button.click()
    shown = tab.locator("#claims-list li:visible .verdict").all_inner_texts()
    assert 0 < len(shown) < everything
    assert set(shown) == {verdict}
    user.context.close()


def test_pages_are_steps_of_the_back_button(browser: sync_api.Browser, served: Served) -> None:
    user = Visit(browser, served, viewport={"width": 1440, "height": 900}).enter(stored(served))
    user.tab.locator("nav a[data-page=model]").click()
    expect(user.tab.locator("#page-model")).to_be_visible()
    user.tab.go_back()
    expect(user.tab.locator("#page-compare")).to_be_visible()
    assert user.tab.locator("#headline").inner_text() == "No price shock"
    user.context.close()


def test_signing_in_again_in_one_tab_opens_the_others(
    browser: sync_api.Browser, served: Served
) -> None:
    user = Visit(browser, served, viewport={"width": 1440, "height": 900}).enter(stored(served))
    other = user.context.new_page()
    other.goto(user.tab.url)
    expect(other.locator("#fans .plot svg").first).to_be_visible()
    user.context.route("**/api/**", lambda route: route.abort())
    for tab in (user.tab, other):
        tab.bring_to_front()
        expect(tab.locator("#away")).to_be_visible(timeout=10_000)
    user.context.clear_cookies()  # as after a restart, which knows no session
    user.context.unroute("**/api/**")
    for tab in (other, user.tab):
        tab.bring_to_front()
        expect(tab.locator("#sign-in")).to_be_visible(timeout=10_000)
    user.tab.locator("#secret").fill(served.link())
    user.tab.locator("#sign-in-form button").click()
    other.bring_to_front()
    expect(other.locator("#sign-in")).to_be_hidden(timeout=10_000)
    user.context.close()


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_sticks_out_on_a_phone(
    browser: sync_api.Browser, served: Served, width: int
) -> None:
    user = Visit(browser, served, viewport={"width": width, "height": 800}).enter(stored(served))
    tab = user.tab
    keep(user, "A rather long name of an experiment")
    for page in PAGES:
        tab.locator(f"nav a[data-page={page}]").click()
        tab.wait_for_timeout(300)
        assert tab.evaluate("document.documentElement.scrollWidth") == width, page
    user.open("#/parameters?case=kazakhstan-2022")  # which ships a posterior sample
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    user.open(stored(served))
    tab.locator("#controls-toggle").click()
    expect(tab.locator("#run")).to_be_visible()
    expect(tab.locator(".what-if").first).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    tab.set_viewport_size({"width": 1024, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") == 1024
    # the browser notes that rules of choice have no nowcasts, which the page says
    assert [text for text in user.said if "422" not in text] == []
    user.context.close()
