"""Mutated case files through ``steppe check``: tracebacks, hangs, refusals without a place.

    python validation/mutations.py [--count 30000] [--seed 1] [--folder CASE]

Files of a case (by default the invented one that is shipped) are changed at random: bytes, lines,
cells and values, one to four changes each. The last line is a JSON object; the exit code is 1 when
there was a traceback, a hang or a refusal without file and line.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

from steppe.case.inheritance import SHIPPED
from steppe.commands.check import content_of
from steppe.core.errors import CaseError, SteppeError
from steppe.study.request import StudyRequest
from steppe.study.resolve import resolve

LIMIT = 20.0
"""Seconds of processor time after which a check counts as hanging."""

NASTY = (
    "", "null", "~", "true", "no", "0", "-1", "1e999", "1e-320", "NaN", ".inf", "010", "12:30:00",
    "1_000", "9" * 30, "x" * 9_999, "ß", "\u0430", "\u202e", "\x00", "\ufeff", "\t", "\r", "'",
    '"', ",", ";", ":", "- ", "[", "]", "{", "}", "&a", "*a", "!!python/none", "<<: {}", "#", "|",
    "../x", "national", "2030-13-45", "2030-03-01T00:00", "7 days", "5 d", "=1+1", "<script>",
)  # fmt: skip


def mutated(data: bytes, draw: random.Random) -> bytes:
    """Return the file with one change."""
    kind = draw.randrange(7)
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    if kind == 0:
        where = draw.randrange(len(data) + 1)
        return data[:where] + bytes([draw.randrange(256)]) + data[where + 1 :]
    if kind == 1:
        return data[: draw.randrange(len(data) + 1)]
    if kind == 2:
        return b"\n".join(lines[:at] + lines[at + 1 :])
    if kind == 3:
        return b"\n".join([*lines[:at], lines[at], *lines[at:]])
    if kind == 4:
        return b"\n".join([*lines[:at], b"  " + lines[at], *lines[at + 1 :]])
    separator = draw.choice((b",", b": ", b" ", b'"'))
    parts = lines[at].split(separator)
    parts[draw.randrange(len(parts))] = draw.choice(NASTY).encode()
    return b"\n".join([*lines[:at], separator.join(parts), *lines[at + 1 :]])


def outcome(case: Path) -> str:
    """Check a case once; return what came of it."""
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        content_of(resolve(StudyRequest(case=str(case))).baseline, None)
    except CaseError as error:
        placed = all(
            Path(f.file).exists() and (f.line or f.file == str(case)) for f in error.faults
        )
        return "refused" if placed else "unplaced"
    except TimeoutError:
        return "hang"
    except SteppeError:
        return "unplaced"
    except Exception:
        traceback.print_exc()
        return "traceback"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
    return "accepted"


def late(number: int, frame: object) -> None:
    """Stop a check that takes too long."""
    raise TimeoutError


def main() -> int:
    """Check so many mutated cases and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=SHIPPED / "two-valleys")
    asked = parser.parse_args()
    signal.signal(signal.SIGPROF, late)
    draw, counts = random.Random(asked.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as temp:
        case = Path(temp) / "case"
        shutil.copytree(asked.folder, case)
        files = {p: p.read_bytes() for p in sorted(case.iterdir()) if p.name != "SOURCES.md"}
        for number in range(asked.count):
            path = draw.choice(list(files))
            data = files[path]
            for _ in range(draw.randint(1, 4)):
                data = mutated(data, draw)
            path.write_bytes(data)
            result = outcome(case)
            counts[result] += 1
            if result not in ("accepted", "refused"):
                print(f"{result}: number {number}, {path.name}", flush=True)
            path.write_bytes(files[path])
    print(json.dumps({"mutated inputs": asked.count, **counts}))
    return int(any(counts[bad] for bad in ("traceback", "hang", "unplaced")))


if __name__ == "__main__":
    sys.exit(main())
