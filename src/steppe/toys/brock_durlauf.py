"""Brock and Durlauf 2001: when the wish to conform is strong, a society has more than one rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from steppe.case.scenario import Part
from steppe.core.compile import compiled
from steppe.core.random import key_of
from steppe.toys.case import Count, Points, ValueOr
from steppe.toys.discrete_choice import (
    ChoiceTerms,
    choose_repeatedly,
    fixed_points,
    largest_noise,
    mean_choice,
)
from steppe.toys.result import Findings, Line
from steppe.toys.toy import Toy

GRID = 1000
Positive = Annotated[float, Field(gt=0.0, le=100.0)]


class BrockDurlaufParameters(Part):
    """Strength of conformity, and a society of agents with noisy choices."""

    conformity: ValueOr[Points, Literal["1"]]
    beta: ValueOr[Positive, Literal["1"]]
    cost: ValueOr[Positive, Literal["1"]]
    sigma: ValueOr[Positive, Literal["1"]]
    agents: ValueOr[Annotated[int, Field(ge=10, le=10_000_000)], Literal["persons"]]
    steps: ValueOr[Count, Literal["steps"]]


def settled_share(p: Mapping[str, Any], start: float, seeds: range) -> float:
    """Return the mean share acting over seeds and the second half of the steps."""
    out = np.empty(p["steps"], dtype=np.int64)
    terms, shares = ChoiceTerms(p["beta"], p["cost"], p["sigma"]), []
    for seed in seeds:
        first = round(start * p["agents"])
        compiled(choose_repeatedly)(first, p["agents"], terms, out, key_of(seed))
        shares.append(float(out[len(out) // 2 :].mean()) / p["agents"])
    return float(np.mean(shares))


def run(p: Mapping[str, Any], seeds: range) -> Findings:
    """Find the fixed points by halving, and where agents come to rest from none and from all."""
    points = fixed_points(p["beta"], p["cost"], p["sigma"], GRID)
    means = np.array([mean_choice(c) for c in p["conformity"]])
    return Findings(
        {
            "rests": float(len(points)),
            "share_low": points[0],
            "share_middle": points[len(points) // 2],
            "share_high": points[-1],
            "largest_noise": largest_noise(p["beta"], p["cost"], GRID),
            "agents_from_none": settled_share(p, 0.0, seeds),
            "agents_from_all": settled_share(p, 1.0, seeds),
        },
        (
            Line("mean_choice", "conformity", "1", np.array(p["conformity"]), means, "1",
                 "largest mean choice m with m = tanh(bJ m)"),
        ),
    )  # fmt: skip


BROCK_DURLAUF = Toy(
    name="brock-durlauf",
    parameters=BrockDurlaufParameters,
    measures=dict.fromkeys(
        (
            "rests", "share_low", "share_middle", "share_high", "largest_noise",
            "agents_from_none", "agents_from_all",
        ),
        "1",
    ),
    lines={"mean_choice": ("1", "conformity")},
    size=lambda p: (p["agents"], p["steps"]),
    run=run,
)  # fmt: skip
