"""Tables in answers of web services saved as JSON: a list of objects, or a series in two lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from steppe.evidence.importers.records import Record, TableLimits, refusal

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
MAX_BYTES = 64 * 2**20


def is_json(stream: IO[bytes]) -> bool:
    """Return whether the content is an object or a list of JSON."""
    head = stream.read(64)
    stream.seek(0)
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[{", b"[["))


def json_records(path: Path, stream: IO[bytes], limits: TableLimits) -> Iterator[Record]:
    """Yield a header and the rows of the first table in a JSON document.

    Objects inside objects become columns of the form ``outer.inner``.
    """
    content = stream.read(min(MAX_BYTES, limits.file_bytes) + 1)
    if len(content) > MAX_BYTES:
        raise refusal(path, "is too large for JSON", f"at most {MAX_BYTES} bytes")
    try:
        document: Json = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise refusal(path, f"is not valid JSON: {error}") from None
    rows = _rows(document)
    if not rows:
        raise refusal(path, "holds no list of objects and no series", "an answer with rows")
    header = list(dict.fromkeys(name for row in rows for name in row))
    yield Record(1, header)
    for number, row in enumerate(rows, start=2):
        yield Record(number, [row.get(name, "") for name in header])


def _rows(document: Json) -> list[dict[str, str]]:
    """Return the first table found, outer objects before inner ones."""
    level: list[Json] = [document]
    while level:
        for node in level:
            if isinstance(node, Mapping) and (series := _series(node)):
                return series
            if isinstance(node, Sequence) and not isinstance(node, str):
                objects = [_flat(one) for one in node if isinstance(one, Mapping)]
                if objects and not any(_series(o) for o in node if isinstance(o, Mapping)):
                    return objects
        level = [child for node in level for child in _children(node)]
    return []


def _children(node: Json) -> list[Json]:
    if isinstance(node, Mapping):
        return list(node.values())
    return list(node) if isinstance(node, Sequence) and not isinstance(node, str) else []


def _series(node: Mapping[str, Json]) -> list[dict[str, str]]:
    """Return the rows of a series: moments and values, or values from a moment on by steps."""
    values, moments = node.get("values"), node.get("timestamps")
    if not isinstance(values, Sequence) or isinstance(values, str):
        return []
    start, step = node.get("from"), node.get("step")
    if isinstance(start, int) and isinstance(step, int):
        moments = [start + number * step for number in range(len(values))]
    if not isinstance(moments, Sequence) or len(moments) != len(values):
        return []
    pairs = zip(moments, values, strict=True)
    return [{"timestamp": _text(moment), "value": _text(value)} for moment, value in pairs]


def _flat(row: Mapping[str, Json]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": _text(deeper) for inner, deeper in value.items()}
        else:
            flat[name] = _text(value)
    return flat


def _text(value: Json) -> str:
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_text(one) for one in value)
    return str(value)
