"""Every file that a trial of this program tripped over gets the right answer now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.case.trials import answer, make, trials

PLACE = re.compile(r"^(CASE|[^:]+\.(yaml|csv|geojson)(:[1-9][0-9]*:[1-9][0-9]*)?): ")


@pytest.mark.parametrize("name", sorted(trials()))
def test_a_trial_is_answered_as_written_down(name: str, tmp_path: Path) -> None:
    trial = trials()[name]
    assert answer(make(tmp_path / "case", trial["files"])) == trial["answer"]


def test_every_answer_has_a_place_and_is_short() -> None:
    for name, trial in trials().items():
        for line in trial["answer"]:
            if line != "ok":
                assert PLACE.match(line.removeprefix("warning ")), (name, line)
                assert len(line) < 420, (name, line)


def test_no_mistake_is_explained_more_than_three_times() -> None:
    assert {name for name, trial in trials().items() if len(trial["answer"]) > 3} == set()
