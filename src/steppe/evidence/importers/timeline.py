"""Candidates for a case's timeline: what a data set says that somebody did, switched off.

Reports of the same lever on the same day become one event with all their regions. Of the levels of
force in a region only the highest of a day is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from steppe.case.schema import TimelineEvent
from steppe.evidence.importers.imported import TimelineCandidate
from steppe.evidence.importers.names import NATIONAL

Key = tuple[datetime, datetime | None, str, float]


def timeline_events(
    source: str, candidates: Iterable[TimelineCandidate]
) -> tuple[TimelineEvent, ...]:
    """Return one switched-off event for each lever, moment and level, in the order of time."""
    groups: dict[Key, list[TimelineCandidate]] = defaultdict(list)
    for one in _highest(candidates):
        groups[one.at, one.until, one.do, one.value].append(one)
    order = sorted(groups.items(), key=lambda item: (item[0][0], item[0][2], item[0][3]))
    return tuple(_event(source, key, group) for key, group in order)


def _highest(candidates: Iterable[TimelineCandidate]) -> list[TimelineCandidate]:
    every = list(candidates)
    most: dict[tuple[datetime, str, str], float] = {}
    for one in every:
        key = (one.at, one.do, one.region)
        most[key] = max(one.value, most.get(key, one.value))
    return [one for one in every if one.value == most[one.at, one.do, one.region]]


def _event(source: str, key: Key, group: list[TimelineCandidate]) -> TimelineEvent:
    at, until, do, value = key
    regions = sorted({one.region for one in group})
    texts = list(dict.fromkeys(one.text for one in group))
    count = f"{len(group)} reports: " if len(group) > 1 else ""
    level = f"-{value:g}".replace(".", "-") if do == "force_level" else ""
    hour = f"{at:-%Hh%M}" if group[0].exact else ""
    name = f"{source}-{do.replace('_', '-')}{level}-{at:%Y-%m-%d}{hour}"
    if until or group[0].exact:
        name += f"-{regions[0]}"
    return TimelineEvent(
        id=name[:64].rstrip("-"), at=at, until=until, actor=group[0].actor, do=group[0].do,
        where=(NATIONAL,) if NATIONAL in regions else tuple(regions), value=value,
        precision="reported" if group[0].exact else "day", source=group[0].source,
        text=count + "; ".join(texts[:3]) + ("; ..." if len(texts) > 3 else ""), enabled=False,
    )  # fmt: skip
