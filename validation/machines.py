"""The tests as other people run them: another folder, user, environment; without a browser.

    python -m validation.machines [--way NAME] [TESTS ...]

run in the folder of the repository, in the environment of its tests (Linux). The tree is copied to
where every user can read it, and ``pytest TESTS`` is run there once for each way of running. By
default these are the tests that meet the machine: folders, caches, compiled code, processes,
documents and pages; the rest computes and knows nothing of who runs it (``tests`` runs all). A way
that this machine does not allow is said to be left out. The exit code is 1 when a test failed in
any of them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
NOBODY = 65534
MEETING = (
    "tests/core/test_cache_folder.py", "tests/model/custom/test_custom_compile.py",
    "tests/results/test_full_disk.py", "tests/results/test_edges_of_stores.py",
    "tests/report/test_report_browser.py", "tests/docs/test_documents.py",
    "tests/architecture/test_supply_chain.py",
)  # fmt: skip
"""Tests that meet the machine."""

LEFT_OUT = (".git", ".venv", "node_modules", "__pycache__", "*.egg-info")


class Way(NamedTuple):
    """A way to run the tests: words before the command, settings, working directory."""

    name: str
    before: tuple[str, ...]
    settings: dict[str, str]
    folder: Path


def without_browsers(folder: Path) -> str:
    """Return a PATH on which everything is found but browsers."""
    folder.mkdir()
    for place in os.environ["PATH"].split(":"):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            if program.name not in BROWSERS and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    return str(folder)


def ways(temp: Path, tree: Path) -> Iterator[Way]:
    """Yield every way of running that this machine allows; say which it does not."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(temp / "home")}
    (temp / "home").mkdir(mode=0o777)
    yield Way("empty environment", (), bare, tree)
    yield Way("another folder", (), bare, temp / "elsewhere")
    yield Way("no browser", (), {**bare, "PATH": without_browsers(temp / "bin")}, tree)
    yield Way("no home", (), {**bare, "HOME": "/proc/none"}, tree)
    other = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    try:
        words = [*other, "sh", "-c", f"'{sys.executable}' -V && true"]
        trial = subprocess.run(words, capture_output=True, check=False)
        possible = trial.returncode == 0
    except FileNotFoundError:
        possible = False
    if possible:
        yield Way("another user", other, {**bare, "HOME": "/nonexistent"}, tree)
    else:
        print("left out: another user (needs root, and a Python that others may run)")


def run(way: Way, tree: Path, temp: Path, tests: list[str]) -> tuple[int, str]:
    """Run the tests one way; return the exit code and the last line."""
    scratch = temp / way.name.replace(" ", "-")
    scratch.mkdir(mode=0o777)
    scratch.chmod(0o777)
    own = {"PYTHONPATH": str(tree / "src"), "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rf"]
    done = subprocess.run(
        [*way.before, *words, *(str(tree / name) for name in tests)],
        env={**way.settings, **own}, cwd=way.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    for line in failed or done.stderr.splitlines()[-20:] * bool(done.returncode):
        print(line)
    last = done.stdout.strip().splitlines()[-1:] or [""]
    return done.returncode, last[0].strip("= ")


def main() -> int:
    """Run the tests in every way and print the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("tests", nargs="*", default=list(MEETING))
    parser.add_argument("--way", default="", help="only this way of running")
    wishes = parser.parse_args()
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        temp = Path(folder)
        temp.chmod(0o755)
        (temp / "elsewhere").mkdir()
        tree = temp / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        for way in ways(temp, tree):
            if wishes.way not in ("", way.name):
                continue
            code, last = run(way, tree, temp, wishes.tests)
            worst = max(worst, code)
            print(f"{'ok' if code == 0 else 'FAILED':8}{way.name:20}{last}", flush=True)
    return int(worst != 0)


if __name__ == "__main__":
    sys.exit(main())
