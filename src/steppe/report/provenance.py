"""What a report says of how it was made, so that it can be made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from steppe.results.methods import PAIRED, SINGLE, bibtex, methods_paragraph
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
    methods: str = ""
    bibtex: str = ""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a report says besides what was run.

    ``command`` is the exact command that repeats it, ``versions`` are further names and versions
    beside model and engine, ``attribution`` the licence lines of the case's data, ``question`` what
    was asked (else the case's first question), ``changes`` what differs from the case, in words,
    ``parameters`` where the values of parameters come from, ``reply`` what one history says to
    the question.
    """

    command: str
    versions: Mapping[str, str] = field(default_factory=dict)
    attribution: Sequence[str] = ()
    question: str = ""
    changes: Sequence[str] = ()
    parameters: str = ""
    reply: str = ""


def provenance_of(
    runs: Sequence[Trajectory],
    options: ReportOptions,
    scenario_hash: str,
    sample: str,
    *,
    paired: bool = False,
) -> Provenance:
    """Return what repeats the report of ``runs`` of one model; its versions join those named."""
    record = runs[0].record
    versions = {"model": record.model_version, "engine": record.engine_version, **options.versions}
    warnings = sorted({warning for run in runs for warning in run.record.warnings})
    return Provenance(
        options.command,
        tuple(sorted(versions.items())),
        tuple(run.record.seed for run in runs),
        scenario_hash,
        tuple(warnings),
        tuple(options.attribution),
        sample,
        methods_paragraph(
            [replace(run.record, scenario_hash=scenario_hash) for run in runs],
            parameters=options.parameters, command=options.command,
            statistics=PAIRED if paired else SINGLE,
        ),
        bibtex(record),
    )  # fmt: skip
