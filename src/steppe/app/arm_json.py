"""One history as the page draws it, and two of them compared; made once, then kept as text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from steppe.app import setting_text
from steppe.engine.run import engine_version
from steppe.evidence.scoring import score
from steppe.report.build import build_payload
from steppe.report.encode import page_data, safe_json
from steppe.report.provenance import ReportOptions
from steppe.results.outcomes import by_name, values_of
from steppe.study.comparison import compare_outcomes, divergence

if TYPE_CHECKING:
    from steppe.app.comparison import Comparison
    from steppe.app.draws import DrawCache
    from steppe.app.quotas import Quotas
    from steppe.app.run_cache import RunCache
    from steppe.case.scenario import Scenario
    from steppe.report.payload import ReportPayload
    from steppe.results.outcomes import OutcomeValues
    from steppe.results.trajectory import Trajectory
    from steppe.study.comparison import OutcomeComparison
    from steppe.study.ensemble import SeedRuns
    from steppe.study.parameter_draws import ParameterDraws

ELSEWHERE = ("boundaries", "presence", "reported", "regions")
"""Parts of the report's data that belong to the case, not to a history."""


def arm_document(
    scenario: Scenario, runs: Sequence[Trajectory], draws: ParameterDraws | None = None
) -> dict[str, Any]:
    """Return what the page shows of the runs of one scenario, or of its draws."""
    scores = score(scenario, runs)
    payload = build_payload(scenario, runs, scores, ReportOptions(""), draws)
    data = {key: value for key, value in page_data(payload).items() if key not in ELSEWHERE}
    return data | _findings(payload)


def _findings(payload: ReportPayload) -> dict[str, Any]:
    return {
        "seedList": list(payload.seeds),
        "scale": payload.about.scale,
        "answer": list(payload.answer),
        "targets": [asdict(row) for row in payload.targets],
        "fates": [asdict(share) for share in payload.fates],
        "spreads": [asdict(spread) for spread in payload.spreads],
        "warnings": list(payload.repeat.warnings),
        "hash": payload.repeat.scenario_hash,
        "model": payload.about.model_version,
    }


@dataclass(frozen=True, slots=True)
class _Arm:
    text: str
    outcomes: dict[int, OutcomeValues]


@dataclass(slots=True)
class ArmDocuments:
    """Histories and comparisons from the store; ``most`` histories are kept as text."""

    stock: RunCache
    draws: DrawCache
    holdings: Quotas
    most: int
    _documents: OrderedDict[tuple[str, ...], _Arm] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def comparison(self, one: Comparison) -> str:
        """Return, as JSON, both histories as far as they are stored, and what the change did.

        ``wanted`` and ``stored`` say how many seeds were asked for and how many each arm has.
        """
        stored = self.runs(one)
        common = set(stored[0]).intersection(*stored[1:])
        keys = [tuple(runs[seed] for seed in sorted(runs)) for runs in stored]
        arms = [self._arm(s, k) if k else None for s, k in zip(one.arms, keys, strict=True)]
        head = {
            "wanted": one.request.seeds,
            "stored": [len(runs) for runs in stored],
            "pairs": len(common) if one.changes else 0,
            "current": all(map(self._are_current, one.arms, keys)),
            "title": setting_text.title(one),
            "command": one.portable.as_command(),
            "parameters": setting_text.values(one, [self.draws.of(arm) for arm in one.arms]),
            "changes": [change._asdict() for change in one.changes],
            **self._differences(one, arms, [{s: r[s] for s in common} for r in stored]),
        }
        texts = [arm.text if arm else "null" for arm in arms]
        texts += ["null"] * (2 - len(texts))
        return f'{{"head":{safe_json(head)},"baseline":{texts[0]},"variant":{texts[1]}}}'

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

    def _are_current(self, arm: SeedRuns, keys: tuple[str, ...]) -> bool:
        """Return whether this program would simulate the runs of an arm to the same bit."""
        runs = [run for run in self.stock.summaries() if run.key in keys]
        return {run.engine_version for run in runs} <= {engine_version(arm.scenario)}

    def _arm(self, arm: SeedRuns, keys: tuple[str, ...]) -> _Arm:
        draws = self.draws.of(arm)
        label = (arm.scenario.id, arm.scenario.title, draws.base, draws.source, *keys)
        with self._lock:
            if label in self._documents:
                self._documents.move_to_end(label)
                return self._documents[label]
        runs = self.stock.trajectories(keys)
        text = safe_json(arm_document(arm.scenario, runs, draws))
        document = _Arm(text, {run.record.seed: run.outcome for run in runs})
        with self._lock:
            self._documents[label] = document
            while len(self._documents) > self.most:
                self._documents.popitem(last=False)
        return document

    def _differences(
        self, one: Comparison, arms: Sequence[_Arm | None], common: Sequence[dict[int, str]]
    ) -> dict[str, Any]:
        if len(arms) < 2 or arms[0] is None or arms[1] is None or not common[0]:
            return {"effects": [], "causes": [], "parted": None}
        pairs = [self.stock.trajectories((common[0][s], common[1][s])) for s in common[0]]
        comparison = compare_outcomes(
            arms[0].outcomes, arms[1].outcomes, one.baseline.country.citizens
        )
        return {
            "effects": effect_rows(comparison),
            "causes": cause_rows(comparison),
            "parted": min(divergence(*pair) for pair in pairs),
        }


def effect_rows(comparison: OutcomeComparison) -> list[dict[str, Any]]:
    """Return the headline outcomes of both arms and their difference, with that of each pair."""
    return [
        row.document() | {"name": row.outcome.name, "digits": row.digits, "gaps": list(row.by_pair)}
        for row in comparison.headlines
    ]


def cause_rows(comparison: OutcomeComparison) -> list[dict[str, Any]]:
    """Return the probabilities of causation, with how often each came about in either arm."""
    catalogue = by_name()
    return [
        {
            "name": one.outcome, "label": catalogue[one.outcome].happens, "pairs": one.pairs,
            "baseline": one.always + one.only_with, "variant": one.always + one.only_without,
            "necessity": one.necessity, "sufficiency": one.sufficiency, "both": one.both,
        }
        for one in comparison.causes
    ]  # fmt: skip


def preview_document(scenario: Scenario, run: Trajectory) -> str:
    """Return, as JSON, the history of one unstored run, with its outcome."""
    return safe_json(arm_document(scenario, [run]) | {"outcome": values_of(run)})
