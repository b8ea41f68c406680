"""What a history by cohorts leaves, by the names under which citizens record the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from steppe.engine.cohort_types import (
    ARRESTS,
    DEATHS,
    DETAINED,
    JOINED,
    LOOTING,
    LOSS,
    PEACEFUL,
    VIOLENT,
    WOUNDINGS,
    CohortRun,
)
from steppe.model.mechanisms.grievance import Places, Regions, grievances
from steppe.model.mechanisms.grievance_parameters import GrievanceParameters

if TYPE_CHECKING:
    from steppe.engine.cohort_model import CohortModel

Floats = NDArray[np.float64]

STREETS = {
    "peaceful": PEACEFUL, "violent": VIOLENT, "looting": LOOTING, "detained": DETAINED,
    "wounded": 0, "joined": JOINED, "arrests": ARRESTS, "woundings": WOUNDINGS, "deaths": DEATHS,
}  # fmt: skip
"""Series of persons by place that cohorts know, with their rows; the dead follow from deaths."""

OBSERVED = ("peaceful", "violent", "looting", "joined", "arrests", "woundings", "deaths")
"""Those of them that observables of the evidence read."""


def series_of(model: CohortModel, run: CohortRun, *, whole: bool) -> dict[str, NDArray[np.generic]]:
    """Return the recorded arrays by the names of their series."""
    history = run.history
    streets, (legitimacy, outrage) = history.streets, history.region
    outrage = outrage + model.harm
    rows = STREETS if whole else {name: STREETS[name] for name in OBSERVED}
    values: dict[str, NDArray[np.generic]] = {name: streets[row] for name, row in rows.items()}
    values |= {
        "price": model.script["script_price"],
        "internet_cut": model.settled.cuts.share,
        "legitimacy": legitimacy,
        "outrage": outrage,
        "foreign_troops": model.script["script_troops"][:, 0],
        "officers_wounded": history.officers[0],
        "officers_killed": history.officers[1],
    }
    if whole:
        values["dead"] = np.cumsum(streets[DEATHS], axis=0)
        values["grievance"], opposed = _grievance(
            model, run.levers.region[LOSS], legitimacy, outrage
        )
        people = model.country.region_population
        values["private_opposition"] = np.sum(opposed * people, axis=1) / model.country.persons
    return values


def _grievance(
    model: CohortModel, loss: Floats, legitimacy: Floats, outrage: Floats
) -> tuple[Floats, Floats]:
    """Return mean grievance and share opposed, (hours, regions) each, by the rule of grievance.

    The rule is asked once for all hours, each region of an hour as a region with one place. Of the
    ``loss`` what was felt.
    """
    grievance = cast(GrievanceParameters, model.plan.parameters("grievance"))
    hours, regions = legitimacy.shape
    rows, one = hours * regions, np.ones(hours * regions)
    exposed = np.array([r.exposed_share for r in model.scenario.regions])
    deprivation = np.tile(model.census.region_deprivation, hours)
    cost = model.rules.news.cut_cost if model.rules.on.news else 0.0
    cut = cost * model.settled.cuts.mean_days.ravel()
    mean, opposed = grievances(
        grievance,
        Places(np.arange(rows), one, cut, outrage.ravel()),
        Regions(loss.ravel(), np.tile(exposed, hours), deprivation, legitimacy.ravel(), one),
    )
    return mean.reshape(hours, regions), opposed.reshape(hours, regions)
