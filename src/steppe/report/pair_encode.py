"""The payload of a pair as text inside its page."""

from __future__ import annotations

import dataclasses
from typing import Any

from steppe.report.encode import city_data, fan_data, layer_data, signed
from steppe.report.pair_payload import Difference, PairArm, PairPayload


def _gap(gap: Difference) -> dict[str, Any]:
    return {
        "key": gap.key,
        "step": gap.step,
        "national": signed(gap.national, gap.step),
        "regional": None if gap.regional is None else signed(gap.regional, gap.step),
    }


def _arm(arm: PairArm) -> dict[str, Any]:
    return {
        "key": arm.key,
        "name": arm.name,
        "layers": [layer_data(layer) for layer in arm.layers],
        "fans": [fan_data(fan) for fan in arm.fans],
        "cities": [city_data(city) for city in arm.cities],
    }


def pair_data(payload: PairPayload) -> dict[str, Any]:
    """Return what the page's script needs; the tables are in the page itself."""
    return {
        "start": payload.about.start,
        "hours": payload.about.hours,
        "country": payload.about.country,
        "case": payload.about.case,
        "title": payload.about.title,
        "seeds": len(payload.seeds),
        "regions": [dataclasses.asdict(region) for region in payload.regions],
        "boundaries": payload.boundaries,
        "arms": [_arm(arm) for arm in payload.arms],
        "layerGaps": [_gap(gap) for gap in payload.layer_gaps],
        "fanGaps": [_gap(gap) for gap in payload.fan_gaps],
        "notes": [dataclasses.asdict(note) for note in payload.notes],
        "lanes": [
            {
                "key": lane.key,
                "title": lane.title,
                "marks": [
                    dataclasses.asdict(one.mark) | {"whose": one.whose} for one in lane.marks
                ],
            }
            for lane in payload.lanes
        ],
    }
