"""Progress of a study: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from steppe.commands.console import say
from steppe.study.events import (
    Compiled,
    Compiling,
    HourDone,
    Planned,
    SeedDone,
    SeedFailed,
    StudyEvent,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

QUIET_SECONDS = 10.0
"""A plain line about a run that goes on appears at most this often."""

COMPILING = "compiling the model, once: half a minute or so, then kept for all later runs"


class Watch:
    """Follows a study on ``console``; called with each of its events.

    ``work`` is that of one seed, in ``unit``: citizens (or agents) times hours.
    """

    def __init__(self, console: Console, work: float, unit: str, *, quiet: bool) -> None:
        self.console = console
        self.work = work
        self.unit = unit
        self.quiet = quiet
        self.plan = Planned(0, 0, 1, 1)
        self.began = self.said = self.marked = monotonic()
        self.finished = 0
        self.failed = 0
        self.part = 0.0
        self._live: Progress | None = None
        self._bar: TaskID | None = None

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        if kind is None and self.plan.left and not self.quiet:
            say(self.console, self._ended())

    def __call__(self, event: StudyEvent) -> None:
        """Show one event."""
        if isinstance(event, Planned):
            self._start(event)
        elif isinstance(event, Compiling):
            self._line(COMPILING)
        elif isinstance(event, Compiled):
            self._line(f"compiled in {event.seconds:.0f} s")
            self.began = monotonic()
        elif isinstance(event, HourDone):
            self.part = event.hour / event.hours
            self._advance()
            self._now_and_then(f"seed {event.seed}: hour {event.hour} of {event.hours}")
        elif isinstance(event, SeedFailed):
            self.failed += 1
            self._finish()
            self._line(f"seed {event.seed} failed: {event.reason}")
        elif isinstance(event, SeedDone):
            self._finish()
            if self._live is None:
                self._line(f"seed {event.seed} done in {event.seconds:.1f} s   {self.state()}")

    def _start(self, plan: Planned) -> None:
        self.plan = plan
        self.began = self.said = monotonic()
        self._line(opening(plan))
        if plan.left and self.console.is_terminal and not self.quiet:
            self._live = self._progress()
            self._bar = self._live.add_task("", total=plan.total, completed=plan.stored)
            self._live.start()

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

    @property
    def made(self) -> float:
        """Return how many runs were made here so far, with the part of one in this process."""
        return self.finished + self.part

    def _finish(self) -> None:
        self.finished, self.part = self.finished + 1, 0.0
        self._advance()

    def _advance(self) -> None:
        self.marked = monotonic()  # rates count whole seeds, so they move only when one ends
        if self._live is not None and self._bar is not None:
            self._live.update(self._bar, completed=self.plan.stored + self.made)

    def _line(self, text: str) -> None:
        if not self.quiet:
            say(self._live.console if self._live is not None else self.console, text)
            self.said = monotonic()

    def _now_and_then(self, text: str) -> None:
        if self._live is None and monotonic() - self.said > QUIET_SECONDS:
            self._line(f"{text}   {self.state()}")

    def state(self) -> str:
        """Return how far the study is, its rate, and the time left."""
        done = self.plan.stored + self.finished
        parts = [f"{done}/{self.plan.total} seeds"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        now, spent = monotonic(), self.marked - self.began
        if self.made > 0.0 and spent > 0.0:
            parts.append(f"{scaled(self.made * self.work / spent)} {self.unit}/s")
            left = (self.plan.left - self.made) * spent / self.made - (now - self.marked)
            parts += [f"{duration(max(0.0, left))} left"] if self.made < self.plan.left else []
        else:
            parts.append(f"{duration(now - self.began)} so far")
        return "  ".join(parts)

    def _ended(self) -> str:
        elapsed = monotonic() - self.began
        made = self.plan.left - self.failed
        rate = scaled(made * self.work / max(elapsed, 1e-9))
        seeds = "1 seed" if made == 1 else f"{made} seeds"
        return f"{seeds} in {duration(elapsed)}, {rate} {self.unit}/s"


def opening(plan: Planned) -> str:
    """Return what is to be done, and by whom."""
    if not plan.left:
        return f"all {plan.total} done already" if plan.total > 1 else "done already"
    stored = f"{plan.stored} of {plan.total} already done, " if plan.stored else ""
    seeds = "1 seed" if plan.left == 1 else f"{plan.left} seeds"
    threads = f"{plan.threads} thread{'s' if plan.threads > 1 else ''}"
    by = f"{plan.workers} at a time, {threads} each" if plan.workers > 1 else threads
    return f"{stored}{seeds} to do, {by}"


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


def scaled(value: float) -> str:
    """Return a large number in thousands, millions or billions: ``860 million``."""
    for size, word in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if value >= size:
            return f"{value / size:.3g}{word}"
    return f"{value:.3g}"
