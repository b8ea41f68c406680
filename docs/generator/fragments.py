"""Hand-written parts of the protocol: short Markdown files that may quote facts of the code.

``{{name}}`` stands for a fact of ``generator.case``, ``{{role.name}}`` for a parameter with its
unit. A name that the code does not know stops the generator, so text cannot outlive what it says.
"""

from __future__ import annotations

import re
from pathlib import Path

from generator.case import facts, parameter

FOLDER = Path(__file__).resolve().parent.parent / "odd"
_QUOTE = re.compile(r"\{\{([^{}]+)\}\}")


def fragment(name: str) -> str:
    """Return the text of ``docs/odd/<name>.md`` with what it quotes filled in."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    return _QUOTE.sub(lambda found: _quoted(name, found[1].strip()), text).strip() + "\n"


def _quoted(fragment: str, name: str) -> str:
    try:
        return parameter(name) if "." in name else facts()[name]
    except KeyError:
        raise ValueError(f"docs/odd/{fragment}.md: the code knows no {{{{{name}}}}}") from None
