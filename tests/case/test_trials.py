"""Every file that a trial of this program tripped over gets the right answer now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.case.toy import write_toy_of_choice
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
    told = {name: [x for x in trial["answer"] if x != "ok"] for name, trial in trials().items()}
    assert {name for name, lines in told.items() if len(lines) > 3} == set()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("observable", "' peak_whole_run'"), ("observable", "peak_whole_ru"),
        ("observable", "''"), ("observable", "alfa-city"), ("observable", "sixth paragraph"),
        ("unit", "ß"), ("unit", "a" * 9_999), ("unit", "A curfew begins."),
    ],
)  # fmt: skip
def test_a_target_is_refused_with_its_line(key: str, value: str, tmp_path: Path) -> None:
    """Targets that a trial by mutation found refused without a line, one with 9,999 letters."""
    case = write_toy_of_choice(tmp_path / "toy")
    file = case / "scenario.yaml"
    lines = file.read_text(encoding="utf-8").split("\n")
    at = max(i for i, line in enumerate(lines) if line.strip().startswith(f"{key}: "))
    lines[at] = f"{lines[at].partition(':')[0]}: {value}"
    file.write_text("\n".join(lines), encoding="utf-8")
    (said,) = answer(case)
    assert said.startswith(f"scenario.yaml:{at + 1}:"), said
    assert f".{key}: " in said
    assert len(said) < 1_000
