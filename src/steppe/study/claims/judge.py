"""Judging claims: run what they need, decide, try other models, and keep the verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from steppe.case.canonical import scenario_hash
from steppe.case.claims import ClaimsFile
from steppe.case.claims_model import Claim
from steppe.case.scenario import Scenario
from steppe.engine.run import engine_version
from steppe.results.trajectory import EngineName
from steppe.study.claims.arms import BASELINE, Arm, ArmResolver
from steppe.study.claims.check import check_quantities
from steppe.study.claims.decision_rules import CONTRADICTED, SUPPORTED, Finding
from steppe.study.claims.evaluate import Evaluator
from steppe.study.claims.other_models import ModelFinding, ModelTrials, OtherModel
from steppe.study.claims.runner import ArmTransform, Runner, union
from steppe.study.claims.sensitivity import (
    Alternative,
    Draws,
    VerdictSensitivity,
    bearing,
    rivals,
    robust_document,
    sensitivities,
)
from steppe.study.claims.verdict import Record, facts, record_of
from steppe.study.claims.verdict_store import VerdictStore, code_version
from steppe.study.engine_scope import is_told
from steppe.study.parameters import PREFIX, ParameterSource, prior_row
from steppe.study.step_times import StepTimes

PRIOR = "parameters drawn from their priors"
"""The name of the alternative in which parameters are drawn anew for each seed."""


RIVAL_SEEDS, PRIOR_SEEDS = 2, 8
"""Seeds under each other rule, and with other parameters: few, for the arms are many."""

LOOK_ENGINE: EngineName = "cohorts"
"""Who is simulated in other models, where they tell all that is asked."""


@dataclass(frozen=True, slots=True)
class JudgeConfig:
    """What a judgement is made with, besides the file: seeds and how other models are tried.

    ``rival_seeds`` are the first seeds used under other rules and ``prior_seeds`` those used with
    parameters drawn from their priors; 0 leaves that out. ``source`` is where the parameters of
    the verdict itself come from. Only the claims ``ids`` are judged (all, if none is named). A
    verdict that ``records`` holds for the same file, scenario, terms and versions is reused.
    ``engine`` says who is simulated for the verdicts, ``look_engine`` who is in other models
    where it tells all that a claim asks (see ``other_models``), if there is a ``look_runner`` of
    it. ``times`` notes how long each step takes.
    """

    seeds: tuple[int, ...]
    scale: float = 1.0
    source: ParameterSource = "default"
    rival_seeds: int = RIVAL_SEEDS
    prior_seeds: int = PRIOR_SEEDS
    ids: tuple[str, ...] = ()
    records: VerdictStore | None = None
    engine: EngineName = "citizens"
    look_engine: EngineName = LOOK_ENGINE
    look_runner: Runner | None = field(default=None, compare=False)
    times: StepTimes = field(default_factory=StepTimes, compare=False)

    @property
    def looks_by_cohorts(self) -> bool:
        """Whether other models may be tried by cohorts, who have no scale."""
        return (self.engine, self.look_engine, self.scale) == ("citizens", "cohorts", 1.0)

    @classmethod
    def of(cls, file: ClaimsFile, **others: Any) -> JudgeConfig:
        """Return the terms that ``file`` itself sets."""
        return cls(tuple(range(1, file.content.seeds + 1)), **others)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts on the claims asked for, in the order of the file, and how they were made.

    ``records`` are plain values, one for each claim (see ``record_of``); ``reused`` are the ids of
    those that were in the store already.
    """

    file: ClaimsFile
    scenario: Scenario
    config: JudgeConfig
    records: tuple[Record, ...]
    reused: tuple[str, ...]

    def of(self, name: str) -> Record:
        """Return the record of the claim ``name``."""
        return next(record for record in self.records if record["id"] == name)


def judge(
    file: ClaimsFile,
    scenario: Scenario,
    runner: Runner,
    config: JudgeConfig,
    *,
    draws: Draws | None = None,
) -> Judgement:
    """Return the verdicts on the claims of ``file`` that ``config`` names.

    Runs are shared: each arm is run once for all claims. ``draws`` gives the parameters behind
    each seed of the alternative with other parameters. Raises ``CaseError`` for a quantity that
    no run has or an unknown id; errors of runs as for ``batch``.
    """
    config.times.begin("claims and earlier verdicts")
    check_quantities(file, scenario)
    claims, records = file.select(config.ids), config.records
    resolver = ArmResolver(scenario, file.content, config.engine)
    evaluator = Evaluator(scenario, resolver, {row.id: row for row in file.aftermath})
    common = _common(file, scenario, config)
    earlier = {c.id: record for c in claims if records and (record := records.find(c.id, common))}
    looks = config.look_runner if config.looks_by_cohorts else None
    trials = ModelTrials(evaluator, runner, config.engine, looks)
    work = _Work(trials, config, draws or _prior_of(resolver))
    results = work.records([claim for claim in claims if claim.id not in earlier], common)
    config.times.end()
    if records is not None:
        for one in results:
            records.keep(one, common)
    by_id = {**earlier, **{one["id"]: one for one in results}}
    return Judgement(file, scenario, config, tuple(by_id[c.id] for c in claims), tuple(earlier))


