"""The built files: what the sources give, with all licences, and colours every eye can order."""

from __future__ import annotations

import itertools
import re
from importlib import resources

import pytest

ASSETS = resources.files("steppe.app") / "assets"
STYLE = (ASSETS / "app.css").read_text(encoding="utf-8")


def luminance(colour: str) -> float:
    text = colour.strip().lstrip("#")
    text = "".join(c * 2 for c in text) if len(text) == 3 else text
    parts = [int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def tokens(theme: str) -> dict[str, str]:
    rules = re.findall(r":root(\[data-theme=\"?dark\"?\])?\{(.*?)\}", STYLE)
    found: dict[str, str] = {}
    for dark, text in rules:
        if bool(dark) == (theme == "dark") or not dark:
            found |= dict(re.findall(r"--([\w-]+):\s*([^;}]+)", text))
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_difference_is_ordered_by_brightness_from_its_middle(theme: str) -> None:
    # Orange and blue-violet differ for every kind of colour vision; brightness tells how much.
    steps = [luminance(tokens(theme)[f"g{i}"]) for i in range(7)]
    sign = -1 if theme == "light" else 1
    for arm in (steps[3::-1], steps[3:]):
        assert all(sign * (b - a) > 0.01 for a, b in itertools.pairwise(arm)), steps


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_histories_stand_out_from_the_page(theme: str) -> None:
    found = tokens(theme)
    ground = luminance(found["paper"])
    for name in ("sim", "var", "obs"):
        high, low = sorted((luminance(found[name]), ground), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, name


def test_every_bundled_package_has_its_licence() -> None:
    text = (ASSETS / "THIRD_PARTY.txt").read_text("utf-8")
    for name in ("d3-array", "d3-geo", "d3-scale", "d3-selection", "d3-shape"):
        assert re.search(rf"^{name} \d+\.\d+\.\d+ \(\w+\)$", text, flags=re.M), name
    assert text.count("Copyright") >= 5


def test_page_holds_no_inline_script_or_style_and_no_other_host() -> None:
    page = (ASSETS / "index.html").read_text("utf-8")
    assert not re.search(r"<style|style=|\son\w+=|javascript:", page)
    assert re.findall(r"<script(.*?)>", page) == [' src="/theme.js"', ' src="/app.js"']
    assert "//" not in re.sub(r"<!--.*?-->", "", page).replace("<!doctype html>", "")
    script = (ASSETS / "app.js").read_text("utf-8")
    assert set(re.findall(r"https?://[\w./-]+", script)) <= {
        "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace",
        "http://www.w3.org/2000/xmlns/",
    }  # fmt: skip
