"""Loops of field rules leave as machine code what they leave in plain Python, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from steppe.core.compile import compiled
from steppe.core.params import values_of
from steppe.model.mechanisms.diffusion import fill_hazards
from steppe.model.mechanisms.loyalty import Stations, field_units
from steppe.model.mechanisms.outcome import OutcomeParameters, OutcomeValues, chance_of_flight
from steppe.model.mechanisms.seizure import fill_lost
from steppe.model.mechanisms.threat import ThreatParameters, ThreatValues, threat_of
from steppe.model.mechanisms.timeline import Orders, PlaceLevers, ScriptLevers, fill_levers

PLACES, UNITS = 9, 40

Outputs = tuple[Any, ...]
Trial = Callable[[Callable[..., Any], np.random.Generator], Outputs]


def flags(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.integers(0, 2, size).astype(np.float64)


def levers(loop: Callable[..., Any], rng: np.random.Generator) -> Outputs:
    orders = Orders._make(
        [0.95 * rng.integers(2), 0.95, 3.0 * rng.integers(2), *flags(rng, 5), 0.05]
    )
    script = ScriptLevers(rng.random(PLACES), *(flags(rng, PLACES) for _ in range(4)))
    to = PlaceLevers(*np.empty((6, PLACES)))
    loop(orders, script, flags(rng, PLACES), rng.random(PLACES) * 3.0, to)
    assert to.cut_days[to.internet_cut > 0.0].all()
    return tuple(to)


def units(loop: Callable[..., Any], rng: np.random.Generator) -> Outputs:
    at = Stations(
        rng.integers(0, PLACES, UNITS), 1.0 + rng.random(UNITS), flags(rng, PLACES),
        rng.random(PLACES), 1e5 * rng.random(PLACES), 700.0, 1e6,
    )  # fmt: skip
    fielded, gone = np.zeros((2, PLACES))
    state = rng.integers(0, 3, UNITS)
    changed = loop(0.3, state, at, fielded, gone)
    assert changed == (state == 2).sum()
    assert gone.sum() == pytest.approx(at.officers[state == 2].sum())
    return changed, fielded, gone


def buildings(loop: Callable[..., Any], rng: np.random.Generator) -> Outputs:
    streets = tuple(rng.integers(0, 50, PLACES).astype(np.float64) for _ in range(4))
    place, lost = rng.integers(0, PLACES, UNITS), rng.integers(0, 2, UNITS)
    weight, held = rng.random(UNITS), np.empty(UNITS)
    loop(1.2, streets, (place, weight), lost, held)
    assert held == pytest.approx(weight * lost)
    return lost, held


def threat(loop: Callable[..., Any], rng: np.random.Generator) -> Outputs:
    p = values_of(ThreatValues, ThreatParameters())
    signs = tuple(map(float, rng.random(3)))
    return (loop(p, (1e6 * float(rng.random()), 2e7), signs, float(rng.random())),)


def flight(loop: Callable[..., Any], rng: np.random.Generator) -> Outputs:
    return (loop(values_of(OutcomeValues, OutcomeParameters()), float(rng.random())),)


def neighbours(loop: Callable[..., Any], rng: np.random.Generator) -> Outputs:
    hazard, fear = np.empty((2, PLACES))
    rates = tuple(map(float, rng.random(4)))
    loop(rates, rng.random(PLACES), rng.random(PLACES) - 0.5, hazard, fear)
    assert (hazard <= 1.0).all()
    return hazard, fear


LOOPS: tuple[tuple[Callable[..., Any], Trial], ...] = (
    (fill_levers, levers), (field_units, units), (fill_lost, buildings), (threat_of, threat),
    (chance_of_flight, flight), (fill_hazards, neighbours),
)  # fmt: skip


@pytest.mark.parametrize(("loop", "trial"), LOOPS, ids=[one.__name__ for one, _ in LOOPS])
def test_machine_code_leaves_what_plain_python_leaves(
    loop: Callable[..., Any], trial: Trial
) -> None:
    for seed in range(20):
        plain = trial(loop, np.random.default_rng(seed))
        fast = trial(compiled(loop), np.random.default_rng(seed))
        for one, other in zip(plain, fast, strict=True):
            assert np.array_equal(np.asarray(one), np.asarray(other))
