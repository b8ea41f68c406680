"""The case's counterfactuals: each changes what it declares, and the script follows."""

from __future__ import annotations

import numpy as np
import pytest

from steppe.case.endogenous import endogenous_from, endogenous_patch
from steppe.case.patch import difference
from steppe.case.scenario import Scenario
from steppe.core.errors import CaseError
from steppe.engine.plan import plan
from steppe.engine.script import Script

ASKED = (
    "no-price-shock", "half-price-shock", "no-blackout", "no-intervention",
    "signal-without-troops", "troops-without-signal", "alliance-late", "concession-at-once",
    "no-concession", "no-lethal-force", "no-elite-split",
)  # fmt: skip
REQUEST = 215
"""Hour of the request for help: 5 January, 23:00."""
AT_ONCE = 143
"""Hour of the concession at once: 2 January, 23:00."""


def columns(scenario: Scenario) -> dict[str, np.ndarray]:
    return dict(Script(scenario, plan(scenario)).columns())


def test_the_case_has_them_all_with_their_questions(kazakhstan: Scenario) -> None:
    assert set(kazakhstan.counterfactuals) == set(ASKED)
    assert all(one.question.endswith("?") for one in kazakhstan.counterfactuals.values())


@pytest.mark.parametrize("name", ASKED)
def test_each_changes_exactly_what_it_declares(kazakhstan: Scenario, name: str) -> None:
    found = difference(kazakhstan, kazakhstan.counterfactual(name))
    assert {change.path for change in found} == set(kazakhstan.counterfactuals[name].set)


def test_a_late_alliance_leaves_words_and_nothing_else(kazakhstan: Scenario) -> None:
    late = columns(kazakhstan.counterfactual("alliance-late"))
    assert (late["script_signal"][:REQUEST] == 0.0).all()
    assert (late["script_signal"][REQUEST:] == 0.3).all()
    assert (late["script_troops"] == 0.0).all()
    assert (late["script_freed_officers"] == 0.0).all()
    assert late["script_request"][REQUEST] == 1.0


def test_the_concession_comes_once_and_at_once(kazakhstan: Scenario) -> None:
    region = [r.id for r in kazakhstan.regions].index("mangystau")
    made = columns(kazakhstan.counterfactual("concession-at-once"))
    assert (made["script_concession"][:AT_ONCE, region] == 0.0).all()
    assert (made["script_concession"][AT_ONCE : AT_ONCE + 77, region] == 1.0).all()
    assert (made["script_price"][AT_ONCE:, region] == 50.0).all()
    assert (
        made["script_price"][AT_ONCE - 1, region]
        == columns(kazakhstan)["script_price"][AT_ONCE - 1, region]
    )
    elsewhere = [i for i in range(len(kazakhstan.regions)) if i != region]
    assert (
        made["script_price"][:, elsewhere] == columns(kazakhstan)["script_price"][:, elsewhere]
    ).all()


def test_without_a_split_the_predecessor_keeps_his_chair(kazakhstan: Scenario) -> None:
    whole = kazakhstan.counterfactual("no-elite-split")
    assert columns(kazakhstan)["script_old_ruler_out"].any()
    assert not columns(whole)["script_old_ruler_out"].any()


@pytest.mark.parametrize("when", ["request", "alliance-request", "2022-01-06T00:00"])
def test_actors_are_free_from_the_hour_after_the_request(kazakhstan: Scenario, when: str) -> None:
    made = endogenous_from(kazakhstan, when)
    assert (made.mode, made.free_from) == ("endogenous", REQUEST + 1)
    assert columns(made)["script_request"][REQUEST] == 1.0
    assert columns(made)["script_free"][REQUEST : REQUEST + 2, 0].tolist() == [0.0, 1.0]


def test_an_unknown_moment_is_answered_with_the_nearest(kazakhstan: Scenario) -> None:
    with pytest.raises(CaseError, match="did you mean 'alliance-request'"):
        endogenous_patch(kazakhstan, "alliance-requst")
