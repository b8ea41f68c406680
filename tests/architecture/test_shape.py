"""Small files, small functions, a docstring on every door, and nothing about where it was made."""

from __future__ import annotations

import ast
import subprocess

import pytest

from steppe.model.ledger import ledger

from .source import MODULES, PATHS, ROOT, nodes, text, tree

MOST_LINES = 420
MOST_LINES_OF_A_FUNCTION = 62
# put together here so that this file does not contain them
FORBIDDEN = ["/wo" + "rk/", "sha" + "red/", "work" + "place"]
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".ts", ".js", ".css", ".html", ".cfg"}


@pytest.mark.parametrize("module", MODULES)
def test_files_are_small(module: str) -> None:
    assert len(text(module).splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", MODULES)
def test_functions_are_small(module: str) -> None:
    large = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert large == []


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(tree(module)), PATHS[module]


def public(syntax: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [n for n in syntax.body if isinstance(n, kinds) and not n.name.startswith("_")]


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_and_class_says_what_it_is(module: str) -> None:
    assert [n.name for n in public(tree(module)) if not ast.get_docstring(n)] == []


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_left_to_do(module: str) -> None:
    words = ["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]
    assert [word for word in words if word in text(module)] == []


@pytest.mark.parametrize("module", [m for m in MODULES if not f"{m}.".startswith("steppe.cli.")])
def test_only_the_command_line_prints(module: str) -> None:
    calls = [n.func for n in nodes(module) if isinstance(n, ast.Call)]
    assert not any(isinstance(f, ast.Name) and f.id == "print" for f in calls)


def files_of_the_repository() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_no_file_names_the_place_where_it_was_made() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    found = []
    for name in files_of_the_repository():
        path = ROOT / name
        if path.suffix in TEXT and path.is_file() and "node_modules" not in path.parts:
            content = path.read_text(encoding="utf-8")
            found += [f"{name}: {word}" for word in FORBIDDEN if word in content]
    assert found == []


def test_no_parameter_is_idle() -> None:
    # A number that nothing reads would be a knob without a wire.
    read = {
        node.attr for module in MODULES for node in nodes(module) if isinstance(node, ast.Attribute)
    }
    idle = [f"{e.role}.{e.info.name}" for e in ledger() if e.info.name not in read]
    assert idle == []
