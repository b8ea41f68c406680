"""What the change did: paired differences over the seeds that both histories have.

Signs are those of ``study.effects``, ``steppe pair`` and its report: as it was less changed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from steppe.report.effects import CAUSED, COMPARED
from steppe.study.causation import BINARY, Outcome, causation
from steppe.study.effects import effect

Outcomes = Mapping[int, Outcome]
"""The outcome of each seed."""


def effects(baseline: Outcomes, variant: Outcomes) -> list[dict[str, Any]]:
    """Return, per outcome, both means and the difference as it was less changed, with interval.

    ``low`` and ``high`` are None where one pair tells nothing of the spread.
    """
    common = sorted(baseline.keys() & variant.keys())
    out = []
    for name, label, _, unit in COMPARED:
        if not common or any(name not in arm[s] for arm in (baseline, variant) for s in common):
            continue
        one, other = (
            np.array([float(arm[s][name]) for s in common]) for arm in (baseline, variant)
        )
        found = effect(name, one, other)
        out.append({
            "name": name, "label": label, "unit": unit, "pairs": found.pairs,
            "baseline": found.baseline, "variant": found.variant,
            "difference": _known(found.difference), "low": _known(found.low),
            "high": _known(found.high), "gaps": (one - other).tolist(),
        })  # fmt: skip
    return out


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def causes(baseline: Outcomes, variant: Outcomes, citizens: int) -> list[dict[str, Any]]:
    """Return the probabilities of causation of what the variant lacks, as ``study.causation`` has
    them, with how often each outcome came about in either history.
    """
    common = sorted(baseline.keys() & variant.keys())
    out = []
    for name, test in BINARY.items() if common else ():
        with_it = [test(baseline[s], citizens) for s in common]
        without = [test(variant[s], citizens) for s in common]
        found = causation(name, with_it, without)
        out.append({
            "name": name, "label": CAUSED[name], "pairs": found.pairs,
            "baseline": sum(with_it), "variant": sum(without),
            "necessity": found.necessity, "sufficiency": found.sufficiency, "both": found.both,
        })  # fmt: skip
    return out
