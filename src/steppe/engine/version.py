"""The versions that decide whether two runs can be held against each other."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from steppe.core.code_version import code_version
from steppe.engine.plan import rule_of
from steppe.model.ledger import MECHANISMS, NONE

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario

MODEL_VERSION = "3"
"""Raised whenever a change of a rule or parameter changes results."""


def engine_version(scenario: Scenario | None = None) -> str:
    """Return the version of everything that can change a bit of a run of ``scenario``.

    Its last part is that of the rules that the scenario plays or switches off; their rivals are no
    part of it. Without a scenario it is that of all rules.
    """
    if scenario is None:
        return _version(
            tuple((role, rule) for role, rivals in MECHANISMS.items() for rule in rivals)
        )
    return _version(tuple((role, rule_of(scenario, role)) for role in MECHANISMS))


def shared_version(version: str | None = None) -> str:
    """Return the part of a version that all scenarios share; by default of this program's."""
    return (version or engine_version()).rpartition(".")[0]


@functools.cache
def _version(rules: tuple[tuple[str, str], ...]) -> str:
    roots = [text for role, rule in rules for text in (f"{role}/{rule}", *_modules(role, rule))]
    return f"{MODEL_VERSION}.{code_version()}.{code_version(tuple(roots))}"


def _modules(role: str, rule: str) -> tuple[str, ...]:
    """Return where a rule and its parameters are written; of a role switched off its default's.

    A rule in a file of the user has none: the scenario holds the hash of its content.
    """
    rivals = MECHANISMS[role]
    one = next(iter(rivals.values())) if rule == NONE else rivals.get(rule)
    if one is None:
        return ()
    return tuple(
        m.removeprefix("steppe.") for m in (one.rule.__module__, one.parameters.__module__)
    )
