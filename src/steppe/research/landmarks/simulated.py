"""Landmarks forecast by runs: a country made from its facts, conditioned as a nowcast is.

Draws of the law of all crises for such a country are looked at up to the landmark's day, weighed by
what was seen so far, drawn once more near those that fit, and go on for thirty days. What set a
protest off, and when, no landmark says: its first day is that of a look's first visible crowd.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.research.crises.build import QUIET_DAYS, build
from steppe.research.crises.draws import covariates_of
from steppe.research.crises.table import PriorFacts
from steppe.research.crises.trigger import shock
from steppe.research.landmarks.table import Landmarks
from steppe.research.landmarks.tasks import CLASSES, Members, chance
from steppe.results.trajectory import ACTIVE_STATES, Trajectory
from steppe.study.nowcast.adjust import adjust
from steppe.study.nowcast.course import WEEK
from steppe.study.nowcast.draw_prior import DrawPrior, population_prior
from steppe.study.nowcast.history import DAYS
from steppe.study.nowcast.looks import FigureVector, Looks, condition, take_looks
from steppe.study.nowcast.nowcast import STANDS_SD
from steppe.study.nowcast.simulate import LookJob, LookMaker
from steppe.study.population import PEAK_ERROR, law_without

Floats = NDArray[np.float64]

WAIT = 7
"""Days from the trigger within which a crowd has to be seen."""

FORTNIGHT = 14
"""Days ahead of which B6 asks."""

SMALLEST = 50.0
"""Persons from which the file has a protest."""

CLASS_SD = 0.25
"""Half a size class of the file in log10, as every figure's range is told in a nowcast."""

SILENT_SD = 1.0
"""Of the crowd of a day without an event, in log10: not every crowd is reported [assumed]."""

YES_SD = 0.54
"""Of whether somebody was violent or died: a look that differs has .15 to .85 of the weight."""

CROWD_SO_FAR, CROWD_NOW, VIOLENT, LETHAL, STANDS = range(5)
"""Figures of a look, in order."""


@dataclass(frozen=True, slots=True)
class Protest:
    """What was known of a protest at the end of its ``day``; sizes in persons.

    ``last`` is the crowd of that day, 0 without an event.
    """

    iso3: str
    date: date
    day: int
    citizens: int
    about_prices: bool
    largest: float
    last: float
    violent: bool
    lethal: bool

    @property
    def facts(self) -> PriorFacts:
        """The crisis that a country is made from."""
        return PriorFacts(
            f"{self.iso3}_{self.date.year}", self.iso3, self.iso3, self.date, "protest",
            "food_price" if self.about_prices else "protest", self.about_prices, self.citizens,
        )  # fmt: skip

    @property
    def figures(self) -> FigureVector:
        """The figures that a look is held against, in log10(1 + persons) or as 0 and 1."""
        size = PEAK_ERROR**2 + CLASS_SD**2
        observed = [
            np.log10(1.0 + self.largest), np.log10(1.0 + self.last), self.violent, self.lethal, 1.0
        ]  # fmt: skip
        now = size if self.last > 0.0 else SILENT_SD**2
        variance = [size, np.inf if self.day == 1 else now, YES_SD**2, YES_SD**2, STANDS_SD**2]
        return FigureVector(np.array(observed, dtype=np.float64), np.array(variance))


