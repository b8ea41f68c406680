"""The ODD+D protocol: hand-written fragments around what the code says.

Müller et al., Environmental Modelling & Software 48 (2013), after Grimm et al., Ecological
Modelling 221 (2010).
"""

from __future__ import annotations

from collections.abc import Callable

from generator.fragments import FOLDER, fragment
from generator.inputs import inputs
from generator.markdown import NOTE, table
from generator.process import observation, process, stochasticity
from generator.state import entities, sensed
from generator.submodels import submodels
from steppe.model.ledger import MECHANISMS

Part = Callable[[], str]


def theories() -> str:
    """Return every role with its rivals, how well they are founded, and their sources."""
    lines = [
        (f"[{role}](#role-{role})", f"`{m.name}`", m.evidence, "; ".join(m.sources))
        for role, rivals in MECHANISMS.items()
        for m in rivals.values()
    ]
    return table(("Role", "Rule", "Evidence", "Sources"), lines) + "\n"


ELEMENTS: tuple[tuple[str, str, Part | None], ...] = (
    ("I.i Purpose", "purpose", None),
    ("I.ii Entities, state variables and scales", "entities", entities),
    ("I.iii Process overview and scheduling", "scheduling", process),
    ("II.i Theoretical and empirical background", "background", theories),
    ("II.ii Individual decision-making", "decision-making", None),
    ("II.iii Learning", "learning", None),
    ("II.iv Individual sensing", "sensing", sensed),
    ("II.v Individual prediction", "prediction", None),
    ("II.vi Interaction", "interaction", None),
    ("II.vii Collectives", "collectives", None),
    ("II.viii Heterogeneity", "heterogeneity", None),
    ("II.ix Stochasticity", "stochasticity", stochasticity),
    ("II.x Observation", "observation", observation),
    ("III.i Implementation details", "implementation", None),
    ("III.ii Initialization", "initialization", None),
    ("III.iii Input data", "input-data", inputs),
    ("III.iv Submodels", "submodels", submodels),
)
"""Title of each element, its hand-written fragment, and what the code adds to it."""


def protocol() -> str:
    """Return the whole protocol."""
    written = {path.stem for path in FOLDER.glob("*.md")}
    if unused := written - {"about", *(name for _, name, _ in ELEMENTS)}:
        raise ValueError(f"docs/odd: {sorted(unused)} stand under no element")
    parts = ["# ODD+D protocol\n", NOTE, fragment("about")]
    for title, name, made in ELEMENTS:
        parts.append(f"## {title}\n")
        parts.append(fragment(name))
        if made is not None:
            parts.append(made())
    return "\n".join(parts).rstrip() + "\n"
