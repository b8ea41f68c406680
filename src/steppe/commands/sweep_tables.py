"""What a sweep prints: a table of its points, its tipping point, and the JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from steppe.commands.console import PLAIN, RIGHT, number, table
from steppe.commands.report_writer import change_texts
from steppe.commands.run_json import finite
from steppe.study.design import value_text

if TYPE_CHECKING:
    import xarray
    from rich.console import Console

    from steppe.study.causation import Interval
    from steppe.study.resolve import ResolvedRequest
    from steppe.study.sweep import Sweep
    from steppe.study.tipping import Tipping

SHOWN = 40
"""So many points are printed; --output and --json have them all."""

EVENT = "large_protest"
BAR = 12
AXES = 3
"""With more axes than this the values of a point do not fit into a row."""

WIDE = 100
"""From this width on a table has room for bars."""


def show(talk: Console, made: Sweep, outcomes: Sequence[str]) -> None:
    """Print a row for each point: chance of large protest, and outcomes over the seeds."""
    from steppe.results.outcomes import numbers

    data, catalogue = made.to_xarray(), numbers()
    few = len(made.design.axes) <= AXES
    axes = [axis.name for axis in made.design.axes] if few else ["point"]
    rows = table(
        *((name, RIGHT) for name in axes), ("runs", RIGHT), ("large protest", RIGHT),
        *((catalogue[name].label, RIGHT) for name in outcomes),
    )  # fmt: skip
    for point in range(min(len(made.design), SHOWN)):
        values = [value_text(value) for value in made.design.values[point]] if few else [str(point)]
        happened = data[EVENT].values[point]
        cells = [_range(data[name].values[point]) for name in outcomes]
        rows.add_row(*values, str(int(np.isfinite(happened).sum())), _share(happened), *cells)
    talk.print()
    talk.print(rows)
    more = len(made.design) - SHOWN
    notes = [
        f"and {more} more points" if more > 0 else "",
        *(f"{catalogue[name].label}: {catalogue[name].meaning}" for name in outcomes),
    ]
    notes += ["large protest: share of seeds with 0.1 % of citizens on the street, 95 % interval"]
    notes += ["others: median (5 % to 95 % of seeds)"]
    notes += [] if few else ["--output has what each varied"]
    talk.print("; ".join(filter(None, notes)), style="faint")


def show_tipping(talk: Console, found: Tipping) -> None:
    """Print how the chance of large protest depends on the trigger, and where it tips."""
    wide = talk.width >= WIDE
    rows = table(
        (found.path, RIGHT), ("chance (95 %)", RIGHT), *([("", PLAIN)] if wide else []),
        ("mean peak (95 %)", RIGHT), ("elasticity (95 %)" if wide else "elasticity", RIGHT),
        title=f"Chance of {found.event.replace('_', ' ')}",
    )  # fmt: skip
    for i, size in enumerate(found.sizes):
        p, level = found.chance[i], found.level[i]
        bar = ["█" * round(BAR * p[0])] if wide else []
        step = ""
        if i:
            elasticity = found.steps[i - 1].elasticity
            step = _ends(elasticity) if wide else number(elasticity[0])
        chance = f"{p[0]:.2f} ({p[1]:.2f}–{p[2]:.2f})"
        rows.add_row(f"{size:g}", chance, *bar, _ends(level), step)
    talk.print()
    talk.print(rows)
    talk.print("elasticity: relative change of the mean peak over that of the trigger, from the "
               "row above; intervals resample whole seeds", style="faint")  # fmt: skip
    talk.print()
    talk.print(f"[bold]{found.path} {found.verdict}[/]" if found.point else found.verdict)
    if found.point is not None and found.inside < 0.975:
        talk.print(f"{found.inside:.0%} of the resamples have a tipping point in this range")
    if (steepest := found.steepest) is not None:
        talk.print(
            f"steepest from {steepest.start:g} to {steepest.end:g}: mean peak "
            f"{number(steepest.before)} to {number(steepest.after)}, elasticity "
            f"{_ends(steepest.elasticity)}"
        )


def document(
    study: ResolvedRequest, made: Sweep, point: Tipping | None, repeat: str
) -> dict[str, Any]:
    """Return the JSON document of a sweep; an open end of a tipping point is null."""
    data = made.to_xarray()
    design = made.design
    plain: dict[str, Any] = finite({
        **{str(name): value for name, value in data.attrs.items()},
        "changes": list(change_texts(study.changes)),
        "seeds": list(made.seeds),
        "axes": [
            {"path": a.path, "unit": a.unit, "meaning": a.meaning,
             "range": [a.span.low, a.span.high, a.span.kind] if a.span else None}
            for a in design.axes
        ],
        "points": [_point(made, data, at) for at in range(len(design))],
        "failures": [{"point": p, "seed": s, "reason": r} for p, s, r in made.failures],
        "tipping": None if point is None else asdict(point) | {"verdict": point.verdict},
        "repeat": repeat,
    })  # fmt: skip
    return plain


def _point(made: Sweep, data: xarray.Dataset, point: int) -> dict[str, Any]:
    from steppe.results.outcomes import numbers

    outcomes = {}
    for name in numbers():
        values = data[name].values[point]
        values = values[np.isfinite(values)]
        if len(values):
            low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
            outcomes[name] = {"n": len(values), "mean": values.mean(), "median": middle,
                              "q05": low, "q95": high}  # fmt: skip
    return {
        "values": dict(zip(made.design.paths, made.design.values[point], strict=True)),
        "runs": dict(zip(map(str, made.seeds), made.keys[point], strict=True)),
        "outcomes": outcomes,
        "large_protest": _wilson(data[EVENT].values[point]),
    }


def _wilson(values: Any) -> Interval | None:
    from steppe.study.causation import wilson

    known = values[np.isfinite(values)]
    return wilson(int(known.sum()), len(known)) if len(known) else None


def _share(values: Any) -> str:
    p = _wilson(values)
    return "·" if p is None else f"{p[0]:.2f} ({p[1]:.2f}–{p[2]:.2f})"


def _range(values: Any) -> str:
    known = values[np.isfinite(values)]
    if not len(known):
        return "·"
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
    return f"{number(middle)} ({number(low)}–{number(high)})"


def _ends(interval: Interval) -> str:
    """Return an estimate with its interval; a dot where nothing is known."""
    at, low, high = interval
    if not np.isfinite(at):
        return "·"
    ends = f" ({number(low)} to {number(high)})" if np.isfinite([low, high]).all() else ""
    return f"{number(at)}{ends}"
