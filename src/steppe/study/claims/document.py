"""The whole judgement as one JSON document: for programs and for the page of the argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from steppe import __version__
from steppe.study.claims.decision_rules import CONTRADICTED, VERDICTS
from steppe.study.claims.judge import Judgement
from steppe.study.claims.verdict import Record

Command = Callable[[Record], str]
"""How a reader makes something of one record again."""


def document(judgement: Judgement, judge_again: Command, look: Command) -> dict[str, Any]:
    """Return ``judgement`` as plain values.

    ``judge_again`` gives the command that makes a verdict anew, ``look`` one that shows the
    histories behind it ('' where there are none). ``claims`` hold the records, ``edges`` the
    argument (``from`` rests on ``to``), ``summary`` how many claims got each verdict.
    """
    records = judgement.records
    verdicts = {record["id"]: record["verdict"] for record in records}
    origin = records[0]["made_with"] if records else {}
    return {
        "format": 1,
        "version": __version__,
        "case": {"id": judgement.scenario.id, "title": judgement.scenario.title},
        "source": judgement.file.content.source,
        "note": judgement.file.content.note,
        "made_with": origin,
        "summary": {
            verdict: sum(one == verdict for one in verdicts.values()) for verdict in VERDICTS
        },
        "claims": [
            {
                **{name: value for name, value in record.items() if name != "made_with"},
                "judge_again": judge_again(record),
                "look": look(record),
                "rests_on_contradicted": resting_on(record, verdicts),
            }
            for record in records
        ],
        "edges": [
            {"from": record["id"], "to": other, "verdict": verdicts.get(other)}
            for record in records
            for other in record["rests_on"]
        ],
    }


def resting_on(record: Record, verdicts: Mapping[str, str]) -> list[str]:
    """Return the claims that ``record`` rests on directly and that are contradicted."""
    return [other for other in record["rests_on"] if verdicts.get(other) == CONTRADICTED]
