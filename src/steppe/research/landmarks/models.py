"""The models that landmarks are forecast by: a logistic regression, and a hurdle for sizes.

Inputs are the landmark's own columns: facts of the country in the year before, and what was seen
so far. Inputs are standardized by the landmarks that are learnt from; a missing one counts as their
mean. Weights have normal priors around 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.research.intervention import logit
from steppe.research.landmarks.table import Landmarks

Floats = NDArray[np.float64]

INTERCEPT_SD, WEIGHT_SD = 3.0, 0.2
"""Standard deviations of the priors, of standardized inputs [assumed]."""

COURSE = (
    "running", "violent", "lethal", "arrests", "beatings", "dispersal", "accommodated", "ignored",
)  # fmt: skip
DEMANDS = (
    "d_labor", "d_land", "d_police", "d_political", "d_price", "d_removal", "d_social",
)  # fmt: skip


def country_inputs(rows: Landmarks) -> Floats:
    """Return what was known of the country before the protest (row, input)."""
    people = rows["pop"]
    return np.column_stack([
        np.log10(people), np.log10(rows["gdppc_ppp"]), np.clip(rows["growth"], -20.0, 20.0),
        np.log10(1.0 + np.maximum(rows["inflation"], 0.0)), rows["median_age"], rows["urban_pct"],
        rows["internet_pct"], np.log10((rows["armed_forces"] + 1000.0) / people),
        np.log1p(rows["events_past_year"]), np.log1p(rows["lethal_past_year"]),
        np.log10(1.0 + rows["largest_past_year"]), np.log1p(rows["accommodated_past_year"]),
        rows.year,
    ])  # fmt: skip


def course_inputs(rows: Landmarks) -> Floats:
    """Return what was seen so far (row, input)."""
    size = _size(rows)
    return np.column_stack([
        np.log(np.maximum(rows["events_so_far"], 1.0)), size,
        np.log10(np.maximum(rows["last_size"], 1.0)), rows["days_since_last"],
        np.log(np.maximum(rows["places"], 1.0)), *(rows[name] for name in (*COURSE, *DEMANDS)),
        *(size >= edge for edge in (3.0, 4.0, 5.0)),
    ])  # fmt: skip


def all_inputs(rows: Landmarks) -> Floats:
    """Return everything that a landmark knows (row, input)."""
    return np.column_stack([country_inputs(rows), course_inputs(rows)])


def end_inputs(rows: Landmarks) -> Floats:
    """Return everything, and what says on either day whether it is going on (row, input)."""
    late, running, size = rows["day"] == 7.0, rows["running"], _size(rows)
    return np.column_stack([
        all_inputs(rows), late, late * running, late * size,
        *(rows["days_since_last"] == days for days in (1.0, 2.0)),
        running * size, running * np.log(np.maximum(rows["events_so_far"], 1.0)),
        running * np.log1p(rows["events_past_year"]),
    ])  # fmt: skip


def violence_inputs(rows: Landmarks) -> Floats:
    """Return the country, and size, violence and demand of the day (row, input)."""
    size, violent = _size(rows), rows["violent"]
    demands = np.column_stack([rows[name] for name in DEMANDS])
    return np.column_stack([
        country_inputs(rows), size, size**2, violent, violent * size,
        violent * np.log1p(rows["lethal_past_year"]), violent * np.log10(rows["pop"]),
        demands, demands * violent[:, None], *(size >= edge for edge in (3.0, 4.0, 5.0)),
    ])  # fmt: skip


def _size(rows: Landmarks) -> Floats:
    return np.log10(np.maximum(rows["largest_so_far"], 1.0))


@dataclass(frozen=True, slots=True)
class Standard:
    """How inputs are standardized: mean and spread of those that were learnt from."""

    mean: Floats
    spread: Floats

    @classmethod
    def of(cls, inputs: Floats) -> Standard:
        """Return the standard of ``inputs`` (row, input)."""
        spread = np.nanstd(inputs, axis=0)
        return cls(np.nanmean(inputs, axis=0), np.where(spread > 0.0, spread, 1.0))

    def design(self, inputs: Floats) -> Floats:
        """Return standardized inputs after a column of ones; a missing one is the mean."""
        scaled = np.nan_to_num((inputs - self.mean) / self.spread)
        return np.column_stack([np.ones(len(inputs)), scaled])


def chances(inputs: Floats, happened: Floats, others: Floats) -> Floats:
    """Return P of ``others`` (row, input), learnt from ``inputs`` and whether it ``happened``."""
    standard = Standard.of(inputs)
    prior = np.array([INTERCEPT_SD, *[WEIGHT_SD] * inputs.shape[1]])
    fit = logit.fit(standard.design(inputs), happened, prior)
    return logit.probability(fit, standard.design(others))


QUANTILES = (np.arange(60) + 0.5) / 60
"""Where the residuals of a regression stand for it."""

RIDGE = WEIGHT_SD**-2
"""Weight of the prior of a regression, in squared spreads of residuals of about 1."""


def sizes(inputs: Floats, outcome: Floats, others: Floats) -> Floats:
    """Return members (row, member) of a regression of ``outcome`` with its own residuals."""
    standard = Standard.of(inputs)
    design = standard.design(inputs)
    penalty = np.diag([INTERCEPT_SD**-2, *[RIDGE] * inputs.shape[1]])
    weights = np.linalg.solve(design.T @ design + penalty, design.T @ outcome)
    residuals = np.quantile(outcome - design @ weights, QUANTILES)
    return np.asarray((standard.design(others) @ weights)[:, None] + residuals)
