"""How long a crisis went on: what the file says, what a run shows, and what that is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from steppe.research.crises.build import DAYS
from steppe.research.crises.runs import CrisisOutcomes, visible_days
from steppe.research.crises.scores import observed_days
from steppe.research.crises.table import open_crises
from steppe.research.population.likelihood import log_likelihoods
from steppe.study.population import DAYS_ERROR

CRISES = {row.case_id: row for row in open_crises()}
RUN = CrisisOutcomes(1, 2e4, 1e-3, 10.0, False, 0.0, False, 0.0, False, False)


@pytest.mark.parametrize(
    ("case", "days"),
    [
        ("KAZ_2022", 10),  # 2 to 11 January
        ("ROU_1989", 7),  # the fall came six days after the first protest
        ("SYR_2011", DAYS),  # longer than any run
    ],
)
def test_days_go_from_the_first_protest_to_the_fall_or_the_end(case: str, days: float) -> None:
    assert observed_days(CRISES[case]) == pytest.approx(np.log10(days))


def test_a_crisis_without_an_end_says_nothing_of_days() -> None:
    assert observed_days(CRISES["KAZ_2022"].model_copy(update={"end_date": ""})) is None


def test_visible_days_run_from_the_first_to_the_last_crowd_that_is_seen() -> None:
    active = np.zeros(240)
    assert visible_days(active) == 0.0
    active[30] = 1000.0
    assert visible_days(active) == 1.0
    active[[0, 77, 100]] = 999.0, 5000.0, 999.0
    assert visible_days(active) == 2.0


def test_a_run_as_long_as_the_crisis_is_likelier_than_one_that_does_not_end() -> None:
    row = CRISES["KAZ_2022"]
    right, long = log_likelihoods(row, [replace(RUN, days=10.0), replace(RUN, days=30.0)])
    assert right - long == pytest.approx(0.5 * (np.log10(3.0) / DAYS_ERROR) ** 2)


def test_of_a_crisis_longer_than_a_run_only_that_is_known() -> None:
    runs = [replace(RUN, days=days) for days in (30.0, 34.0)]
    one, other = log_likelihoods(CRISES["SYR_2011"], runs)
    assert one == other
