"""The package as others get it: built twice alike, installed in empty environments, used.

``python validation/package.py [PYTHON]...`` builds wheel and sdist twice and compares their bytes,
then makes an empty environment for each PYTHON (default: this one), installs the wheel with the
versions of requirements.lock, and runs, reports and opens the app from it, outside of the checkout
and without the network's help. Prints sizes and times; exit code 1 if anything fails.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EPOCH = "1767225600"
"""1 January 2026: the date in the archives, so that they do not depend on the clock."""

USE = (
    ("steppe", "--version"),
    ("steppe", "cases"),
    ("steppe", "check", "kazakhstan-2022"),
    ("steppe", "run", "granovetter-1978"),
    ("steppe", "run", "two-valleys", "--seeds", "1"),
    ("steppe", "run", "kazakhstan-2022", "--seeds", "2", "--engine", "cohorts"),
    ("steppe", "report", "kazakhstan-2022", "--engine", "cohorts"),
    ("steppe", "new", "Serbia", "--date", "2000-09-24", "--trigger", "election"),
)
"""What is done with the wheel: every citizen an agent, cohorts, a report, a packaged table."""

QUICK = {"import steppe": ("python", "-c", "import steppe"), "--help": ("steppe", "--help")}
TRIES = 9


def build(folder: Path, python: Path) -> dict[str, str]:
    """Build wheel and sdist into ``folder``; return the hash of each file by its name."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    command = [python, "-m", "build", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def install(wheel: Path, python: str, folder: Path) -> dict[str, str]:
    """Install ``wheel`` in an empty environment; return the variables to use it with."""
    subprocess.run([python, "-m", "venv", str(folder / "venv")], check=True)
    binaries = folder / "venv" / "bin"
    lock = ["-c", str(ROOT / "requirements.lock")]
    subprocess.run([binaries / "pip", "install", "-q", *lock, str(wheel)], check=True)
    return {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(folder)}


def use(folder: Path, environment: dict[str, str]) -> None:
    """Use the installed program as a person does. Raises where a command fails."""
    for command in USE:
        began = time.monotonic()
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        print(f"   {' '.join(command)}: {time.monotonic() - began:.1f} s", flush=True)


def open_app(folder: Path, environment: dict[str, str]) -> None:
    """Open the app, sign in with its link, read the page and the first view."""
    app = subprocess.Popen(
        ("steppe", "app", "--no-browser", "--port", "0"), cwd=folder, text=True,
        env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert app.stdout
    try:
        link = next(m for line in app.stdout if (m := re.search(r"(http\S+)/#code=(\S+)", line)))
        origin, code = link.groups()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        headers = {"origin": origin, "x-steppe": "1", "content-type": "application/json"}
        body = json.dumps({"secret": code}).encode()
        for path, data in (("/", None), ("/api/session", body), ("/api/start", None)):
            request = urllib.request.Request(origin + path, data=data, headers=headers)
            answer = browser.open(request, timeout=120)
            print(f"   app {path}: {answer.status}, {len(answer.read()):,} bytes", flush=True)
    finally:
        app.send_signal(signal.SIGINT)
        app.wait(60)


def size(folder: Path) -> float:
    """Return the size in MiB of what was installed, without pip and compiled files."""
    packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
    files = (p for p in packages.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    ours = (p for p in files if p.relative_to(packages).parts[0] not in {"pip", "setuptools"})
    return sum(p.stat().st_size for p in ours) / 2**20


def seconds(command: tuple[str, ...], folder: Path, environment: dict[str, str]) -> float:
    """Return the least time that a command takes in some tries."""
    times = []
    for _ in range(TRIES):
        began = time.monotonic()
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - began)
    return min(times)


def main(pythons: list[str]) -> int:
    """Build, compare, install and use; return the exit code."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tools = folder / "tools"
        venv.create(tools, with_pip=True)
        subprocess.run([tools / "bin" / "pip", "install", "-q", "build", "hatchling"], check=True)
        first, second = (build(folder / x, tools / "bin" / "python") for x in ("one", "two"))
        for name, digest in first.items():
            print(f"{name}: {'the same bytes twice' if second[name] == digest else 'DIFFERS'}")
        wheel = next((folder / "one").glob("*.whl"))
        for number, python in enumerate(pythons):
            print(python, flush=True)
            home = folder / f"use-{number}"
            environment = install(wheel, python, home)
            use(home, environment)
            open_app(home, environment)
            for name, command in QUICK.items():
                print(f"   {name}: {seconds(command, home, environment):.3f} s at best of {TRIES}")
            print(f"   base installation {size(home):.0f} MiB", flush=True)
    return 0 if first == second else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable]))
