"""What a stored run was for: which arm, which counterfactual, which draw of which parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from steppe import __version__
from steppe.results.hashing import key_of
from steppe.results.run_index import RunSummary
from steppe.results.store import Store
from steppe.results.trajectory import RunRecord, Trajectory
from steppe.study.resolve import resolve_record

Labels = Mapping[str, str | int]


def labels_in(store: Store) -> Callable[[Trajectory], Labels]:
    """Return the function from a run of ``store`` to what it was for, as columns of a table.

    ``arm`` is baseline for the case as it is, else counterfactual; ``scenario`` the hash of the
    scenario before its draw, which reports and ``--json`` name.
    """
    readable, _ = store.survey()  # what cannot be read is left out by who exports
    summaries = {run.key: run for run in readable}
    names: dict[tuple[str, str], str] = {}

    def labels(run: Trajectory) -> Labels:
        summary = summaries[key_of(run.record)]
        base = summary.draw.base if summary.draw else summary.scenario_hash
        if (summary.case, base) not in names:
            names[summary.case, base] = _counterfactual(run.record)
        return run_labels(summary, base, names[summary.case, base])

    return labels


def run_labels(summary: RunSummary, base: str, name: str) -> Labels:
    """Return what a run was for; ``name`` is that of its counterfactual, '' for the baseline."""
    draw = summary.draw
    return {
        "arm": "counterfactual" if name else "baseline",
        "counterfactual": name,
        "scenario": base,
        "parameters": draw.source if draw else "default",
        "draw": draw.row if draw else 0,
        "version": __version__,
    }


def _counterfactual(record: RunRecord) -> str:
    """Return the counterfactual of its case that a run is of, or its changes; '' for none."""
    shared = resolve_record(record).request.shared
    return " ".join([*shared.counterfactuals, *(f"{path}={v}" for path, v in shared.values)])
