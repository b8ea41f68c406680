"""What is lost, or gained, at a scale other than one agent per citizen, in words."""

from __future__ import annotations

GROUP = 30
"""People with whom a crisis begins; see ``first_move.group``."""

SCREEN = 0.1
"""From this scale on medians hold."""


def scale_words(scale: float) -> str:
    """Return, in a sentence, what a run at ``scale`` says and does not; '' at scale 1."""
    if scale == 1.0:
        return ""
    if scale > 1.0:
        return "More agents than citizens show whether a result depends on the scale."
    if scale >= SCREEN:
        return (
            "At this scale medians hold, but neither the spread between runs nor the chance of a "
            f"crisis, which begins with a group of about {GROUP} people."
        )
    agents = f"{GROUP * scale:.1g}"
    return (
        f"A crisis begins with a group of about {GROUP} people, which are {agents} agents at this "
        "scale: most crises never begin."
    )
