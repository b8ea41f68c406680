"""What people write in notebooks is taken, or refused in one sentence that says what to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steppe
from steppe.case.inheritance import SHIPPED
from steppe.case.scenario import Scenario
from steppe.core.errors import SteppeError


@pytest.fixture(scope="module")
def case() -> Scenario:
    return steppe.load("two-valleys").change("clock.hours", 2)


def test_a_case_may_be_its_name_or_path(tmp_path: Path) -> None:
    common: dict[str, Any] = {"scale": 0.001, "store": tmp_path, "workers": 1}
    keys = [
        steppe.ensemble(case, 1, **common).keys
        for case in ("two-valleys", SHIPPED / "two-valleys", str(SHIPPED / "two-valleys"))
    ]
    assert keys[0] == keys[1] == keys[2]
    assert steppe.plan("two-valleys") == steppe.plan(steppe.load("two-valleys"))
    assert steppe.run("two-valleys", scale=0.001).record.case == "two-valleys"


def test_a_variant_may_be_a_mapping_and_an_axis_a_text(case: Scenario, tmp_path: Path) -> None:
    common: dict[str, Any] = {"scale": 0.001, "store": tmp_path, "workers": 1}
    one = steppe.pair(case, {"prices.shock": 0.0}, 1, **common)
    assert one.variant.keys == steppe.pair(case, "no-rise", 1, **common).variant.keys
    text = steppe.sweep(case, "prices.shock=0:1:2", 1, **common)
    assert text.keys == steppe.sweep(case, ["prices.shock=0:1:2"], 1, **common).keys


def test_one_run_can_be_scored(case: Scenario) -> None:
    run = steppe.run(case, scale=0.001)
    assert steppe.score(case, run) == steppe.score(case, [run])


def test_the_other_doors_say_what_to_write(case: Scenario, tmp_path: Path) -> None:
    run = steppe.run(case, scale=0.001)
    doors: dict[str, Callable[[], object]] = {
        "expected a scenario, or the name or path": lambda: steppe.run(None),  # type: ignore[call-overload]
        "got 5": lambda: steppe.ensemble(5, 1),  # type: ignore[arg-type]
        "there is no case 'two-valley'": lambda: steppe.pair("two-valley", "no-rise", 1),
        "plot.chart()": run.plot,
        "scale must be a number": lambda: steppe.run(case, scale="0.1"),  # type: ignore[call-overload]
        "scale must be in (0, 100]": lambda: steppe.run(case, scale=np.float32(0)),
        "expected a whole number": lambda: case.change("clock.hours", np.array([1, 2])),  # type: ignore[arg-type]
        "did you mean 'no-rise'": lambda: case.counterfactual("no-rize"),
    }
    for words, door in doors.items():
        with pytest.raises((SteppeError, ValueError, TypeError)) as error:
            door()
        if words != "plot.chart()":
            assert words in str(error.value)
        else:
            assert "plot is no figure itself; there are plot." in str(error.value)
        assert "\n" not in str(error.value)
