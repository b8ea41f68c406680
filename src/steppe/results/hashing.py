"""The names of runs and the fingerprints of what they left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from steppe.core.random import whole_number

if TYPE_CHECKING:
    from steppe.results.trajectory import Event, RunRecord, Trajectory

Recording = Mapping[str, bool | int | float | str]


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of a text (as UTF-8) or of bytes, in hexadecimal."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """All that decides the numbers of a run, and so its key."""

    scenario_hash: str
    seed: int
    scale: float
    model_version: str
    engine_version: str
    recording: Recording = field(default_factory=dict)
    engine: str = "citizens"

    @property
    def parts(self) -> dict[str, Any]:
        """The ingredients of the key, as they are written into the run's record.

        The engine is one of them only where it is not the usual one.
        """
        parts = {
            **asdict(self),
            "seed": whole_number(self.seed, "seed", 2**64),
            "scale": float(self.scale),
            "recording": dict(sorted(self.recording.items())),
        }
        if self.engine == "citizens":
            del parts["engine"]
        return parts

    @property
    def key(self) -> str:
        """The key of the run: 64 hexadecimal digits."""
        return digest(canonical(self.parts))


def identity_of(record: RunRecord) -> RunIdentity:
    """Return what decides the numbers of a run that has been made."""
    return RunIdentity(
        record.scenario_hash,
        record.seed,
        record.scale,
        record.model_version,
        record.engine_version,
        record.recording,
        record.engine,
    )


def key_of(record: RunRecord) -> str:
    """Return the key under which the run of ``record`` is stored."""
    return identity_of(record).key


def little_endian(values: NDArray[Any]) -> NDArray[Any]:
    """Return the values contiguous, little-endian, and with every NaN the same NaN.

    Parquet knows missing values, not the bits inside a NaN; so these bits are no part of a result.
    """
    plain = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    if plain.dtype.kind == "f":
        missing = np.isnan(plain)
        if missing.any():
            plain = np.where(missing, plain.dtype.type(np.nan), plain)
    return plain.reshape(values.shape)


def array_hash(values: NDArray[Any]) -> str:
    """Return the SHA-256 of type, shape and little-endian values of an array."""
    plain = little_endian(values)
    sha = hashlib.sha256(f"{plain.dtype.str}{plain.shape}".encode())
    sha.update(plain.data if plain.size else b"")
    return sha.hexdigest()


def events_hash(events: tuple[Event, ...]) -> str:
    """Return the SHA-256 of the events in their order."""
    rows = [
        [int(e.hour), e.actor, e.kind, e.where, float(e.value).hex(), e.text, e.origin]
        for e in events
    ]
    return digest(canonical(rows))


def content_hash(trajectory: Trajectory) -> str:
    """Return the fingerprint of a run's content: arrays, labels, events and outcome.

    Two runs with equal fingerprints left the same numbers; times and machine play no part.
    """
    arrays = {name: array_hash(s.values) for name, s in trajectory.series.items()}
    return content_of(arrays, trajectory)


def content_of(arrays: Mapping[str, str], trajectory: Trajectory) -> str:
    """Return the fingerprint of a run whose arrays have been hashed already."""
    dims = {name: [*s.dims, s.unit] for name, s in trajectory.series.items()}
    outcome = {
        name: value if isinstance(value, str) else _exact(value)
        for name, value in trajectory.outcome.items()
    }
    coords = {dim: list(labels) for dim, labels in trajectory.coords.items()}
    events = events_hash(trajectory.events)
    return digest(canonical([dict(arrays), dims, coords, events, outcome]))


def _exact(value: float | int) -> list[str]:
    number = value.item() if isinstance(value, np.generic) else value
    return [number.hex() if isinstance(number, float) else str(number)]
