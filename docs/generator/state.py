"""Entities and state variables of the protocol, from the columns of the model."""

from __future__ import annotations

from typing import get_args

import numpy as np

from generator.case import rows, world
from generator.markdown import number, table
from steppe.engine.citizen_columns import SCRATCH
from steppe.engine.citizen_loops import Citizens
from steppe.model.columns import BY_NAME, COLUMNS, Column, Scale
from steppe.model.mechanisms import crowd
from steppe.model.mechanisms.joining import JOINING

SCALES: dict[Scale, str] = {
    "nation": "the country, its regime and its alliance",
    "region": "a first-level unit of administration",
    "place": "a city, a town, or the rural rest of a district",
    "cell": "part of a place whose people are within sight of one another",
    "building": "a symbolic building",
    "unit": "officers of one service and place who act together",
    "option": "a response that the regime can choose",
    "faction": "a part of the ruling coalition",
    "issue": "a demand of the patron",
    "stakeholder": "a party with a stake in a demand",
    "neighbour": "a neighboring regime that watches",
    "audience": "a public, at home or abroad, that forms a belief about the unrest",
    "listening": "the people of a place who belong to one audience",
    "feature": "what the alliance weighs in a request for help",
}
"""What a row of each scale is."""

STATES = (
    "QUIET", "PEACEFUL", "VIOLENT", "LOOTING", "DETAINED", "WOUNDED", "DEAD", "RESTING",
    "WITHDRAWN",
)  # fmt: skip

HAZARDS, CHOICES = "rules of hazards", "rules of choice"
CITIZEN = {
    "number": ("integer", "index", "by place and cohort"),
    "lists": ("integer", "row", "who of his place goes first, is out, away or looked for"),
    "suspects": ("integer", "index", "the number in his place of each who is looked for"),
    "address": ("integer", "address", "of every draw of his: his place by name, his number in it"),
    "state": ("integer", "code", "what the citizen does, or what befell him"),
    "timer": ("integer", "h", "hours left in detention, out of action or at rest"),
    "ties": ("integer", "persons", f"personal ties who are on the street; {CHOICES}"),
    "was_out": ("integer", "0/1", f"on the street when ties were last told; {CHOICES}"),
    "mark": ("float", "1", f"integral of the hazard at which he goes first; {HAZARDS}"),
    "outings": ("integer", "1", f"how often he has come back; {HAZARDS}"),
    "took_part": (
        "integer", "0/1", f"on the street since he was last arrested, if ever; {HAZARDS}",
    ),
    "hardship": ("float", "1", "latent hardship U, uniform on (0, 1)"),
    "risk_aversion": ("float", "1", "aversion to risk rho, uniform on (0, 1) at first"),
    "exposure": ("float", "1", "share s of income spent on the good, 0 where it is not used"),
    "deprivation": ("float", "1", "relative deprivation RD"),
    "rank": ("float", "1", "rank by income, 0 poorest to 1 richest"),
    "online": ("integer", "0/1", "uses the internet"),
}  # fmt: skip
"""Columns of a citizen: type, unit, meaning."""

BY_PLACE = ("first", "out", "away", "at_large", "next_mark", "idle")
"""Columns beside the pool with a row for each place: its bounds, lists, and whether it is idle."""

KINDS = {"state": "state", "script": "driver", "fixed": "fixed"}


def entities() -> str:
    """Return one section for citizens and one for each scale, with every state variable."""
    if set(SCALES) != set(get_args(Scale)):
        raise ValueError("generator.state.SCALES does not fit the scales of the model")
    parts = [_kinds(), _citizen()]
    for scale in SCALES:
        columns = [c for c in COLUMNS if c.scale == scale]
        parts.append(f"### Scale: {scale}\n")
        parts.append(f"{SCALES[scale].capitalize()}. Rows in the reference case: {_rows(scale)}.\n")
        header = ("Variable", "Type", "Kind", "Unit", "At the start", "Meaning")
        parts.append(table(header, map(_column, columns)) + "\n")
    return "\n".join(parts)


def _kinds() -> str:
    lines = [
        ("citizen who can decide", f"{len(world().pool):,}", "a person of the mobilisable pool"),
        *((scale, _rows(scale), text) for scale, text in SCALES.items()),
    ]
    return table(("Entity", "Rows", "One row is"), lines) + "\n"


def _rows(scale: str) -> str:
    return f"{rows()[scale]:,}"


def _citizen() -> str:
    if set(Citizens._fields) != {*CITIZEN, *BY_PLACE, *SCRATCH}:
        raise ValueError("generator.state.CITIZEN does not fit the columns of a citizen")
    states = ", ".join(f"{getattr(crowd, name)} {name.lower()}" for name in STATES)
    lines = [(f"`{name}`", kind, unit, text) for name, (kind, unit, text) in CITIZEN.items()]
    return "\n".join(
        [
            "### Scale: citizen\n",
            f"A person of the pool. `state` is one of: {states}.\n",
            table(("Variable", "Type", "Unit", "Meaning"), lines) + "\n",
        ]
    )


def _column(c: Column) -> tuple[str, ...]:
    kind = "float" if c.dtype == "f8" else "integer"
    return f"`{c.name}`", kind, KINDS[c.kind], c.unit, _start(c), c.meaning


def _start(c: Column) -> str:
    """Return the value before the first hour, or the range over the rows."""
    if c.kind == "script":
        return "timeline"
    values = np.asarray(world().columns[c.name], dtype=np.float64)
    if not len(values):
        return "no rows"
    low, high = (_rounded(float(v)) for v in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000.0 else number(float(f"{value:.3g}"))


def sensed() -> str:
    """Return what reaches a citizen by the default rules: the columns behind his surroundings."""
    lines = [
        (f"`{name}`", BY_NAME[name].scale, BY_NAME[name].unit, BY_NAME[name].meaning)
        for name in JOINING.citizen_reads
    ]
    return table(("Variable", "Scale", "Unit", "Meaning"), lines) + "\n"
