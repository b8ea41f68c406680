"""The cases a user may work on: shipped ones, folders opened on this machine, own uploads."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from steppe.app.config import Config
from steppe.app.errors import RequestError, UnknownError
from steppe.app.sessions import TooManyError
from steppe.case.cases import is_toy, shipped_cases
from steppe.case.inheritance import SHIPPED
from steppe.case.load import load
from steppe.case.patch import Change, Patch, apply, difference
from steppe.case.scenario import Scenario, Value
from steppe.core.errors import nearest
from steppe.study.posterior import posterior_of

LOADED = 8
"""So many cases are kept as they were read."""

VARIANTS = 32
"""So many changed cases are kept."""


FIRST = "kazakhstan-2022"
"""The shipped case that opens first: the only one that was fitted to what happened."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case by the name the page knows it by; ``owner`` is the user who alone may see it."""

    id: str
    title: str
    origin: Literal["shipped", "folder", "upload"]
    path: Path
    owner: str = ""


@dataclass(slots=True)
class CaseRegistry:
    """All cases of a running app; uploads live in a folder that goes when the app ends."""

    config: Config
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="steppe-app-")))
    _cases: dict[str, Case] = field(default_factory=dict)
    _loaded: OrderedDict[str, Scenario] = field(default_factory=OrderedDict)
    _variants: OrderedDict[tuple[str, str], tuple[Scenario, Scenario, tuple[Change, ...]]] = field(
        default_factory=OrderedDict
    )
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        for info in sorted(shipped_cases(), key=lambda one: one.id != FIRST):
            if not is_toy(info.id):
                self._cases[info.id] = Case(info.id, info.title, "shipped", SHIPPED / info.id)
        for path in self.config.cases:
            self.open(path, "")

    def seen_by(self, owner: str) -> list[Case]:
        """Return the cases a user sees: shipped first, then own ones as they came."""
        with self._lock:
            return [case for case in self._cases.values() if case.owner in ("", owner)]

    def front(self, owner: str) -> Case:
        """Return the case that opens first: the folder given at the start, else a shipped one."""
        cases = self.seen_by(owner)
        folders = (case for case in cases if case.origin == "folder" and not case.owner)
        return next(folders, cases[0])

    def case(self, name: str, owner: str) -> Case:
        """Return a case by its name; ``UnknownError`` if this user has no such case."""
        cases = {case.id: case for case in self.seen_by(owner)}
        if name not in cases:
            near = nearest(name, cases)
            raise UnknownError(f"there is no such case{f'; did you mean {near}?' if near else ''}")
        return cases[name]

    def scenario(self, name: str, owner: str) -> Scenario:
        """Return the scenario of a case as it was read first; ``CaseError`` if it is faulty."""
        case = self.case(name, owner)
        with self._lock:
            if case.id not in self._loaded:
                self._keep(case.id, load(case.path))
            self._loaded.move_to_end(case.id)
            return self._loaded[case.id]

    def changed(
        self, name: str, owner: str, values: Mapping[str, Value]
    ) -> tuple[Scenario, tuple[Change, ...]]:
        """Return a case with ``values`` set and what that changes; ``CaseError`` if it cannot be.

        One request follows another with the same values, so the last ones are kept.
        """
        baseline = self.scenario(name, owner)
        label = name, repr(sorted(values.items()))
        with self._lock:
            change = self._variants.get(label)
        if change is None or change[0] is not baseline:
            variant = apply(baseline, Patch.of(values))
            change = baseline, variant, difference(baseline, variant)
        with self._lock:
            self._variants[label] = change
            self._variants.move_to_end(label)
            while len(self._variants) > VARIANTS:
                self._variants.popitem(last=False)
        return change[1:]

    def open(self, path: Path, owner: str) -> Case:
        """Open (or read anew) a case folder of this machine; ``CaseError`` names all its faults."""
        scenario = _whole(path)
        name = f"folder-{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
        with self._lock:
            if name not in self._cases:
                self._room(owner)
            case = Case(name, scenario.title, "folder", path.absolute(), owner)
            self._cases[name] = case
            self._keep(name, scenario)
        return case

    def adopt(self, folder: Path, owner: str) -> Case:
        """Check an uploaded folder and make it a case of its user; it is removed when faulty."""
        try:
            scenario = _whole(folder)
            with self._lock:
                self._room(owner)
                case = Case(folder.name, scenario.title, "upload", folder, owner)
                self._cases[case.id] = case
                self._keep(case.id, scenario)
        except Exception:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return case

    def forget(self, owner: str) -> None:
        """Remove what a user who left had uploaded or opened."""
        with self._lock:
            for case in [c for c in self._cases.values() if owner and c.owner == owner]:
                self.drop(case)

    def drop(self, case: Case) -> None:
        """Remove a case from the list; an upload with its files."""
        with self._lock:
            self._cases.pop(case.id, None)
            self._loaded.pop(case.id, None)
        if case.origin == "upload":
            shutil.rmtree(case.path, ignore_errors=True)

    def close(self) -> None:
        """Remove all uploads."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _room(self, owner: str) -> None:
        own = sum(case.owner == owner for case in self._cases.values()) if owner else 0
        if own >= self.config.limits.cases:
            raise TooManyError(f"you have {own} cases open; more are not kept at once")

    def _keep(self, name: str, scenario: Scenario) -> None:
        self._loaded[name] = scenario
        self._loaded.move_to_end(name)
        while len(self._loaded) > LOADED:
            self._loaded.popitem(last=False)


def _whole(folder: Path) -> Scenario:
    """Return the scenario of a folder whose posterior sample, if it has one, can be used too."""
    scenario = load(folder)
    posterior_of(scenario)
    return scenario


def local_folder(text: str) -> Path:
    """Return the folder a user typed; ``RequestError`` for what is no absolute path."""
    path = Path(text).expanduser()
    if not text or "\0" in text or not path.is_absolute():
        raise RequestError("give the whole path of the folder, beginning with /")
    return path
