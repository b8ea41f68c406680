"""A user's own rules: mechanisms written in Python files outside the package.

``FILE.py:NAME`` refers to the mechanism ``NAME`` of a file; ``FILE.py:NAME@PIN`` pins it to the
content that hashes to ``PIN``. A scenario only ever holds pinned references, so a changed file is
another scenario. Nothing of a file is run before ``CustomRules.mechanism`` is asked for it.

A file becomes a module named by its content, so that two processes, or two folders with the same
file, mean the same classes. It is one file: it may import what is installed, not its neighbors.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.abc
import importlib.util
import re
import sys
import traceback
import types
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from steppe.core.errors import CaseError, Fault, SteppeError, nearest

if TYPE_CHECKING:
    from steppe.model.mechanism import Mechanism

FORM = "FILE.py:NAME"
"""How a rule in a file is written."""

_REFERENCE = re.compile(r"(?P<file>.*\.py):(?P<name>[A-Za-z_]\w*)(@(?P<pin>[0-9a-f]{32}))?")
_PREFIX = "steppe_custom_"


@dataclass(frozen=True, slots=True)
class Reference:
    """What ``FILE.py:NAME`` or ``FILE.py:NAME@PIN`` says; ``pin`` is '' where none is given."""

    file: str
    name: str
    pin: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.name}" + (f"@{self.pin}" if self.pin else "")


def is_code(rule: object) -> bool:
    """Return whether ``rule`` is meant for Python code in a file and not for a rule by name."""
    return isinstance(rule, str) and (".py:" in rule or rule.endswith(".py"))


def parse(rule: str) -> Reference | None:
    """Return the reference written as ``rule``; None if it is not of the form."""
    found = _REFERENCE.fullmatch(rule)
    return Reference(found["file"], found["name"], found["pin"] or "") if found else None


def pin_of(text: str) -> str:
    """Return the hash that stands for the content of a file, the same with any line ends."""
    plain = text.replace("\r\n", "\n")
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class CustomRule:
    """The mechanism ``name`` of a file with content ``text``; two with one reference are equal.

    ``reference`` is pinned and has the bare name of the file: where it lies changes nothing.
    """

    reference: str
    name: str
    text: str = field(repr=False, compare=False)
    file: str = field(compare=False)

    @classmethod
    def of(cls, file: str, name: str, text: str) -> CustomRule:
        """Return the rule ``name`` of ``file``, whose content is ``text``."""
        return cls(str(Reference(PurePath(file).name, name, pin_of(text))), name, text, file)

    def mechanism(self) -> Mechanism:
        """Run the file, once in a process, and return the mechanism; ``CaseError`` says where.

        Held against what the engine relies on; see ``steppe.model.custom_contract``.
        """
        return _mechanism(self)


@dataclass(frozen=True, slots=True)
class CustomRules:
    """The rules from files that a scenario may name, sorted by reference; allowed to run."""

    rules: tuple[CustomRule, ...] = ()

    @classmethod
    def of(cls, *rules: CustomRule) -> CustomRules:
        """Return ``rules`` without repetitions."""
        found = {rule.reference: rule for rule in rules}
        return cls(tuple(found[reference] for reference in sorted(found)))

    def __bool__(self) -> bool:
        return bool(self.rules)

    def __contains__(self, reference: object) -> bool:
        return any(rule.reference == reference for rule in self.rules)

    def __or__(self, other: CustomRules) -> CustomRules:
        return self.of(*self.rules, *other.rules)

    def only(self, references: Collection[object]) -> CustomRules:
        """Return those of the rules that ``references`` name."""
        return CustomRules(tuple(rule for rule in self.rules if rule.reference in references))

    def mechanism(self, reference: str) -> Mechanism:
        """Return the mechanism that ``reference`` names; ``CaseError`` if it is not at hand."""
        for rule in self.rules:
            if rule.reference == reference:
                return rule.mechanism()
        raise CaseError([Fault(reference, 0, 0, "", "the code of this rule is not at hand")])

    def by_role(self) -> Mapping[str, Mapping[str, Mechanism]]:
        """Return role -> reference -> mechanism."""
        found: dict[str, dict[str, Mechanism]] = {}
        for rule in self.rules:
            mechanism = rule.mechanism()
            found.setdefault(mechanism.role, {})[rule.reference] = mechanism
        return found


class _Text(importlib.abc.ExecutionLoader):
    """Loads a module from text that was read before, so that what is run is what was hashed."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file

    def get_source(self, fullname: str) -> str:
        return self._text

    def get_filename(self, fullname: str) -> str:
        return self._file


