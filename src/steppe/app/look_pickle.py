"""Orders of quick looks as bytes: a case is read once by a process, whatever is made of it after.

A changed case shares most of its rows with the case it is a change of. Only the rows of its own
are written; in the process that reads them the others are those of the case it has, the same
objects, so that what is remembered of them serves every change.
"""

from __future__ import annotations

import functools
import io
import pickle

from steppe.case.paths import Identity
from steppe.case.scenario import Scenario

CASES = 8
"""So many cases are kept on both sides."""


def to_bytes(order: object, case: Scenario | None) -> bytes:
    """Return an order as bytes; ``case`` is the one that its scenarios are changes of."""
    if case is None:
        return pickle.dumps((b"", pickle.dumps(order)))
    content, places = _bytes_of(Identity(case))
    buffer = io.BytesIO()
    _Writer(buffer, places).dump(order)
    return pickle.dumps((content, buffer.getvalue()))


def from_bytes(frame: bytes) -> object:
    """Return the order that ``to_bytes`` was given."""
    case, order = pickle.loads(frame)
    return _Reader(io.BytesIO(order), _parts_in(case) if case else ()).load()


def _parts(case: Scenario) -> tuple[object, ...]:
    """Return the case, its fields and the rows of its tables, in an order that never changes."""
    fields = [getattr(case, name) for name in type(case).model_fields]
    return case, *fields, *(row for one in fields if isinstance(one, tuple) for row in one)


@functools.lru_cache(maxsize=CASES)
def _bytes_of(key: Identity) -> tuple[bytes, dict[int, int]]:
    """Return a case as bytes, and the place of each of its parts by the part's identity."""
    parts = _parts(key.scenario)
    return pickle.dumps(key.scenario), {id(part): place for place, part in enumerate(parts)}


@functools.lru_cache(maxsize=CASES)
def _parts_in(case: bytes) -> tuple[object, ...]:
    return _parts(pickle.loads(case))


class _Writer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, places: dict[int, int]) -> None:
        super().__init__(file)
        self._places = places

    def persistent_id(self, obj: object) -> int | None:
        return self._places.get(id(obj))


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, parts: tuple[object, ...]) -> None:
        super().__init__(file)
        self._parts = parts

    def persistent_load(self, pid: int) -> object:
        return self._parts[pid]
