"""What a rule of hazards must answer, and the orders that the loops over citizens rely on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from steppe.model.mechanism import Mechanism

STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Willingness, or income rank, at which the order of answers is tried."""


def answer_fault(role: str, answer: object) -> str:
    """Say what is wrong with the ``answer`` of a rule of hazards; '' if nothing is."""
    if role == "contact":
        if isinstance(answer, tuple) and len(answer) == 3 and all(map(_is_hazard, answer)):
            return ""
        return f"the rule returned {answer!r}; it must return hazards of death, wound and arrest"
    if not _is_hazard(answer):
        return f"the rule returned {answer!r}; it must return a finite number from 0 on"
    if role == "willingness" and answer > 1.0:  # type: ignore[operator]
        return f"the rule returned {answer!r}; willingness is a chance, 0 to 1"
    return ""


def _is_hazard(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value >= 0.0  # type: ignore[arg-type,operator]


def order_faults(mechanism: Mechanism, p: object, here: Any) -> Iterator[str]:
    """Yield what keeps loops from passing over citizens whom a rule cannot draw in.

    Nobody joins without a crowd or loots without cover; the willing join first, and the poor loot
    first.
    """
    if mechanism.role not in ("participation", "looting"):
        return
    joins = mechanism.role == "participation"
    answers = [mechanism.rule(p, here, x) for x in STEPS]
    if (here.crowd if joins else here.cover) <= 0.0 and any(answers):
        yield f"hazard {max(answers)} without {'a crowd' if joins else 'cover'}; it must be 0"
    ordered = answers if joins else answers[::-1]
    if any(a > b for a, b in pairwise(ordered)):
        yield (
            "the hazard of joining falls with willingness"
            if joins
            else "the hazard of looting rises with the income rank"
        )
