"""The comparisons: each says who is measured against whom, on what, and checks first that both do
the same."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.pairs import Side, alone, compare
from tests.docking.mesa_beside import EXAMPLE, VARIABLE

from benchmarks import threshold_hour as dense
from steppe.core.random import key_of

NATION = 19_503_159
SEED = 1


@dataclass(frozen=True, slots=True)
class Order:
    """How much to do: ``pairs`` of each comparison, tiny worlds only if ``quick``.

    ``threads`` are the numbers of threads to be measured, ``largest`` the most agents per citizen;
    ``mesa``, ``rivals`` and ``torch`` are interpreters: one with the Mesa to be timed, one with
    LASER, Starsim and the Mesa 3.3 that can be given our draws, one with AgentTorch.
    """

    pairs: int
    quick: bool
    mesa: str
    rivals: str
    torch: str
    largest: float
    threads: tuple[int, ...]
    say: Callable[[str], None]


class Differs(AssertionError):
    """Two sides that should do the same do not: nothing is timed."""


def _town(folder: str, citizens: int) -> dict[str, Any]:
    """Write a town to a file for both sides; return what a side is told of it."""
    town = dense.build(citizens, SEED)
    path = Path(folder) / f"{citizens}.npz"
    np.savez(
        path, first=town.first, grievance=town.grievance, risk_aversion=town.risk_aversion,
        state=town.state,
    )  # fmt: skip
    return {
        "town": str(path), "citizens": citizens, "seed": SEED, "key": key_of(SEED),
        "rules": dense.RULES._asdict(), "draws": "own", "threads": 1,
    }  # fmt: skip


def threshold(order: Order) -> dict[str, Any]:
    """(a, d, f) The threshold hour: ours on one thread and two, NumPy, Mesa."""
    found: dict[str, Any] = {"comparisons": [], "alone": []}
    with tempfile.TemporaryDirectory() as folder:
        found["checks"] = [_same_states(order, folder), _same_shares(order, folder)]
        for persons in (1_900, 19_000) if order.quick else (1_900, 19_000, 190_000):
            told = _town(folder, persons)
            steps = max(3, 2_000_000 // persons)
            fast = max(8, 800_000_000 // persons // (20 if order.quick else 1))
            mesa = Side("Mesa", "mesa_threshold:run", told | {"timed": min(steps, 60)}, order.mesa)
            numpy = _ours(told | {"engine": "numpy", "timed": min(fast // 30, 300)}, "NumPy")
            for threads in order.threads:
                ours = _ours(told | {"threads": threads, "timed": fast})
                found["comparisons"].append(
                    _named(f"threshold/{persons}/mesa/{threads}t", ours, mesa, order, "wall")
                )
            one = _ours(told | {"timed": fast})
            found["comparisons"].append(
                _named(f"threshold/{persons}/numpy/1t", one, numpy, order, "wall")
            )
    sizes = (190_000,) if order.quick else (190_000, 1_900_000, 19_000_000)
    for persons in sizes if len(order.threads) > 1 else ():
        told = {"citizens": persons, "seed": SEED, "rules": dense.RULES._asdict()}
        hours = max(8, 800_000_000 // persons // (20 if order.quick else 1))
        both = [_ours(told | {"threads": t, "timed": hours}) for t in (2, 1)]
        found["comparisons"].append(
            _named(f"threshold/{persons}/two-against-one", *both, order, "wall")
        )
    return found


def _ours(told: dict[str, Any], label: str = "") -> Side:
    threads = told["threads"]
    words = f"steppe, {threads} thread{'s' if threads > 1 else ''}"
    return Side(label or words, "ours_threshold:run", told)


def _named(name: str, ours: Side, theirs: Side, order: Order, clock: str) -> dict[str, Any]:
    made = {"name": name, **compare(ours, theirs, order.pairs, clock)}
    ratio = made["ratio"]
    busy = ", busy" if made["busy"] else ""
    order.say(
        f"  {name}: {ratio['median']:.3g} ({ratio['least']:.3g} to {ratio['most']:.3g}), "
        f"{made['quiet']} of {made['pairs']} pairs quiet{busy}"
    )
    return made


def _same_states(order: Order, folder: str) -> dict[str, Any]:
    """Demand the same state of every citizen after each of 48 hours on every side."""
    hours = 12 if order.quick else 48
    told = _town(folder, 2_000) | {"draws": "ours", "hours": hours}
    sides = [
        _ours(told), _ours(told | {"threads": 2}), _ours(told | {"engine": "numpy"}, "NumPy"),
        Side("Mesa", "mesa_threshold:run", told, order.mesa),
    ]  # fmt: skip
    digests = [side.measure()["digests"] for side in sides]
    if any(d != digests[0] for d in digests):
        raise Differs("threshold: states differ under the same draws")
    text = f"2,000 citizens, {hours} hours, the same draws: states equal on all four sides"
    order.say(f"  {text}")
    return {"name": "threshold/states", "text": text}


def _same_shares(order: Order, folder: str) -> dict[str, Any]:
    """Demand, with native draws, the same hourly share of active citizens within the noise."""
    runs, hours = (6, 12) if order.quick else (16, 48)
    told = _town(folder, 5_000 if order.quick else 20_000) | {"hours": hours}
    mine, theirs = [], []
    for seed in range(1, runs + 1):
        mine.append(_ours(told | {"seed": seed}).measure()["active"])
        side = Side("Mesa", "mesa_threshold:run", told | {"seed": seed}, order.mesa)
        theirs.append(side.measure()["active"])
    a, b = np.array(mine), np.array(theirs)
    error = np.sqrt((a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / runs)
    z = float(np.abs((a.mean(axis=0) - b.mean(axis=0)) / error).max())
    # With t on some 2 (runs - 1) degrees of freedom and the largest of `hours` values.
    limit = 5.0 if runs >= 16 else 6.0
    if z > limit:
        raise Differs(f"threshold: active shares differ by {z:.1f} standard errors")
    text = (
        f"{told['citizens']:,} citizens, {runs} seeds, draws of each side's own: largest "
        f"difference of the active share in {hours} hours {z:.1f} standard errors"
    )
    order.say(f"  {text}")
    return {"name": "threshold/shares", "text": text}


def epstein(order: Order) -> dict[str, Any]:
    """(b) Epstein's Model I under the rules of Mesa's example, random sequential activation."""
    found: dict[str, Any] = {"comparisons": [], "checks": [_same_paths(order)]}
    for side in (37, 116) if order.quick else (37, 116, 233):
        setup = asdict(EXAMPLE) | {"width": side, "height": side}
        told = {"setup": setup, "seed": SEED, "warm": 10, "steps": max(2, 60_000 // side**2)}
        name = f"epstein/{int(round(0.74 * side * side, -3))}/mesa"
        ours = Side("steppe, 1 thread", "epstein:ours", told | {"least_s": 1.0})
        theirs = Side("Mesa's example", "epstein:mesa", told, order.mesa)
        found["comparisons"].append(_named(name, ours, theirs, order, "cpu"))
    return found


def _same_paths(order: Order) -> dict[str, Any]:
    """Demand that the example, given our draws, does what we do, step by step."""
    import os

    from tests.docking.mesa_beside import run_mesa

    from steppe.toys.epstein import run

    os.environ[VARIABLE] = order.rivals
    steps = 5 if order.quick else 30
    ours, theirs = run(EXAMPLE, 1, steps), run_mesa(EXAMPLE, 1, steps, draws="ours")
    if ours.active.tolist() != theirs.active or ours.jailed.tolist() != theirs.jailed:
        raise Differs("epstein: active or jailed differ under the same draws")
    text = f"40 x 40 cells, {steps} steps, the same draws: active and jailed equal in every step"
    order.say(f"  {text}")
    return {"name": "epstein/paths", "text": text}


def nation(order: Order) -> dict[str, Any]:
    """(c) The whole country, and the dense rule, against LASER and Starsim at its size."""
    scale = 0.01 if order.quick else 1.0
    agents = round(NATION * scale)
    found: dict[str, Any] = {"comparisons": []}
    for threads in order.threads:
        ours = Side(
            f"steppe, {threads} thread{'s' if threads > 1 else ''}", "nation:ours",
            {"scale": scale, "threads": threads, "seed": SEED},
        )  # fmt: skip
        rules = dense.RULES._asdict()
        told = {"citizens": agents, "seed": SEED, "rules": rules, "threads": threads, "timed": 40}
        told_laser = {
            "agents": agents, "warm": 3, "steps": 20, "threads": threads, "seed": SEED,
        }  # fmt: skip
        laser = Side(
            f"LASER SIR, {threads} thread{'s' if threads > 1 else ''}", "epidemics:laser",
            told_laser, order.rivals,
        )  # fmt: skip
        compared = [
            (f"nation/laser/{threads}t", ours, laser),
            (f"dense/laser/{threads}t", _ours(told), laser),
        ]
        if threads == 1:
            people = 20_000 if order.quick else 1_000_000
            told_starsim = {"agents": people, "warm": 2, "steps": 5, "seed": SEED}
            starsim = Side("Starsim SIR", "epidemics:starsim", told_starsim, order.rivals)
            compared.append(("nation/starsim/1t", ours, starsim))
        for name, one, other in compared:
            found["comparisons"].append(_named(name, one, other, order, "wall"))
    return found


ASTORIA = 37_518
"""Citizens of the population that AgentTorch's own example comes with."""


