"""Checks of goods and of the triggers that raise their price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from steppe.case.source_location import Problem, unknown_name

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario


def good_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with goods and with triggers that move their price."""
    several = len(scenario.goods) > 1
    for index, good in enumerate(scenario.goods):
        shares = {"budget_share": good.budget_share, "elasticity": good.elasticity}
        if several or any(value is not None for value in shares.values()):
            for name, value in shares.items():
                if value is None:
                    why = "each of several goods has its own" if several else "one without other"
                    yield Problem(("goods", index, name), f"is missing: {why}", at_key=True)
    names = [good.id for good in scenario.goods]
    for index, one in enumerate(scenario.triggers):
        where = ("triggers", index)
        if one.kind != "price":
            if one.good is not None:
                yield Problem((*where, "good"), f"a {one.kind} has none", "price has", at_key=True)
        elif not names:
            wrong = "no good has a price that could move"
            yield Problem((*where, "kind"), wrong, "a good under goods")
        elif one.good is not None:
            yield from unknown_name((*where, "good"), one.good, names, "good")
        elif several:
            yield Problem((*where, "good"), "is missing: the case has several", ", ".join(names),
                          at_key=True)  # fmt: skip
