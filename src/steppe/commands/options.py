"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from steppe.results.store import Store

F = TypeVar("F", bound=Callable[..., Any])

STORE = "runs"
STORE_VARIABLE = "STEPPE_STORE"


def _case_names(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    from steppe.case.inheritance import shipped_ids

    return [name for name in shipped_ids() if name.startswith(begun)]


def case_argument(function: F) -> F:
    """Add CASE: a shipped case, a folder with scenario.yaml, or a YAML file."""
    return click.argument("case", metavar="CASE", shell_complete=_case_names)(function)


def change_options(function: F) -> F:
    """Add the three ways to change a case."""
    for option in (
        click.option(
            "--set", "settings", multiple=True, metavar="PATH=VALUE",
            help="Change one value, such as alliance.rule=decline; may be repeated.",
        ),
        click.option(
            "--patch", "patches", multiple=True, metavar="FILE",
            type=click.Path(path_type=Path),
            help="Change the values in a YAML file; may be repeated.",
        ),
        click.option(
            "--counterfactual", "-c", metavar="NAME",
            help="Apply a counterfactual of the case; see `steppe cases CASE`.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def allow_code_option(function: F) -> F:
    """Add --allow-code: rules in Python files may be run."""
    return click.option(
        "--allow-code", is_flag=True,
        help="Run the Python files of rules that the case or --set names; trust them first.",
    )(function)  # fmt: skip


def code_option(function: F) -> F:
    """Add --code: where the files of rules lie that stored runs were made with."""
    return click.option(
        "--code", "files", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
        help="A Python file of a rule that a stored run used, if not in this folder.",
    )(function)  # fmt: skip


class NewFile(click.Path):
    """The path of a file to write, refused before anything is run where none can lie."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; below a file there can be no other."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        above = next((one for one in path.absolute().parents if one.exists()), None)
        if above is not None and not above.is_dir():
            self.fail(f"{shown(above)} is not a folder.", param, ctx)
        return path


def report_options(default: str) -> Callable[[F], F]:
    """Add --report and --no-report; ``default`` is the name of the file without either."""

    def add(function: F) -> F:
        for option in (
            click.option("--no-report", is_flag=True, help="Write no report."),
            click.option(
                "--report", type=NewFile(), metavar="FILE",
                help=f"Where the report goes.  [default: DIR/reports/{default}]",
            ),
        ):  # fmt: skip
            function = option(function)
        return function

    return add


def store_option(function: F) -> F:
    """Add --store: the folder of stored runs."""
    return click.option(
        "--store", "store_path", metavar="DIR", type=click.Path(path_type=Path),
        default=STORE, envvar=STORE_VARIABLE, show_default=f"${STORE_VARIABLE} or ./{STORE}",
        help="The folder of stored runs.",
    )(function)  # fmt: skip


def _a_number(_: click.Context, parameter: click.Parameter, value: float) -> float:
    if value != value:
        raise click.BadParameter("nan is not a number.", param=parameter)
    return value


def scale_option(function: F) -> F:
    """Add --scale: agents per citizen."""
    return click.option(
        "--scale", type=click.FloatRange(0, 100, min_open=True), default=1.0, metavar="S",
        show_default=True, callback=_a_number,
        help="Agents per citizen; below 1 for quick looks only.",
    )(function)  # fmt: skip


def parameters_option(function: F) -> F:
    """Add --parameters: where the values of the parameters come from."""
    return click.option(
        "--parameters", type=click.Choice(["default", "prior", "posterior"]),
        help="Values of the case; or for each seed a draw of their priors, or of the case's "
        "posterior sample. What --set or a counterfactual changes is not drawn.  "
        "[default: posterior where the case ships a sample, else default]",
    )(function)  # fmt: skip


def json_option(function: F) -> F:
    """Add --json: one JSON document on standard output."""
    return click.option(
        "--json", "as_json", is_flag=True,
        help="Print one JSON document on standard output, all else on the other.",
    )(function)  # fmt: skip


def stored(path: Path) -> Store:
    """Open a store to read from; a folder that is no store is a mistake."""
    from steppe.core.errors import StoreError
    from steppe.results.store import Store

    if not (path / "runs").is_dir():
        raise StoreError(
            f"{path}: there are no stored runs here; name their folder with --store, or make "
            "some with `steppe run`"
        )
    return Store(path)


def shown(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    full = path.absolute()
    here = Path.cwd()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(full)


def print_json(document: Any) -> None:
    """Print one JSON document on standard output; nothing in it may be NaN."""
    import json

    click.echo(json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False))
