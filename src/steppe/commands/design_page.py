"""From a design to its report: where it goes, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from click import UsageError

from steppe.case.canonical import scenario_hash
from steppe.commands.report_writer import attribution, change_texts, default_path, versions
from steppe.report.design_page import DesignPayload, PointRow, write_design_report
from steppe.results.formatting import interval, quantity
from steppe.results.methods import bibtex, methods_paragraph
from steppe.results.outcomes import by_name
from steppe.study.design import value_text
from steppe.study.resolve import ResolvedRequest
from steppe.study.sensitivity import Sensitivity
from steppe.study.sweep import Sweep
from steppe.study.tipping import Tipping

MOST_ROWS = 200
"""So many points stand in the table of the page."""

AXES = 4
"""With more axes than this the page has no table of points."""


@dataclass(frozen=True, slots=True)
class DesignResult:
    """A design that was run: the request behind it, its runs, and the command that repeats it.

    It is a sweep, which shows ``outcomes`` and perhaps a ``tipping`` point, or, with
    ``sensitivities``, what the parameters do.
    """

    study: ResolvedRequest
    sweep: Sweep
    command: str
    outcomes: tuple[str, ...] = ()
    tipping: Tipping | None = None
    sensitivities: tuple[Sensitivity, ...] = ()


def write(result: DesignResult) -> Path:
    """Write the report beside the runs and return its path."""
    base = default_path(result.study)
    over = "+".join(axis.name for axis in result.sweep.design.axes[:2])
    kind = "sensitivity" if result.sensitivities else f"sweep-{over}"
    return write_design_report(_payload(result), base.with_name(f"{base.stem}-{kind}.html"))


def write_figures(result: DesignResult, path: Path) -> Path:
    """Write the curves of a sweep, each kind at each width, as one zip and return its path."""
    from steppe.plot.archive import write_archive
    from steppe.plot.sweep import SweepPlot, TippingPlot

    axes = result.sweep.design.axes
    pictures = {}
    if result.tipping is not None:
        pictures["tipping"] = TippingPlot(result.tipping).curve()
    if len(axes) == 1 and axes[0].is_number and result.sweep.complete:
        plot = SweepPlot(result.sweep)
        pictures |= {f"response-{name}": plot.response(name) for name in result.outcomes}
    if not pictures:
        raise UsageError("--figures: there is a curve only over one axis of numbers")
    return write_archive(path, pictures, f"{result.study.baseline.title}\n\n{result.command}\n")


def _payload(result: DesignResult) -> DesignPayload:
    sweep, study, tipping = result.sweep, result.study, result.tipping
    few = not result.sensitivities and len(sweep.design.axes) <= AXES
    title = (
        "What matters" if result.sensitivities else "How much it takes" if tipping else "A sweep"
    )
    stored = (key for row in sweep.keys for key in row if key)
    records = [sweep.store.get(next(stored), names=()).record]
    records = [replace(records[0], seed=seed) for seed in sweep.seeds]
    return DesignPayload(
        case_title=study.baseline.title,
        title=title,
        question=next(iter(study.baseline.questions), "") if tipping else study.question,
        changes=change_texts(study.changes),
        citizens=study.baseline.country.citizens,
        engine=sweep.engine,
        scale=sweep.scale,
        points=len(sweep.design),
        seeds=sweep.seeds,
        runs=sweep.runs,
        failures=_failures(sweep),
        axes=tuple(axis.path for axis in sweep.design.axes),
        outcomes=result.outcomes,
        rows=_rows(sweep, result.outcomes) if few else (),
        tipping=tipping,
        sensitivities=result.sensitivities,
        command=result.command,
        scenario_hash=scenario_hash(study.baseline),
        versions=versions(),
        attribution=attribution(study.request.case),
        methods=methods_paragraph(
            records, parameters=study.draws.words(len(sweep.seeds)), command=result.command
        ),
        bibtex=bibtex(records[0]),
    )


def _failures(sweep: Sweep) -> tuple[str, ...]:
    return tuple(
        sweep.missing(point, at)
        for point, row in enumerate(sweep.keys)
        for at, key in enumerate(row)
        if not key
    )


def _rows(sweep: Sweep, outcomes: tuple[str, ...]) -> tuple[PointRow, ...]:
    data, units = sweep.dataset(), {name: one.unit for name, one in by_name().items()}
    rows = []
    for point in range(min(len(sweep.design), MOST_ROWS)):
        texts = tuple(_spread(data[name].values[point], units.get(name, "")) for name in outcomes)
        runs = sum(map(bool, sweep.keys[point]))
        rows.append(PointRow(tuple(map(value_text, sweep.design.values[point])), runs, texts))
    return tuple(rows)


def _spread(values: np.ndarray, unit: str) -> str:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return "–"
    low, middle, high = np.quantile(finite, (0.05, 0.5, 0.95))
    text = quantity(middle, unit)
    return f"{text} ({interval(low, high, unit)})" if len(finite) > 1 else text
