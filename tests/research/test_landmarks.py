"""How protests go on: what is forecast knows nothing of its country, and meets what is to beat."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from steppe.cli import cli
from steppe.core.errors import CaseError
from steppe.research.landmarks.benchmark import (
    TaskScore,
    benchmark,
    country_interval,
    document,
    task_score,
)
from steppe.research.landmarks.models import chances, sizes
from steppe.research.landmarks.table import (
    FACTS,
    NUMBERS,
    Landmarks,
    open_landmarks,
    read_landmarks,
)
from steppe.research.landmarks.tasks import TASKS

Floats = NDArray[np.float64]

ENDS = TASKS[0]


@pytest.fixture(scope="module")
def rows() -> Landmarks:
    return open_landmarks()


@pytest.fixture(scope="module")
def scores(rows: Landmarks) -> tuple[TaskScore, ...]:
    return benchmark(rows)


def with_column(rows: Landmarks, name: str, change: Callable[[Floats], Floats]) -> Landmarks:
    return replace(rows, columns={**rows.columns, name: change(rows[name].copy())})


def test_every_question_is_answered_better_than_what_is_to_beat(
    scores: tuple[TaskScore, ...],
) -> None:
    assert [one.task.name for one in scores] == [task.name for task in TASKS]
    for one in scores:
        assert one.score <= one.bar <= one.base + 1e-12
        assert one.gap[1] < 0.0
        assert one.bar_gap[1] < 0.0


def test_scores_are_those_of_record(scores: tuple[TaskScore, ...]) -> None:
    record = {"B1": (2762, 0.190575), "B2": (2714, 0.149432), "B3": (2759, 0.076428),
              "B4": (2762, 0.114658), "B5": (1164, 0.362545), "B6": (2762, 0.657291)}  # fmt: skip
    content = document(scores)
    assert set(content) == set(record)
    for name, (n, base) in record.items():
        assert content[name]["n"] == n
        assert content[name]["base"] == pytest.approx(base, abs=2e-6)
    assert content["B1"]["day_7"]["n"] == 529  # type: ignore[index]


def test_what_came_of_a_country_changes_nothing_that_is_said_of_it(rows: Landmarks) -> None:
    country = "KAZ"
    own = rows.take((rows.country == country) & ENDS.asks(rows))
    assert len(own) > 5
    other = with_column(rows, "ends_7d", lambda y: np.where(rows.country == country, 1.0 - y, y))
    assert task_score(ENDS, own, rows).score == task_score(ENDS, own, other).score
    far = own.take(np.ones(len(own), dtype=np.bool_))
    far.country[:] = "XXX"  # a country that nothing is known of is forecast from all
    assert task_score(ENDS, far, rows).score != task_score(ENDS, far, other).score


def test_what_cannot_be_told_is_left_out(rows: Landmarks) -> None:
    blank = with_column(rows, "escalates_30d", lambda y: np.where(y == 1.0, -1.0, y))
    (escalates,) = [one for one in benchmark(blank.take(rows["day"] == 1.0)) if
                    one.task.name == "B2"]  # fmt: skip
    assert escalates.n == int(((rows["escalates_30d"] == 0.0) & (rows["day"] == 1.0)).sum())


def test_a_country_counts_as_one_in_intervals() -> None:
    country = np.array(["A"] * 30 + ["B"] * 30)
    gaps = np.repeat([1.0, -1.0], 30)
    assert country_interval(gaps, country) == (-1.0, 1.0)
    assert country_interval(np.full(60, 0.25), country) == (0.25, 0.25)
    assert np.isnan(country_interval(gaps[:30], country[:30])).all()


def test_a_regression_finds_what_decides_and_fills_what_is_missing() -> None:
    x = np.column_stack([np.arange(400) % 2, np.linspace(-1.0, 1.0, 400)]).astype(float)
    p = chances(x, x[:, 0], np.array([[1.0, 0.0], [0.0, 0.0], [np.nan, 0.0]]))
    assert p[0] > 0.7
    assert p[1] < 0.3
    assert p[2] == pytest.approx(0.5, abs=0.05)
    y = 3.0 + 2.0 * x[:, 1]
    members = sizes(x, y, np.array([[0.0, 0.5]]))
    assert float(members.mean()) == pytest.approx(4.0, abs=0.15)


def written(rows: Landmarks, path: Path) -> Path:
    names = ["iso3", "date", *NUMBERS]
    lines = [",".join(names)]
    for k in range(len(rows)):
        numbers = [rows[name][k] for name in NUMBERS]
        cells = ["" if np.isnan(one) else f"{float(one)!r}" for one in numbers]
        lines.append(",".join([rows.country[k], f"{rows.year[k]:.0f}-01-02", *cells]))
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def test_a_file_of_the_same_columns_is_scored(rows: Landmarks, tmp_path: Path) -> None:
    part = rows.take(np.isin(rows.country, ["KAZ", "KGZ", "EGY"]))
    plain, packed = (written(part, tmp_path / name) for name in ("own.csv", "own.csv.gz"))
    done = CliRunner().invoke(cli, ["validate", "--landmarks", str(plain), "--json"])
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert content == {"landmarks": json.loads(json.dumps(document(benchmark(part))))}
    assert document(benchmark(read_landmarks(packed))) == document(benchmark(part))
    told = CliRunner().invoke(cli, ["validate", "--landmarks", str(plain)])
    assert "Not attainable" in told.stdout


def test_faults_are_told_by_line_and_column(rows: Landmarks, tmp_path: Path) -> None:
    path = written(rows.take(np.arange(len(rows)) < 3), tmp_path / "wrong.csv")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("largest_so_far", "largest_sofar"), encoding="utf-8")
    with pytest.raises(CaseError, match=r"largest_so_far: the column is missing.*largest_sofar"):
        read_landmarks(path)
    lines = text.splitlines()
    cells = lines[2].split(",")
    cells[2], cells[3] = "2", "many"
    path.write_text("\n".join([*lines[:2], ",".join(cells), *lines[3:]]) + "\n", encoding="utf-8")
    with pytest.raises(CaseError) as error:
        read_landmarks(path)
    assert "wrong.csv:3" in str(error.value)
    assert "'2' is no landmark" in str(error.value)
    assert "'many' is no number" in str(error.value)
    path.write_text(lines[0] + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match="no rows"):
        read_landmarks(path)


def test_only_facts_may_be_missing(rows: Landmarks) -> None:
    assert any(np.isnan(rows[name]).any() for name in FACTS)
    assert not any(np.isnan(rows[name]).any() for name in NUMBERS if name not in FACTS)
