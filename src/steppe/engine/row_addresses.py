"""The addresses of the random numbers of rows: by name where rows have one, else by number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.core.random import addresses_of
from steppe.model.mechanisms.alliance_decision import features
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.mechanisms.loyalty_units import units_of


def row_addresses(
    scenario: Scenario, loyalty: LoyaltyParameters, places: NDArray[np.int64]
) -> dict[str, int | NDArray[np.int64]]:
    """Return, by scale, the addresses of its rows, or their number where they have no names."""
    return {
        "nation": 1,
        "feature": len(features(scenario.alliance.request)),
        "place": places,
        "region": addresses_of(region.id for region in scenario.regions),
        "unit": unit_addresses(scenario, loyalty),
        "neighbour": addresses_of(one.id for one in scenario.neighbours),
    }


def unit_addresses(scenario: Scenario, p: LoyaltyParameters) -> NDArray[np.int64]:
    """Return the address of each unit's random numbers: its force by id, its number in it."""
    forces = addresses_of(force.id for force in scenario.forces)
    sizes = [units_of(p, force.officers)[0] for force in scenario.forces]
    each = [address + np.arange(size) for address, size in zip(forces, sizes, strict=True)]
    return np.concatenate([np.zeros(0, dtype=np.int64), *each])
