"""Which draw of parameters a run was made with: kept beside its numbers, part of none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RunDraw:
    """A draw of parameters: from which ``source``, as which row, over which scenario.

    ``base`` is the hash of the scenario before the draw; ``source`` is ``prior`` or
    ``posterior``; ``sample`` the digest of the posterior sample, '' for the prior; ``row`` the row
    of the sample, of the prior the seed; ``paths`` the parameters that were drawn.
    """

    base: str
    source: str
    sample: str
    row: int
    paths: tuple[str, ...]


def pack_draw(draw: RunDraw) -> dict[str, Any]:
    """Return a draw as JSON values."""
    return {
        "base": draw.base,
        "source": draw.source,
        "sample": draw.sample,
        "row": draw.row,
        "paths": list(draw.paths),
    }


def unpack_draw(values: Mapping[str, Any] | None) -> RunDraw | None:
    """Return the draw written by ``pack_draw``; None of a run that says nothing of one."""
    return None if values is None else RunDraw(**{**values, "paths": tuple(values["paths"])})
