"""A made country for limiting cases: places alike, in which one thing happens and no other.

Everybody is in the pool, always awake, alike willing; nobody goes first, joins, leaves, turns
violent or meets officers unless a test says so. Places hear nothing of one another, so that one
run is as many repetitions as there are places.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.load import load
from steppe.case.patch import apply
from steppe.case.scenario import Scenario, TimelineEvent, Value
from steppe.case.tables import Force
from steppe.core.compile import compiled
from steppe.engine.coupled_runs import CoupledRuns
from steppe.engine.street_lists import list_all
from steppe.engine.street_tally import tally_all
from steppe.model.custom import CustomRules
from steppe.model.ledger import ESSENTIAL, MECHANISMS, NONE, fitting
from steppe.model.mechanisms.crowd import DETAINED, LOOTING, PEACEFUL, VIOLENT

NEEDED = ("news", "first_move", "leaving", "violence", "looting", "contact", "diffusion")
"""Roles that stay on, so that the loops are those of any case; diffusion has nobody to tell."""

STILL: Mapping[str, Value] = {
    "prices.shock": 0.0,
    "parameters.participation.mobilisable": 1.0,
    "parameters.participation.young_men_weight": 1.0,
    "parameters.participation.readiness_spread": 0.0,
    "parameters.participation.size_exponent": 0.0,
    "parameters.participation.most": 1.0,
    "parameters.participation.rate": 0.0,
    "parameters.willingness.threshold": -1.0,
    "parameters.willingness.noise": 1e-4,
    "parameters.risk.night_awake": 1.0,
    "parameters.first_move.rate": 0.0,
    "parameters.first_move.group": 1.0,
    "parameters.first_move.news": 0.0,
    "parameters.violence.rate": 0.0,
    "parameters.looting.rate": 0.0,
    "parameters.contact.arrest": 0.0,
    "parameters.contact.wound": 0.0,
    "parameters.contact.death": 0.0,
    "parameters.leaving.rate": 0.0,
    "parameters.leaving.dispersal": 0.0,
    "parameters.leaving.last": 0.0,
    "parameters.leaving.rest": 0.0,
}
"""Every rate at zero: without a change nothing ever happens."""

States = NDArray[np.int64]


def country(places: int, people: int, hours: int, /, **changes: Value) -> Scenario:
    """Return a country of ``places`` towns of ``people`` each, with ``changes`` of ``STILL``.

    A change ``leaving__rate`` sets that parameter, ``mechanism__looting`` that rule.
    """
    valleys = load("two-valleys")
    ages = {"share_age_0_15": 0.0, "share_age_16_45": 0.5, "share_age_46_retirement": 0.3}
    ages["share_age_older"] = 0.2
    region = valleys.regions[0].model_copy(
        update={"population": places * people, "neighbours": (), **ages}
    )
    town = valleys.places[0].model_copy(update={"kind": "town", "population": people})
    towns = tuple(town.model_copy(update={"id": f"town-{i}"}) for i in range(places))
    still = valleys.model_copy(
        update={
            "regions": (region,),
            "places": towns,
            "forces": (),
            "price_steps": tuple(s for s in valleys.price_steps if s.region == region.id),
            "country": valleys.country.model_copy(
                update={"citizens": places * people, "capital": "town-0"}
            ),
            "timeline": (),
            "counterfactuals": {},
            "calibration": type(valleys.calibration)(),
            "mechanisms": _off(),
        }
    )
    return apply(still, {**STILL, "clock.hours": hours, **_paths(changes)})


def _off() -> dict[str, str]:
    idle = [
        role
        for role in MECHANISMS
        if role not in (*ESSENTIAL, *NEEDED) and fitting(role, "hazards")
    ]
    return dict.fromkeys(idle, NONE) | {"alliance": "scripted"}


def _paths(changes: Mapping[str, Value]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in changes.items():
        role, _, parameter = name.partition("__")
        if role == "mechanism":
            found[f"mechanisms.{parameter}"] = value
        else:
            found[f"parameters.{role}.{parameter}"] = value
    return found


def policed(scenario: Scenario, officers: int, level: int, emergency: bool = False) -> Scenario:
    """Return ``scenario`` with ``officers`` in each place who have an order from hour 0 on."""
    forces = tuple(
        Force(
            id=f"police-{place.id}", name="Police", type="police", region=place.region,
            place=place.id, officers=officers, basis="assumed", source="test",
        )
        for place in scenario.places
    )  # fmt: skip
    orders = [("force_level", float(level))] + ([("curfew", 1.0)] if emergency else [])
    timeline = tuple(
        TimelineEvent(
            id=do.replace("_", "-"), at=scenario.clock.start, actor="government", do=do,
            where=("national",), value=value, precision="assumed", source="test", text="",
        )
        for do, value in orders
    )  # fmt: skip
    return apply(scenario.model_copy(update={"forces": forces, "timeline": timeline}), {})


class History:
    """One run of a made country, hour by hour, with the citizens at hand."""

    def __init__(self, scenario: Scenario, seed: int = 1) -> None:
        self.arms = CoupledRuns([scenario], seed, 1.0)
        self.world, _ = self.arms.arm(0)
        self.first = self.world.citizens.first

    def put(self, state: int, count: int | NDArray[np.int64], *, took_part: bool = True) -> None:
        """Let the first ``count`` citizens of every place begin in ``state``."""
        citizens, columns = self.world.citizens, self.world.columns
        for place, number in enumerate(np.broadcast_to(count, len(self.first) - 1)):
            rows = slice(self.first[place], self.first[place] + int(number))
            citizens.state[rows] = state
            citizens.took_part[rows] = int(took_part)
            citizens.timer[rows] = 30_000
        name = {PEACEFUL: "peaceful", VIOLENT: "violent", LOOTING: "looting"}.get(state)
        if name is not None:
            columns[f"place_{name}"] = columns[f"place_{name}"] + np.asarray(count, np.float64)
        compiled(list_all)(citizens, self.world.counts)
        compiled(tally_all)(citizens, self.world.counts)

    def live(self, hours: int) -> History:
        """Let ``hours`` pass."""
        for _ in range(hours):
            self.arms.live()
        return self

    def count(self, *states: int) -> States:
        """Return how many citizens of each place are in one of ``states`` now."""
        found = np.isin(self.arms.arm(0)[0].citizens.state, states).astype(np.int64)
        return np.add.reduceat(found, self.first[:-1])

    @property
    def out(self) -> States:
        """How many are on the street in each place now."""
        names = ("place_peaceful", "place_violent", "place_looting")
        return np.rint(sum(self.column(name) for name in names)).astype(np.int64)

    @property
    def came(self) -> States:
        """How many have been on the street since the beginning, in each place."""
        return np.add.reduceat(self.world.citizens.took_part.astype(np.int64), self.first[:-1])

    @property
    def detained(self) -> States:
        """How many are in detention in each place now."""
        return self.count(DETAINED)

    def column(self, name: str) -> NDArray[Any]:
        """Return a column of the world as it is now."""
        return np.asarray(self.arms.arm(0)[0].columns[name])


def with_rules(scenario: Scenario, rules: CustomRules, **mechanisms: str) -> Scenario:
    """Return ``scenario`` with rules in files in these roles."""
    changes: dict[str, Value] = {f"mechanisms.{role}": rule for role, rule in mechanisms.items()}
    return apply(scenario, changes, custom=rules)
