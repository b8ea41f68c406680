"""What the cause did, and what each rule of the model buys: the anatomy of the reference case.

    python -m validation.anatomy [--draws 100] [--json validation/anatomy.json]

run in the folder of the repository; some five minutes, most of them for compiling the streets
without one rule after another. Histories are by cohorts, draw i of the posterior with seed i in
every history, so that all are paired. Rules are taken out without fitting anything anew: other
parameters do not make up for what is missing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError
from steppe.engine.cohort_run import run_many
from steppe.engine.version import MODEL_VERSION
from steppe.evidence.scoring import score_values
from steppe.evidence.view import view
from steppe.model.ledger import MECHANISMS, NONE
from steppe.study.ablation import patches
from steppe.study.calibration.targets import figures
from steppe.study.parameters import posterior_row

CASE = "kazakhstan-2022"
NORTH = (
    "akmola", "east-kazakhstan", "karaganda", "kostanay", "north-kazakhstan", "nur-sultan",
    "pavlodar",
)  # fmt: skip
"""The regions with the smallest shares of cars that run on the gas."""

QUIET, CRISIS, LARGE = 500, 2_000, 20_000
"""Persons on the street at once: hardly anybody, a crisis, a large one."""

PAPER = Path(__file__).with_name("anatomy.json")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """What runs of one history show: quantiles 5, 50 and 95 %, shares of runs, figures met."""

    name: str
    title: str
    peak: tuple[float, float, float]
    below_quiet: float
    below_crisis: float
    above_large: float
    person_hours: float
    killed: float
    met: int
    near: int
    missed: int


def histories(scenario: Scenario) -> Iterator[tuple[str, str, Scenario]]:
    """Yield name, title and scenario: the baseline, doses of the price, counterfactuals."""
    yield "baseline", "Baseline", scenario
    for dose in (0.0, 0.2, 0.5, 0.75):
        title = "No price shock" if dose == 0.0 else f"{dose:.0%} of the price shock"
        yield f"shock-{dose:g}", title, scenario.change("prices.shock", dose)
    yield (
        "shock-in-the-north",
        "The whole shock, in the seven northern regions alone",
        north(scenario),
    )
    doses = ("no-price-shock", "half-price-shock", "no-trigger", "half-trigger")
    for name, one in scenario.counterfactuals.items():
        if name not in doses:
            yield name, one.title, scenario.counterfactual(name)


def north(scenario: Scenario) -> Scenario:
    """Return the scenario in which the price moves in the northern regions alone."""
    before = {step.region: step.price for step in scenario.price_steps if step.cause == "before"}
    steps = tuple(
        step if step.region in NORTH else step.model_copy(update={"price": before[step.region]})
        for step in scenario.price_steps
    )
    return scenario.model_copy(update={"price_steps": steps})


def without_rules(scenario: Scenario) -> Iterator[tuple[str, str, Scenario]]:
    """Yield name, title and scenario without one rule after another."""
    for role, now, instead in patches(scenario):
        if instead == NONE:
            title = MECHANISMS[role][now].title
            yield role, f"Without: {title}", scenario.change(f"mechanisms.{role}", NONE)


def shown(scenario: Scenario, name: str, title: str, draws: int) -> History:
    """Return what ``draws`` runs of a history show. Raises as ``run_many``."""
    runs = []
    for seed in range(1, draws + 1):
        (run,) = run_many(scenario, [seed], [posterior_row(scenario, seed)])
        data = view(scenario, run)
        values = [one.value(data) for one in figures(scenario)]
        active = float(data.active.sum())
        runs.append([run.outcome["peak_active"], active, run.outcome["killed"], *values])
    table = np.array(runs, dtype=np.float64)
    peak = table[:, 0]
    targets = figures(scenario)
    verdicts = [score_values(one, table[:, 3 + at]).verdict for at, one in enumerate(targets)]
    low, middle, high = np.quantile(peak, (0.05, 0.5, 0.95))
    return History(
        name, title, (float(low), float(middle), float(high)),
        float((peak < QUIET).mean()), float((peak < CRISIS).mean()), float((peak > LARGE).mean()),
        float(np.median(table[:, 1])), float(np.median(table[:, 2])),
        verdicts.count("met"), verdicts.count("near"), verdicts.count("missed"),
    )  # fmt: skip


def main() -> None:
    """Run every history, print the tables and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--json", type=Path, default=PAPER)
    asked = parser.parse_args()
    scenario = load(CASE)
    found: dict[str, list[dict[str, object]]] = {}
    left_out: list[str] = []
    for part, variants in (("histories", histories), ("rules", without_rules)):
        found[part] = []
        for name, title, variant in variants(scenario):
            try:
                one = shown(variant, name, title, asked.draws)
            except SteppeError as error:
                left_out.append(f"{title}: {error}")
                continue
            found[part].append(asdict(one))
            low, middle, high = one.peak
            print(
                f"{title:60s} peak {middle:9,.0f} [{low:,.0f}, {high:,.0f}]  "
                f"<{CRISIS:,} {one.below_crisis:4.0%}  {one.met} met {one.near} near "
                f"{one.missed} missed", flush=True,
            )  # fmt: skip
    for line in left_out:
        print(f"left out: {line}")
    account = {"model": MODEL_VERSION, "draws": asked.draws, **found, "left_out": left_out}
    asked.json.write_text(json.dumps(account, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
