"""Tables of constants that belong to a role: options, audiences, the fit of the alliance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from generator.markdown import number, table
from steppe.case.society import USUAL_AUDIENCES
from steppe.model.mechanisms.alliance_decision import POSTERIOR_SD, coefficients
from steppe.model.mechanisms.alliance_parameters import AllianceDecisionParameters
from steppe.model.options import CATALOGUE


def _titled(title: str, header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    return f"{title}\n\n{table(header, lines)}\n"


def _options() -> str:
    lines = [(f"`{o.name}`", o.kind) for o in CATALOGUE]
    return _titled("What the regime can choose, in this order:", ("Option", "Kind"), lines)


def _audiences() -> str:
    lines = [
        (a.id, a.where, number(a.state_media), number(a.foreign_media), "yes" if a.sees else "no")
        for a in USUAL_AUDIENCES
    ]
    header = ("Audience", "Where", "Trust in state media", "In foreign media", "Sees streets")
    return _titled("Audiences, unless the case names others:", header, lines)


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
    "framing": _audiences,
    "regime": _options,
}
"""What stands at the end of the section of a role."""
