"""``steppe mechanisms``: the rules of the model, their parameters and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from steppe.commands import options

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.core.params import ParameterInfo, Parameters
    from steppe.model.mechanism import Mechanism

POPULATION = "Who lives where, and who knows whom"
WIDE = 100
"""From this width on, the names of the rules are shown."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules and classes of their parameters by role and name: the model's, then a user's own."""

    mechanisms: Mapping[str, Mapping[str, Mechanism]]
    parameters: Mapping[str, Mapping[str, type[Parameters]]]


@click.command(short_help="Show the rules, their parameters and sources.")
@click.argument("roles", nargs=-1, metavar="[ROLE]...")
@click.option("--full", is_flag=True, help="Show the rules and parameters of every role.")
@click.option("--case", metavar="CASE", help="Show the rules in files that a case names too.")
@click.option(
    "--rule", "files", multiple=True, metavar="FILE.py:NAME",
    help="Show a rule of your own too; may be repeated.",
)  # fmt: skip
@options.allow_code_option
@options.json_option
def command(
    roles: tuple[str, ...],
    full: bool,
    case: str | None,
    files: tuple[str, ...],
    allow_code: bool,
    as_json: bool,
) -> None:
    """List the roles of the model, or show the rules and parameters of some.

    Every parameter has a value, unit, range, prior, status (measured, literature, calibrated,
    assumed) and source; change one with --set parameters.ROLE.NAME=VALUE.
    """
    from steppe.commands.console import out

    rules = _known(case, files, allow_code)
    known = list(rules.parameters)
    for role in roles:
        if role not in known:
            _refuse(role, known)
    wanted = list(roles) or known
    if as_json:
        options.print_json([described(role, rules) for role in wanted])
    elif roles or full:
        for role in wanted:
            _show(out(), role, rules)
    else:
        _list(out(), known, rules)


def _known(case: str | None, files: Sequence[str], allow_code: bool) -> Rules:
    """Return the rules of the model, of ``case`` and in ``files``."""
    from steppe.case.custom import read_rule, with_rules
    from steppe.case.load import load
    from steppe.case.source_location import SourceMark
    from steppe.model.custom import CustomRules
    from steppe.model.ledger import MECHANISMS, ROLES

    named = [read_rule(file, "", SourceMark("--rule"), allow_code=allow_code) for file in files]
    own = CustomRules.of(*named)
    if case is not None:
        own |= load(case, allow_code=allow_code).custom
    by_role = own.by_role()
    mechanisms = {role: {**m, **by_role.get(role, {})} for role, m in MECHANISMS.items()}
    return Rules(mechanisms, with_rules(ROLES, own))


def _refuse(role: str, known: Sequence[str]) -> None:
    from steppe.core.errors import nearest

    near = nearest(role, known)
    hint = f" Did you mean '{near}'?" if near else f" Roles: {', '.join(known)}."
    raise click.UsageError(f"There is no role '{role}'.{hint}")


def described(role: str, rules: Rules) -> dict[str, Any]:
    """Return a role for programs: its rules, each with evidence, sources and parameters."""
    from steppe.model.ledger import ESSENTIAL

    found = []
    for name, parameters in rules.parameters[role].items():
        mechanism = rules.mechanisms.get(role, {}).get(name)
        found.append(
            {
                "rule": name,
                **(_mechanism(mechanism) if mechanism else {}),
                "parameters": [_parameter(info) for info in parameters.ledger()],
            }
        )
    return {"role": role, "can_be_off": role not in ESSENTIAL, "rules": found}


def _mechanism(mechanism: Mechanism) -> dict[str, Any]:
    return {
        "title": mechanism.title,
        "phase": mechanism.phase.name.lower(),
        "equation": mechanism.equation,
        "evidence": mechanism.evidence,
        "sources": list(mechanism.sources),
    }


def _parameter(info: ParameterInfo) -> dict[str, Any]:
    prior = info.prior
    return {
        "name": info.name,
        "symbol": info.symbol,
        "value": info.default,
        "unit": info.unit,
        "range": [info.low, info.high],
        "prior": [prior.kind, prior.low, prior.high] if prior else None,
        "status": info.status,
        "source": info.source,
        "meaning": info.meaning,
    }


def _list(console: Console, roles: Sequence[str], known: Rules) -> None:
    from steppe.commands.console import say, table
    from steppe.model.ledger import ESSENTIAL

    wide = console.width >= WIDE
    right, whole = {"justify": "right", "no_wrap": True}, {"no_wrap": True}
    made = table(
        ("role", whole),
        "what it does",
        *([("rules", whole)] if wide else []),
        ("evidence", whole),
        ("parameters", right),
        ("can be off", whole),
    )
    for role in roles:
        rivals = known.mechanisms.get(role, {})
        evidence = ", ".join(dict.fromkeys(m.evidence for m in rivals.values())) or "–"
        title = next((m.title for m in rivals.values()), POPULATION)
        rules = [", ".join(known.parameters[role])] if wide else []
        total = sum(len(list(rule.ledger())) for rule in known.parameters[role].values())
        made.add_row(
            role, title, *rules, evidence, str(total), "no" if role in ESSENTIAL else "yes"
        )
    console.print(made)
    say(console)
    console.print("steppe mechanisms ROLE shows rules and parameters", style="faint")


def _show(console: Console, role: str, known: Rules) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from steppe.commands.console import facts, say

    for name, parameters in known.parameters[role].items():
        mechanism = known.mechanisms.get(role, {}).get(name)
        title = mechanism.title if mechanism else POPULATION
        console.print(Text.assemble((f"{role} / {name}", "head"), f"  {title}"))
        if mechanism is not None:
            rows = [("rule", mechanism.equation), ("evidence", mechanism.evidence)]
            rows.append(("sources", "\n".join(mechanism.sources)))
            console.print(Padding(facts(rows, 6), (0, 0, 0, 2)))
            say(console)
        _parameters(console, parameters)
        say(console)


def _parameters(console: Console, parameters: type[Parameters]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from steppe.commands.console import facts

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
