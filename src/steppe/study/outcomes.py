"""What a run ends with, as numbers: names, units and meanings of every scalar outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from steppe.case.source_location import SourceMark, name_list, near
from steppe.core.errors import CaseError
from steppe.results.trajectory import Trajectory
from steppe.study.causation import BINARY


class Quantity(NamedTuple):
    """The unit of an outcome and what it is in words."""

    unit: str
    meaning: str


WORDS = {
    "fate": Quantity("name", "what became of the regime: stays, concedes or falls"),
    "fall_path": Quantity("name", "by which way the regime fell"),
}
"""Outcomes that are words."""

NUMBERS = {
    "peak_active": Quantity("persons", "largest number of people on the street at once"),
    "peak_hour": Quantity("hour", "hour of the largest number on the street"),
    "fate_hour": Quantity("hour", "hour of the fall or of the end of the protest, -1 for neither"),
    "killed": Quantity("persons", "citizens killed"),
    "wounded": Quantity("persons", "citizens wounded"),
    "arrested": Quantity("persons", "arrests"),
    "officers_killed": Quantity("persons", "officers killed"),
    "officers_wounded": Quantity("persons", "officers wounded"),
    "regions_with_protest": Quantity("regions", "regions with visible protest"),
    "places_with_protest": Quantity("places", "places with visible protest"),
    "units_defected": Quantity("units", "security units that changed sides"),
    "seized_peak": Quantity("1", "largest share of symbolic buildings lost"),
    "sovereignty_end": Quantity("1", "sovereignty at the end"),
    "repression_end": Quantity("1", "repression at the end"),
    "reputation_end": Quantity("1", "reputation at the end"),
    "residual_grievance": Quantity("1", "mean grievance at the end over that of the first hour"),
    "help_granted": Quantity("1", "whether foreign troops came"),
    "troops_peak": Quantity("persons", "most foreign troops in the country"),
    "legitimacy_end": Quantity("1", "legitimacy at the end, mean over residents"),
    "regime_stays": Quantity("1", "whether the regime is still there at the end"),
    "protest_ends": Quantity("1", "whether the protest ended with the regime in place"),
    "large_protest": Quantity("1", "whether 0.1 % of citizens were on the street at once"),
}
"""Outcomes that are numbers; those of ``BINARY`` are 1 where they happened, else 0."""


def outcome_of(run: Trajectory) -> dict[str, float | str]:
    """Return every scalar outcome of a run, with 1 or 0 for what happens or does not."""
    found: dict[str, float | str] = {
        name: value if isinstance(value, str) else float(value)
        for name, value in run.outcome.items()
    }
    citizens = run.record.citizens
    return found | {name: float(test(run.outcome, citizens)) for name, test in BINARY.items()}


def checked_outcomes(names: Sequence[str]) -> tuple[str, ...]:
    """Return ``names``; raises ``CaseError`` for one that is no number a run ends with."""
    wrong = [name for name in names if name not in NUMBERS]
    if wrong:
        raise CaseError(
            SourceMark("outcome").fault(
                name, "is no outcome", name_list(NUMBERS, 30), near(name, NUMBERS)
            )
            for name in wrong
        )
    return tuple(names)
