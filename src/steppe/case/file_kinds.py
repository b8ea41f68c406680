"""What a file is that should have been text: named by its first bytes, with what to do about it."""

from __future__ import annotations

import re

_CSV = "a table saved as CSV, UTF-8, with commas"
_UNPACKED = "the file unpacked"
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a workbook (.xlsx, .ods) or another zip archive", _CSV),
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls) or document", _CSV),
    (b"\x1f\x8b", "a gzip archive", _UNPACKED),
    (b"BZh", "a bzip2 archive", _UNPACKED),
    (b"\xfd7zXZ", "an xz archive", _UNPACKED),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACKED),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _UNPACKED),
    (b"Rar!", "a rar archive", _UNPACKED),
    (b"PAR1", "a Parquet file", _CSV),
    (b"SQLite format 3\x00", "an SQLite database", _CSV),
    (b"\x93NUMPY", "an array of NumPy", _CSV),
    (b"\x89HDF", "an HDF5 or netCDF file", _CSV),
    (b"RDX", "data of R (.RData)", _CSV),
    (b"%PDF", "a PDF document", "text"),
    (b"\x89PNG", "an image (.png)", "text"),
    (b"\xff\xd8\xff", "an image (.jpg)", "text"),
    (b"GIF8", "an image (.gif)", "text"),
    (b"<stata_dta>", "data of Stata (.dta)", _CSV),
    (b"$FL2", "data of SPSS (.sav)", _CSV),
    (b"ARROW1", "a Feather file", _CSV),
    (b"CDF\x01", "a netCDF file", _CSV),
    (b"CDF\x02", "a netCDF file", _CSV),
    (b"CDF\x05", "a netCDF file", _CSV),
    (b"\x03", "a table of dBase (.dbf)", _CSV),
    (b"\x80\x03", "a pickle of Python", _CSV),
    (b"\x80\x04", "a pickle of Python", _CSV),
    (b"\x80\x05", "a pickle of Python", _CSV),
    (b"{\\rtf", "a document (.rtf)", "text"),
    (b"\x00\x00\x27\x0a", "a shapefile", "GeoJSON"),
    (b"\x00\x00\xfe\xff", "text in UTF-32", "a file saved as UTF-8"),
    (b"\xff\xfe\x00\x00", "text in UTF-32", "a file saved as UTF-8"),
    (b"\xff\xfe", "text in UTF-16", "a file saved as UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "a file saved as UTF-8"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file", "the file: `git lfs pull`"),
    (b"outs:\n- md5:", "a pointer of DVC, not the file", "the file: `dvc pull`"),
    (b"/annex/objects/", "a pointer of git-annex, not the file", "the file: `git annex get`"),
)
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|body|table|\?xml|!--)", re.I
)
_SEEN = 512


def foreign_kind(data: bytes) -> tuple[str, str] | None:
    """Return what the file is and what would be right, or None where it may well be text."""
    for begin, what, allowed in _BEGINNINGS:
        if data.startswith(begin):
            return what, allowed
    if match := _MARKUP.match(data[:_SEEN]):
        page = not match[1].lower().startswith(b"?xml")
        what = "a web page, as a server sends in place of a file" if page else "an XML file"
        return what, "the file itself"
    if data[257:262] == b"ustar":
        return "a tar archive", _UNPACKED
    head = data[:_SEEN]
    # Plain text in UTF-16 is empty in every other byte.
    if len(head) >= 8 and head.count(0) > len(head) // 4:
        return "text in UTF-16 or no text at all", "a file saved as UTF-8"
    if b"\r" in data and b"\n" not in data:
        return "text whose lines end in CR alone", "lines that end in LF or CRLF"
    return None
