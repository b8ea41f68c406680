"""The outcome of a run: a few scalars that say how it ended and how large it became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.engine.world import World
from steppe.model.mechanisms.outcome import PATHS
from steppe.results.trajectory import ACTIVE_STATES, Event, Series

if TYPE_CHECKING:
    from steppe.engine.step import Fields


def outcome(
    world: World, series: Mapping[str, Series], events: Sequence[Event]
) -> dict[str, float | int | str]:
    """Return the outcome of a finished run.

    ``fate`` is ``falls`` if the regime fell, ``concedes`` if it stayed after meeting a first-rank
    demand, ``stays`` otherwise; ``fate_hour`` is the hour of the fall, of the end of the protest,
    or -1 when neither came within the run. Places with at least ``evidence.visible_protest``
    people at once count as having protested.
    """
    people = world.columns["region_population"]
    fate, hour = fate_of(world, events)
    return {
        "fate": fate,
        "fate_hour": hour,
        "fall_path": PATHS.get(int(world.columns["nation_fallen"][0]), ""),
        **street_figures(world.scenario, series, world.columns["place_region"]),
        "units_defected": int(series["units_defected"].values.max()),
        "seized_peak": float(series["seized"].values.max()),
        "sovereignty_end": float(series["sovereignty"].values[-1]),
        "repression_end": float(series["repression"].values[-1]),
        "reputation_end": float(series["reputation"].values[-1]),
        "residual_grievance": residual_grievance(series["grievance"].values, people),
        **abroad_figures(series, people),
    }


def street_figures(
    scenario: Scenario, series: Mapping[str, Series], region: NDArray[np.int64]
) -> dict[str, float | int | str]:
    """Return what happened on the streets; ``region`` is that of each place."""
    peaceful, violent, looting = (series[state].values for state in ACTIVE_STATES)
    active = peaceful + violent + looting
    national = active.sum(axis=1, dtype=np.int64)
    visible = active.max(axis=0) >= scenario.evidence.visible_protest
    return {
        "peak_active": int(national.max()),
        "peak_hour": int(national.argmax()),
        "killed": _total(series["deaths"].values),
        "wounded": _total(series["woundings"].values),
        "arrested": _total(series["arrests"].values),
        "officers_killed": int(series["officers_killed"].values[-1]),
        "officers_wounded": int(series["officers_wounded"].values[-1]),
        "regions_with_protest": len({int(r) for r in region[visible]}),
        "places_with_protest": int(visible.sum()),
    }


def abroad_figures(
    series: Mapping[str, Series], people: NDArray[np.float64]
) -> dict[str, float | int | str]:
    """Return what came of foreign help and of legitimacy; ``people`` are those of each region."""
    troops = float(series["foreign_troops"].values.max())
    level = np.average(series["legitimacy"].values[-1], weights=people)
    return {
        "help_granted": int(troops > 0.0),
        "troops_peak": troops,
        "legitimacy_end": float(level),
    }


def residual_grievance(grievance: NDArray[np.float32], people: NDArray[np.float64]) -> float:
    """Return mean grievance at the end over mean grievance in the first hour."""
    before = float(np.average(grievance[0], weights=people))
    after = float(np.average(grievance[-1], weights=people))
    return after / before if before > 0.0 else 1.0


def fate_of(world: Fields, events: Sequence[Event]) -> tuple[str, int]:
    """Return how a run ended, and the hour of the fall or of the end of the protest, else -1."""
    hours = {event.kind: event.hour for event in reversed(events)}
    if int(world.columns["nation_fallen"][0]):
        return "falls", hours["fall"]
    conceded = float(world.columns["nation_first_demand"][0]) > 0.0
    return "concedes" if conceded else "stays", hours.get("calm", -1)


def _total(values: NDArray[np.int32]) -> int:
    return int(values.sum(dtype=np.int64))
