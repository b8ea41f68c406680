"""The names that a data set has for regions, matched with those of a case.

A name is known if it is a region's id, name, ISO code or centre, or a place's, in any case and
composition of letters; all others go to a table that the user fills in, with the nearest
candidates beside them.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from steppe.case.files import MAX_TABLE, read_text
from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark
from steppe.core.errors import CaseError, Fault, nearest
from steppe.evidence.importers.cells import LEFT_OUT, plain

NATIONAL = "national"
COLUMNS = ("name", "region", "rows", "nearest", "second", "third")


@dataclass(frozen=True, slots=True)
class MatchedName:
    """One line of the table of names: a name as the data set writes it, and its region, or ''."""

    name: str
    region: str


def names_of(scenario: Scenario) -> dict[str, str]:
    """Return the plain names that regions of the case are known by, to their ids.

    What would name two regions names none.
    """
    pairs = [(NATIONAL, NATIONAL), ("nationwide", NATIONAL)]
    for place in scenario.places:
        pairs += [(place.id, place.region), (place.name, place.region)]
    first = _unambiguous(pairs)
    own = [
        (text, region.id)
        for region in scenario.regions
        for text in (region.name, region.iso, region.centre)
    ]
    ids = [(region.id, region.id) for region in scenario.regions]
    return first | _unambiguous(own) | _unambiguous(ids)


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    by_name: dict[str, set[str]] = {}
    for text, region in pairs:
        by_name.setdefault(plain(text), set()).add(region)
    return {name: min(ids) for name, ids in by_name.items() if len(ids) == 1}


def read_names(path: Path, scenario: Scenario) -> tuple[MatchedName, ...]:
    """Return the table of names in ``path``; ``CaseError`` for a region that the case has not.

    Lines without a region are names still to be matched.
    """
    text = read_text(path, MAX_TABLE, SourceMark(str(path)))
    lines = csv.DictReader(io.StringIO(text))
    if not {"name", "region"} <= set(lines.fieldnames or ()):
        wrong = "the columns 'name' and 'region' are needed"
        raise CaseError([SourceMark(str(path), 1, 1).fault("", wrong, ", ".join(COLUMNS))])
    allowed = {NATIONAL, LEFT_OUT, "", *(region.id for region in scenario.regions)}
    matched: list[MatchedName] = []
    faults: list[Fault] = []
    for line in lines:
        one = MatchedName((line["name"] or "").strip(), (line["region"] or "").strip())
        if one.region not in allowed:
            wrong = f"no region is called '{one.region[:60]}'"
            near = nearest(one.region, allowed)
            words = f"an id of regions.csv, {NATIONAL}, or {LEFT_OUT} to leave its rows out"
            mark = SourceMark(str(path), lines.line_num, 1)
            faults.append(mark.fault("region", wrong, words, near))
        matched.append(one)
    if faults:
        raise CaseError(faults)
    return tuple(matched)


def names_table(
    matched: Iterable[MatchedName], unknown: Mapping[str, int], scenario: Scenario
) -> str:
    """Return the text of the table of names: those matched before, then those still unknown."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    complete = [one for one in matched if one.region]
    for one in complete:
        writer.writerow([one.name, one.region, "", "", "", ""])
    done = {plain(one.name) for one in complete}
    for name, rows in sorted(unknown.items(), key=lambda item: (-item[1], item[0])):
        if plain(name) not in done:
            near = candidates(name, scenario)
            writer.writerow([name, "", rows, *near, *[""] * (3 - len(near))])
    return out.getvalue()


def candidates(name: str, scenario: Scenario) -> list[str]:
    """Return up to three regions whose names are most like ``name``."""
    regions = names_of(scenario)
    near = difflib.get_close_matches(plain(name)[:100], regions, n=12, cutoff=0.3)
    return list(dict.fromkeys(regions[one] for one in near))[:3]
