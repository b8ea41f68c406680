"""Run one side: its description comes on standard input, what it measured goes to the other."""

from __future__ import annotations

import contextlib
import importlib
import json
import sys


def main() -> None:
    """Import the module of the side named, run it, print one line of JSON last."""
    module, _, function = sys.argv[1].partition(":")
    side = importlib.import_module(f"benchmarks.sides.{module}")
    told = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):  # rivals like to greet
        found = getattr(side, function)(told)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
