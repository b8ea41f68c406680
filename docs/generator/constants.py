"""Tables of constants that belong to a role: options, audiences, cues, the fit of the alliance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from generator.markdown import number, table
from steppe.model.audiences import AUDIENCES
from steppe.model.mechanisms.alliance_decision import (
    POSTERIOR_SD,
    AllianceDecisionParameters,
    coefficients,
)
from steppe.model.mechanisms.framing import FOREIGN_HABIT, STATE_HABIT
from steppe.model.options import CATALOGUE
from steppe.model.theory.framing import CUES, FRAMES, HOME_PRIOR


def _titled(title: str, header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    return f"{title}\n\n{table(header, lines)}\n"


def _options() -> str:
    lines = [(f"`{o.name}`", o.kind, number(o.cost), number(o.relief)) for o in CATALOGUE]
    title = "What the regime can choose; costs and believed reliefs are assumed:"
    return _titled(title, ("Option", "Kind", "Cost C", "Believed relief r"), lines)


def _stories() -> str:
    lines = [
        (a.name, a.where, number(a.state_media), number(a.foreign_media), "yes" if a.sees else "no")
        for a in AUDIENCES
    ]
    header = ("Audience", "Where", "Trust kap in state media", "in foreign media", "Sees streets")
    audiences = _titled("Audiences and whom they believe; all of it is assumed:", header, lines)
    rows = {
        "prior belief": HOME_PRIOR,
        "pi of state media": STATE_HABIT,
        "pi of foreign media": FOREIGN_HABIT,
        **{f"P(cue): {cue}": row for cue, row in CUES.items()},
    }
    chances = [(name, *map(number, values)) for name, values in rows.items()]
    title = "Prior beliefs, what media say anyway, and chances of cues under each story; assumed:"
    return audiences + "\n" + _titled(title, ("", *FRAMES), chances)


def _posterior() -> str:
    means = coefficients(AllianceDecisionParameters())
    lines = [
        (f"b{k}", number(float(mean)), number(float(sd)))
        for k, (mean, sd) in enumerate(zip(means, POSTERIOR_SD, strict=True))
    ]
    title = "Posterior of the fit, from which `empirical` draws:"
    return _titled(title, ("Weight", "Mean", "Standard deviation"), lines)


CONSTANTS: Mapping[str, Callable[[], str]] = {
    "alliance": _posterior,
    "framing": _stories,
    "regime": _options,
}
"""What stands at the end of the section of a role."""
