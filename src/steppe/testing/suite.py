"""The contract of mechanisms as one call."""

from __future__ import annotations

from collections.abc import Callable

from steppe.model.mechanism import Mechanism
from steppe.testing.citizens import (
    check_choices,
    check_citizen_order,
    check_citizen_reads,
    check_compiled,
)
from steppe.testing.declarations import (
    check_arguments,
    check_neutral,
    check_parameters,
    check_sources,
)
from steppe.testing.fields import (
    check_purity,
    check_relabelling,
    check_shards,
    check_writes,
)

CHECKS: tuple[Callable[[Mechanism], None], ...] = (
    check_sources,
    check_parameters,
    check_arguments,
    check_neutral,
    check_writes,
    check_purity,
    check_relabelling,
    check_shards,
    check_choices,
    check_citizen_order,
    check_citizen_reads,
    check_compiled,
)
"""Every check of the contract, in the order in which failures are told."""


def check_mechanism(mechanism: Mechanism) -> None:
    """Run every check of the contract; ``AssertionError`` says in a sentence what is broken.

    Checks that do not apply to the kind of rule, field or citizen, pass.
    """
    for check in CHECKS:
        check(mechanism)
