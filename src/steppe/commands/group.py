"""The group of commands: loaded when needed, listed by purpose, errors explained in one place."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

import click

from steppe.commands.exit_codes import BAD_INPUT, DONE, FAILED, INTERRUPTED
from steppe.core.errors import CaseError, SteppeError, nearest

TRACEBACK = "STEPPE_TRACEBACK"
"""Environment variable: when set, errors show where in the program they arose."""

Sections = Mapping[str, Mapping[str, str]]
"""Heading -> name of a command -> the module that defines it as ``command``."""


class Commands(click.Group):
    """A group whose commands live in modules that are imported when one is needed."""

    sections: ClassVar[Sections] = MappingProxyType({})
    aliases: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Former names of commands, which go on working and are not listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the sections."""
        return [name for section in self.sections.values() for name in section]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command ``name``, or None when there is none."""
        name = self.aliases.get(name, name)
        for section in self.sections.values():
            if name in section:
                command: click.Command = importlib.import_module(section[name]).command
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` ask for; a wrong name is answered with the nearest."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = nearest(args[0], self.list_commands(ctx))
            hint = f" Did you mean '{near}'?" if near else ""
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under the headings of their sections."""
        widest = max(len(name) for name in self.list_commands(ctx))
        for title, section in self.sections.items():
            commands = ((name, self.get_command(ctx, name)) for name in section)
            rows = [
                (name.ljust(widest), one.get_short_help_str(100) if one else "")
                for name, one in commands
            ]
            with formatter.section(title):
                formatter.write_dl(rows)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: object,
    ) -> Any:
        """Run the command line; standing alone, every error becomes words and an exit code."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, **extra)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a terminal without our letters shows others
                stream.reconfigure(errors="replace")
        try:
            code = super().main(args, prog_name, complete_var, False, **extra)
        except Exception as error:
            code = explain(error)
        sys.exit(code if isinstance(code, int) else 0)


def explain(error: Exception) -> int:
    """Say on standard error what is wrong and return the exit code; raise what is our fault."""
    if os.environ.get(TRACEBACK):
        raise error
    if isinstance(error, click.ClickException):
        return _explain_usage(error)
    if isinstance(error, click.Abort):
        complain(str(error.__cause__ or "") or "stopped")  # what is kept, where that is known
        return INTERRUPTED
    if isinstance(error, SteppeError):
        complain(*_faults(error))
        return FAILED if _is_no_mistake(error) else BAD_INPUT
    if isinstance(error, OSError) and error.filename is not None:
        complain(f"{error.filename}: {error.strerror}")
        return FAILED if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO) else BAD_INPUT
    if isinstance(error, ValueError):
        complain(str(error), f"(where this arose is shown with {TRACEBACK}=1)")
        return BAD_INPUT
    raise error


def _explain_usage(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message())
        return DONE
    context = getattr(error, "ctx", None)
    hint = [f"see {context.command_path} --help"] if context is not None else []
    complain(error.format_message(), *hint)
    return BAD_INPUT


def _faults(error: SteppeError) -> list[str]:
    lines = str(error).splitlines()
    if isinstance(error, CaseError) and len(error.all_faults) > 1:
        return [f"{len(error.all_faults)} faults", *(f"  {line}" for line in lines)]
    return lines


def _is_no_mistake(error: SteppeError) -> bool:
    """Say whether machine or disk are to blame, and not what the user asked for."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return bool(kinds & {"UnwritableStoreError", "ExecutorError"})


def complain(first: str, *rest: str) -> None:
    """Write an error to standard error, lines unbroken."""
    from steppe.commands.console import err, say

    console = err()
    console.print("error", style="error", end="  ")
    say(console, first)
    for line in rest:
        say(console, line)
