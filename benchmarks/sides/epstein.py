"""Epstein's Model I: ours under the rules of Mesa's example, and the example itself.

Each side imports what it needs only when it is run: they may live under different interpreters.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from benchmarks.sides.watch import timed

if TYPE_CHECKING:
    from steppe.toys.epstein import EpsteinWorld, Setup


def ours(told: dict[str, Any]) -> dict[str, Any]:
    """Return what ``steps`` steps after ``warm`` ones took, over enough seeds to be measured."""
    from steppe.toys import epstein

    setup = epstein.Setup(**told["setup"])
    epstein.run(setup, 0, 1)  # compiled, or read from the cache
    amount = wall = cpu = 0.0
    seed, people = told["seed"], 0

    def over_seeds() -> None:
        nonlocal amount, wall, cpu, seed, people
        while wall < told["least_s"]:
            world = epstein.build(setup, seed)
            people = len(world.agents)
            _advance(world, setup, told["warm"], seed)
            block = timed(
                lambda w=world, s=seed: _advance(w, setup, told["steps"], s),
                people * told["steps"],
            )
            amount, wall, cpu = amount + block["amount"], wall + block["wall"], cpu + block["cpu"]
            seed += 1

    # one block is shorter than the kernel's clock ticks: only all of them say how quiet it was
    whole = timed(over_seeds, 0.0)
    return {
        "version": "steppe",
        "agents": people,
        "block": {"wall": wall, "cpu": cpu, "amount": amount, "others": whole["others"]},
    }


def _advance(world: EpsteinWorld, setup: Setup, steps: int, seed: int) -> None:
    """Let a world live so many steps with the legitimacy and the officers that it began with."""
    import numpy as np

    from steppe.toys import epstein

    cops = np.full(steps, len(world.agents) - world.rules.citizens, dtype=np.int64)
    epstein.advance(world, epstein.course_of(np.full(steps, setup.legitimacy), cops), seed)


def mesa(told: dict[str, Any]) -> dict[str, Any]:
    """Return what ``steps`` steps of Mesa's example took, untouched, after ``warm`` ones."""
    import mesa as package

    began = time.perf_counter()
    model = _example(told["setup"], told["seed"])
    built = time.perf_counter() - began
    for _ in range(told["warm"]):
        model.step()
    steps, people = told["steps"], len(model.agents)
    block = timed(lambda: [model.step() for _ in range(steps)], steps * people)
    return {
        "version": f"Mesa {package.__version__}",
        "agents": people,
        "build_s": built,
        "block": block,
    }


def _example(setup: dict[str, Any], seed: int) -> Any:
    """Return Mesa's example; since Mesa 3.4 its parameters come in an object."""
    from mesa.examples.advanced.epstein_civil_violence import model

    rules = {
        "citizen_density": setup["citizen_density"], "cop_density": setup["cop_density"],
        "citizen_vision": setup["vision"], "cop_vision": setup["vision"],
        "legitimacy": setup["legitimacy"], "max_jail_term": setup["jail_max"],
        "active_threshold": setup["threshold"], "arrest_prob_constant": setup["k"],
        "max_iters": 10**9,
    }  # fmt: skip
    size = {"width": setup["width"], "height": setup["height"]}
    if hasattr(model, "EpsteinScenario"):
        return model.EpsteinCivilViolence(**size, scenario=model.EpsteinScenario(**rules, rng=seed))
    return model.EpsteinCivilViolence(**size, **rules, seed=seed)
