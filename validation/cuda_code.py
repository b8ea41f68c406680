"""What numba makes of the street's loops for CUDA: compiled without a device, read as text.

    python -m validation.cuda_code

run in the folder of the repository by an interpreter with ``numba-cuda[cu12]`` (no GPU and no
driver are needed). Declared before it was run: all seven loops compile for compute capability 9.0,
and in none is a multiplication contracted with an addition (``fma``), which would round once where
the processor rounds twice. Compiled again with contraction left on they must show some, or the
search for them proves nothing. Returns 0 if so, 1 if not.
"""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

from steppe.core import device
from steppe.engine import cuda_loops as loops
from steppe.engine.citizen_loops import Citizens, Fields, Where
from steppe.model.mechanisms import contact, participation

CAPABILITY = (9, 0)
NUMBERS = {
    "state": "uint8", "was_out": "uint8", "online": "uint8", "timer": "int32", "ties": "int32",
    "hardship": "float64", "risk_aversion": "float64", "exposure": "float64",
    "deprivation": "float64", "rank": "float64",
}  # fmt: skip
SCALARS = (
    "national_pull", "price_sensitivity", "deprivation_sensitivity", "offline_reach",
    "release_fear", "reconsider_limit", "slots",
)  # fmt: skip
WHOLE = (
    "region_of_place", "place_start", "cell_start", "look_limit", "reconsider_limit", "slots",
)  # fmt: skip
AXES = {"transitions": 3, "states": 2, "harm": 2}


def signatures() -> dict[Any, tuple[Any, Any]]:
    """Return for each loop the types of its arguments, and the rules bound in."""
    from numba import types

    real, whole = types.float64, types.int64

    def array(dtype: Any, axes: int = 1) -> Any:
        return types.Array(dtype, axes, "C")

    def values(kind: Any) -> Any:
        return types.NamedTuple([real] * len(kind._fields), kind)

    def field(name: str) -> Any:
        dtype = whole if name in WHOLE else real
        return dtype if name in SCALARS else array(dtype)

    citizens = types.NamedTuple(
        [array(getattr(types, NUMBERS.get(name, "int64"))) for name in Citizens._fields], Citizens
    )
    fields = types.NamedTuple([field(name) for name in Fields._fields], Fields)
    tally = types.NamedTuple(
        [array(whole, AXES.get(name, 1)) for name in loops.Tally._fields], loops.Tally
    )
    where = types.NamedTuple([array(whole)] * 2, Where)
    of, fate, reals = array(types.int32), array(types.uint8), array(real)
    decides, meets = values(participation.ParticipationValues), values(contact.ContactValues)
    address = (whole, whole, whole)
    rule = (("decide", participation.decide),)
    return {
        loops.decide_rows: ((decides, citizens, fields, tally, of, *address), rule),
        loops.gather_rows: ((citizens, tally, of), ()),
        loops.fate_rows: ((meets, citizens, tally, of, fate, reals, reals, *address), ()),
        loops.ration_places: ((meets, citizens, tally, fate, reals), ()),
        loops.suffer_rows: ((meets, citizens, tally, of, fate, *address), ()),
        loops.count_rows: ((citizens, where, tally, of), ()),
        loops.notify_rows: ((citizens, array(whole), array(whole)), ()),
    }


def contracted(plain: bool) -> int:
    """Compile all loops; return how many contracted operations there are in them."""
    from numba import cuda, types
    from numba.cuda import dispatcher

    dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=CAPABILITY)
    device._cuda = lambda: cuda
    if not plain:
        device.never_contract()
    total = 0
    for loop, (arguments, bind) in signatures().items():
        made = device.kernel(loop, bind).py_func
        text, _ = cuda.compile_ptx(made, types.void(*arguments), cc=CAPABILITY)
        found = len(re.findall(r"\bfma\.rn\.f(?:32|64)", text))
        print(f"{loop.__name__}: {len(text):,} characters, {found} contracted operations")
        total += found
    return total


def main() -> int:
    """Compile both ways, each in its own process; return 0 if the declared holds."""
    if "--contract" in sys.argv:
        return 0 if contracted(plain=True) > 0 else 1
    found = contracted(plain=False)
    print("with contraction left on:", flush=True)
    command = [sys.executable, "-m", "validation.cuda_code", "--contract"]
    control = subprocess.run(command, check=False).returncode
    return 0 if found == 0 and control == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
