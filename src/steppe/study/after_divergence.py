"""What a change did once it acted: outcomes measured from the hour on in which histories diverge.

The whole history answers the wrong question when its peak lies before the change: a blackout of the
5th has no effect on a crowd of the 4th.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steppe.results.outcomes import Outcome, OutcomeValues
from steppe.results.trajectory import ACTIVE_STATES, Trajectory

NEEDS = (*ACTIVE_STATES, "deaths", "arrests", "officers_killed")
"""Series that the outcomes are read from."""

AFTER: tuple[Outcome, ...] = (
    Outcome("peak_after", "On the street at the peak, after", "people",
            "largest number of people on the street at once after the histories diverge",
            noun="people on the street at the peak", short="street"),
    Outcome("killed_after", "People killed (with officers), after", "people",
            "citizens and officers killed after the histories diverge",
            noun="people killed, officers included", short="killed"),
    Outcome("person_hours_after", "Person-hours on the street, after", "person-hours",
            "people on the street, added up over the hours after the histories diverge",
            noun="person-hours on the street", short="person-hours"),
    Outcome("arrested_after", "Arrests, after", "people", "arrests after the histories diverge",
            noun="arrests", short="arrests"),
)  # fmt: skip
"""The headlines of a comparison; ``after`` is after the first hour in which any pair differs."""

WHOLE = {"peak_after": "peak_active", "killed_after": "people_killed", "arrested_after": "arrested"}
"""The outcome of the whole history that each goes with."""


def outcomes_after(runs: Sequence[Trajectory], hour: int) -> dict[int, OutcomeValues]:
    """Return the outcomes after ``hour`` of each run, by seed."""
    return {run.record.seed: _of(run, hour) for run in runs}


def _of(run: Trajectory, hour: int) -> OutcomeValues:
    national = run.active().sum(axis=1)[hour:]
    officers = run["officers_killed"].astype(np.int64)
    before = int(officers[hour - 1]) if hour > 0 else 0
    killed = run["deaths"][hour:].sum(dtype=np.int64) + officers[-1] - before
    return {
        "peak_after": int(national.max(initial=0)),
        "killed_after": int(killed),
        "person_hours_after": int(national.sum()),
        "arrested_after": int(run["arrests"][hour:].sum(dtype=np.int64)),
    }
