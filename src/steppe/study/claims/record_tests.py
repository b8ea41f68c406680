"""Tests of claims on what is on record: figures, dated events, documented facts, later outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steppe.case.claims_check import numbers_at
from steppe.case.claims_model import AftermathRow
from steppe.case.claims_tests import AftermathTest, EventTest, EvidenceTest, Observed, RecordTest
from steppe.case.scenario import Scenario, TimelineEvent
from steppe.study.claims.decision_rules import (
    CONTRADICTED,
    SUPPORTED,
    UNDECIDED,
    Finding,
    Leaning,
    Verdict,
)
from steppe.study.claims.numbers import count_text, interval, number_text, signed

LEAN: Mapping[Verdict, Leaning] = {
    SUPPORTED: "for", CONTRADICTED: "against", UNDECIDED: "between",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """An observed figure: its value if one is given, its ends, and where it is from."""

    value: float | None
    low: float
    high: float
    source: str


def judge_evidence(
    test: EvidenceTest, scenario: Scenario, aftermath: Mapping[str, AftermathRow]
) -> Finding:
    """Hold a claimed figure against the observed one.

    The observed range inside the claimed: supported; apart from it: contradicted; else undecided.
    """
    figure = observed(test.observed, scenario, aftermath)
    low, high = test.claimed.bounds
    verdict = UNDECIDED
    if low <= figure.low and figure.high <= high:
        verdict = SUPPORTED
    elif figure.high < low or figure.low > high:
        verdict = CONTRADICTED
    unit = test.unit.replace("_", " ")
    ends = interval(figure.low, figure.high)
    reason = f"observed: {ends} {unit}; claimed: {_claimed(low, high)} {unit}"
    middle = _open((figure.low + figure.high) / 2.0)
    number = figure.value if figure.value is not None else middle
    claimed = [_open(low), _open(high)]
    return _finding(
        verdict, "observed figure", reason, (number, _open(figure.low), _open(figure.high)),
        {"source": figure.source, "unit": test.unit, "claimed": claimed},
    )  # fmt: skip


def observed(where: Observed, scenario: Scenario, aftermath: Mapping[str, AftermathRow]) -> Figures:
    """Return the figure that ``where`` points to."""
    if where.figure is not None:
        one = where.figure
        return _figures(one.value, one.low, one.high, one.source)
    if where.observation is not None:
        row = next(row for row in scenario.observations if row.id == where.observation)
        return _figures(row.value, row.low, row.high, row.source)
    if where.target is not None:
        aim = next(t for t in scenario.evidence.targets if t.id == where.target)
        return _figures(aim.value, aim.low, aim.high, aim.source)
    if where.aftermath is not None:
        later = aftermath[where.aftermath]
        return _figures(later.value, None, None, later.source)
    total = sum(numbers_at(scenario, str(where.address)))
    source = f"the case: {where.address}"
    if where.over is not None:
        total /= sum(numbers_at(scenario, where.over))
        source += f" / {where.over}"
    return _figures(total, None, None, source)


def _figures(value: float | None, low: float | None, high: float | None, source: str) -> Figures:
    """Return a figure with its ends; an end that is not known is the value, or open without one."""
    open_low = float("-inf") if value is None else value
    open_high = float("inf") if value is None else value
    return Figures(
        value, open_low if low is None else low, open_high if high is None else high, source
    )


def judge_event(test: EventTest, scenario: Scenario) -> Finding:
    """Hold a dated event of the timeline against the window and the order that are claimed."""
    events = {event.id: event for event in scenario.timeline}
    event = events[test.id]
    conditions = (
        (test.from_ is None or event.at >= test.from_),
        (test.until is None or event.at <= test.until),
        (test.after is None or event.at > events[str(test.after)].at),
        (test.before is None or event.at < events[str(test.before)].at),
    )
    timeline = (event, *(events[str(name)] for name in (test.after, test.before) if name))
    verdict: Verdict = SUPPORTED if all(conditions) else CONTRADICTED
    if any(one.precision == "assumed" for one in timeline):
        verdict = UNDECIDED
    reason = "; ".join(_dated(one) for one in timeline)
    return _finding(
        verdict, "dated event", reason, None, {"source": "; ".join(one.source for one in timeline)}
    )


def _dated(event: TimelineEvent) -> str:
    how = "" if event.precision == "reported" else f" ({event.precision})"
    return f"{event.id}: {event.at:%Y-%m-%d %H:%M}{how}"


def judge_record(test: RecordTest) -> Finding:
    """Return the finding of a fact that a named source settles."""
    return _finding(test.finding, "source", test.note or test.source, None, {"source": test.source})


def judge_aftermath(test: AftermathTest, rows: Mapping[str, AftermathRow]) -> Finding:
    """Hold what was foreseen against what came about."""
    return _change(test, rows) if test.from_ is not None else _verdicts(test, rows)


def _verdicts(test: AftermathTest, rows: Mapping[str, AftermathRow]) -> Finding:
    outcomes = [rows[name] for name in test.rows]
    agree = sum(row.verdict in test.expect for row in outcomes)
    against = sum(row.verdict in test.against for row in outcomes)
    verdict = UNDECIDED
    if agree == len(outcomes):
        verdict = SUPPORTED
    elif against == len(outcomes):
        verdict = CONTRADICTED
    rest = len(outcomes) - agree - against
    reason = (
        f"of {count_text(len(outcomes), 'later outcome')} {agree} agree, {against} speak against it"
    )
    reason += f", {rest} settle nothing" if rest else ""
    return _finding(
        verdict,
        "share of outcomes",
        reason,
        (agree / len(outcomes), None, None),
        {"rows": list(test.rows), "source": "; ".join(r.source for r in outcomes)},
    )


def _change(test: AftermathTest, rows: Mapping[str, AftermathRow]) -> Finding:
    before, after = rows[str(test.from_)], rows[str(test.to)]
    assert before.value is not None  # checked when the file was read
    assert after.value is not None
    change, margin = after.value - before.value, float(test.margin or 0.0)
    toward = -change if test.direction == "decrease" else change
    holds = abs(change) <= margin if test.direction == "none" else toward > margin
    claimed = {"none": "no change beyond", "increase": "a rise of more than",
               "decrease": "a fall of more than"}[str(test.direction)]  # fmt: skip
    reason = (
        f"{before.item}: {number_text(before.value)} ({before.date}) to {number_text(after.value)} "
        f"({after.date}); {claimed} {number_text(margin)} was claimed"
    )
    return _finding(
        SUPPORTED if holds else CONTRADICTED, f"change of {before.item}", reason,
        (change, None, None),
        {"rows": [before.id, after.id], "source": after.source, "change": signed(change)},
    )  # fmt: skip


def _claimed(low: float, high: float) -> str:
    if low == float("-inf"):
        return f"at most {number_text(high)}"
    return f"at least {number_text(low)}" if high == float("inf") else interval(low, high)


def _open(value: float) -> float | None:
    return value if abs(value) != float("inf") else None


def _finding(
    verdict: Verdict,
    measure: str,
    reason: str,
    number: tuple[float | None, float | None, float | None] | None,
    details: dict[str, Any],
) -> Finding:
    value, low, high = number if number is not None else (None, None, None)
    return Finding(
        verdict, measure, reason, value, low, high, leaning=LEAN[verdict], details=details
    )
