"""Packages that only some users need: they come with an extra, and are told by its name."""

from __future__ import annotations

from importlib.util import find_spec

from steppe.core.errors import SteppeError


def require(package: str, extra: str, what: str) -> None:
    """Raise ``SteppeError`` with the ``extra`` to install where ``package`` is missing.

    ``what`` is what needs it, in the plural: ``figures``.
    """
    if find_spec(package) is None:
        raise SteppeError(f"{what} need {package}: pip install 'steppe[{extra}]'")
