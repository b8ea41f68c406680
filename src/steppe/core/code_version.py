"""A hash of the code that can change a number: syntax without comments, docstrings and layout.

Only modules that ``ROOT`` reaches by imports count, in the packages that decide state, and of the
rules those that a run plays; so neither a toy, a rival that it does not play nor a better comment
makes a stored run another run. Trees are walked by field names, which
newer versions of Python only add to, so that every version finds the same hash.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from steppe.core.cache import cache_root

_PACKAGE = Path(__file__).resolve().parent.parent
_DECIDING = ("core", "model", "population", "engine")
"""Packages whose code can change a bit of a result."""

ROOT = "engine.run"

LIST = "model.mechanisms"
"""The module that lists all rules; what it imports counts where something else names it."""

_ALONE = threading.Lock()
"""Held while code is read: Python 3.11 fails where two threads parse at once."""


@functools.cache
def code_version(roots: tuple[str, ...] = (ROOT,)) -> str:
    """Return the hash of the code that ``roots`` use, kept on disk under the bytes of the files."""
    files = _sources(_PACKAGE)
    content = (*roots, *(f"{name}\0{files[name]}" for name in files))
    stored = cache_root() / "versions" / _digest(content)
    with _ALONE:
        with suppress(OSError):
            return stored.read_text(encoding="ascii")
        version = version_of(files, roots)
        with suppress(OSError):  # a cache that cannot be written costs time and nothing else
            _write(stored, version)
    return version


def version_of(files: Mapping[str, str], roots: Iterable[str] = (ROOT,)) -> str:
    """Return the hash of the modules that ``roots`` reach in ``files``, texts by module name."""
    trees: dict[str, ast.Module] = {}
    waiting = list(roots)
    while waiting:
        module = waiting.pop()
        if module in files and module not in trees and module != LIST:
            trees[module] = ast.parse(files[module])
            waiting += _imports(trees[module])
    return _digest(part for name in sorted(trees) for part in (name, *_syntax(trees[name])))


def _sources(package: Path) -> dict[str, str]:
    """Return the text of every module of the deciding packages by its name below ``package``."""
    paths = sorted(path for name in _DECIDING for path in (package / name).rglob("*.py"))
    return {_module(path.relative_to(package)): path.read_text(encoding="utf-8") for path in paths}


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports from the package, the packages around it too."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")[1:] if name.startswith("steppe.") else []
            yield from (".".join(parts[: k + 1]) for k in range(len(parts)))


def _syntax(node: ast.AST) -> Iterator[str]:
    """Yield what a tree says, without docstrings; fields that are empty do not count."""
    yield type(node).__name__
    for name, value in ast.iter_fields(node):
        parts = value if isinstance(value, list) else [value]
        if name == "body":
            parts = [part for part in parts if not _is_text(part)]
        for part in parts:
            if isinstance(part, ast.AST):
                yield f"({name}"
                yield from _syntax(part)
                yield ")"
            elif part is not None:
                yield f"{name}={part!r}"


def _is_text(node: ast.AST) -> bool:
    """Return whether a statement is a string alone: a docstring, or one below an attribute."""
    constant = node.value if isinstance(node, ast.Expr) else None
    return isinstance(constant, ast.Constant) and isinstance(constant.value, str)


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def _write(path: Path, text: str) -> None:
    """Write ``text`` so that a reader finds the whole of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="ascii") as file:
        file.write(text)
    os.replace(file.name, path)
