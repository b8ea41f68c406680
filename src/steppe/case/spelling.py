"""Names that look alike and are not: what sets them apart, and the form that was probably meant."""

from __future__ import annotations

import re
import unicodedata

_DASHES = re.compile(r"[^a-z0-9]+")


def difference_in_letters(name: str, close: str) -> str:
    """Return which characters set ``name`` apart from a name that looks like it, or ''.

    For a nearest name that is no help to the eye: composed or not, a letter of another alphabet,
    spaces around.
    """
    if not close or name == close or (name.isascii() and name.strip() == name):
        return ""
    if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", close):
        return ": its accents are characters of their own (Unicode NFD in place of NFC)"
    if name.strip() == close:
        return ": there are spaces around it"
    if len(name) != len(close):
        return ""
    other = [a for a, b in zip(name, close, strict=True) if a != b and not a.isascii()]
    if not other:
        return ""
    return ": it holds " + ", ".join(f"U+{ord(letter):04X}" for letter in other[:3])


def as_slug(text: str) -> str:
    """Return ``text`` as an id that may have been meant: small letters, digits and hyphens.

    Accents and characters that do not show are left out; '' where a letter is of another alphabet.
    """
    parts = unicodedata.normalize("NFKD", text)
    letters = (letter for letter in parts if unicodedata.category(letter) not in ("Mn", "Cf"))
    plain = "".join(letters).lower()
    if any(letter.isalnum() and not letter.isascii() for letter in plain):
        return ""
    return _DASHES.sub("-", plain).strip("-")[:64]
