"""What mechanisms of power should do, by the record, beside what runs under the law of crises do.

The targets (``mechanism_targets.csv``) are shares and quantiles over many protests. Each is
measured in the same terms on runs that would have been seen, weighed by the law. Those that come
from the file of crises are what the law was learnt from: to meet them is no success.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from steppe.research.crises.runs import CrisisOutcomes
from steppe.research.crises.table import VISIBLE
from steppe.research.population.em import Law
from steppe.study.population import NONE, PARTIAL

Floats = NDArray[np.float64]
Runs = Sequence[CrisisOutcomes]
Measure = Callable[[Runs, Floats, Law], float]

ROUGH = 0.2
"""Share of the people on the street over the run from which a run counts as violent [assumed]."""

BANDS = ((1e3, 1e4), (1e4, 1e5), (1e5, np.inf))
"""Sizes of episodes; campaigns have one more, from a million on."""


@dataclass(frozen=True, slots=True)
class MechanismTarget:
    """One target: value, 95 % interval, tolerance, and where it is from."""

    target_id: str
    quantity: str
    value: float
    low: float
    high: float
    tolerance: float
    source: str

    @property
    def learnt_from(self) -> bool:
        """Whether it tells what the law was learnt from."""
        return self.source.startswith("open crises file")


@dataclass(frozen=True, slots=True)
class TargetVerdict:
    """A target beside the model's value; ``off`` is the distance in tolerances."""

    target: MechanismTarget
    value: float
    runs: int
    off: float

    @property
    def verdict(self) -> str:
        """``met`` within tolerance or interval, ``near`` within twice that, else ``missed``."""
        inside = self.target.low <= self.value <= self.target.high
        return "met" if inside or self.off <= 1.0 else "near" if self.off <= 2.0 else "missed"


@cache
def mechanism_targets() -> tuple[MechanismTarget, ...]:
    """Return the targets that come with the program."""
    text = files("steppe").joinpath("data", "mechanism_targets.csv").read_text(encoding="utf-8")
    return tuple(
        MechanismTarget(row["id"], row["quantity"], float(row["value"]), float(row["low"]),
                        float(row["high"]), float(row["tolerance"] or "nan"), row["source"])
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def compare(runs: Runs, weights: Floats, law: Law) -> tuple[TargetVerdict, ...]:
    """Return every target that can be measured, misses first; ``weights`` are those of the law."""
    keep = np.array([run.peak >= VISIBLE for run in runs])
    visible = [run for run, is_kept in zip(runs, keep, strict=True) if is_kept]
    w = weights[keep] / weights[keep].sum()
    verdicts = []
    for one in mechanism_targets():
        measure = MEASURES.get(one.target_id)
        if measure is not None:
            value = measure(visible, w, law)
            if np.isfinite(value):
                off = abs(value - one.value) / one.tolerance
                verdicts.append(TargetVerdict(one, value, len(visible), off))
    return tuple(sorted(verdicts, key=lambda one: -one.off))


def _share(
    when: Callable[[CrisisOutcomes], bool], happens: Callable[[CrisisOutcomes], bool]
) -> Measure:
    def measure(runs: Runs, w: Floats, law: Law) -> float:
        subset = np.array([when(run) for run in runs])
        yes = np.array([happens(run) for run in runs])
        return float(w[subset & yes].sum() / w[subset].sum()) if w[subset].sum() > 0.0 else np.nan

    return measure


def _between(low: float, high: float) -> Callable[[CrisisOutcomes], bool]:
    return lambda run: low <= run.peak < high


def _peaceful(low: float, high: float) -> Callable[[CrisisOutcomes], bool]:
    return lambda run: low <= run.peak < high and run.violent < ROUGH


def _violent(low: float, high: float) -> Callable[[CrisisOutcomes], bool]:
    return lambda run: low <= run.peak < high and run.violent >= ROUGH


def _lethal(run: CrisisOutcomes) -> bool:
    return run.killed > 0.0


def _out_after(when: Callable[[CrisisOutcomes], bool]) -> Measure:
    """Return the chance to be out within a year after runs of a kind."""

    def measure(runs: Runs, w: Floats, law: Law) -> float:
        subset = [k for k, run in enumerate(runs) if when(run)]
        if not subset:
            return np.nan
        exits = law.exit[[runs[k].end for k in subset]]
        return float(w[subset] @ exits / w[subset].sum())

    return measure


def _late(runs: Runs, w: Floats, law: Law) -> float:
    """Return the share of exits within a year that no fall in the run brought."""
    stands = np.array([not run.falls for run in runs])
    exits = w * law.exit[[run.end for run in runs]]
    return float(exits[stands].sum() / exits.sum())


def _logs(runs: Runs) -> tuple[Floats, Floats]:
    share = np.log10([run.share for run in runs])
    return np.asarray(share), np.log10([1.0 + run.killed for run in runs])


def _mean_share(runs: Runs, w: Floats, law: Law) -> float:
    return float(w @ _logs(runs)[0])


def _correlation(runs: Runs, w: Floats, law: Law) -> float:
    a, b = (x - float(w @ x) for x in _logs(runs))
    spread = float(np.sqrt((w @ (a * a)) * (w @ (b * b))))
    return float(w @ (a * b)) / spread if spread > 0.0 else np.nan


def _median_lethality(runs: Runs, w: Floats, law: Law) -> float:
    per_head = np.log10([(0.5 + run.killed) / run.peak for run in runs])
    order = np.argsort(per_head)
    return float(per_head[order][np.searchsorted(np.cumsum(w[order]), 0.5)])


def _all(run: CrisisOutcomes) -> bool:
    return True


def _defects(run: CrisisOutcomes) -> bool:
    return run.defection


def _falls(run: CrisisOutcomes) -> bool:
    return run.falls


MEASURES: Mapping[str, Measure] = {
    "t01": _share(_all, _defects),
    "t02": _out_after(lambda run: run.end == NONE),
    "t03": _out_after(lambda run: run.end == PARTIAL),
    "t04": _out_after(lambda run: run.defected >= 0.5),
    "t07": _share(_peaceful(0.0, 1e4), _defects),
    "t08": _share(_peaceful(1e4, 1e5), _defects),
    "t09": _share(_peaceful(1e5, 1e6), _defects),
    "t10": _share(_peaceful(1e6, np.inf), _defects),
    "t11": _share(_violent(0.0, np.inf), _defects),
    **{f"t{14 + k}": _share(_between(*band), _falls) for k, band in enumerate(BANDS)},
    "t17": _share(_lethal, _falls),
    "t18": _share(lambda run: not _lethal(run), _falls),
    **{f"t{19 + 2 * k}": _share(_peaceful(*band), _lethal) for k, band in enumerate(BANDS)},
    **{f"t{20 + 2 * k}": _share(_violent(*band), _lethal) for k, band in enumerate(BANDS)},
    **{f"t{25 + k}": _share(_between(*band), lambda run: run.conceded)
       for k, band in enumerate(BANDS)},
    "t31": _share(_all, lambda run: run.killed <= 5.0),
    "t32": _share(_all, lambda run: run.killed >= 100.0),
    "t33": _median_lethality,
    "t34": _mean_share,
    "t35": _correlation,
    "t36": _late,
    "t37": _out_after(lambda run: not run.falls),
}  # fmt: skip
"""Target -> how it is measured. Not measured: t05, t06 (campaigns of years), t12, t13 (a country
without a protest), t28 to t30 (days of an episode in newspapers)."""
