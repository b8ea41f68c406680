"""Epstein 2002: outbursts, a jump of legitimacy against a slow decline, and fewer cops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from steppe.case.scenario import Part
from steppe.toys.case import Share, ValueOr
from steppe.toys.draws import Ints
from steppe.toys.epstein import Path, Setup
from steppe.toys.epstein import run as run_model
from steppe.toys.result import Findings, Line
from steppe.toys.toy import Toy

Cells = Annotated[int, Field(ge=4, le=10_000)]
Steps = Annotated[int, Field(ge=1, le=1_000_000)]
Positive = Annotated[float, Field(gt=0.0, le=100.0)]
Persons = Annotated[int, Field(ge=1, le=1_000_000)]


CALM = 10
"""So many cops must be gone before the first outburst for the run to count as calm at first."""


class EpsteinStudyParameters(Part):
    """Run 2 of the article, and the changes made to it for the falls of legitimacy and of cops."""

    width: ValueOr[Cells, Literal["cells"]]
    height: ValueOr[Cells, Literal["cells"]]
    citizen_density: ValueOr[Share, Literal["1"]]
    cop_density: ValueOr[Share, Literal["1"]]
    vision: ValueOr[Annotated[int, Field(ge=1, le=7)], Literal["cells"]]
    vision_shape: ValueOr[Literal["euclidean", "von_neumann", "moore"], Literal["name"]]
    legitimacy: ValueOr[Share, Literal["1"]]
    k: ValueOr[Positive, Literal["1"]]
    threshold: ValueOr[Share, Literal["1"]]
    jail_max: ValueOr[Steps, Literal["steps"]]
    jail: ValueOr[Literal["off_lattice", "in_place"], Literal["name"]]
    order: ValueOr[Literal["move_first", "act_first"], Literal["name"]]
    steps: ValueOr[Steps, Literal["steps"]]
    outburst: ValueOr[Persons, Literal["persons"]]
    shock_start: ValueOr[Share, Literal["1"]]
    shock_jail_max: ValueOr[Steps, Literal["steps"]]
    shock_after: ValueOr[Steps, Literal["steps"]]
    jump_to: ValueOr[Share, Literal["1"]]
    decline_to: ValueOr[Share, Literal["1"]]
    decline_step: ValueOr[Annotated[float, Field(gt=0.0, lt=1.0)], Literal["1 per step"]]
    cops_start: ValueOr[Share, Literal["1"]]
    cops_legitimacy: ValueOr[Share, Literal["1"]]


def outbursts(active: Ints, level: int) -> int:
    """Return how often ``active`` rises to ``level`` from below it."""
    above = active >= level
    return int(above[0]) + int((above[1:] & ~above[:-1]).sum())


def calm(active: Ints, level: int) -> int:
    """Return the number of steps before ``active`` first reaches ``level``; -1 if it never does."""
    above = np.flatnonzero(active >= level)
    return int(above[0]) if len(above) else -1


def rise(active: Ints, level: int) -> int:
    """Return the steps from the last below a fifth of ``level`` to the peak of the first outburst.

    The outburst ends when ``active`` falls below ``level``; without one, the number of steps.
    """
    first = calm(active, level)
    if first < 0:
        return len(active)
    below = np.flatnonzero(active[first:] < level)
    end = first + int(below[0]) if len(below) else len(active)
    quiet = np.flatnonzero(active[:first] < level / 5)
    return first + int(np.argmax(active[first:end])) - (int(quiet[-1]) if len(quiet) else -1)


def setup_of(p: Mapping[str, Any], arrest_ratio: Literal["smooth", "floor", "round"]) -> Setup:
    """Return Run 2 with the given reading of C/A."""
    names = (
        "width", "height", "citizen_density", "cop_density", "vision", "vision_shape",
        "legitimacy", "k", "threshold", "jail_max", "jail", "order",
    )  # fmt: skip
    return Setup(arrest_ratio=arrest_ratio, **{name: p[name] for name in names})


def jump_path(p: Mapping[str, Any], seed: int, steps: int) -> Path:
    """Run with legitimacy at its start until ``shock_after``, then at ``jump_to`` at once."""
    legitimacy = np.full(steps, p["jump_to"])
    legitimacy[: p["shock_after"]] = p["shock_start"]
    setup = replace(setup_of(p, "floor"), jail_max=p["shock_jail_max"])
    return run_model(setup, seed, steps, legitimacy=legitimacy)


def decline(p: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return legitimacy falling step by step from its start to ``decline_to``."""
    falls = round((p["shock_start"] - p["decline_to"]) / p["decline_step"])
    return np.array([p["shock_start"] - p["decline_step"] * n for n in range(falls + 1)])


