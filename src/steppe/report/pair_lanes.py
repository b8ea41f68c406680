"""The timeline of two histories: what both have, what only one of them has."""

from __future__ import annotations

from collections.abc import Sequence

from steppe.report.pair_payload import PairLane, PairMark, Whose
from steppe.report.payload import Lane, TimelineNote

MODEL = "model"
WORDS = {"both": "", "base": "baseline", "other": "counterfactual"}
"""What a mark of one history is called."""


def lanes(base: Sequence[Lane], other: Sequence[Lane]) -> tuple[PairLane, ...]:
    """Return the lanes of both; what the model decided has a lane for each history."""
    out = []
    for one, two in zip(base, other, strict=True):
        if one.key == MODEL:
            out += [_model(one, "base"), _model(two, "other")]
        else:
            out.append(_merged(one, two))
    return tuple(out)


def _model(lane: Lane, whose: Whose) -> PairLane:
    marks = tuple(PairMark(mark, whose) for mark in lane.marks)
    return PairLane(f"{MODEL}-{whose}", f"Model, {WORDS[whose]}", marks)


def _merged(one: Lane, two: Lane) -> PairLane:
    first, second = set(one.marks), set(two.marks)
    marks = [PairMark(mark, "both" if mark in second else "base") for mark in one.marks]
    marks += [PairMark(mark, "other") for mark in two.marks if mark not in first]
    marks.sort(key=lambda m: (m.mark.start, m.mark.label, m.whose))
    return PairLane(one.key, one.title, tuple(marks))


def notes(base: Sequence[TimelineNote], other: Sequence[TimelineNote]) -> tuple[TimelineNote, ...]:
    """Return the key events of both histories; one of them says whose it is."""
    out = [note for note in base if note in other]
    out += [
        TimelineNote(n.start, n.end, f"{n.label}, {WORDS['base']}") for n in base if n not in other
    ]
    out += [
        TimelineNote(n.start, n.end, f"{n.label}, {WORDS['other']}") for n in other if n not in base
    ]
    return tuple(sorted(out, key=lambda note: (note.start, note.label)))
