"""A study of pairs killed with kill -9 at random moments, and resumed until it is whole.

    python -m validation.resume [--kills 20] [--pairs 50] [--scale 1] [--hours 432] [--seed 1]

run in the folder of the repository. ``steppe pair kazakhstan-2022 no-intervention`` is started,
and after a random time the program or one of its workers is killed; then the same command is given
again. Moments are drawn so that the kills spread over the whole study, and a kill before the first
run counts as well. Declared before it was run: at every kill all runs that were stored are there
as they were, none is torn, none is written again; at the end every run is stored, and as many as
are compared are, bit for bit, those of a study that nobody disturbed. ``--compared`` says how many
(by default all). Returns 0 if so, 1 if not.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from steppe.core.errors import StoreError
from steppe.results.store import Store

CASE = ("kazakhstan-2022", "no-intervention")


def command(store: Path, pairs: int, scale: float, hours: int) -> list[str]:
    """Return the study as it is started each time."""
    words = ["pair", *CASE, "--seeds", str(pairs), "--scale", f"{scale:g}", "--json"]
    words += ["--base-set", f"clock.hours={hours}", "--store", str(store), "--workers", "2"]
    return [sys.executable, "-m", "steppe.cli", *words]


def start(words: list[str]) -> subprocess.Popen[bytes]:
    """Start the study with what it says thrown away."""
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started (Linux)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return sorted(int(child) for path in tasks for child in path.read_text().split())


def stored(store: Path) -> dict[str, tuple[str, int]]:
    """Return content and time of every run; raises ``StoreError`` for one that is torn."""
    of = Store(store)
    return {
        key: (of.verify(key), (of.folder(key) / "run.json").stat().st_mtime_ns)
        for key in sorted(of.keys())
    }


def kill_somewhere(words: list[str], store: Path, target: int, rng: random.Random) -> str:
    """Run the study until ``target`` runs are stored and a bit longer; kill; say what was hit."""
    study = start(words)
    while study.poll() is None and len(Store(store).keys()) < target:
        time.sleep(0.05)
    time.sleep(rng.uniform(0.0, 2.0))
    if study.poll() is not None:
        return "nothing, it had ended"
    workers = children(study.pid)
    hit = rng.choice([study.pid, *workers])
    os.kill(hit, signal.SIGKILL)
    if hit == study.pid:
        study.wait()
        return "the program"
    time.sleep(rng.uniform(0.0, 1.0))  # it goes on with a new worker, until it is killed too
    study.kill()
    study.wait()
    return "a worker, then the program"


def main() -> int:
    """Kill, resume, compare; print each kill and the verdict."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--hours", type=int, default=432)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compared", type=int, default=None, metavar="PAIRS")
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        broken, whole = Path(folder) / "broken", Path(folder) / "whole"
        words = command(broken, asked.pairs, asked.scale, asked.hours)
        targets = sorted(rng.randrange(2 * asked.pairs) for _ in range(asked.kills))
        before: dict[str, tuple[str, int]] = {}
        try:
            for number, target in enumerate(targets, 1):
                hit = kill_somewhere(words, broken, target, rng)
                now = stored(broken)
                print(f"kill {number}: {hit}; {len(now)} runs stored", flush=True)
                if not before.items() <= now.items():
                    print("a finished run was lost or written again")
                    return 1
                before = now
        except StoreError as error:
            print(error)
            return 1
        ended = start(words).wait()
        compared = asked.compared or asked.pairs
        start(command(whole, compared, asked.scale, asked.hours)).wait()
        final, undisturbed = stored(broken), stored(whole)
    same = all(final.get(key, ("", 0))[0] == one for key, (one, _) in undisturbed.items())
    kept = before.items() <= final.items()
    complete = ended == 0 and bool(undisturbed)
    print(f"{len(final)} runs, {len(undisturbed)} compared: "
          f"{'the same bits' if same else 'DIFFERENT'}, "
          f"{'nothing lost' if kept else 'RUNS LOST'}, exit code {ended}")  # fmt: skip
    return 0 if same and kept and complete else 1


if __name__ == "__main__":
    sys.exit(main())