def astoria(order: Order) -> dict[str, Any]:
    """(h) The dense rule and the whole country against AgentTorch's own example of many people."""
    found: dict[str, Any] = {"comparisons": []}
    days = 2 if order.quick else 10
    for threads in order.threads:
        torch = Side(
            f"AgentTorch COVID-19, {threads} thread{'s' if threads > 1 else ''}",
            "agent_torch_covid:covid", {"threads": threads, "warm": 2, "steps": days}, order.torch,
        )  # fmt: skip
        told = {
            "citizens": ASTORIA, "seed": SEED, "rules": dense.RULES._asdict(), "threads": threads,
            "timed": 200 if order.quick else 20_000,
        }  # fmt: skip
        scale = 0.01 if order.quick else 1.0
        whole = Side("steppe", "nation:ours", {"scale": scale, "threads": threads, "seed": SEED})
        for name, ours in (("dense", _ours(told)), ("nation", whole)):
            found["comparisons"].append(
                _named(f"{name}/agent-torch/{threads}t", ours, torch, order, "wall")
            )
    return found


def limits(order: Order) -> dict[str, Any]:
    """(e) The dense rule against the time it takes to read and write its bytes, and no more."""
    agents = 190_000 if order.quick else 19_000_000
    found: dict[str, Any] = {"comparisons": [], "alone": []}
    for threads in order.threads:
        rules = dense.RULES._asdict()
        told = {"citizens": agents, "seed": SEED, "rules": rules, "threads": threads, "timed": 40}
        bound = {"agents": agents, "threads": threads, "seed": SEED, "steps": 100}
        touch = Side("the same bytes", "machine:limits", bound | {"what": "touch"})
        found["comparisons"].append(
            _named(f"limits/touch/{threads}t", _ours(told), touch, order, "wall")
        )
        gather = Side(
            f"random gather, {threads}t", "machine:limits",
            bound | {"what": "gather", "steps": 10},
        )  # fmt: skip
        found["alone"].append(alone(gather, order.pairs, "wall"))
    return found


def scaling(order: Order) -> dict[str, Any]:
    """(g) The whole country from 10^4 agents up to ``largest`` agents for each citizen."""
    counts = [10**4, 10**5] if order.quick else [10**4, 10**5, 10**6, 10**7, NATION, 10**8]
    found = []
    for count in counts:
        scale = count / NATION
        if scale > order.largest * 1.1:
            continue
        scale = 1.0 if count == NATION else min(scale, order.largest)
        told = {"scale": scale, "threads": order.threads[-1], "seed": SEED}
        side = Side("steppe", "nation:ours", told)
        repeats = 1 if scale > 1.0 else order.pairs
        made = {"agents": round(NATION * scale), **alone(side, repeats, "wall")}
        found.append(made)
        order.say(
            f"  {made['agents']:,} agents: {made['per_s']['median']:.3g} agent-hours/s, "
            f"{made['raw'][0]['block']['wall']:.2f} s, {made['raw'][0]['peak_mib']:.0f} MiB"
        )
    return {"scaling": found}


SECTIONS: dict[str, Callable[[Order], dict[str, Any]]] = {
    "threshold": threshold,
    "epstein": epstein,
    "nation": nation,
    "astoria": astoria,
    "limits": limits,
    "scaling": scaling,
}
