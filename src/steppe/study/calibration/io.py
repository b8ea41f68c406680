"""Writing the files of a calibration, each in one step."""

from __future__ import annotations

from pathlib import Path

from steppe.results.atomic_io import explained, make_folders, replace_file


def write_text(path: Path, text: str) -> Path:
    """Write ``text`` to ``path`` in place of what was there, so that it is never half a file.

    Raises ``UnwritableStoreError`` when that cannot be done.
    """
    with explained(path.parent):
        make_folders(path.parent)
        temp = path.with_name(f"{path.name}.new")
        temp.unlink(missing_ok=True)  # left by a process that was stopped while it wrote
        replace_file(path, text.encode(), temp)
    return path
