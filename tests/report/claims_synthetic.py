"""A judgement of the small invented case with numbers planted in the place of runs."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from steppe.case import Scenario
from steppe.case.claims import ClaimsFile, claims_of
from steppe.case.load import load
from steppe.report.claims_payload import ClaimsPayload
from steppe.study.claims.document import document
from steppe.study.claims.judge import JudgeConfig, judge
from steppe.study.claims.runner import ArmQuantities, Table

CASE = "two-valleys"


def planted(wanted: ArmQuantities, seeds: Sequence[int]) -> Table:
    """Return numbers that hang on the arm, the quantity and the seed, and on nothing else."""
    table: Table = {}
    for arm, quantities in wanted.items():
        for quantity in quantities:
            name = f"{arm.changes}{arm.rule}{quantity.name}"
            shift = np.random.default_rng(zlib.crc32(name.encode())).random()
            row = {}
            for seed in seeds:
                u = np.random.default_rng((zlib.crc32(quantity.name.encode()), seed)).random()
                sure = quantity.thresholded or quantity.outcome == "large_protest"
                row[seed] = float(u < shift) if sure else 100.0 * float(np.exp(u)) * (0.6 + shift)
            table[arm, quantity] = row
    return table


def judged() -> tuple[Scenario, ClaimsFile, dict[str, Any]]:
    """Return the case, its claims and the document of their judgement."""
    scenario = load(CASE)
    file = claims_of(CASE, scenario)
    assert file is not None
    terms = JudgeConfig.of(file, rival_seeds=0, prior_seeds=6)
    made = judge(file, scenario, planted, terms)
    found = document(made, lambda one: f"steppe judge {CASE} {one['id']}",
                     lambda one: f"steppe pair {CASE}" if one["arms"] else "")  # fmt: skip
    return scenario, file, found


@cache
def payload() -> ClaimsPayload:
    """Return the payload of the page."""
    scenario, file, found = judged()
    return ClaimsPayload(
        file, scenario, found, f"steppe judge {CASE}", {"steppe": "0"}, ("Invented.",)
    )
