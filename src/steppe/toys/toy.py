"""A toy: a model with a name, its parameters, what it measures, and the function that runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from steppe.case.scenario import Part
from steppe.toys.result import Findings


@dataclass(frozen=True, slots=True)
class Toy:
    """One model of the list in ``models``.

    ``measures`` maps each number found to its unit; ``lines`` each line found to its unit and the
    parameter that lists the points of its axis ('' if the axis is no parameter). ``size`` returns
    agents and steps. ``run`` takes the values of the parameters by name and the seeds.
    """

    name: str
    parameters: type[Part]
    measures: Mapping[str, str]
    lines: Mapping[str, tuple[str, str]]
    size: Callable[[Mapping[str, Any]], tuple[int, int]]
    run: Callable[[Mapping[str, Any], range], Findings]
