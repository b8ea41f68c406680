"""Arms of one seed made together, so that they share people, hours and streets that are alike.

What is stored is what each arm leaves alone, to the last bit; only time is saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from steppe.results.store import Store
from steppe.study.batch import Batch, BatchJob, batch, job_key
from steppe.study.events import OnEvent, Planned, SeedFailed, StudyEvent
from steppe.study.settings import StudySettings

if TYPE_CHECKING:
    from steppe.study.ensemble import SeedRuns


@dataclass(frozen=True, slots=True)
class CoupledJobs:
    """One job for each seed, that makes what is missing of all ``arms``.

    ``arms`` have the same seeds. With ``at`` they go on from a checkpoint of the first arm after
    so many hours, made once and kept (0: from the beginning).
    """

    arms: tuple[SeedRuns, ...]
    store: Store
    at: int = 0

    def __len__(self) -> int:
        return len(self.arms[0])

    def __iter__(self) -> Iterator[BatchJob]:
        for jobs in zip(*self.arms, strict=True):
            missing = [job for job in jobs if not self.store.has(job_key(job))]
            if not missing:
                yield jobs[-1]
                continue
            root = jobs[0] if self.at else None
            yield replace(missing[-1], also=tuple(missing[:-1]), root=root, at=self.at)


def run_coupled(arms: Sequence[SeedRuns], settings: StudySettings, *, at: int = 0) -> Batch:
    """Make every missing run of ``arms``, those of one seed in one task.

    A task fails as a whole, so failures are not told here: whoever makes the arms afterwards,
    one by one, makes what is missing and says which of them fails. Errors as for ``batch``.
    """

    def tell(event: StudyEvent) -> None:
        if settings.on_event is not None and not isinstance(event, SeedFailed):
            settings.on_event(event)

    jobs = CoupledJobs(tuple(arms), settings.store, at)
    return batch(jobs, **replace(settings, on_event=tell).batch_options)


def unless_done(on_event: OnEvent | None) -> OnEvent:
    """Return what passes on the events of a study, but not that there is nothing to do."""

    def tell(event: StudyEvent) -> None:
        done = isinstance(event, Planned) and event.total >= 0 and not event.left
        if on_event is not None and not done:
            on_event(event)

    return tell
