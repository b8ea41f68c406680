"""Every change of structure of a scenario: a rule switched off, or a rival in its place."""

from __future__ import annotations

from collections.abc import Iterator

from steppe.case.scenario import Scenario
from steppe.engine.plan import rule_of
from steppe.model.ledger import ESSENTIAL, MECHANISMS, NONE, fitting, street_of


def patches(scenario: Scenario, *, rivals: bool = False) -> Iterator[tuple[str, str, str]]:
    """Yield (role, rule now, rule instead) for every role that can be switched off or replaced.

    Rivals are those that go with the way citizens act; those of participation may change it.
    """
    street = street_of(scenario.mechanisms)
    for role, rules in MECHANISMS.items():
        now = rule_of(scenario, role)
        if role not in ESSENTIAL and now != NONE:
            yield role, now, NONE
        if rivals and now != NONE:
            for rule in rules if role == "participation" else fitting(role, street):
                if rule != now:
                    yield role, now, rule
