"""``steppe runs``: what is in a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from steppe.commands import options

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.results.run_index import RunSummary

WIDE = 115
"""From this width on, more columns are shown."""


@click.command(short_help="List the stored runs.")
@options.store_option
@click.option("--case", metavar="CASE", help="Only runs of this case.")
@click.option("--failed", is_flag=True, help="Show the seeds that failed, and why.")
@options.json_option
def command(store_path: Path, case: str | None, failed: bool, as_json: bool) -> None:
    """List the stored runs, newest last."""
    from steppe.commands.console import err, out, warn

    store = options.stored(store_path)
    found, problems = store.survey()
    runs = sorted(found, key=lambda run: (run.made, run.case, run.seed))
    if case is not None:
        runs = [run for run in runs if run.case == case] or _refuse(case, found)
    for problem in problems:
        warn(err(), str(problem))
    failures = store.failures.all()
    if failed:
        if as_json:
            options.print_json(
                [{"hash": f.key, "seed": f.seed, "reasons": list(f.reasons)} for f in failures]
            )
        else:
            _failures(out(), [(one.seed, one.reasons[-1]) for one in failures])
        return
    if as_json:
        options.print_json([described(run) for run in runs])
    else:
        _list(out(), runs, len(failures), len(store.leases.held()))


def _refuse(case: str, runs: Sequence[RunSummary]) -> NoReturn:
    from steppe.core.errors import StoreError, nearest

    cases = sorted({run.case for run in runs})
    near = nearest(case, cases)
    hint = f"; did you mean '{near}'?" if near else f"; there are some of {', '.join(cases)}"
    raise StoreError(f"no stored run of case '{case}'{hint if cases else ''}")


def described(run: RunSummary) -> dict[str, Any]:
    """Return a stored run for programs."""
    from steppe.commands.run_json import finite
    from steppe.results.run_record import pack_draw

    found: dict[str, Any] = finite(
        {
            "hash": run.key,
            "content": run.content,
            "case": run.case,
            "scenario_hash": run.scenario_hash,
            "seed": run.seed,
            "draw": None if run.draw is None else pack_draw(run.draw),
            "scale": run.scale,
            "engine_version": run.engine_version,
            "citizens": run.citizens,
            "hours": run.hours,
            "build_seconds": run.timings.get("build"),
            "run_seconds": run.timings.get("run"),
            "peak_memory_mib": run.memory_mib,
            "bytes": run.size,
            "made": run.made,
            "warnings": list(run.warnings),
            "outcome": dict(run.outcome),
        }
    )
    return found


def _list(console: Console, runs: Sequence[RunSummary], failures: int, held: int) -> None:
    from steppe.commands.console import say, table
    from steppe.report.formatting import count

    right: dict[str, Any] = {"justify": "right", "no_wrap": True}
    left: dict[str, Any] = {"no_wrap": True}
    wide = console.width >= WIDE
    drawn = any(run.draw is not None for run in runs)
    extra = [("killed", right), ("arrested", right), ("took", right), ("made (UTC)", left)]
    made = table(
        ("run", {**left, "style": "name"}),
        "case",
        ("scenario", left),
        ("seed", right),
        *([("row", right)] if drawn else []),
        ("scale", right),
        ("fate", left),
        ("peak", right),
        *(extra if wide else []),
    )
    for run in runs:
        made.add_row(*_cells(run, drawn), *(_more(run) if wide else ()))
    console.print(made)
    say(console)
    size = sum(run.size for run in runs) / 2**20
    text = f"{count(len(runs), 'run')}, {size:.1f} MiB"
    if held:
        text += f"; {held} being made now"
    if failures:
        text += f"; {count(failures, 'seed')} failed, see steppe runs --failed"
    console.print(text, style="faint", markup=False)


def _cells(run: RunSummary, drawn: bool) -> tuple[str, ...]:
    """Return the cells of a run; one whose parameters are drawn names the scenario before that."""
    from steppe.commands.run_lookup import SHORT
    from steppe.report.formatting import number

    return (
        run.key[:SHORT],
        run.case,
        (run.draw.base if run.draw else run.scenario_hash)[:8],
        str(run.seed),
        *([_row(run)] if drawn else []),
        number(run.scale, 6),
        str(run.outcome.get("fate", "–")),
        _count(run.outcome.get("peak_active")),
    )


def _row(run: RunSummary) -> str:
    """Return which draw a run has: the row of the posterior sample, or that it is of the prior."""
    if run.draw is None:
        return "–"
    return str(run.draw.row) if run.draw.source == "posterior" else run.draw.source


def _more(run: RunSummary) -> tuple[str, ...]:
    from steppe.commands.progress import duration

    harm = (_count(run.outcome.get(name)) for name in ("killed", "arrested"))
    return *harm, duration(sum(run.timings.values())), run.made[:16].replace("T", " ")


def _count(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, int | float) else "–"


def _failures(console: Console, failures: Sequence[tuple[int, str]]) -> None:
    from steppe.commands.console import say, table

    if not failures:
        say(console, "no seed has failed")
        return
    made = table(("seed", {"justify": "right"}), "reason of the last attempt")
    for seed, reason in sorted(failures):
        made.add_row(str(seed), reason)
    console.print(made)
