"""What a report says of how it was made, so that it can be made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steppe.results.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that repeats the report."""

    command: str
    versions: tuple[tuple[str, str], ...]
    seeds: tuple[int, ...]
    scenario_hash: str
    warnings: tuple[str, ...]
    attribution: tuple[str, ...]
    sample: str = ""
    """Digest of the posterior sample that parameters were drawn from."""


def provenance_of(
    runs: Sequence[Trajectory],
    command: str,
    versions: Mapping[str, str],
    attribution: Sequence[str],
    *,
    scenario_hash: str,
    sample: str,
) -> Provenance:
    """Return what repeats the report of ``runs`` of one model; ``versions`` join those it names."""
    record = runs[0].record
    known = {"model": record.model_version, "engine": record.engine_version, **versions}
    warnings = sorted({warning for run in runs for warning in run.record.warnings})
    return Provenance(
        command,
        tuple(sorted(known.items())),
        tuple(run.record.seed for run in runs),
        scenario_hash,
        tuple(warnings),
        tuple(attribution),
        sample,
    )
