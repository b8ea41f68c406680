"""The world of one seed at hour 0, as the cohort engine takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from steppe.core.random import Purpose, key_of, uniforms
from steppe.engine.cohort_types import (
    BIN_ROWS,
    EXPOSURE,
    FRESH,
    LATENT,
    LEGITIMACY,
    MEMBER_ROWS,
    OFFICERS,
    PLACE_ROWS,
    POOL,
    REGION_ROWS,
    RESTRAINT,
    STATES,
    STREET_ROWS,
    UNITS,
    CohortCountry,
    CohortRun,
    CohortState,
    Floats,
    History,
    Ints,
)
from steppe.model.mechanisms.availability import AvailabilityParameters
from steppe.model.mechanisms.command import CommandParameters, restraints
from steppe.model.mechanisms.contact import CustodyParameters
from steppe.population.bins import draw_bins, pool_chances

if TYPE_CHECKING:
    from steppe.engine.cohort_model import CohortModel


def cohort_history(model: CohortModel, seed: int) -> CohortRun:
    """Return everything that the history of one ``seed`` needs, at hour 0."""
    key = key_of(seed)
    available = cast(AvailabilityParameters, model.plan.parameters("participation"))
    command = cast(CommandParameters, model.plan.parameters_even_off(model.scenario, "command"))
    chances = pool_chances(model.census, available, key)
    members = draw_bins(model.census, model.bins.share, chances, key)
    place = model.country.place.copy()
    place[POOL] = members.sum(axis=1)
    place[RESTRAINT] = restraints(command, uniforms(key, Purpose.COMMAND, 0, model.census.address))
    country = model.country._replace(place=place)
    return CohortRun(country, model.levers, model.rules, _state(model, country, members),
               _history(model), key)  # fmt: skip


def _state(model: CohortModel, country: CohortCountry, members: Ints) -> CohortState:
    custody = cast(CustodyParameters, model.plan.parameters_even_off(model.scenario, "contact"))
    hours = max(int(custody.detention), 1)
    places, bins = members.shape
    due = (hours, places, bins) if hours < model.clock.hours else (1, places, 0)
    people = np.zeros((places, MEMBER_ROWS, bins), dtype=np.int64)
    people[:, FRESH] = members
    columns = np.zeros((PLACE_ROWS, places))
    columns[OFFICERS] = country.place[UNITS]
    regions = np.zeros((REGION_ROWS, len(model.scenario.regions)))
    regions[LEGITIMACY] = model.rules.legitimacy.initial
    return CohortState(
        members=people,
        due=np.zeros(due, dtype=np.int32),
        totals=people[:, :STATES].sum(axis=2),
        detained=np.zeros(places, dtype=np.int64),
        starters=np.zeros(places, dtype=np.int64),
        active=np.zeros(places, dtype=np.int64),
        place=columns,
        region=regions,
        deterrence=np.zeros(1),
        bins=_bins(model),
    )


def _bins(model: CohortModel) -> Floats:
    rows = np.zeros((BIN_ROWS, len(model.bins.latent)))
    rows[LATENT], rows[EXPOSURE] = model.bins.latent, model.bins.exposure
    return rows


def _history(model: CohortModel) -> History:
    hours, places = model.clock.hours, len(model.census.people)
    return History(
        streets=np.zeros((STREET_ROWS, hours, places), dtype=np.int32),
        region=np.zeros((2, hours, len(model.scenario.regions))),
        officers=np.zeros((2, hours)),
    )
