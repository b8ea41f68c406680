"""Quick looks: one seed in a process that is kept warm, the newest request of each user first.

A look is not stored. A user who moves a slider again gives up the look before: the worker checks
between hours whether anybody still waits for what it is doing.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field

from steppe.app.preview_worker import PreviewWorker
from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError

MOST_LOOKS = 32
"""Looks that are kept, as text."""

HOUSE = "house "
"""How the owner of looks begins that the app asks for by itself; none of them is given up."""


class SupersededError(SteppeError):
    """The user has asked for another look meanwhile."""


@dataclass(slots=True)
class _LookRequest:
    owner: str
    scenario: Scenario
    scale: float
    seed: int
    warm_only: bool = False
    given_up: bool = False
    answer: Future[str] = field(default_factory=Future)

    @property
    def name(self) -> tuple[str, float, int, str]:
        """What tells this look from others, whoever asks for it."""
        return scenario_hash(self.scenario), self.scale, self.seed, self.scenario.title


@dataclass(slots=True)
class Previews:
    """The queue of quick looks; one worker process serves all users in turn.

    A look that takes more than ``most`` seconds is given up, so that the others get theirs.
    ``worker`` is one that runs already; otherwise it starts when it is needed.
    """

    most: float = math.inf
    worker: PreviewWorker | None = None
    _wishes: OrderedDict[str, _LookRequest] = field(default_factory=OrderedDict)
    _now: _LookRequest | None = None
    _texts: OrderedDict[tuple[str, float, int, str], str] = field(default_factory=OrderedDict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _closed: bool = False
    seconds: dict[float, float] = field(default_factory=dict)
    """What the last look at each scale took."""

    def look(self, owner: str, scenario: Scenario, scale: float, seed: int) -> Future[str]:
        """Return the future text of a look; an older one of the same user is given up.

        What is kept, or awaited by him or by the app itself, is not made again.
        """
        wish = _LookRequest(owner, scenario, scale, seed)
        with self._changed:
            text = self._texts.get(wish.name)
            if text is not None:
                self._texts.move_to_end(wish.name)
                wish.answer.set_result(text)
                return wish.answer
            for other in (self._now, *self._wishes.values()):
                if other is not None and self._serves(other, wish):
                    return other.answer
            self._enqueue(owner, wish)
        return wish.answer

    def warm(self, scenario: Scenario) -> Future[str]:
        """Have the model compiled in the worker; the future says when it is."""
        wish = _LookRequest(HOUSE, scenario, 1.0, 0, warm_only=True)
        with self._changed:
            waiting = self._wishes.get(HOUSE)
            if waiting is not None:
                return waiting.answer
            self._enqueue(HOUSE, wish)
        return wish.answer

    def close(self) -> None:
        """End the worker."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            worker = self.worker
        if worker is not None:
            worker.end()
        if self._thread is not None:
            self._thread.join(timeout=5.0)

    @staticmethod
    def _serves(other: _LookRequest, wish: _LookRequest) -> bool:
        """Return whether the answer to another wish, which nobody else gives up, will do."""
        own = other.owner == wish.owner or other.owner.startswith(HOUSE)
        return own and not other.warm_only and not other.given_up and other.name == wish.name

    def _enqueue(self, owner: str, wish: _LookRequest) -> None:
        old = self._wishes.pop(owner, None)
        if old is not None:
            old.answer.set_exception(SupersededError("another look was asked for"))
        self._wishes[owner] = wish
        now, worker = self._now, self.worker
        if now and worker and now.owner == owner and not owner.startswith(HOUSE):
            now.given_up = True
            worker.send(None)
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
                if self.worker is None or not self.worker.alive:
                    self.worker = PreviewWorker()
                worker = self.worker
                self._now = wish
                worker.send((wish.scenario, wish.scale, wish.seed, wish.warm_only, self.most))
            self._answer(wish, *worker.receive())

    def _answer(self, wish: _LookRequest, kind: str, text: str, seconds: float) -> None:
        with self._changed:
            self._now = None
            if kind == "done" and not wish.warm_only:
                self.seconds[wish.scale] = seconds
                self._texts[wish.name] = text
                while len(self._texts) > MOST_LOOKS:
                    self._texts.popitem(last=False)
        if kind == "done":
            wish.answer.set_result(text)
        elif kind == "given up":
            wish.answer.set_exception(SupersededError("another look was asked for"))
        else:
            wish.answer.set_exception(SteppeError(text))
