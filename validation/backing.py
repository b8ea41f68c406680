"""What backing from abroad does to a regime that decides for itself: words, troops, both, none.

    python -m validation.backing [--draws 60] [--json validation/backing.json]

run in the folder of the repository; some five minutes. The reference case by cohorts, history until
the request for help and free actors after it; the alliance answers as it did, in each arm with what
that arm leaves of the answer. Draw i of the posterior with seed i in every arm. Units as loyal as
the parameters say come first, then units less loyal, where more hangs on what they believe.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from steppe.case.endogenous import endogenous_from
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.engine.cohort_run import run_many
from steppe.engine.version import MODEL_VERSION
from steppe.study.parameters import posterior_row

CASE = "kazakhstan-2022"
PAPER = Path(__file__).with_name("backing.json")
LEVELS = (0.0, -0.5, -1.0)
"""Shifts of the loyalty of all services, in its log-odds."""

ARMS = {
    "words and troops": {},
    "words alone": {"alliance.troops": False},
    "troops alone": {"alliance.signal": False},
    "neither": {"alliance.troops": False, "alliance.signal": False},
}


@dataclass(frozen=True, slots=True)
class BackedArm:
    """What the runs of one arm show.

    ``belief`` is the mean belief of units that the regime survives, in the week after the request;
    ``defected`` and ``killed`` are means of runs, units and persons.
    """

    level: float
    arm: str
    runs: int
    belief: float
    defected: float
    killed: float
    falls: int


def arms(scenario: Scenario) -> Iterator[tuple[float, str, Scenario]]:
    """Yield level of loyalty, name of the arm and scenario."""
    free = endogenous_from(scenario, "request").change("alliance.rule", "scripted")
    for level in LEVELS:
        for name, changes in ARMS.items():
            arm = free.change("parameters.loyalty.level", level)
            for path, value in changes.items():
                arm = arm.change(path, value)
            yield level, name, arm


def shown(level: float, name: str, scenario: Scenario, draws: int) -> BackedArm:
    """Return what ``draws`` runs of an arm show. Raises as ``run_many``."""
    assert scenario.endogenous_from is not None
    start = scenario.clock.clock().hour_of(scenario.endogenous_from)
    rows = []
    for seed in range(1, draws + 1):
        (run,) = run_many(scenario, [seed], [posterior_row(scenario, seed)])
        belief = float(np.mean(run["survival_belief"][start : start + 168]))
        falls = run.outcome["fate"] == "falls"
        rows.append((belief, run.outcome["units_defected"], run.outcome["killed"], falls))
    belief, defected, killed, falls = np.mean(np.array(rows, dtype=np.float64), axis=0)
    return BackedArm(level, name, draws, belief, defected, killed, round(falls * draws))


def main() -> None:
    """Run every arm, print what it shows and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--draws", type=int, default=60)
    parser.add_argument("--json", type=Path, default=PAPER)
    asked = parser.parse_args()
    found = []
    for level, name, scenario in arms(load(CASE)):
        one = shown(level, name, scenario, asked.draws)
        found.append(asdict(one))
        print(
            f"loyalty {level:+.1f}  {name:16s} belief {one.belief:.2f}  units that changed sides "
            f"{one.defected:5.1f}  killed {one.killed:6.0f}  falls {one.falls} of {one.runs}",
            flush=True,
        )
    account = {"model": MODEL_VERSION, "draws": asked.draws, "arms": found}
    asked.json.write_text(json.dumps(account, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