def protest_at(rows: Landmarks, k: int) -> Protest:
    """Return what landmark ``k`` knows; nothing of what came is read."""
    on = rows["running"][k] > 0.0 or rows["days_since_last"][k] == 0.0
    return Protest(
        str(rows.country[k]), date.fromisoformat(str(rows.date[k])), int(rows["day"][k]),
        int(rows["pop"][k]), bool(rows["d_price"][k]), float(rows["largest_so_far"][k]),
        float(rows["last_size"][k]) if on else 0.0, bool(rows["violent"][k]),
        bool(rows["lethal"][k]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayReader:
    """Reads of each day: most people out at once, the dead, the violent, and the last hour."""

    @property
    def key(self) -> str:
        """What the notes depend on."""
        return "crowd, dead, violent, fallen"

    def read(self, scenario: Scenario, run: Trajectory) -> Floats:
        """Return crowd, dead, violent and whether the regime has fallen (4 x day)."""
        out, dead, rough = (
            sum(run[name].sum(axis=1, dtype=np.float64) for name in names)
            for names in (ACTIVE_STATES, ("deaths",), ACTIVE_STATES[1:])
        )
        hours = np.arange(1, len(np.asarray(out)) + 1)
        fate = run.outcome.get("fate") == "falls"
        fallen = (hours > int(run.outcome["fate_hour"])) if fate else np.zeros(len(hours))
        days = [np.asarray(one, dtype=np.float64).reshape(-1, 24) for one in (out, dead, rough)]
        return np.concatenate([
            days[0].max(axis=1), days[1].sum(axis=1), days[2].max(axis=1),
            fallen.astype(np.float64).reshape(-1, 24).max(axis=1),
        ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """What looks show by day from the first with a visible crowd on (look, day).

    ``visible`` (look,) is whether there was one in time.
    """

    crowd: Floats
    dead: Floats
    violent: Floats
    fallen: Floats
    visible: NDArray[np.bool_]

    @classmethod
    def of(cls, notes: Floats, days: int) -> Days:
        """Return ``days`` days of the ``notes`` (look, value) of a ``DayReader``."""
        every = notes.reshape(len(notes), 4, -1)
        shows = every[:, 0, : QUIET_DAYS + WAIT] >= SMALLEST
        first = shows.argmax(axis=1)
        at = first[:, None] + np.arange(days)
        crowd, dead, violent, fallen = (
            np.take_along_axis(every[:, row], at, axis=1) for row in range(4)
        )
        return cls(crowd, dead, violent, fallen, np.asarray(shows.any(axis=1)))

    def figures(self, day: int) -> Floats:
        """Return the figures (look, figure) at the end of ``day``; 0 where nothing was seen."""
        now = self.crowd[:, day - 1]
        columns = np.column_stack([
            np.log10(1.0 + self.crowd[:, :day].max(axis=1)),
            np.log10(1.0 + np.where(now >= SMALLEST, now, 0.0)),
            self.violent[:, :day].max(axis=1) >= 1.0,
            self.dead[:, :day].sum(axis=1) >= 1.0,
            self.fallen[:, day - 1] == 0.0,
        ])  # fmt: skip
        return columns * self.visible[:, None]


@dataclass(frozen=True, slots=True)
class RunForecast:
    """How a landmark is forecast: so many looks, as many near those that fit, so many go on."""

    looks: int = 100
    draws: int = 50

    def __call__(self, protest: Protest, maker: LookMaker) -> Mapping[str, Members]:
        """Return what runs say of each question that is asked on the day, by its name."""
        prior = _prior(protest)
        vector, day = protest.figures, protest.day
        early = _job(protest, 0)

        def simulate(scores: Floats, seeds: Sequence[int]) -> Floats:
            notes = maker.make(early, [prior.row(z) for z in scores], seeds)
            return Days.of(notes, day).figures(day)

        looks = take_looks(prior.scores, simulate, vector, self.looks)
        draws = condition(looks, vector, self.draws)
        rows = [prior.row(looks.scores[at]) for at in draws.rows]
        seeds = [int(looks.seeds[at]) for at in draws.rows]
        notes = maker.make(_job(protest, DAYS), rows, seeds)
        days = Days.of(notes, day + DAYS)
        move = partial(
            adjust, values=looks.figures[draws.rows], weights=draws.weights,
            evidence=looks.usable_evidence(vector), beta=draws.beta,
        )  # fmt: skip
        if day == 1:
            lethal = chance(_lethal_today(looks, vector, self.draws))
            return {"B4": lethal, **_on_first_day(protest, days, draws.weights, move)}
        ends = chance(draws.weights @ (days.crowd[:, day : day + WEEK].max(axis=1) < SMALLEST))
        if day != 3:
            return {f"B1 at day {day}": ends}
        return {"B1": ends, "B6": (_next_largest(days, day, move), draws.weights)}


Move = partial[Floats]
"""Moves forecasts (draw, forecast) to the figures."""


def _on_first_day(protest: Protest, days: Days, weights: Floats, move: Move) -> dict[str, Members]:
    """Return what is said on day 1 of the next 30 days, but for its own dead."""
    later = days.crowd[:, 1 : 1 + DAYS].max(axis=1)
    before, after = (np.searchsorted(CLASSES, x, side="right") for x in (days.crowd[:, 0], later))
    largest = move(np.log10(np.maximum(later, 1.0))[:, None])[:, 0]
    return {
        "B2": chance(float(weights @ (after > before))),
        "B3": chance(float(weights @ (days.dead[:, 1 : 1 + DAYS].sum(axis=1) >= 1.0))),
        "B5": (np.maximum(largest, np.log10(protest.largest)), weights),
    }


def _next_largest(days: Days, day: int, move: Move) -> Floats:
    """Return log10(1 + largest crowd of the next 14 days), 0 for one that nobody sees."""
    later = days.crowd[:, day : day + FORTNIGHT].max(axis=1)
    largest = move(np.log10(1.0 + later)[:, None])[:, 0]
    return np.where(largest >= np.log10(1.0 + SMALLEST), largest, 0.0)


def _lethal_today(looks: Looks, vector: FigureVector, size: int) -> float:
    """Return the chance that somebody dies on the day, given all else that was seen."""
    variance = vector.variance.copy()
    variance[LETHAL] = np.inf
    draws = condition(looks, FigureVector(vector.observed, variance), size)
    return float(draws.weights @ looks.figures[draws.rows, LETHAL])


def _job(protest: Protest, ahead: int) -> LookJob:
    hours = 24 * (QUIET_DAYS + WAIT + protest.day + ahead)
    scenario = build(protest.facts, shock(protest.facts, None), hours)
    return LookJob(scenario, DayReader(), "courses" if ahead else "looks")


def _prior(protest: Protest) -> DrawPrior:
    """Return the law for the country, without its own crisis if there is one of that year."""
    return population_prior(law_without(_job(protest, 0).scenario), covariates_of(protest.facts))
