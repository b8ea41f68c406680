"""A worker process and its pipes: started, asked, ended; why it is gone when it is."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from steppe.study.executors import worker
from steppe.study.executors.executor import Task
from steppe.study.executors.scheduler import Reply

_THREAD_VARIABLES = [f"{library}_NUM_THREADS" for library in ("NUMBA", "OMP", "OPENBLAS", "MKL")]


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a task may take (MiB, seconds), and after how many ``tasks`` a worker is renewed."""

    memory_mib: int | None = None
    seconds: float | None = None
    tasks: int = 64


NO_LIMITS = WorkerLimits()


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """How workers are set up: threads each, and their limits."""

    threads: int
    limits: WorkerLimits


class Process:
    """A worker process and its pipes."""

    def __init__(self, config: WorkerConfig) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed by end)
        self._popen = subprocess.Popen(
            [sys.executable, "-P", str(Path(worker.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=os.environ | dict.fromkeys(_THREAD_VARIABLES, str(config.threads)),
            start_new_session=True,  # Ctrl-C in the terminal is for the driver alone
        )
        self._too_long = False
        self.gone = False

    def prepare(self, work: bytes, memory_mib: int | None) -> Reply:
        """Send configuration and work; return the reply ``ready``, ``unusable`` or ``gone``."""
        config = (os.getpid(), list(sys.path), memory_mib)
        reply, _ = self._exchange(pickle.dumps(config), work)
        return reply

    def ask(self, task: Task, limit: float | None) -> tuple[Reply, float]:
        """Send a task; return what became of it and the memory of the worker in MiB."""
        timer = threading.Timer(limit or 0.0, self._expire)
        if limit is not None:
            timer.start()
        try:
            reply, memory = self._exchange(pickle.dumps(task))
        finally:
            timer.cancel()
        if reply.kind == "gone" and self._too_long:
            return Reply("failed", f"stopped after the time limit of {limit:g} s"), memory
        return reply, memory

    def _exchange(self, *frames: bytes) -> tuple[Reply, float]:
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        try:
            for frame in frames:
                worker.write_raw(self._popen.stdin, frame)
            answer = worker.read_frame(self._popen.stdout)
        except OSError:
            answer = None
        if answer is None:
            self.gone = True
            return Reply("gone", self._why_gone()), 0.0
        kind, *details = pickle.loads(answer)
        return Reply(kind, details[0] if details else None), (details[1:] or [0.0])[0]

    def _expire(self) -> None:
        self._too_long = True
        self.kill()

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self._popen.poll() is not None

    def kill(self) -> None:
        """End the process at once."""
        with contextlib.suppress(OSError):
            self._popen.kill()

    def end(self) -> None:
        """End the process and give back what it held here."""
        self.kill()
        self._popen.wait()
        for stream in (self._popen.stdin, self._popen.stdout, self._errors):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _why_gone(self) -> str:
        code = self._popen.wait()
        if code >= 0:
            return f"the worker ended with exit status {code}{self._crash_site()}"
        hint = ", perhaps for want of memory" if -code == signal.SIGKILL else ""
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = "unknown"
        return f"the worker was ended by signal {-code} ({name}){hint}{self._crash_site()}"

    def _crash_site(self) -> str:
        """Return where the worker was when it crashed, from what the interpreter wrote."""
        self._errors.seek(0)
        lines = self._errors.read()[-20_000:].decode(errors="replace").splitlines()
        heads = (n for n, line in enumerate(lines) if line.startswith("Current thread"))
        crashed = lines[next(heads, len(lines)) :]
        place = next((line.strip() for line in crashed if line.lstrip().startswith("File ")), "")
        return f": {place}" if place else ""
