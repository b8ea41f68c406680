"""``steppe app`` from the outside: it says where it is, answers, and ends quietly."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest


def start(tmp_path: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-m", "steppe", "app", "--no-browser", "--store",
               str(tmp_path / "runs"), *options]  # fmt: skip
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        stdin=subprocess.DEVNULL, env={**os.environ, "STEPPE_PASSWORD": ""},
    )  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_app_listens_on_loopback_and_ends_quietly(tmp_path: Path) -> None:
    process = start(tmp_path, "--port", "0")
    assert process.stdout
    said = ""
    while "#code=" not in said:
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
        said += line
    found = re.search(r"http://127\.0\.0\.1:(\d+)/#code=", said)
    assert found
    page = f"http://127.0.0.1:{found[1]}"
    with urllib.request.urlopen(f"{page}/", timeout=30) as answer:
        assert answer.status == 200
        assert "server" not in answer.headers
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{page}/api/cases", timeout=30)
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "password"),
        (("--host", "192.0.2.1", "--name", "x"), "password"),
        (("--host", "no.such.host.invalid"), "password"),
    ],
)
def test_sharing_without_a_password_is_refused(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    process = start(tmp_path, *options)
    _, complaints = process.communicate(timeout=60)
    assert process.returncode == 2
    assert words in complaints
    assert "Traceback" not in complaints
