"""A page taken apart: its charts with their data, and its tables."""

from __future__ import annotations

import json
import re
from typing import Any

FIGURE = re.compile(r'<figure data-chart="(\w+)">(.*?)</figure>', re.S)
DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.S)


def charts(page: str, kind: str) -> list[dict[str, Any]]:
    """Return the data of every chart of a kind, in the order of the page."""
    return [
        json.loads(DATA.findall(body)[0]) for name, body in FIGURE.findall(page) if name == kind
    ]


def page_data(page: str) -> dict[str, Any]:
    """Return the data of the page's own script."""
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.S)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row, without markup."""
    return [
        [
            re.sub(r"<.*?>", "", cell).strip()
            for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.S)
        ]
        for row in re.findall(r"<tr.*?>(.*?)</tr>", text, re.S)
    ]
