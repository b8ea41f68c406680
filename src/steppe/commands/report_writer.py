"""From runs to the report: scores, parameters, licences and the command that repeats it."""

from __future__ import annotations

import platform
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from steppe import __version__
from steppe.case.files import MAX_YAML, read_text
from steppe.case.inheritance import case_file
from steppe.case.patch import Change
from steppe.case.source_location import SourceMark
from steppe.case.triggers import has_trigger
from steppe.core.errors import CaseError, SteppeError
from steppe.evidence.scoring import TargetScore
from steppe.evidence.unused import NOT_DRAWN
from steppe.report.build import build_payload
from steppe.report.effects import value_words
from steppe.report.payload import ReportPayload
from steppe.report.provenance import ReportOptions
from steppe.results.trajectory import Trajectory
from steppe.study.preflight import figures_not_drawn
from steppe.study.request import CaseChanges
from steppe.study.resolve import ResolvedRequest

if TYPE_CHECKING:
    from steppe.study.claims.judge import Judgement
    from steppe.study.individual_divergence import IndividualDivergence
    from steppe.study.pair import Pair

ATTRIBUTION = "attribution"
"""The section of a case's SOURCES.md whose items a report repeats: a heading that begins so."""

NUMERICAL = ("numba", "numpy")

PLACEBO_SEEDS = 10
"""Runs of each arm of the placebo in a report; `steppe check --placebo` makes more."""

LONGEST = 60
"""So many letters of a change are kept in a file's name."""


def payload_of(
    study: ResolvedRequest,
    runs: Sequence[Trajectory],
    scores: Sequence[TargetScore],
    command: str,
    omissions: Sequence[str] = (),
) -> ReportPayload:
    """Return everything the report says of ``runs``; raises ``ValueError`` if they do not match.

    ``omissions`` are sentences about runs that are not in the report; those about observed
    figures that are not drawn come with them.
    """
    payload = build_payload(study.baseline, runs, scores, _options(study, command), study.draws)
    figures = [one.message for one in figures_not_drawn(study.baseline) if NOT_DRAWN in one.message]
    warnings = (*payload.repeat.warnings, *omissions, *figures)
    repeat = replace(payload.repeat, warnings=warnings)
    return replace(payload, answer=(*payload.answer, *placebo_words(study)), repeat=repeat)


def placebo_words(study: ResolvedRequest) -> tuple[str, ...]:
    """Return whether an own case is quiet without its trigger, and what the trigger adds.

    A case whose sample was fitted was fitted with its placebo; a changed case asks something else;
    of rules that cohorts do not know nothing is said.
    """
    from steppe.study.placebo import placebo
    from steppe.study.posterior import posterior_of

    case = study.baseline
    sample = posterior_of(case)
    if study.changes or (sample is not None and sample.fitted) or not has_trigger(case):
        return ()
    try:
        return (f"Placebo, by cohorts: {placebo(case, PLACEBO_SEEDS).words()}.",)
    except SteppeError:
        return ()


def _options(study: ResolvedRequest, command: str) -> ReportOptions:
    own = attribution(study.request.case)
    return ReportOptions(
        command, versions(), own, study.question, change_texts(study.changes),
        study.draws.words(study.request.seeds), reply(study),
    )  # fmt: skip


def reply(study: ResolvedRequest) -> str:
    """Return what one history says to the question of its case: which command answers it."""
    request, own = study.request, study.request.shared
    unsaid = own.patches or request.free_from is not None or len(own.counterfactuals) > 1
    if unsaid or (own.values and own.counterfactuals):
        return ""
    listed = study.baseline.counterfactuals
    if study.changes:
        changes = own
        what = "One history does not tell what a change did; both, seed by seed, do"
    elif listed:
        question = next(iter(study.baseline.questions), "")
        same = (name for name, one in listed.items() if one.question == question)
        name = next(same, next(iter(listed)))
        changes = replace(own, counterfactuals=(name,))
        what = f"One history cannot answer that; beside “{listed[name].title}” it can"
    else:
        return ""
    pair = replace(request, shared=CaseChanges(), variant=changes, citizens=False)
    return f"{what}: {pair.as_command('pair')}"


def versions() -> dict[str, str]:
    """Return what made the page, beside model and engine."""
    own = {"steppe": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in NUMERICAL}


def attribution(case: str) -> tuple[str, ...]:
    """Return the lines that the licences of a case's data ask for; none if it names none."""
    try:
        path = case_file(case).parent / "SOURCES.md"
        text = read_text(path, MAX_YAML, SourceMark(str(path)))
    except CaseError:
        return ()
    inside, items = False, list[str]()
    for line in text.splitlines():
        if line.startswith("#"):
            inside = line.lstrip("# ").lower().startswith(ATTRIBUTION)
        elif inside and line.startswith("- "):
            items.append(line[2:])
        elif inside and items and line.strip():
            items[-1] += f" {line.strip()}"
    return tuple(item.replace("`", "").replace("**", "") for item in items)


def change_texts(changes: Sequence[Change]) -> tuple[str, ...]:
    """Return the changes of a scenario as text, one line each."""
    return tuple(
        f"{path}: {value_words(old, path)} → {value_words(new, path)}" for path, old, new in changes
    )


def default_path(study: ResolvedRequest) -> Path:
    """Return where a report goes by default: beside the runs, named by what is in it."""
    request = study.request
    size = "" if request.scale == 1.0 else f"-scale-{request.scale:g}"
    size += "" if request.engine == "citizens" else f"-{request.engine}"
    return Path(request.store) / "reports" / f"{study.label}{size}.html"


def default_pair_path(study: ResolvedRequest) -> Path:
    """Return where the report of a pair goes by default: named by both histories."""
    safe = re.sub(r"[^\w.+-]+", "-", study.variant_name)[:LONGEST]
    base = default_path(study)
    return base.with_name(f"{base.stem}-vs-{safe}.html")


def write_pair(
    study: ResolvedRequest, pair: Pair, divergence: IndividualDivergence | None, target: Path
) -> Path:
    """Write the report of a pair and return its path."""
    from steppe.report.pair_build import build_pair
    from steppe.report.pair_page import write_pair_report

    payload = build_pair(
        pair, _options(study, study.request.as_command()), histories=divergence,
        parameters=study.draws.words(len(pair.seeds)),
    )  # fmt: skip
    return write_pair_report(payload, target)


def default_claims_path(store: Path, verdicts: Judgement) -> Path:
    """Return where the page of verdicts goes by default: named by case and claims file."""
    stem = verdicts.file.path.stem
    claims = "claims" if stem == "claims" else f"claims-{stem}"
    size = "" if verdicts.config.scale == 1.0 else f"-scale-{verdicts.config.scale:g}"
    return store / "reports" / f"{verdicts.scenario.id}-{claims}{size}.html"
