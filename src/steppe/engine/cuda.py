"""Citizens on a graphics processor: loops for ``engine.run`` that run on CUDA.

The pool lives on the device for the whole run; each hour the fields go there and the counts and
states come back. The rest of the hour, a few thousand numbers, stays on the processor.

Bits are those of the processor: random numbers and counts are integers, decisions and hazards use
+ - * / and exact scaling in float64, which CUDA rounds as the processor does without contraction
(``core.device``). That holds for every rule of this package. It cannot be promised for a rule from
a file that calls functions of ``math`` other than floor, ldexp, frexp and sqrt.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from steppe.core.device import Device as Device
from steppe.core.device import NoDeviceError, cuda, kernel, simulated
from steppe.engine import cuda_loops as loops
from steppe.engine.citizen_loops import Where
from steppe.engine.step import CitizenLoops, CompiledLoops
from steppe.engine.world import World
from steppe.model.custom import blamed, is_custom

THREADS = 128
"""Threads of a block; results do not depend on it."""

SIMULATED = (2, 4)
"""Blocks and threads in the simulator, which starts a thread of Python for each."""

STATES = ("quiet", "peaceful", "violent", "looting", "detained", "wounded", "dead")
CELLS = ("cell_active", "cell_violent", "cell_looting")


def loops_on(device: Device) -> CitizenLoops:
    """Return the street that runs on ``device``; ``auto`` takes a GPU if there is one.

    Raises ``NoDeviceError`` where a GPU is asked for and cannot be used.
    """
    if device == "cpu":
        return CompiledLoops()
    try:
        return CudaLoops()
    except NoDeviceError:
        if device == "auto":
            return CompiledLoops()
        raise


class CudaLoops:
    """Decides, meets, counts and tells on the device; see ``engine.step.Street``."""

    def __init__(self) -> None:
        self._to = cuda().to_device
        self._world: World | None = None

    def decide(self, world: World, p: Any, fields: Any, hour: int) -> None:
        """Let the citizens of the pool who think again choose."""
        self._settle(world)
        mechanism = world.plan.mechanism("participation")
        self._clear()
        seen = type(fields)(*map(self._moved, fields))
        with blamed(mechanism):
            self._launch(loops.decide_rows, (("decide", mechanism.rule),))(
                p, self._citizens, seen, self._tally, self._place_of, hour, *world.key
            )
        world.counts.transitions[:] = self._tally.transitions.copy_to_host()

    def meet(self, world: World, p: Any, hour: int) -> None:
        """Let citizens on the street meet officers."""
        mechanism = world.plan.mechanism("contact")
        bind = (("meet", mechanism.rule),) if is_custom(mechanism) else ()
        pool, tally, of, fate = self._citizens, self._tally, self._place_of, self._fate
        officers = self._to(world.columns["place_officers"] * world.geography.weight)
        level = self._to(world.columns["place_force_level"])
        self._launch(loops.gather_rows)(pool, tally, of)
        with blamed(mechanism):
            self._launch(loops.fate_rows, bind)(
                p, pool, tally, of, fate, officers, level, hour, *world.key
            )
        self._launch(loops.ration_places)(p, pool, tally, fate, officers)
        self._launch(loops.suffer_rows)(p, pool, tally, of, fate, hour, *world.key)
        harm = tally.harm.copy_to_host()
        for kind, name in enumerate(("arrests", "woundings", "deaths")):
            getattr(world.counts, name)[:] = harm[:, kind]

    def count(self, world: World) -> None:
        """Count the pool, and bring the states of citizens back."""
        tally = self._tally
        self._launch(loops.count_rows)(self._citizens, self._where, tally, self._place_of)
        states = tally.states.copy_to_host()
        for code, name in enumerate(STATES[1:], start=1):
            getattr(world.counts, name)[:] = states[:, code]
        for name in CELLS:
            getattr(world.counts, name)[:] = getattr(tally, name).copy_to_host()
        world.citizens.state[:] = self._citizens.state.copy_to_host()

    def tell(self, world: World) -> None:
        """Push news along personal ties, from those who changed."""
        self._launch(loops.notify_rows)(self._citizens, *self._ties)

    def _settle(self, world: World) -> None:
        """Move the pool to the device before the first hour of ``world``."""
        if self._world is not None and self._world.citizens.state is world.citizens.state:
            return
        first = world.citizens.first
        places = len(first) - 1
        self._world = world
        self._citizens = type(world.citizens)(*map(self._moved, world.citizens))
        self._place_of = self._to(np.repeat(np.arange(places, dtype=np.int32), np.diff(first)))
        self._fate = self._to(np.zeros(len(world.citizens.state), dtype=np.uint8))
        self._ties = [self._moved(x) for x in (world.ties.first, world.ties.listeners)]
        where = world.geography
        self._where = Where(self._moved(where.place_start), self._moved(where.cell_start))
        shapes: dict[str, Any] = dict.fromkeys(("out", "wanted"), (places,))
        shapes |= dict.fromkeys(CELLS, (int(where.cell_start[-1]),))
        shapes |= {
            "transitions": (places, 4, 4), "states": (places, 7), "harm": (places, 3),
        }  # fmt: skip
        self._nothing = {name: np.zeros(shape, dtype=np.int64) for name, shape in shapes.items()}
        self._tally = loops.Tally(**{n: self._to(self._nothing[n]) for n in loops.Tally._fields})

    def _clear(self) -> None:
        for name, nothing in self._nothing.items():
            getattr(self._tally, name).copy_to_device(nothing)

    def _moved(self, value: Any) -> Any:
        """Return an array on the device, and a number as it is."""
        if isinstance(value, np.ndarray):
            return self._to(np.ascontiguousarray(value))
        return value

    def _launch(self, loop: Any, bind: Any = ()) -> Any:
        rows = len(self._place_of)
        shape = SIMULATED if simulated() else (max(1, -(-rows // THREADS)), THREADS)
        return kernel(loop, bind)[shape]
