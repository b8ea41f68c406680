"""Where machine code is kept when the user's own folder is closed to the program."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from steppe.core import cache

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs permissions")

ASK = "from steppe.core.cache import cache_root; print(cache_root()); print(cache_root())"


def roots(temp: Path, **settings: str) -> tuple[list[str], str]:
    """Return what a new process says its cache is, and its standard error."""
    bare = {"PATH": os.environ["PATH"], "TMPDIR": str(temp), **settings}
    bare["PYTHONPATH"] = str(Path(cache.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=bare, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"HOME": "/nonexistent"},
        {"HOME": "/proc/none"},
        {"HOME": "/", "XDG_CACHE_HOME": "/proc/none"},
        {"HOME": "/", "STEPPE_CACHE": "/dev/null/cache"},
        {"HOME": "/", "STEPPE_CACHE": "/sys"},
        {"HOME": "\udcff"},
        {"HOME": "a-home"},
        {"HOME": ".", "XDG_CACHE_HOME": "a-cache"},
    ],
    ids=str,
)
def test_a_closed_folder_is_replaced_with_one_line(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    if settings["HOME"] == "/nonexistent" and os.access("/", os.W_OK):
        settings = {**settings, "XDG_CACHE_HOME": "/proc/none"}  # nothing is closed to root
    (first, second), said = roots(tmp_path, **settings)
    assert first == second == str(tmp_path / f"steppe-{os.getuid()}")
    assert len(said.splitlines()) == 1
    assert "cannot be written" in said
    assert stat.S_IMODE(Path(first).stat().st_mode) == 0o700


def test_the_same_folder_is_taken_again(tmp_path: Path) -> None:
    closed = {"HOME": "/", "XDG_CACHE_HOME": "/proc/none"}
    assert roots(tmp_path, **closed)[0] == roots(tmp_path, **closed)[0]


@pytest.mark.parametrize("trap", ["open to others", "link", "file"])
def test_a_folder_that_another_could_fill_is_never_used(tmp_path: Path, trap: str) -> None:
    folder = tmp_path / f"steppe-{os.getuid()}"
    if trap == "link":
        (tmp_path / "theirs").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "theirs")
    elif trap == "file":
        folder.write_text("")
    else:
        folder.mkdir()
        folder.chmod(0o777)
    (used, _), _ = roots(tmp_path, HOME="/", XDG_CACHE_HOME="/proc/none")
    assert Path(used).parent == tmp_path
    assert Path(used).name != folder.name
    assert stat.S_IMODE(Path(used).stat().st_mode) == 0o700


def test_a_folder_that_can_be_written_is_the_one(tmp_path: Path) -> None:
    (used, _), said = roots(tmp_path, HOME=str(tmp_path / "home"), XDG_CACHE_HOME="")
    assert (used, said) == (str(tmp_path / "home" / ".cache" / "steppe"), "")
