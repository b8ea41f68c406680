"""The decision loop is as fast as it can be written badly without any bit changing.

Handing all columns of citizens to a function for each citizen, say, makes it two hundred times as
slow and leaves every result as it was, so that only its pace tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from steppe.case.scenario import Scenario
from steppe.core.compile import set_threads
from steppe.engine import choice_street
from steppe.engine.plan import plan
from steppe.engine.step import before_street, hour_context
from steppe.engine.world import build

REPEATS = 5
TIMES = 200.0
"""Passing over a citizen who does not think again may cost this much of counting one."""


def fastest(act: Callable[[], Any]) -> float:
    """Return the least processor time of some repeats, seconds."""
    found = []
    for _ in range(REPEATS):
        began = time.process_time()
        for _ in range(10):
            act()
        found.append(time.process_time() - began)
    return min(found)


def test_a_decision_costs_little_more_than_a_count(kazakhstan: Scenario) -> None:
    """Source: measured; the loop as it is takes about 10 times as long as counting, the
    bad one some 1,000 times.
    """
    set_threads(1)
    by_choice = kazakhstan.change("mechanisms.participation", "logit")
    world = build(by_choice, plan(by_choice), 1, 0.5)
    for part in before_street(world, 0):
        part.act()
    here = hour_context(world)

    def decide() -> None:
        choice_street.decide(world, here, 0)

    decide()
    choice_street.count(world)
    assert fastest(decide) < TIMES * fastest(lambda: choice_street.count(world))
