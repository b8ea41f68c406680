"""Hand-written text that may quote facts of the code: parts of the protocol, whole pages.

``{{name}}`` stands for a fact of ``generator.case``, ``{{role.name}}`` for a parameter with its
unit. A name that the code does not know stops the generator, so text cannot outlive what it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from generator.case import facts, parameter

DOCS = Path(__file__).resolve().parent.parent
FOLDER = DOCS / "odd"
"""Where the parts of the protocol lie."""
_QUOTE = re.compile(r"\{\{([^{}]+)\}\}")


def fragment(name: str) -> str:
    """Return the text of ``docs/odd/<name>.md`` with what it quotes filled in."""
    return fill("odd", name, facts())


def fill(folder: str, name: str, values: Mapping[str, str]) -> str:
    """Return the text of ``docs/<folder>/<name>.md`` with ``values`` and parameters filled in."""
    path = DOCS / folder / f"{name}.md"

    def quoted(found: re.Match[str]) -> str:
        key = found[1].strip()
        try:
            return parameter(key) if "." in key else values[key]
        except KeyError:
            text = f"docs/{folder}/{name}.md: the code knows no {{{{{key}}}}}"
            raise ValueError(text) from None

    return _QUOTE.sub(quoted, path.read_text(encoding="utf-8")).strip() + "\n"
