"""Protest episodes: how outcomes go with size, violence and response, in the record and in runs.

The record is a table of episodes in autocracies made of Mass Mobilization events (Clark & Regan,
doi:10.7910/DVN/HTTWYL); only shares of groups are taken from it. Both sides are cut at 1,000
people: below that the record holds an episode only if it was lethal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from steppe.case.files import MAX_TABLE, read_text
from steppe.case.source_location import SourceMark, cell_mark, name_list
from steppe.case.tables_io import records
from steppe.core.errors import CaseError
from steppe.research.crises.runs import CrisisOutcomes
from steppe.study.causation import wilson

SMALLEST = 1000.0
"""People below whom an episode, and a run, is left out."""

BANDS = ((1e3, 1e4, "1,000–10,000"), (1e4, 1e5, "10,000–100,000"),
         (1e5, float("inf"), "100,000+"))  # fmt: skip

ROUGH = 0.01
"""Share of the people on the street from which a run counts as violent [assumed]."""

LEADER_EXITS = frozenset(
    {"leader_ousted_by_protest", "coup", "other_irregular_exit", "leader_exit_other"}
)
FORCED = LEADER_EXITS - {"leader_exit_other"}

COLUMNS = (
    "peak_size", "violent_share", "r_accommodate", "r_arrests", "r_killings", "r_shootings",
    "outcome",
)  # fmt: skip
"""Columns that are read; others may be there."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A protest, recorded or simulated.

    ``out`` is None where only a forced exit can be told, which ``forced`` says.
    """

    peak: float
    violent: bool
    lethal: bool
    accommodated: bool
    arrests: bool
    forced: bool
    out: bool | None


@dataclass(frozen=True, slots=True)
class EpisodeGroup:
    """Shares of one group of episodes, each (share, low, high) with a 95 % Wilson interval."""

    split: str
    group: str
    n: int
    shares: Mapping[str, tuple[float, float, float]]


OUTCOMES: Mapping[str, Callable[[Episode], bool | None]] = MappingProxyType({
    "lethal": lambda e: e.lethal,
    "accommodated": lambda e: e.accommodated,
    "forced": lambda e: e.forced,
    "out": lambda e: e.out,
})  # fmt: skip
"""Name -> what an episode says: killings, an accommodation, a forced exit of the leader, any."""


def _response(one: Episode) -> str:
    if one.lethal:
        return "shot, gave in" if one.accommodated else "shot"
    return "gave in" if one.accommodated else ("arrests" if one.arrests else "nothing")


SPLITS: Mapping[str, Callable[[Episode], str]] = MappingProxyType({
    "all": lambda e: "all",
    "peak": lambda e: next(name for low, high, name in BANDS if low <= e.peak < high),
    "violence": lambda e: "violent" if e.violent else "peaceful",
    "response": _response,
})  # fmt: skip
ORDER = (
    "all", *(name for _, _, name in BANDS), "peaceful", "violent", "nothing", "arrests",
    "gave in", "shot", "shot, gave in",
)  # fmt: skip


def read_episodes(path: Path) -> tuple[Episode, ...]:
    """Return the episodes of a table with at least ``COLUMNS``, those of 1,000 people and more.

    Raises ``CaseError`` with line and column for a missing column or a cell that is no number.
    """
    lines = tuple(read_text(path, MAX_TABLE, SourceMark(str(path))).split("\n"))
    rows = records(lines, str(path))
    _, header = next(rows, (1, []))
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        mark = SourceMark(str(path), 1, 1)
        raise CaseError(mark.fault(n, "the column is missing", name_list(COLUMNS)) for n in missing)
    episodes = []
    for start, cells in rows:
        row = dict(zip(header, cells, strict=False))  # a short row leaves the last cells blank
        place = partial(cell_mark, str(path), lines, start)
        cell = {
            name: _number(row.get(name, ""), name, partial(place, at))
            for at, name in enumerate(header)
            if name in COLUMNS and name != "outcome"
        }
        if cell["peak_size"] >= SMALLEST:
            episodes.append(_parse_episode(cell, row.get("outcome", "")))
    if not episodes:
        raise CaseError([SourceMark(str(path)).fault("", "no episode of 1,000 people or more")])
    return tuple(episodes)


def _number(cell: str, name: str, place: Callable[[], SourceMark]) -> float:
    try:
        value = float(cell or 0.0)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CaseError([place().fault(name, f"expected a number, got '{cell}'")])
    return value


def _parse_episode(cell: Mapping[str, float], outcome: str) -> Episode:
    return Episode(
        peak=cell["peak_size"],
        violent=cell["violent_share"] > 0.0,
        lethal=cell["r_killings"] + cell["r_shootings"] > 0.0,
        accommodated=cell["r_accommodate"] > 0.0,
        arrests=cell["r_arrests"] > 0.0,
        forced=outcome in FORCED,
        out=outcome in LEADER_EXITS,
    )


def as_episodes(runs: Iterable[CrisisOutcomes]) -> tuple[Episode, ...]:
    """Return runs as episodes; every fall of the model is forced, and it knows no other exit."""
    return tuple(
        Episode(
            peak=run.peak,
            violent=run.violent >= ROUGH,
            lethal=run.killed > 0.0,
            accommodated=run.conceded,
            arrests=run.arrests,
            forced=run.falls,
            out=None,
        )
        for run in runs
        if run.peak >= SMALLEST
    )


def tabulate(episodes: Sequence[Episode]) -> tuple[EpisodeGroup, ...]:
    """Return the groups of every split that have episodes, in the order of ``ORDER``."""
    groups_list = []
    for split, of in SPLITS.items():
        groups: dict[str, list[Episode]] = {}
        for one in episodes:
            groups.setdefault(of(one), []).append(one)
        for name in sorted(groups, key=ORDER.index):
            groups_list.append(EpisodeGroup(split, name, len(groups[name]), _shares(groups[name])))
    return tuple(groups_list)


def _shares(episodes: Sequence[Episode]) -> dict[str, tuple[float, float, float]]:
    shares = {}
    for name, says in OUTCOMES.items():
        answers = [value for value in map(says, episodes) if value is not None]
        if answers:
            shares[name] = wilson(sum(answers), len(answers))
    return shares
