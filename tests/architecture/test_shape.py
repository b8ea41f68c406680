"""Small files, small functions, a docstring on every door, and nothing about where it was made."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable

import pytest

from steppe.model.ledger import ledger

from .caps import assert_capped
from .source import MODULES, ROOT, nodes, text, tree

MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40
MOST_ARGUMENTS = 5
Function = ast.FunctionDef | ast.AsyncFunctionDef
# put together here so that this file does not contain them
FORBIDDEN = ["/wo" + "rk/", "sha" + "red/", "work" + "place"]
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".ts", ".js", ".css", ".html", ".cfg"}


def own_lines(function: Function) -> int:
    """The lines of a function without signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def arguments(function: Function) -> int:
    """How many arguments a function takes, besides the object that it belongs to."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len(every) - (every[:1] != [] and every[0].arg in ("self", "cls"))


def functions(keep: Callable[[Function], bool]) -> list[str]:
    return [
        f"{module}.{node.name}"
        for module in MODULES
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and keep(node)
    ]


def test_files_are_small() -> None:
    long = [module for module in MODULES if len(text(module).splitlines()) > MOST_LINES]
    assert_capped("long files", len(long), long)


def test_functions_are_small() -> None:
    long = functions(lambda f: own_lines(f) > MOST_LINES_OF_A_FUNCTION)
    assert_capped("long functions", len(long), long)


def test_functions_take_few_arguments() -> None:
    many = functions(lambda f: arguments(f) > MOST_ARGUMENTS)
    assert_capped("functions of many arguments", len(many), many)


def test_the_measures_of_a_function_are_those_stated() -> None:
    (function,) = ast.parse(
        'def f(\n    self, a, *, b\n):\n    """D.\n\n    E."""\n    x\n    y'
    ).body
    assert isinstance(function, ast.FunctionDef)
    assert own_lines(function) == 2
    assert arguments(function) == 2


def test_values_have_types() -> None:
    loose = [
        f"{module}: line {node.lineno}"
        for module in MODULES
        for node in nodes(module)
        if isinstance(node, ast.arg | ast.AnnAssign)
        and isinstance(node.annotation, ast.Name)
        and node.annotation.id == "Any"
    ]
    assert_capped("arguments and values of any type", len(loose), loose[:20])


def test_every_module_says_what_it_is() -> None:
    assert [module for module in MODULES if not ast.get_docstring(tree(module))] == []


def public(syntax: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [n for n in syntax.body if isinstance(n, kinds) and not n.name.startswith("_")]


def test_every_public_function_and_class_says_what_it_is() -> None:
    defined = [(module, n) for module in MODULES for n in public(tree(module))]
    assert [f"{module}.{n.name}" for module, n in defined if not ast.get_docstring(n)] == []


def test_nothing_is_left_to_do() -> None:
    words = ["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]
    # a file of a new case, for its author, is called so
    own = {module: text(module).replace(f"{words[0]}.md", "") for module in MODULES}
    assert [(module, word) for module in MODULES for word in words if word in own[module]] == []


def test_only_the_command_line_prints() -> None:
    calls = [(m, n.func) for m in MODULES for n in nodes(m) if isinstance(n, ast.Call)]
    printing = {m for m, f in calls if isinstance(f, ast.Name) and f.id == "print"}
    assert printing <= {"steppe.cli"}


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
