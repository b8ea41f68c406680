"""A nowcast: what comes next and what if, from what was known at the end of a day.

Looks are taken by cohorts up to the day, weighed by the figures up to the day, and go on from
there with actors who decide for themselves, every arm with the same draws and seeds. Citizens are
counted and not drawn one by one, so draws of parameters are the particles: their number does not
grow with what is unknown of citizens (Malleson et al., Journal of Artificial Societies and Social
Simulation 23(3) 3, 2020).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from steppe.case.load import AnyCase, as_scenario
from steppe.study.nowcast.answers import FOLDER, save_answer
from steppe.study.nowcast.course import FigureReader
from steppe.study.nowcast.draw_prior import DrawPrior, PriorSource
from steppe.study.nowcast.figures import ConditionFigure, arrays
from steppe.study.nowcast.forecast import (
    Courses,
    chances_of,
    courses_of,
    fans_of,
    what_if_of,
)
from steppe.study.nowcast.looks import (
    FigureVector,
    Looks,
    WeightedDraws,
    condition,
    take_looks,
)
from steppe.study.nowcast.question import (
    DRAWS,
    LOOKS,
    NowcastQuestion,
    NowcastSettings,
    question_of,
)
from steppe.study.nowcast.references import situation
from steppe.study.nowcast.result import FigureShown, Nowcast
from steppe.study.nowcast.simulate import LookJob, LookMaker, OnProgress, look_maker
from steppe.study.settings import STORE, AnyStore, as_store

Floats = NDArray[np.float64]


class NowcastOptions(TypedDict, total=False):
    """How a nowcast is made.

    ``looks`` of the prior are taken, and as many again near the figures; ``draws`` of them go on,
    with seeds from ``first``. ``parameters`` is ``population`` (the law of all crises but this one;
    the default for a country of the packaged tables) or ``prior`` (what the rules declare).
    ``conditioned`` False leaves the figures aside. ``store`` keeps what looks showed, ``workers``
    processes make them; ``on_progress`` is told what is being made, how many are and of how many.
    """

    looks: int
    draws: int
    first: int
    parameters: PriorSource | None
    conditioned: bool
    store: AnyStore
    workers: int | None
    on_progress: OnProgress | None


def nowcast(
    case: AnyCase, until: str | date, what_if: Sequence[str] = (), **options: Unpack[NowcastOptions]
) -> Nowcast:
    """Return what comes after the day ``until``, from what was known at its end.

    ``what_if`` are counterfactuals of the case that act after that day. Nothing that is dated
    later is read, and parameters are never those of the case's posterior. Options are those of
    ``NowcastOptions``. Raises ``CaseError`` for a day outside the case and a counterfactual that
    acts before, ``SteppeError`` for what cohorts cannot do.
    """
    workers = options.get("workers") or os.cpu_count() or 1
    folder = as_store(options.get("store", STORE)).path / FOLDER
    settings = NowcastSettings(
        options.get("looks", LOOKS), options.get("draws", DRAWS), options.get("first", 1),
        options.get("parameters"), options.get("conditioned", True),
    )  # fmt: skip
    question = question_of(as_scenario(case), until, what_if, settings)
    with look_maker(workers, folder, options.get("on_progress")) as maker:
        result = _answer(question, maker)
    save_answer(folder, question, result)
    return result


def _answer(question: NowcastQuestion, maker: LookMaker) -> Nowcast:
    prior, settings, day = question.prior, question.settings, question.day
    looks, vector = _looks(question.look_job, prior, settings, maker)
    draws = condition(looks, vector, settings.draws)
    rows = [prior.row(looks.scores[at]) for at in draws.rows]
    seeds = [int(looks.seeds[at]) for at in draws.rows]
    arms = {
        name: courses_of(question.reader, draws.weights,
                         maker.make(question.course_job(name), rows, seeds))
        for name in ("", *question.variants)
    }  # fmt: skip
    now, titles = situation(question.targets, day), question.whole.counterfactuals
    fans = _courses_at_figures(arms[""], looks, draws, vector)
    return Nowcast(
        question.base.id, question.base.title, day, prior.source, settings.conditioned, len(looks),
        len(draws.rows), draws.effective, draws.beta,
        _figures_beside_looks(question.conditions, looks, settings.looks),
        fans_of(fans, now, question.base), chances_of(arms[""], now, prior),
        tuple(
            what_if_of(name, titles[name].title, arms[""], arms[name])
            for name in question.variants
        ),
    )  # fmt: skip


STANDS_SD = 0.1
"""Standard deviation of whether the regime stands, 0 or 1: a look in which it fell is out."""


def _looks(
    job: LookJob, prior: DrawPrior, settings: NowcastSettings, maker: LookMaker
) -> tuple[Looks, FigureVector]:
    """Return looks up to the day, and what they are held against.

    That the regime stands at the end of the day is a figure too, where there are others.
    """
    assert isinstance(job.reader, FigureReader)
    observed, variance = arrays(job.reader.figures)
    if len(observed):
        observed, variance = np.append(observed, 0.0), np.append(variance, STANDS_SD**2)
    vector = FigureVector(observed, variance)

    def simulate(scores: Floats, seeds: Sequence[int]) -> Floats:
        if not len(observed):  # nothing to hold them against
            return np.zeros((len(scores), 0))
        return maker.make(job, [prior.row(z) for z in scores], seeds)

    return take_looks(prior.scores, simulate, vector, settings.looks, settings.first), vector


def _courses_at_figures(
    courses: Courses, looks: Looks, draws: WeightedDraws, vector: FigureVector
) -> Courses:
    """Return the courses with their fans moved to the figures."""
    if not looks.usable.any():
        return courses
    values = np.where(looks.usable, looks.figures[draws.rows], 0.0)
    return courses.move_to(values, looks.usable_evidence(vector), draws.beta)


def _figures_beside_looks(
    figures: Sequence[ConditionFigure], looks: Looks, count: int
) -> tuple[FigureShown, ...]:
    """Return each figure beside the prior's looks."""
    return tuple(
        FigureShown(
            figure.id, figure.observed, figure.sd,
            _three(looks.figures[:count, at]), bool(looks.usable[at]),
        )
        for at, figure in enumerate(figures)
    )  # fmt: skip


def _three(values: Floats) -> tuple[float, float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return float("nan"), float("nan"), float("nan")
    low, middle, high = np.quantile(finite, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)
