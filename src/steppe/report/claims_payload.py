"""What the page of the argument says: the judgement, and what its names mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from steppe.case.claims import ClaimsFile
from steppe.case.claims_model import AftermathRow
from steppe.case.scenario import Scenario
from steppe.model.ledger import MECHANISMS, NONE, ledger


class DatedSource(NamedTuple):
    """An event of the timeline: what happened, when (``2022-01-05 14:00``), who says so."""

    text: str
    when: str
    precision: str
    source: str


@dataclass(frozen=True, slots=True)
class ClaimsPayload:
    """A judgement as ``study.claims.document`` gives it, with the titles of what it names.

    ``minimum`` is the probability that tests of the file need by default; ``bases`` and
    ``changes`` are names with their titles, ``events`` those of the timeline, ``aftermath`` what
    came later by id. ``asked_seeds`` are those of the file, ``citizens`` those of the country.
    ``of`` is the number of claims in the file, of which the judgement may hold some.
    """

    found: Mapping[str, Any]
    minimum: float
    asked_seeds: int
    citizens: int
    of: int
    command: str
    claims_file: str
    bases: Mapping[str, str]
    changes: Mapping[str, str]
    events: Mapping[str, DatedSource]
    aftermath: Mapping[str, AftermathRow]
    versions: Mapping[str, str]
    attribution: Sequence[str] = ()
    failures: Sequence[str] = ()


def build_claims(
    found: Mapping[str, Any],
    file: ClaimsFile,
    scenario: Scenario,
    command: str,
    *,
    versions: Mapping[str, str],
    attribution: Sequence[str] = (),
    failures: Sequence[str] = (),
) -> ClaimsPayload:
    """Return the payload of ``found``, the document of a judgement of ``file`` on ``scenario``."""
    events = {
        event.id: DatedSource(
            event.text, f"{event.at:%Y-%m-%d %H:%M}", event.precision, event.source
        )
        for event in scenario.timeline
    }
    return ClaimsPayload(
        found=found,
        minimum=file.content.minimum_probability,
        asked_seeds=file.content.seeds,
        citizens=scenario.country.citizens,
        of=len(file.claims),
        command=command,
        claims_file=file.path.name,
        bases={name: base.title or name for name, base in file.content.bases.items()},
        changes={name: one.title or name for name, one in scenario.counterfactuals.items()},
        events=events,
        aftermath={row.id: row for row in file.aftermath},
        versions=versions,
        attribution=attribution,
        failures=failures,
    )


def model_words(name: str) -> str:
    """Return another model in words: ``loyalty: cascade`` with the title of that rule."""
    role, _, rule = name.partition(": ")
    if not rule:
        return name
    if rule == NONE:
        return f"{role.capitalize()} switched off"
    known = MECHANISMS.get(role, {}).get(rule)
    return f"{known.title} ({name})" if known else name


def parameter_words(name: str) -> str:
    """Return what a parameter, ``role.name``, means; '' if no rule has it."""
    role, _, own = name.partition(".")
    return next(
        (entry.info.meaning for entry in ledger() if (entry.role, entry.info.name) == (role, own)),
        "",
    )
