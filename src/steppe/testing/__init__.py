"""The contract of mechanisms, for everybody who writes one.

    from steppe.testing import check_mechanism

    def test_my_rule() -> None:
        check_mechanism(MY_RULE)

Each check can also be called by itself; all raise ``AssertionError`` with a sentence that says
what is broken. Two checks need to be told parameters and are no part of ``check_mechanism``:
``check_arguments_matter``, those under which rare events are frequent, and ``check_absence``,
those under which the rule does nothing.
"""

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
    check_absence,
    check_arguments_matter,
    check_purity,
    check_relabelling,
    check_shards,
    check_writes,
)
from steppe.testing.suite import CHECKS, check_mechanism
from steppe.testing.worlds import ContractWorld, arguments, bare_world, quiet_world, world

__all__ = [
    "CHECKS",
    "ContractWorld",
    "arguments",
    "bare_world",
    "check_absence",
    "check_arguments",
    "check_arguments_matter",
    "check_choices",
    "check_citizen_order",
    "check_citizen_reads",
    "check_compiled",
    "check_mechanism",
    "check_neutral",
    "check_parameters",
    "check_purity",
    "check_relabelling",
    "check_shards",
    "check_sources",
    "check_writes",
    "quiet_world",
    "world",
]
