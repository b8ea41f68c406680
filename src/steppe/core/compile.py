"""From one rule written in plain Python to machine code, without touching the rule.

``compiled`` takes a function and compiles it together with every function of this package, and
of the function's own file, that it calls by name. The plain function stays what it was and serves
as the slow reference. The name ``prange`` in the function's module means ``range`` in plain Python
and a parallel loop when compiled with ``parallel=True``.

Machine code is cached on disk across processes, in a folder named by the content of the
packages that hold rules: a changed rule can never be served by old code. Functions from outside
the package are kept only as parts of the loops they are bound into.
"""

from __future__ import annotations

import dis
import functools
import hashlib
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parent.parent
_COMPILED = ("core", "model", "population", "engine", "toys")
"""Packages that hold rules and loops; a change in any of them makes new machine code."""


@functools.cache
def source_hash() -> str:
    """Return a hash of every Python file that can reach machine code, in order of their names."""
    digest = hashlib.sha256()
    for path in sorted(p for name in _COMPILED for p in (_PACKAGE / name).rglob("*.py")):
        digest.update(str(path.relative_to(_PACKAGE)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder of the machine code of this version of the package."""
    from steppe.core.cache import cache_root

    return cache_root() / "kernels" / source_hash()


def is_cached() -> bool:
    """Tell whether machine code for this version of the package lies on disk already."""
    folder = cache_folder()
    return folder.is_dir() and any(folder.rglob("*.nbc"))


@functools.cache
def _numba() -> Any:
    import numba

    numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]
    return numba


def _ours(function: Callable[..., Any]) -> bool:
    return function.__module__.startswith("steppe.")


ALLOCATORS = frozenset({"arange", "copy", "empty", "full", "ones", "zeros"})
"""Names by which a compiled function of this package asks for memory."""


def _allocates(function: types.FunctionType) -> bool:
    return not ALLOCATORS.isdisjoint(function.__code__.co_names)


def _globals_read(function: types.FunctionType) -> list[str]:
    """Return the global names a function reads, without the attributes that look like them."""
    loads = [i for i in dis.get_instructions(function) if i.opname == "LOAD_GLOBAL"]
    return sorted({str(i.argval) for i in loads})


_INSTEAD: dict[Callable[..., Any], Callable[..., Any]] = {}


def instead_of(slow: Function) -> Callable[[Function], Function]:
    """Let machine code call the function below instead of ``slow``: the same to the last bit."""

    def register(fast: Function) -> Function:
        _INSTEAD[slow] = fast
        return fast

    return register


Binding = tuple[tuple[str, Callable[..., Any]], ...]
"""Names of functions that a loop calls, each with the rule that shall play the part."""


@functools.cache
def _variant(bind: Binding) -> str:
    """Return a short name for rules bound in, under which what calls them is cached.

    A rule from outside the package counts with the content of its file, read once.
    """
    if not bind:
        return ""
    digest = hashlib.sha256()
    for name, rule in bind:
        digest.update(f"{name}={rule.__module__}.{rule.__qualname__}\n".encode())
        file = Path(rule.__code__.co_filename)
        if not _ours(rule) and file.is_file():
            digest.update(file.read_bytes())
    return f"-{digest.hexdigest()[:12]}"


@functools.cache
def compiled(function: Callable[..., Any], *, parallel: bool = False, bind: Binding = ()) -> Any:
    """Return ``function`` as machine code, compiled for its argument types on first call.

    ``bind`` replaces functions called by name, here and in every function called from here, so
    that rival rules are fused into the same loop. What a rule itself calls is left as it is.
    """
    return _built(function, parallel, _needed(function, bind), False)


@functools.cache
def _calls(function: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Return the functions that become machine code with this one, by the names it calls them."""
    assert isinstance(function, types.FunctionType)
    calls = {}
    for name in _globals_read(function):
        value = function.__globals__.get(name)
        if isinstance(value, types.FunctionType) and (
            _ours(value) or value.__module__ == function.__module__
        ):
            calls[name] = _INSTEAD.get(value, value)
    return calls


@functools.cache
def _needed(function: Callable[..., Any], bind: Binding) -> Binding:
    """Return the part of ``bind`` that the function, or one called from it, calls by name.

    What calls no bound rule is compiled once, whatever the rules. Not so beside a rule from outside
    the package: types of its own reach all that it is bound into, and where its file is not at
    hand, machine code kept with them cannot be read.
    """
    assert isinstance(function, types.FunctionType)
    rules = dict(bind)
    if not all(map(_ours, rules.values())):
        return bind
    names = rules.keys() & set(_globals_read(function))
    for name, value in _calls(function).items():
        if name not in rules:
            names |= dict(_needed(value, bind)).keys()
    return tuple(one for one in bind if one[0] in names)


def _fuse(function: types.FunctionType, bind: Binding) -> types.FunctionType:
    """Return a copy of ``function`` that calls machine code, and the rules bound to a name."""
    rules, calls = dict(bind), _calls(function)
    scope = dict(function.__globals__)
    for name in _globals_read(function):
        if name in rules:
            scope[name] = _built(rules[name], False, (), True)
        elif name in calls:
            scope[name] = _built(calls[name], False, _needed(calls[name], bind), True)
    copy = types.FunctionType(
        function.__code__, scope, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__module__ = function.__module__
    return copy


@functools.cache
def _built(function: Callable[..., Any], parallel: bool, bind: Binding, inside: bool) -> Any:
    """Compile a loop, or what is called ``inside`` one: left to itself LLVM calls what is long.

    Arrays need counts of references only where memory is allocated; to keep them elsewhere was a
    fifth of the time of a history by cohorts.
    """
    numba = _numba()
    assert isinstance(function, types.FunctionType)
    copy = _fuse(function, bind)
    if "prange" in copy.__globals__ and parallel:
        copy.__globals__["prange"] = numba.prange
    copy.__qualname__ = function.__qualname__ + ("-part" if inside else "") + _variant(bind)
    make = numba.njit(
        cache=_ours(function), nogil=True, parallel=parallel, error_model="numpy",
        forceinline=inside, _nrt=parallel or not _ours(function) or _allocates(function),
    )  # fmt: skip
    return make(copy)


def set_threads(threads: int | None) -> int:
    """Use ``threads`` threads in compiled loops (all available if None); return the number."""
    numba = _numba()
    most = int(numba.config.NUMBA_NUM_THREADS)
    wanted = most if threads is None else max(1, min(threads, most))
    numba.set_num_threads(wanted)
    return wanted
