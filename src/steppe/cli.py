"""The command line: ``steppe``."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import click

from steppe.commands.group import Commands

if TYPE_CHECKING:
    from steppe.study.request import StudyRequest

SECTIONS = {
    "Simulate": {
        "run": "steppe.commands.run",
        "pair": "steppe.commands.pair",
        "branch": "steppe.commands.branch",
        "nowcast": "steppe.commands.nowcast",
        "app": "steppe.commands.app",
        "sweep": "steppe.commands.sweep",
        "sensitivity": "steppe.commands.sensitivity",
        "judge": "steppe.commands.judge",
        "report": "steppe.commands.report",
        "repeat": "steppe.commands.repeat",
        "calibrate": "steppe.commands.calibrate",
    },
    "Cases": {
        "new": "steppe.commands.new",
        "cases": "steppe.commands.cases",
        "check": "steppe.commands.check",
        "condition": "steppe.commands.condition",
        "convert": "steppe.commands.convert",
        "import": "steppe.commands.import_file",
        "claims": "steppe.commands.claims",
        "schema": "steppe.commands.schema",
    },
    "The model": {
        "plan": "steppe.commands.plan",
        "mechanisms": "steppe.commands.mechanisms",
        "ablation": "steppe.commands.ablation",
        "alliance": "steppe.commands.alliance",
        "validate": "steppe.commands.validate",
    },
    "Stored runs": {
        "runs": "steppe.commands.runs",
        "show": "steppe.commands.show",
        "export": "steppe.commands.export",
        "bundle": "steppe.commands.bundle",
        "gc": "steppe.commands.gc",
    },
}


class SteppeCommands(Commands):
    """The commands of this program."""

    sections: ClassVar = SECTIONS
    aliases: ClassVar = {"removals": "ablation"}


EPILOG = """\b
Begin with   steppe run kazakhstan-2022 --seeds 8
Exit codes   0 done; 1 some seeds failed; 2 bad input; 130 stopped, repeat to go on
"""


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from steppe import __version__
        from steppe.engine.run import engine_version

        click.echo(f"steppe {__version__}, model {engine_version()}")
        context.exit()


@click.group(
    cls=SteppeCommands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Show the versions of program and model.",
)  # fmt: skip
def cli() -> None:
    """A laboratory for regime crises: every citizen an agent, one thing changed, two histories
    compared."""


def parse_command(text: str) -> StudyRequest:
    """Return the request of a command line of this program that runs a study."""
    from steppe.commands.request_options import request_of

    _, name, *words = shlex.split(text)
    context = click.Context(cli, help_option_names=cli.context_settings["help_option_names"])
    command = cli.get_command(context, name)
    if command is None:
        raise ValueError(f"there is no command {name!r}")
    return request_of(command.make_context(name, words, parent=context).params)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line with ``arguments`` (by default those of the process) and exit."""
    cli.main(arguments, prog_name="steppe")


if __name__ == "__main__":
    main()
