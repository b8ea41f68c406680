"""What-ifs of a nowcast: counterfactuals of the case that act after the last day that is let in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError, Fault
from steppe.engine.first_hour import acts_before, first_hour
from steppe.study.nowcast.history import end_hour, history_until


def variants_of(scenario: Scenario, names: Sequence[str], until: date) -> dict[str, Scenario]:
    """Return the case under each counterfactual, as it stood at the end of ``until``.

    Raises ``CaseError`` for a name that the case does not have, one that acts before, and one
    that changes only what happened later, which nobody knew.
    """
    base, hour = history_until(scenario, until), end_hour(scenario, until)
    variants = {
        name: history_until(scenario.counterfactual(name), until) for name in dict.fromkeys(names)
    }
    faults = []
    for name, variant in variants.items():
        early = acts_before(base, variant, hour)
        faults += [
            Fault(name, 0, 0, one.path, f"acts before the end of {until}", "what acts after it")
            for one in early
        ]
        if not early and first_hour(base, variant) >= base.clock.hours:
            wrong = f"changes nothing that acts after {until}: later events are not known then"
            allowed = "a counterfactual of what actors may do, such as of their levers"
            faults.append(Fault(name, 0, 0, "", wrong, allowed))
    if faults:
        raise CaseError(faults)
    return variants
