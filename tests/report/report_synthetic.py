"""Made-up trajectories on the real regions and places of the shipped case, to look at and test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from steppe.case import Scenario, load
from steppe.core.params import Parameters, log_uniform, param, uniform
from steppe.report.parameter_entries import ParameterEntry, parameter_entries
from steppe.results.trajectory import Event, RunRecord, Series, Trajectory

CASE = Path(str(resources.files("steppe"))) / "cases" / "kazakhstan-2022"
HOSTILE = "</script></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u2028=1+1"


def scenario(**changes: Any) -> Scenario:
    """Return the shipped case, some of its fields replaced."""
    return load(CASE).model_copy(update=changes)


def _wave(hours: int, onset: float, rise: float, fall: float) -> NDArray[np.float64]:
    """Return a wave with a daily rhythm: logistic rise at ``onset``, exponential fall after."""
    hour = np.arange(hours)
    up = 1 / (1 + np.exp(-(hour - onset) / rise))
    down = np.exp(-np.maximum(0, hour - onset - 26) / fall)
    daily = 0.35 + 0.65 * np.clip(np.sin((hour % 24 - 7) / 24 * 2 * np.pi) + 0.4, 0, 1)
    wave: NDArray[np.float64] = up * down * daily
    return wave


def _street(
    rng: np.random.Generator, case: Scenario, hours: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return active persons (hour, place) and each place's share of the unrest (place,)."""
    position = {region.id: i for i, region in enumerate(case.regions)}
    heat = np.exp(rng.normal(0, 0.35, len(case.regions)))
    base = {"mangystau": 2.2, "almaty-city": 3.0, "kyzylorda": 1.6, "aktobe": 1.5, "atyrau": 1.3}
    size = np.exp(rng.normal(0, 0.2))
    columns, weights = [], []
    for place in case.places:
        early = 22 if place.region in ("mangystau", "atyrau") else 58
        urban = {"city": 1.0, "town": 0.4, "rural": 0.08}[place.kind]
        weight = (
            place.population * urban * base.get(place.region, 0.8) * heat[position[place.region]]
        )
        onset = early + rng.normal(0, 4) + (14 if place.kind == "rural" else 0)
        columns.append(weight * _wave(hours, onset, 5 + rng.random() * 4, 26))
        weights.append(weight)
    active = size * 0.0031 * np.stack(columns, axis=1)
    return rng.poisson(active).astype(np.int32), np.array(weights)


def _regional(
    rng: np.random.Generator, case: Scenario, active: NDArray[np.int32]
) -> dict[str, tuple[NDArray[np.float32], str]]:
    hours, regions = active.shape[0], len(case.regions)
    rate = np.zeros((hours, regions))
    for r, region in enumerate(case.regions):
        mine = [i for i, place in enumerate(case.places) if place.region == region.id]
        rate[:, r] = active[:, mine].sum(axis=1) / region.population
    cut = np.zeros((hours, regions))
    cut[68:88] = 0.5
    cut[88:200] = 0.97
    cut[97:98] = 0.2
    strain = np.minimum(1, 60 * np.cumsum(rate, axis=0) / 40)
    officers = 400 + np.array([r.population for r in case.regions]) / 400
    gone = np.minimum(0.5, strain * 0.25) * (0.7 + 0.6 * rng.random(regions))
    shares = {"officers_obeying": 1 - gone, "officers_shirking": gone * 0.85,
              "officers_defected": gone * 0.15}  # fmt: skip
    out = {name: ((officers * share).round(), "persons") for name, share in shares.items()}
    out["internet_cut"] = (cut, "1")
    out["phone_cut"] = (cut * 0.4, "1")
    out["legitimacy"] = (0.55 - 0.18 * strain + rng.normal(0, 0.01, (1, regions)), "1")
    out["grievance"] = (np.clip(0.30 + 0.2 * rng.random(regions) + 0.25 * strain, 0, 1), "1")
    out["force_level"] = (np.clip(1 + 2.4 * strain, 0, 4).round(), "level")
    return {name: (values.astype(np.float32), unit) for name, (values, unit) in out.items()}


def _national(rng: np.random.Generator, hours: int) -> dict[str, NDArray[np.float64]]:
    hour = np.arange(hours)
    up, down = np.clip((hour - 112) / 60, 0, 1), np.clip((hour - 264) / 140, 0, 1)
    wave = np.clip(_wave(hours, 80, 8, 60) * 60 * (0.6 + 0.8 * rng.random()), 0, 110).round()
    return {
        "foreign_troops": (2030 * up * (1 - down) / 10).round() * 10,
        "officers_killed": np.floor(18 * np.clip((hour - 80) / 60, 0, 1)),
        "officers_wounded": np.floor(400 * np.clip((hour - 80) / 60, 0, 1)),
        "units_obeying": 120.0 - wave,
        "units_shirking": (wave * 0.8).round(),
        "units_defected": wave - (wave * 0.8).round(),
    }


def _events(rng: np.random.Generator, seed: int) -> tuple[Event, ...]:
    hour = 86 + int(rng.integers(0, 9))
    seized = Event(hour, "protesters", "seized", "almaty-city", 1.0, "City hall taken", "model")
    units = Event(hour + 7, "security", "defection", "mangystau", 3.0,
                  f"{seed} units change sides", "model")  # fmt: skip
    scripted = Event(90, "government", "cut", "national", 1.0, "Internet cut", "scripted")
    return (scripted, seized, units) if seed % 3 else (scripted, seized)


