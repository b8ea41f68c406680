"""Numbers in the documents are generated, computed from the code, or named with their source."""

from __future__ import annotations

import re
from pathlib import Path

import documents
import pytest
from documents import ROOT
from figures import RECORDS, figures, in_blocks, known

_GENERATED = re.findall(
    r'^    "([a-z/-]+\.md)":', (ROOT / "docs" / "generate.py").read_text("utf-8"), re.M
)
FREE = ("docs/reference/", "docs/odd/", "CHANGELOG.md", "docs/changelog.md")
"""Reference by hand, formats and history: they define numbers and quote none."""

PAGES = [
    path
    for path in documents.documents()
    if documents.name(path).removeprefix("docs/") not in _GENERATED
    and not documents.name(path).startswith(FREE)
    and documents.name(path) not in RECORDS
]


@pytest.mark.parametrize("path", PAGES, ids=documents.name)
def test_no_figure_is_typed_without_what_holds_it(path: Path) -> None:
    held = known().get(documents.name(path), {})
    loose = {one for one in figures(path) if one not in held and not in_blocks(path, one)}
    assert loose == set(), "generate it, or enter in tests/docs/figures.py where it comes from"


def test_every_entry_is_needed() -> None:
    for name, held in known().items():
        assert set(held) <= set(figures(ROOT / name)), name


def test_generated_pages_and_records_are_there() -> None:
    assert len(_GENERATED) > 10
    for name in (*(f"docs/{one}" for one in _GENERATED), *RECORDS):
        assert (ROOT / name).is_file()


def test_a_typed_figure_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("In 2022 the peak was 12,345 people, `7.5` or 0.25 of 90 %, in 8 runs.\n")
    assert figures(page) == ["12,345", "0.25", "8"]
