"""Where commands for a user are run, so that what they print holds elsewhere too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from steppe.study.request import STORE

if TYPE_CHECKING:
    from steppe.app.comparison import Comparison

Purpose = Literal["runs", "report", "look"]
"""Runs are made and kept; a report tells stored ones; a look is not kept."""


@dataclass(frozen=True, slots=True)
class WorkingFolder:
    """The folder a command is run in, and the store it is told: the usual name where it passes."""

    folder: Path
    store: str


def working_folder(
    root: Path, one: Comparison, what: Purpose, common: Path, shared: bool
) -> WorkingFolder:
    """Return where a command on ``one`` is run; ``common`` is the store of the app.

    A look, and what users of a shared app have run, go into a store that goes when the app ends.
    It lies under the usual name in a folder of its own, and so does an uploaded case, so that the
    command, repeated elsewhere, means the same.
    """
    passing = what == "look" or (shared and what == "runs")
    folder = root / "commands" / "-".join(filter(None, (what, one.owner, one.case.id)))
    folder.mkdir(parents=True, exist_ok=True)
    if one.case.origin == "upload":
        _link(folder / one.portable.case, one.case.path)
    if shared and not passing:
        _link(folder / STORE, common)
    return WorkingFolder(folder, STORE if passing or shared else str(common))


def _link(link: Path, target: Path) -> None:
    if not link.is_symlink():
        link.symlink_to(target, target_is_directory=True)
