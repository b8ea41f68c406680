"""The queue of quick looks and the processes that make them.

First answers go before refinements, whoever asks, so that nobody waits for the twenty seeds of
another: a refinement that is being made is put off and goes on later with the histories it has. A
user who moves a slider again gives up the look before. The same look is made once, whoever asks for
it, and is kept.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from steppe.app.compilation import is_compiled
from steppe.app.dose import DoseRequest
from steppe.app.look import FIRST_SEEDS, LookRequest
from steppe.app.preview_worker import LookAnswer, LookOrder, PreviewWorker
from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.study.executors import cores

KEPT_LOOKS = 200
"""Looks that are kept, compressed, some 200 kB each."""

MOST_WORKERS = 8
"""Processes of quick looks at most; each holds the histories of its last look in memory."""

ATTEMPTS = 2
"""So often a look is tried when the process that makes it ends."""

HOUSE = "house "
"""The owner of looks that the app asks for by itself; none of them is given up."""

FIRST, REFINE, LATER = range(3)
"""The order in which looks are made."""

LookName = tuple[object, ...]


class SupersededError(SteppeError):
    """The user has asked for another look meanwhile."""


@dataclass(slots=True, eq=False)
class _Wish:
    order: LookOrder
    name: LookName
    rank: tuple[int, int]
    owners: set[str]
    worker: PreviewWorker | None = None
    """Who makes it, or made a part of it before it was put off."""
    is_sent: bool = False
    is_put_off: bool = False
    """Whether its process was told to make room for a first answer."""
    answer: Future[bytes] = field(default_factory=Future)


@dataclass(slots=True)
class Previews:
    """The queue of quick looks; ``workers`` processes serve all users.

    A look that takes more than ``most`` seconds is given up, so that the others get theirs.
    ``worker`` is a process that runs already; others start when they are needed, or, where
    ``eager``, as soon as the rules are compiled, and then make the first look of the app itself.
    """

    most: float = math.inf
    worker: PreviewWorker | None = None
    workers: int = field(default_factory=lambda: min(cores(), MOST_WORKERS))
    eager: bool = False
    _wishes: list[_Wish] = field(default_factory=list)
    _pending: list[_Wish] = field(default_factory=list)
    """Those that a worker has in hand."""
    _answers: OrderedDict[LookName, bytes] = field(default_factory=OrderedDict)
    _count: itertools.count[int] = field(default_factory=itertools.count)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _threads: list[threading.Thread] = field(default_factory=list)
    _warm: bool = False
    """Whether a look has been made, so that no other process compiles what it needs."""
    _closed: bool = False

    def look(self, owner: str, look: LookRequest, name: LookName) -> Future[bytes]:
        """Return the future answer to a look; an older one of the same user is given up.

        ``name`` tells it from all others: looks of one name have the same answer.
        """
        rank = LATER if owner == HOUSE else FIRST if look.seeds <= FIRST_SEEDS else REFINE
        return self._ask(owner, LookOrder(look, self.most), name, rank)

    def dose(self, owner: str, dose: DoseRequest) -> Future[bytes]:
        """Return the future curve over the sizes of a trigger; it takes its turn like a look."""
        name = "dose", scenario_hash(dose.scenario), dose.sizes, dose.seeds
        order = LookOrder(None, self.most, dose=dose)
        return self._ask(owner, order, name, REFINE)

    def _ask(self, owner: str, order: LookOrder, name: LookName, rank: int) -> Future[bytes]:
        with self._changed:
            content = self._answers.get(name)
            if content is not None:
                self._answers.move_to_end(name)
                self._give_up(owner)
                answer: Future[bytes] = Future()
                answer.set_result(content)
                return answer
            same = [one for one in (*self._pending, *self._wishes) if one.name == name]
            self._give_up(owner, same)
            if same:
                same[0].owners.add(owner)
                return same[0].answer
            return self._enqueue(owner, order, name, rank)

    def warm(self, scenario: Scenario, *, soon: bool = True) -> Future[bytes]:
        """Have the rules of citizens compiled; the future says when they are."""
        name = "compile", scenario_hash(scenario)
        with self._changed:
            for one in (*self._pending, *self._wishes):
                if one.name == name:
                    return one.answer
            order = LookOrder(None, math.inf, compile=scenario)
            return self._enqueue(HOUSE, order, name, REFINE if soon else LATER)

    @property
    def compiling(self) -> bool:
        """Whether looks wait for the rules of cohorts to be compiled, once."""
        return bool(self._pending) and self._cold

    @property
    def _cold(self) -> bool:
        return not self._warm and not is_compiled()

    def close(self) -> None:
        """End the workers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            busy = [one.worker for one in self._pending if one.worker]
        for worker in {*busy, *([self.worker] if self.worker else [])}:
            worker.end()
        for thread in self._threads:
            thread.join(timeout=5.0)

    def _give_up(self, owner: str, but: list[_Wish] | None = None) -> None:
        """Forget what a user waited for, unless another waits for it too."""
        for one in (*self._pending, *self._wishes):
            if owner == HOUSE or owner not in one.owners or one in (but or ()):
                continue
            one.owners.discard(owner)
            if one.owners:
                continue
            if one in self._wishes:
                self._wishes.remove(one)
                one.answer.set_exception(SupersededError("another look was asked for"))
            elif one.worker is not None:
                one.name = ()  # nobody may join it any more
                one.worker.send(None)

    def _enqueue(self, owner: str, order: LookOrder, name: LookName, rank: int) -> Future[bytes]:
        wish = _Wish(order, name, (rank, next(self._count)), {owner})
        self._wishes.append(wish)
        if len(self._threads) - len(self._pending) < len(self._wishes):
            self._employ()
        if rank == FIRST:
            self._put_off_others()
        self._changed.notify_all()
        return wish.answer

    def _employ(self, drill: LookOrder | None = None) -> None:
        """Have one more process, if there may be one more; ``drill`` is what it begins with."""
        if len(self._threads) < self.workers and not self._closed:
            thread = threading.Thread(
                target=self._serve, args=(drill,), name="steppe-looks", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _put_off_others(self) -> None:
        """Let first answers that no process is free for take the place of refinements."""
        free = len(self._threads) - len([one for one in self._pending if not one.is_put_off])
        waiting = sum(one.rank[0] == FIRST for one in self._wishes)
        for one in reversed(self._pending):
            can_wait = one.rank[0] != FIRST and not one.order.compile and not one.is_put_off
            if free < waiting and can_wait and one.is_sent and one.worker is not None:
                one.is_put_off = True
                one.worker.send(None)
                free += 1

    def _next(self, worker: PreviewWorker | None) -> _Wish | None:
        """Wait for what ``worker`` is to do next; None when the app closes.

        While rules are being compiled one process does it, and the others wait for its result. A
        look that was put off goes on where its histories are, if it can.
        """
        with self._changed:
            while not self._closed and (not self._wishes or (self._pending and self._cold)):
                self._changed.wait()
            if self._closed:
                return None
            wish = min(
                self._wishes,
                key=lambda one: (one.rank[0], one.worker not in (None, worker), one.rank[1]),
            )
            self._wishes.remove(wish)
            self._pending.append(wish)
            wish.worker, wish.is_sent = None, False
            return wish

    def _serve(self, drill: LookOrder | None) -> None:
        with self._changed:
            worker, self.worker = self.worker, None
        if drill is not None and worker is None:
            with contextlib.suppress(OSError):
                worker = PreviewWorker()
                worker.send(drill)
                worker.receive()
        while (wish := self._next(worker)) is not None:
            worker = self._fulfil(wish, worker)
        if worker is not None:
            worker.end()

    def _fulfil(self, wish: _Wish, worker: PreviewWorker | None) -> PreviewWorker | None:
        """Have a wish made; a process that ends over it is replaced, and tried once more.

        Returns the process for the next wish.
        """
        answer = LookAnswer("given up")
        for _ in range(ATTEMPTS):
            try:
                worker = worker if worker is not None and worker.alive else PreviewWorker()
            except OSError as error:
                why = f"no process of quick looks can be started: {error.strerror or error}"
                answer = LookAnswer("failed", reason=why)
                break
            threads = self._hand_over(wish, worker)
            if not threads:
                answer = LookAnswer("given up")
                break
            worker.send(replace(wish.order, threads=threads))
            with self._changed:
                wish.is_sent = True
                self._put_off_others()
            answer = worker.receive()
            if answer.outcome != "ended" or self._closed:
                break
            worker.end()
        self._end(wish, answer)
        return worker

    def _hand_over(self, wish: _Wish, worker: PreviewWorker) -> int:
        """Note who makes a wish; return with how many threads, 0 if nobody waits any more."""
        with self._changed:
            wish.worker = worker
            alone = len(self._pending) == 1 and not self._wishes
            return (min(cores(), 4) if alone else 1) if wish.owners else 0

    def _end(self, wish: _Wish, answer: LookAnswer) -> None:
        with self._changed:
            self._pending.remove(wish)
            if answer.outcome == "given up" and wish.is_put_off and wish.owners:
                wish.is_put_off = False
                self._wishes.append(wish)
                self._changed.notify_all()
                return
            if answer.outcome == "done" and wish.order.compile is None and wish.name:
                if self.eager and not self._warm:
                    for _ in range(self.workers):
                        self._employ(wish.order)
                self._warm = True
                self._answers[wish.name] = answer.content
                while len(self._answers) > KEPT_LOOKS:
                    self._answers.popitem(last=False)
            self._changed.notify_all()
        if answer.outcome == "done":
            wish.answer.set_result(answer.content)
        elif answer.outcome == "given up":
            wish.answer.set_exception(SupersededError("another look was asked for"))
        else:
            wish.answer.set_exception(SteppeError(answer.reason))
