"""What a sweep prints: a table of its points, its tipping point, and the JSON document."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import xarray
from rich.console import Console

from steppe.commands.console import PLAIN, RIGHT, number, say, table
from steppe.commands.design_common import DesignOptions
from steppe.commands.design_page import DesignResult, write
from steppe.commands.options import print_json, short_path
from steppe.commands.report_writer import change_texts
from steppe.commands.run_json import finite
from steppe.results.outcomes import numbers
from steppe.study.causation import Interval, wilson
from steppe.study.design import value_text
from steppe.study.sweep import Sweep
from steppe.study.tipping import Tipping

MOST_ROWS = 40
"""So many points are printed; --output and --json have them all."""

EVENT = "large_protest"
BAR = 12
AXES = 3
"""With more axes than this the values of a point do not fit into a row."""

WIDE = 100
"""From this width on a table has room for bars."""


def output(order: DesignOptions, result: DesignResult) -> None:
    """Print a sweep, as JSON or as tables, and write its report."""
    if order.as_json:
        print_json(document(result))
    else:
        show(order.talk, result.sweep, result.outcomes)
        if result.tipping is not None:
            show_tipping(order.talk, result.tipping)
        say(order.talk, f"repeat    {result.command}")
    say(order.talk, f"report    {short_path(write(result))}")


def show(talk: Console, sweep: Sweep, outcomes: tuple[str, ...]) -> None:
    """Print a row for each point: chance of large protest, and outcomes over the seeds."""
    data, catalogue, design = sweep.dataset(), numbers(), sweep.design
    few = len(design.axes) <= AXES
    axes = [axis.name for axis in design.axes] if few else ["point"]
    rows = table(
        *((name, RIGHT) for name in axes), ("runs", RIGHT), ("large protest", RIGHT),
        *((catalogue[name].label, RIGHT) for name in outcomes),
    )  # fmt: skip
    for point in range(min(len(design), MOST_ROWS)):
        values = [value_text(value) for value in design.values[point]] if few else [str(point)]
        happened = data[EVENT].values[point]
        cells = [_range(data[name].values[point]) for name in outcomes]
        rows.add_row(*values, str(int(np.isfinite(happened).sum())), _share(happened), *cells)
    talk.print()
    talk.print(rows)
    more = len(design) - MOST_ROWS
    notes = [
        f"and {more} more points" if more > 0 else "",
        *(f"{catalogue[name].label}: {catalogue[name].meaning}" for name in outcomes),
    ]
    notes += ["large protest: share of seeds with 0.1 % of citizens on the street, 95 % interval"]
    notes += ["others: median (5 % to 95 % of seeds)"]
    notes += [] if few else ["--output has what each varied"]
    talk.print("; ".join(filter(None, notes)), style="faint")


def show_tipping(talk: Console, tipping: Tipping) -> None:
    """Print how the chance of large protest depends on the trigger, and where it tips."""
    wide = talk.width >= WIDE
    rows = table(
        (tipping.path, RIGHT), ("chance (95 %)", RIGHT), *([("", PLAIN)] if wide else []),
        ("mean peak (95 %)", RIGHT), ("elasticity (95 %)" if wide else "elasticity", RIGHT),
        title=f"Chance of {tipping.event.replace('_', ' ')}",
    )  # fmt: skip
    for i, (size, p) in enumerate(zip(tipping.sizes, tipping.chance, strict=True)):
        bar = ["█" * round(BAR * p[0])] if wide else []
        step = ""
        if i:
            elasticity = tipping.steps[i - 1].elasticity
            step = _ends(elasticity) if wide else number(elasticity[0])
        rows.add_row(f"{size:g}", _chance(p), *bar, _ends(tipping.level[i]), step)
    talk.print()
    talk.print(rows)
    talk.print("elasticity: relative change of the mean peak over that of the trigger, from the "
               "row above; intervals resample whole seeds", style="faint")  # fmt: skip
    talk.print()
    verdict = tipping.verdict
    talk.print(f"[bold]{tipping.path} {verdict}[/]" if tipping.point else verdict)
    if tipping.point is not None and tipping.inside < 0.975:
        talk.print(f"{tipping.inside:.0%} of the resamples have a tipping point in this range")
    if (steepest := tipping.steepest) is not None:
        talk.print(
            f"steepest from {steepest.start:g} to {steepest.end:g}: mean peak "
            f"{number(steepest.before)} to {number(steepest.after)}, elasticity "
            f"{_ends(steepest.elasticity)}"
        )


def document(result: DesignResult) -> dict[str, Any]:
    """Return the JSON document of a sweep; an open end of a tipping point is null."""
    sweep, tipping = result.sweep, result.tipping
    data = sweep.dataset()
    plain: dict[str, Any] = finite({
        **{str(name): value for name, value in data.attrs.items()},
        "changes": list(change_texts(result.study.changes)),
        "seeds": list(sweep.seeds),
        "axes": [
            {"path": a.path, "unit": a.unit, "meaning": a.meaning,
             "range": [a.span.low, a.span.high, a.span.kind] if a.span else None}
            for a in sweep.design.axes
        ],
        "points": [_point(sweep, data, at) for at in range(len(sweep.design))],
        "failures": [{"point": p, "seed": s, "reason": r} for p, s, r in sweep.failures],
        "tipping": None if tipping is None else asdict(tipping) | {"verdict": tipping.verdict},
        "repeat": result.command,
    })  # fmt: skip
    return plain


def _point(sweep: Sweep, data: xarray.Dataset, point: int) -> dict[str, Any]:
    outcomes = {}
    for name in numbers():
        values = data[name].values[point]
        values = values[np.isfinite(values)]
        if len(values):
            low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
            outcomes[name] = {"n": len(values), "mean": values.mean(), "median": middle,
                              "q05": low, "q95": high}  # fmt: skip
    return {
        "values": dict(zip(sweep.design.paths, sweep.design.values[point], strict=True)),
        "runs": dict(zip(map(str, sweep.seeds), sweep.keys[point], strict=True)),
        "outcomes": outcomes,
        "large_protest": _wilson(data[EVENT].values[point]),
    }


def _wilson(values: np.ndarray) -> Interval | None:
    finite = values[np.isfinite(values)]
    return wilson(int(finite.sum()), len(finite)) if len(finite) else None


def _share(values: np.ndarray) -> str:
    p = _wilson(values)
    return "·" if p is None else _chance(p)


def _chance(p: Interval) -> str:
    return f"{p[0]:.2f} ({p[1]:.2f}–{p[2]:.2f})"


def _range(values: np.ndarray) -> str:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return "·"
    low, middle, high = map(number, np.quantile(finite, (0.05, 0.5, 0.95)))
    return f"{middle} ({low}–{high})"


def _ends(interval: Interval) -> str:
    """Return an estimate with its interval; a dot where nothing is known."""
    at, low, high = interval
    if not np.isfinite(at):
        return "·"
    ends = f" ({number(low)} to {number(high)})" if np.isfinite([low, high]).all() else ""
    return f"{number(at)}{ends}"