def trajectory(case: Scenario, seed: int, scale: float = 1.0) -> Trajectory:
    """Return one random but plausible run of ``case``."""
    hours = case.clock.hours
    rng = np.random.default_rng(seed)
    active, weights = _street(rng, case, hours)
    violent, looting = (active * 0.12).astype(np.int32), (active * 0.05).astype(np.int32)
    arrests = rng.poisson(active * 0.009).astype(np.int32)
    deaths = rng.poisson(active * 0.00022 * (weights > 20000)).astype(np.int32)
    stocks = {"peaceful": active - violent - looting, "violent": violent, "looting": looting,
              "detained": arrests.cumsum(axis=0), "wounded": deaths.cumsum(axis=0) * 9,
              "dead": deaths.cumsum(axis=0), "arrests": arrests, "deaths": deaths,
              "woundings": deaths * 9}  # fmt: skip
    series = [Series(name, ("hour", "place"), values.astype(np.int32), "persons", name)
              for name, values in stocks.items()]  # fmt: skip
    series += [Series(name, ("hour", "region"), values, unit, name)
               for name, (values, unit) in _regional(rng, case, active).items()]  # fmt: skip
    series += [Series(name, ("hour",), values, "1", name)
               for name, values in _national(rng, hours).items()]  # fmt: skip
    record = RunRecord(case.id, "{}", "sha256:3f9a1c77d2", seed, "0.1.0", "0.1.0", scale,
                       case.country.citizens, int(case.country.citizens * scale),
                       case.clock.start.isoformat(), hours, {"run": 2.1})  # fmt: skip
    labels = {"place": tuple(p.id for p in case.places),
              "region": tuple(r.id for r in case.regions)}  # fmt: skip
    series_by_name = {one.name: one for one in series}
    fate = ("stays", "stays", "stays", "stays", "concedes", "falls")[int(rng.integers(0, 6))]
    outcome = {
        "fate": fate,
        "peak_active": int(active.sum(axis=1).max()),
        "killed": int(deaths.sum()),
        "arrested": int(arrests.sum()),
        "wounded": int(stocks["wounded"][-1].sum()),
        "regions_with_protest": int(rng.integers(11, 18)),
        "officers_killed": int(series_by_name["officers_killed"].values[-1]),
        "units_defected": int(rng.poisson(4)),
    }
    return Trajectory(record, series_by_name, labels, _events(rng, seed), outcome)


def trajectories(case: Scenario, seeds: int, scale: float = 1.0) -> tuple[Trajectory, ...]:
    """Return runs with the seeds 1..``seeds``."""
    return tuple(trajectory(case, seed, scale) for seed in range(1, seeds + 1))


@dataclass(frozen=True, slots=True)
class Score:
    """A scored target of the shape the report asks for."""

    id: str
    title: str
    unit: str
    group: str
    observed: tuple[float | None, float | None, float | None]
    simulated: tuple[float, float, float] | None
    verdict: Literal["met", "near", "missed", "untested"]
    source: str = "https://example.org/bulletin?a=1&b=2"
    note: str = ""
    reason: str = ""


def scores() -> Sequence[Score]:
    """Return targets of every verdict, unit and shape of range."""
    return (
        Score("peak", "Most people on the street at once", "persons", "street",
              (25000, 50000, 75000), (31200, 44800, 69000), "met"),
        Score("almaty", "Peak in Almaty", "persons", "street", (3000, 20000, 20000),
              (6100, 9100, 14800), "met", note="Journalists say several thousand."),
        Score("killed", "Killed in all", "persons", "harm", (225, 238, 238), (118, 164, 207),
              "missed", note="Security forces included in the observed figure."),
        Score("detained", "Detained by 11 January", "persons", "harm", (9900, 12000, 16000),
              (7010, 8800, 11900), "near"),
        Score("onset", "First day in Almaty", "day", "order", (3, 3, 4), (2.9, 3.2, 3.8), "met"),
        Score("dark", "Connectivity, lowest", "share", "information", (0.02, 0.02, 0.05),
              (0.02, 0.03, 0.04), "met"),
        Score("regions", "Regions with protest", "regions", "street", (14, None, None),
              (12, 15, 17), "met"),
        Score("calm", "On the street on 9 January", "persons", "street", (None, None, 1000),
              (2100, 3900, 7200), "missed"),
        Score("troops", "Alliance troops on 9 January", "persons", "troops", (2030, 2030, 2500),
              (2030, 2030, 2030), "met", note="scripted input; official"),
        Score("intent", "Share who knew of the request", "share", "information",
              (None, None, None), None, "untested", reason="no observed range"),
    )  # fmt: skip


@dataclass(frozen=True)
class Crowd(Parameters):
    """Parameters as a mechanism declares them, one of each status."""

    threshold: float = param(0.62, "1", (0.0, 1.0), symbol="T", status="calibrated",
                             meaning="loss at which a person considers protest",
                             source="fitted here", prior=uniform(0.3, 0.9))  # fmt: skip
    ties: float = param(12, "persons", (1, 60), symbol="k", status="literature",
                        meaning="close ties a person looks to",
                        source="https://doi.org/10.1000/ties")  # fmt: skip
    wage: float = param(250396, "KZT/month", (1e4, 1e7), symbol="w", status="measured",
                        meaning="mean monthly wage", source="National statistics")  # fmt: skip
    contact: float = param(0.004, "1/h", (1e-5, 0.1), symbol="c", status="assumed",
                           meaning="rate of arrest per person on the street and officer",
                           source="no direct evidence", prior=log_uniform(1e-4, 0.02))  # fmt: skip


def parameters() -> tuple[ParameterEntry, ...]:
    """Return a ledger of two mechanisms."""
    return parameter_entries("hardship-logit", Crowd()) + parameter_entries("arrest", Crowd())
