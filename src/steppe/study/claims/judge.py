"""Judging claims: run what they need, decide, try other models, and keep the verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steppe.case.canonical import scenario_hash
from steppe.case.claims import ClaimsFile
from steppe.case.claims_model import Claim
from steppe.case.scenario import Scenario
from steppe.engine.run import engine_version
from steppe.study.claims.arms import AS_IT_WAS, Arm, ArmResolver
from steppe.study.claims.check import check_quantities
from steppe.study.claims.decision_rules import CONTRADICTED, SUPPORTED, Finding
from steppe.study.claims.evaluate import Evaluator, Turn, joined
from steppe.study.claims.runner import Runner, Table
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
from steppe.study.parameters import ParameterSource, prior_row

PRIOR = "parameters drawn from their priors"
"""The name of the alternative in which parameters are drawn anew for each seed."""


RIVAL_SEEDS, PRIOR_SEEDS = 2, 8
"""Seeds under each other rule, and with other parameters: few, for the arms are many."""


@dataclass(frozen=True, slots=True)
class JudgeConfig:
    """What a judgement is made with, besides the file: seeds and how other models are tried.

    ``rival_seeds`` are the first seeds used under other rules and ``prior_seeds`` those used with
    parameters drawn from their priors; 0 leaves that out. ``source`` is where the parameters of
    the verdict itself come from.
    """

    seeds: tuple[int, ...]
    scale: float = 1.0
    source: ParameterSource = "default"
    rival_seeds: int = RIVAL_SEEDS
    prior_seeds: int = PRIOR_SEEDS

    @classmethod
    def of(cls, file: ClaimsFile, **others: Any) -> JudgeConfig:
        """Return the terms that ``file`` itself sets."""
        return cls(tuple(range(1, file.content.seeds + 1)), **others)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts on the claims asked for, in the order of the file, and how they were made.

    ``records`` are plain values, one for each claim (see ``record_of``); ``kept`` are the ids of
    those that were in the store already.
    """

    file: ClaimsFile
    scenario: Scenario
    terms: JudgeConfig
    records: tuple[Record, ...]
    kept: tuple[str, ...]

    def of(self, name: str) -> Record:
        """Return the record of the claim ``name``."""
        return next(record for record in self.records if record["id"] == name)


def judge(
    file: ClaimsFile,
    scenario: Scenario,
    runner: Runner,
    terms: JudgeConfig,
    *,
    ids: Iterable[str] = (),
    records: VerdictStore | None = None,
    draws: Draws | None = None,
) -> Judgement:
    """Return the verdicts on the claims ``ids`` of ``file`` (all, if none is named).

    Runs are shared: each arm is run once for all claims. A verdict that ``records`` holds for the
    same file, scenario, terms and versions is not made again. ``draws`` gives the parameters
    behind each seed of the alternative with other parameters. Raises ``CaseError`` for a
    quantity that no run has or an unknown id; errors of runs as for ``batch``.
    """
    check_quantities(file, scenario)
    chosen = file.select(ids)
    cast = ArmResolver(scenario, file.content)
    bench = Evaluator(scenario, cast, {row.id: row for row in file.aftermath})
    common = _common(file, scenario, terms)
    known = {c.id: kept for c in chosen if records and (kept := records.find(c.id, common))}
    work = _Work(bench, runner, terms, draws or _prior_of(cast))
    made = work.records([claim for claim in chosen if claim.id not in known], common)
    if records is not None:
        for one in made:
            records.keep(one, common)
    by_id = {**known, **{one["id"]: one for one in made}}
    return Judgement(file, scenario, terms, tuple(by_id[c.id] for c in chosen), tuple(known))


def _common(file: ClaimsFile, scenario: Scenario, terms: JudgeConfig) -> dict[str, Any]:
    """Return all that decides a verdict besides its claim; it names the record."""
    return {
        "claims_sha256": file.sha256,
        "aftermath_sha256": file.aftermath_sha256,
        "case": scenario.id,
        "scenario_hash": scenario_hash(scenario),
        "documents": facts(scenario),
        "engine_version": engine_version(),
        "judgement_version": code_version(),
        "seeds": list(terms.seeds),
        "scale": terms.scale,
        "parameters": terms.source,
        "rival_seeds": terms.rival_seeds,
        "prior_seeds": terms.prior_seeds,
    }


