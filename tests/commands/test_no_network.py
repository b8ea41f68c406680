"""No command, and no process that it starts, opens a connection or asks for a name.

Every process of a trial has a hook that notes and refuses what would leave this machine. Where the
system lets us, the trial also runs in a network of its own, in which there is nothing to reach.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import steppe

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a hook in every process")

HOOK = """
import os, sys

TO = ("socket.connect", "socket.sendto", "socket.sendmsg")
ASKED = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
HERE = (None, "", "127.0.0.1", "::1", "localhost")
LOG = os.environ["TRIAL_LOG"]

def write(file, text):
    with open(file, "a") as stream:
        stream.write(text)

def watch(event, values):
    if event in TO:
        host = values[1][0] if isinstance(values[1], tuple) else None
    elif event in ASKED:
        host = values[0]
    else:
        return
    if host not in HERE:
        write(LOG, f"{event} {host}\\n")
        raise PermissionError(f"{event} {host}")

sys.addaudithook(watch)
write(LOG + ".processes", f"{os.getpid()}\\n")
"""

COMMANDS = """
import sys
from steppe.cli import cli

SMALL = ["--scale", "0.003", "--set", "clock.hours=2"]
for words in (
    ["cases"], ["check", "two-valleys"], ["run", "two-valleys", *SMALL, "--seeds", "2",
    "--workers", "2"], ["pair", "two-valleys", "no-rise", "--scale", "0.003", "--base-set",
    "clock.hours=2", "--seeds", "1", "--no-report"],
    ["runs"], ["report", "two-valleys", *SMALL, "-o", "again.html"],
    ["export", "all", "--output", "out"], ["mechanisms"], ["gc", "--damaged"],
):
    try:
        code = cli.main(words, standalone_mode=False) or 0
    except SystemExit as end:
        code = end.code
    if code:
        sys.exit(f"{words}: {code}")
"""
ALONE = ("unshare", "--map-root-user", "--net")
"""A network of one's own; refused on many systems."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    source = str(Path(steppe.__file__).parents[1])
    log = str(tmp_path / "asked")
    return {**os.environ, "TRIAL_LOG": log, "PYTHONPATH": f"{tmp_path / 'hook'}:{source}"}


def asked(environment: dict[str, str]) -> str:
    log = Path(environment["TRIAL_LOG"])
    return log.read_text(encoding="utf-8") if log.is_file() else ""


def processes(environment: dict[str, str]) -> int:
    log = Path(environment["TRIAL_LOG"] + ".processes")
    return len(set(log.read_text(encoding="utf-8").split()))


def alone() -> tuple[str, ...]:
    try:
        works = subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        works = False
    return ALONE if works else ()


def test_no_command_asks_the_network(tmp_path: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [*alone(), sys.executable, "-c", COMMANDS],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, asked(environment)) == (0, ""), done.stderr
    assert processes(environment) >= 3  # the workers too
    assert (tmp_path / "again.html").is_file()


def test_the_app_asks_nobody(tmp_path: Path, environment: dict[str, str]) -> None:
    words = ["-u", "-m", "steppe", "app", "--no-browser", "--port", "0", "--store", "runs"]
    with subprocess.Popen(
        [sys.executable, *words], cwd=tmp_path, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        page = next(found for line in running.stdout if (found := re.search(r"http://\S+/", line)))
        with urllib.request.urlopen(page[0], timeout=30) as answer:
            assert answer.status == 200
        running.send_signal(signal.SIGINT)
    assert (running.returncode, asked(environment)) == (0, "")


def test_who_asks_is_found_out(tmp_path: Path, environment: dict[str, str]) -> None:
    program = "import urllib.request; urllib.request.urlopen('http://192.0.2.1/')"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert done.returncode != 0
    assert "192.0.2.1" in asked(environment)
