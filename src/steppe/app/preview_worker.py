"""The process of quick looks: kept warm, one look at a time, given up when told so.

Importing this is quick, so that the process can start before all else is imported.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from typing import IO, TYPE_CHECKING

from steppe.core.errors import SteppeError
from steppe.study.executors.worker import explain, read_frame, write_frame

if TYPE_CHECKING:
    from steppe.case.scenario import Scenario


class _Cancelled(Exception):
    """Nobody waits for this run any more."""


def main() -> None:
    """Be the worker: read (scenario, scale, seed, warm only, most seconds), write (kind, text,
    seconds).
    """
    # What a look needs is imported before one is asked for.
    from steppe.app import arm_json  # noqa: F401
    from steppe.core.compile import set_threads
    from steppe.study.task import is_warm, warm_up

    set_threads(None)  # and the compiler
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the work prints is no answer
    inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_feed, args=(orders, inbox), daemon=True).start()
    while (frame := inbox.get()) is not None:
        order = pickle.loads(frame)
        if order is None:  # given up when it was done already
            continue
        scenario, scale, seed, warm_only, most = order
        began = time.perf_counter()
        try:
            if not is_warm():
                warm_up(scenario)
            text = "" if warm_only else _look(scenario, scale, seed, inbox, began + most)
            write_frame(answers, ("done", text, time.perf_counter() - began))
        except _Cancelled:
            write_frame(answers, ("given up", "", 0.0))
        except Exception as error:
            write_frame(answers, ("failed", explain(error), 0.0))


def _feed(orders: IO[bytes], inbox: queue.SimpleQueue[bytes | None]) -> None:
    while (frame := read_frame(orders)) is not None:
        inbox.put(frame)
    os._exit(0)  # the app has gone: nobody waits for anything


def _look(
    scenario: Scenario,
    scale: float,
    seed: int,
    inbox: queue.SimpleQueue[bytes | None],
    end: float,
) -> str:
    from steppe.app.arm_json import preview_document
    from steppe.engine.run import run

    def progress(hour: int, hours: int) -> None:
        if not inbox.empty():
            raise _Cancelled
        if time.perf_counter() > end:
            raise SteppeError("this quick look takes too long for a shared laboratory; run it")

    gc.disable()
    try:
        trajectory = run(scenario, seed, scale=scale, progress=progress)
        return preview_document(scenario, trajectory)
    finally:
        gc.enable()


class PreviewWorker:
    """The process of quick looks and its two pipes."""

    def __init__(self) -> None:
        command = "from steppe.app.preview_worker import main; main()"
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self._popen = subprocess.Popen(
            [sys.executable, "-c", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C in the terminal is for the app alone
        )

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def send(self, order: object) -> None:
        """Send an order; a worker that has died shows when its answer is read."""
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError):
            write_frame(self._popen.stdin, order)

    def receive(self) -> tuple[str, str, float]:
        """Return the next answer."""
        assert self._popen.stdout is not None
        frame = read_frame(self._popen.stdout)
        if frame is None:
            return "failed", "the process of quick looks ended; try again", 0.0
        answer: tuple[str, str, float] = pickle.loads(frame)
        return answer

    def end(self) -> None:
        self._popen.kill()
        self._popen.wait()
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
