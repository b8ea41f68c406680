"""A checkpoint: a run as it stands at the end of an hour, to go on from, in memory or in a file.

It holds what cannot be made again from seed and address: states and timers of the pool, aversion
to risk where it has changed, the columns of every scale, and what was recorded. People, ties, the
counters of the ties and the script are made again when the run goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.case.canonical import from_canonical, scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError, SteppeError
from steppe.engine.first_hour import acts_before
from steppe.engine.version import engine_version, shared_version
from steppe.results.atomic_io import explained, make_folders, replace_file
from steppe.results.hashing import canonical, little_endian
from steppe.results.process_identity import token
from steppe.results.trajectory import Event

FORMAT = 1
"""Version of the layout of the file; raised when older programs could not read it."""

MAGIC = b"steppe checkpoint\n"
LEVEL = 3
"""Effort of the compression: more costs longer than it saves."""


class CheckpointError(SteppeError):
    """A checkpoint that cannot be read, or from which the run asked for cannot go on."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a run after its first ``hours`` hours.

    ``scenario`` is the canonical text of the scenario that was run; ``arrays`` hold the state
    under names ``citizen ...``, ``column ...``, ``series ...`` and ``seen ...``; ``events`` are
    those the model made.
    """

    scenario: str
    scenario_hash: str
    seed: int
    scale: float
    engine_version: str
    hours: int
    arrays: Mapping[str, NDArray[Any]]
    events: tuple[Event, ...]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the checkpoint to a file, whole or not at all, forced to disk; return its path."""
        final = Path(path).absolute()
        temp = final.with_name(f".{final.name}.{token()}")
        with explained(final.parent):
            make_folders(final.parent)
            try:
                replace_file(final, _packed(self), temp)
            finally:
                temp.unlink(missing_ok=True)
        return final


def load_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Return the checkpoint in a file.

    Raises ``CheckpointError`` when the file is missing, none, of another format or changed by so
    much as one byte.
    """
    file = Path(path)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{file}: cannot be read: {error.strerror}") from error
    if not raw.startswith(MAGIC):
        raise CheckpointError(f"{file}: not a checkpoint")
    form, _, rest = raw[len(MAGIC) :].partition(b"\n")
    if form != str(FORMAT).encode():
        found = form[:20].decode(errors="replace")
        raise CheckpointError(
            f"{file}: checkpoint format {found!r} cannot be read by this version of steppe, which "
            f"reads {FORMAT}; make the checkpoint again"
        )
    checksum, _, packed = rest.partition(b"\n")
    if hashlib.sha256(packed).hexdigest().encode() != checksum:
        raise CheckpointError(
            f"{file}: damaged: its content is not what was written; remove it and make it again"
        )
    return _unpacked(zlib.decompress(packed))


def _packed(checkpoint: Checkpoint) -> bytes:
    arrays = {name: little_endian(values) for name, values in checkpoint.arrays.items()}
    head = {
        "scenario": checkpoint.scenario,
        "scenario_hash": checkpoint.scenario_hash,
        "seed": checkpoint.seed,
        "scale": checkpoint.scale,
        "engine_version": checkpoint.engine_version,
        "hours": checkpoint.hours,
        "events": [asdict(event) for event in checkpoint.events],
        "arrays": [[name, a.dtype.str, list(a.shape)] for name, a in arrays.items()],
    }
    body = b"".join([canonical(head).encode(), b"\n", *(a.tobytes() for a in arrays.values())])
    packed = zlib.compress(body, LEVEL)
    checksum = hashlib.sha256(packed).hexdigest()
    return MAGIC + f"{FORMAT}\n{checksum}\n".encode() + packed


def _unpacked(body: bytes) -> Checkpoint:
    text, _, rest = body.partition(b"\n")
    head = json.loads(text)
    arrays: dict[str, NDArray[Any]] = {}
    begin = 0
    for name, kind, shape in head.pop("arrays"):
        count = int(np.prod(shape))
        values = np.frombuffer(rest, np.dtype(kind), count, begin).reshape(shape)
        arrays[name] = values.astype(values.dtype.newbyteorder("="))
        begin += values.nbytes
    events = tuple(Event(**event) for event in head.pop("events"))
    return Checkpoint(arrays=arrays, events=events, **head)


def check_start(start: Checkpoint, scenario: Scenario, seed: int, scale: float) -> None:
    """Raise ``CheckpointError`` unless a run can go on from ``start`` to the same last bit.

    Its scenario may be another one if nothing that differs can have acted by then.
    """
    same = start.scenario_hash == scenario_hash(scenario)
    _check_version(start, scenario if same else None)
    for what, found, wanted in (("seed", start.seed, seed), ("scale", start.scale, scale)):
        if found != wanted:
            raise CheckpointError(f"the checkpoint is of {what} {found:g}, not {wanted:g}")
    if not 1 <= start.hours <= scenario.clock.hours:
        raise CheckpointError(
            f"the checkpoint was made after {start.hours} hours; the run has {scenario.clock.hours}"
        )
    if not same:
        _check_change(start, scenario)


def _check_version(start: Checkpoint, scenario: Scenario | None) -> None:
    """Raise unless this program made ``start``, a state of ``scenario`` if that is given."""
    version, own = start.engine_version, engine_version(scenario)
    if scenario is None:
        version, own = shared_version(version), shared_version(own)
    if version != own:
        raise CheckpointError(
            f"the checkpoint was made by model {version}, this is {own}; make it again"
        )


def _check_change(start: Checkpoint, scenario: Scenario) -> None:
    try:
        origin = from_canonical(start.scenario, custom=scenario.custom)
    except CaseError as error:
        raise CheckpointError(f"the checkpoint is of another scenario: {error}") from error
    _check_version(start, origin)
    early = acts_before(origin, scenario, start.hours)
    if early:
        changes = "; ".join(f"{one.path} can act from hour {one.hour} on" for one in early[:5])
        raise CheckpointError(
            f"the checkpoint holds {start.hours} hours of another scenario, and {changes}"
        )
