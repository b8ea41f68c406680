"""``steppe gc``: remove what dead processes left in a store."""

from __future__ import annotations

from pathlib import Path

import click

from steppe.commands import options
from steppe.results.formatting import count, listing


@click.command(short_help="Remove what dead processes left in a store.")
@options.store_option
@options.flag("--damaged", meaning="Also remove runs whose files were changed or lost.")
@options.repeatable("--run", "runs", metavar="KEY", meaning="Also remove this run")
@options.flag("--checkpoints", meaning="Also remove the hours kept for branches.")
@options.json_option
def command(
    store_path: Path, damaged: bool, runs: tuple[str, ...], checkpoints: bool, as_json: bool
) -> None:
    """Remove unfinished folders and claims of processes that died.

    No intact run is removed but one named by --run, by the beginning of its key. With --damaged
    every file of every run is read and compared with what was stored; what differs is removed, and
    made again by the command that made it. With --checkpoints the states that `steppe branch` goes
    on from are removed: no results, and made again when they are needed.
    """
    from steppe.commands.run_lookup import SHORT, key_of
    from steppe.study.checkpoints import forget_checkpoints

    store = options.open_store(store_path)
    keys = [key_of(store, name) for name in runs]
    swept = store.gc(damaged=damaged)
    removed = [key for key in keys if store.remove(key)]
    forgotten = forget_checkpoints(store) if checkpoints else 0
    if as_json:
        options.print_json({
            "folders": swept.folders, "claims": swept.leases, "damaged": list(swept.damaged),
            "runs": removed, "checkpoints": forgotten,
        })  # fmt: skip
        return
    parts = [count(swept.folders, "unfinished folder"), count(swept.leases, "claim")]
    if damaged:
        parts.append(count(len(swept.damaged), "damaged run"))
    if runs:
        parts.append(count(len(removed), "run"))
    if checkpoints:
        parts.append(count(forgotten, "checkpoint"))
    click.echo(f"{options.short_path(store.path)}: removed {listing(parts)}")
    for key in swept.damaged:
        click.echo(f"  {key[:SHORT]}")
