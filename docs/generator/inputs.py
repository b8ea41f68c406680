"""Input data of the protocol: the tables and the timeline of the reference case."""

from __future__ import annotations

import inspect
from collections import Counter

from generator.case import CASE, scenario
from generator.markdown import count, names, plain, table
from steppe.case.cases import shipped_cases
from steppe.case.load import TABLES
from steppe.case.tables import Row
from steppe.research.intervention.requests import InterventionRequest, open_requests

BASES = ("measured", "derived", "filled-ipf", "filled-national", "copied", "assumed")
"""What a tagged cell of a table can be."""


def inputs() -> str:
    """Return the tables of the case with their columns and how much of each was measured."""
    case = scenario()
    folder = next(info.path.name for info in shipped_cases() if info.id == CASE)
    lines = []
    for name, (field, model) in TABLES.items():
        rows = getattr(case, field)
        columns = names(info.alias or key for key, info in model.model_fields.items())
        lines.append((f"`{name}`", f"{len(rows):,}", plain(inspect.getdoc(model) or ""), columns,
                      _basis(rows)))  # fmt: skip
    requests = names(InterventionRequest.model_fields)
    lines.append(
        (
            "`interventions`",
            f"{len(open_requests()):,}",
            (inspect.getdoc(InterventionRequest) or "").split("\n")[0],
            requests,
            "–",
        )
    )
    header = ("Table", "Rows", "A row is", "Columns", "Tagged cells")
    return "\n".join(
        [
            f"Tables of the case `{folder}`, and the requests for help that come with the program\n"
            "(`interventions`), on which the rule of the alliance is estimated:\n",
            table(header, lines) + "\n",
            _timeline(),
        ]
    )


def _basis(rows: tuple[Row, ...]) -> str:
    """Return how many tagged cells were measured, derived, filled or assumed."""
    tally = Counter(
        getattr(row, name)
        for row in rows
        for name in type(row).model_fields
        if name == "basis" or name.endswith("_basis")
    )
    return ", ".join(f"{tally[basis]:,} {basis}" for basis in BASES if tally[basis]) or "–"


def _timeline() -> str:
    tally = Counter((event.do, event.actor) for event in scenario().timeline)
    lines = [(f"`{do}`", actor, str(number)) for (do, actor), number in sorted(tally.items())]
    return "\n".join(
        [
            f"The timeline of the case has {count(len(scenario().timeline), 'event')}:\n",
            table(("Lever", "Actor", "Events"), lines) + "\n",
        ]
    )
