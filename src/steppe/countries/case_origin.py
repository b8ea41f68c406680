"""The case that a folder was begun as: made once more from its country, its days, its trigger."""

from __future__ import annotations

from datetime import timedelta

from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.countries.codes import find_country
from steppe.countries.new_case import QUIET_DAYS, CaseRequest, NewCase, TriggerKind, new_case
from steppe.countries.units import LEVELS, units_at

KINDS: dict[str, TriggerKind] = {
    "price": "price", "legitimacy": "election", "harm": "outrage", "call": "call",
}  # fmt: skip
"""What a new case was asked to begin with, by the kind of its trigger."""


def origin_of(scenario: Scenario) -> NewCase | None:
    """Return the new case of the country that ``scenario`` was begun as.

    None where the packaged tables make none with its trigger, its regions and its places.
    """
    kind = next((KINDS.get(one.kind) for one in scenario.triggers), None)
    if kind is None:
        return None
    days = max(1, scenario.clock.hours // 24 - QUIET_DAYS)
    start = (scenario.clock.start + timedelta(days=QUIET_DAYS)).date()
    try:
        country = find_country(scenario.country.iso3)
        return _case(scenario, CaseRequest(country, start, days, kind))
    except CaseError:
        return None


def _case(scenario: Scenario, request: CaseRequest) -> NewCase | None:
    ids = {one.id for one in scenario.regions}, {one.id for one in scenario.places}
    for level in LEVELS:
        case = new_case(request, units_at(request.country, level))
        if ({one.id for one in case.regions}, {one.id for one in case.places}) == ids:
            return case
    return None
