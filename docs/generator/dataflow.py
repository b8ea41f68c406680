"""The flow of data in an hour, from what the mechanisms declare to read and to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.case import endogenous, scripted
from steppe.model.columns import BY_NAME, COLUMNS
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms import ALL
from steppe.model.phases import Phase

TIMELINE, CITIZEN = "timeline", "citizen"
LANES = (
    TIMELINE, "nation", "region", "place", "cell", CITIZEN, "building", "unit", "faction",
    "option", "audience", "issue", "neighbour", "feature", "stakeholder", "listening",
)  # fmt: skip
"""Scales as columns are grouped in the diagram, from left to right."""


@dataclass(frozen=True, slots=True)
class Row:
    """One mechanism of the hour: columns read and written by lane, and those read fresh.

    ``fresh`` counts the columns read that an earlier row of the same hour wrote. ``free`` marks a
    rule that plays only where actors decide for themselves.
    """

    phase: Phase
    role: str
    rule: str
    title: str
    reads: Mapping[str, int]
    fresh: Mapping[str, int]
    writes: Mapping[str, int]
    free: bool


def lane(column: str) -> str:
    """Return the lane of a column: its scale, the timeline, or the citizens."""
    if column.startswith("script_"):
        return TIMELINE
    return BY_NAME[column].scale if column in BY_NAME else CITIZEN


def counted() -> tuple[str, ...]:
    """Return the columns that no mechanism writes: counts of the streets, made by the engine."""
    written = {name for m in ALL for name in m.writes}
    return tuple(c.name for c in COLUMNS if c.kind == "state" and c.name not in written)


def _by_lane(columns: Iterable[str]) -> dict[str, int]:
    found = Counter(lane(name) for name in columns)
    return {name: found[name] for name in LANES if name in found}


def _changing(m: Mechanism) -> tuple[str, ...]:
    """Return the columns a rule reads that can change in a run; a citizen also reads himself."""
    own = ("citizen_state",) if m.citizen else ()
    return own + tuple(name for name in m.reads if BY_NAME[name].kind != "fixed")


def flow() -> tuple[Row, ...]:
    """Return the rows of an hour in which actors decide, with the count between two phases."""
    shipped = {step.mechanism.role: step.mechanism.name for step in scripted().steps}
    written: set[str] = set()
    rows: list[Row] = []

    def add(phase: Phase, role: str, rule: str, title: str, reads: tuple[str, ...],
            writes: tuple[str, ...], free: bool = False) -> None:  # fmt: skip
        fresh = [name for name in reads if name in written]
        rows.append(Row(phase, role, rule, title, _by_lane(reads), _by_lane(fresh),
                        _by_lane(writes), free))  # fmt: skip
        written.update(writes)

    steps = endogenous().steps
    for index, step in enumerate(steps):
        m = step.mechanism
        free = shipped.get(m.role) != m.name
        add(m.phase, m.role, m.name, m.title, _changing(m), m.writes, free)
        last = index + 1 == len(steps) or steps[index + 1].mechanism.phase > Phase.CONTACT
        if last and m.phase <= Phase.CONTACT:
            add(Phase.CONTACT, "count", "engine", "The streets are counted",
                ("citizen_state",), counted())  # fmt: skip
    return tuple(rows)
