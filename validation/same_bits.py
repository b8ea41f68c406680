"""The same bits under every setting that must not matter: one table, one command.

    python validation/same_bits.py [--scale 0.002] [--hours 72] [--full]

Each row is a new process that runs one seed of the reference case, history deciding and actors
deciding for themselves, and prints the fingerprint of all it left. ``--full`` adds the rows that
compile the model again (generic processor, plain Python) and takes some minutes more. The last
line is a JSON object; the exit code is 1 when any row differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"

ONE = """
import sys, steppe
from steppe.results.hashing import content_hash
case = steppe.load("kazakhstan-2022").change("clock.hours", int(sys.argv[2]))
for one in (case, case.change("mode", "endogenous")):
    print(content_hash(steppe.run(one, 7, scale=float(sys.argv[1]), threads={threads})))
"""
STUDY = """
import sys, tempfile, steppe
from steppe.results.hashing import content_hash
if __name__ == "__main__":
    case = steppe.load("kazakhstan-2022").change("clock.hours", int(sys.argv[2]))
    for one in (case, case.change("mode", "endogenous")):
        with tempfile.TemporaryDirectory() as store:
            many = steppe.ensemble(one, [{seeds}], scale=float(sys.argv[1]), store=store,
                                   workers={workers}, parameters="default")
            run = next(t for t in many.trajectories() if t.record.seed == 7)
            print(content_hash(run))
"""
PAIR = """
import sys, tempfile, steppe
from steppe.results.hashing import content_hash
if __name__ == "__main__":
    case = steppe.load("kazakhstan-2022").change("clock.hours", int(sys.argv[2]))
    for one in (case, case.change("mode", "endogenous")):
        with tempfile.TemporaryDirectory() as store:
            both = steppe.pair(one, one.change("prices.shock", 0.5), [7], scale=float(sys.argv[1]),
                               store=store, workers=1, parameters="default")
            print(content_hash(next(both.baseline.trajectories())))
"""
OF_STUDY = """
import sys, tempfile, steppe
from steppe.results.hashing import content_hash
from steppe.results.store import Store
from steppe.study.executors.dask import Cluster
if __name__ == "__main__":
    case = steppe.load("kazakhstan-2022").change("clock.hours", int(sys.argv[2]))
    for one in (case, case.change("mode", "endogenous")):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(folder)
            options = dict(scale=float(sys.argv[1]), store=store, parameters="default")
            {make}
            print(content_hash(next(many.trajectories())))
"""
CITIZENS = "many = steppe.ensemble(one, [7], citizens=True, workers=1, **options)"
ON_DASK = """with Cluster(store, "local:2") as cluster:
                many = steppe.ensemble(one, [7], executor=cluster, **options)"""
RESUMED = """
import sys, steppe
from steppe.results.hashing import content_hash
hours = int(sys.argv[2])
case = steppe.load("kazakhstan-2022").change("clock.hours", hours)
for one in (case, case.change("mode", "endogenous")):
    half = steppe.run(one, 7, scale=float(sys.argv[1]), until=hours // 2)
    print(content_hash(steppe.run(one, 7, scale=float(sys.argv[1]), start=half)))
"""
NO_AVX = "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX512VL,-AVX_Fast_Unaligned_Load"

Row = tuple[str, str, dict[str, str]]


def rows(full: bool) -> list[Row]:
    """Return name, program and environment of every row; the first is what all are held to."""
    one = ONE.format(threads="None")
    plain: dict[str, str] = {}

    def study(seeds: str, workers: int) -> str:
        return STUDY.format(seeds=seeds, workers=workers)

    made: list[Row] = [("as it is", one, plain)]
    made += [(f"hash seed {n}", one, {"PYTHONHASHSEED": n}) for n in ("0", "1", "4294967295")]
    made += [(f"time zone {z}", one, {"TZ": z}) for z in ("Asia/Almaty", "Pacific/Apia", "UTC-14")]
    made += [(f"locale {n}", one, {"LC_ALL": n, "LANG": n}) for n in ("C", "tr_TR.UTF-8", "POSIX")]
    made += [
        ("another folder", "import os; os.chdir('/')\n" + one, plain),
        ("OpenBLAS, one thread", one, {"OPENBLAS_NUM_THREADS": "1"}),
        ("OpenBLAS for an old core", one, {"OPENBLAS_CORETYPE": "Nehalem"}),
        ("NumPy without AVX2, AVX512", one, {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F"}),
        ("glibc without AVX2, FMA", one, {"GLIBC_TUNABLES": NO_AVX}),
        ("1 thread", ONE.format(threads="1"), plain),
        ("2 threads", ONE.format(threads="2"), {"NUMBA_NUM_THREADS": "2"}),
        ("no optimisation of Python", one, {"PYTHONOPTIMIZE": "2"}),
        ("in a study, this process", study("7", 1), plain),
        ("in a study, two processes, other seeds", study("5, 7, 9", 2), plain),
        ("as the baseline of a pair", PAIR, plain),
        ("with every citizen recorded", OF_STUDY.replace("{make}", CITIZENS), plain),
        ("on two workers of Dask", OF_STUDY.replace("{make}", ON_DASK), plain),
        ("stopped half-way and gone on", RESUMED, plain),
    ]
    if full:
        made += [
            ("numba for a generic processor", one,
             {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}),
            ("numba, optimisation 0", one, {"NUMBA_OPT": "0"}),
        ]  # fmt: skip
    return made


def fingerprints(program: str, setting: dict[str, str], arguments: list[str]) -> tuple[str, ...]:
    """Return what a new process printed, or its last words.

    The program is a file, which the processes of a pool can import; whoever sets numba's target
    has an empty cache, for machine code is not kept apart by it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(program, encoding="utf-8")
        target = any(name in setting for name in ("NUMBA_CPU_NAME", "NUMBA_OPT"))
        own = {"STEPPE_CACHE": folder} if target else {}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(path), *arguments],
            env={**os.environ, "PYTHONPATH": str(SOURCE), **own, **setting},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    return tuple(done.stdout.split() if done.returncode == 0 else done.stderr.splitlines()[-1:])


def main() -> int:
    """Print the table; return 1 when a row differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="0.002")
    parser.add_argument("--hours", default="72")
    parser.add_argument("--full", action="store_true")
    asked = parser.parse_args()
    table = rows(asked.full)
    first: tuple[str, ...] = ()
    same = 0
    for name, program, setting in table:
        found = fingerprints(program, setting, [asked.scale, asked.hours])
        first = first or found
        same += found == first
        print(f"{'same' if found == first else 'DIFFERS':8}{name:42}{found[0][:16]}", flush=True)
    print(json.dumps({"settings": len(table), "same": same}))
    return int(same < len(table))


if __name__ == "__main__":
    sys.exit(main())
