"""Packages import from those below them only; each module stands alone; the front door is light."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from .source import MODULES, ROOT, imports, imports_run, nodes

ORDER = (
    "core", "model", "case", "population", "countries", "results", "toys", "engine", "evidence",
    "study", "research", "plot", "report", "app", "testing", "commands", "cli", "__main__",
)  # fmt: skip
HEAVY = ("numba", "pandas", "xarray", "duckdb", "scipy")
NO_IMPORTS = {"cases"}  # data only


def package_of(module: str) -> str:
    """The part of steppe a module belongs to; '' for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_every_package_has_its_place_in_the_order() -> None:
    assert {package_of(m) for m in MODULES} - {""} <= set(ORDER) | NO_IMPORTS


def upward(module: str) -> set[str]:
    """What a module imports that lies above it in the order."""
    own = package_of(module)
    used = {name for name in imports(module) if name.split(".")[0] == "steppe"}
    if own in ("", *NO_IMPORTS):
        # The front door opens rooms by name when they are asked for; data imports nothing.
        return used
    # a package without a place is found above; here it counts as the highest
    allowed = set(ORDER[: ORDER.index(own) + 1]) if own in ORDER else {*ORDER, own}
    return {name for name in used - {"steppe.__version__"} if package_of(name) not in allowed}


def test_imports_point_down() -> None:
    assert {module: names for module in MODULES if (names := upward(module))} == {}


def test_no_star_and_no_relative_imports() -> None:
    for module in MODULES:
        for node in nodes(module):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, module
                assert all(alias.name != "*" for alias in node.names), module


def test_the_checks_see_imports_for_type_checkers() -> None:
    guarded = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import steppe.app.x\n"
    assert "steppe.app.x" in imports("", ast.parse(guarded))
    assert "steppe.core" in imports("", ast.parse("from steppe import core"))


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def loading(module: str) -> set[str]:
    """Modules of ours that ``module`` imports while it is being loaded."""
    graph: set[str] = set()
    for name in imports_run(module, loading_only=True):
        parts = name.split(".")
        known = [".".join(parts[: i + 1]) for i in range(len(parts))]
        graph |= {k for k in known[1:] if k in MODULES and not f"{module}.".startswith(f"{k}.")}
    return graph


def test_every_module_can_be_imported_first() -> None:
    # Without a circle of imports the order of imports cannot matter.
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for other in sorted(loading(module)):
                visit(other, (*path, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())
    python("\n".join(f"import {module}" for module in reversed(MODULES)))


def test_import_steppe_is_light() -> None:
    code = f"import sys, steppe; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert python(code).strip() == "[]"


@pytest.mark.parametrize("module", ["steppe.core.compile", "steppe.model.ledger"])
def test_the_model_can_be_read_without_heavy_libraries(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert python(code).strip() == "[]"


def test_public_names_lead_somewhere() -> None:
    code = "import steppe; print([n for n in steppe.__all__ if getattr(steppe, n) is None])"
    assert python(code).strip() == "[]"
    refused = "import steppe\ntry:\n    steppe.no_such\nexcept AttributeError as e:\n    print(e)"
    assert "no_such" in python(refused)
