"""No country is in the program but in the folder of its case: cases of others are not strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .source import ROOT

PACKAGE = ROOT / "src" / "steppe"
OWN = PACKAGE / "cases" / "kazakhstan-2022"
WORDS = re.compile(
    r"kazakh|russian|\blpg|csto|almaty|astana|nur-sultan|zhanaozen|tokayev|nazarbay|mangyst"
    r"|\btenge\b|\bKZT|\bKAZ\b",
    re.IGNORECASE,
)
CASE_ID = re.compile(r"\bkazakhstan-2022\b")
"""The name of the shipped case, in examples of commands and where it is the case of reference."""

PROVENANCE = re.compile(r"^\s*(?:sources?=|_ORDER_OF_MAGNITUDE =)")
"""Where a number is from: a parameter taken from a country names it, and so does its status."""

EXEMPT = {
    "case/format_1.py": "the columns of format 1",
    "model/sources.py": "where fitted defaults are from",
    "countries/facts.py": "codes of the states of a former federation, every one of them",
}
SUFFIXES = {".py", ".j2", ".yaml", ".html", ".css", ".js"}
"""Tables of all countries (``data/*.csv``) name every country."""


def files() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        built = "templates" in path.parts and path.suffix in {".js", ".css"}
        if path.suffix in SUFFIXES and OWN not in path.parents and not built:
            yield path


def strangers(text: str) -> list[str]:
    """Return the lines that speak of the country and do not say where a number is from."""
    lines = (line for line in text.splitlines() if not PROVENANCE.match(line))
    return [line.strip() for line in lines if WORDS.search(CASE_ID.sub("", line))]


def test_no_country_is_in_the_program() -> None:
    found_in = {}
    for path in files():
        name = path.relative_to(PACKAGE).as_posix()
        lines = strangers(path.read_text(encoding="utf-8"))
        if name in EXEMPT:
            assert lines, f"{name} needs no exemption any more"
        elif lines:
            found_in[name] = lines
    assert found_in == {}


def test_a_parameter_from_a_country_says_so() -> None:
    """A number measured in one country is no measurement of another."""
    from steppe.model.ledger import ledger

    for entry in ledger():
        if WORDS.search(entry.info.source):
            assert entry.info.status in ("transferred", "assumed", "calibrated"), entry.info


def test_the_check_can_fail() -> None:
    assert strangers("share_russian: Share") == ["share_russian: Share"]
    assert strangers("  steppe run kazakhstan-2022 --seeds 4") == []
    assert strangers('        source="Kazakhstan 2022: 23 to 7 h",') == []
    assert len(list(files())) > 400
