"""One seat of the pool: a thread that keeps a worker process alive and talks with it.

The thread that starts a process stays with it until its end, because Linux sends the signal of a
parent's death when the starting *thread* ends.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from steppe.study.executors import worker
from steppe.study.executors.protocol import Task
from steppe.study.executors.scheduler import Reply

_START_ATTEMPTS = 5
_GROWTH_MIB = 512.0
_THREAD_VARIABLES = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """How workers are set up: threads each, limits, and after how many tasks they are renewed."""

    threads: int
    memory_mib: int | None
    time_limit: float | None
    recycle_after: int


class WorkerHandle:
    """A place in the pool; ``inbox`` takes tasks (None ends it), replies go to ``replies``."""

    def __init__(
        self,
        work: bytes,
        setting: WorkerConfig,
        replies: queue.SimpleQueue[tuple[WorkerHandle, Reply]],
    ) -> None:
        self.inbox: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._work, self._setting, self._replies = work, setting, replies
        self._process: Process | None = None
        self._next: Task | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._live, name="steppe-seat", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the worker at once, whatever it is doing, and the thread."""
        self._closing = True
        self.inbox.put(None)
        process = self._process
        if process is not None:
            process.kill()
        self._thread.join()

    def _live(self) -> None:
        try:
            while not self._closing:
                self._serve_one_worker()
        except Exception as error:  # must reach the driver, or it would wait for ever
            self._replies.put((self, Reply("unusable", worker.explain(error))))

    def _serve_one_worker(self) -> None:
        process = self._start()
        if process is None:
            self._closing = True
            return
        try:
            first = 0.0
            for number in range(1, self._setting.recycle_after + 1):
                task = self._next or self.inbox.get()
                if task is None:
                    self._closing = True
                    return
                if process.ended:  # while idle: no task is to blame
                    self._next = task
                    return
                self._next = None
                reply, memory = process.ask(task, self._setting.time_limit)
                self._replies.put((self, reply))
                first = first or memory
                grown = number > 1 and memory > first + _GROWTH_MIB
                if process.gone or grown:
                    return
        finally:
            process.end()
            self._process = None

    def _start(self) -> Process | None:
        """Return a worker that is ready; a worker killed while starting is started again."""
        reason = ""
        for _ in range(_START_ATTEMPTS):
            process = Process(self._setting)
            self._process = process
            if self._closing:
                process.end()
                return None
            reply = process.prepare(self._work, self._setting.memory_mib)
            if reply.kind == "ready":
                return process
            process.end()
            reason = str(reply.detail)
            if reply.kind == "unusable" or self._closing:
                break
        if not self._closing:
            self._replies.put((self, Reply("unusable", reason)))
        return None


class Process:
    """A worker process and its pipes."""

    def __init__(self, setting: WorkerConfig) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed by end)
        self._popen = subprocess.Popen(
            [sys.executable, "-P", str(Path(worker.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=os.environ | dict.fromkeys(_THREAD_VARIABLES, str(setting.threads)),
            start_new_session=True,  # Ctrl-C in the terminal is for the driver alone
        )
        self._too_long = False
        self.gone = False

    def prepare(self, work: bytes, memory_mib: int | None) -> Reply:
        """Send setting and work; return the reply ``ready``, ``unusable`` or ``gone``."""
        setting = (os.getpid(), list(sys.path), memory_mib)
        reply, _ = self._exchange(pickle.dumps(setting), work)
        return reply

    def ask(self, task: Task, limit: float | None) -> tuple[Reply, float]:
        """Send a task; return what became of it and the memory of the worker in MiB."""
        timer = threading.Timer(limit, self._expire) if limit is not None else None
        if timer is not None:
            timer.start()
        try:
            reply, memory = self._exchange(pickle.dumps(task))
        finally:
            if timer is not None:
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
            return f"the worker ended with exit status {code}{self._last_words()}"
        hint = ", perhaps for want of memory" if -code == signal.SIGKILL else ""
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = "unknown"
        return f"the worker was ended by signal {-code} ({name}){hint}{self._last_words()}"

    def _last_words(self) -> str:
        """Return where the worker was when it crashed, from what the interpreter wrote."""
        self._errors.seek(0)
        lines = self._errors.read()[-20_000:].decode(errors="replace").splitlines()
        heads = (n for n, line in enumerate(lines) if line.startswith("Current thread"))
        crashed = lines[next(heads, len(lines)) :]
        place = next((line.strip() for line in crashed if line.lstrip().startswith("File ")), "")
        return f": {place}" if place else ""
