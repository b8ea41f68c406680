"""What the law of all crises says of each crisis without having learnt from it, as page sections.

No run is made for it: the runs that the law was learnt from are weighed by the law of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from steppe.core.response import Floats
from steppe.evidence.scoring import weighted_crps, with_error
from steppe.research.crises import references
from steppe.research.crises.references import Training
from steppe.research.crises.scores import AMOUNTS, ERRORS
from steppe.research.crises.table import Crisis, open_crises
from steppe.research.population.em import CrisisRuns, Law, leave_one_out, visible_weights
from steppe.research.population.fit import (
    PRIOR,
    START,
    STEPS,
    LawRun,
    crisis_runs,
    verdicts,
)
from steppe.research.population.forecast import LawForecast, forecast
from steppe.research.population.targets import TargetVerdict
from steppe.study.effects import Effect, effect

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "other-crises.md"
BEGIN, END = "<!-- law begin -->", "<!-- law end -->"


def write_page(runs: Sequence[LawRun]) -> None:
    """Write the section between the marks of the page on other crises."""
    rows = open_crises()
    evidence = crisis_runs(rows, runs)
    laws = leave_one_out(evidence, START, PRIOR, STEPS)
    forecasts = [forecast(laws[one.case_id], one) for one in evidence]
    text = "\n\n".join(
        [
            *_cases(rows, forecasts, len(runs)),
            *_scores(rows, evidence, laws, forecasts),
            *_targets(verdicts(runs)),
        ]
    )
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _cases(rows: Sequence[Crisis], forecasts: Sequence[LawForecast], runs: int) -> list[str]:
    def miss(pair: tuple[Crisis, LawForecast]) -> float:
        row, one = pair
        return -abs((row.incumbent_out_12m or 0) - one.out)

    lines = ["| Case | Out in a year | P(out in a year) | P(falls in 30 days) | Defection | "
             "P(defection) | Runs |", "| --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for row, one in sorted(zip(rows, forecasts, strict=True), key=miss):
        lines.append(
            f"| {row.case_id} | {_yes(row.incumbent_out_12m)} | {one.out:.2f} | {one.falls:.2f} | "
            f"{_yes(row.defection)} | {one.defection:.2f} | {one.runs:.0f} |"
        )
    return [
        f"Made by `python -m validation.population` from {runs} runs, misses first. *Runs* is how "
        "many runs of equal weight a forecast rests on.",
        "\n".join(lines),
    ]


def _targets(rows: Sequence[TargetVerdict]) -> list[str]:
    lines = ["| Target | Record | Law | Off by tolerances | Verdict |",
             "| --- | --- | --- | --- | --- |"]  # fmt: skip
    lines += [
        f"| {one.target.target_id}: {_plain(one.target.quantity)} | {one.target.value:g} "
        f"({one.target.low:g} to {one.target.high:g}) | {one.value:.3g} | {one.off:.1f} | "
        f"{one.verdict}{', learnt from' if one.target.learnt_from else ''} |" for one in rows
    ]  # fmt: skip
    fresh = [one.verdict for one in rows if not one.target.learnt_from]
    told = ", ".join(f"{fresh.count(word)} {word}" for word in ("met", "near", "missed"))
    return [
        "### Targets of mechanisms",
        "What the record says of loyalty, live fire, concession and exit, beside the same runs "
        f"weighed by the law, misses first. Of {len(fresh)} targets that the law was not learnt "
        f"from: {told}. Not measured: t05, t06 (campaigns of years), t12, t13 (countries without a "
        "protest), t28 to t30 (days of an episode in newspapers).",
        "\n".join(lines),
    ]


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


def _yes(level: int | None) -> str:
    return "–" if level is None else "yes" if level else "no"


def _scores(
    rows: Sequence[Crisis],
    evidence: Sequence[CrisisRuns],
    laws: dict[str, Law],
    forecasts: Sequence[LawForecast],
) -> list[str]:
    out = np.array([float(row.incumbent_out_12m or 0) for row in rows])
    some = np.array([float((row.defection or 0) > 0) for row in rows])
    gaps = [
        _binary("Brier, out in a year", rows, out, np.array([one.out for one in forecasts])),
        _binary("Brier, defection", rows, some, np.array([one.defection for one in forecasts])),
        _amount("CRPS, peak share", rows, evidence, laws, "peak"),
        _amount("CRPS, deaths", rows, evidence, laws, "deaths"),
    ]
    lines = ["| Score | Law | Reference | Law less reference |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {one.outcome} | {one.baseline:.3f} | {one.variant:.3f} | "
        f"{one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f}) |" for one in gaps
    ]  # fmt: skip
    worse = [one.outcome for one in gaps if one.low > 0.0]
    told = f"Worse with an interval clear of 0: {', '.join(worse)}." if worse else (
        "Nothing is worse than its reference with an interval clear of 0, and with 28 cases "
        "nothing is better either unless its interval says so."
    )  # fmt: skip
    return ["\n".join(lines), told]


def _training(rows: Sequence[Crisis], outcome: Sequence[float]) -> Training:
    inputs = np.zeros((len(rows), 1))
    return Training(tuple(row.case_id for row in rows), inputs, np.array(outcome))


def _binary(name: str, rows: Sequence[Crisis], happened: Floats, p: Floats) -> Effect:
    training = _training(rows, list(happened))
    rate = np.array([references.base_rate(training, row.case_id) for row in rows])
    return effect(name, (p - happened) ** 2, (rate - happened) ** 2)


def _amount(
    name: str,
    rows: Sequence[Crisis],
    evidence: Sequence[CrisisRuns],
    laws: dict[str, Law],
    what: str,
) -> Effect:
    (says, does), error = AMOUNTS[what], ERRORS[what]
    middles = [sum(says(row) or (np.nan, np.nan)) / 2.0 for row in rows]
    past = partial(references.climatology, _training(rows, middles))
    mine, others = [], []
    for row, one, middle in zip(rows, evidence, middles, strict=True):
        people = row.population_m * 1e6
        values = np.array([does(run, people) for run in one.outcomes])
        weights = visible_weights(laws[one.case_id], one)
        members = with_error(values, error)
        shares = np.repeat(weights / members.shape[1], members.shape[1])
        mine.append(weighted_crps(members.ravel(), shares, middle))
        others.append(past(row.case_id, middle))
    return effect(name, np.array(mine), np.array(others))
