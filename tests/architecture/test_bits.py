"""Nothing that decides state may depend on the machine: no library exponentials, no hidden draws.

Library functions such as exp or pow give other last bits on other processors; linear algebra sums
in an order of its own; generators with state depend on who asked before.
"""

from __future__ import annotations

import ast

import pytest

from .source import MODULES, imports, in_packages, nodes, tree

DECIDING = in_packages("core", "model", "population", "engine", "toys")
EXACT = {"ldexp", "frexp", "floor", "ceil", "sqrt", "fsum", "isfinite", "isnan", "inf", "nan", "pi"}
INEXACT = {
    "acos", "acosh", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh",
    "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "dist", "erf", "erfc", "exp",
    "exp2", "expm1", "float_power", "gamma", "hypot", "i0", "lgamma", "log", "log10", "log1p",
    "log2", "logaddexp", "logaddexp2", "pow", "power", "sin", "sinc", "sinh", "sumprod", "tan",
    "tanh", "dot", "vdot", "inner", "outer", "matmul", "tensordot", "einsum", "linalg", "fft",
    "convolve", "correlate", "corrcoef", "cov", "polyfit", "interp", "random",
}  # fmt: skip
LIBRARIES = {"math", "np", "numpy", "cmath", "numba"}
HIDDEN_STATE = {"random", "secrets", "uuid", "time", "locale", "scipy", "cmath", "statistics"}


def library_calls(syntax: ast.AST) -> list[str]:
    """Inexact library functions, matrix products and powers in ``syntax``."""
    found = []
    for node in ast.walk(syntax):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner, name = node.value.id, node.attr
            known = owner in ("math", "cmath") and name not in EXACT
            if owner in LIBRARIES and (known or name in INEXACT):
                found.append(f"{owner}.{name}, line {node.lineno}")
        if isinstance(node, ast.Attribute) and node.attr == "dot":
            found.append(f".dot, line {node.lineno}")
        if isinstance(node, ast.ImportFrom) and node.module in LIBRARIES:
            bad = [a.name for a in node.names if a.name in INEXACT]
            found += [f"{node.module}.{name}, line {node.lineno}" for name in bad]
        if isinstance(node, ast.BinOp | ast.AugAssign):
            whole = isinstance(node, ast.BinOp) and all(
                isinstance(side, ast.Constant) and isinstance(side.value, int)
                for side in (node.left, node.right)
            )
            if isinstance(node.op, ast.MatMult) or (isinstance(node.op, ast.Pow) and not whole):
                found.append(f"{type(node.op).__name__}, line {node.lineno}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "pow":
            found.append(f"pow, line {node.lineno}")
    return found


def test_no_library_function_whose_bits_differ_between_machines() -> None:
    assert [(module, call) for module in DECIDING for call in library_calls(tree(module))] == []


@pytest.mark.parametrize(
    "code",
    [
        "np.exp(x)", "math.log(x)", "math.tanh(x)", "np.power(x, y)", "x ** 0.5", "x **= y",
        "a @ b", "a.dot(b)", "np.random.rand()", "from math import exp", "np.linalg.norm(x)",
        "pow(x, y)", "math.comb(3, 2)",
    ],
)  # fmt: skip
def test_the_check_finds(code: str) -> None:
    assert library_calls(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "np.ldexp(x, k)", "math.ldexp(x, k)", "math.frexp(x)", "math.floor(x)", "math.sqrt(x)",
        "math.fsum(x)", "np.sqrt(x)", "2**32", "exp(x)", "log_array(x)", "np.floor(x)",
    ],
)  # fmt: skip
def test_the_check_allows(code: str) -> None:
    assert library_calls(ast.parse(code)) == []


def package_may_measure(module: str) -> bool:
    """The engines report how long a run took; nothing else may look at a watch."""
    return module in ("steppe.engine.run", "steppe.engine.cohort_run")


def test_no_hidden_state_where_state_is_decided() -> None:
    for module in DECIDING:
        roots = {name.split(".")[0] for name in imports(module)}
        timed = {"time"} if package_may_measure(module) else set()
        assert not roots & HIDDEN_STATE - timed, module


def generators(module: str) -> set[str]:
    """What a module names of the generators with state of Python and numpy."""
    names = imports(module) & {"random", "numpy.random"}
    for node in nodes(module):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names |= {f"{node.value.id}.{node.attr}"} & {"np.random", "numpy.random"}
        if isinstance(node, ast.ImportFrom) and node.module == "numpy":
            names |= {alias.name for alias in node.names} & {"random"}
    return names


def test_no_generator_with_state_anywhere() -> None:
    assert {module: names for module in MODULES if (names := generators(module))} == {}


def test_no_fast_math() -> None:
    for module in MODULES:
        for node in nodes(module):
            if isinstance(node, ast.keyword) and node.arg == "fastmath":
                assert isinstance(node.value, ast.Constant), module
                assert node.value.value is False, module
