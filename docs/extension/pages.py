"""Sphinx hooks: outputs below the blocks of pages that are run, notebooks, words search finds."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

from extension.execute import Output, PageError, outputs_of, program_hash
from extension.notebook import notebook
from extension.search_words import missing_words

OUTPUTS = "_build/outputs"
"""Under the folder of the pages, as Sphinx takes images from there alone."""

BLOCK = re.compile(r"^```python\n(?P<body>.*?)^```\n", re.M | re.S)
FIGURE = re.compile(r"<!-- figure: (?P<page>[\w/-]+) (?P<at>\d+)(?: (?P<link>[\w/-]+\.md))? -->")
"""A figure of another page, by the number of its block, with a link to follow if there is one."""

LOGGER = logging.getLogger(__name__)


def blocks_of(text: str) -> list[str]:
    """Return the Python blocks of a page in their order."""
    return [match["body"] for match in BLOCK.finditer(text)]


def is_run(app: Sphinx, page: str) -> bool:
    """Say whether the blocks of ``page`` are run when the site is built."""
    return any(fnmatch(page, pattern) for pattern in app.config.run_pages)


def _outputs(app: Sphinx, page: str, text: str) -> list[Output]:
    if not hasattr(app, "program_hash"):
        app.program_hash = program_hash()
    folder = Path(app.srcdir) / OUTPUTS
    try:
        return outputs_of(page, blocks_of(text), folder, app.program_hash)
    except PageError as error:
        raise ExtensionError(str(error)) from error


def show_outputs(app: Sphinx, page: str, source: list[str]) -> None:
    """Put what a page's blocks print and draw below them, and figures where they are named."""
    if is_run(app, page):
        outputs = iter(_outputs(app, page, source[0]))
        source[0] = BLOCK.sub(lambda match: match[0] + _below(next(outputs)), source[0])
    source[0] = FIGURE.sub(lambda match: _figure(app, match), source[0])


def _below(output: Output) -> str:
    text = f"\n```{{code-block}} text\n:class: output\n\n{output.text}\n```\n"
    parts = [text] if output.text else []
    return "".join([*parts, f"\n{_image(output)}\n"] if output.image else parts)


def _image(output: Output) -> str:
    return f"![{output.alt}](/{OUTPUTS}/{output.image})"


def _figure(app: Sphinx, match: re.Match[str]) -> str:
    page, at, link = match["page"], int(match["at"]), match["link"]
    text = (Path(app.srcdir) / f"{page}.md").read_text(encoding="utf-8")
    output = _outputs(app, page, text)[at - 1]
    return f"[{_image(output)}]({link})" if link else _image(output)


def write_notebooks(app: Sphinx) -> None:
    """Write a notebook for each lesson, to be downloaded from its page."""
    folder = Path(app.srcdir) / "_build" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    for page in sorted((Path(app.srcdir) / "teaching").glob("lesson-*.md")):
        (folder / f"{page.stem}.ipynb").write_text(notebook(page.read_text(encoding="utf-8")))


def check_search(app: Sphinx, error: Exception | None) -> None:
    """Warn of words that a reader may type and the search of the site would not find."""
    if error or app.builder.name != "html":
        return
    index = (Path(app.outdir) / "searchindex.js").read_text(encoding="utf-8")
    for word in missing_words(index, app.config.search_words):
        LOGGER.warning("search does not find %r", word)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks and their settings."""
    app.add_config_value("run_pages", [], "env")
    app.add_config_value("search_words", [], "")
    app.connect("builder-inited", write_notebooks)
    app.connect("source-read", show_outputs)
    app.connect("build-finished", check_search)
    return {"parallel_read_safe": False}
