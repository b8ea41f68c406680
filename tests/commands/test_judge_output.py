"""What `steppe judge` prints below a verdict."""

from __future__ import annotations

from typing import Any

import pytest

from steppe.commands.judge_output import _footing


def claim(engines: tuple[str, ...]) -> dict[str, Any]:
    """Return a claim that holds in other models, each tried by an engine."""
    alternatives = [{"engine": one} for one in engines]
    robust = {
        "agree": len(engines), "tried": len(engines), "flips": [], "sensitive_to": [],
        "alternatives": alternatives,
    }  # fmt: skip
    return {"robust": robust, "rests_on_contradicted": []}


@pytest.mark.parametrize(
    ("engines", "line"),
    [
        (("citizens", "citizens"), "holds in 2 of 2 other models"),
        (("cohorts", "citizens", "cohorts"), "holds in 3 of 3 other models, 2 of them by cohorts"),
    ],
)
def test_it_says_how_many_other_models_were_looked_at_by_cohorts(
    engines: tuple[str, ...], line: str
) -> None:
    assert _footing(claim(engines)) == [line]
