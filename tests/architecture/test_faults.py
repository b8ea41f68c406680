"""Every refusal of a user's file has a place: all raises of the readers are walked."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .source import MODULES, nodes

PLACED = {"CaseError", "Refusal", "RowError", "UnknownNameError", "MissingColumnError",
          "GeometryError", "refusal", "_unknown"}  # fmt: skip
"""What becomes a fault with file and line: ``Refusal`` by the reader of the cell or key, errors of
rows by the reader of the table, those of geometry by the reader of the feature."""

CAUGHT = {
    "steppe.case.units": {"ValueError"},
    "steppe.case.folder_edit": {"FileExistsError"},
    "steppe.case.load": {"TypeError"},
    "steppe.evidence.importers.boundaries": {"UnicodeDecodeError"},
    "steppe.evidence.importers.prices": {"ValueError"},
}
"""Others: all but one are caught in their own module; that of ``load`` is for callers in Python."""

READERS = [m for m in MODULES if m.startswith(("steppe.case.", "steppe.evidence.importers."))]


def raised(module: str) -> Iterator[str]:
    """Names of what a module raises; what it raises again has none."""
    for node in nodes(module):
        if isinstance(node, ast.Raise) and node.exc is not None:
            call = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            yield ast.unparse(call)


def faults(module: str) -> Iterator[list[ast.expr]]:
    """The arguments of every ``Fault`` that a module makes by hand."""
    for node in nodes(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Fault":
            yield node.args


def has_line(arguments: list[ast.expr]) -> bool:
    return not (isinstance(arguments[1], ast.Constant) and arguments[1].value == 0)


def test_readers_raise_what_becomes_a_fault_with_its_place() -> None:
    assert {m: names for m in READERS if (names := set(raised(m)) - PLACED)} == CAUGHT


def test_faults_of_a_case_have_a_line() -> None:
    made = [one for module in READERS if module.startswith("steppe.case") for one in faults(module)]
    assert [ast.unparse(one[0]) for one in made if not has_line(one)] == []


def test_a_fault_without_a_line_names_what_is_wrong() -> None:
    """The file as a whole, the folder, or the option: never nothing, but for an unpacked upload."""
    for module in MODULES:
        for one in faults(module):
            named = not isinstance(one[0], ast.Constant) or one[0].value
            assert named or module == "steppe.app.uploads", (module, one[0].lineno)
