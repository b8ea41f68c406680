"""The world at hour 0: columns of every scale, the pool of citizens, their ties, the script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from steppe.case.conditions import resolved
from steppe.case.scenario import Issue, Scenario, TimelineEvent
from steppe.core.clock import Clock
from steppe.core.random import key_of
from steppe.engine.audience_columns import audience_columns
from steppe.engine.citizen_columns import new_citizens, with_own_columns
from steppe.engine.citizen_loops import Counts
from steppe.engine.population_cache import Population, build_population, population_inputs
from steppe.engine.row_addresses import row_addresses
from steppe.engine.script import Script, place_memories
from steppe.engine.units import unit_columns
from steppe.model.columns import COLUMNS
from steppe.model.mechanisms.alliance_decision import features
from steppe.model.mechanisms.legitimacy import LegitimacyParameters
from steppe.model.mechanisms.loyalty_parameters import LoyaltyParameters
from steppe.model.options import OPTIONS
from steppe.population.geography import Geography
from steppe.population.pool import Pool
from steppe.population.ties import Ties

if TYPE_CHECKING:
    from steppe.engine.hazard_street import HazardLoops
    from steppe.engine.plan import Plan

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """Everything a run starts from and changes; ``columns`` and ``citizens`` change hourly."""

    scenario: Scenario
    plan: Plan
    clock: Clock
    key: tuple[int, int]
    geography: Geography
    pool: Pool
    ties: Ties
    addresses: Mapping[str, int | NDArray[np.int64]]
    columns: dict[str, NDArray[Any]]
    script: Mapping[str, Sequence[Floats]]
    events: tuple[TimelineEvent, ...]
    citizens: Any
    counts: Any
    hazards: HazardLoops | None
    """The loops over citizens who act by hazards, None where they act by choice."""
    unchanged: dict[str, tuple[Any, ...]] = field(default_factory=dict, compare=False)
    """Role -> what its rule was last given; given the same, a pure rule is not asked again."""
    happened: Mapping[str, int] = field(default_factory=dict)
    """Conditional event of the timeline -> the hour in which it happens."""

    @property
    def persons(self) -> float:
        """Citizens of the country."""
        return float(self.scenario.country.citizens)


def build(
    scenario: Scenario, plan: Plan, seed: int, scale: float, people: Population | None = None
) -> World:
    """Build the world of ``scenario`` for one seed at ``scale`` agents per citizen.

    ``people`` are those of this seed and of the scenario's census, if they are at hand.
    """
    from steppe.engine.hazard_street import HazardLoops  # a world that is only read needs no loops

    key = key_of(seed)
    people = people or build_population(population_inputs(scenario, plan, scale), key)
    where = people.geography
    script = Script(scenario, plan)
    counts = _counts(where)
    pool = np.diff(people.pool.first) / where.weight
    return World(
        scenario=scenario,
        plan=plan,
        clock=scenario.clock.clock(),
        key=key,
        geography=where,
        pool=people.pool,
        ties=people.ties,
        addresses=row_addresses(scenario, loyalty_parameters(scenario, plan), where.address),
        columns=start_columns(scenario, plan, key, where, (people.census.deprivation, pool)),
        script={name: same_rows(rows) for name, rows in script.columns().items()},
        events=script.events,
        citizens=new_citizens(people.pool, key, counts),
        counts=counts,
        hazards=HazardLoops.of(scenario, plan, where.weight),
    )


def with_happened(world: World, happened: Mapping[str, int]) -> World:
    """Return ``world`` with a script in which conditional events have the hours they happen in."""
    script = Script(resolved(world.scenario, happened), world.plan)
    rows = {name: same_rows(table) for name, table in script.columns().items()}
    return replace(world, script=rows, events=script.events, happened=happened)


def same_rows(table: Floats) -> tuple[Floats, ...]:
    """Return the rows of ``table`` hour by hour, the same object as long as nothing changes."""
    bits = np.ascontiguousarray(table).view(np.int64)
    changed = (bits[1:] != bits[:-1]).any(axis=1)
    rows: list[Floats] = list(table[:1])
    for hour, other in enumerate(changed.tolist(), start=1):
        rows.append(table[hour] if other else rows[-1])
    return tuple(rows)


def branched(world: World) -> World:
    """Return ``world`` with citizens and counts of its own, in the state they are in now."""
    counts = type(world.counts)(*(values.copy() for values in world.counts))
    return replace(world, citizens=with_own_columns(world.citizens), counts=counts, unchanged={})


def _counts(where: Geography) -> Any:
    places = len(where.place_ids)
    cells = int(where.cell_start[-1])
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(Counts._fields, (places,))
    shapes |= {name: (cells,) for name in Counts._fields if name.startswith("cell_")}
    shapes["transitions"] = (places, 4, 4)
    return Counts(**{name: np.zeros(shape, dtype=np.int64) for name, shape in shapes.items()})


def _main_places(scenario: Scenario) -> Floats:
    """Mark the capital and the largest city."""
    population = np.array([p.population for p in scenario.places])
    main = np.zeros(len(population))
    main[int(np.argmax(population))] = 1.0
    for i, place in enumerate(scenario.places):
        if place.id == scenario.country.capital:
            main[i] = 1.0
    return main


def _fixed_columns(
    scenario: Scenario, where: Geography, deprivation: Floats
) -> dict[str, NDArray[Any]]:
    """Return the columns set once; populations are persons whatever the scale."""
    places = scenario.places
    population = np.array([float(p.population) for p in places])
    cells = np.diff(where.cell_start)
    cell_place = np.repeat(np.arange(len(places), dtype=np.int64), cells)
    index = {place.id: i for i, place in enumerate(places)}
    return {
        "region_population": np.array([float(r.population) for r in scenario.regions]),
        "region_lat": np.array([r.lat for r in scenario.regions]),
        "region_lon": np.array([r.lon for r in scenario.regions]),
        "region_exposed": np.array([r.exposed_share for r in scenario.regions]),
        "region_deprivation": deprivation,
        "place_region": where.region_of_place,
        "place_population": population,
        "place_online": np.array([r.online_share for r in scenario.regions])[where.region_of_place],
        "place_main": _main_places(scenario),
        "place_memory": place_memories(scenario),
        "cell_place": cell_place,
        "cell_population": np.maximum((population / cells)[cell_place], 1.0),
        "building_place": np.array([index[b.place] for b in scenario.buildings], dtype=np.int64),
        "building_weight": np.array([b.weight for b in scenario.buildings], dtype=np.float64),
        "feature_value": features(scenario.alliance.request),
        **_faction_columns(scenario),
        **_abroad_columns(scenario),
        **audience_columns(scenario),
    }


def _faction_columns(scenario: Scenario) -> dict[str, NDArray[Any]]:
    factions = scenario.elite.factions
    return {
        "faction_share_before": np.array([f.share for f in factions], dtype=np.float64),
        "faction_rent": np.array([f.rent for f in factions], dtype=np.float64),
        "faction_challenger_rent": np.array(
            [f.challenger_rent for f in factions], dtype=np.float64
        ),
        "faction_anger": np.array([f.anger for f in factions], dtype=np.float64),
    }


def _abroad_columns(scenario: Scenario) -> dict[str, NDArray[Any]]:
    issues = scenario.issues
    return {
        "issue_value": np.array([i.patron_value for i in issues], dtype=np.float64),
        "issue_cost": np.array([i.client_cost for i in issues], dtype=np.float64),
        "issue_enforceability": np.array([i.enforceability for i in issues], dtype=np.float64),
        **_stakeholder_columns(issues),
        "neighbour_similarity": np.array(
            [n.similarity for n in scenario.neighbours], dtype=np.float64
        ),
    }


def _stakeholder_columns(issues: Sequence[Issue]) -> dict[str, NDArray[Any]]:
    parties = [(k, party) for k, issue in enumerate(issues) for party in issue.stakeholders]
    return {
        "stakeholder_issue": np.array([k for k, _ in parties], dtype=np.int64),
        "stakeholder_position": np.array([s.position for _, s in parties], dtype=np.float64),
        "stakeholder_capability": np.array([s.capability for _, s in parties], dtype=np.float64),
        "stakeholder_salience": np.array([s.salience for _, s in parties], dtype=np.float64),
    }


def loyalty_parameters(scenario: Scenario, plan: Plan) -> LoyaltyParameters:
    """Return the parameters of loyalty, with which units are built even if it is off."""
    return cast(LoyaltyParameters, plan.parameters_even_off(scenario, "loyalty"))


def start_columns(
    scenario: Scenario,
    plan: Plan,
    key: tuple[int, int],
    where: Geography,
    people: tuple[Floats, Floats],
) -> dict[str, NDArray[Any]]:
    """Return every column at hour 0; ``people`` are deprivation by region and pool by place."""
    deprivation, pool = people
    of = partial(plan.parameters_even_off, scenario)
    fixed = _fixed_columns(scenario, where, deprivation)
    fixed["place_pool"] = pool
    legitimacy = cast(LegitimacyParameters, of("legitimacy"))
    fixed["region_legitimacy_before"] = np.full(len(scenario.regions), legitimacy.initial)
    fixed |= unit_columns(scenario, loyalty_parameters(scenario, plan), key)
    sizes = {
        "nation": 1,
        "region": len(scenario.regions),
        "place": len(scenario.places),
        "cell": int(where.cell_start[-1]),
        "building": len(scenario.buildings),
        "unit": len(fixed["unit_place"]),
        "option": len(OPTIONS),
        "faction": len(scenario.elite.factions),
        "feature": len(fixed["feature_value"]),
        "issue": len(scenario.issues),
        "stakeholder": len(fixed["stakeholder_issue"]),
        "neighbour": len(scenario.neighbours),
        "audience": len(fixed["audience_sees"]),
        "listening": len(fixed["listening_place"]),
    }
    columns: dict[str, NDArray[Any]] = {}
    for column in COLUMNS:
        if column.kind == "state":
            dtype = np.int64 if column.dtype == "i8" else np.float64
            columns[column.name] = np.full(sizes[column.scale], column.start, dtype=dtype)
        elif column.kind == "fixed":
            columns[column.name] = fixed[column.name]
            fixed[column.name].setflags(write=False)
    columns["region_legitimacy"][:] = legitimacy.initial
    columns["place_officers"] = np.bincount(
        fixed["unit_place"], weights=fixed["unit_officers"], minlength=len(scenario.places)
    ).astype(np.float64)
    for mechanism in plan.off:
        for name, value in mechanism.neutral.items():
            columns[name][:] = value
    return columns
