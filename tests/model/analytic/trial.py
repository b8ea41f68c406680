"""One rule tried once: every argument at rest but for what a test changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from steppe.core.params import Parameters
from steppe.model.columns import BY_NAME
from steppe.model.mechanism import Mechanism
from steppe.testing.worlds import SIZES, scale_of

ROWS: Mapping[str, int] = {
    scale: n if scale in ("option", "audience", "feature") else 1 for scale, n in SIZES.items()
}
CONTEXT = {"hour": 0, "hour_of_day": 12, "persons": 1e6}


def tried(
    m: Mechanism,
    p: Parameters | Mapping[str, float] | None = None,
    *,
    rows: Mapping[str, int] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """What a field rule writes at noon in a country of a million with one row of each scale.

    States and levers are at their start values, fixed columns at 0, draws at 1/2, but for
    ``changes``; single numbers fill all rows.
    """
    sizes = {**ROWS, **(rows or {})}
    taken: dict[str, Any] = {}
    for name in m.arguments:
        if name in CONTEXT:
            taken[name] = changes.pop(name, CONTEXT[name])
            continue
        scale = scale_of(m, name)
        assert scale is not None
        if name in m.random_numbers:
            value, kind = changes.pop(name, 0.5), "f8"
        else:
            column = BY_NAME[name]
            at_rest = 0.0 if column.kind == "fixed" else column.start
            value, kind = changes.pop(name, at_rest), column.dtype
        taken[name] = np.broadcast_to(np.asarray(value, dtype=kind), (sizes[scale],)).copy()
    assert not changes, f"{m.name} does not take {sorted(changes)}"
    if p is None or isinstance(p, Mapping):
        p = m.parameters.build(p or {})
    return dict(m.rule(p, **taken))


def only(out: Mapping[str, Any], name: str) -> float:
    """The first row of a column as a number."""
    return float(out[name][0])
