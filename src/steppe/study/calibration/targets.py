"""What a case is fitted to: the targets named in its ``calibration.csv``, and how exactly.

Counts are compared as log10(1 + x); the tolerance is one standard deviation on that scale, of
observation and model together, fixed before any run is looked at. A target with a range but no
figure is met anywhere inside: only what exceeds the range counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from steppe.case.files import MAX_TABLE, read_text
from steppe.case.part import Slug
from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark, name_list, near
from steppe.case.tables import Prose, Row
from steppe.case.tables_io import read_table
from steppe.core.errors import CaseError, Fault
from steppe.evidence.targets import ResolvedTarget, resolve

Floats = NDArray[np.float64]

FILE = "calibration.csv"
"""The file of a case that says what it is fitted to."""


class CalibrationRow(Row):
    """One row of ``calibration.csv``: a target, its tolerance, and how good the figure is."""

    target: Slug
    tolerance: Annotated[float, Field(gt=0.0, le=10.0, allow_inf_nan=False)]
    quality: Literal["good", "soft"]
    basis: Prose


@dataclass(frozen=True, slots=True)
class CalibrationTarget:
    """A target that parameters are fitted to; ``tolerance`` in units of its scale."""

    resolved: ResolvedTarget
    tolerance: float
    quality: Literal["good", "soft"]

    @property
    def id(self) -> str:
        """The id of the target."""
        return self.resolved.target.id

    @property
    def one_sided(self) -> bool:
        """Whether only an excess over the observed range counts."""
        return self.resolved.target.value is None

    def scaled(self, simulated: Floats) -> Floats:
        """Return what runs show on the scale of comparison, or by how much it leaves the range."""
        values = to_scale(self.resolved, simulated)
        if not self.one_sided:
            return values
        low, high = (
            to_scale(self.resolved, np.array([edge]))[0] if edge is not None else end
            for edge, end in (
                (self.resolved.target.low, -np.inf), (self.resolved.target.high, np.inf),
            )
        )  # fmt: skip
        excess: Floats = values - np.clip(values, low, high)
        return excess

    @property
    def observed(self) -> float:
        """What was observed, on the scale of comparison."""
        value = self.resolved.target.value
        return 0.0 if value is None else float(to_scale(self.resolved, np.array([value]))[0])


def to_scale(target: ResolvedTarget, values: Floats) -> Floats:
    """Return ``values`` on the scale of comparison: log10(1 + x) for counts, else as they are."""
    if not target.observable.is_count:
        return values
    logged: Floats = np.log10(1.0 + values)
    return logged


def figures(scenario: Scenario) -> tuple[ResolvedTarget, ...]:
    """Return the targets that a run can meet or miss: none that the case's script decides."""
    return tuple(one for one in resolve(scenario) if one.tested and not one.is_input)


def calibration_targets(scenario: Scenario) -> tuple[CalibrationTarget, ...]:
    """Return what ``scenario`` is fitted to, in the order of ``calibration.csv``.

    Raises ``CaseError`` when the case ships no such file, or for faults in it: an unknown target,
    one given twice, one that the script decides, one without a figure.
    """
    folder = scenario.folder
    if folder is None or not (folder / FILE).is_file():
        wrong = f"the case '{scenario.id}' does not say what to fit ({FILE})"
        allowed = "a case whose folder has that file: target, tolerance, quality, basis"
        raise CaseError([Fault(str(folder or scenario.id), 0, 0, "", wrong, allowed)])
    path = folder / FILE
    table = read_table(
        CalibrationRow, read_text(path, MAX_TABLE, SourceMark(str(path))), str(path), {}
    )
    by_id = {one.target.id: one for one in resolve(scenario)}
    faults = [
        fault for at, row in enumerate(table.rows)
        for fault in _faults(table.mark(at, "target"), table.rows[:at], row, by_id)
    ]  # fmt: skip
    if not table.rows:
        faults.append(SourceMark(str(path), 1, 1).fault("", "the table names no target"))
    if faults:
        raise CaseError(faults)
    return tuple(
        CalibrationTarget(by_id[row.target], row.tolerance, row.quality) for row in table.rows
    )


def _faults(
    mark: SourceMark,
    before: Sequence[CalibrationRow],
    row: CalibrationRow,
    by_id: dict[str, ResolvedTarget],
) -> Iterator[Fault]:
    if row.target not in by_id:
        wrong = "is no target of the case"
        yield mark.fault(row.target, wrong, name_list(by_id), near(row.target, by_id))
    elif row.target in (other.target for other in before):
        yield mark.fault(row.target, "the target is given twice")
    elif by_id[row.target].is_input:
        yield mark.fault(row.target, "is decided by the case's script, so no run can miss it")
    elif not by_id[row.target].tested and by_id[row.target].target.value is None:
        yield mark.fault(row.target, "nothing is known of this figure")
