"""The program of a worker process: receives work and tasks, reports what became of each.

Run as a script with nothing of steppe imported, so that a worker starts fast and takes along no
state (threads, locks) of the process that started it. Frames on its standard input and output are
a length and a pickle. A worker ends when its input ends: it cannot outlive its driver. Written by
hand because multiprocessing's workers import the driver's main module and share its process group.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import pickle
import queue
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import IO

_LENGTH = struct.Struct("<Q")
_PR_SET_PDEATHSIG = 1


def write_frame(stream: IO[bytes], message: object) -> None:
    """Send one message."""
    write_raw(stream, pickle.dumps(message))


def write_raw(stream: IO[bytes], content: bytes) -> None:
    """Send one message that is pickled already."""
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Return the next message, still pickled, or None when the other side has gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = stream.read(length)
    return content if len(content) == length else None


def explain(error: BaseException) -> str:
    """Return an error in one line: what it says, and where in the work it arose."""
    text = str(error).strip() or type(error).__name__
    if any(kind.__name__ == "SteppeError" for kind in type(error).__mro__):
        return text
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {text}{where}"


def stops_study(error: BaseException) -> bool:
    """Say whether every further task would meet the same error."""
    return bool(getattr(error, "stops_study", False))


def kind_of(error: BaseException) -> str:
    """Return what becomes of a task by its error: the study stops, it is tried again, or failed.

    Another attempt may succeed only where resources were short: work is a pure function of them.
    """
    passing = isinstance(error, MemoryError | OSError)
    return "stop" if stops_study(error) else "again" if passing else "failed"


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.name == "posix" and os.getppid() != parent:
        os._exit(1)


def limit_memory(mebibytes: int | None) -> None:
    """Limit the private memory of this process, so that too large a task fails alone.

    The data limit and not the address space: compilers reserve much of that without using it.
    """
    if mebibytes is not None and os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (mebibytes << 20, mebibytes << 20))


def resident_mib() -> float:
    """Return the resident memory of this process now; 0 where this cannot be read."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:
            pages = int(stream.read().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Take standard input and output for frames; what the work prints goes to standard error."""
    tasks, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return tasks, replies


def _feed(tasks: IO[bytes], inbox: queue.SimpleQueue[bytes]) -> None:
    while (frame := read_frame(tasks)) is not None:
        inbox.put(frame)
    os._exit(0)


def _answer(work: Callable[[object], object], frame: bytes) -> tuple[str, str | float, float]:
    try:
        task = pickle.loads(frame)
        began = time.perf_counter()
        work(task)
    except BaseException as error:  # also MemoryError and SystemExit: the driver waits for a word
        return kind_of(error), explain(error), resident_mib()
    return "done", time.perf_counter() - began, resident_mib()


def main() -> None:
    """Receive the configuration and the work, say ready, then answer tasks until the input ends."""
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks, replies = _own_streams()
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_feed, args=(tasks, inbox), daemon=True).start()
    parent, path, memory_mib = pickle.loads(inbox.get())
    die_with(parent)
    sys.path[:] = path
    limit_memory(memory_mib)
    try:
        work = pickle.loads(inbox.get())
    except BaseException as error:  # importing the module of the work may raise anything
        write_frame(replies, ("unusable", explain(error)))
        return
    write_frame(replies, ("ready",))
    write_frame(replies, _answer(work, inbox.get()))
    gc.collect()
    gc.freeze()  # what the first task imported stays; to look through it again and again takes time
    while True:
        write_frame(replies, _answer(work, inbox.get()))


if __name__ == "__main__":
    main()
