"""``steppe cases``: which cases there are, and what one of them holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.console import RIGHT, facts, out, rows_table, say, show
from steppe.results.formatting import count, period

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.case.scenario import Scenario


@click.command(short_help="List the cases, or show what is in one.")
@click.argument("case", required=False, metavar="[CASE]")
@options.allow_code_option
@options.json_option
def command(case: str | None, allow_code: bool, as_json: bool) -> int | None:
    """List the cases, or show what is in CASE and what can be changed in it."""
    if case is None:
        _list(out(), as_json)
        return None
    from steppe.case.cases import is_toy
    from steppe.case.load import load

    if is_toy(case):
        from steppe.commands import toy

        return toy.describe(click.get_current_context())

    scenario = load(case, allow_code=allow_code)
    if as_json:
        options.print_json(document(scenario))
    else:
        _show(out(), case, scenario)
    return None


def _list(console: Console, as_json: bool) -> None:
    from steppe.case.cases import shipped_cases
    from steppe.commands.run_json import pick

    cases = shipped_cases()
    if as_json:
        options.print_json([pick(case, "id", "title", "citizens", "hours") for case in cases])
        return
    rows = ((case.id, case.title, f"{case.citizens:,}", f"{case.hours:,}") for case in cases)
    show(console, rows_table(("case", "title", ("citizens", RIGHT), ("hours", RIGHT)), rows))
    console.print("steppe cases CASE shows one; steppe run CASE runs it", style="faint")


def document(scenario: Scenario) -> dict[str, Any]:
    """Return what a case holds, for programs."""
    from steppe.case.canonical import scenario_hash
    from steppe.report.assumptions import input_words

    return {
        "id": scenario.id,
        "title": scenario.title,
        "summary": scenario.summary,
        "scenario_hash": scenario_hash(scenario),
        "start": scenario.clock.start.isoformat(timespec="minutes"),
        "hours": scenario.clock.hours,
        "citizens": scenario.country.citizens,
        "questions": list(scenario.questions),
        "tables": dict(tables(scenario)),
        "inputs": {one.id: input_words(one) for one in scenario.inputs},
        "counterfactuals": {
            name: {"title": one.title, "question": one.question, "set": dict(one.set)}
            for name, one in scenario.counterfactuals.items()
        },
    }


def tables(scenario: Scenario) -> tuple[tuple[str, int], ...]:
    """Return the tables of a scenario with the number of their rows."""
    from steppe.case.load import TABLES

    rows = [(key, len(getattr(scenario, field))) for key, (field, _) in TABLES.items()]
    rows += [
        ("timeline", len(scenario.timeline)),
        ("inputs", len(scenario.inputs)),
        ("targets", len(scenario.evidence.targets)),
    ]
    return tuple(rows)


def holdings(tables: Iterable[tuple[str, int]]) -> str:
    """Return tables and their rows in words that are not torn apart by a line's end."""
    return ", ".join(f"{name}\u00a0{rows}" for name, rows in tables if rows)


def _show(console: Console, case: str, scenario: Scenario) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Text.assemble((scenario.title, "title"), (f"   {scenario.id}", "faint")))
    console.print(scenario.summary, markup=False)
    say(console)
    hours = scenario.clock.hours
    console.print(
        facts(
            [
                ("who", f"{scenario.country.citizens:,} citizens of {scenario.country.name}"),
                ("when", f"{period(scenario.clock.start, hours)}, {count(hours, 'hour')}"),
                ("holds", holdings(tables(scenario))),
            ]
        )
    )
    if scenario.questions:
        say(console)
        console.print("Questions", style="title")
        for question in scenario.questions:
            console.print(Padding(Text(question), (0, 0, 0, 2)))
    _counterfactuals(console, scenario)
    say(console)
    console.print(f"steppe run {case} --counterfactual NAME runs one of them", style="faint")


def _counterfactuals(console: Console, scenario: Scenario) -> None:
    from rich.padding import Padding

    if not scenario.counterfactuals:
        return
    say(console)
    console.print("What can be changed by name", style="title")
    for name, one in scenario.counterfactuals.items():
        console.print(f"  {name}", style="name")
        sets = "  ".join(f"{path}={_value_text(value)}" for path, value in one.set.items())
        rows = [("asks", one.question), ("sets", sets)]
        console.print(Padding(facts(rows, 6), (0, 0, 0, 4)))


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
