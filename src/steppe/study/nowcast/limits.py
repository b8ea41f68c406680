"""What nowcasts do not do well, said before what they say.

The general sentences are held against the account of the reference case's nowcasts by a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steppe.study.nowcast.result import Nowcast

GENERAL = (
    "Who falls, and when, cannot be foreseen from facts like these; that chance is told because it "
    "is asked for, beside its base rate.",
    "Tried on January 2022, the figures made the forecast of the nation's crowd a little worse "
    "than leaving them aside, though that of all figures together better.",
    "Crowds of single towns were forecast too small: those that came lay above the range.",
)

FEW = 20.0
"""Draws of equal weight below which the figures are hard for the model."""


def limits(result: Nowcast) -> list[str]:
    """Return what this nowcast does not do well: of all nowcasts, then its own."""
    own = []
    if result.conditioned and result.figures and result.effective < FEW:
        own.append(
            f"Few runs come near the figures: weighted by them, {result.looks:,} quick runs count "
            f"as no more than {max(1, round(result.effective))}; a linear correction does the rest."
        )
    if result.beyond:
        own.append(f"Beyond the model, so in no weight: {', '.join(result.beyond)}.")
    return [*GENERAL, *own]
