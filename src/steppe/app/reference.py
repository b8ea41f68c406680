"""Results that the package ships: baseline and a few counterfactuals of a case, every citizen.

They are what the page shows before anything has been run on this machine: documents of histories
and differences, not runs, so that they are small. ``tools/make_reference.py`` makes them. They are
shown only if case, posterior sample and version of the model are those they were made with.
"""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import TYPE_CHECKING

from steppe.engine.version import MODEL_VERSION, engine_version

if TYPE_CHECKING:
    from pathlib import Path

    from steppe.study.parameter_draws import ParameterDraws

FOLDER = "reference"
COMMAND = "python tools/make_reference.py"


@dataclass(frozen=True, slots=True)
class ShippedStamp:
    """What the results of a case were made with, which says whether they still hold."""

    case: str
    base: str
    """The hash of the case before the draws of its parameters."""
    source: str
    sample: str
    model: str
    engine: str
    seeds: int


@dataclass(frozen=True, slots=True)
class ShippedArm:
    """One counterfactual: the hash of its scenario, its history and the differences, as JSON."""

    name: str
    base: str
    variant: str
    differences: str


@dataclass(frozen=True, slots=True)
class ShippedResult:
    """The shipped results of a case; ``baseline`` is its history as JSON."""

    stamp: ShippedStamp
    baseline: str
    arms: tuple[ShippedArm, ...]

    def arm(self, draws: ParameterDraws) -> ShippedArm | None:
        """Return the counterfactual that ``draws`` are those of, if it is among the shipped."""
        return next((one for one in self.arms if one.base == draws.base), None)

    def is_of(self, draws: ParameterDraws) -> bool:
        """Tell whether runs of ``draws`` draw their parameters as the shipped ones did."""
        return (draws.source, draws.sample) == (self.stamp.source, self.stamp.sample)

    def is_current(self, draws: ParameterDraws) -> bool:
        """Tell whether this program would simulate the shipped runs to the same bit."""
        return self.stamp.engine == engine_version(draws.scenario)

    def refusal(self, draws: ParameterDraws) -> str:
        """Return why the results do not hold for the case as it is now, '' if they do.

        ``draws`` are those of the baseline with the parameters that are usual for it.
        """
        stamp = self.stamp
        if stamp.model != MODEL_VERSION:
            why = f"model version {stamp.model}, this is {MODEL_VERSION}"
        elif stamp.base != draws.base:
            why = "another version of the case"
        elif not self.is_of(draws):
            why = "another posterior sample"
        else:
            return ""
        return (
            f"The results shipped with this case are not shown: they were made with {why}. "
            f"{COMMAND} {stamp.case} makes them again."
        )


@functools.cache
def reference_of(case: str) -> ShippedResult | None:
    """Return the results shipped with a case, None if there are none."""
    file = resources.files("steppe.app") / FOLDER / file_name(case)
    if not file.is_file():
        return None
    head, baseline, *rest = gzip.decompress(file.read_bytes()).decode().splitlines()
    names = (json.loads(line) for line in rest[::3])
    arms = tuple(
        ShippedArm(name["name"], name["base"], variant, differences)
        for name, variant, differences in zip(names, rest[1::3], rest[2::3], strict=True)
    )
    return ShippedResult(ShippedStamp(**json.loads(head)), baseline, arms)


def file_name(case: str) -> str:
    """Return the name of the file that holds the results of a case."""
    return f"{case}.json.gz"


def write_reference(reference: ShippedResult, folder: Path) -> Path:
    """Write the results of a case into ``folder``; the same results give the same bytes."""
    lines = [json.dumps(asdict(reference.stamp)), reference.baseline]
    for arm in reference.arms:
        names: Mapping[str, str] = {"name": arm.name, "base": arm.base}
        lines += [json.dumps(names), arm.variant, arm.differences]
    target = folder / file_name(reference.stamp.case)
    folder.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(_text(lines), 9, mtime=0))
    return target


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
