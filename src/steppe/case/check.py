"""Checks across the parts of a scenario that no single field can hold."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Protocol

from steppe.case.check_events import NATIONAL, PEOPLE, event_problems
from steppe.case.check_goods import good_problems
from steppe.case.check_organisations import organisation_problems
from steppe.case.scenario import Scenario
from steppe.case.schema import Target
from steppe.case.source_location import Problem, Where, unknown_name
from steppe.case.tables import Observation
from steppe.case.triggers import trigger_counterfactuals
from steppe.case.whole_regions import SHARE_TOLERANCE, sum_problem
from steppe.model.audiences import PUBLICS

TABLES_WITH_IDS = (
    *("timeline", "inputs", "triggers", "groups", "audiences", "organisations", "goods"),
    *("regions", "places", "forces", "buildings", "members"),
)
SWAPPED = 5.0
"""Degrees; what lies so far from its region, and so many times nearer swapped, is swapped."""

_HIGHEST = {"share": 1.0, "flag": 1.0}
_COUNTED = ("persons", "regions", "towns", "villages", "hours", "share", "flag")
"""Units of observed figures that are never below 0."""


def cross_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield every contradiction between the parts of ``scenario``, whose ids are unique."""
    yield from _populations(scenario)
    yield from _references(scenario)
    yield from _swapped(scenario)
    yield from _shares(scenario)
    yield from _neighbours(scenario)
    yield from _society(scenario)
    yield from _prices(scenario)
    yield from event_problems(scenario)
    yield from organisation_problems(scenario)
    yield from _ranges(scenario)


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


def id_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield every id that is given twice; what names it cannot be looked up before."""
    lists: dict[Where, tuple[_WithId, ...]] = {
        (name,): getattr(scenario, name) for name in TABLES_WITH_IDS
    }
    lists["observations",] = scenario.observations
    lists["evidence", "targets"] = scenario.evidence.targets
    for where, items in lists.items():
        earlier: set[str] = set()
        for index, item in enumerate(items):
            name = item.id
            if name in earlier:
                yield Problem((*where, index, "id"), f"the id '{name}' is given twice")
            earlier.add(name)
            if name == NATIONAL and where[0] in ("regions", "places"):
                yield Problem((*where, index, "id"), f"'{NATIONAL}' means the whole country")


def _populations(scenario: Scenario) -> Iterator[Problem]:
    total = sum(region.population for region in scenario.regions)
    if total != scenario.country.citizens:
        wrong = f"{scenario.country.citizens:,} citizens, but the regions have {total:,}"
        yield Problem(("country", "citizens"), wrong, str(total))
    people: dict[str, int] = defaultdict(int)
    for place in scenario.places:
        people[place.region] += place.population
    for index, region in enumerate(scenario.regions):
        if region.id not in people:
            yield Problem(("regions", index, "id"), "no place lies in this region", "one or more")
        elif people[region.id] != region.population:
            wrong = f"{region.population:,} people, but its places have {people[region.id]:,}"
            yield Problem(("regions", index, "population"), wrong)


def _references(scenario: Scenario) -> Iterator[Problem]:
    regions = {region.id for region in scenario.regions}
    places = {place.id: place.region for place in scenario.places}
    for name in ("places", "price_steps", "forces"):
        for index, row in enumerate(getattr(scenario, name)):
            yield from unknown_name((name, index, "region"), row.region, regions, "region")
    for index, place in enumerate(scenario.places):
        if place.id in regions and place.region != place.id:
            wrong = f"a region is called '{place.id}' too, but the place lies elsewhere"
            yield Problem(("places", index, "id"), wrong)
    for index, force in enumerate(scenario.forces):
        where = ("forces", index, "place")
        yield from unknown_name(where, force.place, places, "place")
        if force.place in places and places[force.place] != force.region:
            wrong = f"'{force.place}' lies in region '{places[force.place]}'"
            yield Problem(where, f"{wrong}, not in '{force.region}'")
    if scenario.country.capital is not None:
        yield from unknown_name(("country", "capital"), scenario.country.capital, places, "place")
    if scenario.calibration.placebo is not None:
        yield from unknown_name(
            ("calibration", "placebo"), scenario.calibration.placebo,
            {*scenario.counterfactuals, *trigger_counterfactuals(scenario)},
            "counterfactual",
        )  # fmt: skip
    for index, building in enumerate(scenario.buildings):
        yield from unknown_name(("buildings", index, "place"), building.place, places, "place")
    for index, target in enumerate(scenario.evidence.targets):
        way = ("evidence", "targets", index, "region")
        yield from unknown_name(way, target.region, {*regions, NATIONAL}, "region")
    allowed = {*regions, *places, NATIONAL}
    for index, observation in enumerate(scenario.observations):
        yield from unknown_name(
            ("observations", index, "region"), observation.region, allowed, "region"
        )


def _swapped(scenario: Scenario) -> Iterator[Problem]:
    """Yield places that would lie in their region if latitude and longitude were exchanged."""
    points = {region.id: (region.lat, region.lon) for region in scenario.regions}
    for index, place in enumerate(scenario.places):
        lat, lon = points.get(place.region, (place.lat, place.lon))
        away = math.hypot(place.lat - lat, place.lon - lon)
        if away > SWAPPED and math.hypot(place.lon - lat, place.lat - lon) < away / SWAPPED:
            wrong = f"lat {place.lat:g}, lon {place.lon:g}: latitude and longitude are swapped"
            yield Problem(("places", index, "lat"), wrong, f"around lat {lat:g}, lon {lon:g}")


def _shares(scenario: Scenario) -> Iterator[Problem]:
    ages = ("share_age_0_15", "share_age_16_45", "share_age_46_retirement", "share_age_older")
    for index, region in enumerate(scenario.regions):
        yield from sum_problem(region, ("regions", index, "groups", 0, "share"))
        total = sum(getattr(region, name) for name in ages)
        if abs(total - 1.0) > SHARE_TOLERANCE:
            wrong = f"{', '.join(ages)} sum to {total:.6g}"
            yield Problem(("regions", index, ages[0]), wrong, f"1 within {SHARE_TOLERANCE:g}")


def _neighbours(scenario: Scenario) -> Iterator[Problem]:
    of = {region.id: region.neighbours for region in scenario.regions}
    for index, region in enumerate(scenario.regions):
        where = ("regions", index, "neighbours")
        for name in region.neighbours:
            yield from unknown_name(where, name, of, "region")
            if name == region.id:
                yield Problem(where, "a region is not its own neighbour")
            elif name in of and region.id not in of[name]:
                yield Problem(where, f"'{name}' does not name '{region.id}' as its neighbour")
        for name, times in Counter(region.neighbours).items():
            if times > 1:
                yield Problem(where, f"'{name}' is given twice")


def _society(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with groups, audiences and goods."""
    for index, group in enumerate(scenario.groups):
        for name, other in (("state_media", "foreign_media"), ("foreign_media", "state_media")):
            if getattr(group, name) is None and getattr(group, other) is not None:
                yield Problem(("groups", index, name), f"is missing beside {other}")
    names = [audience.id for audience in scenario.audiences]
    for public in PUBLICS:
        if public not in names:
            wrong = f"there is no audience '{public}', which the rules ask for"
            yield Problem(("audiences",), wrong, ", ".join(PUBLICS), at_key=True)
    yield from good_problems(scenario)


