"""What the site adds to Sphinx: pages are run, failures named, the search checked."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from documents import ROOT

EXTENSION = ROOT / "docs" / "extension"


def load_module(name: str) -> ModuleType:
    """Load one module of the extension without Sphinx."""
    spec = importlib.util.spec_from_file_location(f"site_{name}", EXTENSION / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_blocks_share_names_and_print(tmp_path: Path) -> None:
    execute = load_module("execute")
    outputs = execute.outputs_of("page", ["a = 2\nprint('x')", "a * 21"], tmp_path, "p")
    assert [one.text for one in outputs] == ["x", "42"]


def test_output_is_kept_until_code_or_program_changes(tmp_path: Path) -> None:
    execute = load_module("execute")
    block = f"from pathlib import Path\nprint(Path(r'{tmp_path / 'count'}').read_text())"
    (tmp_path / "count").write_text("first")
    assert execute.outputs_of("page", [block], tmp_path, "p")[0].text == "first"
    (tmp_path / "count").write_text("second")
    assert execute.outputs_of("page", [block], tmp_path, "p")[0].text == "first"
    assert execute.outputs_of("page", [block], tmp_path, "q")[0].text == "second"


def test_a_block_that_fails_is_named_with_its_line(tmp_path: Path) -> None:
    execute = load_module("execute")
    with pytest.raises(execute.PageError, match=r"page, block 2: .*nonsense.*line 2 of page"):
        execute.outputs_of("page", ["a = 1", "b = a\nnonsense()"], tmp_path, "p")


def test_a_page_becomes_a_notebook() -> None:
    site_only = ":::{admonition} on the site\nonly\n:::\n"
    page = f"# Title\n\ntext\n\n```python\nx = 1\n```\n\n{site_only}\nend\n"
    cells = json.loads(load_module("notebook").notebook(page))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code", "markdown"]
    assert "".join(cells[1]["source"]) == "x = 1"
    assert "only" not in "".join(cells[2]["source"])


def test_a_word_that_is_in_no_page_is_missing() -> None:
    pytest.importorskip("sphinx")
    search = load_module("search_words")
    index = 'Search.setIndex({"terms": {"glossari": [1], "empti": []}, "titleterms": {"cite": 2}})'
    assert search.missing_words(index, ["Glossary", "cite", "empty", "Jupyter"]) == [
        "empty",
        "Jupyter",
    ]
