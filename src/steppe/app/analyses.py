"""Analyses: commands of the terminal that run for a user, with progress, cancel and a result.

What a sweep, a screening or a judgement prints and the page it writes are those of the command
line, because they are made by it. A cancelled one goes on where it was when asked for again.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import IO, Any

from steppe.app.config import AppLimits
from steppe.app.errors import UnknownError
from steppe.app.sessions import TooManyError

OVER = ("done", "failed", "cancelled")
MOST_OVER = 12
"""Analyses of one user that are remembered after they are over."""

LONGEST = 60_000
"""Characters of output that are kept."""

PATIENCE = 15.0
"""Seconds that a cancelled command has to end by itself."""

_PROGRESS = re.compile(r"(\d+) of (\d+)")
_FIGURES = re.compile(r"^figures\s+(\S.*?)\s*$", re.MULTILINE)
_ANSWER = re.compile(r'<p class="answer">(.*?)</p>', re.DOTALL)
_REPORT = re.compile(r"^report\s+(\S.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AnalysisTask:
    """A command: its arguments, where it is run, what it is called, and of what kind and day."""

    title: str
    words: Sequence[str]
    folder: Path
    kind: str = ""
    at: str = ""


@dataclass(slots=True, eq=False)
class Analysis:
    """One task that runs for a user."""

    id: str
    owner: str
    task: AnalysisTask
    state: str = "waiting"
    began: float = 0.0
    seconds: float = 0.0
    text: str = ""
    page: Path | None = None
    answer: str = ""
    """What the page says first."""
    figures: Path | None = None
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=40))
    process: subprocess.Popen[str] | None = None

    @property
    def command(self) -> str:
        """The command line, as it is run and as its page repeats it."""
        return shlex.join(["steppe", *self.task.words])

    @property
    def progress(self) -> float | None:
        """How far the stage is that it tells of last, 0 to 1; None where it tells nothing."""
        share = _PROGRESS.search(self.lines[-1].replace(",", "")) if self.lines else None
        return None if share is None else int(share[1]) / max(1, int(share[2]))

    def document(self) -> dict[str, Any]:
        """Return what the page is told of it."""
        spent = time.monotonic() - self.began if self.state == "running" else self.seconds
        return {
            "id": self.id, "title": self.task.title, "command": self.command, "state": self.state,
            "kind": self.task.kind, "at": self.task.at, "progress": self.progress,
            "seconds": round(spent, 1), "last": self.lines[-1] if self.lines else "",
            "text": self.text or "\n".join(self.lines) * (self.state == "failed"),
            "answer": self.answer, "page": self.page is not None,
            "figures": self.figures is not None,
        }  # fmt: skip


@dataclass(slots=True)
class Analyses:
    """All analyses of a running app; a few run at once, the others wait for their turn."""

    limits: AppLimits
    _all: dict[str, Analysis] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _places: threading.Semaphore = field(init=False)
    _closed: bool = False

    def __post_init__(self) -> None:
        self._places = threading.Semaphore(self.limits.jobs_at_once)

    def start(self, owner: str, task: AnalysisTask) -> Analysis:
        """Begin an analysis; one that does the same already is that one."""
        with self._lock:
            own = [one for one in self._all.values() if one.owner == owner]
            going = [one for one in own if one.state not in OVER]
            for one in going:
                if one.task == task:
                    return one
            if len(going) >= self.limits.jobs_each:
                raise TooManyError(f"you have {len(going)} analyses going; cancel one first")
            for old in [one for one in own if one.state in OVER][:-MOST_OVER]:
                del self._all[old.id]
            one = Analysis(secrets.token_hex(8), owner, task)
            self._all[one.id] = one
        threading.Thread(target=self._run, args=(one,), name="steppe-analysis", daemon=True).start()
        return one

    def of(self, owner: str) -> list[Analysis]:
        """Return the analyses of a user, newest first."""
        with self._lock:
            return [one for one in reversed(self._all.values()) if one.owner == owner]

    def analysis(self, name: str, owner: str) -> Analysis:
        """Return an analysis of a user; ``UnknownError`` if this user has no such one."""
        one = self._all.get(name)
        if one is None or one.owner != owner:
            raise UnknownError("there is no such analysis")
        return one

    def cancel(self, one: Analysis) -> None:
        """Stop an analysis, or forget one that is over; finished runs stay."""
        with self._lock:
            if one.state in OVER:
                self._all.pop(one.id, None)
                return
            one.state, process = "cancelled", one.process
        if process is not None:
            _stop(process)

    def forget(self, owner: str) -> None:
        """Stop and forget the analyses of a user who left."""
        for one in self.of(owner):
            self.cancel(one)
            self._all.pop(one.id, None)

    def close(self) -> None:
        """Stop all of them."""
        self._closed = True
        for one in list(self._all.values()):
            self.cancel(one)

    def _run(self, one: Analysis) -> None:
        with self._places:
            with self._lock:
                if one.state != "waiting" or self._closed:
                    return
                one.state, one.began = "running", time.monotonic()
                one.process = _process(one.task)
            out, code = _follow(one)
            page, figures = (pattern.findall(out) for pattern in (_REPORT, _FIGURES))
            with self._lock:
                one.seconds = time.monotonic() - one.began
                one.text = out[-LONGEST:]
                one.page = one.task.folder / page[-1] if page else None
                one.answer = _answer(one.page)
                one.figures = one.task.folder / figures[-1] if figures else None
                if one.state == "running":
                    one.state = "done" if code in (0, 1) and out else "failed"


def _answer(page: Path | None) -> str:
    """Return the answer that a page gives, '' if it gives none."""
    match = _ANSWER.search(page.read_text(encoding="utf-8")) if page and page.is_file() else None
    return " ".join(unescape(re.sub(r"<[^>]+>", "", match[1])).split()) if match else ""


def _process(task: AnalysisTask) -> subprocess.Popen[str]:
    task.folder.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    return subprocess.Popen(
        [sys.executable, "-m", "steppe", *task.words],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", errors="replace", cwd=task.folder, start_new_session=True,
        env=os.environ | {"PYTHONPATH": path, "COLUMNS": "110", "NO_COLOR": "1"},
    )  # fmt: skip


def _follow(one: Analysis) -> tuple[str, int]:
    """Read a command to its end; return its output and exit code."""
    assert one.process is not None
    with one.process as process:  # which closes its pipes
        errors = threading.Thread(target=_note, args=(process.stderr, one.lines), daemon=True)
        errors.start()
        assert process.stdout is not None
        out = process.stdout.read()
        errors.join(timeout=5.0)
    return out, process.returncode


def _note(stream: IO[str] | None, lines: deque[str]) -> None:
    lines.extend(text for line in stream or () if (text := line.strip()))


def _stop(process: subprocess.Popen[str]) -> None:
    """Ask a command to end, as Ctrl-C does, and end it if it does not."""
    with contextlib.suppress(OSError):
        process.send_signal(signal.SIGINT)
        threading.Timer(PATIENCE, process.kill).start()
