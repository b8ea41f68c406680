"""The pages for maintainers name what there is: files, packages, words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from documents import ROOT

import steppe
from steppe import testing

SOURCE = ROOT / "src" / "steppe"
PACKAGES = {path.parent.name for path in SOURCE.glob("*/__init__.py")} - {"cases"}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/explanation/architecture.md"])
def test_every_file_named_is_there(name: str) -> None:
    words = re.findall(r"`([\w./-]+\.(?:py|md|yaml)|[\w-]+/[\w/]*)`", (ROOT / name).read_text())
    folders = ("", "model/mechanisms", "commands", "report", "app", "evidence/importers")
    places = (ROOT, *(SOURCE / folder for folder in folders))
    others = re.compile(r"(examples|interface|views_frames\w*)/|(protocols|__init__|SOURCES)\.")
    missing = [
        word
        for word in words
        if not others.match(word) and not any((place / word).exists() for place in places)
    ]
    assert len(words) > 15
    assert missing == []


def test_every_function_that_a_walk_passes_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    walks = text[text.index("## Five walks") : text.index("| | steppe |")]
    passed = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", walks))
    code = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
    assert len(passed) > 10
    assert {name for name in passed if f"def {name}(" not in code} == set()


def test_the_drawing_has_every_package_and_every_line_leads_down() -> None:
    root = ElementTree.parse(ROOT / "docs" / "images" / "packages.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    names = {t.text for t in root.iter(f"{space}text") if t.get("class") == "name"}
    assert names == PACKAGES
    lines = [p.get("d", "") for p in root.iter(f"{space}path")]
    assert len(lines) >= len(PACKAGES) - 1
    for line in lines:
        numbers = [float(value) for value in re.findall(r"[\d.]+", line)]
        assert numbers[1] < numbers[-1]


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    text = (ROOT / "docs" / "reference" / "glossary.md").read_text()
    words = re.findall(r"^(\S.*)\n: ", text, re.M)
    assert words == sorted(set(words))
    assert {"baseline", "counterfactual", "draw", "random number", "seed", "outcome"} <= set(words)


def test_the_reference_of_python_has_every_public_name() -> None:
    text = (ROOT / "docs" / "reference" / "api.md").read_text()
    named = set(re.findall(r"auto(?:function|class):: steppe\.(\w+)$", text, re.M))
    assert named == set(steppe.__all__) - {"__version__"}
    assert "automodule:: steppe.testing" in text
    assert all(getattr(testing, name).__doc__ for name in testing.__all__)
