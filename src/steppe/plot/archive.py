"""Figures for a paper: each picture as SVG, PNG and PDF at the widths of journals, in one file."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from steppe.results.atomic_io import explained

if TYPE_CHECKING:
    from steppe.plot.style import Picture

WIDTHS: Mapping[str, float] = {"one-column": 85.0, "two-columns": 170.0}
"""Widths of a column and of a page of most journals, in millimetres."""

KINDS = ("svg", "png", "pdf")


def write_archive(path: Path, pictures: Mapping[str, Picture], readme: str) -> Path:
    """Write a zip with every picture, by its name, and return its path."""
    with explained(path), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, picture in pictures.items():
            for width, millimetres in WIDTHS.items():
                sized = picture.at_width(millimetres)
                for kind in KINDS:
                    out.writestr(f"{name}-{width}.{kind}", sized.rendered(kind))
        out.writestr("readme.txt", readme)
    return path
