"""Options and arguments that several commands share, and the kinds of which others are made."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from steppe.results.store import Store

F = TypeVar("F", bound=Callable[..., Any])

STORE = "runs"
STORE_VARIABLE = "STEPPE_STORE"


def combine(*decorators: Callable[..., Any]) -> Callable[[F], F]:
    """Return one decorator that adds the options of several, listed in their order."""

    def add(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return add


def flag(*names: str, meaning: str) -> Callable[[F], F]:
    """Add an option that is there or not."""
    return click.option(*names, is_flag=True, help=meaning)


def repeatable(
    *names: str, meaning: str, metavar: str | None = None, kind: click.ParamType[Any] | None = None
) -> Callable[[F], F]:
    """Add an option that may be given several times."""
    text = f"{meaning}; may be repeated."
    return click.option(*names, multiple=True, metavar=metavar, type=kind, help=text)


def count(
    name: str, default: int | None, meaning: str, *, least: int = 1, most: int | None = None
) -> Callable[[F], F]:
    """Add an option for a whole number; --help need not name a limit as large as ``most``."""
    return click.option(
        name,
        type=click.IntRange(least),
        default=default,
        show_default=default is not None,
        metavar="N",
        callback=None if most is None else at_most(most),
        help=meaning,
    )


def at_most(limit: int) -> Callable[[click.Context, click.Parameter, int | None], int | None]:
    """Return a check of an option against a limit."""

    def check(_: click.Context, parameter: click.Parameter, value: int | None) -> int | None:
        if value is not None and value > limit:
            raise click.BadParameter(f"{value:,} is more than {limit:,}.", param=parameter)
        return value

    return check


def choice(*names: str, values: Sequence[str], meaning: str) -> Callable[[F], F]:
    """Add an option with few allowed values, the first of which is the default."""
    return click.option(
        *names, type=click.Choice(values), default=values[0], show_default=True, help=meaning
    )


def file(*names: str, meaning: str) -> Callable[[F], F]:
    """Add an option for a file to read."""
    return click.option(*names, type=click.Path(path_type=Path), metavar="FILE", help=meaning)


def new_folder(*names: str, meaning: str, required: bool = False) -> Callable[[F], F]:
    """Add an option for the folder of results."""
    kind = click.Path(path_type=Path, file_okay=False)
    return click.option(*names, type=kind, metavar="DIR", required=required, help=meaning)


def new_file(*names: str, meaning: str) -> Callable[[F], F]:
    """Add an option for a file to write."""
    return click.option(*names, type=NewFile(), metavar="FILE", help=meaning)


class NewFile(click.Path):
    """The path of a file to write, refused before anything is run where none can lie."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Return the path; below a file there can be no other."""
        path = Path(os.fsdecode(super().convert(os.fspath(value), param, ctx)))
        above = next((one for one in path.absolute().parents if one.exists()), None)
        if above is not None and not above.is_dir():
            self.fail(f"{short_path(above)} is not a folder.", param, ctx)
        return path


def _case_names(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    from steppe.case.inheritance import shipped_ids

    return [name for name in shipped_ids() if name.startswith(begun)]


case_argument = click.argument("case", metavar="CASE", shell_complete=_case_names)
"""CASE: a shipped case, a folder with scenario.yaml, or a YAML file."""

change_options = combine(
    click.option(
        "--counterfactual", "-c", metavar="NAME",
        help="Apply a counterfactual of the case; see `steppe cases CASE`.",
    ),
    repeatable(
        "--patch", "patches", metavar="FILE", kind=click.Path(path_type=Path),
        meaning="Change the values in a YAML file",
    ),
    repeatable(
        "--set", "settings", metavar="PATH=VALUE",
        meaning="Change one value, such as alliance.rule=decline",
    ),
)  # fmt: skip
"""The three ways to change a case."""

allow_code_option = flag(
    "--allow-code",
    meaning="Run the Python files of rules that the case or --set names; trust them first.",
)

code_option = click.option(
    "--code", "files", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
    help="A Python file of a rule that a stored run used, if not in this folder.",
)  # fmt: skip

store_option = click.option(
    "--store", "store_path", metavar="DIR", type=click.Path(path_type=Path),
    default=STORE, envvar=STORE_VARIABLE, show_default=f"${STORE_VARIABLE} or ./{STORE}",
    help="The folder of stored runs.",
)  # fmt: skip

json_option = flag(
    "--json",
    "as_json",
    meaning="Print one JSON document on standard output, all else on the other.",
)

quiet_option = flag("--quiet", "-q", meaning="Show no progress.")

parameters_option = click.option(
    "--parameters", type=click.Choice(["default", "prior", "posterior", "population"]),
    help="Values of the case; or for each seed a draw of their priors, of the case's posterior "
    "sample, or of the law of all crises. What --set or a counterfactual changes is not drawn.  "
    "[default: posterior where the case ships a sample, population for another country of the "
    "tables, else default]",
)  # fmt: skip


def report_options(default: str) -> Callable[[F], F]:
    """Add --report and --no-report; ``default`` is the name of the file without either."""
    meaning = f"Where the report goes.  [default: DIR/reports/{default}]"
    return combine(
        new_file("--report", meaning=meaning), flag("--no-report", meaning="Write no report.")
    )


def claims_option(meaning: str) -> Callable[[F], F]:
    """Add --claims: another file of claims."""
    return file("--claims", "claims_file", meaning=meaning)


def _a_number(_: click.Context, parameter: click.Parameter, value: float) -> float:
    if value != value:
        raise click.BadParameter("nan is not a number.", param=parameter)
    return value


scale_option = click.option(
    "--scale", type=click.FloatRange(0, 100, min_open=True), default=1.0, metavar="S",
    show_default=True, callback=_a_number,
    help="Agents per citizen; below 1 for quick looks only.",
)  # fmt: skip


engine_option = choice(
    "--engine",
    values=["citizens", "cohorts"],
    meaning="Who is simulated: every citizen, for results; or cohorts of citizens who are alike, "
    "for looks and screening, in hundredths of a second a run.",
)


def open_store(path: Path) -> Store:
    """Open a store to read from; a folder that is no store is a mistake."""
    from steppe.core.errors import StoreError
    from steppe.results.store import Store

    if not (path / "runs").is_dir():
        raise StoreError(
            f"{path}: there are no stored runs here; name their folder with --store, or make "
            "some with `steppe run`"
        )
    return Store(path)


def short_path(path: Path) -> str:
    """Return a path as short as it can be written from here."""
    full = path.absolute()
    here = Path.cwd()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(full)


def print_json(document: object) -> None:
    """Print one JSON document on standard output; nothing in it may be NaN."""
    import json

    click.echo(json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False))
