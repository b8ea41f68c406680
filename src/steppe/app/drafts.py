"""Cases that are being made in the app: folders of a user's own that nobody else sees.

A draft is made as `steppe new` makes a folder, or is a copy of a folder that was saved. It lies in
the app's own folder and goes when its user leaves, unless it has been saved. What is known of it
stands in its files alone, so that a saved one is opened again as it was.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from steppe.app.case_registry import Case
from steppe.app.config import AppLimits
from steppe.app.draft_open import copy_case, digests, editable_case, outside_of
from steppe.app.errors import RequestError, UnknownError
from steppe.app.sessions import TooManyError
from steppe.case.folder_edit import make_folder
from steppe.core.errors import Fault
from steppe.countries.assumed_cells import AssumedCell, most_important
from steppe.countries.case_files import case_files, folder_name
from steppe.countries.case_origin import origin_of
from steppe.countries.codes import all_codes, find_country
from steppe.countries.new_case import TRIGGERS, CaseRequest, new_case
from steppe.countries.units import LEVELS, Level, country_codes, units_at

MOST_DAYS = 366
KEYS = ("country", "date", "days", "trigger", "level")
T = TypeVar("T")
_ID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """A file to import: of which source, where it lies, and how it is read."""

    source: str
    path: Path
    good: str = ""
    key: str = ""
    columns: str = ""
    dates: str = ""
    encoding: str = ""


class StaleError(RequestError):
    """The draft has changed since the page read it."""


@dataclass(frozen=True, slots=True)
class SavedFolder:
    """A folder on this machine that a draft was opened from or saved to.

    ``digests`` are those of its files at that time, by name.
    """

    name: str
    digests: Mapping[str, str]


@dataclass(slots=True)
class Draft:
    """A case in the making: its folder, the cells to look up first, the files as first made.

    ``outside`` is what its folder holds beyond what the page edits, ``saved`` where it lies.
    """

    id: str
    owner: str
    folder: Path
    cells: tuple[AssumedCell, ...] = ()
    originals: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[Fault, ...] = ()
    saved: SavedFolder | None = None
    orders: dict[str, ImportOrder] = field(default_factory=dict)
    """The last file of each source, to be read again when its names have been matched."""
    opened: Case | None = None
    """The case of the laboratory that this was opened as last."""
    revision: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def home(self) -> Path:
        """The folder of all that belongs to the draft."""
        return self.folder.parent

    @property
    def unsaved(self) -> bool:
        """Whether something of it was not saved."""
        return self.saved is None or self.saved.digests != digests(self.folder)

    def expect(self, revision: object) -> None:
        """Raise ``StaleError`` unless ``revision`` is that of the draft now."""
        if revision != self.revision or isinstance(revision, bool):
            raise StaleError("this case was changed in another page; it is read anew")

    def text(self, file: str) -> str:
        """Return the text of a file of the case, '' if it has no such file."""
        path = self.folder / file
        return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


@dataclass(slots=True)
class Drafts:
    """The drafts of all users, below ``root``."""

    root: Path
    limits: AppLimits
    _drafts: dict[str, Draft] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self, document: Mapping[str, Any], owner: str) -> Draft:
        """Make a draft of what a page asks for; ``CaseError`` where no case can be made of it."""
        request, level = request_of(document)
        self._room(owner)
        case = new_case(request, units_at(request.country, level))
        name = folder_name(request)
        files = case_files(case, name)
        folder = self._place(name)
        make_folder(folder, files)
        cells = tuple(most_important(case))
        return self._keep(Draft(folder.parent.name, owner, folder, cells, files))

    def reopen(self, source: Path, name: str, owner: str) -> Draft:
        """Make a draft of the case in ``source``, called ``name``; ``CaseError`` if it cannot be.

        Its files are copied as they are.
        """
        self._room(owner)
        folder = self._place(name)
        try:
            left_out = copy_case(source, folder, self.limits)
            scenario = editable_case(folder)
            origin = origin_of(scenario)
            outside = (*outside_of(folder, scenario), *left_out)
        except Exception:
            shutil.rmtree(folder.parent, ignore_errors=True)
            raise
        cells = tuple(most_important(origin)) if origin else ()
        originals = case_files(origin, scenario.id) if origin else {}
        return self._keep(Draft(folder.parent.name, owner, folder, cells, originals, outside))

    def _room(self, owner: str) -> None:
        with self._lock:
            if len(self.of(owner)) >= self.limits.cases:
                raise TooManyError(f"{self.limits.cases} new cases are kept at once; drop one")

    def _place(self, name: str) -> Path:
        return self.root / secrets.token_hex(8) / name

    def _keep(self, draft: Draft) -> Draft:
        with self._lock:
            self._drafts[draft.id] = draft
        return draft

    def of(self, owner: str) -> list[Draft]:
        """Return the drafts of a user, as they came."""
        return [one for one in self._drafts.values() if one.owner == owner]

    def draft(self, name: str, owner: str) -> Draft:
        """Return a draft of a user; ``UnknownError`` if this user has no such draft."""
        one = self._drafts.get(name) if _ID.fullmatch(name) else None
        if one is None or one.owner != owner:
            raise UnknownError("this new case is not there any more; begin again")
        return one

    def drop(self, name: str, owner: str) -> None:
        """Remove a draft with all its files."""
        one = self.draft(name, owner)
        with self._lock:
            self._drafts.pop(one.id, None)
        shutil.rmtree(one.home, ignore_errors=True)

    def forget(self, owner: str) -> None:
        """Remove the drafts of a user who left."""
        for one in self.of(owner):
            self.drop(one.id, owner)


def countries() -> list[dict[str, str]]:
    """Return the countries that a case can be made of, by name."""
    names = all_codes()
    named_countries = [names[iso3] for iso3 in country_codes() if iso3 in names]
    return [
        {"iso3": one.iso3, "name": one.name}
        for one in sorted(named_countries, key=lambda c: c.name)
    ]


def request_of(document: Mapping[str, Any]) -> tuple[CaseRequest, Level]:
    """Return what a page asks to be made; ``RequestError`` or ``CaseError`` for what cannot be."""
    unknown = sorted(set(document) - set(KEYS))
    if unknown:
        raise RequestError(f"{unknown[0][:40]}: not known; allowed: {', '.join(KEYS)}")
    country = document.get("country")
    if not isinstance(country, str) or not country.strip():
        raise RequestError("country: choose one of the list, by name or ISO code")
    days = document.get("days", 30)
    if type(days) is not int or not 1 <= days <= MOST_DAYS:
        raise RequestError(f"days: expected a whole number from 1 to {MOST_DAYS}")
    trigger = _one_of("trigger", document.get("trigger", "price"), TRIGGERS)
    level = _one_of("level", document.get("level", "adm1"), LEVELS)
    start = _day(document.get("date"))
    return CaseRequest(find_country(country), start, days, trigger), level


def _one_of(key: str, value: object, allowed: tuple[T, ...]) -> T:
    for one in allowed:
        if value == one:
            return one
    raise RequestError(f"{key}: allowed are {', '.join(map(str, allowed))}")


def _day(text: object) -> date:
    try:
        return date.fromisoformat(text if isinstance(text, str) and len(text) == 10 else "")
    except ValueError:
        raise RequestError("date: expected a day as 2019-10-18") from None
