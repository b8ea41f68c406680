"""Colours: readable in both themes, and apart for readers who see fewer of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

STYLE = (resources.files("steppe.report") / "assets" / "report.css").read_text(encoding="utf-8")
WEB = Path(__file__).parents[2] / "web"

# Machado, Oliveira and Fernandes 2009, severity 1: protanopia, deuteranopia, tritanopia.
SEEN = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}  # fmt: skip


def themes() -> dict[str, dict[str, str]]:
    light = re.search(r":root\{(.*?)\}", STYLE)
    dark = re.search(r":root\[data-theme=\"?dark\"?\]\{(.*?)\}", STYLE)
    assert light
    assert dark
    rules = {"light": light[1], "dark": dark[1]}
    return {name: dict(re.findall(r"--([\w-]+):\s*([^;}]+)", text)) for name, text in rules.items()}


def linear(colour: str) -> np.ndarray:
    text = colour.strip().lstrip("#")
    text = "".join(c * 2 for c in text) if len(text) == 3 else text
    values = np.array([int(text[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ np.clip(rgb, 0, 1) / (0.9505, 1.0, 1.089)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sunk"])
def test_text_reaches_contrast_aa(theme: str, ground: str) -> None:
    tokens = themes()[theme]
    for name in ("ink", "soft", "sim", "obs", "met", "near", "missed", "untested", "violet"):
        assert contrast(tokens[name], tokens[ground]) >= 4.5, name


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["protan", "deutan", "tritan"])
def test_simulated_and_observed_stay_apart(theme: str, kind: str) -> None:
    tokens = themes()[theme]
    one, other = (lab(np.array(SEEN[kind]) @ linear(tokens[name])) for name in ("sim", "obs"))
    assert np.linalg.norm(one - other) > 25


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("hue", ["w", "c"])
@pytest.mark.parametrize("kind", [*SEEN])
def test_map_classes_are_ordered_for_every_eye(theme: str, hue: str, kind: str) -> None:
    tokens = themes()[theme]
    steps = [lab(np.array(SEEN[kind]) @ linear(tokens[f"{hue}{i}"]))[0] for i in range(7)]
    direction = -1 if theme == "light" else 1
    assert (direction * np.diff(steps) > 3).all(), steps


def test_bundle_is_what_the_sources_give() -> None:
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules").is_dir():
        pytest.skip("needs Node and `npm ci` in web/")
    done = subprocess.run(
        [node, "build.mjs", "--check"], cwd=WEB, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_bundled_package_has_its_licence() -> None:
    text = (resources.files("steppe.report") / "assets" / "THIRD_PARTY.txt").read_text("utf-8")
    for name in ("d3-array", "d3-geo", "d3-scale", "d3-selection", "d3-shape"):
        assert re.search(rf"^{name} \d+\.\d+\.\d+ \(ISC\)$", text, flags=re.M)
    assert text.count("Copyright") >= 5
