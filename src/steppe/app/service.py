"""Everything a running app holds: cases, stored runs, jobs, quick looks, and who may see what."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from steppe.app import setting_text
from steppe.app.analyses import Analyses
from steppe.app.arms import ArmDocuments
from steppe.app.case_json import case_document
from steppe.app.case_registry import CaseRegistry
from steppe.app.comparison import Comparison, comparison_of
from steppe.app.config import Config
from steppe.app.drafts import Drafts
from steppe.app.draws import DrawCache
from steppe.app.experiments import Experiments
from steppe.app.jobs import ComparisonJob, Jobs
from steppe.app.look import FIRST_SEEDS, MOST_SEEDS, LookRequest
from steppe.app.nowcasts import Nowcasts
from steppe.app.preview import HOUSE, Previews
from steppe.app.preview_worker import PreviewWorker
from steppe.app.quotas import Quotas
from steppe.app.run_cache import RunCache
from steppe.app.sessions import Sessions
from steppe.app.working_folder import Purpose, WorkingFolder, working_folder
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.results.store import Store
from steppe.study.executors import cores
from steppe.study.posterior import Posterior, posterior_of

SEEDS = 20
"""Seeds that a new comparison asks for."""


@dataclass(frozen=True, slots=True)
class LookWish:
    """How a page wants a quick look: ``first`` with few seeds, to answer at once.

    ``cached`` names the baseline it has; a newer look of the same ``lane`` overtakes the older.
    """

    first: bool = False
    cached: str = ""
    evidence: bool = False
    lane: str = "view"


@dataclass(slots=True)
class AppService:
    """The parts of a running app and what one of them needs of another.

    ``worker`` is the process of quick looks, if it runs already.
    """

    config: Config
    worker: PreviewWorker | None = None
    sessions: Sessions = field(init=False)
    book: CaseRegistry = field(init=False)
    stock: RunCache = field(init=False)
    draws: DrawCache = field(default_factory=DrawCache)
    holdings: Quotas = field(init=False)
    arms: ArmDocuments = field(init=False)
    looks: Previews = field(init=False)
    experiments: Experiments = field(init=False)
    turns: Counter[str] = field(default_factory=Counter)
    """Requests of each user that are being answered."""
    jobs: Jobs = field(init=False)
    analyses: Analyses = field(init=False)
    nowcasts: Nowcasts = field(default_factory=Nowcasts)
    drafts: Drafts = field(init=False)
    _cases: dict[str, tuple[Scenario, Posterior | None, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        store = Store(self.config.store)
        self.sessions = Sessions(self.config, ended=self._ended)
        self.book = CaseRegistry(self.config)
        self.stock = RunCache(store)
        limits = self.config.limits
        self.holdings = Quotas(store, limits, self.config.shared)
        self.arms = ArmDocuments(self.stock, self.draws, self.holdings, limits.views)
        self.experiments = Experiments(store.path, self.config.shared)
        self.looks = Previews(limits.look_seconds, self.worker, eager=self.config.shared)
        self.analyses = Analyses(limits)
        self.drafts = Drafts(self.book.folder.resolve() / "drafts", limits)
        self.jobs = Jobs(store, limits, self._warm_up, self.holdings, self._over)

    def close(self) -> None:
        """Stop all work and remove what was uploaded."""
        self.analyses.close()
        self.jobs.close()
        self.looks.close()
        self.book.close()

    def comparison(self, document: Mapping[str, Any], owner: str) -> Comparison:
        """Return the comparison of a document; see ``comparison_of``."""
        return comparison_of(document, self.book, owner, self.config.limits)

    def prepare(self) -> None:
        """Make the first view before anybody asks; whoever asks is told what fails.

        The first quick look is made meanwhile, which compiles what looks need, and then what runs
        need.
        """
        with contextlib.suppress(SteppeError, ValueError, LookupError):
            name = self.book.front("").id
            front = self.comparison(self.front(name, ""), "")
            self.look(front, LookWish(), HOUSE)
            self.looks.warm(front.baseline, soon=False)
            self.arms.comparison(front)
            self.case(name, "")

    def look(self, one: Comparison, wish: LookWish, owner: str) -> Future[bytes]:
        """Return the future quick look at a comparison, compressed; nothing of it is stored."""
        count = FIRST_SEEDS if wish.first else MOST_SEEDS
        seeds = tuple(range(one.request.first, one.request.first + count))
        arms = tuple(replace(arm, seeds=seeds, scale=1.0) for arm in one.arms)
        draws = [self.draws.of(arm) for arm in arms]
        head = setting_text.head(one, draws)
        name = (
            one.case.id, one.baseline.title, head["title"], head["command"], seeds, wish.cached,
            wish.evidence,
            *((of_arm.base, of_arm.source, of_arm.sample, of_arm.fixed) for of_arm in draws),
        )  # fmt: skip
        place = owner if owner == HOUSE else f"{owner} {wish.lane}"
        return self.looks.look(place, LookRequest(arms, wish.cached, head, wish.evidence), name)

    def case(self, name: str, owner: str) -> str:
        """Return a case for the page, as JSON."""
        case = self.book.case(name, owner)
        scenario = self.book.scenario(name, owner)
        sample = posterior_of(scenario)
        with self._lock:
            entry = self._cases.get(case.id)
        if entry is None or entry[0] is not scenario or entry[1] is not sample:
            entry = scenario, sample, json.dumps(case_document(case, scenario), allow_nan=False)
            with self._lock:
                self._cases[case.id] = entry
                while len(self._cases) > self.config.limits.views:
                    del self._cases[next(iter(self._cases))]
        return entry[2]

    def stored(self, name: str, owner: str) -> dict[str, dict[str, int]]:
        """Return how many seeds of a case, and pairs of its counterfactuals, are stored by scale.

        Their parameters come from where they do when nobody says so.
        """
        scenario = self.book.scenario(name, owner)
        others = scenario.counterfactuals
        if not any(run.case == scenario.id for run in self.stock.summaries()):
            return {one: {} for one in ("", *others)}
        counts = {"": self._scales(name, owner, [])}
        for other in others:
            with contextlib.suppress(SteppeError):
                counts[other] = self._scales(name, owner, [other])
        return counts

    def _scales(self, name: str, owner: str, others: list[str]) -> dict[str, int]:
        one = self.comparison({"case": name, "counterfactuals": others, "seeds": 1}, owner)
        sees = partial(self.holdings.sees, owner)
        stored = [self.stock.scales(self.draws.of(arm), sees) for arm in one.arms]
        return {
            f"{scale:g}": len(common)
            for scale in stored[0]
            if (common := frozenset.intersection(*(arm.get(scale, frozenset()) for arm in stored)))
        }

    def front(self, name: str, owner: str) -> dict[str, Any]:
        """Return the setting a case opens with: its best stored comparison, else a first one."""
        stored = self.stored(name, owner)
        best, setting = (0.0, 0), ("", 1.0, SEEDS)
        for other in list(stored)[1:]:
            for size, pairs in stored[other].items():
                if (min(1.0, float(size)), pairs) > best:
                    best = min(1.0, float(size)), pairs
                    setting = other, float(size), min(pairs, self.config.limits.seeds)
        other, scale, seeds = setting
        names = [other] if other else self._first_change(name, owner)
        return {"case": name, "counterfactuals": names, "seeds": seeds, "scale": scale}

    def _first_change(self, name: str, owner: str) -> list[str]:
        """Return the counterfactual that a case opens with: one with a shipped result, if any."""
        shipped = self.arms.shipped_of(self.comparison({"case": name}, owner))
        others = [one.name for one in shipped.arms] if shipped else []
        return (others or list(self.book.scenario(name, owner).counterfactuals))[:1]

    def estimate(self, one: Comparison) -> dict[str, Any]:
        """Return how long the runs that are missing will take, and what the figure rests on."""
        stored = self.arms.runs(one)
        missing = sum(seed not in runs for runs in stored for seed in one.request.range)
        hours = one.baseline.clock.hours
        measured = self.stock.seconds(one.baseline.id, hours, one.request.scale)
        each, basis = measured if measured else (None, 0)
        workers = max(1, min(cores(), missing))
        return {
            "runs": missing,
            "seconds": None if each is None else each * missing / workers,
            "measured": basis,
        }

    def working_folder(self, one: Comparison, what: Purpose) -> WorkingFolder:
        """Return where a command on ``one`` is run, and its store."""
        common = self.config.store.absolute()
        return working_folder(self.book.folder, one, what, common, self.config.shared)

    def nowcasts_of(self, name: str, owner: str, looks: int) -> dict[str, Any]:
        """Return what the page shows of the nowcasts of a case."""
        one = self.comparison({"case": name}, owner)
        own = self.working_folder(one, "runs")
        stores = dict.fromkeys([self.config.store.absolute(), own.folder / own.store])
        return self.nowcasts.document(one.baseline, looks, list(stores))

    def _warm_up(self, scenario: Scenario) -> None:
        self.looks.warm(scenario).result()

    def share(self, one: Comparison) -> str:
        """Return a link to the runs of a setting that its user sees; '' where all see all."""
        if not self.config.shared:
            return ""
        keys = [key for arm in self.arms.runs(one) for key in arm.values()]
        return self.holdings.share(one.owner, keys)

    def _over(self, job: ComparisonJob) -> None:
        runs = self.arms.runs(job.comparison, all_of_them=True)
        self.holdings.grant(job.owner, [key for arm in runs for key in arm.values()])

    def _ended(self, owner: str) -> None:
        self.jobs.forget(owner)
        self.analyses.forget(owner)
        self.drafts.forget(owner)
        self.book.forget(owner)
        self.holdings.forget(owner)