def _prior_of(cast: ArmResolver) -> Draws:
    return lambda arm, seed: prior_row(cast.scenario_of(arm.drawn("default")), seed)


class _Work:
    """One judgement on its way: first the verdicts, then the other models they are tried in."""

    def __init__(self, bench: Evaluator, runner: Runner, terms: JudgeConfig, draws: Draws) -> None:
        self.bench, self.runner, self.terms, self.draws = bench, runner, terms, draws

    def records(self, claims: Sequence[Claim], common: Mapping[str, Any]) -> list[Record]:
        found = self._findings(claims)
        decided = [c for c in claims if self._may_flip(c, found[c.id])]
        tried: dict[str, list[Alternative]] = {claim.id: [] for claim in claims}
        self._other_rules(decided, found, tried)
        moved = self._other_parameters(decided, found, tried)
        return [
            record_of(
                claim,
                found[claim.id],
                self.bench.cast,
                robust_document(found[claim.id], tried[claim.id], moved.get(claim.id, [])),
                common,
            )
            for claim in claims
        ]

    def _may_flip(self, claim: Claim, finding: Finding) -> bool:
        """Only a decided verdict on runs can be flipped by another model."""
        return self.bench.needs_runs(claim) and finding.verdict in (SUPPORTED, CONTRADICTED)

    def _main(self, arm: Arm) -> Arm:
        return arm.drawn(self.terms.source)

    def _findings(self, claims: Sequence[Claim]) -> dict[str, Finding]:
        wanted = joined([self.bench.wanted(claim, self._main) for claim in claims])
        table = self.runner(wanted, self.terms.seeds) if wanted else {}
        return {claim.id: self.bench.finding(claim, table, self._main) for claim in claims}

    def _other_rules(
        self,
        claims: Sequence[Claim],
        found: Mapping[str, Finding],
        tried: dict[str, list[Alternative]],
    ) -> None:
        seeds = self.terms.seeds[: self.terms.rival_seeds]
        if not seeds:
            return
        turns = {c.id: list(rivals(c, self.bench.cast)) for c in claims}
        wanted = joined(
            [self.bench.wanted(c, self._under(rule)) for c in claims for rule in turns[c.id]]
        )
        table = self.runner(wanted, seeds) if wanted else {}
        for claim in claims:
            for role, rule in turns[claim.id]:
                tried[claim.id].append(
                    self._tried(f"{role}: {rule}", claim, found, table, self._under((role, rule)))
                )

    def _under(self, rule: tuple[str, str]) -> Turn:
        # A sample fitted to one theory says nothing of another, which keeps its own defaults.
        return lambda arm: arm.under(rule)

    def _other_parameters(
        self,
        claims: Sequence[Claim],
        found: Mapping[str, Finding],
        tried: dict[str, list[Alternative]],
    ) -> dict[str, list[VerdictSensitivity]]:
        seeds = self.terms.seeds[: self.terms.prior_seeds]
        if not seeds or not claims:
            return {}

        def drawn(arm: Arm) -> Arm:
            return arm.drawn("prior")

        wanted = joined([self.bench.wanted(claim, drawn) for claim in claims])
        table = self.runner(wanted, seeds)
        moved = {}
        for claim in claims:
            one = self._tried(PRIOR, claim, found, table, drawn)
            tried[claim.id].append(one)
            rows = {seed: self.draws(self._first(claim), seed) for seed in one.finding.by_seed}
            moved[claim.id] = sensitivities(one.finding, rows)
        return moved

    def _first(self, claim: Claim) -> Arm:
        """Return the arm whose parameters are looked at: the first that the claim names."""
        for part in claim.test.parts:
            arms = self.bench.cast.arms(part)
            if arms:
                return arms.get(AS_IT_WAS, next(iter(arms.values())))
        raise ValueError(f"claim {claim.id} needs no run")

    def _tried(
        self,
        name: str,
        claim: Claim,
        found: Mapping[str, Finding],
        table: Table,
        turn: Turn,
    ) -> Alternative:
        other = self.bench.finding(claim, table, turn)
        return Alternative(name, bearing(found[claim.id], other), other)
