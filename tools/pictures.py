"""The pictures of the README, taken from a real report and the real app.

``python tools/pictures.py`` simulates what the pictures show, in a folder that is removed but for
runs in the store that STEPPE_STORE names, writes the report, starts the app, and photographs both
in Chromium, light and dark. It needs the extra ``dev`` and Chromium, and takes a minute or two.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
STEPPE = [sys.executable, "-m", "steppe"]
VIEWS = {"report": (800, 1000, 1.5), "app": (1400, 1130, 1.0)}
"""Width and height of each picture in points, and pixels for a point."""

SEEDS = "20"


def report(folder: Path) -> str:
    """Return the address of the report of the reference case, made in ``folder``."""
    page = folder / "report.html"
    command = [*STEPPE, "run", "kazakhstan-2022", "--seeds", SEEDS, "--report", page.name]
    subprocess.run(command, check=True, cwd=folder)
    return page.as_uri()


@contextmanager
def app(folder: Path) -> Iterator[str]:
    """Serve the app from ``folder`` and yield its address, when it has what is looked at."""
    pair = ["pair", "kazakhstan-2022", "no-blackout", "--seeds", SEEDS]
    subprocess.run([*STEPPE, *pair], check=True, cwd=folder)
    command = [*STEPPE, "app", "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)
    try:
        assert server.stdout is not None
        links = (re.search(r"http://\S+", line) for line in server.stdout)
        yield next(link[0] for link in links if link)
    finally:
        server.terminate()
        server.wait()


def photograph(address: str, name: str) -> None:
    """Save the first screen of ``address`` as light and dark picture."""
    width, height, scale = VIEWS[name]
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=scale
        )
        page.goto(address, timeout=120_000)  # once: the link of the app holds for one visit
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(5_000)
            page.screenshot(path=IMAGES / f"{name}-{scheme}.png")
        browser.close()


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        photograph(report(folder), "report")
        with app(folder) as address:
            photograph(address, "app")


if __name__ == "__main__":
    main()
