"""Progress of a study: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from steppe.commands.console import say
from steppe.commands.eta import Eta
from steppe.study.events import (
    Compiled,
    Compiling,
    HourDone,
    Planned,
    SeedDone,
    SeedFailed,
    StudyEvent,
    Waiting,
    Warned,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

QUIET_SECONDS = 10.0
"""A plain line about a run that goes on appears at most this often."""

COMPILING = "compiling the model, once: half a minute or so, then kept for all later runs"


class ProgressLine:
    """Follows a study on ``console``; called with each of its events.

    ``work`` is that of one run, in ``unit``: citizens (or agents) times hours. A run is called
    ``noun``. A study of several parts (the arms of a pair) begins anew with each.
    """

    def __init__(
        self, console: Console, work: float, unit: str, *, quiet: bool, noun: str = "seed"
    ) -> None:
        self.console = console
        self.work = work
        self.unit = unit
        self.quiet = quiet
        self.noun = noun
        self.said = monotonic()
        self.pace = Eta(Planned(0, 0, 1, 1), self.said, self.said)
        self._live: Progress | None = None
        self._bar: TaskID | None = None

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop(well=kind is None)

    def rename(self, noun: str) -> None:
        """Call the runs from now on ``noun``."""
        self.noun = noun

    def __call__(self, event: StudyEvent) -> None:
        """Show one event."""
        pace = self.pace
        if isinstance(event, Planned):
            self._start(event)
        elif isinstance(event, Compiling):
            self._line(COMPILING)
        elif isinstance(event, Compiled):
            self._line(f"compiled in {event.seconds:.0f} s")
            pace.began = pace.marked = monotonic()
        elif isinstance(event, HourDone):
            pace.advance(event.hour / event.hours, monotonic())
            self._draw()
            self._now_and_then(
                f"seed {event.seed}: hour {event.hour} of {event.hours}   {self.state()}"
            )
        elif isinstance(event, SeedFailed):
            pace.failed += 1
            pace.end(monotonic())
            self._draw()
            self._line(f"seed {event.seed} failed: {event.reason}")
        elif isinstance(event, SeedDone):
            self._done(event)
        elif isinstance(event, Waiting):
            runs = f"{event.count} {self.noun}{'s' if event.count > 1 else ''}"
            self._line(f"waiting for {runs} that another process works on")
        elif isinstance(event, Warned):
            self._line(f"warning: {event.text}")

    def _done(self, event: SeedDone) -> None:
        if event.elsewhere:
            self.pace.elsewhere += 1
        else:
            self.pace.end(monotonic())
        self._draw()
        if self._live is None and self.unit == "runs":  # too quick for a line each
            self._now_and_then(self.state())
        elif self._live is None:
            how = "elsewhere" if event.elsewhere else f"in {event.seconds:.1f} s"
            self._line(f"seed {event.seed} done {how}   {self.state()}")

    def _start(self, plan: Planned) -> None:
        self._stop(well=True)
        self.said = monotonic()
        self.pace = Eta(plan, self.said, self.said)
        self._line(opening(plan, self.noun))
        if plan.left and self.console.is_terminal and not self.quiet:
            total = plan.total if plan.total >= 0 else None
            self._live = self._progress()
            self._bar = self._live.add_task("", total=total, completed=plan.stored)
            self._live.start()

    def _stop(self, *, well: bool) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        if well and self.pace.finished and not self.quiet:
            say(self.console, self._ended())

    def _progress(self) -> Progress:
        from rich.progress import BarColumn, Progress, ProgressColumn, Task
        from rich.table import Column
        from rich.text import Text

        watch = self

        class State(ProgressColumn):
            """What is done, how fast, and how long it takes yet."""

            def render(self, task: Task) -> Text:
                return Text(watch.state())

        bar = BarColumn(None, "bar.back", "cyan", "green", table_column=Column(ratio=1))
        state = State(table_column=Column(no_wrap=True))
        return Progress(bar, state, console=self.console, transient=True, expand=True)

    def _draw(self) -> None:
        if self._live is not None and self._bar is not None:
            self._live.update(self._bar, completed=self.pace.done + self.pace.part)

    def _line(self, text: str) -> None:
        if not self.quiet:
            say(self._live.console if self._live is not None else self.console, text)
            self.said = monotonic()

    def _now_and_then(self, text: str) -> None:
        if self._live is None and monotonic() - self.said > QUIET_SECONDS:
            self._line(text)

    def state(self) -> str:
        """Return how far the study is, what failed, its rate, and the time left."""
        pace, now = self.pace, monotonic()
        of = f"/{pace.plan.total}" if pace.plan.total >= 0 else ""
        parts = [f"{pace.done}{of} {self.noun}s"]
        if pace.failed:
            parts.append(f"{pace.failed} failed")
        if pace.rate > 0.0:
            parts.append(f"{in_words(pace.rate * self.work)} {self.unit}/s")
            rest = pace.seconds_left(now)
            parts += [f"{duration(rest)} left"] if rest is not None and pace.remaining else []
        else:
            parts.append(f"{duration(now - pace.began)} so far")
        return "  ".join(parts)

    def _ended(self) -> str:
        elapsed = monotonic() - self.pace.began
        done = self.pace.finished - self.pace.failed
        rate = in_words(done * self.work / max(elapsed, 1e-9))
        runs = f"1 {self.noun}" if done == 1 else f"{done} {self.noun}s"
        failed = f", {self.pace.failed} failed" if self.pace.failed else ""
        return f"{runs} in {duration(elapsed)}, {rate} {self.unit}/s{failed}"


def opening(plan: Planned, noun: str = "seed") -> str:
    """Return what is to be done, and by whom."""
    threads = f"{plan.threads} thread{'s' if plan.threads > 1 else ''}"
    by = f"{plan.workers} at a time, {threads} each" if plan.workers > 1 else threads
    if plan.total < 0:
        return f"{noun}s to do, {by}"
    if not plan.left:
        return f"all {plan.total} done already" if plan.total > 1 else "done already"
    stored = f"{plan.stored} of {plan.total} already done, " if plan.stored else ""
    runs = f"1 {noun}" if plan.left == 1 else f"{plan.left} {noun}s"
    return f"{stored}{runs} to do, {by}"


def duration(seconds: float) -> str:
    """Return a time as people say it: ``9.8 s``, ``1 min 12 s``, ``2 h 5 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def in_words(value: float) -> str:
    """Return a large number in thousands, millions or billions: ``860 million``."""
    for size, word in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if value >= size:
            return f"{value / size:.3g}{word}"
    return f"{value:.3g}"
