"""``steppe app``: the laboratory in the browser."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from steppe.commands import options
from steppe.commands.request_options import takes_options

PASSWORD = "STEPPE_PASSWORD"

EPILOG = """\b
Examples
  steppe app
  steppe app ./my-case --store ../runs
  STEPPE_PASSWORD=... steppe app --host 0.0.0.0 --name lab.example.org

Stop it with Ctrl-C: finished runs are kept. Without --host only this machine can reach it.
"""


@dataclass(frozen=True, slots=True)
class AppOptions:
    """Where the app listens, and which cases it opens."""

    cases: tuple[Path, ...]
    host: str
    port: int
    names: tuple[str, ...]
    https: bool


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(f"a shared app needs a password, in the variable {PASSWORD}")
    return str(
        click.prompt("Password for the users of the app", hide_input=True, confirmation_prompt=True)
    )


@click.command(short_help="Open the laboratory in the browser.", epilog=EPILOG)
@click.argument(
    "cases",
    nargs=-1,
    metavar="[FOLDER]...",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@options.store_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8322,
    show_default=True,
    metavar="N",
    help="Where to listen; 0 takes any free port.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Share the app with others: asks for a password.",
)
@options.repeatable(
    "--name",
    "names",
    metavar="NAME",
    meaning="A name under which browsers reach a shared app",
)
@options.flag("--https", meaning="A server in front of the app speaks TLS.")
@options.flag("--no-browser", meaning="Print the link and open nothing.")
@takes_options(AppOptions)
def command(order: AppOptions, store_path: Path, no_browser: bool) -> None:
    """Open the laboratory in the browser: set up a crisis, run it, change one thing, compare.

    FOLDER is a case folder to open beside the shipped cases; the first view is of it. A
    shared app takes its password from the variable STEPPE_PASSWORD or asks for it.
    """
    from steppe.app.config import Config, is_loopback

    password = "" if is_loopback(order.host) else os.environ.get(PASSWORD) or _ask_password()
    try:
        config = Config(store=store_path, password=password, **asdict(order))
    except ValueError as error:
        raise click.UsageError(str(error)) from None

    from steppe.app.preview_worker import PreviewWorker

    previews = PreviewWorker()  # it starts while the server is imported
    from steppe.app.serve import serve

    def ready(link: str) -> None:
        click.echo(f"The laboratory is open at\n\n  {link}\n")
        if config.shared:
            click.echo("Users sign in with the password. Ctrl-C closes it.")
            return
        click.echo("The link works once. Ctrl-C closes the laboratory; finished runs are kept.")
        if not no_browser:
            click.launch(link)

    def again(link: str) -> None:
        click.echo(f"Another browser: {link}")

    try:
        serve(config, ready=ready, again=again, previews=previews)
    finally:
        previews.end()
