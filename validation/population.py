"""The law of all crises, learnt anew from runs of the open crises.

    python -m validation.population --points 64

run in the folder of the repository. Writes src/steppe/data/population.json and what
the law says of each crisis into docs/explanation/other-crises.md. A run takes about half
a second of one core, so 28 crises at 64 points take ten minutes, the law itself one more. Runs are
kept in --store: stopped and given again, it goes on, and more points add to those there are.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from validation.law_page import write_page

from steppe.core.response import Floats
from steppe.engine.version import MODEL_VERSION, engine_version
from steppe.research.crises.draws import with_values
from steppe.research.crises.runs import READ, simulated
from steppe.research.crises.table import Crisis, known, open_crises
from steppe.research.population.fit import FIRST_SEED, LawRun, learn, points
from steppe.results.hashing import digest
from steppe.results.store import Store
from steppe.study.batch import BatchJob, batch
from steppe.study.population import SHARED, parameters_of

TARGET = Path(__file__).resolve().parents[1] / "src" / "steppe" / "data" / "population.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the runs that are missing, learn the law, write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=64)
    parser.add_argument("--store", type=Path, default=Path("runs"))
    parser.add_argument("--workers", type=int)
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    law_runs = runs(asked.points, Store(asked.store), asked.workers)
    write(learn(law_runs))
    write_page(law_runs)
    print(f"{time.perf_counter() - began:.0f} seconds, runs in the store not counted")
    return 0


def runs(count: int, store: Store, workers: int | None = None) -> list[LawRun]:
    """Return the runs of every crisis at ``count`` points, made where they are not stored."""
    design = [
        (row, number, effects)
        for at, row in enumerate(open_crises())
        for number, effects in enumerate(points(at, count))
    ]
    jobs = [_job(row, number, effects) for row, number, effects in design]
    result = batch(jobs, store=store, workers=workers)
    law_runs = []
    for at, key in result.finished():
        row, _, effects = design[at]
        outcome = simulated(store.get(key, names=READ))
        law_runs.append(LawRun(row.case_id, tuple(map(float, effects)), outcome))
    return law_runs


def _job(row: Crisis, number: int, effects: Floats) -> BatchJob:
    scenario = with_values(known(row), {**SHARED, **parameters_of(effects)})
    return BatchJob(scenario, FIRST_SEED + number, engine="cohorts")


def write(content: dict[str, object]) -> None:
    """Write the law with hashes of the data and the version of the rules it was learnt from."""
    data = (files("steppe") / "data" / "crises.csv").read_bytes()
    origin = {"crises.csv": digest(data), "model": MODEL_VERSION, "engine": engine_version()}
    text = json.dumps({**content, "origin": origin}, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
