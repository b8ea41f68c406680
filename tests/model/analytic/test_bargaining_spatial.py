"""The spatial rule of bargaining: who pulls hardest gets what it wants, once troops are there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from steppe.model.mechanisms.bargaining_spatial import SpatialParameters, forecast, settle_spatial
from steppe.model.theory.spatial import Actor, weighted_median

EC = (
    ("netherlands", 4.0, 0.08, 0.8), ("belgium", 7.0, 0.08, 0.4), ("luxembourg", 4.0, 0.03, 0.2),
    ("germany", 4.0, 0.16, 0.8), ("france", 10.0, 0.16, 0.6), ("italy", 10.0, 0.16, 0.6),
    ("uk", 10.0, 0.16, 0.9), ("ireland", 7.0, 0.05, 0.1), ("denmark", 4.0, 0.05, 1.0),
    ("greece", 7.0, 0.08, 0.7),
)  # fmt: skip
"""Emission standards in the European Community: position in years, capability, salience."""


def settled(troops: float, parties: list[tuple[float, float, float]], **changes: Any) -> Any:
    position, capability, salience = (np.array(column) for column in zip(*parties, strict=True))
    inputs = {
        "stakeholder_issue": np.zeros(len(parties), dtype=np.int64),
        "stakeholder_position": position,
        "stakeholder_capability": capability,
        "stakeholder_salience": salience,
        "issue_enforceability": np.array([1.0]),
        "issue_agreed": np.zeros(1),
        "nation_leverage": np.zeros(1),
        "nation_troops": np.array([troops]),
        "nation_threat": np.zeros(1),
        "hour_of_day": 0,
    }
    return settle_spatial(SpatialParameters(), **{**inputs, **changes})


def test_without_rounds_the_forecast_is_the_weighted_median_of_published_data() -> None:
    """Emission data on a scale of 0 to 1: weighted median 7 of 10 years."""
    parties = [Actor(n, x / 10.0, c, s) for n, x, c, s in EC]
    assert forecast(SpatialParameters(rounds=0.0), parties) == pytest.approx(0.7)


def test_after_rounds_it_is_the_median_of_where_the_parties_then_stand() -> None:
    from steppe.model.theory.spatial import rounds

    parties = [Actor(n, x / 10.0, c, s) for n, x, c, s in EC]
    for count in (1, 2, 4):
        expected = weighted_median(rounds(parties, count)[-1])
        assert forecast(SpatialParameters(rounds=float(count)), parties) == expected


def test_nothing_is_settled_without_troops_or_at_noon() -> None:
    parties = [(1.0, 1.0, 1.0), (0.0, 0.1, 0.1)]
    assert settled(0.0, parties)["issue_agreed"][0] == 0.0
    assert settled(2000.0, parties, hour_of_day=12)["issue_agreed"][0] == 0.0
    assert settled(2000.0, parties)["issue_agreed"][0] > 0.0


def test_a_party_with_all_the_power_gets_what_it_wants() -> None:
    for wanted in (0.0, 0.3, 1.0):
        parties = [(wanted, 1.0, 1.0), (1.0 - wanted, 0.0, 1.0)]
        assert settled(2000.0, parties)["issue_agreed"][0] == pytest.approx(wanted)


def test_what_is_settled_stays_settled() -> None:
    out = settled(2000.0, [(1.0, 1.0, 1.0), (0.0, 0.1, 0.1)], issue_agreed=np.array([0.25]))
    assert out["issue_agreed"][0] == 0.25


def test_one_party_alone_settles_nothing() -> None:
    assert settled(2000.0, [(1.0, 1.0, 1.0)])["issue_agreed"][0] == 0.0
