"""The package's source as text and syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "steppe"


def _name(path: Path) -> str:
    parts = ("steppe", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS: dict[str, Path] = {_name(path): path for path in sorted(SOURCE.rglob("*.py"))}
MODULES: tuple[str, ...] = tuple(PATHS)


@cache
def text(module: str) -> str:
    return PATHS[module].read_text(encoding="utf-8")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(text(module))


@cache
def nodes(module: str) -> tuple[ast.AST, ...]:
    """Every node of the module's syntax tree."""
    return tuple(ast.walk(tree(module)))


def _run(syntax: ast.AST, *, loading_only: bool) -> list[ast.AST]:
    """Nodes that run, while a module is loaded or ever: none that only a type checker reads."""
    found: list[ast.AST] = []
    for node in ast.iter_child_nodes(syntax):
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        checked = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not ((lazy and loading_only) or checked):
            found += [node, *_run(node, loading_only=loading_only)]
    return found


def _named(walked: Iterable[ast.AST]) -> set[str]:
    found: set[str] = set()
    for node in walked:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            deeper = {f"{node.module}.{alias.name}" for alias in node.names} & set(PATHS)
            if node.module == "steppe":
                found |= {f"steppe.{alias.name}" for alias in node.names}
            else:
                found |= deeper or {node.module}
    return found


def imports(module: str, syntax: ast.Module | None = None) -> set[str]:
    """Every module named by an import anywhere."""
    return _named(nodes(module) if syntax is None else ast.walk(syntax))


def imports_run(module: str, *, loading_only: bool) -> set[str]:
    """Every module that is imported while this one is loaded, or ever while its code runs."""
    return _named(_run(tree(module), loading_only=loading_only))


def in_packages(*packages: str) -> tuple[str, ...]:
    """Modules of the given parts of steppe."""
    return tuple(m for m in MODULES if any(f"{m}.".startswith(f"steppe.{p}.") for p in packages))
