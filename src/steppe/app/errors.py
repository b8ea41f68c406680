"""Mistakes and conditions as answers: what is wrong, where, and what is allowed; no traceback."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from steppe.app.quotas import FullError
from steppe.app.sessions import TooManyError
from steppe.core.errors import CaseError, Fault, SteppeError, StoreError

OWN_FAULT = (
    "this is a fault of steppe, not of what you asked; what happened stands in the terminal in "
    "which `steppe app` runs"
)

BAD, MISSING, CONFLICT, FAULTY, TOO_MANY, FAULT, FULL = 400, 404, 409, 422, 429, 500, 507


class RequestError(ValueError):
    """A request that asks for what there is not, or in words that are not understood."""


class UnknownError(LookupError):
    """Something that does not exist, or that belongs to another user."""


def faults_of(error: CaseError, folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the faults of a case for the page; files are named from ``folder`` on."""
    return [asdict(_inside(fault, folder)) for fault in error.all_faults[:100]]


def _inside(fault: Fault, folder: Path | None) -> Fault:
    if folder is None:
        return fault
    stem = f"{folder}/"
    return replace(
        fault,
        file=fault.file.replace(stem, ""),
        message=fault.message.replace(stem, "").replace(str(folder), "the case"),
    )


def answer_to(error: Exception) -> tuple[int, Mapping[str, Any]]:
    """Return the status and the document that tell of an error; of none without words.

    One that was not foreseen is a fault of the program: what it was stands in the terminal.
    """
    if isinstance(error, CaseError):
        content: dict[str, Any] = {"message": str(error.faults[0]), "faults": faults_of(error)}
        return FAULTY, {"error": content}
    if isinstance(error, TooManyError):
        return TOO_MANY, {"error": {"message": str(error)}}
    if isinstance(error, FullError):
        return FULL, {"error": {"message": str(error)}}
    if isinstance(error, UnknownError):
        return MISSING, {"error": {"message": str(error)}}
    if isinstance(error, StoreError):
        return CONFLICT, {"error": {"message": str(error)}}
    if isinstance(error, OSError):
        where = f": {Path(error.filename).name}" if error.filename else ""
        return FULL, {"error": {"message": f"the machine refuses: {error.strerror}{where}"}}
    if isinstance(error, SteppeError | ValueError):
        return BAD, {"error": {"message": str(error)}}
    traceback.print_exception(error)
    return FAULT, {"error": {"message": f"{OWN_FAULT} ({type(error).__name__})"}}
