"""The posterior sample that a case ships: one row of parameter values for each draw.

``posterior.csv`` lies in the case folder; its columns are parameters (``participation.threshold``)
and every row is one draw. ``posterior.json`` beside it says how the sample was made. Neither is
part of a scenario's hash: what counts for a run are the values it was given.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.files import MAX_TABLE, MAX_YAML, is_there, read_text
from steppe.case.inheritance import case_file
from steppe.case.scenario import Scenario
from steppe.case.source_location import SourceMark, cell_mark, name_list, near
from steppe.case.tables_io import records
from steppe.core.errors import CaseError, Fault
from steppe.core.params import ParameterInfo
from steppe.model.ledger import ledger
from steppe.results.hashing import canonical, digest

SAMPLE = "posterior.csv"
ACCOUNT = "posterior.json"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Posterior:
    """Draws of parameters: ``values`` (draw, parameter), ``paths`` naming the columns.

    ``account`` is what ``posterior.json`` says of how they were made, empty if there is none;
    ``digest`` the SHA-256 of names and values: samples with the same one give the same draws.
    """

    paths: tuple[str, ...]
    values: Floats
    account: Mapping[str, Any] = field(default_factory=dict)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.values), len(self.paths)) or not len(self.values):
            raise ValueError(f"{self.values.shape} draws of {len(self.paths)} parameters")
        self.values.setflags(write=False)
        name = digest(canonical([self.paths, self.values.tolist()]))
        object.__setattr__(self, "digest", name)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def fitted(self) -> bool:
        """Whether figures of the crisis were used: not where only quiet days were (``quiet``)."""
        return "quiet" not in self.account

    @property
    def identified(self) -> dict[str, bool]:
        """Whether the figures that were fitted tell of each parameter, where the account says."""
        listed = self.account.get("parameters")
        return {
            str(one["path"]): not one["unidentified"]
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, dict)
            and one.get("path") in self.paths
            and isinstance(one.get("unidentified"), bool)
        }

    def number(self, seed: int) -> int:
        """Return which row of the sample a seed stands for, from 1: seed 1 is row 1, and so on.

        After the last row the first comes again; so a seed is the same draw in every ensemble.
        """
        return (seed - 1) % len(self) + 1

    def row(self, seed: int) -> dict[str, float]:
        """Return the draw that a seed stands for, by parameter; see ``number``."""
        values = self.values[self.number(seed) - 1]
        return {path: float(value) for path, value in zip(self.paths, values, strict=True)}


def posterior_of(case: str | Path | Scenario) -> Posterior | None:
    """Return the posterior sample of a case folder or scenario; None where the case ships none.

    Raises ``CaseError`` with line and column for a sample that cannot be used.
    """
    folder = case.folder if isinstance(case, Scenario) else case_file(case).parent
    if folder is None or not is_there(folder / SAMPLE):
        return None
    return read_sample(folder / SAMPLE)


def read_sample(path: Path) -> Posterior:
    """Return the sample in a file, with the account that lies beside it.

    Raises ``CaseError`` with line and column for one that is missing or cannot be used.
    """
    return _read(path, path.lstat().st_mtime_ns if is_there(path) else 0)


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Posterior:
    """Read a sample; ``changed`` is when its file last was."""
    lines = tuple(read_text(path, MAX_TABLE, SourceMark(str(path))).split("\n"))
    rows = records(lines, str(path))
    _, header = next(rows, (1, []))
    infos = _infos()
    faults = list(_header_faults(header, infos, str(path), lines))
    values: list[list[float]] = []
    if not faults:
        for start, row in rows:
            mark = functools.partial(cell_mark, str(path), lines, start)
            values.append(list(_numbers(header, row, infos, mark, faults)))
        if not values:
            faults.append(Fault(str(path), 1, 1, "", "the sample has no draws"))
    if faults:
        raise CaseError(faults)
    account = path.with_name(ACCOUNT)
    return Posterior(tuple(header), np.array(values), _account(account))


def _infos() -> dict[str, list[ParameterInfo]]:
    """Return what is known of each parameter, by path; rivals may share one."""
    infos: dict[str, list[ParameterInfo]] = {}
    for entry in ledger():
        infos.setdefault(f"{entry.role}.{entry.info.name}", []).append(entry.info)
    return infos


def _header_faults(
    header: list[str],
    infos: Mapping[str, list[ParameterInfo]],
    file: str,
    lines: tuple[str, ...],
) -> Iterator[Fault]:
    if not header:
        yield Fault(file, 1, 1, "", "the file is empty", "a header of parameters, then draws")
    for at, name in enumerate(header):
        mark = cell_mark(file, lines, 1, at)
        if name not in infos:
            yield mark.fault(name, "is no parameter", name_list(infos), near(name, infos))
        elif header.index(name) < at:
            yield mark.fault(name, "the column is given twice")


def _numbers(
    header: list[str],
    row: list[str],
    infos: Mapping[str, list[ParameterInfo]],
    mark: Callable[[int], SourceMark],
    faults: list[Fault],
) -> Iterator[float]:
    if len(row) != len(header):
        wrong = f"{len(row)} values for {len(header)} parameters"
        faults.append(mark(0).fault("", wrong))
        return
    for at, (name, text) in enumerate(zip(header, row, strict=True)):
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not any(info.low <= value <= info.high for info in infos[name]):
            info = infos[name][0]
            allowed = f"{info.low:g} to {info.high:g}, in {info.unit}"
            wrong = f"{text!r} is not in the parameter's range"
            faults.append(mark(at).fault(name, wrong, allowed))
        yield value


def _account(path: Path) -> Mapping[str, Any]:
    if not is_there(path):
        return {}
    try:
        content = json.loads(read_text(path, MAX_YAML, SourceMark(str(path))))
    except ValueError as error:
        raise CaseError([SourceMark(str(path)).fault("", f"is not JSON: {error}")]) from None
    if not isinstance(content, dict):
        raise CaseError([SourceMark(str(path)).fault("", "expected an object with names")])
    return content
