"""What a case is fitted to: read from its own file, every mistake with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from steppe.case.inheritance import SHIPPED
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.study.calibration.targets import FILE, calibration_targets, figures

HEADER = "target,tolerance,quality,basis\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("case") / "kazakhstan-2022"
    shutil.copytree(SHIPPED / "kazakhstan-2022", made)
    return made


def test_the_case_says_what_counts(kazakhstan: Scenario) -> None:
    found = {one.id: one for one in calibration_targets(kazakhstan)}
    assert found["turnout-05"].tolerance == 0.3
    assert found["killed-15"].tolerance == found["officers-wounded-15"].tolerance == 0.2
    assert {one.id for one in found.values() if one.quality == "good"} == {
        "killed-15", "officers-wounded-15", "detained-11",
    }  # fmt: skip
    assert found["turnout-05"].observed == pytest.approx(np.log10(50_001))


def test_inputs_are_never_fitted_nor_tested(kazakhstan: Scenario) -> None:
    names = {one.target.id for one in figures(kazakhstan)}
    assert {one.id for one in calibration_targets(kazakhstan)} <= names
    assert not any(name.startswith(("connectivity", "troops", "price")) for name in names)


def test_a_figure_known_only_by_its_limit_counts_where_it_is_exceeded(
    kazakhstan: Scenario,
) -> None:
    below = next(one for one in calibration_targets(kazakhstan) if one.id == "turnout-09")
    assert below.one_sided
    assert below.observed == 0.0
    shown = below.scaled(np.array([0.0, 999.0, 1000.0, 10_009.0]))
    np.testing.assert_allclose(shown, [0.0, 0.0, 0.0, 1.0], atol=1e-3)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("turnout-5,0.3,soft,x\n", "did you mean 'turnout-05'?"),
        ("turnout-05,0.3,soft,x\nturnout-05,0.3,soft,x\n", "given twice"),
        ("troops-09,0.3,good,x\n", "decided by the case's script"),
        ("turnout-05,0,soft,x\n", "tolerance"),
        ("turnout-05,0.3,fine,x\n", "quality"),
        ("", "names no target"),
    ],
)
def test_mistakes_have_a_place(folder: Path, rows: str, words: str) -> None:
    (folder / FILE).write_text(HEADER + rows)
    with pytest.raises(CaseError, match=rf"{FILE}.*") as raised:
        calibration_targets(load(folder))
    assert words in str(raised.value)


def test_a_case_without_the_file_is_told_so(folder: Path) -> None:
    (folder / FILE).unlink(missing_ok=True)
    with pytest.raises(CaseError, match="does not say what to fit"):
        calibration_targets(load(folder))
