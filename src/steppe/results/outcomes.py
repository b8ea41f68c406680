"""The catalogue of outcomes: what each is called, its unit, how it is read and aggregated.

``engine.outcome`` computes what a run stores; every other place reads this list, so that an
outcome has one label and one statistic wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from steppe.case.source_location import SourceMark, name_list, near
from steppe.core.errors import CaseError
from steppe.results.trajectory import Trajectory

Value = float | int | str
OutcomeValues = Mapping[str, Value]
"""What one run ended with, by the name of the outcome."""

Statistic = Literal["median", "share", "counts"]
"""How an outcome is aggregated over seeds: the median run, the share of runs in which it happened
(with Wilson's interval), or the number of runs with each word."""

LARGE_SHARE = 0.001
"""Share of citizens on the street at once from which a protest counts as large: 0.1 %."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a run.

    ``noun`` ends a sentence on a difference: "3,000 more *people on the street at the peak*".
    ``headline`` outcomes stand in summaries and comparisons; ``digits`` are the significant digits
    that are shown. ``derive`` computes the outcome from what the run stored, given the number of
    citizens; without it the run stores it by ``name``. ``curve`` names the curve whose observed
    figures are set beside it. ``happens`` and ``otherwise`` are the clauses of what happens or does
    not; ``words`` the values of a word.
    """

    name: str
    label: str
    unit: str
    meaning: str
    noun: str = ""
    statistic: Statistic = "median"
    digits: int = 3
    headline: bool = False
    short: str = ""
    curve: str = ""
    happens: str = ""
    otherwise: str = ""
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    derive: Callable[[OutcomeValues, int], Value] | None = None

    def read(self, values: OutcomeValues, citizens: int) -> Value | None:
        """Return the outcome from what a run stored; None if the run has not what it takes."""
        if self.derive is None:
            return values.get(self.name)
        try:
            return self.derive(values, citizens)
        except KeyError:
            return None

    @property
    def is_word(self) -> bool:
        """Whether the outcome is a word, not a number."""
        return self.statistic == "counts"

    def over_seeds(self, values: Sequence[float] | NDArray[np.float64]) -> float:
        """Return the one number shown for many runs: their median, or the share."""
        return float(np.mean(values) if self.statistic == "share" else np.median(values))


def label_of(name: str) -> str:
    """Return the label of an outcome; what is not in the catalogue in its own words."""
    outcome = by_name().get(name)
    return outcome.label if outcome else name.replace("_", " ").replace(">=", " ≥ ")


def noun_of(name: str) -> str:
    """Return how an outcome ends a sentence: its noun, else its label."""
    outcome = by_name().get(name)
    return outcome.noun if outcome and outcome.noun else label_of(name)


def ending(fate: str) -> str:
    """Return how a run ended as readers are told: the regime stays or it falls.

    A run also stores that the regime stayed after a first-rank concession. That is a step on the
    way, which the script may have taken, so that it is never told as what came of a run.
    """
    return "stays" if fate == "concedes" else fate


def regime_stays(values: OutcomeValues, citizens: int) -> bool:
    """Tell whether the regime is still there at the end."""
    return values["fate"] != "falls"


def protest_ends(values: OutcomeValues, citizens: int) -> bool:
    """Tell whether the protest had ended by itself, with the regime in place."""
    return values["fate"] != "falls" and int(values["fate_hour"]) >= 0


def large_protest(values: OutcomeValues, citizens: int) -> bool:
    """Tell whether at least 0.1 % of citizens were on the street at once."""
    return float(values["peak_active"]) >= LARGE_SHARE * citizens


def _people_killed(values: OutcomeValues, citizens: int) -> int:
    return int(values["killed"]) + int(values["officers_killed"])


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("fate", "Fate of the regime", "word",
            "what became of the regime: stays or falls; runs also store concedes, for one that "
            "stays after a first-rank concession", statistic="counts",
            words=MappingProxyType({"stays": "The regime stays", "falls": "The regime falls"})),
    Outcome("fall_path", "Way of the fall", "word", "by which way the regime fell",
            statistic="counts"),
    Outcome("peak_active", "On the street at the peak", "people",
            "largest number of people on the street at once",
            noun="people on the street at the peak", headline=True, short="street",
            curve="active"),
    Outcome("people_killed", "People killed (with officers)", "people",
            "citizens and officers killed", noun="people killed, officers included",
            headline=True, short="killed", curve="killed", derive=_people_killed),
    Outcome("arrested", "Arrests", "people", "arrests", noun="arrests", headline=True,
            short="arrests", curve="arrested"),
    Outcome("killed", "Citizens killed", "people", "citizens killed", noun="citizens killed",
            headline=True, short="citizens"),
    Outcome("wounded", "Citizens wounded", "people", "citizens wounded", noun="citizens wounded",
            headline=True, short="wounded"),
    Outcome("officers_killed", "Officers killed", "people", "officers killed",
            noun="officers killed", headline=True, short="officers"),
    Outcome("units_defected", "Units that changed sides", "units",
            "security units that changed sides", noun="units that changed sides", headline=True,
            short="defected"),
    Outcome("regions_with_protest", "Regions with protest", "regions",
            "regions with visible protest", noun="regions with protest", headline=True,
            short="regions"),
    Outcome("seized_peak", "Public buildings lost", "share",
            "largest share of symbolic buildings lost", noun="public buildings lost",
            headline=True, short="buildings"),
    Outcome("legitimacy_end", "Legitimacy at the end", "index",
            "legitimacy at the end, mean over residents", noun="legitimacy at the end", digits=2,
            headline=True, short="legitimacy"),
    Outcome("sovereignty_end", "Sovereignty at the end", "index", "sovereignty at the end",
            noun="sovereignty at the end", digits=2, headline=True, short="sovereignty"),
    Outcome("peak_hour", "Hour of the peak", "hour", "hour of the largest number on the street",
            noun="hours to the peak"),
    Outcome("fate_hour", "Hour of the end", "hour",
            "hour of the fall or of the end of the protest, -1 for neither",
            noun="hours to the end"),
    Outcome("officers_wounded", "Officers wounded", "people", "officers wounded",
            noun="officers wounded"),
    Outcome("places_with_protest", "Places with protest", "places",
            "places with visible protest", noun="places with protest"),
    Outcome("repression_end", "Repression at the end", "index", "repression at the end",
            noun="repression at the end", digits=2),
    Outcome("reputation_end", "Reputation at the end", "index", "reputation at the end",
            noun="reputation at the end", digits=2),
    Outcome("residual_grievance", "Grievance left", "ratio",
            "mean grievance at the end over that of the first hour", noun="grievance left",
            digits=2),
    Outcome("help_granted", "Foreign troops came", "share", "whether foreign troops came",
            noun="runs with foreign troops", statistic="share"),
    Outcome("troops_peak", "Foreign troops at the peak", "people",
            "most foreign troops in the country", noun="foreign troops at the peak"),
    Outcome("regime_stays", "The regime stays", "share",
            "whether the regime is still there at the end", noun="runs in which the regime stays",
            statistic="share", happens="the regime stays", otherwise="it falls",
            derive=regime_stays),
    Outcome("protest_ends", "The protest ends by itself", "share",
            "whether the protest ended with the regime in place",
            noun="runs in which the protest ends", statistic="share",
            happens="the protest ends by itself", otherwise="it goes on", derive=protest_ends),
    Outcome("large_protest", "The protest is large", "share",
            "whether 0.1 % of citizens were on the street at once",
            noun="runs with large protest", statistic="share", happens="the protest is large",
            otherwise="it stays small", derive=large_protest),
)  # fmt: skip
"""Every outcome, those most asked for first."""