def module_of(text: str, file: str) -> types.ModuleType:
    """Return the module with the source ``text`` of ``file``, run once in a process.

    Bytecode that Python left beside the file is never asked: it may be of another content.
    """
    name = _PREFIX + pin_of(text)
    if name in sys.modules:
        return sys.modules[name]
    loader = _Text(text, file)
    spec = importlib.util.spec_from_loader(name, loader, origin=file)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # machine code and other processes find its classes by this name
    try:
        loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _module(rule: CustomRule) -> types.ModuleType:
    try:
        return module_of(rule.text, rule.file)
    except (Exception, SystemExit) as error:
        raise CaseError([_fault(rule.file, 1, rule.name, error)]) from error


@functools.cache
def _mechanism(rule: CustomRule) -> Mechanism:
    from steppe.model.custom_contract import breaches
    from steppe.model.mechanism import Mechanism

    module = _module(rule)
    if rule.name not in vars(module):
        there = [name for name, value in vars(module).items() if isinstance(value, Mechanism)]
        near = nearest(rule.name, there)
        wrong = "the file defines no such mechanism"
        raise CaseError([Fault(rule.file, 1, 1, rule.name, wrong, ", ".join(there), near)])
    made = vars(module)[rule.name]
    if not isinstance(made, Mechanism):
        wrong = f"is of type {type(made).__name__}"
        raise CaseError([Fault(rule.file, 1, 1, rule.name, wrong, "a steppe Mechanism")])
    line = _first_line(made.rule)
    try:
        broken = list(breaches(made, module))
    except Exception as error:
        raise CaseError([_fault(rule.file, line, rule.name, error)]) from error
    if broken:
        raise CaseError(Fault(rule.file, line, 1, rule.name, wrong) for wrong in broken)
    return made


@contextmanager
def blamed(mechanism: Mechanism) -> Iterator[None]:
    """Turn what goes wrong inside a rule from a file into a ``CaseError`` that names its line."""
    try:
        yield
    except SteppeError:
        raise
    except Exception as error:
        if not is_custom(mechanism):
            raise
        code = mechanism.rule.__code__
        fault = _fault(code.co_filename, code.co_firstlineno, mechanism.name, error)
        raise CaseError([fault]) from error


def is_custom(mechanism: Mechanism) -> bool:
    """Return whether the rule of ``mechanism`` was written in a file outside the package."""
    return str(mechanism.rule.__module__).startswith(_PREFIX)


def _first_line(rule: object) -> int:
    return rule.__code__.co_firstlineno if isinstance(rule, types.FunctionType) else 1


def _fault(file: str, line: int, key: str, error: BaseException) -> Fault:
    """Return what went wrong in ``file``, at the line it names, or else at ``line``."""
    if isinstance(error, SyntaxError) and error.filename == file:
        wrong = f"not valid Python: {error.msg}"
        return Fault(file, error.lineno or 1, error.offset or 1, key, wrong)
    lines = [
        number
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == file
    ]
    message, compiling = _words(error, PurePath(file).name)
    return Fault(file, compiling or (lines[-1] if lines else line), 1, key, message)


def _words(error: BaseException, name: str) -> tuple[str, int]:
    """Return an error in one line, and the line of the file ``name`` that a compiler blames."""
    text = str(error)
    if not type(error).__module__.startswith("numba."):
        first = text.strip().splitlines()
        return f"{type(error).__name__}: {first[0] if first else 'no more is said'}", 0
    found = re.findall(rf'File "[^"\n]*{re.escape(name)}", line (\d+)', text)
    said = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in said if not line.startswith(("Failed in", "During:", "File "))]
    why = told[0] if told else said[0]
    return f"cannot be compiled: {why}", int(found[0]) if found else 0
