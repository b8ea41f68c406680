"""What this machine can do at most: moving the bytes of the threshold hour, and reading at random.

The loops do nothing but touch memory; an engine that held its citizens in the same columns could
not be faster.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.sides.watch import timed

from steppe.core.compile import compiled, set_threads

prange = range
CHUNK = 16_384


def touch_chunk(grievance: Any, risk_aversion: Any, state: Any) -> None:
    """Read both attributes and the state of each citizen, and write the state."""
    for i in range(len(state)):
        state[i] = state[i] ^ (1 if grievance[i] > risk_aversion[i] else 0)


def touch(grievance: Any, risk_aversion: Any, state: Any) -> None:
    """Read and write what the threshold hour does, chunk by chunk."""
    for task in prange((len(state) + CHUNK - 1) // CHUNK):
        a = task * CHUNK
        b = min(a + CHUNK, len(state))
        touch_chunk(grievance[a:b], risk_aversion[a:b], state[a:b])


def gather_chunk(index: Any, state: Any) -> int:
    """Return the sum of the states that ``index`` points to."""
    total = 0
    for i in range(len(index)):
        total += state[index[i]]
    return total


def gather(index: Any, state: Any, out: Any) -> None:
    """Read states at random, chunk by chunk."""
    for task in prange(len(out)):
        out[task] = gather_chunk(index[task * CHUNK : (task + 1) * CHUNK], state)


def limits(told: dict[str, Any]) -> dict[str, Any]:
    """Return the time of ``steps`` passes of ``touch`` or ``gather`` over ``agents`` citizens."""
    set_threads(told["threads"])
    agents, steps = told["agents"], told["steps"]
    draw = np.random.default_rng(told["seed"])
    state = draw.integers(0, 2, agents, dtype=np.uint8)
    if told["what"] == "touch":
        columns = draw.random(agents, dtype=np.float32), draw.random(agents, dtype=np.float32)
        loop = compiled(touch, parallel=True)
        arguments: tuple[Any, ...] = (*columns, state)
    else:
        loop = compiled(gather, parallel=True)
        index = draw.integers(0, agents, agents, dtype=np.int32)
        arguments = (index, state, np.zeros(-(-agents // CHUNK), dtype=np.int64))
    loop(*arguments)
    block = timed(lambda: [loop(*arguments) for _ in range(steps)], agents * steps)
    return {"version": "machine", "agents": agents, "block": block}