def by_name() -> dict[str, Outcome]:
    """Return the catalogue by name."""
    return {one.name: one for one in OUTCOMES}


def headlines() -> tuple[Outcome, ...]:
    """Return the outcomes that stand in summaries and comparisons."""
    return tuple(one for one in OUTCOMES if one.headline)


def numbers() -> dict[str, Outcome]:
    """Return, by name, the outcomes that are numbers; what happens or does not is 1 or 0."""
    return {one.name: one for one in OUTCOMES if not one.is_word}


def binaries() -> dict[str, Outcome]:
    """Return, by name, the outcomes of which a cause can be necessary or sufficient."""
    return {one.name: one for one in OUTCOMES if one.happens}


def happened(name: str, values: OutcomeValues, citizens: int) -> bool:
    """Tell whether the binary outcome ``name`` came about in a run that ended with ``values``."""
    return bool(by_name()[name].read(values, citizens))


def values_of(run: Trajectory) -> dict[str, Value]:
    """Return what a run stored of its outcome and what the catalogue derives from it."""
    values = dict(run.outcome)
    for one in OUTCOMES:
        value = one.read(run.outcome, run.record.citizens)
        if value is not None:
            values[one.name] = int(value) if isinstance(value, bool) else value
    return values


def series_of(outcome: Outcome, runs: Sequence[Trajectory]) -> NDArray[np.float64] | None:
    """Return a numeric outcome of every run, in their order; None if one has it not."""
    values = [outcome.read(run.outcome, run.record.citizens) for run in runs]
    if outcome.is_word or any(value is None or isinstance(value, str) for value in values):
        return None
    return np.array(values, dtype=np.float64)


def checked_outcomes(names: Sequence[str]) -> tuple[str, ...]:
    """Return ``names``; raises ``CaseError`` for one that is no number a run ends with."""
    catalogue = numbers()
    wrong = [name for name in names if name not in catalogue]
    if wrong:
        raise CaseError(
            SourceMark("outcome").fault(
                name, "is not a known outcome", name_list(catalogue, 30), near(name, catalogue)
            )
            for name in wrong
        )
    return tuple(names)
