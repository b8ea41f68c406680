"""What the page of the argument says: the judgement, and where its names have their titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from steppe.case.claims import ClaimsFile
from steppe.case.claims_model import AftermathRow
from steppe.case.scenario import Scenario
from steppe.model.ledger import MECHANISMS, NONE, ledger


@dataclass(frozen=True, slots=True)
class ClaimsBasis:
    """The claims of ``file`` on ``scenario``: where the names in their tests have their titles."""

    file: ClaimsFile
    scenario: Scenario = field(repr=False)

    @property
    def minimum(self) -> float:
        """The probability that tests of the file need by default."""
        return self.file.content.minimum_probability

    def change(self, name: str) -> str:
        """Return the title of a counterfactual of the case, or what it is called."""
        one = self.scenario.counterfactuals.get(name)
        return one.title or name if one else name

    def base(self, name: str) -> str:
        """Return the title of a base of the file, or what it is called."""
        one = self.file.content.bases.get(name)
        return one.title or name if one else name

    def later(self, names: Sequence[str]) -> list[AftermathRow]:
        """Return the rows of what came later that have these names, in their order."""
        rows = {row.id: row for row in self.file.aftermath}
        return [rows[name] for name in names if name in rows]


@dataclass(frozen=True, slots=True)
class ClaimsPayload(ClaimsBasis):
    """A judgement of claims as ``study.claims.document`` gives it.

    ``command`` makes it again; ``versions`` are further names and versions beside model and engine,
    ``attribution`` the licence lines of the case's data, ``failures`` why runs are missing.
    """

    document: Mapping[str, Any] = field(repr=False)
    command: str
    versions: Mapping[str, str]
    attribution: Sequence[str] = ()
    failures: Sequence[str] = ()


def model_words(name: str) -> str:
    """Return another model in words: ``loyalty: cascade`` with the title of that rule."""
    role, _, rule = name.partition(": ")
    if not rule:
        return name
    if rule == NONE:
        return f"{role.capitalize()} switched off"
    mechanism = MECHANISMS.get(role, {}).get(rule)
    return f"{mechanism.title} ({name})" if mechanism else name


def parameter_words(name: str) -> str:
    """Return what a parameter, ``role.name``, means; '' if no rule has it."""
    meanings = {f"{entry.role}.{entry.info.name}": entry.info.meaning for entry in ledger()}
    return meanings.get(name, "")
