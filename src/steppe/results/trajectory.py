"""A trajectory: everything one run left, labelled, with the scenario and seed that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from steppe.results.figures import figures

if TYPE_CHECKING:
    import xarray


EngineName = Literal["citizens", "cohorts"]
"""One agent per citizen, or counts of exchangeable citizens (``engine.cohort_run``)."""

ACTIVE_STATES = ("peaceful", "violent", "looting")
"""States of citizens who are on the street."""

STATES = ("quiet", *ACTIVE_STATES, "detained", "wounded", "dead", "resting", "withdrawn")
"""Every state a citizen can be in; each citizen is in exactly one."""


@dataclass(frozen=True, slots=True)
class Series:
    """One recorded quantity: ``values`` over the named dimensions ``dims``, with its unit."""

    name: str
    dims: tuple[str, ...]
    values: NDArray[Any]
    unit: str
    meaning: str

    def __post_init__(self) -> None:
        if self.values.ndim != len(self.dims):
            raise ValueError(f"{self.name}: {self.values.ndim} axes but dims {self.dims}")
        self.values.setflags(write=False)


@dataclass(frozen=True, slots=True)
class Event:
    """Something an actor did or that befell it; ``origin`` says who decided, script or model.

    ``text`` is a sentence, or for a scripted event its id in the scenario's timeline.
    """

    hour: int
    actor: str
    kind: str
    where: str
    value: float
    text: str
    origin: Literal["scripted", "model"]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """All that is needed to repeat a run, and what it cost.

    ``scenario`` is the canonical JSON text of the scenario; ``timings`` are seconds
    (``build``, ``run``) and ``memory_mib`` the peak resident memory of the process;
    ``recording`` are the options that chose what was recorded (they are part of the run's key);
    ``engine`` says whether citizens or cohorts were simulated, and is part of the key if cohorts.
    """

    case: str
    scenario: str
    scenario_hash: str
    seed: int
    model_version: str
    engine_version: str
    scale: float
    citizens: int
    agents: int
    start: str
    hours: int
    timings: Mapping[str, float] = field(default_factory=dict)
    memory_mib: float = 0.0
    warnings: tuple[str, ...] = ()
    recording: Mapping[str, bool | int | float | str] = field(default_factory=dict)
    engine: EngineName = "citizens"


@dataclass(frozen=True, slots=True)
class Trajectory:
    """What one run left: series, events, outcome, coordinates and the record that repeats it.

    ``coords`` maps each dimension except ``hour`` to its labels; ``hour`` runs 0..hours-1.
    """

    record: RunRecord
    series: Mapping[str, Series]
    coords: Mapping[str, tuple[str, ...]]
    events: tuple[Event, ...]
    outcome: Mapping[str, float | int | str]

    def __post_init__(self) -> None:
        sizes = {"hour": self.record.hours} | {dim: len(v) for dim, v in self.coords.items()}
        for name, series in self.series.items():
            if name != series.name:
                raise ValueError(f"series {series.name!r} stored under {name!r}")
            expected = tuple(sizes[dim] for dim in series.dims)
            if series.values.shape != expected:
                raise ValueError(f"{name}: shape {series.values.shape}, expected {expected}")

    def __repr__(self) -> str:
        record = self.record
        engine = (
            record.engine if record.scale == 1.0 else f"{record.engine}, scale {record.scale:g}"
        )
        peak = self.outcome.get("peak_active")
        end = f"; {peak:,.0f} on the street at the peak" if isinstance(peak, int | float) else ""
        return f"<run of {record.case}: seed {record.seed}, {engine}, {record.hours} hours{end}>"

    def _repr_html_(self) -> str:
        rows = (f"<tr><td>{escape(name)}</td><td>{escape(str(value))}</td></tr>"
                for name, value in self.outcome.items())  # fmt: skip
        return f"<table><caption>{escape(repr(self))}</caption>{''.join(rows)}</table>"

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.series[name].values

    def active(self) -> NDArray[np.int64]:
        """Return persons on the street, int64 (hour, place): peaceful + violent + looting."""
        total: NDArray[np.int64] = sum(
            (self[state].astype(np.int64) for state in ACTIVE_STATES),
            start=np.zeros((), dtype=np.int64),
        )
        return total

    @property
    def plot(self) -> Any:
        """Figures of this run."""
        return figures(self)

    def dataset(self) -> xarray.Dataset:
        """Return the series as one labelled dataset; units and meanings are attributes."""
        import xarray

        coords: dict[str, Any] = {dim: list(labels) for dim, labels in self.coords.items()}
        start = np.datetime64(self.record.start, "h")
        coords["hour"] = np.arange(self.record.hours)
        coords["time"] = ("hour", (start + np.arange(self.record.hours)).astype("datetime64[ns]"))
        data = {
            s.name: (s.dims, s.values, {"units": s.unit, "long_name": s.meaning})
            for s in self.series.values()
        }
        attrs = {
            "case": self.record.case,
            "scenario_hash": self.record.scenario_hash,
            "seed": self.record.seed,
            "engine": self.record.engine,
            "scale": self.record.scale,
            "model_version": self.record.model_version,
        }
        return xarray.Dataset(data, coords=coords, attrs=attrs)
