"""Granovetter 1978: two crowds almost alike end far apart, and spread makes them jump."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from steppe.case.scenario import Part
from steppe.core.compile import compiled
from steppe.core.random import key_of
from steppe.toys.case import Count, Points, ValueOr
from steppe.toys.result import Findings, Line
from steppe.toys.thresholds import Normal, crowd, majorities, settle
from steppe.toys.toy import Toy

Percent = Annotated[float, Field(ge=0.1, le=100.0)]


class GranovetterParameters(Part):
    """Sizes of the crowds, and the mean and spreads of normal thresholds."""

    small: ValueOr[Annotated[int, Field(ge=2, le=10_000)], Literal["persons"]]
    large: ValueOr[Annotated[int, Field(ge=100, le=10_000_000)], Literal["persons"]]
    mean: ValueOr[Percent, Literal["percent"]]
    sd: ValueOr[Points, Literal["percent"]]
    sd_drawn: ValueOr[Points, Literal["percent"]]
    draws: ValueOr[Count, Literal["crowds"]]


def ladder(persons: int, *, second: int = 1) -> int:
    """Return how many are active at last, thresholds 0, ``second``, 2, 3, ... persons."""
    needs = np.arange(persons)
    needs[1] = second
    return int(compiled(settle)(needs))


def share(mean: float, sd: float, persons: int) -> float:
    """Return the share of a large crowd that is active at last, in percent."""
    return 100.0 * float(compiled(crowd)(mean / 100.0, sd / 100.0, persons)) / persons


def jump(mean: float, persons: int, low: float, high: float) -> tuple[float, float, float]:
    """Return the spread at which the active share jumps over one half, and it on both sides.

    ``low`` and ``high`` are spreads below and above the jump, in percentage points.
    """
    while high - low > 1e-7:
        middle = 0.5 * (low + high)
        if share(mean, middle, persons) > 50.0:
            high = middle
        else:
            low = middle
    return high, share(mean, low, persons), share(mean, high, persons)


def majority(mean: float, sd: float, persons: int, draws: int, seeds: range) -> float:
    """Return in which share of crowds drawn at random more than half are active at last."""
    needs = np.empty(persons, dtype=np.int64)
    by_need = np.empty(persons + 2, dtype=np.int64)
    normal = Normal(mean / 100.0, sd / 100.0)
    count = sum(
        int(compiled(majorities)(normal, needs, by_need, draws, key_of(seed))) for seed in seeds
    )
    return count / (draws * len(seeds))


def run(p: Mapping[str, Any], seeds: range) -> Findings:
    """Run both ladders, the sweep of a large crowd, its jump, and crowds drawn at random."""
    at, below, above = jump(p["mean"], p["large"], 1.0, 2.0 * p["mean"])
    spreads, small_spreads = np.array(p["sd"]), np.array(p["sd_drawn"])
    shares = np.array([share(p["mean"], sd, p["large"]) for sd in p["sd"]])
    chances = [majority(p["mean"], sd, p["small"], p["draws"], seeds) for sd in p["sd_drawn"]]
    return Findings(
        {
            "ladder": ladder(p["small"]),
            "ladder_broken": ladder(p["small"], second=2),
            "jump": at,
            "share_below_jump": below,
            "share_above_jump": above,
        },
        (
            Line("share", "sd", "percent", spreads, shares, "percent",
                 "active at last in a large crowd"),
            Line("majority", "sd_drawn", "percent", small_spreads, np.array(chances), "1",
                 "chance that more than half of a small crowd are active at last"),
        ),
    )  # fmt: skip


GRANOVETTER = Toy(
    name="granovetter",
    parameters=GranovetterParameters,
    measures={
        "ladder": "persons",
        "ladder_broken": "persons",
        "jump": "percent",
        "share_below_jump": "percent",
        "share_above_jump": "percent",
    },
    lines={"share": ("percent", "sd"), "majority": ("1", "sd_drawn")},
    size=lambda p: (p["large"], p["small"]),
    run=run,
)
