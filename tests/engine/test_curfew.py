"""A curfew binds at the hours that its event names, and an emergency day and night."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from steppe.case.load import load
from steppe.case.scenario import Scenario, TimelineEvent
from steppe.case.schema import Lever
from steppe.case.units import in_span
from steppe.engine.plan import plan
from steppe.engine.script import Script


def ordered(do: Lever, hours: str | None = None) -> Scenario:
    """The invented country with one order from its second day on, everywhere."""
    valleys = load("two-valleys")
    event = TimelineEvent(
        id="order", at=valleys.clock.start + timedelta(days=1), actor="government", do=do,
        where=("national",), value=1.0, hours=hours, precision="assumed", source="test", text="",
    )  # fmt: skip
    return valleys.model_copy(update={"timeline": (event,)})


SPANS = [("08-22", "08-22"), ("21-05", "21-05"), (None, "23-07")]


@pytest.mark.parametrize(("hours", "span"), SPANS)
def test_a_curfew_binds_at_its_hours(hours: str | None, span: str) -> None:
    scenario = ordered("curfew", hours)
    clock, columns = scenario.clock.clock(), Script(scenario, plan(scenario)).columns()
    binds = [t >= 24 and in_span(span, clock.hour_of_day(t)) for t in range(clock.hours)]
    assert (columns["script_curfew"] == np.array(binds, dtype=float)[:, None]).all()
    assert (columns["script_emergency"][24:] == 1.0).all()
    assert not columns["script_emergency"][:24].any()


def test_an_emergency_is_one_without_a_curfew() -> None:
    scenario = ordered("emergency")
    columns = Script(scenario, plan(scenario)).columns()
    assert not columns["script_curfew"].any()
    assert (columns["script_emergency"][24:] == 1.0).all()
