"""Security units: the forces of a case divided into units, with loyalty drawn once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.random import Purpose, uniforms
from steppe.core.response import normal_array
from steppe.engine.row_addresses import unit_addresses
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.mechanisms.loyalty_units import closeness, loyalty_of, units_of


def unit_columns(
    scenario: Scenario, p: LoyaltyParameters, key: tuple[int, int]
) -> Mapping[str, NDArray[Any]]:
    """Return the fixed columns of all units of the forces of a case."""
    place_index = {place.id: i for i, place in enumerate(scenario.places)}
    region_of = {region.id: region for region in scenario.regions}
    place: list[int] = []
    officers: list[float] = []
    close: list[float] = []
    service: list[str] = []
    for force in scenario.forces:
        number, size = units_of(p, force.officers)
        region = region_of[force.region]
        place += [place_index[force.place]] * number
        officers += [size] * number
        close += [closeness(p, force.type, region.group_shares)] * number
        service += [force.type] * number
    z = normal_array(uniforms(key, Purpose.LOYALTY, 0, unit_addresses(scenario, p)))
    return {
        "unit_place": np.array(place, dtype=np.int64),
        "unit_officers": np.array(officers, dtype=np.float64),
        "unit_closeness": np.array(close, dtype=np.float64),
        "unit_loyalty": loyalty_of(p, service, z),
    }
