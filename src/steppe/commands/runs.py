"""``steppe runs``: what is in a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from steppe.commands import options
from steppe.commands.console import NAME, PLAIN, RIGHT, err, out, rows_table, say, show, warn
from steppe.commands.progress import duration
from steppe.core.errors import StoreError, nearest
from steppe.results.engines import label
from steppe.results.formatting import count

if TYPE_CHECKING:
    from steppe.commands.console import Columns
    from steppe.results.failures import Failure
    from steppe.results.run_index import RunSummary
    from steppe.results.store import Store

OUTCOMES = 3
"""So many headlines of the catalogue are in a wide list, the first also in a narrow one."""

WIDE = 115
"""From this width on, more columns are shown."""


@click.command(short_help="List the stored runs.")
@options.store_option
@click.option("--case", metavar="CASE", help="Only runs of this case.")
@options.flag("--failed", meaning="Show the seeds that failed, and why.")
@options.json_option
def command(store_path: Path, case: str | None, failed: bool, as_json: bool) -> None:
    """List the stored runs, newest last."""
    store = options.open_store(store_path)
    every, problems = store.survey()
    runs = sorted(every, key=lambda run: (run.made, run.case, run.seed))
    if case is not None:
        runs = [run for run in runs if run.case == case] or _refuse(case, runs)
    for problem in problems:
        warn(err(), str(problem))
    if failed:
        _failures(store.failures.all(), as_json)
    elif as_json:
        options.print_json([document(run) for run in runs])
    else:
        _list(store, runs)


def _refuse(case: str, runs: Sequence[RunSummary]) -> NoReturn:
    cases = sorted({run.case for run in runs})
    near = nearest(case, cases)
    hint = f"; did you mean '{near}'?" if near else f"; there are some of {', '.join(cases)}"
    raise StoreError(f"no stored run of case '{case}'{hint if cases else ''}")


def document(run: RunSummary) -> object:
    """Return a stored run for programs."""
    from steppe.commands.run_json import finite, pick
    from steppe.results.run_record import pack_draw

    return finite(
        {
            "hash": run.key,
            **pick(run, "content", "case", "scenario_hash", "seed"),
            "draw": None if run.draw is None else pack_draw(run.draw),
            **pick(run, "engine", "scale", "engine_version", "citizens", "hours"),
            "build_seconds": run.timings.get("build"),
            "run_seconds": run.timings.get("run"),
            "peak_memory_mib": run.memory_mib,
            "bytes": run.size,
            "made": run.made,
            "warnings": run.warnings,
            "outcome": dict(run.outcome),
        }
    )


def _list(store: Store, runs: Sequence[RunSummary]) -> None:
    from steppe.results.outcomes import headlines

    console = out()
    wide = console.width >= WIDE
    with_draws = any(run.draw is not None for run in runs)
    outcomes = headlines()[: OUTCOMES if wide else 1]
    columns: Columns = (
        ("run", NAME), "case", ("scenario", PLAIN), ("seed", RIGHT),
        *([("row", RIGHT)] if with_draws else []), ("engine", PLAIN), ("fate", PLAIN),
        *((one.short, RIGHT) for one in outcomes),
        *([("took", RIGHT), ("made (UTC)", PLAIN)] if wide else []),
    )  # fmt: skip
    rows = (
        (
            *_cells(run, with_draws),
            *(_count(one.read(run.outcome, run.citizens)) for one in outcomes),
            *(_making(run) if wide else ()),
        )
        for run in runs
    )
    show(console, rows_table(columns, rows))
    size = sum(run.size for run in runs) / 2**20
    parts = [f"{count(len(runs), 'run')}, {size:.1f} MiB"]
    if active := len(store.leases.held()):
        parts.append(f"{active} being made now")
    if failures := len(store.failures.all()):
        parts.append(f"{count(failures, 'seed')} failed, see steppe runs --failed")
    console.print("; ".join(parts), style="faint", markup=False)


def _cells(run: RunSummary, with_draws: bool) -> tuple[str, ...]:
    """Return the cells of a run; one whose parameters are drawn names the scenario before that."""
    from steppe.commands.run_lookup import SHORT
    from steppe.results.outcomes import ending

    return (
        run.key[:SHORT],
        run.case,
        (run.draw.base if run.draw else run.scenario_hash)[:8],
        str(run.seed),
        *([_row(run)] if with_draws else []),
        label(run.engine, run.scale),
        ending(str(run.outcome.get("fate", "–"))),
    )


def _row(run: RunSummary) -> str:
    """Return which draw a run has: the row of the posterior sample, or that it is of the prior."""
    if run.draw is None:
        return "–"
    return str(run.draw.row) if run.draw.source == "posterior" else run.draw.source


def _making(run: RunSummary) -> tuple[str, str]:
    return duration(sum(run.timings.values())), run.made[:16].replace("T", " ")


def _count(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, int | float) else "–"


def _failures(failures: Sequence[Failure], as_json: bool) -> None:
    if as_json:
        options.print_json(
            [{"hash": one.key, "seed": one.seed, "reasons": one.reasons} for one in failures]
        )
    elif not failures:
        say(out(), "no seed has failed")
    else:
        rows = sorted((one.seed, one.reasons[-1]) for one in failures)
        columns = (("seed", RIGHT), "reason of the last attempt")
        out().print(rows_table(columns, ((str(seed), reason) for seed, reason in rows)))
