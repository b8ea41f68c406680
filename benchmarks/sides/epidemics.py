"""SIR epidemics in LASER and in Starsim: the nearest rivals that hold an agent for each person."""

from __future__ import annotations

import time
from importlib.metadata import version
from typing import Any

from benchmarks.sides.watch import peak_mib, timed

PATCHES = 10
"""LASER: patches along each side of a square, 100 in all."""


def laser(told: dict[str, Any]) -> dict[str, Any]:
    """Return what ``steps`` days of LASER's SIR took, after ``warm`` days that compile it."""
    import laser.core.distributions as dists
    import numba
    from laser.core import PropertySet
    from laser.core.utils import grid
    from laser.generic import SIR, Model

    numba.set_num_threads(told["threads"])
    each = told["agents"] // PATCHES**2
    scenario = grid(M=PATCHES, N=PATCHES, population_fn=lambda row, column: each)
    scenario["I"] = max(1, each // 100)
    scenario["S"] = scenario["population"] - scenario["I"]
    scenario["R"] = 0
    if "E" in scenario:
        scenario["E"] = 0
    days = told["warm"] + told["steps"]
    before, began = peak_mib(), time.perf_counter()
    model = Model(scenario, PropertySet({"nticks": days, "beta": 0.25, "seed": told["seed"]}))
    duration = dists.normal(loc=10.0, scale=2.0)
    model.components = [
        SIR.Susceptible(model), SIR.Recovered(model), SIR.Infectious(model, duration),
        SIR.Transmission(model, duration),
    ]  # fmt: skip
    built = time.perf_counter() - began

    def live(first: int, last: int) -> None:
        for tick in range(first, last):
            model._initialize_flows(tick)
            for component in model.components:
                component.step(tick)

    live(0, told["warm"])
    people = int(model.people.count)
    block = timed(lambda: live(told["warm"], days), people * told["steps"])
    infected = int(model.nodes.R[days].sum() + model.nodes.I[days].sum())
    assert 0 < infected < people, "the epidemic is under way"
    return {
        "version": f"LASER {version('laser-generic')}",
        "agents": people,
        "build_s": built,
        "block": block,
        "bytes_per_agent": (peak_mib() - before) * 2**20 / people,
        "infected_share": infected / people,
    }


def starsim(told: dict[str, Any]) -> dict[str, Any]:
    """Return what ``steps`` days of Starsim's SIR with ten random contacts took."""
    import starsim as ss

    before, began = peak_mib(), time.perf_counter()
    sim = ss.Sim(
        n_agents=told["agents"],
        diseases=ss.SIR(beta=ss.peryear(10)),
        networks=ss.RandomNet(n_contacts=10),
        start=2000,
        dur=told["warm"] + told["steps"] + 2,
        dt=ss.days(1),
        verbose=0,
        rand_seed=told["seed"],
    )
    sim.init()
    built = time.perf_counter() - began
    for _ in range(told["warm"]):
        sim.run_one_step()
    people, steps = len(sim.people), told["steps"]
    block = timed(lambda: [sim.run_one_step() for _ in range(steps)], people * steps)
    return {
        "version": f"Starsim {ss.__version__}",
        "agents": people,
        "build_s": built,
        "block": block,
        "bytes_per_agent": (peak_mib() - before) * 2**20 / people,
    }
