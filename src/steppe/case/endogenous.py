"""History until an hour, the actors' own decisions after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from steppe.case.patch import Patch, apply
from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark, near
from steppe.core.errors import CaseError

REQUEST = "request"
"""Word for the hour after the alliance is first asked for help."""


def endogenous_patch(scenario: Scenario, when: str) -> Patch:
    """Return the patch by which regime, elite and alliance decide for themselves from ``when``.

    ``when`` is a local time (``2022-01-06T00:00``), the id of an event of the timeline, or
    ``request``: the first full hour after the event, so that the event itself is history's.
    Raises ``CaseError`` for anything else.
    """
    start = _hour(scenario, when).isoformat(timespec="minutes")
    return Patch.of({"mode": "endogenous", "endogenous_from": start})


def endogenous_from(scenario: Scenario, when: str) -> Scenario:
    """Return the scenario whose actors decide for themselves from ``when`` on."""
    return apply(scenario, endogenous_patch(scenario, when))


def _hour(scenario: Scenario, when: str) -> datetime:
    events = [e for e in scenario.timeline if e.enabled and e.when is None]
    lever = "alliance_request" if when == REQUEST else None
    hours = [e.at for e in events if when == e.id or lever == e.do]
    if hours:
        full = min(hours).replace(tzinfo=None, minute=0, second=0, microsecond=0)
        return full + timedelta(hours=1)
    try:
        return datetime.fromisoformat(when).replace(tzinfo=None)
    except ValueError:
        names = [REQUEST, *(e.id for e in events)]
        fault = SourceMark("--free-from").fault(
            "",
            f"'{when}' is no time and no event of the timeline",
            "a time such as 2022-01-06T00:00, 'request', or the id of an event",
            near(when, names),
        )
        raise CaseError([fault]) from None
