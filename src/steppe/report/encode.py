"""The payload as text inside the page: packed numbers, and JSON that cannot end its element."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from steppe.report.payload import CityCrowd, Fan, Floats, Layer, ObservedPoint, ReportPayload
from steppe.report.timeline import presence_marks


def packed(values: Floats, step: float) -> str:
    """Return values as base64 of variable-length differences along the last axis.

    Each value becomes round(value / step) + 1, missing (NaN) becomes 0; differences to the value
    before are zigzag coded, seven bits a byte, low bits first. Raises ``ValueError`` for
    infinite or negative values, which no quantity of the report can have.
    """
    missing = np.isnan(values)
    whole = np.where(missing, 0, np.rint(np.where(missing, 0.0, values) / step) + 1)
    if not np.isfinite(whole).all() or (whole < 0).any() or (whole[~missing] < 1).any():
        raise ValueError("only finite values >= 0 can be packed")
    steps = np.diff(whole.astype(np.int64), axis=-1, prepend=0).ravel()
    zigzag = np.where(steps < 0, -2 * steps - 1, 2 * steps).astype(np.uint64)
    columns = []
    while True:
        rest = zigzag >> np.uint64(7)
        columns.append((zigzag & np.uint64(127)) | np.where(rest > 0, 128, 0).astype(np.uint64))
        if not rest.any():
            break
        zigzag = rest
    digits = np.stack(columns, axis=1).astype(np.uint8)
    used = np.ones(digits.shape, dtype=bool)
    used[:, 1:] = np.logical_and.accumulate(digits[:, :-1] >= 128, axis=1)
    return base64.b64encode(digits[used].tobytes()).decode("ascii")


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
        "regional": None if fan.regional is None else [packed(r, fan.step) for r in fan.regional],
        "regionalCurves": (
            None
            if fan.regional_curves is None
            else [packed(r, fan.step) for r in fan.regional_curves.transpose(1, 0, 2)]
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
