"""A draft taken along: as a zip, as a folder of this machine, or as a case of the laboratory."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from steppe.app.case_registry import Case, CaseRegistry
from steppe.app.config import Config
from steppe.app.drafts import Draft
from steppe.app.errors import RequestError
from steppe.app.uploads import NAME
from steppe.case.folder_edit import SCENARIO
from steppe.core.errors import StoreError


class ThereAlreadyError(StoreError):
    """A folder of that name is there, and nobody said that its files may be replaced."""


def draft_files(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Yield the files of a draft with their names in it."""
    for path in sorted(draft.folder.rglob("*")):
        if path.is_file():
            yield path, path.relative_to(draft.folder).as_posix()


def write_zip(draft: Draft, folder: Path) -> Path:
    """Write the case as a zip into ``folder`` and return it."""
    target = folder / f"{draft.folder.name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in draft_files(draft):
            archive.write(path, f"{draft.folder.name}/{name}")
    return target


def save_folder(draft: Draft, config: Config, name: object, *, replace: bool) -> Path:
    """Write the case to a folder ``name`` below the one the app was started in, and return it.

    Raises ``ThereAlreadyError`` where there is one already, unless ``replace``: then the files of
    the case are replaced one by one, and whatever else lies in the folder stays.
    """
    if config.shared:
        raise RequestError("a shared laboratory writes no folders; download the zip")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise RequestError("name: a folder of letters, digits, '-', '_' and '.', at most 80")
    target = config.home.resolve() / name
    if os.path.lexists(target):
        _check_old(target, replace=replace)
        for path, inner in draft_files(draft):
            _replace(path, target, inner)
        return target
    with tempfile.TemporaryDirectory(prefix=".steppe-", dir=target.parent) as temp:
        copy = Path(temp) / name
        shutil.copytree(draft.folder, copy)
        if os.path.lexists(target):
            raise _name_taken(target)
        os.rename(copy, target)
    return target


def _check_old(target: Path, *, replace: bool) -> None:
    if target.is_symlink() or not target.is_dir():
        raise RequestError(f"{target.name}: is there and is no folder; choose another name")
    if not (target / SCENARIO).is_file():
        raise RequestError(f"{target.name}: is there and holds no case; choose another name")
    if not replace:
        raise _name_taken(target)


def _name_taken(target: Path) -> ThereAlreadyError:
    return ThereAlreadyError(f"{target.name} is there already; replace the files of its case?")


def _replace(path: Path, target: Path, inner: str) -> None:
    """Put a file into a folder that is there, in one step; never through a link."""
    place = target / inner
    for folder in [one for one in place.parents if target in one.parents]:
        if folder.is_symlink():
            raise RequestError(f"{inner}: leads out of the folder by a link; choose another name")
    place.parent.mkdir(parents=True, exist_ok=True)
    temp = place.parent / f".steppe-{secrets.token_hex(6)}"
    shutil.copyfile(path, temp)
    os.replace(temp, place)


def open_draft(draft: Draft, book: CaseRegistry) -> Case:
    """Open a copy of the draft as a case of its user, in place of the one it was opened as before.

    Further edits leave that case as it is.
    """
    folder = book.folder / f"new-{secrets.token_hex(8)}"
    shutil.copytree(draft.folder, folder, ignore=shutil.ignore_patterns("import"))
    if draft.opened is not None:
        book.drop(draft.opened)
    draft.opened = book.adopt(folder, draft.owner)
    return draft.opened