def decline_path(p: Mapping[str, Any], seed: int) -> Path:
    """Run while legitimacy falls slowly."""
    legitimacy = decline(p)
    setup = replace(setup_of(p, "floor"), jail_max=p["shock_jail_max"])
    return run_model(setup, seed, len(legitimacy), legitimacy=legitimacy)


def cops_path(p: Mapping[str, Any], seed: int) -> Path:
    """Run while one cop after the other is taken away, until none is left."""
    setup = replace(
        setup_of(p, "floor"),
        cop_density=p["cops_start"],
        legitimacy=p["cops_legitimacy"],
        jail_max=p["shock_jail_max"],
    )
    total = round(p["cops_start"] * p["width"] * p["height"])
    return run_model(setup, seed, total + 1, cops=np.arange(total, -1, -1, dtype=np.int64))


def run(p: Mapping[str, Any], seeds: range) -> Findings:
    """Run 2 with both readings of C/A, then the three experiments, for every seed."""
    floor = [run_model(setup_of(p, "floor"), seed, p["steps"]) for seed in seeds]
    smooth = [run_model(setup_of(p, "smooth"), seed, p["steps"]) for seed in seeds]
    jumps = [jump_path(p, seed, p["shock_after"] + len(decline(p))) for seed in seeds]
    declines = [decline_path(p, seed) for seed in seeds]
    fewer = [cops_path(p, seed) for seed in seeds]
    level = p["outburst"]
    larger = [a.active.max() > b.active.max() for a, b in zip(jumps, declines, strict=True)]
    return Findings(
        {
            "outbursts_floor": float(np.mean([outbursts(one.active, level) for one in floor])),
            "peak_floor": float(np.median([one.active.max() for one in floor])),
            "outbursts_smooth": float(np.mean([outbursts(one.active, level) for one in smooth])),
            "peak_smooth": float(np.max([one.active.max() for one in smooth])),
            "jump_peak": float(np.median([one.active.max() for one in jumps])),
            "decline_peak": float(np.median([one.active.max() for one in declines])),
            "jump_larger": float(np.mean(larger)),
            "cops_calm": float(np.mean([calm(one.active, level) >= CALM for one in fewer])),
            "cops_rise": float(np.median([rise(one.active, level) for one in fewer])),
            "cops_gone": float(np.median([calm(one.active, level) for one in fewer])),
            "cops_peak": float(np.median([one.active.max() for one in fewer])),
        },
        (
            _line("floor", floor[0], "first seed, C/A rounded down"),
            _line("smooth", smooth[0], "first seed, C/A as it is"),
            _line("jump", jumps[0], "first seed, legitimacy jumps"),
            _line("decline", declines[0], "first seed, legitimacy falls slowly"),
            _line("cops", fewer[0], "first seed, a cop less in each step"),
        ),
    )


def _line(name: str, path: Path, meaning: str) -> Line:
    steps = np.arange(1.0, len(path.active) + 1.0)
    values = path.active.astype(np.float64)
    return Line(name, f"step_{name}", "steps", steps, values, "persons", f"active; {meaning}")


EPSTEIN = Toy(
    name="epstein",
    parameters=EpsteinStudyParameters,
    measures={
        "outbursts_floor": "outbursts",
        "peak_floor": "persons",
        "outbursts_smooth": "outbursts",
        "peak_smooth": "persons",
        "jump_peak": "persons",
        "decline_peak": "persons",
        "jump_larger": "1",
        "cops_calm": "1",
        "cops_rise": "steps",
        "cops_gone": "cops",
        "cops_peak": "persons",
    },
    lines=dict.fromkeys(("floor", "smooth", "jump", "decline", "cops"), ("persons", "")),
    size=lambda p: (
        round(p["citizen_density"] * p["width"] * p["height"])
        + round(p["cop_density"] * p["width"] * p["height"]),
        p["steps"],
    ),
    run=run,
)
