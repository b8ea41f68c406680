"""Security units: the forces of a case divided into units, with loyalty drawn once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.case.tables import Region
from steppe.core.random import Purpose, uniforms
from steppe.core.response import normal_array
from steppe.model.mechanisms.loyalty import LoyaltyParameters

Floats = NDArray[np.float64]


def _alike(region: Region) -> float:
    """Return the chance that two residents belong to one group."""
    shares = (region.share_kazakh, region.share_russian, region.share_other)
    return sum(s * s for s in shares)


def unit_columns(
    scenario: Scenario, p: LoyaltyParameters, key: tuple[int, int]
) -> Mapping[str, NDArray[Any]]:
    """Return the fixed columns of all units.

    Each force keeps its on-duty share, cut into equal units of about ``unit_size`` officers;
    closeness = share serving at home x chance that officer and citizen are of one group.
    """
    place_index = {place.id: i for i, place in enumerate(scenario.places)}
    region_of = {region.id: region for region in scenario.regions}
    place: list[int] = []
    officers: list[float] = []
    closeness: list[float] = []
    kind: list[str] = []
    for force in scenario.forces:
        duty = force.officers * p.on_duty
        number = max(1, int(duty / p.unit_size + 0.5)) if duty > 0.0 else 0
        home = p.home_police if force.type == "police" else p.home_troops
        place += [place_index[force.place]] * number
        officers += [duty / max(number, 1)] * number
        closeness += [home * _alike(region_of[force.region])] * number
        kind += [force.type] * number
    return {
        "unit_place": np.array(place, dtype=np.int64),
        "unit_officers": np.array(officers, dtype=np.float64),
        "unit_closeness": np.array(closeness, dtype=np.float64),
        "unit_loyalty": _loyalty(p, kind, key),
    }


def _loyalty(p: LoyaltyParameters, kind: Sequence[str], key: tuple[int, int]) -> Floats:
    """Draw loy_u ~ N(mean, sd) of the unit's service."""
    z = normal_array(uniforms(key, Purpose.LOYALTY, 0, len(kind)))
    services = {
        "police": (p.loyalty_police, p.spread_police),
        "guard": (p.loyalty_guard, p.spread_guard),
        "army": (p.loyalty_army, p.spread_army),
    }
    mean = np.array([services[k][0] for k in kind], dtype=np.float64)
    spread = np.array([services[k][1] for k in kind], dtype=np.float64)
    return np.asarray(mean + spread * z, dtype=np.float64)
