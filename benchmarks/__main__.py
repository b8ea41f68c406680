"""Measure steppe against other frameworks and against the machine.

    python -m benchmarks [SECTION ...] [--quick] [--json FILE]

Sections: threshold, epstein, nation, astoria, limits, scaling; all by default. Every figure is a
ratio of two sides measured by turns, each in a process of its own, after a check that both do the
same. Mesa, LASER, Starsim and AgentTorch are not dependencies: name interpreters that have them
with --mesa, --rivals and --torch. --gate fails if a ratio fell 20 % below the one stored for this
processor.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

from benchmarks.pairs import SideFailed
from benchmarks.sections import SECTIONS, Differs, Order

from benchmarks import gate


def asked() -> argparse.Namespace:
    """Return the options given."""
    text = __doc__ or ""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=text.split("\n")[0])
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="tiny worlds, to see that all works")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of each comparison [5]")
    parser.add_argument("--largest", type=float, default=5.0, help="most agents per citizen [5]")
    parser.add_argument("--one-thread", action="store_true", help="leave two threads out")
    parser.add_argument("--mesa", default=None, help="interpreter with the Mesa to be timed")
    parser.add_argument("--rivals", default=sys.executable, help="... with LASER and Starsim")
    parser.add_argument("--torch", default=sys.executable, help="... with AgentTorch")
    parser.add_argument("--json", type=Path, help="write all that was measured to this file")
    parser.add_argument("--gate", action="store_true", help="compare with stored ratios")
    parser.add_argument("--keep", action="store_true", help="store the ratios of this run")
    given = parser.parse_args()
    for name in given.sections:
        if name not in SECTIONS:
            parser.error(f"no section {name!r}; there are {', '.join(SECTIONS)}")
    return given


def main() -> int:
    """Run the sections asked for; return 0, or 1 if a check or the gate fails."""
    given = asked()
    order = Order(
        pairs=given.pairs,
        quick=given.quick,
        mesa=given.mesa or given.rivals,
        rivals=given.rivals,
        torch=given.torch,
        largest=given.largest,
        threads=(1,) if given.one_thread else (1, 2),
        say=lambda text: print(text, flush=True),
    )
    report: dict[str, object] = {
        "processor": gate.processor(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "quick": given.quick,
    }
    sections: dict[str, object] = {}
    failed = []
    for name in given.sections or SECTIONS:
        print(f"{name}: {(SECTIONS[name].__doc__ or '').splitlines()[0]}", flush=True)
        try:
            sections[name] = SECTIONS[name](order)
        except (Differs, SideFailed) as error:
            failed.append(f"{name}: {error}")
            print(f"  FAILED {error}", flush=True)
    report["sections"] = sections
    if given.json:
        given.json.write_text(json.dumps(report, indent=1) + "\n")
    if given.gate:
        failed += gate.fallen(report, gate.read())
    if given.keep:
        gate.keep(report)
    for line in failed:
        print(f"FAILED {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
