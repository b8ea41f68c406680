"""Plain scalars by the core rules of YAML 1.2; what other readers take differently is refused."""

from __future__ import annotations

import math
import re

from steppe.case.units import Refusal, quote

Scalar = None | bool | int | float | str

MAX_CHARACTERS = 10_000
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e"
    "\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]|\r(?!\n)"
)
"""Control characters, invisible marks of writing direction, lone carriage returns, surrogates."""

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
SWITCH = re.compile("(yes|no|on|off|y|n)", re.IGNORECASE)
"""Words that are truth values to some programs and text to others."""
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_INTEGER = re.compile("[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_AMBIGUOUS = (
    (re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?"), "leading zero",
     "a number without leading zero, or text in quotes"),
    (re.compile("[-+]?0[xob][0-9a-fA-F_]+"), "number that is not decimal", "a decimal number"),
    (re.compile(r"[-+]?(?=.*_)[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?"), "number with _",
     "a number without _, or text in quotes"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "number to base 60 or a time",
     "text in quotes, as in \"12:30\""),
    (re.compile("[-+]?[0-9]+[eE][-+]?[0-9]+"), "power of ten without a point",
     "a number with a point, as in 1.0e3, or text in quotes"),
)  # fmt: skip
_MAX_DIGITS = 18


def plain(text: str) -> Scalar:
    """Return the value of the unquoted scalar ``text``; ``Refusal`` if it is ambiguous."""
    if text in _WORDS:
        return _WORDS[text]
    if SWITCH.fullmatch(text):
        raise Refusal(
            f"{quote(text)} is a truth value to some programs and text to others",
            f'true or false, or "{text}" in quotes',
        )
    if text[0] not in "+-.0123456789":
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    if _NOT_FINITE.fullmatch(text):
        raise Refusal(f"{quote(text)} is not a finite number", "a finite number")
    if _INTEGER.fullmatch(text):
        if len(text.lstrip("+-")) > _MAX_DIGITS:
            raise Refusal(f"a whole number of {len(text)} digits", f"up to {_MAX_DIGITS} digits")
        return int(text)
    for form, name, allowed in _AMBIGUOUS:
        if form.fullmatch(text):
            raise Refusal(f"{quote(text)} is ambiguous ({name})", allowed)
    if not _FLOAT.fullmatch(text):
        return text
    if not math.isfinite(number := float(text)):
        raise Refusal(f"{quote(text)} is too large", "a finite number")
    return number


def parse_scalar(text: str) -> Scalar:
    """Return the value of ``text`` from a command line: quoted text or a plain scalar."""
    check_text(text)
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return plain(text)


def parse_setting(text: str) -> Scalar:
    """Return the value of ``text`` after --set; a word like ``off`` is text, to be judged later."""
    return text if SWITCH.fullmatch(text) else parse_scalar(text)


def check_text(text: str) -> None:
    """Raise ``Refusal`` if ``text`` is too long or has characters that do not show."""
    if len(text) > MAX_CHARACTERS:
        raise Refusal(f"{len(text)} characters", f"up to {MAX_CHARACTERS} characters")
    if match := FORBIDDEN.search(text):
        raise Refusal(f"the character U+{ord(match[0][0]):04X} is not allowed", "text that shows")
