"""The package's source as text and syntax trees."""

from __future__ import annotations

import ast
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


def _loaded(syntax: ast.AST) -> list[ast.AST]:
    """Nodes that run while a module is loaded: not those in functions or for type checkers."""
    found: list[ast.AST] = []
    for node in ast.iter_child_nodes(syntax):
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        checked = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not (lazy or checked):
            found += [node, *_loaded(node)]
    return found


def imports(
    module: str, syntax: ast.Module | None = None, *, loading_only: bool = False
) -> set[str]:
    """Every module named by an import: anywhere, or only where loading the module runs it."""
    found: set[str] = set()
    walked = nodes(module) if syntax is None else tuple(ast.walk(syntax))
    for node in _loaded(syntax or tree(module)) if loading_only else walked:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            deeper = {f"{node.module}.{alias.name}" for alias in node.names} & set(PATHS)
            if node.module == "steppe":
                found |= {f"steppe.{alias.name}" for alias in node.names}
            else:
                found |= deeper or {node.module}
    return found


def in_packages(*packages: str) -> tuple[str, ...]:
    """Modules of the given parts of steppe."""
    return tuple(m for m in MODULES if any(f"{m}.".startswith(f"steppe.{p}.") for p in packages))
