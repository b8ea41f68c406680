"""A draft taken along: as a zip, as a folder of this machine, or as a case of the laboratory."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from steppe.app.case_registry import Case, CaseRegistry
from steppe.app.config import Config
from steppe.app.draft_open import digest, digests
from steppe.app.drafts import Draft, SavedFolder
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

    A folder that the draft was opened from or saved to is written without asking, as long as
    nobody else has changed it; of any other that is there, and of what was changed,
    ``ThereAlreadyError`` tells unless ``replace``. Only the files of the case that are not as they
    should be are written; whatever else lies in the folder stays.
    """
    if config.shared:
        raise RequestError("a shared laboratory writes no folders; download the zip")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise RequestError("name: a folder of letters, digits, '-', '_' and '.', at most 80")
    target = config.home.resolve() / name
    now = digests(draft.folder)
    if os.path.lexists(target):
        on_disk = _check_old(target, now)
        if not replace:
            _check_changes(draft, target, on_disk, now)
        for inner in (one for one in now if now[one] != on_disk[one]):
            _replace(draft.folder / inner, target, inner)
    else:
        _make(draft, target)
    draft.saved = SavedFolder(name, now)
    return target


def _make(draft: Draft, target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".steppe-", dir=target.parent) as temp:
        copy = Path(temp) / target.name
        shutil.copytree(draft.folder, copy)
        if os.path.lexists(target):
            raise _name_taken(target)
        os.rename(copy, target)


def _check_old(target: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the digests of the files of a folder that is there; '' for what is no file of it."""
    if target.is_symlink() or not target.is_dir():
        raise RequestError(f"{target.name}: is there and is no folder; choose another name")
    if not (target / SCENARIO).is_file():
        raise RequestError(f"{target.name}: is there and holds no case; choose another name")
    files = {name: target / name for name in names}
    return {
        name: digest(path) if path.is_file() and not path.is_symlink() else ""
        for name, path in files.items()
    }


def _check_changes(
    draft: Draft, target: Path, on_disk: Mapping[str, str], now: Mapping[str, str]
) -> None:
    """Raise ``ThereAlreadyError`` for what others have written since the draft read it."""
    if draft.saved is None or draft.saved.name != target.name:
        raise _name_taken(target)
    last = draft.saved.digests
    changed = [one for one in now if on_disk[one] not in (last.get(one, ""), now[one])]
    if changed:
        raise ThereAlreadyError(
            f"{', '.join(changed[:6])} in {target.name} was changed elsewhere since this page read "
            "it; replace it by what is here?"
        )


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