def _prices(scenario: Scenario) -> Iterator[Problem]:
    if not scenario.price_steps:
        return
    goods = [good.id for good in scenario.goods]
    for index, step in enumerate(scenario.price_steps):
        yield from unknown_name(("price_steps", index, "good"), step.good, goods, "good")
    steps = Counter((s.good, s.region) for s in scenario.price_steps if s.cause == "before")
    moving = {step.good for step in scenario.price_steps}
    for index, region in enumerate(scenario.regions):
        for good in (one for one in goods if one in moving):
            if steps[good, region.id] != 1:
                of = f" of {good}" if len(goods) > 1 else ""
                wrong = f"prices{of} have {steps[good, region.id]} rows with cause 'before'"
                yield Problem(("regions", index, "id"), f"{wrong} for '{region.id}'", "exactly one")
    earlier = set()
    for index, step in enumerate(scenario.price_steps):
        if step.cause == "before" and step.from_ > scenario.clock.start:
            wrong = "the run begins before there is a price"
            allowed = f"up to {scenario.clock.start:%Y-%m-%dT%H:%M}"
            yield Problem(("price_steps", index, "from"), wrong, allowed)
        if (step.good, step.region, step.from_) in earlier:
            wrong = f"a second price of '{step.region}' from the same moment"
            yield Problem(("price_steps", index, "from"), wrong)
        earlier.add((step.good, step.region, step.from_))


def _ranges(scenario: Scenario) -> Iterator[Problem]:
    for index, member in enumerate(scenario.members):
        if member.announced_low > member.announced_high:
            wrong = f"more than announced_high, {member.announced_high}"
            yield Problem(("members", index, "announced_low"), wrong)
    ranged: list[tuple[Where, Target | Observation]] = [
        (("evidence", "targets", i), target) for i, target in enumerate(scenario.evidence.targets)
    ]
    ranged += [(("observations", i), one) for i, one in enumerate(scenario.observations)]
    for where, item in ranged:
        yield from _bounds(where, item, scenario)
        values = [(n, v) for n in ("low", "value", "high") if (v := getattr(item, n)) is not None]
        for (name, value), (above, limit) in pairwise(values):
            if value > limit:
                yield Problem((*where, name), f"{value:g} is more than {above}, {limit:g}")


def _bounds(where: Where, item: Target | Observation, scenario: Scenario) -> Iterator[Problem]:
    """Yield figures that nobody can have counted; units that are not listed have no bounds."""
    if item.unit not in _COUNTED:
        return
    highest = _HIGHEST.get(item.unit, float("inf"))
    if item.unit == "persons":
        highest = max(PEOPLE, float(scenario.country.citizens))
    elif item.unit == "regions":
        highest = float(len(scenario.regions))
    for name in ("low", "value", "high"):
        figure = getattr(item, name)
        if figure is not None and not 0.0 <= figure <= highest:
            allowed = "0 or more" if highest == float("inf") else f"0 to {highest:,.0f}"
            yield Problem((*where, name), f"{figure:g} is out of range for {item.unit}", allowed)
