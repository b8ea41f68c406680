"""``steppe plan``: the order of an hour, and who reads and writes what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options
from steppe.commands.console import facts, out, say
from steppe.commands.request_options import takes_request

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.engine.plan import Plan, PlanStep
    from steppe.study.request import StudyRequest

PHASES = {
    "SCRIPT": "what history decides takes effect",
    "INFORMATION": "what can be learnt of the last hour's streets",
    "GRIEVANCE": "prices, legitimacy and outrage before anyone decides",
    "RISK": "what taking part would risk",
    "STREET": "every citizen who can decide does so",
    "CONTACT": "citizens meet officers: arrests, wounds, deaths",
    "FORCES": "buildings change hands; units obey, stand by or change sides",
    "POWER": "regime and elite read the situation and decide",
    "OUTCOME": "has the regime fallen or outlived the protest?",
}


@click.command(short_help="Show the order of an hour: who reads and writes what.")
@options.case_argument
@options.change_options
@options.allow_code_option
@options.json_option
@takes_request
def command(request: StudyRequest, as_json: bool) -> None:
    """Show the order of an hour in CASE: which rule acts when, what it reads and writes."""
    from steppe.engine.plan import plan
    from steppe.study.resolve import resolve

    scenario = resolve(request).baseline
    hour = plan(scenario)
    if as_json:
        options.print_json({"case": scenario.id, **document(hour)})
    else:
        _show(out(), scenario.title, hour)


def document(hour: Plan) -> dict[str, Any]:
    """Return the plan for programs: the steps in their order, and the roles that are off."""
    return {
        "steps": [_step(step) for step in hour.steps],
        "off": [mechanism.role for mechanism in hour.off],
    }


def _step(step: PlanStep) -> dict[str, Any]:
    mechanism = step.mechanism
    return {
        "phase": mechanism.phase.name.lower(),
        "role": mechanism.role,
        "mechanism": mechanism.name,
        "title": mechanism.title,
        "reads": list(mechanism.reads),
        "writes": list(mechanism.writes),
        "parameters": {
            info.name: getattr(step.parameters, info.name) for info in step.parameters.ledger()
        },
    }


def _show(console: Console, title: str, hour: Plan) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(f"The order of an hour: {title}", style="title", markup=False)
    phase = None
    for step in hour.steps:
        mechanism = step.mechanism
        if mechanism.phase != phase:
            phase = mechanism.phase
            say(console)
            words = f"  {PHASES[phase.name]}"
            console.print(Text.assemble((f"{int(phase)} {phase.name.lower()}", "head"), words))
        heading = Text.assemble((mechanism.role, "name"), f" / {mechanism.name}  {mechanism.title}")
        console.print(Padding(heading, (0, 0, 0, 2)))
        rows = [("reads", _names(mechanism.reads)), ("writes", _names(mechanism.writes))]
        console.print(Padding(facts(rows, 6), (0, 0, 0, 4)))
    if hour.off:
        say(console)
        off = ", ".join(mechanism.role for mechanism in hour.off)
        console.print(f"switched off: {off}", markup=False)


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(columns) or "–"
