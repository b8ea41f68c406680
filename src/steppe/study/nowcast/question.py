"""What a nowcast is asked: a case as it stood on a day, what-ifs, and how the answer is made.

Its key is a hash of everything that the answer depends on, so that an answer that was kept is that
of the same question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.countries.codes import all_codes
from steppe.engine.version import engine_version
from steppe.evidence.targets import ResolvedTarget
from steppe.study.nowcast.course import CourseReader, FigureReader, fan_keys
from steppe.study.nowcast.draw_prior import DrawPrior, PriorSource, draw_prior
from steppe.study.nowcast.figures import ConditionFigure, condition_figures, tolerances
from steppe.study.nowcast.history import day_of, history_until
from steppe.study.nowcast.simulate import LookJob
from steppe.study.nowcast.variants import variants_of

LOOKS, DRAWS = 400, 200
"""Looks of the prior (as many again near the figures), and draws that go on."""

FORMAT = 1
"""Of the document of an answer; another one is another answer."""


@dataclass(frozen=True, slots=True)
class NowcastSettings:
    """The options of a nowcast, with what was left out filled in."""

    looks: int = LOOKS
    draws: int = DRAWS
    first: int = 1
    parameters: PriorSource | None = None
    conditioned: bool = True

    def __post_init__(self) -> None:
        if self.looks < 2 or self.draws < 2:
            raise ValueError("a nowcast needs at least two looks and two draws")


@dataclass(frozen=True, slots=True)
class NowcastQuestion:
    """The whole case, the day, and the case, its figures and what-ifs as they stood then.

    Made by ``question_of``.
    """

    whole: Scenario
    day: date
    settings: NowcastSettings
    base: Scenario
    variants: Mapping[str, Scenario]
    figures: tuple[ConditionFigure, ...]
    prior: DrawPrior

    @property
    def targets(self) -> list[ResolvedTarget]:
        """The figures that were known, as targets."""
        return [one.target for one in self.figures]

    @property
    def conditions(self) -> tuple[ConditionFigure, ...]:
        """The figures that the answer is conditioned on: none if they are left aside."""
        return self.figures if self.settings.conditioned else ()

    @property
    def reader(self) -> CourseReader:
        """What is read of a course after the day."""
        return CourseReader(fan_keys(self.targets), self.day)

    @property
    def look_job(self) -> LookJob:
        """Histories up to the day."""
        return LookJob(history_until(self.whole, self.day, 0), FigureReader(self.conditions))

    def course_job(self, name: str = "") -> LookJob:
        """Return the histories that go on, under the what-if ``name`` or as it is."""
        scenario = self.variants[name] if name else self.base
        return LookJob(scenario, self.reader, name or "courses")

    @property
    def key(self) -> str:
        """A hash of everything that the answer depends on."""
        return answer_key(case_key(self.whole, self.settings), self.day, *self.variants)


def case_key(whole: Scenario, settings: NowcastSettings) -> str:
    """Return a hash of a case and of how its nowcasts are made, whatever the day.

    The whole case is in it: a figure that is revised later makes the answers anew.
    """
    prior = draw_prior(whole, settings.parameters or default_prior(whole))
    row = prior.row(prior.scores(settings.first))
    whats = {name: sorted(one.set.items()) for name, one in whole.counterfactuals.items()}
    parts = [
        FORMAT, settings, prior.source, sorted(row.items()), prior.exit, scenario_hash(whole),
        engine_version(whole), sorted(tolerances(whole).items()), whats,
        [one.model_dump_json() for one in whole.evidence.targets],
    ]  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def answer_key(case: str, day: date, *what_if: str) -> str:
    """Return the key of one answer: of a case (``case_key``), its day and what-ifs."""
    return hashlib.sha256(repr((case, f"{day}", what_if)).encode()).hexdigest()[:32]


def question_of(
    whole: Scenario,
    until: str | date,
    what_if: Sequence[str] = (),
    settings: NowcastSettings | None = None,
) -> NowcastQuestion:
    """Return the question; raises ``CaseError`` for a day outside the case and what acts before."""
    settings = settings or NowcastSettings()
    day = day_of(whole, until)
    base = history_until(whole, day)
    return NowcastQuestion(
        whole, day, settings, base, variants_of(whole, what_if, day),
        condition_figures(base, tolerances(whole)),
        draw_prior(base, settings.parameters or default_prior(base)),
    )  # fmt: skip


def default_prior(scenario: Scenario) -> PriorSource:
    """Return the law of all crises for a country of the packaged tables, else declared priors."""
    return "population" if scenario.country.iso3 in all_codes() else "prior"
