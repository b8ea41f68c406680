"""The reference pages: mechanisms, parameters, recorded series, observables."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from generator.markdown import NOTE, block, number, symbol, table, upper_first
from steppe.core.params import ParameterInfo
from steppe.engine.recorder import RECORDED_SERIES
from steppe.evidence.observables import OBSERVABLES
from steppe.model.columns import BY_NAME
from steppe.model.ledger import ESSENTIAL, MECHANISMS, ledger
from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms import ALL
from steppe.model.phases import Phase
from steppe.results import outcomes as catalogue

STATUS = {
    "measured": "taken from data",
    "literature": "taken from a publication",
    "calibrated": "fitted to evidence",
    "transferred": "measured in one country, which its source names, and taken from there",
    "assumed": "chosen, without direct evidence for the value",
}
STATISTIC = {
    "median": "median",
    "share": "share, with Wilson's interval",
    "counts": "number of runs with each word",
}
EVIDENCE = {
    "established": "a theorem, a record, or a result that several independent studies agree on",
    "supported": "there is evidence, on both sides or of uncertain size",
    "conjecture": "a modelling choice without direct evidence",
}

GOES_WITH = {
    "hazards": "rules of hazards: `crowd-in-place`, the default of `participation`",
    "choices": "rules of choice: `logit` and the other rivals of `crowd-in-place`",
}
"""With which rules of participation a rule plays a part."""


def parameters() -> str:
    """Return the ledger of parameters, one table for each role and rule."""
    entries = list(ledger())
    statuses = [entry.info.status for entry in entries]
    tally = ", ".join(f"{statuses.count(name)} {name}" for name in STATUS if name in statuses)
    meanings = "\n".join(f"- *{name}*: {text}" for name, text in STATUS.items())
    parts = [
        "# Parameters\n",
        NOTE,
        f"The {len(entries)} parameters of the model: {tally}. Rivals for one role that share a\n"
        "parameter each count it. Set one in a case under `parameters.<role>.<name>`, or for one\n"
        "run with `--set parameters.<role>.<name>=<value>`. A value outside its range is refused.\n"
        "A prior, where there is one, is what the parameter is thought to be before any\n"
        "comparison with the evidence of a case.\n",
        meanings + "\n",
    ]
    for (role, rule), group in groupby(entries, key=lambda entry: (entry.role, entry.rule)):
        parts.append(f"## {role}: `{rule}`\n")
        infos = [entry.info for entry in group]
        parts.append(_parameter_table(infos) if infos else "No parameters.")
        parts[-1] += "\n"
    return "\n".join(parts)


def _parameter_table(infos: Sequence[ParameterInfo]) -> str:
    header = ("Parameter", "Value", "Range, prior", "Status", "Meaning and source")
    return table(header, map(_parameter, infos))


def _parameter(i: ParameterInfo) -> tuple[str, ...]:
    unit = "" if i.unit == "1" else f" {i.unit}"
    span = f"{number(i.low)} to {number(i.high)}"
    return (
        f"`{i.name}` {symbol(i.symbol)}",
        f"{number(i.default)}{unit}",
        f"{span}, {i.prior}" if i.prior else span,
        i.status,
        meaning(i),
    )


def meaning(info: ParameterInfo) -> str:
    """Return what a parameter means, with its source if it has one."""
    text = f"{upper_first(info.meaning)}."
    return text if info.source == "none" else f"{text} *{info.source}*"


def mechanisms() -> str:
    """Return every mechanism in the order of the hour: equation, sources, reads and writes."""
    meanings = "\n".join(f"- *{name}*: {text}" for name, text in EVIDENCE.items())
    essential = ", ".join(f"`{role}`" for role in ESSENTIAL)
    parts = [
        "# Mechanisms\n",
        NOTE,
        "One section for each rule, in the order of the hour. A *role* is a part that some rule\n"
        "must play; a case names the rule under `mechanisms.<role>`, or `none` to leave the role\n"
        "to its neutral setting. A rule that goes only with rules of hazards, or only with rules\n"
        "of choice, plays a part where such a rule plays `participation`. Rules of one role are\n"
        "rivals: see\n"
        "[Choose a theory](../how-to/choose-a-theory.md). The [ODD+D protocol](odd.md) has the\n"
        "same rules with their full equations. These roles cannot be switched off:\n"
        f"{essential}.\n",
        f"The first word says how well a rule is founded:\n\n{meanings}\n",
    ]
    for phase in Phase:
        parts.append(f"## {phase.value}. {phase.name.capitalize()}\n")
        parts.append(f"{reason(phase)}\n")
        parts += [_mechanism(m) for m in ALL if m.phase == phase]
    return "\n".join(parts)


def reason(phase: Phase) -> str:
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
        block(m.equation),
        f"- Acts on: {scale}",
        f"- Parameters: {parameters}",
        f"- Sources: {'; '.join(m.sources)}",
    ]
    if m.street != "any":
        lines.append(f"- Goes with: {GOES_WITH[m.street]}")
    if m.random_numbers:
        lines.append(f"- Random numbers: {random_numbers(m)}")
    if m.neutral:
        neutral = (f"`{name}` = {value:g}" for name, value in m.neutral.items())
        lines.append(f"- Neutral setting: {', '.join(neutral)}")
    return "\n".join(lines) + "\n\n" + _columns(m)


def random_numbers(m: Mechanism) -> str:
    """Return the random numbers of a rule in words."""
    return ", ".join(
        f"`{d.purpose.name.lower()}` for {each(d.scale)}{', once a run' if d.once else ''}"
        for d in m.random_numbers.values()
    )


def each(scale: str) -> str:
    """Return whose rows a random number of a scale belongs to."""
    return "the nation" if scale == "nation" else f"each {scale}"


def _columns(m: Mechanism) -> str:
    rows = []
    for name in dict.fromkeys((*m.reads, *m.writes)):
        column = BY_NAME.get(name)
        does = " and ".join(
            word for word, used in (("reads", m.reads), ("writes", m.writes)) if name in used
        )
        scale, unit = (column.scale, column.unit) if column else ("citizen", "code")
        text = column.meaning if column else "what the citizen does, or what befell him"
        rows.append((does, f"`{name}`", scale, unit, text))
    return table(("Use", "Column", "Scale", "Unit", "Meaning"), rows) + "\n"


def series() -> str:
    """Return every series a run records."""
    return "\n".join(
        [
            "# Recorded series\n",
            NOTE,
            "What every run leaves. Hour *h* covers the time from *h* to *h* + 1 after the start\n"
            "of the run; stocks are those at its end. Counts are persons, whatever the scale.\n"
            "What actors decided is not here but among the events: see\n"
            "[How an hour works](../explanation/how-an-hour-works.md).\n",
            quantities() + "\n",
        ]
    )


def quantities() -> str:
    """Return the table of recorded series."""
    rows = (
        (f"`{q.name}`", ", ".join(("hour", *q.dims)), q.unit, q.meaning) for q in RECORDED_SERIES
    )
    return table(("Series", "Dimensions", "Unit", "Meaning"), rows)


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
            "visible when a place has at least `evidence.visible_protest` persons out at once, or\n"
            "the target's own `threshold`; a first one is looked for from `since` on.\n",
            table(("Observable", "Kind", "Scope", "Unit", "Meaning"), rows) + "\n",
        ]
    )


def outcomes() -> str:
    """Return the catalogue of outcomes."""
    rows = (
        (f"`{one.name}`", one.label, one.unit, STATISTIC[one.statistic], upper_first(one.meaning))
        for one in catalogue.OUTCOMES
    )
    return "\n".join(
        [
            "# Outcomes\n",
            NOTE,
            "What a run ends with. Summaries, reports, the app, sweeps and exports call an\n"
            "outcome by one label and aggregate it over seeds by one statistic. Differences of\n"
            "two arms are baseline minus counterfactual: the mean over pairs of runs with the\n"
            "same seed, with a 95 % interval that resamples pairs.\n",
            table(("Outcome", "Label", "Unit", "Over seeds", "Meaning"), rows) + "\n",
        ]
    )
