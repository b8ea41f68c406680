"""A scenario of two regions and three places, and hand-made runs of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np

from steppe.case.scenario import ClockConfig, Country, Evidence, Scenario, Target
from steppe.case.society import Good
from steppe.case.tables import Observation, Place, Region
from steppe.results.trajectory import RunRecord, Series, Trajectory

Cells = Iterable[tuple[Any, Any]]
PLACES = ("east-city", "west-town", "west-rural")
REGIONS = ("east", "west")
HOURS = 48
START = datetime(2022, 1, 2)
PER_PLACE = (
    "peaceful", "violent", "looting", "detained", "wounded", "dead", "arrests", "woundings",
    "deaths",
)  # fmt: skip
PER_REGION = ("price", "internet_cut")
PER_HOUR = (
    "foreign_troops", "officers_killed", "officers_wounded", "units_obeying", "units_shirking",
    "units_defected",
)  # fmt: skip


def region(name: str, population: int) -> Region:
    return Region(
        id=name, name=name, iso="XX", kind="region", population=population, urban_share=0.5,
        area_km2=1.0, lat=0.0, lon=0.0, centre=name, neighbours=(), share_age_0_15=0.25,
        share_age_16_45=0.25, share_age_46_retirement=0.25, share_age_older=0.25,
        age_basis="assumed", wage=1.0, wage_basis="assumed", unemployment_pct=5.0,
        unemployment_basis="assumed", gini=0.3, gini_basis="assumed",
        online_share=0.5, online_basis="assumed", source="toy",
    )  # fmt: skip


def place(name: str, kind: str, of: str, population: int) -> Place:
    return Place.model_validate(
        {
            "id": name, "name": name, "kind": kind, "region": of, "district": "", "lat": 0.0,
            "lon": 0.0, "population": population, "basis": "assumed", "source": "toy",
        }
    )  # fmt: skip


def scenario(
    targets: tuple[Target, ...] = (),
    observations: tuple[Observation, ...] = (),
    start: datetime = START,
    hours: int = HOURS,
) -> Scenario:
    return Scenario(
        format=2,
        id="toy",
        title="Toy",
        summary="Two regions",
        clock=ClockConfig(start=start, hours=hours),
        country=Country(name="Toy", iso3="TOY", citizens=4000, gini=0.3),
        goods=(Good(id="gas", name="gas", unit="TOY_per_litre"),),
        regions=(region("east", 1000), region("west", 3000)),
        places=(
            place("east-city", "city", "east", 1000),
            place("west-town", "town", "west", 2000),
            place("west-rural", "rural", "west", 1000),
        ),
        price_steps=(),
        forces=(),
        evidence=Evidence(visible_protest=100.0, targets=targets),
        observations=observations,
    )


def run(
    set_: dict[str, Cells] | None = None,
    start: str = "2022-01-02T00:00",
    hours: int = HOURS,
    parameters: dict[str, dict[str, float]] | None = None,
) -> Trajectory:
    """Return a run in which all is zero but what ``set_`` gives, as {series: [(index, value)]}.

    The series ``joined`` is recorded only if it is set; ``parameters`` are those of the run.
    """
    arrays: dict[str, tuple[tuple[str, ...], Any]] = {}
    for name in (*PER_PLACE, *(["joined"] if "joined" in (set_ or {}) else [])):
        arrays[name] = (("hour", "place"), np.zeros((hours, 3), dtype=np.int32))
    for name in PER_REGION:
        arrays[name] = (("hour", "region"), np.zeros((hours, 2), dtype=np.float32))
    for name in PER_HOUR:
        arrays[name] = (("hour",), np.zeros(hours))
    for name, cells in (set_ or {}).items():
        for index, value in cells:
            arrays[name][1][index] = value
    series = {n: Series(n, dims, values, "", "") for n, (dims, values) in arrays.items()}
    scenario = json.dumps({"parameters": parameters or {}})
    record = RunRecord("toy", scenario, "", 1, "0", "0", 1.0, 4000, 4000, start, hours)
    return Trajectory(record, series, {"place": PLACES, "region": REGIONS}, (), {})


def target(observable: str = "peak_on_day", **changes: Any) -> Target:
    fields: dict[str, Any] = {
        "id": "t", "title": "T", "observable": observable, "region": "national",
        "date": "2022-01-02", "unit": "persons", "source": "s",
    }  # fmt: skip
    return Target(**(fields | changes))


def observation(**changes: Any) -> Observation:
    fields: dict[str, Any] = {
        "id": "o", "date": "2022-01-02", "region": "national", "measure": "protest_size",
        "unit": "persons", "confidence": "medium", "source": "s",
    }  # fmt: skip
    return Observation(**(fields | changes))
