"""Answers of nowcasts, kept in the store as documents: what was answered once is there at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from steppe.results.atomic_io import explained, make_folders, replace_file

if TYPE_CHECKING:
    from steppe.study.nowcast.question import NowcastQuestion
    from steppe.study.nowcast.result import Nowcast

FOLDER = "nowcasts"
"""Where a store keeps what looks showed, and what nowcasts said."""

ENDING = ".json"


def save_answer(folder: Path, question: NowcastQuestion, result: Nowcast) -> Path:
    """Keep the document of an answer in ``folder`` and return its file."""
    path = folder / (question.key + ENDING)
    content = json.dumps(result.document(), allow_nan=False).encode()
    with explained(folder):
        make_folders(folder)
        replace_file(path, content, path.with_name(f".{path.name}.part"))
    return path


def load_answer(folder: Path, key: str) -> dict[str, Any] | None:
    """Return the document of the answer to the question of a key, None where there is none."""
    try:
        document = json.loads((folder / (key + ENDING)).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or damaged: it is made again
        return None
    return document if isinstance(document, dict) else None
