"""``steppe gc``: remove what dead processes left in a store."""

from __future__ import annotations

from pathlib import Path

import click

from steppe.commands import options


@click.command(short_help="Remove what dead processes left in a store.")
@options.store_option
@click.option("--damaged", is_flag=True, help="Also remove runs whose files were changed or lost.")
@options.json_option
def command(store_path: Path, damaged: bool, as_json: bool) -> None:
    """Remove unfinished folders and claims of processes that died.

    No intact run is ever removed. With --damaged every file of every run is read and compared with
    what was stored; what differs is removed, and made again by the command that made it.
    """
    from steppe.commands.stored import SHORT
    from steppe.report.wording import count

    store = options.stored(store_path)
    swept = store.gc(damaged=damaged)
    if as_json:
        options.print_json(
            {"folders": swept.folders, "claims": swept.leases, "damaged": list(swept.damaged)}
        )
        return
    parts = [count(swept.folders, "unfinished folder"), count(swept.leases, "claim")]
    if damaged:
        parts.append(count(len(swept.damaged), "damaged run"))
    removed = f"{', '.join(parts[:-1])} and {parts[-1]}"
    click.echo(f"{options.shown(store.path)}: removed {removed}")
    for key in swept.damaged:
        click.echo(f"  {key[:SHORT]}")
