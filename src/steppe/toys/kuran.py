"""Kuran 1991: ten persons, four societies; who is one step bolder decides over revolution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from steppe.case.scenario import Part
from steppe.core.compile import compiled
from steppe.toys.case import ValueOr
from steppe.toys.result import Findings, Line
from steppe.toys.thresholds import settle
from steppe.toys.toy import Toy

Percents = Annotated[
    tuple[Annotated[int, Field(ge=0, le=100)], ...], Field(min_length=2, max_length=1000)
]
SOCIETIES = ("first", "first_bolder", "second", "second_meeker")


class KuranToyParameters(Part):
    """The revolutionary threshold of every person of each society, percent of the population."""

    first: ValueOr[Percents, Literal["percent"]]
    first_bolder: ValueOr[Percents, Literal["percent"]]
    second: ValueOr[Percents, Literal["percent"]]
    second_meeker: ValueOr[Percents, Literal["percent"]]


def opposed(thresholds: tuple[int, ...]) -> float:
    """Return the percent publicly opposed at last, starting from nobody."""
    persons = len(thresholds)
    needs = np.array([-(-threshold * persons // 100) for threshold in thresholds])
    return 100.0 * float(compiled(settle)(needs)) / persons


def run(p: Mapping[str, Any], seeds: range) -> Findings:
    """Run the four societies; nothing is drawn."""
    opposing = {name: opposed(p[name]) for name in SOCIETIES}
    number = np.arange(1.0, len(opposing) + 1.0)
    shares = np.array(list(opposing.values()))
    return Findings(
        opposing, (Line("opposed", "society", "1", number, shares, "percent", "publicly opposed"),)
    )


KURAN = Toy(
    name="kuran",
    parameters=KuranToyParameters,
    measures=dict.fromkeys(SOCIETIES, "percent"),
    lines={"opposed": ("percent", "")},
    size=lambda p: (max(len(p[name]) for name in SOCIETIES),) * 2,
    run=run,
)
