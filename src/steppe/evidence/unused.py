"""What of the observed figures and targets of a case no run is ever held against, and why.

A figure that is silently left out looks like one that was met; so each is counted and named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from steppe.case.scenario import Scenario
from steppe.case.source_location import Problem, name_list, near
from steppe.case.tables import Observation
from steppe.evidence.observables import OBSERVABLES
from steppe.evidence.series import SERIES
from steppe.evidence.targets import resolve
from steppe.evidence.view import whole_days
from steppe.results.curves import CURVES

PRESENCE = "protest_present"
"""Observed day by day and region by region, beside the map."""

UNITS = {measure: OBSERVABLES[one.observable].unit for one in SERIES for measure in one.measures}
"""The unit of each measure that is held against an observable."""

USED = sorted({PRESENCE, *UNITS, *(name for curve in CURVES for name in curve.observed)})
"""Measures that are drawn or compared; figures of another stay in the case."""

NOT_DRAWN = "are not drawn"

AFTER = 366
"""Final counts came as late as this many days after a crisis."""


def unit_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield observed figures that would be drawn on a scale of another unit."""
    for index, row in enumerate(scenario.observations):
        unit = UNITS.get(row.measure, row.unit)
        if row.unit != unit:
            wrong = f"'{row.unit}' is another unit than that of {row.measure}"
            yield Problem(("observations", index, "unit"), wrong, unit)


def unused_figures(scenario: Scenario) -> Iterator[Problem]:
    """Yield what can never be compared: one problem for each reason, with a count."""
    rows: dict[str, list[int]] = {}
    for index, row in enumerate(scenario.observations):
        if reason := _reason(row, scenario):
            rows.setdefault(reason, []).append(index)
    for reason, indices in rows.items():
        count = Counter(scenario.observations[index].measure for index in indices)
        first = scenario.observations[indices[0]].measure
        names = name_list(f"{name} ({times})" for name, times in count.most_common())
        share = f"{len(indices)} of {len(scenario.observations)} observed figures"
        wrong = f"{share} {NOT_DRAWN}, {reason}: {names}"
        close = near(first, USED) if first not in USED and len(count) == 1 else ""
        yield Problem(("observations", indices[0], "measure"), wrong, "", close)
    days = whole_days(scenario.clock.clock())
    late = [
        (index, one.target.id)
        for index, one in enumerate(resolve(scenario))
        if one.tested and not _reached(one.target.date, days, one.observable.kind)
    ]
    if late:
        names = name_list(name for _, name in late)
        wrong = f"{len(late)} targets are of days that the run does not cover: {names}"
        yield Problem(("evidence", "targets", late[0][0], "date"), wrong)


def _reason(row: Observation, scenario: Scenario) -> str:
    """Return why no run is held against ``row``, or ''."""
    if row.measure not in USED:
        return "for no series of a run is such a measure"
    if row.value is None and row.low is None and row.high is None:
        return "for they have neither value nor low nor high"
    first = scenario.clock.start.date()
    if date.fromisoformat(row.date) < first:
        return f"for they are of days before the run, which begins on {first.isoformat()}"
    last = first + timedelta(hours=scenario.clock.hours + 24 * AFTER)
    if date.fromisoformat(row.date) > last:
        return f"for they are of days more than {AFTER} after the run"
    return ""


def _reached(when: str, days: tuple[date, ...], kind: str) -> bool:
    day = date.fromisoformat(when)
    return bool(days) and day <= days[-1] and (day >= days[0] or kind != "day")
