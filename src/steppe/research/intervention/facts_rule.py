"""When do alliances come to the rescue, by facts that need nobody's judgement.

The scores of the rule were coded by people who knew the answer. What is here could have been
looked up on the day of the request: the kind of threat, a treaty, the leading state, the year. The
difference to the rule is what the scores add, hindsight and insight together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steppe.core.response import Floats
from steppe.research.intervention import logit
from steppe.research.intervention.requests import InterventionRequest

KINDS = {
    "unrest": ("mass_protest", "riot", "communal", "reform_government", "armed_clashes",
               "lawlessness"),
    "coup": ("coup_mutiny", "coup_threat"),
    "interstate": ("interstate", "border_threat"),
}  # fmt: skip
"""Kinds of threat; every other one is an armed challenge at home."""

NO_TREATY = frozenset({
    "", "informal", "bilateral", "occupation", "UNSC", "Arab League (later)", "Barkhane",
})  # fmt: skip
"""What stands for an alliance where no treaty of defence was in force."""

LEADS = {"Russia": ("Russia", "USSR"), "France": ("France",), "Australia": ("Australia",)}
"""Leading states with a weight of their own."""

YEAR, YEARS = 1990, 20.0
"""What the year is centred at, and divided by."""

INTERCEPT_SD, WEIGHT_SD = 1.5, 1.0
"""Standard deviations of the priors, those of the rule."""


def design_matrix(requests: Sequence[InterventionRequest]) -> Floats:
    """Return the facts of each request after a column of ones (n, 9)."""
    return np.array([_row(request) for request in requests], dtype=np.float64)


def _row(request: InterventionRequest) -> list[float]:
    return [
        1.0,
        *(float(request.threat_type in kinds) for kinds in KINDS.values()),
        float(request.alliance not in NO_TREATY),
        *(float(request.lead_state in names) for names in LEADS.values()),
        (int(request.request_date[:4]) - YEAR) / YEARS,
    ]


def prior_sd(design: Floats) -> Floats:
    """Return the standard deviations of the priors of a design's weights."""
    return np.array([INTERCEPT_SD, *[WEIGHT_SD] * (design.shape[1] - 1)])


def outcomes(requests: Sequence[InterventionRequest]) -> Floats:
    """Return 1 where forces were sent, else 0, (n,)."""
    return np.array([float(request.granted_bin) for request in requests])


def leave_one_out(requests: Sequence[InterventionRequest]) -> Floats:
    """Return P of each request, averaged over the posterior of a fit to all others."""
    design = design_matrix(requests)
    return logit.leave_one_out(design, outcomes(requests), prior_sd(design))


def probability(others: Sequence[InterventionRequest], request: InterventionRequest) -> float:
    """Return P of ``request``, averaged over the posterior of a fit to ``others``."""
    design = design_matrix(others)
    fit = logit.fit(design, outcomes(others), prior_sd(design))
    return logit.averaged_probability(fit, design_matrix([request])[0])[0]
