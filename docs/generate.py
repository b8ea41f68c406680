"""Write the reference pages that are made from the code: ``python docs/generate.py``.

With ``--check`` nothing is written; the exit code is 1 when a page is out of date.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from steppe.core.params import ParameterInfo
from steppe.engine.record import QUANTITIES
from steppe.evidence.observables import OBSERVABLES
from steppe.model.columns import BY_NAME
from steppe.model.ledger import ESSENTIAL, MECHANISMS, ledger
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms import ALL
from steppe.model.phases import Phase

FOLDER = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Made by docs/generate.py from the code; changes belong there. -->\n"

STATUS = {
    "measured": "taken from data",
    "literature": "taken from a publication",
    "calibrated": "fitted to evidence",
    "assumed": "chosen, without direct evidence for the value",
}
EVIDENCE = {
    "established": "a theorem, a record, or a result that several independent studies agree on",
    "supported": "there is evidence, on both sides or of uncertain size",
    "conjecture": "a modelling choice without direct evidence",
}


def pages() -> dict[str, str]:
    """Return the text of every generated page by file name."""
    return {
        "mechanisms.md": mechanisms(),
        "observables.md": observables(),
        "parameters.md": parameters(),
        "series.md": series(),
    }


def _cell(text: object) -> str:
    """Return ``text`` as it stands in a cell of a table."""
    return re.sub(r"\s+", " ", str(text)).replace("|", "\\|").replace("<", "&lt;")


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _number(value: float) -> str:
    return f"{value:,g}" if abs(value) >= 1e-4 or value == 0 else f"{value:g}"


def parameters() -> str:
    """Return the ledger of parameters, one table for each role and rule."""
    entries = list(ledger())
    statuses = [entry.info.status for entry in entries]
    tally = ", ".join(f"{statuses.count(name)} {name}" for name in STATUS if name in statuses)
    meanings = "\n".join(f"- *{name}*: {text}" for name, text in STATUS.items())
    parts = [
        "# Parameters\n",
        NOTE,
        f"The {len(entries)} parameters of the model: {tally}. Set one in a case under\n"
        "`parameters.<role>.<name>`, or for one run with\n"
        "`--set parameters.<role>.<name>=<value>`. A value outside its range is refused. A prior,\n"
        "where there is one, is what the parameter is thought to be before any comparison with\n"
        "the evidence of a case.\n",
        meanings + "\n",
    ]
    for (role, rule), group in groupby(entries, key=lambda entry: (entry.role, entry.rule)):
        parts.append(f"## {role}: `{rule}`\n")
        parts.append(_parameter_table([entry.info for entry in group]) + "\n")
    return "\n".join(parts)


def _parameter_table(infos: Sequence[ParameterInfo]) -> str:
    header = ("Parameter", "Value", "Range, prior", "Status", "Meaning and source")
    return _table(header, map(_parameter, infos))


def _parameter(i: ParameterInfo) -> tuple[str, ...]:
    symbol = i.symbol.replace("_", r"\_")
    unit = "" if i.unit == "1" else f" {i.unit}"
    span = f"{_number(i.low)} to {_number(i.high)}"
    meaning = i.meaning[0].upper() + i.meaning[1:]
    return (
        f"`{i.name}` *{symbol}*",
        f"{_number(i.default)}{unit}",
        f"{span}, {i.prior}" if i.prior else span,
        i.status,
        f"{meaning}." if i.source == "none" else f"{meaning}. *{i.source}*",
    )


def mechanisms() -> str:
    """Return every mechanism in the order of the hour: equation, sources, reads and writes."""
    meanings = "\n".join(f"- *{name}*: {text}" for name, text in EVIDENCE.items())
    essential = ", ".join(f"`{role}`" for role in ESSENTIAL)
    parts = [
        "# Mechanisms\n",
        NOTE,
        "One section for each rule, in the order of the hour. A *role* is a part that some rule\n"
        "must play; a case names the rule under `mechanisms.<role>`, or `none` to leave the role\n"
        "to its neutral setting. These roles cannot be switched off:\n"
        f"{essential}.\n",
        f"The first word says how well a rule is founded:\n\n{meanings}\n",
    ]
    for phase in Phase:
        parts.append(f"## {phase.value}. {phase.name.capitalize()}\n")
        parts.append(f"{_reason(phase)}\n")
        parts += [_mechanism(m) for m in ALL if m.phase == phase]
    return "\n".join(parts)


def _reason(phase: Phase) -> str:
    """Return the sentence written under ``phase`` in the source of the phases."""
    found = re.search(rf'{phase.name} = \d+\n\s+"""(.*?)"""', inspect.getsource(Phase), re.S)
    if found is None:
        raise ValueError(f"phase {phase.name} has no reason written under it")
    return re.sub(r"\s+", " ", found[1])


def _mechanism(m: Mechanism) -> str:
    default = next(iter(MECHANISMS[m.role])) == m.name
    scale = "each citizen who can decide" if m.citizen else "small arrays, by row"
    names = [info.name for info in m.parameters.ledger()]
    parameters = ", ".join(f"`{name}`" for name in names) or "none"
    lines = [
        f"### {m.title}\n",
        f"Role `{m.role}`, rule `{m.name}`{' (default)' if default else ''}. *{m.evidence}*.\n",
        f"```text\n{m.equation}\n```\n",
        f"- Acts on: {scale}",
        f"- Parameters: {parameters}",
        f"- Sources: {'; '.join(m.sources)}",
    ]
    if m.draws:
        drawn = (f"`{d.purpose.name.lower()}` for each {d.scale}" for d in m.draws.values())
        lines.append(f"- Draws: {', '.join(drawn)}")
    if m.neutral:
        neutral = (f"`{name}` = {value:g}" for name, value in m.neutral.items())
        lines.append(f"- Neutral setting: {', '.join(neutral)}")
    return "\n".join(lines) + "\n\n" + _columns(m)


def _columns(m: Mechanism) -> str:
    names = dict.fromkeys((*m.reads, *m.writes))
    rows = []
    for name in names:
        column = BY_NAME.get(name)
        does = " and ".join(
            word for word, used in (("reads", m.reads), ("writes", m.writes)) if name in used
        )
        scale, unit = (column.scale, column.unit) if column else ("citizen", "code")
        meaning = column.meaning if column else "what the citizen does, or what befell him"
        rows.append((does, f"`{name}`", scale, unit, meaning))
    return _table(("Use", "Column", "Scale", "Unit", "Meaning"), rows) + "\n"


def series() -> str:
    """Return every series a run records."""
    rows = (
        (f"`{q.name}`", ", ".join(("hour", *q.dims)), q.unit, q.meaning) for q in QUANTITIES
    )
    return "\n".join(
        [
            "# Recorded series\n",
            NOTE,
            "What every run leaves. Hour *h* covers the time from *h* to *h* + 1 after the start\n"
            "of the run; stocks are those at its end. Counts are persons, whatever the scale.\n",
            _table(("Series", "Dimensions", "Unit", "Meaning"), rows) + "\n",
        ]
    )


def observables() -> str:
    """Return every observable that a target can name."""
    units: Mapping[str, str] = {"": "that of the price"}
    rows = (
        (f"`{o.name}`", o.kind, o.scope, units.get(o.unit, o.unit), o.meaning)
        for o in OBSERVABLES.values()
    )
    return "\n".join(
        [
            "# Observables\n",
            NOTE,
            "What a target of a case can be compared with. *Kind* is what the date of the target\n"
            "means: a `day`, an `hour`, a `run` that must reach that day, or a `calendar` day\n"
            "counted with that date as day 1. *Scope* is where it can be asked. A protest is\n"
            "visible when a place has at least `evidence.visible_protest` persons out at once.\n",
            _table(("Observable", "Kind", "Scope", "Unit", "Meaning"), rows) + "\n",
        ]
    )


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` name those that are out of date."""
    stale = []
    for name, text in pages().items():
        path = FOLDER / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    verb = "out of date: run python docs/generate.py" if "--check" in arguments else "written"
    for name in stale:
        print(f"docs/reference/{name}: {verb}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
