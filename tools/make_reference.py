"""Makes the results that the package ships: what the app shows before anything has been run.

    python tools/make_reference.py kazakhstan-2022
    python tools/make_reference.py kazakhstan-2022 --seeds 20 --store runs --with no-blackout
    python tools/make_reference.py kazakhstan-2022 --judged runs

simulates every citizen in the baseline and in the counterfactuals, unless the runs are in the store
already, and writes src/steppe/app/reference/CASE.json.gz. Give it again when the case, its
posterior sample or the version of the model has changed: the app refuses results of another one.
Stop it with Ctrl-C: finished runs are kept. With ``--judged`` it writes the verdicts by citizens
that ``steppe judge CASE --store runs`` left in a store instead.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from steppe.app.claims import best_verdicts
from steppe.app.comparison import Comparison
from steppe.app.config import Config
from steppe.app.reference import FOLDER, ShippedArm, ShippedResult, ShippedStamp, write_reference
from steppe.app.service import AppService
from steppe.app.shipped_verdicts import write_verdicts
from steppe.case.claims import claims_of
from steppe.case.load import load
from steppe.engine.version import MODEL_VERSION, engine_version
from steppe.report.encode import packed, safe_json, unpacked
from steppe.results.store import Store
from steppe.study.claims.verdict_store import VerdictStore
from steppe.study.coupled import run_coupled
from steppe.study.events import SeedDone, SeedFailed, StudyEvent
from steppe.study.request import ENGINE
from steppe.study.settings import StudySettings

ROOT = Path(__file__).resolve().parents[1]
CURVES = 5
"""Single runs whose curves are kept."""

FIRST = 4
"""So many counterfactuals of the case, unless they are named."""


def tell(event: StudyEvent) -> None:
    """Say how far it is."""
    if isinstance(event, SeedDone | SeedFailed):
        print(event, flush=True)


def few_curves(arm: dict[str, Any], hours: int) -> dict[str, Any]:
    """Return a history with the curves of a few runs and of no region."""
    for fan in arm["fans"]:
        curves = unpacked(fan["curves"], (fan["drawn"], hours), fan["step"])[:CURVES]
        fan |= {"curves": packed(curves, fan["step"]), "drawn": len(curves), "regionalCurves": None}
    return arm


def reference(service: AppService, settings: list[Comparison]) -> ShippedResult:
    """Return the results of the comparisons of one case, whose runs are all stored."""
    first = settings[0]
    draws, hours = service.draws.of(first.arms[0]), first.baseline.clock.hours
    baseline, arms = "", []
    for one in settings:
        found = json.loads(service.arms.comparison(one))
        if found["head"]["pairs"] < one.request.seeds:
            raise SystemExit(f"{one.request.variant}: runs failed; give the command again")
        baseline = safe_json(few_curves(found["baseline"], hours))
        (name,) = one.request.variant.counterfactuals
        variant = safe_json(few_curves(found["variant"], hours))
        base = service.draws.of(one.arms[1]).base
        arms.append(ShippedArm(name, base, variant, safe_json(found["differences"])))
    stamp = ShippedStamp(
        first.case.id, draws.base, draws.source, draws.sample, MODEL_VERSION,
        engine_version(first.baseline), first.request.seeds,
    )  # fmt: skip
    return ShippedResult(stamp, baseline, tuple(arms))


def judged(case: str, store: Store) -> str:
    """Write the verdicts by citizens on the claims of a case; return what was written."""
    scenario = load(case)
    assert scenario.folder is not None
    file = claims_of(scenario.folder, scenario)
    if file is None:
        raise SystemExit(f"{case} has no claims")
    best = best_verdicts(scenario, file.sha256, VerdictStore(store).all())
    records = [one for one in best.values() if one["made_with"].get("engine", ENGINE) == ENGINE]
    if len(records) < len(file.claims):
        raise SystemExit(f"{len(records)} of {len(file.claims)} claims are judged by citizens")
    target = write_verdicts(
        scenario, file.sha256, records, ROOT / "src" / "steppe" / "app" / FOLDER
    )
    return f"{target} {target.stat().st_size / 1024:.0f} kB"


def main() -> None:
    """Run what is missing and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--store", type=Path, default=Path("runs"))
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--with", dest="names", action="append", metavar="COUNTERFACTUAL")
    parser.add_argument("--judged", type=Path, metavar="STORE")
    given = parser.parse_args()
    if given.judged is not None:
        print(judged(given.case, Store(given.judged)))
        return
    service = AppService(Config(store=given.store))
    try:
        scenario = service.book.scenario(given.case, "")
        names = given.names or list(scenario.counterfactuals)[:FIRST]
        settings = [
            service.comparison(
                {"case": given.case, "counterfactuals": [name], "seeds": given.seeds}, ""
            )
            for name in names
        ]
        arms = [settings[0].arms[0], *(one.arms[1] for one in settings)]
        options = StudySettings.of(store=given.store, workers=given.workers, on_event=tell)
        run_coupled(arms, options)
        path = write_reference(
            reference(service, settings), ROOT / "src" / "steppe" / "app" / FOLDER
        )
    finally:
        service.close()
    print(f"{path} {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
