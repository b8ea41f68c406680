"""The payload as text inside the page: packed numbers, and JSON that cannot end its element."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.report.payload import CityCrowd, Fan, Floats, Layer, ObservedPoint, ReportPayload
from steppe.report.timeline import presence_marks


def packed(values: Floats, step: float) -> str:
    """Return values as base64 of variable-length differences along the last axis.

    Each value becomes round(value / step) + 1, missing (NaN) becomes 0; differences to the value
    before are zigzag coded, seven bits a byte, low bits first. Raises ``ValueError`` for
    infinite or negative values, which no quantity of the report can have.
    """
    return packed_rows(values[None], step)[0]


def packed_rows(values: Floats, step: float) -> list[str]:
    """Return each row of ``values`` as ``packed`` does, in one go."""
    whole = np.rint(values / step) + 1
    missing = np.isnan(whole)
    present = whole[~missing] if missing.any() else whole
    if present.size and not 1 <= present.min() <= present.max() < np.inf:
        raise ValueError("only finite values >= 0 can be packed")
    whole[missing] = 0
    steps = whole.astype(np.int64)
    steps[..., 1:] -= steps[..., :-1].copy()
    zigzag = (steps << 1) ^ (steps >> 63)
    content, lengths = _seven_bits(zigzag.ravel())
    ends = np.cumsum(lengths.reshape(len(values), -1).sum(axis=1))
    rows = np.split(content, ends[:-1])
    return [base64.b64encode(row.tobytes()).decode("ascii") for row in rows]


def _seven_bits(values: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes of ``values`` one after the other, and how many each has."""
    lengths = np.ones(len(values), dtype=np.int64)
    limit = int(values.max(initial=0))
    if limit < 128:
        return values.astype(np.uint8), lengths
    for bits in range(7, limit.bit_length(), 7):
        lengths += values >= 1 << bits
    content = np.empty(lengths.sum(), dtype=np.uint8)
    at = np.cumsum(lengths) - lengths
    while len(values):
        more = values >= 128
        content[at] = (values & 127) | (more << 7)
        values, at = values[more] >> 7, at[more] + 1
    return content, lengths


def signed(values: Floats, step: float) -> dict[str, Any]:
    """Return values of any sign as packed differences to the smallest of them."""
    finite = values[np.isfinite(values)]
    floor = float(np.floor(finite.min() / step) * step) if finite.size else 0.0
    return {"floor": floor, "values": packed(values - floor, step)}


def unpacked(text: str, shape: Sequence[int], step: float) -> Floats:
    """Return what ``packed`` was given, to within half a step; NaN where missing."""
    steps, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            steps.append(-(value + 1) // 2 if value & 1 else value // 2)
            value, shift = 0, 0
    whole = np.cumsum(np.array(steps, dtype=np.int64).reshape(shape), axis=-1)
    out: Floats = np.where(whole == 0, np.nan, (whole - 1) * step)
    return out


def safe_json(value: Any) -> str:
    """Return JSON for a script element: ASCII, no NaN, no ``<``, ``>`` or ``&``.

    Raises ``ValueError`` for NaN or infinity.
    """
    text = json.dumps(value, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def _point(point: ObservedPoint) -> list[Any]:
    return [point.hour, point.hours, point.low, point.value, point.high, point.label, point.after]


def fan_data(fan: Fan) -> dict[str, Any]:
    """Return a fan with its numbers packed."""
    return {
        "key": fan.key,
        "title": fan.title,
        "unit": fan.unit,
        "step": fan.step,
        "meaning": fan.meaning,
        "national": packed(fan.quantiles, fan.step),
        "curves": packed(fan.curves, fan.step),
        "drawn": int(fan.curves.shape[0]),
        "regionalTitle": fan.regional_title,
        "regional": None if fan.regional is None else packed_rows(fan.regional, fan.step),
        "regionalCurves": (
            None
            if fan.regional_curves is None
            else packed_rows(fan.regional_curves.transpose(1, 0, 2), fan.step)
        ),
        "observed": {where: [_point(p) for p in ps] for where, ps in fan.observed.items()},
    }


def layer_data(layer: Layer) -> dict[str, Any]:
    """Return a layer with its numbers packed."""
    return {
        "key": layer.key,
        "title": layer.title,
        "unit": layer.unit,
        "step": layer.step,
        "regional": packed(layer.regional, layer.step),
        "national": packed(layer.national, layer.step),
    }


def city_data(city: CityCrowd) -> dict[str, Any]:
    """Return a city with its crowd packed."""
    bare = dataclasses.asdict(dataclasses.replace(city, active=np.zeros(0)))
    return bare | {"active": packed(city.active, 1.0)}


def page_data(payload: ReportPayload) -> dict[str, Any]:
    """Return what the page's script needs; the tables are in the page itself."""
    return {
        "start": payload.about.start,
        "hours": payload.about.hours,
        "country": payload.about.country,
        "case": payload.about.case,
        "seeds": len(payload.seeds),
        "regions": [dataclasses.asdict(region) for region in payload.regions],
        "boundaries": payload.boundaries,
        "layers": [layer_data(layer) for layer in payload.layers],
        "cities": [city_data(city) for city in payload.cities],
        "fans": [fan_data(fan) for fan in payload.fans],
        "notes": [dataclasses.asdict(note) for note in payload.notes],
        "lanes": [dataclasses.asdict(lane) for lane in payload.lanes],
        "presence": payload.presence.tolist(),
        "reported": [dataclasses.asdict(mark) for mark in presence_marks(payload.presence)],
    }
