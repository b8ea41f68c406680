"""From a design to its report: where it goes, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rich.console import Console

    from steppe.report.design_page import DesignPayload, PointRow
    from steppe.study.resolve import ResolvedRequest
    from steppe.study.sensitivity import Sensitivity
    from steppe.study.sweep import Sweep
    from steppe.study.tipping import Tipping

MOST_ROWS = 200
"""So many points stand in the table of the page."""

AXES = 4
"""With more axes than this the page has no table of points."""


def write(
    talk: Console,
    study: ResolvedRequest,
    made: Sweep,
    command: str,
    *,
    outcomes: Sequence[str] = (),
    tipping: Tipping | None = None,
    sensitivities: Sequence[Sensitivity] = (),
) -> Path:
    """Write the report beside the runs, print its path and return it."""
    from steppe.commands import options
    from steppe.commands.console import say
    from steppe.commands.report_writer import default_path
    from steppe.report.design_page import write_design_report

    kind = "sensitivity" if sensitivities else "sweep"
    base = default_path(study)
    over = "+".join(axis.name for axis in made.design.axes[:2]) if kind == "sweep" else ""
    name = "-".join(filter(None, (base.stem, kind, over)))
    payload = _payload(study, made, command, outcomes, tipping, sensitivities)
    path = write_design_report(payload, base.with_name(f"{name}.html"))
    say(talk, f"report    {options.shown(path)}")
    return path


def _payload(
    study: ResolvedRequest,
    made: Sweep,
    command: str,
    outcomes: Sequence[str],
    tipping: Tipping | None,
    sensitivities: Sequence[Sensitivity],
) -> DesignPayload:
    from steppe.case.canonical import scenario_hash
    from steppe.commands.report_writer import attribution, change_texts, versions
    from steppe.report.design_page import DesignPayload

    few = not sensitivities and len(made.design.axes) <= AXES
    title = "What matters" if sensitivities else "How much it takes" if tipping else "A sweep"
    return DesignPayload(
        case_title=study.baseline.title,
        title=title,
        question=next(iter(study.baseline.questions), "") if tipping else study.question,
        changes=change_texts(study.changes),
        citizens=study.baseline.country.citizens,
        scale=made.scale,
        points=len(made.design),
        seeds=made.seeds,
        runs=made.runs,
        failures=_failures(made),
        axes=tuple(axis.name for axis in made.design.axes),
        outcomes=tuple(outcomes),
        rows=_rows(made, outcomes) if few else (),
        tipping=tipping,
        sensitivities=tuple(sensitivities),
        command=command,
        scenario_hash=scenario_hash(study.baseline),
        versions=versions(),
        attribution=attribution(study.request.case),
    )


def _failures(made: Sweep) -> tuple[str, ...]:
    return tuple(
        made.missing(point, at)
        for point, row in enumerate(made.keys)
        for at, key in enumerate(row)
        if not key
    )


def _rows(made: Sweep, outcomes: Sequence[str]) -> tuple[PointRow, ...]:
    from steppe.report.design_page import PointRow
    from steppe.study.design import value_text

    data = made.to_xarray()
    rows = []
    for point in range(min(len(made.design), MOST_ROWS)):
        texts = tuple(_spread(data[name].values[point]) for name in outcomes)
        runs = sum(map(bool, made.keys[point]))
        rows.append(PointRow(tuple(map(value_text, made.design.values[point])), runs, texts))
    return tuple(rows)


def _spread(values: np.ndarray) -> str:
    from steppe.report.formatting import number

    known = values[np.isfinite(values)]
    if not len(known):
        return "–"
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
    return f"{number(middle)} ({number(low)}–{number(high)})" if len(known) > 1 else number(middle)
