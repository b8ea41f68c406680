"""``steppe mechanisms``: the rules of the model, their parameters and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from steppe.commands import options
from steppe.commands.console import PLAIN, RIGHT, facts, out, rows_table, say, show
from steppe.commands.request_options import takes_options
from steppe.core.errors import nearest

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.commands.console import Columns
    from steppe.core.params import ParameterInfo, Parameters
    from steppe.model.mechanism import Mechanism

POPULATION = "Who lives where, and who knows whom"
STREETS = {
    "hazards": "with participation by hazards",
    "choices": "with participation by choice",
}
"""How a rule is said to go with a rule of participation."""

WIDE = 100
"""From this width on, the names of the rules are shown."""


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """Which rules there are beside the model's: those of a case, and those in files."""

    case: str | None
    files: tuple[str, ...]
    allow_code: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules and classes of their parameters by role and name: the model's, then a user's own."""

    mechanisms: Mapping[str, Mapping[str, Mechanism]]
    parameters: Mapping[str, Mapping[str, type[Parameters]]]


@click.command(short_help="Show the rules, their parameters and sources.")
@click.argument("roles", nargs=-1, metavar="[ROLE]...")
@options.flag("--full", meaning="Show the rules and parameters of every role.")
@click.option("--case", metavar="CASE", help="Show the rules in files that a case names too.")
@options.repeatable(
    "--rule", "files", metavar="FILE.py:NAME", meaning="Show a rule of your own too"
)
@options.allow_code_option
@options.json_option
@takes_options(RuleOptions)
def command(roles: tuple[str, ...], full: bool, as_json: bool, order: RuleOptions) -> None:
    """List the roles of the model, or show the rules and parameters of some.

    Every parameter has a value, unit, range, prior, status (measured, literature, calibrated,
    assumed) and source; change one with --set parameters.ROLE.NAME=VALUE.
    """
    rules = _rules(order)
    names = list(rules.parameters)
    for role in roles:
        if role not in names:
            _refuse(role, names)
    if as_json:
        options.print_json([document(role, rules) for role in roles or names])
    elif roles or full:
        for role in roles or names:
            _show(out(), role, rules)
    else:
        _list(out(), rules)


def _rules(order: RuleOptions) -> Rules:
    from steppe.case.custom import read_rule, with_rules
    from steppe.case.load import load
    from steppe.case.source_location import SourceMark
    from steppe.model.custom import CustomRules
    from steppe.model.ledger import MECHANISMS, ROLES

    code, mark = order.allow_code, SourceMark("--rule")
    own = CustomRules.of(*(read_rule(file, "", mark, allow_code=code) for file in order.files))
    if order.case is not None:
        own |= load(order.case, allow_code=code).custom
    by_role = own.by_role()
    mechanisms = {role: {**m, **by_role.get(role, {})} for role, m in MECHANISMS.items()}
    return Rules(mechanisms, with_rules(ROLES, own))


def _refuse(role: str, roles: Sequence[str]) -> None:
    near = nearest(role, roles)
    hint = f" Did you mean '{near}'?" if near else f" Roles: {', '.join(roles)}."
    raise click.UsageError(f"There is no role '{role}'.{hint}")


def document(role: str, rules: Rules) -> dict[str, object]:
    """Return a role for programs: its rules, each with evidence, sources and parameters."""
    from steppe.model.ledger import ESSENTIAL

    mechanisms = rules.mechanisms.get(role, {})
    described_rules = [
        {
            "rule": name,
            **(_mechanism(mechanisms[name]) if name in mechanisms else {}),
            "parameters": [_parameter(info) for info in parameters.ledger()],
        }
        for name, parameters in rules.parameters[role].items()
    ]
    return {"role": role, "can_be_off": role not in ESSENTIAL, "rules": described_rules}


def _mechanism(mechanism: Mechanism) -> dict[str, object]:
    from steppe.commands.run_json import pick

    return {
        "title": mechanism.title,
        "phase": mechanism.phase.name.lower(),
        "street": mechanism.street,
        **pick(mechanism, "equation", "evidence", "sources"),
    }


def _parameter(info: ParameterInfo) -> dict[str, object]:
    from steppe.commands.run_json import pick

    prior = info.prior
    return {
        **pick(info, "name", "symbol"),
        "value": info.default,
        "unit": info.unit,
        "range": [info.low, info.high],
        "prior": [prior.kind, prior.low, prior.high] if prior else None,
        **pick(info, "status", "source", "meaning"),
    }


def _list(console: Console, rules: Rules) -> None:
    from steppe.model.ledger import ESSENTIAL

    wide, rows = console.width >= WIDE, []
    for role, classes in rules.parameters.items():
        rivals = rules.mechanisms.get(role, {}).values()
        rows.append((
            role,
            next((m.title for m in rivals), POPULATION),
            *([", ".join(classes)] if wide else []),
            ", ".join(dict.fromkeys(m.evidence for m in rivals)) or "–",
            str(sum(len(list(rule.ledger())) for rule in classes.values())),
            "no" if role in ESSENTIAL else "yes",
        ))  # fmt: skip
    columns: Columns = (
        ("role", PLAIN), "what it does", *([("rules", PLAIN)] if wide else []),
        ("evidence", PLAIN), ("parameters", RIGHT), ("can be off", PLAIN),
    )  # fmt: skip
    show(console, rows_table(columns, rows))
    console.print("steppe mechanisms ROLE shows rules and parameters", style="faint")


def _show(console: Console, role: str, rules: Rules) -> None:
    from rich.padding import Padding
    from rich.text import Text

    for name, parameters in rules.parameters[role].items():
        mechanism = rules.mechanisms.get(role, {}).get(name)
        title = mechanism.title if mechanism else POPULATION
        console.print(Text.assemble((f"{role} / {name}", "head"), f"  {title}"))
        if mechanism is not None:
            rows = [("rule", mechanism.equation), ("evidence", mechanism.evidence)]
            if mechanism.street != "any":
                rows.append(("street", STREETS[mechanism.street]))
            rows.append(("sources", "\n".join(mechanism.sources)))
            console.print(Padding(facts(rows, 6), (0, 0, 0, 2)))
            say(console)
        _parameters(console, parameters)
        say(console)


def _parameters(console: Console, parameters: type[Parameters]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    for info in parameters.ledger():
        heading = Text.assemble(
            (info.name, "name"),
            f"  {info.symbol} = {info.default:g} {'' if info.unit == '1' else info.unit}".rstrip(),
            (f"  {info.status}", "faint"),
        )
        console.print(Padding(heading, (0, 0, 0, 2)))
        between = f"{info.low:g} to {info.high:g}"
        prior = f", prior {info.prior}" if info.prior else ""
        rows = [("is", info.meaning), ("range", between + prior), ("source", info.source)]
        console.print(Padding(facts(rows, 6), (0, 0, 0, 4)))
