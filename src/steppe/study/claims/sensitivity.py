"""How far a verdict rests on the model: other rules, no rule, other parameters.

An alternative is run with few seeds. It *agrees* when the number lies on the verdict's side of the
bar, *flips* when it lies on the other, and *weakens* it when it lies between. Nothing is decided
anew: so few seeds could not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import atanh
from typing import Any, Literal

import numpy as np

from steppe.case.claims_model import Claim
from steppe.core.response import normal_quantile
from steppe.model.ledger import NONE
from steppe.results.trajectory import EngineName
from steppe.study.claims.arms import Arm, ArmResolver
from steppe.study.claims.decision_rules import CONTRADICTED, SUPPORTED, Finding
from steppe.study.effects import Floats
from steppe.study.rule_patches import patches

Bearing = Literal["agrees", "weakens", "flips", "tells nothing"]
ACTORS = ("alliance", "regime")
"""Roles whose rule says who decides, history or the actors: no rival theories of one thing."""

LEVEL = 0.05
"""Chance that any parameter at all is named when none matters."""

Draws = Callable[[Arm, int], Mapping[str, float]]
"""The parameters of a draw: (arm, seed) -> parameter -> value."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a claim's number becomes in another model: its name, how it bears, the number.

    ``engine`` says by whom it was tried.
    """

    name: str
    bearing: Bearing
    finding: Finding
    engine: EngineName = "citizens"

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        low, high = self.finding.low, self.finding.high
        return {
            "name": self.name, "bearing": self.bearing, "number": self.finding.number,
            "interval": None if low is None else [low, high], "n": self.finding.n,
            "engine": self.engine,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class VerdictSensitivity:
    """A parameter that the number follows over draws: its rank correlation with the number."""

    parameter: str
    correlation: float
    draws: int

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"parameter": self.parameter, "correlation": self.correlation, "draws": self.draws}


def bearing(verdict: Finding, other: Finding) -> Bearing:
    """Say how the same claim fares elsewhere."""
    side = {SUPPORTED: "for", CONTRADICTED: "against"}.get(verdict.verdict)
    if side is None or other.number is None:
        return "tells nothing"
    if other.leaning == "between":
        return "weakens"
    return "agrees" if other.leaning == side else "flips"


def rivals(claim: Claim, resolver: ArmResolver) -> Iterator[tuple[str, str]]:
    """Yield (role, rule) of every other model that ``claim`` is tried in.

    With ``mechanisms`` in the claim these are the rivals of those roles and their removal, without
    it the rivals of every role but those that say who decides.
    """
    pairs: set[tuple[str, str]] = set()
    for part in claim.test.parts:
        arms = list(resolver.arms(part).values())
        if not arms:
            continue
        for role, _, rule in patches(resolver.scenario_of(arms[0]), rivals=True):
            if claim.mechanisms and role not in claim.mechanisms:
                continue
            if not claim.mechanisms and (rule == NONE or role in ACTORS):
                continue
            pair = (role, rule)
            if pair in pairs or any(arm.touches(role) for arm in arms):
                continue
            if all(resolver.fits(arm.under(pair)) for arm in arms):
                pairs.add(pair)
                yield pair


def sensitivities(
    finding: Finding, draws: Mapping[int, Mapping[str, float]]
) -> list[VerdictSensitivity]:
    """Return the parameters whose draws the finding's numbers follow, strongest first.

    Spearman's rank correlation over draws, Fisher's approximation, and as many tests as there are
    parameters (Bonferroni): with few draws only a parameter that decides almost alone is named.
    """
    seeds = [seed for seed in finding.by_seed if seed in draws]
    answers = np.array([finding.by_seed[seed] for seed in seeds])
    if len(seeds) < 6 or np.all(answers == answers[0]):
        return []
    names = sorted(set.intersection(*(set(draws[seed]) for seed in seeds)))
    bar = normal_quantile(1.0 - LEVEL / (2.0 * max(len(names), 1)))
    results = []
    for name in names:
        values = np.array([draws[seed][name] for seed in seeds])
        r = _rank_correlation(values, answers)
        z = atanh(min(abs(r), 1.0 - 1e-12)) * (len(seeds) - 3) ** 0.5
        if z > bar:
            results.append(VerdictSensitivity(name, r, len(seeds)))
    return sorted(results, key=lambda one: (-abs(one.correlation), one.parameter))


def _rank_correlation(x: Floats, y: Floats) -> float:
    from scipy.stats import rankdata

    a, b = (rankdata(values) - (len(values) + 1) / 2.0 for values in (x, y))
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / spread if spread > 0.0 else 0.0


def robust_document(
    finding: Finding, alternatives: Sequence[Alternative], influences: Sequence[VerdictSensitivity]
) -> dict[str, Any] | None:
    """Return how a verdict stands in other models as plain values; None where none was tried."""
    telling = [one for one in alternatives if one.bearing != "tells nothing"]
    if finding.verdict not in (SUPPORTED, CONTRADICTED) or not telling:
        return None
    by = {word: [one.name for one in telling if one.bearing == word]
          for word in ("agrees", "weakens", "flips")}  # fmt: skip
    return {
        "holds": not by["flips"],
        "agree": len(by["agrees"]),
        "tried": len(telling),
        "flips": by["flips"],
        "weakens": by["weakens"],
        "sensitive_to": [one.document() for one in influences],
        "alternatives": [one.document() for one in alternatives],
    }
