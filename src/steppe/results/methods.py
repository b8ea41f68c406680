"""How runs were made, as a paragraph for a paper, and how to cite the program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from steppe import __version__
from steppe.results.engines import who
from steppe.results.formatting import count, day, integers, listing
from steppe.results.trajectory import RunRecord

PAIRED = (
    "Both histories of a pair share every random draw; a difference is baseline minus "
    "counterfactual, the mean over pairs, with a 95 % bootstrap interval that resamples pairs; "
    "each history is told by the median of its runs."
)
"""How a comparison of two histories is told."""

SINGLE = "Figures are medians of the runs with the range that holds 90 % of them."


def methods_paragraph(
    records: Sequence[RunRecord],
    *,
    parameters: str = "",
    command: str = "",
    statistics: str = SINGLE,
) -> str:
    """Return how runs of one case were made.

    ``parameters`` says where their values come from, ``statistics`` what figures are: ``SINGLE``,
    or ``PAIRED`` for a comparison.
    """
    first = records[0]
    start = day(datetime.fromisoformat(first.start), year=True)
    seeds = sorted({record.seed for record in records})
    engines = sorted({who(record.engine, record.scale) for record in records})
    parts = [
        f"Simulated with steppe {__version__}, model version {first.model_version} (code "
        f"{first.engine_version}): case {first.case}, scenario {first.scenario_hash[:12]}, "
        f"{first.citizens:,} citizens, {listing(engines)}, {count(first.hours, 'hour')} from "
        f"{start}, {count(len(seeds), 'seed')} ({integers(seeds)})."
    ]
    parts += [f"Parameters: {parameters}."] if parameters else []
    parts += [statistics] if statistics else []
    parts += [f"Repeated by: {command}"] if command else []
    return " ".join(parts)


def bibtex(record: RunRecord) -> str:
    """Return the entry that cites the program with the case and the version of the model."""
    note = f"Model version {record.model_version}, case {record.case}"
    return (
        "@software{steppe,\n"
        "  title = {steppe: a laboratory for regime crises},\n"
        "  author = {{The steppe developers}},\n"
        f"  version = {{{__version__}}},\n"
        f"  note = {{{note}}}\n"
        "}"
    )
