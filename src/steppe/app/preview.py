"""Quick looks: one seed in a process that is kept warm, the newest request of each user first.

A look is not stored. A user who moves a slider again gives up the look before: the worker checks
between hours whether anybody still waits for what it is doing.
"""

from __future__ import annotations

import contextlib
import gc
import math
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import IO, Any

from steppe.core.errors import SteppeError
from steppe.scenario.canonical import scenario_hash
from steppe.scenario.config import Scenario
from steppe.study.executors.worker import explain, read_frame, write_frame

KEPT = 32
"""Looks that are kept, as text."""


class Overtaken(SteppeError):
    """The user has asked for another look meanwhile."""


@dataclass(slots=True)
class _Wish:
    owner: str
    scenario: Scenario
    scale: float
    seed: int
    warm_only: bool = False
    answer: Future[str] = field(default_factory=Future)


class _GivenUp(Exception):
    """Nobody waits for this run any more."""


def main() -> None:
    """Be the worker: read (scenario, scale, seed, warm only, most seconds), write (kind, text,
    seconds).
    """
    from steppe.study.work import is_warm, warm_up

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
        except _GivenUp:
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
    from steppe.app.arms import preview_document
    from steppe.engine.run import run

    def progress(hour: int, hours: int) -> None:
        if not inbox.empty():
            raise _GivenUp
        if time.perf_counter() > end:
            raise SteppeError("this quick look takes too long for a shared laboratory; run it")

    gc.disable()
    try:
        made = run(scenario, seed, scale=scale, progress=progress)
        return preview_document(scenario, made)
    finally:
        gc.enable()


class _Worker:
    """The process of quick looks and its two pipes."""

    def __init__(self) -> None:
        command = "from steppe.app.preview import main; main()"
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

    def send(self, order: Any) -> None:
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


@dataclass(slots=True)
class Previews:
    """The desk of quick looks; one worker process serves all users in turn.

    A look that takes more than ``most`` seconds is given up, so that the others get theirs.
    """

    most: float = math.inf
    _wishes: OrderedDict[str, _Wish] = field(default_factory=OrderedDict)
    _now: _Wish | None = None
    _kept: OrderedDict[tuple[str, float, int, str], str] = field(default_factory=OrderedDict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _worker: _Worker | None = None
    _closed: bool = False
    seconds: dict[float, float] = field(default_factory=dict)
    """What the last look at each scale took."""

    def look(self, owner: str, scenario: Scenario, scale: float, seed: int) -> Future[str]:
        """Return the future text of a look; an older one of the same user is given up."""
        wish = _Wish(owner, scenario, scale, seed)
        with self._changed:
            kept = self._kept.get(self._name(wish))
            if kept is not None:
                self._kept.move_to_end(self._name(wish))
                wish.answer.set_result(kept)
                return wish.answer
            self._put(owner, wish)
        return wish.answer

    def warm(self, scenario: Scenario) -> Future[str]:
        """Have the model compiled in the worker; the future says when it is."""
        wish = _Wish("", scenario, 1.0, 0, warm_only=True)
        with self._changed:
            waiting = self._wishes.get("")
            if waiting is not None:
                return waiting.answer
            self._put("", wish)
        return wish.answer

    def close(self) -> None:
        """End the worker."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            worker = self._worker
        if worker is not None:
            worker.end()
        if self._thread is not None:
            self._thread.join(timeout=5.0)

    @staticmethod
    def _name(wish: _Wish) -> tuple[str, float, int, str]:
        return scenario_hash(wish.scenario), wish.scale, wish.seed, wish.scenario.title

    def _put(self, owner: str, wish: _Wish) -> None:
        old = self._wishes.pop(owner, None)
        if old is not None:
            old.answer.set_exception(Overtaken("another look was asked for"))
        self._wishes[owner] = wish
        running = self._now
        if running is not None and owner and running.owner == owner and self._worker is not None:
            self._worker.send(None)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="steppe-looks", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _serve(self) -> None:
        while True:
            with self._changed:
                while not self._wishes and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                _, wish = self._wishes.popitem(last=False)
                if self._worker is None or not self._worker.alive:
                    self._worker = _Worker()
                worker = self._worker
                self._now = wish
                worker.send((wish.scenario, wish.scale, wish.seed, wish.warm_only, self.most))
            self._answer(wish, *worker.receive())

    def _answer(self, wish: _Wish, kind: str, text: str, seconds: float) -> None:
        with self._changed:
            self._now = None
            if kind == "done" and not wish.warm_only:
                self.seconds[wish.scale] = seconds
                self._kept[self._name(wish)] = text
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        if kind == "done":
            wish.answer.set_result(text)
        elif kind == "given up":
            wish.answer.set_exception(Overtaken("another look was asked for"))
        else:
            wish.answer.set_exception(SteppeError(text))
