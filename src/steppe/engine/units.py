"""Security units: the forces of a case divided into units, with loyalty drawn once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.random import Purpose, addresses_of, uniforms
from steppe.core.response import normal_array
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
        close += [
            closeness(
                p, force.type, (region.share_kazakh, region.share_russian, region.share_other)
            )
        ] * number
        service += [force.type] * number
    z = normal_array(uniforms(key, Purpose.LOYALTY, 0, unit_addresses(scenario, p)))
    return {
        "unit_place": np.array(place, dtype=np.int64),
        "unit_officers": np.array(officers, dtype=np.float64),
        "unit_closeness": np.array(close, dtype=np.float64),
        "unit_loyalty": loyalty_of(p, service, z),
    }


def unit_addresses(scenario: Scenario, p: LoyaltyParameters) -> NDArray[np.int64]:
    """Return the address of each unit's random numbers: its force by id, its number in it."""
    forces = addresses_of(force.id for force in scenario.forces)
    sizes = [units_of(p, force.officers)[0] for force in scenario.forces]
    each = [address + np.arange(size) for address, size in zip(forces, sizes, strict=True)]
    return np.concatenate([np.zeros(0, dtype=np.int64), *each])
