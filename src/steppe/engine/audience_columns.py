"""Audiences of a case as columns: whom they trust, and who belongs to which of them where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.scenario import Scenario
from steppe.case.society import Audience
from steppe.model.audiences import PUBLICS, RURAL, URBAN


def audiences_of(scenario: Scenario) -> tuple[Audience, ...]:
    """Return the audiences by rows: publics, others of the case, groups that listen apart."""
    by_name = {audience.id: audience for audience in scenario.audiences}
    others = [audience for audience in scenario.audiences if audience.id not in PUBLICS]
    groups = [
        Audience(
            id=group.id, name=group.name, where="home", sees=True,
            state_media=group.state_media or 0.0, foreign_media=group.foreign_media or 0.0,
        )
        for group in scenario.groups
        if group.listens_apart
    ]  # fmt: skip
    return (*(by_name[name] for name in PUBLICS), *others, *groups)


def audience_columns(scenario: Scenario) -> Mapping[str, NDArray[Any]]:
    """Return the fixed columns of audiences, and of who listens where.

    The people of a place are its urban or rural public but for groups that listen apart.
    """
    every = audiences_of(scenario)
    apart = [group.listens_apart for group in scenario.groups]
    first = len(every) - sum(apart)
    shares = {
        region.id: [s for s, own in zip(region.group_shares, apart, strict=False) if own]
        for region in scenario.regions
    }
    rows: list[tuple[int, int, float]] = []
    for index, place in enumerate(scenario.places):
        own = shares[place.region]
        rows.append((index, RURAL if place.kind == "rural" else URBAN, 1.0 - sum(own)))
        rows += [(index, first + number, share) for number, share in enumerate(own)]
    place_of, audience_of, share_of = zip(*rows, strict=True)
    return {
        "audience_state_media": np.array([one.state_media for one in every]),
        "audience_foreign_media": np.array([one.foreign_media for one in every]),
        "audience_sees": np.array([float(one.sees) for one in every]),
        "audience_abroad": np.array([float(one.where == "abroad") for one in every]),
        "listening_place": np.array(place_of, dtype=np.int64),
        "listening_audience": np.array(audience_of, dtype=np.int64),
        "listening_share": np.array(share_of, dtype=np.float64),
    }
