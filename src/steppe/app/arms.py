"""Stored histories and comparisons for the page; made once, then kept as text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from steppe.app import setting_text
from steppe.app.arm_json import arm_document
from steppe.app.differences import NONE, difference_document
from steppe.app.reference import ShippedArm, ShippedResult, reference_of
from steppe.core.errors import StoreError
from steppe.engine.run import engine_version
from steppe.report.encode import safe_json
from steppe.study.parameters import default_parameters

if TYPE_CHECKING:
    from steppe.app.comparison import Comparison
    from steppe.app.draws import DrawCache
    from steppe.app.quotas import Quotas
    from steppe.app.run_cache import RunCache
    from steppe.study.ensemble import SeedRuns


SHORT = 10
"""So many characters of the key of a run are shown."""


@dataclass(slots=True)
class ArmDocuments:
    """Histories and comparisons from the store; ``most`` histories are kept as text."""

    stock: RunCache
    draws: DrawCache
    holdings: Quotas
    most: int
    _texts: OrderedDict[tuple[str, ...], str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def comparison(self, one: Comparison) -> str:
        """Return, as JSON, both histories as far as they are stored, and what the change did.

        ``wanted`` and ``stored`` say how many seeds were asked for and how many each arm has. Where
        seeds have both histories, only these are shown, so that what differs is the change. Runs
        that cannot be read are left out, and ``unreadable`` names them.
        """
        while True:
            before = self.stock.unreadable()
            try:
                return self._comparison(one)
            except StoreError:
                if self.stock.unreadable() == before:
                    raise

    def _comparison(self, one: Comparison) -> str:
        stored = self.runs(one)
        common = sorted(set(stored[0]).intersection(*stored[1:]))
        pairs = common if one.changes else []
        shipped = self._shipped(one) if not (pairs if one.changes else common) else None
        if shipped and (shipped.arm or not stored[0]):
            return self._reference(one, shipped)
        keys = [[runs[seed] for seed in pairs or sorted(runs)] for runs in stored]
        head = {
            "wanted": one.request.seeds,
            "stored": [len(runs) for runs in stored],
            "pairs": len(pairs),
            "current": all(map(self._are_current, one.arms, keys)),
            "shipped": False,
            "notice": self._refusal(one),
            "unreadable": self._unreadable(),
            **setting_text.head(one, [self.draws.of(arm) for arm in one.arms]),
        }
        texts = [self._arm(arm, k) if k else "null" for arm, k in zip(one.arms, keys, strict=True)]
        variant = texts[1] if len(texts) == 2 else "null"
        differences = self._differences(one, keys) if pairs else safe_json(NONE)
        return _reply(head, differences, texts[0], variant)

    def _unreadable(self) -> list[dict[str, str]]:
        """Return the runs of the store that are left out because they cannot be read."""
        folder = f"{self.stock.store.path}/"
        return [
            {"run": key[:SHORT], "why": why.replace(folder, "")}
            for key, why in self.stock.unreadable().items()
        ]

    def shipped_of(self, one: Comparison) -> ShippedResult | None:
        """Return the results shipped with the case of ``one``, if they hold for it as it is."""
        reference = reference_of(one.case.id) if one.case.origin == "shipped" else None
        return None if reference is None or self._refusal(one) else reference

    def shows_shipped(self, one: Comparison) -> bool:
        """Return whether a shipped result is what the page shows of ``one``."""
        shipped = None if self.pairs(one) else self._shipped(one)
        return shipped is not None and (shipped.arm is not None or not one.changes)

    def _refusal(self, one: Comparison) -> str:
        """Return why the results shipped with the case are not shown, '' if they may be."""
        reference = reference_of(one.case.id) if one.case.origin == "shipped" else None
        if reference is None:
            return ""
        source = default_parameters(one.baseline)
        return reference.refusal(self.draws.of(replace(one.arms[0], parameters=source)))

    def _shipped(self, one: Comparison) -> _Match | None:
        """Return what of the shipped results is the setting of ``one``."""
        whole = self.shipped_of(one)
        draws = [self.draws.of(arm) for arm in one.arms]
        if whole is None or not whole.is_of(draws[0]) or one.request.scale != 1.0:
            return None
        arm = whole.arm(draws[1]) if len(draws) == 2 else None
        return _Match(whole, arm)

    def _reference(self, one: Comparison, shipped: _Match) -> str:
        draws = [self.draws.of(arm) for arm in one.arms]
        whole, arm = shipped.whole, shipped.arm
        head = {
            "wanted": one.request.seeds,
            "stored": [0] * len(one.arms),
            "pairs": whole.stamp.seeds if arm else 0,
            "current": whole.is_current(draws[0]),
            "shipped": True,
            "notice": "",
            "unreadable": self._unreadable(),
            **setting_text.head(one, draws),
        }
        if arm is None:
            return _reply(head, safe_json(NONE), whole.baseline, "null")
        return _reply(head, arm.differences, whole.baseline, arm.variant)

    def runs(self, one: Comparison, *, all_of_them: bool = False) -> list[dict[int, str]]:
        """Return, for each arm, the key of every seed that is stored and that the user may see."""
        sees = self.holdings.sees
        return [
            {
                seed: run.key
                for seed, run in self.stock.of(
                    arm.scenario, self.draws.hashes(arm), arm.scale
                ).items()
                if all_of_them or sees(one.owner, run.key, one.link)
            }
            for arm in one.arms
        ]

    def pairs(self, one: Comparison) -> list[int]:
        """Return the seeds of which both histories are stored."""
        first, *others = self.runs(one)
        return sorted(set(first).intersection(*others))

    def _are_current(self, arm: SeedRuns, keys: Sequence[str]) -> bool:
        """Return whether this program would simulate the runs of an arm to the same bit."""
        runs = [run for run in self.stock.summaries() if run.key in keys]
        return {run.engine_version for run in runs} <= {engine_version(arm.scenario)}

    def _arm(self, arm: SeedRuns, keys: Sequence[str]) -> str:
        draws = self.draws.of(arm)
        label = (arm.scenario.id, arm.scenario.title, draws.base, draws.source, *keys)
        return self._text(label, lambda: arm_document(draws, self.stock.trajectories(keys)))

    def _differences(self, one: Comparison, keys: Sequence[Sequence[str]]) -> str:
        name = setting_text.title(one)

        def make() -> dict[str, Any]:
            pairs = list(zip(*(self.stock.trajectories(arm) for arm in keys), strict=True))
            return difference_document(one.baseline, pairs, name)

        return self._text(("differences", name, *keys[0], *keys[1]), make)

    def _text(self, label: tuple[str, ...], make: Callable[[], dict[str, Any]]) -> str:
        with self._lock:
            if label in self._texts:
                self._texts.move_to_end(label)
                return self._texts[label]
        text = safe_json(make())
        with self._lock:
            self._texts[label] = text
            while len(self._texts) > self.most:
                self._texts.popitem(last=False)
        return text


@dataclass(frozen=True, slots=True)
class _Match:
    """The shipped results of a case, and of them the counterfactual that is asked for."""

    whole: ShippedResult
    arm: ShippedArm | None


def _reply(head: Mapping[str, Any], differences: str, baseline: str, variant: str) -> str:
    return (
        f'{{"head":{safe_json(head)},"differences":{differences},'
        f'"baseline":{baseline},"variant":{variant}}}'
    )
