"""One language: the field's nouns and verbs as names, plain current English for those who read.

The counts of ``caps`` may only fall: whoever lowers one lowers its cap there too.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .caps import assert_capped
from .source import MODULES, ROOT, nodes

PARTICIPLES = {
    "asked", "chosen", "drawn", "found", "given", "held", "kept", "known", "led", "left", "lived",
    "made", "meant", "moved", "named", "parted", "put", "said", "seen", "shown", "taken", "told",
    "wanted", "weighed", "written",
}  # fmt: skip
"""Names that say what was done with something, not what it is."""
PRIVATE = {
    "alike", "bench", "cast", "crew", "desk", "freed", "hands", "kin", "lives", "looker", "ours",
    "seat", "theirs", "there", "together", "turn", "undisturbed", "witness",
}  # fmt: skip
"""Names that only this house had for things that have a name in the field."""
PAGES = {".html", ".j2", ".md"}
BANNED_TEXT = (
    "as it was less", "lived through", "orderly", "in the hand of", "undisturbed", "made anew",
    "held fast", "told apart by eye", "what was lived",
)  # fmt: skip
"""Turns of phrase that nobody uses outside; a baseline, a difference, a run are called so."""


def names_of(module: str) -> Iterator[str]:
    """Every name that a module gives to a function, class, argument or variable."""
    for node in nodes(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def banned(name: str) -> bool:
    return name.strip("_").lower() in PARTICIPLES | PRIVATE


def test_names_are_nouns_or_verbs() -> None:
    counts = Counter(name for m in MODULES for name in names_of(m) if banned(name))
    assert_capped("banned names", sum(counts.values()), counts.most_common(12))


def test_the_check_of_names_can_fail() -> None:
    assert banned("found")
    assert banned("_told")
    assert banned("crew")
    assert not banned("found_by")
    assert not banned("result")


def texts_of(module: str) -> Iterator[str]:
    """The strings of a module that are no docstrings."""
    documented = {
        id(node.body[0].value)
        for node in nodes(module)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(module):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documented:
            yield node.value


def foreign(text: str) -> list[str]:
    plain = " ".join(text.lower().split())
    return [words for words in BANNED_TEXT if re.search(rf"\b{re.escape(words)}\b", plain)]


def pages() -> list[Path]:
    """The documents, the templates of reports, and the sources of the app."""
    folders = (ROOT / "docs", ROOT / "src" / "steppe", ROOT / "web" / "app", ROOT / "web" / "src")
    scripts = [path for folder in folders[2:] for path in folder.rglob("*.js")]
    texts = [path for folder in folders for path in folder.rglob("*") if path.suffix in PAGES]
    return [path for path in [*texts, *scripts, ROOT / "README.md"] if "assets" not in path.parts]


def test_what_users_read_is_plain() -> None:
    wrong = [f"{m}: {words}" for m in MODULES for text in texts_of(m) for words in foreign(text)]
    for path in pages():
        content = path.read_text(encoding="utf-8")
        wrong += [f"{path.relative_to(ROOT)}: {words}" for words in foreign(content)]
    assert len(pages()) > 60
    assert_capped("texts", len(wrong), wrong)


def test_the_check_of_texts_can_fail() -> None:
    assert foreign("peak, as it was\nless changed") == ["as it was less"]
    assert foreign("an Orderly end") == ["orderly"]
    assert foreign("baseline minus counterfactual; disorderly") == []


def test_a_public_class_has_its_name_for_itself() -> None:
    homes: dict[str, list[str]] = {}
    for module in MODULES:
        for node in nodes(module):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(module)
    double = {name: where for name, where in homes.items() if len(where) > 1}
    assert_capped("classes of one name", len(double), double)
