"""Civil violence, Model I, on a torus: set-up, run, and what a run is summarised by.

Epstein, PNAS 99 suppl. 3 (2002). The published article leaves open, or is read differently by
others, whether the jailed block their cell, whether people move before or after they act, and
whether C/A is rounded: each is a named choice here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from steppe.core.compile import compiled
from steppe.core.random import Purpose, key_of, uniforms
from steppe.toys.draws import Ints, Key, shuffle
from steppe.toys.epstein_loop import AGENT, Course, EpsteinWorld, live, settle
from steppe.toys.epstein_rules import ARREST_RATIOS, EpsteinRules
from steppe.toys.lattice import free_bits, sight


@dataclass(frozen=True, slots=True)
class Setup:
    """One way to run Model I; the names and defaults are those of the article's Run 2.

    ``placement`` is ``exact`` (so many citizens and cops on random cells) or ``by_cell`` (each
    cell drawn for itself, so that numbers vary). Jail terms are whole steps, 0 to ``jail_max``.
    """

    width: int = 40
    height: int = 40
    citizen_density: float = 0.70
    cop_density: float = 0.04
    vision: int = 7
    vision_shape: Literal["euclidean", "von_neumann", "moore"] = "euclidean"
    legitimacy: float = 0.82
    k: float = 2.3
    threshold: float = 0.1
    jail_max: int = 30
    arrest_ratio: Literal["smooth", "floor", "round"] = "floor"
    jail: Literal["off_lattice", "in_place"] = "off_lattice"
    order: Literal["move_first", "act_first"] = "move_first"
    placement: Literal["exact", "by_cell"] = "exact"
    movement: bool = True


@dataclass(frozen=True, slots=True)
class Path:
    """What a run leaves, by step, persons: active, jailed, arrests (a flow)."""

    citizens: int
    cops: int
    active: Ints
    jailed: Ints
    arrests: Ints


def cells_of(setup: Setup, key: Key) -> tuple[Ints, Ints]:
    """Return the cells of the citizens and of the cops."""
    cells = setup.width * setup.height
    if setup.placement == "by_cell":
        u = uniforms(key, Purpose.TOY_PLACE, 0, cells)
        citizens = u < setup.citizen_density
        cops = ~citizens & (u < setup.citizen_density + setup.cop_density)
        return np.flatnonzero(citizens), np.flatnonzero(cops)
    order = np.empty(cells, dtype=np.int64)
    compiled(shuffle)(order, 0, int(Purpose.TOY_PLACE) << 16, key)
    first = round(setup.citizen_density * cells)
    return order[:first], order[first : first + round(setup.cop_density * cells)]


def build(setup: Setup, seed: int) -> EpsteinWorld:
    """Return the lattice of ``setup`` with everybody on it and quiet."""
    key = key_of(seed)
    citizens, cops = cells_of(setup, key)
    cell = np.concatenate([citizens, cops]).astype(np.int64)
    agents = np.zeros(len(cell), dtype=AGENT).view(np.recarray)
    agents.cell = cell
    field = sight(setup.width, setup.height, setup.vision, setup.vision_shape)
    at = np.full(setup.width * setup.height, -1, dtype=np.int64)
    world = EpsteinWorld(_rules(setup, len(citizens)), field, free_bits(field), agents, at)
    compiled(settle)(world, key)
    return world


def _rules(setup: Setup, citizens: int) -> EpsteinRules:
    return EpsteinRules(
        setup.k,
        setup.threshold,
        setup.jail_max,
        ARREST_RATIOS[setup.arrest_ratio],
        int(setup.movement),
        int(setup.order == "move_first"),
        int(setup.jail == "in_place"),
        citizens,
    )


def run(
    setup: Setup,
    seed: int,
    steps: int,
    *,
    legitimacy: NDArray[np.float64] | None = None,
    cops: Ints | None = None,
) -> Path:
    """Run ``steps`` steps from ``seed``; ``legitimacy`` and ``cops`` may change by step."""
    world = build(setup, seed)
    total = len(world.agents) - world.rules.citizens
    legitimacy = np.full(steps, setup.legitimacy) if legitimacy is None else legitimacy
    cops = np.full(steps, total, dtype=np.int64) if cops is None else cops
    course = course_of(legitimacy, cops)
    advance(world, course, seed)
    return Path(world.rules.citizens, total, course.active, course.jailed, course.arrests)


def course_of(legitimacy: NDArray[np.float64], cops: Ints) -> Course:
    """Return what is set for each step, with nothing counted yet."""
    return Course(legitimacy, cops, *(np.zeros(len(cops), dtype=np.int64) for _ in range(3)))


def advance(world: EpsteinWorld, course: Course, seed: int) -> None:
    """Let ``world`` go through the steps of ``course``, which counts them."""
    compiled(live)(world, course, np.empty(len(world.agents), dtype=np.int64), key_of(seed))
