"""Reading ``claims.yaml``: the claims of a source text, each with the test fixed for it.

The file lies beside ``scenario.yaml`` and is no part of the scenario or of its hash. It is read by
the bounded loader, so a mistake has file, line and column; nothing in it is run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from steppe.case.claims_check import claim_problems
from steppe.case.claims_model import AftermathRow, Claim, Claims
from steppe.case.files import MAX_TABLE, MAX_YAML, is_there, read_text
from steppe.case.inheritance import SCENARIO, case_file
from steppe.case.model_introspection import problems
from steppe.case.scenario import Scenario
from steppe.case.source_location import (
    ENOUGH,
    Problem,
    SourceMark,
    Sources,
    in_order,
    name_list,
    near,
)
from steppe.case.tables_io import read_table
from steppe.case.yaml import read
from steppe.core.errors import CaseError

CLAIMS = "claims.yaml"
AFTERMATH = "aftermath.csv"


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """The claims of a case as read and checked.

    ``sha256`` is that of the file's bytes and ``aftermath_sha256`` that of the table beside it
    ('' if there is none): a verdict names both, so a margin cannot move unseen.
    """

    path: Path
    sha256: str
    content: Claims
    aftermath: tuple[AftermathRow, ...]
    aftermath_sha256: str
    sources: Sources

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims in the order of the file."""
        return self.content.claims

    def select(self, ids: Iterable[str]) -> tuple[Claim, ...]:
        """Return the claims with ``ids`` in the order of the file, all if none is named.

        Raises ``CaseError`` naming the nearest id of one that is not there.
        """
        names = list(dict.fromkeys(ids))
        all_ids = [claim.id for claim in self.claims]
        faults = [
            SourceMark(str(self.path)).fault(
                "", f"no claim '{one}'", name_list(all_ids), near(one, all_ids)
            )
            for one in names
            if one not in all_ids
        ]
        if faults:
            raise CaseError(faults)
        return tuple(claim for claim in self.claims if not names or claim.id in names)

    def refuse(self, issues: Iterable[Problem]) -> None:
        """Raise ``CaseError`` with the places of what was ``issues`` wrong; nothing if nothing."""
        wrong = list(islice(issues, ENOUGH))
        if wrong:
            raise CaseError(in_order(self.sources.faults(wrong)))


def claims_path(case: str | Path) -> Path:
    """Return where the claims of ``case`` are, or would be."""
    return case_file(case).parent / CLAIMS


def claims_of(case: str | Path, scenario: Scenario) -> ClaimsFile | None:
    """Return the claims that lie beside the scenario of ``case``; None if there are none.

    A case that is a YAML file of another name has none of its own. Raises ``CaseError`` as
    ``read_claims`` does.
    """
    path = claims_path(case)
    if case_file(case).name != SCENARIO or not is_there(path):
        return None
    return read_claims(path, scenario)


def read_claims(path: Path, scenario: Scenario) -> ClaimsFile:
    """Return the claims in ``path``, checked against ``scenario`` and the aftermath beside it.

    Raises ``CaseError`` with up to 20 faults, each with file, line, column and nearest name.
    """
    text = read_text(path, MAX_YAML, SourceMark(str(path)))
    sources = Sources(read(text, str(path)), {})
    try:
        content = Claims.model_validate(sources.tree.data(), strict=True)
    except ValidationError as error:
        raise CaseError(in_order(sources.faults(problems(error, Claims)))) from None
    rows, aftermath_text = _aftermath(path.parent / AFTERMATH)
    claims = ClaimsFile(
        path, _digest(text), content, rows, _digest(aftermath_text) if rows else "", sources
    )
    claims.refuse(claim_problems(content, rows, scenario))
    return claims


def _aftermath(path: Path) -> tuple[tuple[AftermathRow, ...], str]:
    if not is_there(path):
        return (), ""
    text = read_text(path, MAX_TABLE, SourceMark(str(path)))
    table = read_table(AftermathRow, text, str(path), {})
    earlier: set[str] = set()
    for index, row in enumerate(table.rows):
        if row.id in earlier:
            raise CaseError([table.mark(index, "id").fault("id", f"'{row.id}' is given twice")])
        earlier.add(row.id)
    return table.rows, text


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
