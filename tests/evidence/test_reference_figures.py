"""The figures of the reference case: as they are judged, and the list of before for comparison."""

from __future__ import annotations

import pytest

from steppe.case import load, scenario_hash
from steppe.case.scenario import Scenario
from steppe.evidence import ResolvedTarget, resolve


def figures_of(scenario: Scenario) -> dict[str, ResolvedTarget]:
    return {
        one.target.id: one for one in resolve(scenario) if one.tested and not one.is_input
    }  # fmt: skip


@pytest.fixture(scope="module")
def before() -> Scenario:
    return load("kazakhstan-2022/targets-old.yaml")


def test_sixty_one_figures_are_tested_and_sixty_before(
    kazakhstan: Scenario, before: Scenario
) -> None:
    now, then = figures_of(kazakhstan), figures_of(before)
    assert (len(now), len(then)) == (61, 60)
    assert now.keys() - then.keys() == {"quiet-before", "quiet-after", "crowd-aktobe-05"}
    assert then.keys() - now.keys() == {"crowd-almaty-peak", "wounded-15"}


def test_the_list_of_before_knows_ranges_of_visible_protest_only(before: Scenario) -> None:
    for one in figures_of(before).values():
        assert (one.target.threshold, one.target.since, one.target.test) == (None, None, "range")
        assert one.observable.series == ""
    assert figures_of(before)["killed-atyrau"].bounds == (0.75, 1.25)


def test_both_lists_judge_the_same_runs(kazakhstan: Scenario, before: Scenario) -> None:
    assert scenario_hash(before) == scenario_hash(kazakhstan)
    assert before.folder == kazakhstan.folder


def test_a_count_that_cannot_fall_has_ranges_that_do_not(kazakhstan: Scenario) -> None:
    figures = figures_of(kazakhstan)
    days = [figures[f"detained-{day:02}"].target for day in range(7, 13)]
    for name in ("low", "value", "high"):
        values = [getattr(day, name) for day in days]
        assert values == sorted(values)


def test_small_counts_are_judged_by_their_probability(kazakhstan: Scenario) -> None:
    judged = {name for name, one in figures_of(kazakhstan).items() if one.by_probability}
    assert judged == {
        "killed-15", "killed-almaty", "killed-kyzylorda", "killed-shymkent", "killed-zhambyl",
        "killed-atyrau", "officers-killed-07", "officers-killed-15",
    }  # fmt: skip
    low, high = figures_of(kazakhstan)["killed-kyzylorda"].bounds
    assert low is not None
    assert high is not None
    assert (round(low, 1), round(high, 1)) == (18.2, 36.1)
