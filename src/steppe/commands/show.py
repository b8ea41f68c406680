"""``steppe show``: one stored run, in one line, on one page, or in full."""

from __future__ import annotations

from pathlib import Path

import click

from steppe.commands import options


@click.command(short_help="Show a stored run.")
@click.argument("run", metavar="RUN")
@options.flag("--brief", meaning="One line.")
@options.flag("--full", meaning="Everything: all events and every series.")
@options.store_option
@options.json_option
def command(run: str, brief: bool, full: bool, store_path: Path, as_json: bool) -> None:
    """Show a stored run; RUN is the beginning of its key (see `steppe runs`)."""
    from steppe.commands import run_page
    from steppe.commands.run_lookup import key_of
    from steppe.commands.runs import document
    from steppe.results.reader import load_record
    from steppe.results.run_index import summarize

    store = options.open_store(store_path)
    key = key_of(store, run)
    summary = summarize(load_record(store.folder(key), key))
    if as_json:
        options.print_json(document(summary))
    elif brief:
        click.echo(run_page.line(summary))
    else:
        run_page.page(summary, store.get(key), full=full)
