"""The graph of imports: no circle, also of imports inside functions, and no long chain."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from .source import MODULES, imports_run

LONGEST_CHAIN = 17

BACK = {("steppe.case.scenario", "steppe.case.patch")}
"""The only imports that may point back, inside a function: ``Scenario.change``, a method that users
call, leads on to the module that knows how, and that module needs the class."""

Graph = Mapping[str, frozenset[str]]


def known(names: set[str], module: str) -> frozenset[str]:
    """The modules of ours among ``names``, without the packages that ``module`` lies in."""
    return frozenset(n for n in names & set(MODULES) if not f"{module}.".startswith(f"{n}."))


@cache
def graph(*, lazy: bool) -> Graph:
    """Which modules each module imports while it is loaded, or ever while code runs."""
    return {m: known(imports_run(m, loading_only=not lazy), m) for m in MODULES}


def circle(edges: Graph) -> list[str]:
    """A circle of modules that import one another; [] if there is none."""
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        for other in sorted(edges[module]) if module not in done else ():
            if back := visit(other, [*path, module]):
                return back
        done.add(module)
        return []

    return next((back for module in sorted(edges) if (back := visit(module, []))), [])


def longest(edges: Graph) -> list[str]:
    """The longest chain of imports; ``edges`` have no circle."""

    @cache
    def chain(module: str) -> tuple[str, ...]:
        return (
            module,
            *max((chain(other) for other in sorted(edges[module])), key=len, default=()),
        )

    return list(max((chain(module) for module in sorted(edges)), key=len))


def test_no_circle_of_imports_even_inside_functions() -> None:
    # Imports for type checkers may point back: a function may name the type of its caller's value.
    assert circle(graph(lazy=False)) == []
    whole = graph(lazy=True)
    assert all(other in whole[module] for module, other in BACK)
    forward = {m: frozenset(o for o in whole[m] if (m, o) not in BACK) for m in whole}
    assert circle(forward) == []


def test_no_long_chain_of_imports() -> None:
    chain = longest(graph(lazy=False))
    print(f"{len(chain)} modules: {' -> '.join(chain)}")
    assert len(chain) <= LONGEST_CHAIN, chain


def test_the_checks_of_the_graph_can_fail() -> None:
    edges = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("b")}
    assert circle(edges) == ["b", "c", "b"]
    assert longest({"a": frozenset("b"), "b": frozenset("c"), "c": frozenset()}) == ["a", "b", "c"]
