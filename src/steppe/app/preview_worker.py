"""A process of quick looks: kept warm, one look at a time, given up when told so.

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
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal, TypeAlias

from steppe.core.errors import SteppeError
from steppe.study.executors.worker import explain, read_frame, write_frame, write_raw

if TYPE_CHECKING:
    from steppe.app.dose import DoseRequest, DoseRuns
    from steppe.app.look import LookRequest, LookRuns
    from steppe.case.scenario import Scenario

Outcome = Literal["done", "given up", "failed", "refused", "ended"]

ENDED = (
    "the process of quick looks ended without an answer, as it does where memory runs out; try "
    "again, or run it"
)


@dataclass(frozen=True, slots=True)
class LookOrder:
    """A look to be made within ``most`` seconds; or the rules of a scenario to be compiled.

    The seconds in which rules are compiled do not count: they are no fault of the look.
    """

    look: LookRequest | None
    most: float
    compile: Scenario | None = None
    threads: int = 1
    dose: DoseRequest | None = None
    """A curve over sizes of a trigger to be made instead."""


@dataclass(frozen=True, slots=True)
class LookAnswer:
    """How an order ended: the look as compressed JSON, or why there is none, and the seconds."""

    outcome: Outcome
    content: bytes = b""
    reason: str = ""
    seconds: float = 0.0


class _Cancelled(Exception):
    """Nobody waits for this look any more."""


Inbox = queue.SimpleQueue[bytes | None]
Memory: TypeAlias = "tuple[LookRuns, DoseRuns]"


def main() -> None:
    """Be the worker: read orders (None gives up the one in hand), write answers."""
    # What a look needs is imported before one is asked for.
    from steppe.app.dose import DoseRuns
    from steppe.app.look import LookRuns
    from steppe.app.look_pickle import from_bytes
    from steppe.core.compile import set_threads

    set_threads(None)  # and the compiler
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the work prints is no answer
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_feed, args=(orders, inbox), daemon=True).start()
    memory = LookRuns(), DoseRuns()
    while (frame := inbox.get()) is not None:
        order = from_bytes(frame)
        if isinstance(order, LookOrder):  # else it was done already when it was given up
            write_frame(answers, _answer(order, memory, inbox))


def _answer(order: LookOrder, memory: Memory, inbox: Inbox) -> LookAnswer:
    began = time.perf_counter()
    try:
        content = _obey(order, memory, inbox)
        return LookAnswer("done", content, seconds=time.perf_counter() - began)
    except _Cancelled:
        return LookAnswer("given up")
    except SteppeError as error:
        return LookAnswer("refused", reason=str(error))
    except Exception as error:
        return LookAnswer("failed", reason=explain(error))


def _feed(orders: IO[bytes], inbox: Inbox) -> None:
    while (frame := read_frame(orders)) is not None:
        inbox.put(frame)
    os._exit(0)  # the app has gone: nobody waits for anything


def _obey(order: LookOrder, memory: Memory, inbox: Inbox) -> bytes:
    from numba.core.event import TimingListener, install_listener

    if order.compile is not None:
        from steppe.study.task import is_warm, warm_up

        if not is_warm():
            warm_up(order.compile)
    if order.look is None and order.dose is None:
        return b""

    began, compiling = time.perf_counter(), TimingListener()  # type: ignore[no-untyped-call]

    def check() -> None:
        if not inbox.empty():
            raise _Cancelled
        spent = time.perf_counter() - began - (compiling.duration if compiling.done else 0.0)
        if spent > order.most:  # rules are compiled once, whoever needs them first
            raise SteppeError("this quick look takes too long for a shared laboratory; run it")

    looks, doses = memory
    looks.threads = order.threads
    gc.disable()
    try:
        with install_listener("numba:compile", compiling):
            if order.dose is not None:
                return doses.document(order.dose, order.threads, check)
            return looks.document(order.look, check) if order.look else b""
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

    def send(self, order: LookOrder | None) -> None:
        """Send an order; a worker that has died shows when its answer is read."""
        from steppe.app.look_pickle import to_bytes

        assert self._popen.stdin is not None
        case = order.look.arms[0].scenario if order is not None and order.look else None
        with contextlib.suppress(OSError):
            write_raw(self._popen.stdin, to_bytes(order, case))

    def receive(self) -> LookAnswer:
        """Return the next answer."""
        assert self._popen.stdout is not None
        frame = read_frame(self._popen.stdout)
        if frame is None:
            return LookAnswer("ended", reason=ENDED)
        answer: LookAnswer = pickle.loads(frame)
        return answer

    def end(self) -> None:
        self._popen.kill()
        self._popen.wait()
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
