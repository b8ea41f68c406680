"""The package as others get it: built twice alike, installed in empty environments, used.

``python validation/package.py [PYTHON]...`` builds wheel and sdist twice and compares their bytes,
then makes an empty environment for each PYTHON (default: this one), installs the wheel with the
versions of requirements.lock, and runs, reports and shows the app from it, outside of the checkout.
Prints the size of the base installation; exit code 1 if anything fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EPOCH = "1767225600"
"""1 January 2026: the date in the archives, so that they do not depend on the clock."""

USE = (
    ("steppe", "--help"),
    ("steppe", "cases"),
    ("steppe", "check", "kazakhstan-2022"),
    ("steppe", "run", "granovetter-1978"),
    ("steppe", "run", "kazakhstan-2022", "--seeds", "2", "--engine", "cohorts"),
    ("steppe", "report", "kazakhstan-2022", "--engine", "cohorts"),
    ("python", "-c", "import steppe.app.serve, steppe.app.server"),
)


def build(folder: Path, python: str) -> dict[str, str]:
    """Build wheel and sdist into ``folder``; return the hash of each file by its name."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    command = [python, "-m", "build", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def use(wheel: Path, python: str, folder: Path) -> float:
    """Install ``wheel`` in an empty environment, use it; return its size in MiB."""
    subprocess.run([python, "-m", "venv", str(folder / "venv")], check=True)
    binaries = folder / "venv" / "bin"
    lock = ["-c", str(ROOT / "requirements.lock")]
    subprocess.run([binaries / "pip", "install", "-q", *lock, str(wheel)], check=True)
    environment = {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(folder)}
    for command in USE:
        print("  ", *command, flush=True)
        subprocess.run(
            [binaries / command[0], *command[1:]], cwd=folder, env=environment, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
    packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
    ours = {"pip", "setuptools"}
    files = (p for p in packages.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    sizes = (p.stat().st_size for p in files if p.relative_to(packages).parts[0] not in ours)
    return sum(sizes) / 2**20


def main(pythons: list[str]) -> int:
    """Build, compare, install and use; return the exit code."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tools = folder / "tools"
        venv.create(tools, with_pip=True)
        subprocess.run([tools / "bin" / "pip", "install", "-q", "build", "hatchling"], check=True)
        builder = str(tools / "bin" / "python")
        first, second = (build(folder / name, builder) for name in ("one", "two"))
        for name, digest in first.items():
            print(f"{name}: {'the same bytes twice' if second[name] == digest else 'DIFFERS'}")
        wheel = next((folder / "one").glob("*.whl"))
        for python in pythons:
            print(python)
            size = use(wheel, python, folder / f"use-{Path(python).name}")
            print(f"   base installation {size:.0f} MiB")
    return 0 if first == second else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable]))
