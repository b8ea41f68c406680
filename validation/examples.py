"""The example cases: quiet without a trigger, what their counterfactuals do, the fit.

    python -m validation.examples --seeds 12

run in the folder of the repository. Writes what the runs show between the marks of
docs/explanation/example-cases.md. By cohorts it takes a minute or two; with --engine citizens five
to ten seconds of one core for a run with a trigger. Runs are kept in --store: stopped and given
again, it goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.case.triggers import NO_TRIGGER
from steppe.engine.version import MODEL_VERSION
from steppe.evidence.scoring import TargetScore, score
from steppe.results.trajectory import Trajectory
from steppe.study.ensemble import ensemble
from steppe.study.placebo import CRISIS
from steppe.study.posterior import posterior_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "example-cases.md"
BEGIN, END = "<!-- runs begin -->", "<!-- runs end -->"
CASES = ("serbia-2000", "ecuador-2019", "kenya-2024")
ORDER = ("missed", "near", "met", "untested")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the runs that are missing and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--engine", choices=["cohorts", "citizens"], default="cohorts")
    parser.add_argument("--store", type=Path, default=Path("runs"))
    parser.add_argument("--workers", type=int)
    asked = parser.parse_args(arguments)
    parts = [_section(load(name), asked) for name in CASES]
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    text = "\n\n".join([_made(asked), *parts])
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


def _made(asked: argparse.Namespace) -> str:
    return (
        f"Made by `python -m validation.examples --seeds {asked.seeds} --engine {asked.engine}`, "
        f"model version {MODEL_VERSION}."
    )


def _runs(case: Scenario, asked: argparse.Namespace) -> list[Trajectory]:
    many = ensemble(
        case,
        seeds=asked.seeds,
        store=asked.store,
        workers=asked.workers,
        parameters="posterior",
        engine=asked.engine,
    )
    if not many.complete:
        raise SystemExit(f"{case.id}: {len(many.failures)} seeds failed: {many.failures[:1]}")
    return list(many.trajectories())


def _section(case: Scenario, asked: argparse.Namespace) -> str:
    baseline = _runs(case, asked)
    others = {name: _runs(case.counterfactual(name), asked) for name in _names(case)}
    return "\n\n".join(
        [f"## {case.title}", _quiet(case), _table(case, baseline, others), _fit(case, baseline)]
    )


def _names(case: Scenario) -> list[str]:
    return [NO_TRIGGER, *(name for name in case.counterfactuals if name != NO_TRIGGER)]


def _quiet(case: Scenario) -> str:
    sample = posterior_of(case)
    if sample is None or sample.fitted:
        raise SystemExit(f"{case.id} has no sample given quiet days")
    quiet = sample.account["quiet"]
    return (
        f"Parameters: the law of all crises without this one, given quiet days since "
        f"{quiet['since'][:10]}: {len(quiet['seeds'])} of {quiet['attempts']} draws stay quiet."
    )


def _table(
    case: Scenario, baseline: Sequence[Trajectory], others: dict[str, list[Trajectory]]
) -> str:
    bar = CRISIS * case.country.citizens
    rows = [
        "| History | Runs with a crisis | Most people on the street | Difference by seed |",
        "| --- | --- | --- | --- |",
    ]
    first = _peaks(baseline)
    for name, runs in {"as it was": baseline, **others}.items():
        peaks = _peaks(runs)
        change = "" if name == "as it was" else _three(peaks - first, sign="+")
        words = name if name == "as it was" else f"`{name}`: {_title(case, name)}"
        rows.append(f"| {words} | {np.mean(peaks >= bar):.0%} | {_three(peaks)} | {change} |")
    return "\n".join(rows)


def _title(case: Scenario, name: str) -> str:
    return case.counterfactuals[name].title.lower()


def _peaks(runs: Iterable[Trajectory]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(run.outcome["peak_active"]) for run in runs])


def _three(values: np.ndarray[tuple[int], np.dtype[np.float64]], sign: str = "") -> str:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return f"{middle:{sign},.0f} ({low:{sign},.0f} to {high:{sign},.0f})"


def _fit(case: Scenario, runs: Sequence[Trajectory]) -> str:
    scores = sorted(score(case, runs), key=lambda one: ORDER.index(one.verdict))
    head = ["| Figure | Observed | Runs | |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *_rows(scores)])


def _rows(scores: Iterable[TargetScore]) -> Iterator[str]:
    for one in scores:
        low, value, high = one.observed
        ends = [f"{end:,.0f}" for end in (low, high) if end is not None]
        seen = " to ".join(ends) if len(ends) == 2 else f"at most {ends[-1]}"
        seen = seen if value is None else f"{value:,.0f} ({seen})"
        shown = "" if one.simulated is None else (
            f"{one.simulated[1]:,.0f} ({one.simulated[0]:,.0f} to {one.simulated[2]:,.0f})"
        )  # fmt: skip
        yield f"| {one.title} | {seen} | {shown} | {one.verdict} |"


if __name__ == "__main__":
    raise SystemExit(main())
