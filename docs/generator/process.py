"""Process overview, stochasticity and observation of the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import steppe
from generator.case import endogenous, scripted
from generator.dataflow import counted
from generator.markdown import names, table
from generator.reference import each, quantities, reason
from steppe.core.random import Purpose
from steppe.engine.plan import PlanStep
from steppe.model.columns import BY_NAME
from steppe.model.ledger import MECHANISMS
from steppe.model.mechanism import Mechanism
from steppe.model.phases import Phase
from steppe.results.outcomes import OUTCOMES

CITIZEN, ONCE, HOURLY = "each citizen", "once a run", "every hour"
PURPOSES = {
    Purpose.KEY: ("the key of all others", "each seed", ONCE),
    Purpose.POOL: ("who is in the mobilisable pool", CITIZEN, ONCE),
    Purpose.HARDSHIP: ("hardship, aversion to risk, being online, having work", CITIZEN, ONCE),
    Purpose.INCOME: ("income and use of the good", CITIZEN, ONCE),
    Purpose.TIE: ("whom a citizen hears from", "each personal tie", ONCE),
    Purpose.DECISION: (
        "joining or looting, leaving, turning violent, length of rest; in rules of choice thinking "
        "again, the choice, going to look", CITIZEN, HOURLY,
    ),
    Purpose.CONTACT: ("what befalls who meets officers, and for how long", CITIZEN, HOURLY),
    Purpose.LOYALTY: ("loyalty", "each unit", ONCE),
    Purpose.FIRST_MOVE: (
        "the integral of the hazard at which a citizen goes first, and the size of his group",
        CITIZEN, "once, and again each time he comes back",
    ),
    Purpose.GROUP: ("whether he comes along with one who goes first", CITIZEN, HOURLY),
    Purpose.READINESS: ("readiness of the place", "each place", ONCE),
    Purpose.ROUND_UP: ("whether he is arrested at home or on the street", CITIZEN, HOURLY),
    Purpose.COHORT_POOL: ("how many are in the pool; cohorts only", "each bin of a place", ONCE),
    Purpose.COHORT_FIRST: (
        "how many go first, and with how large groups; cohorts only", "each place", HOURLY,
    ),
    Purpose.COHORT_STREET: (
        "how many join, leave and turn violent, and what befalls them; cohorts only",
        "each bin of a place", HOURLY,
    ),
    Purpose.COHORT_PLACE: (
        "what does not depend on the bin; cohorts only", "each place", HOURLY,
    ),
}  # fmt: skip
"""Draws made by the population and the engine: what they decide, for whom, how often."""

PACKAGES = ("core", "model", "population", "engine")
"""Packages in which a run has random numbers."""

COUNTING = "The streets are counted"
"""Title of the step of the engine between contact and forces."""


def process() -> str:
    """Return the phases of the plan of the case with their mechanisms, reads and writes."""
    parts = []
    for phase, group in groupby(enumerate(scripted().steps, 1), key=_phase):
        parts.append(f"### Phase {phase.value}: {phase.name.lower()}\n")
        parts.append(f"{reason(phase)}\n")
        parts.append(table(("", "Mechanism", "Reads", "Writes"), map(_step, group)) + "\n")
        if phase == Phase.CONTACT:
            parts.append(
                f"*{COUNTING}*, by place and cell. Where citizens act by choice, those who took\n"
                f"to the street or left it are also reported to the people tied to them. Written:\n"
                f"{_by_scale(counted())}.\n"
            )
    return "\n".join([*parts, _differences()])


def _phase(item: tuple[int, PlanStep]) -> Phase:
    return item[1].mechanism.phase


def _step(item: tuple[int, PlanStep]) -> tuple[str, ...]:
    place, step = item
    m = step.mechanism
    name = f"[{m.role}](#role-{m.role}): `{m.name}`"
    return str(place), name, _by_scale(m.reads), _by_scale(m.writes)


def _by_scale(columns: Iterable[str]) -> str:
    """Return columns under the name of their scale, without repeating it in each."""
    groups: dict[str, list[str]] = {}
    for name in columns:
        head, _, tail = name.partition("_")
        column = BY_NAME.get(name)
        scale = "timeline" if head == "script" else column.scale if column else "citizen"
        groups.setdefault(scale, []).append(tail)
    return "; ".join(f"*{scale}* {names(found)}" for scale, found in groups.items()) or "–"


def _differences() -> str:
    """Return how the plan changes when the actors decide for themselves."""
    before = {step.mechanism.role: step.mechanism for step in scripted().steps}
    after = {step.mechanism.role: step.mechanism for step in endogenous().steps}
    lines = [
        (f"[{role}](#role-{role})", _named(before.get(role)), _named(after.get(role)))
        for role in MECHANISMS
        if before.get(role) != after.get(role)
    ]
    return "\n".join(
        [
            "### Plan with free actors\n",
            "With `--set mode=endogenous` these roles are played by another rule; all others\n"
            "stay.\n",
            table(("Role", "As shipped", "Actors free"), lines) + "\n",
        ]
    )


def _named(m: Mechanism | None) -> str:
    return f"`{m.name}`, phase {m.phase.value}" if m else "off"


def stochasticity() -> str:
    """Return every random number of the model: its number, what it decides, for whom, how often."""
    by_purpose: dict[Purpose, list[tuple[str, ...]]] = {}
    for rivals in MECHANISMS.values():
        for m in rivals.values():
            for d in m.random_numbers.values():
                line = (f"`{m.role}`", each(d.scale), ONCE if d.once else HOURLY)
                by_purpose.setdefault(d.purpose, []).append(line)
    used = _used()
    lines = []
    for purpose in sorted(Purpose):
        name = purpose.name
        if name not in used:
            continue
        if purpose not in by_purpose and purpose not in PURPOSES:
            raise ValueError(f"generator.process.PURPOSES does not say what {name} decides")
        what, whom, often = (by_purpose.get(purpose) or [PURPOSES[purpose]])[0]
        where = names(sorted(used[name]))
        lines.append((str(purpose.value), f"`{name.lower()}`", what, whom, often, where))
    header = ("Number", "Purpose", "Role, or what it decides", "For", "When", "Module")
    return table(header, lines) + "\n"


def _used() -> dict[str, set[str]]:
    """Return the modules that use each purpose in a run; toys and studies are no part."""
    root = Path(steppe.__file__).resolve().parent
    found: dict[str, set[str]] = {}
    for path in sorted(p for package in PACKAGES for p in (root / package).rglob("*.py")):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        for name in re.findall(r"\bPurpose\.([A-Z_]+)\b", path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(module)
    return found


def observation() -> str:
    """Return what a run leaves: series and outcome."""
    stored = [one.name for one in OUTCOMES if one.derive is None]
    return "\n".join(
        [
            "### Recorded series\n",
            quantities() + "\n",
            "### Outcome of a run\n",
            f"{len(stored)} numbers and words say how a run ended: {names(stored)}.\n",
        ]
    )
