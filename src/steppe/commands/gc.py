"""``steppe gc``: remove what dead processes left in a store."""

from __future__ import annotations

from pathlib import Path

import click

from steppe.commands import options


@click.command(short_help="Remove what dead processes left in a store.")
@options.store_option
def command(store_path: Path) -> None:
    """Remove unfinished folders and claims of processes that died; no run is ever removed."""
    from steppe.report.wording import count
    from steppe.results.store import Store

    before = options.stored(store_path).path
    swept = Store(before).gc()
    click.echo(
        f"{options.shown(before)}: removed {count(swept.folders, 'unfinished folder')} and "
        f"{count(swept.leases, 'claim')}"
    )