def _common(file: ClaimsFile, scenario: Scenario, config: JudgeConfig) -> dict[str, Any]:
    """Return all that decides a verdict besides its claim; it names the record."""
    engine = {} if config.engine == "citizens" else {"engine": config.engine}
    return engine | {
        "claims_sha256": file.sha256,
        "aftermath_sha256": file.aftermath_sha256,
        "case": scenario.id,
        "scenario_hash": scenario_hash(scenario),
        "documents": facts(scenario),
        "engine_version": engine_version(),
        "judgement_version": code_version(),
        "seeds": list(config.seeds),
        "scale": config.scale,
        "parameters": config.source,
        "rival_seeds": config.rival_seeds,
        "prior_seeds": config.prior_seeds,
        "look_engine": "cohorts" if config.looks_by_cohorts else config.engine,
    }


def _prior_of(resolver: ArmResolver) -> Draws:
    return lambda arm, seed: prior_row(resolver.scenario_of(arm.with_source("default")), seed)


class _Work:
    """One judgement on its way: first the verdicts, then the other models they are tried in."""

    def __init__(self, trials: ModelTrials, config: JudgeConfig, draws: Draws) -> None:
        self.trials, self.config, self.draws = trials, config, draws
        self.evaluator, self.runner = trials.evaluator, trials.runner

    def records(self, claims: Sequence[Claim], common: Mapping[str, Any]) -> list[Record]:
        self.config.times.begin("runs and verdicts")
        findings = self._findings(claims)
        decided = [c for c in claims if self._may_flip(c, findings[c.id])]
        alternatives: dict[str, list[Alternative]] = {claim.id: [] for claim in claims}
        self.config.times.begin("runs under other rules")
        self._other_rules(decided, findings, alternatives)
        self.config.times.begin("runs with other parameters")
        influences = self._other_parameters(decided, findings, alternatives)
        return [
            record_of(
                claim,
                findings[claim.id],
                self.evaluator.resolver,
                robust_document(
                    findings[claim.id], alternatives[claim.id], influences.get(claim.id, [])
                ),
                common,
            )
            for claim in claims
        ]

    def _may_flip(self, claim: Claim, finding: Finding) -> bool:
        """Only a decided verdict on runs can be flipped by another model."""
        return self.evaluator.needs_runs(claim) and finding.verdict in (SUPPORTED, CONTRADICTED)

    def _main(self, arm: Arm) -> Arm:
        return arm.with_source(self.config.source)

    def _findings(self, claims: Sequence[Claim]) -> dict[str, Finding]:
        quantities = union([self.evaluator.quantities(claim, self._main) for claim in claims])
        table = self.runner(quantities, self.config.seeds) if quantities else {}
        return {claim.id: self.evaluator.finding(claim, table, self._main) for claim in claims}

    def _other_rules(
        self,
        claims: Sequence[Claim],
        findings: Mapping[str, Finding],
        alternatives: dict[str, list[Alternative]],
    ) -> None:
        seeds = self.config.seeds[: self.config.rival_seeds]
        if not seeds:
            return
        models = [
            OtherModel(claim, f"{role}: {rule}", _under((role, rule)))
            for claim in claims
            for role, rule in rivals(claim, self.evaluator.resolver)
        ]
        for result in self.trials(models, seeds):
            alternatives[result.model.claim.id].append(_alternative(result, findings))

    def _other_parameters(
        self,
        claims: Sequence[Claim],
        findings: Mapping[str, Finding],
        alternatives: dict[str, list[Alternative]],
    ) -> dict[str, list[VerdictSensitivity]]:
        seeds = self.config.seeds[: self.config.prior_seeds]
        if not seeds:
            return {}
        models = [
            OtherModel(claim, PRIOR, lambda arm: arm.with_source("prior")) for claim in claims
        ]
        influences = {}
        for result in self.trials(models, seeds):
            claim = result.model.claim
            alternatives[claim.id].append(_alternative(result, findings))
            influences[claim.id] = sensitivities(result.finding, self._draws_of(result))
        return influences

    def _draws_of(self, result: ModelFinding) -> dict[int, dict[str, float]]:
        """Return the parameters behind each seed of a finding that its engine reads."""
        first = self._first(result.model.claim)
        scenario = self.evaluator.resolver.scenario_of(first.with_source("default"))
        rows = {seed: self.draws(first, seed) for seed in result.finding.by_seed}
        return {
            seed: {p: v for p, v in row.items() if is_told(scenario, PREFIX + p, result.engine)}
            for seed, row in rows.items()
        }

    def _first(self, claim: Claim) -> Arm:
        """Return the arm whose parameters are looked at: the first that the claim names."""
        for part in claim.test.parts:
            arms = self.evaluator.resolver.arms(part)
            if arms:
                return arms.get(BASELINE, next(iter(arms.values())))
        raise ValueError(f"claim {claim.id} needs no run")


def _under(rule: tuple[str, str]) -> ArmTransform:
    # A sample fitted to one theory says nothing of another, which keeps its own defaults.
    return lambda arm: arm.under(rule)


def _alternative(result: ModelFinding, verdicts: Mapping[str, Finding]) -> Alternative:
    verdict = verdicts[result.model.claim.id]
    side = bearing(verdict, result.finding)
    return Alternative(result.model.name, side, result.finding, result.engine)
