"""The page of the app in headless Chromium: its first view, a slider, and the maps as they play.

    python -m benchmarks.page [--times 5] [--case kazakhstan-2022]

starts an app of its own with an empty store as many times as asked, opens its link in a new browser
and waits for the first view, moves the slider of the price shock, each time to a value that nobody
has asked for, and plays. Prints the median of each, the cores and the load of the machine, and
addresses that are not the app's own; the last line is JSON. The exit code is 1 where a limit is not
kept. Needs playwright and a Chromium on the path; the rules have to be compiled already.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, sync_playwright

from steppe.study.executors import cores

LIMITS = {"first_view": 1.5, "slider": 0.15}
"""Seconds at most."""

FRAMES = 30.0
"""Frames a second at least, while the maps play."""

MOVES = 10
"""Moves of the slider in each visit."""

PLAY = 3.0
"""Seconds for which frames are counted."""

MOVE = """([value]) => new Promise((done) => {
  const slider = document.querySelector("#c-prices-shock");
  const before = document.body.dataset.ready;
  const began = performance.now();
  new MutationObserver((_, watch) => {
    if (document.body.dataset.ready === before) return;
    watch.disconnect();
    done((performance.now() - began) / 1000);
  }).observe(document.body, { attributes: true });
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""
"""Move the slider; the seconds until every chart is drawn anew."""

COUNT = """([seconds]) => new Promise((done) => {
  const clock = document.querySelector("#clock");
  const began = performance.now();
  let [frames, hours] = [0, 0];
  const watch = new MutationObserver(() => { hours += 1; });
  watch.observe(clock, { childList: true, characterData: true, subtree: true });
  document.querySelector("#play").click();
  const frame = (now) => {
    frames += 1;
    if (now - began < seconds * 1000) { requestAnimationFrame(frame); return; }
    document.querySelector("#play").click();
    watch.disconnect();
    done([frames / ((now - began) / 1000), hours]);
  };
  requestAnimationFrame(frame);
})"""
"""Play; the frames of the screen a second, and how many hours were shown."""


@dataclass(slots=True)
class Times:
    """What was measured, visit by visit."""

    first_view: list[float] = field(default_factory=list)
    slider: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)


@contextmanager
def laboratory() -> Iterator[str]:
    """Yield the link of an app with an empty store; it ends with the block."""
    with tempfile.TemporaryDirectory(prefix="steppe-page-") as folder:
        command = [sys.executable, "-m", "steppe", "app", "--no-browser", "--port", "0"]
        app = subprocess.Popen(
            [*command, "--store", f"{folder}/runs"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert app.stdout is not None
            yield next(line.strip() for line in app.stdout if "http://" in line)
        finally:
            app.terminate()
            app.wait()


def visit(browser: Browser, link: str, case: str, number: int, times: Times) -> None:
    """Open the page, move the slider and play."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    origin = link.partition("#")[0]
    page.on("request", lambda one: one.url.startswith(origin) or times.foreign.add(one.url))
    began = time.perf_counter()
    page.goto(link)
    page.wait_for_function("() => document.body.dataset.ready !== undefined")
    times.first_view.append(time.perf_counter() - began)
    _open(page, case)
    top = int(page.locator("#c-prices-shock").get_attribute("max") or 0)
    page.evaluate(MOVE, [top - 1])  # the first move of a visit also learns the baseline
    for move in range(MOVES):
        value = round(top * (0.1 + 0.8 * move / MOVES)) + number
        times.slider.append(page.evaluate(MOVE, [value]))
    rate, hours = page.evaluate(COUNT, [PLAY])
    assert hours > PLAY, "the maps did not move"
    times.frames.append(rate)
    context.close()


def _open(page: Page, case: str) -> None:
    """Open the case without a change, and wait until its whole look is there."""
    page.evaluate("query => { location.hash = query; }", f"#case={case}")
    page.wait_for_function("() => !document.body.classList.contains('busy')")
    page.wait_for_load_state("networkidle")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--case", default="kazakhstan-2022")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    times = Times()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for number in range(given.times):
            with laboratory() as link:
                visit(browser, link, given.case, number, times)
        browser.close()
    results = {
        name: round(statistics.median(getattr(times, name)), 3)
        for name in ("first_view", "slider", "frames")
    }
    slowest = {f"{name}_slowest": round(max(getattr(times, name)), 3) for name in LIMITS}
    about = {"times": given.times, "cores": cores(), "load": round(os.getloadavg()[0], 2)}
    whole = {**results, **slowest, **about, "foreign": sorted(times.foreign)}
    for name, value in whole.items():
        print(f"{name:18} {value}")
    print(json.dumps(whole))
    is_kept = all(results[name] <= most for name, most in LIMITS.items())
    return 0 if is_kept and results["frames"] >= FRAMES and not times.foreign else 1


if __name__ == "__main__":
    sys.exit(main())
