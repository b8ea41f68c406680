"""A page as a notebook: its text and its Python blocks as cells, in their order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

FENCE = re.compile(r"^```python\n(?P<body>.*?)^```\n", re.M | re.S)
SITE_ONLY = re.compile(r"^(?:```|:::)\{[\w-]+\}.*?^(?:```|:::)\n", re.M | re.S)
DOWNLOAD = re.compile(r"^.*\{download\}.*\n", re.M)
"""Directives of the site, which a notebook cannot show."""


def notebook(page: str) -> str:
    """Return the notebook of ``page``, Markdown with Python blocks, as JSON (nbformat 4.5)."""
    cells = [_cell(kind, text, at) for at, (kind, text) in enumerate(_parts(page))]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1) + "\n"


def _parts(page: str) -> Iterator[tuple[str, str]]:
    page = DOWNLOAD.sub("", SITE_ONLY.sub("", page))
    end = 0
    for match in FENCE.finditer(page):
        yield "markdown", page[end : match.start()]
        yield "code", match["body"]
        end = match.end()
    yield "markdown", page[end:]


def _cell(kind: str, text: str, at: int) -> dict[str, object]:
    lines = text.strip().splitlines(keepends=True)
    cell: dict[str, object] = {"cell_type": kind, "id": f"cell-{at}", "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": lines}
