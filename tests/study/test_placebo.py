"""The placebo: quiet without the trigger, what it adds, and what cannot act."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from steppe.case.conditions import Condition
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.cli import cli
from steppe.commands.report_writer import placebo_words
from steppe.study.placebo import left_alone, placebo
from steppe.study.preflight import doubts
from steppe.study.request import CaseChanges, StudyRequest
from steppe.study.resolve import resolve


@pytest.fixture(scope="module")
def valleys() -> Scenario:
    return load("two-valleys")


def test_two_valleys_is_quiet_without_its_rise_and_not_with_it(valleys: Scenario) -> None:
    made = placebo(valleys, 8)
    assert made.quiet
    assert made.without.range == (0, 0, 0)
    assert made.with_trigger.crises >= 0.9
    assert made.added == made.with_trigger.range
    assert made.words().startswith("quiet without its trigger: a crisis in 0% of 8 runs")
    (warning,) = made.warnings
    assert "comes without one too (internet-cut, arrests, old-price)" in warning


def test_an_answer_that_follows_its_cause_is_not_doubted(valleys: Scenario) -> None:
    when = Condition(crowd_at_least=500)
    waiting = [one.model_copy(update={"when": when, "until": None}) for one in valleys.timeline]
    made = placebo(valleys.model_copy(update={"timeline": tuple(waiting)}), 4)
    assert made.warnings == ()


def test_both_arms_of_a_seed_are_a_pair(valleys: Scenario) -> None:
    rest = valleys.change("prices.shock", 1e-9)
    made = placebo(rest, 4)
    assert made.added == (0, 0, 0)
    assert made.without.peaks.tolist() == made.with_trigger.peaks.tolist()


def test_an_answer_before_any_crowd_is_named(valleys: Scenario) -> None:
    early = valleys.change("timeline.old-price.at", "2030-03-01T01:00")
    (warning,) = [one for one in placebo(early, 4).warnings if "old-price: " in one]
    assert "timeline.old-price: concession comes before any crowd in 100% of runs" in warning


def test_a_case_that_nothing_begins_has_no_placebo(valleys: Scenario) -> None:
    with pytest.raises(ValueError, match="nothing begins this crisis"):
        placebo(valleys.counterfactual("no-trigger"))


def test_who_would_decide_for_himself_is_left_alone(valleys: Scenario) -> None:
    free = valleys.change("mode", "endogenous")
    assert left_alone(free).regime_rule == "scripted"
    assert left_alone(valleys) is valleys


def messages(scenario: Scenario) -> str:
    return " ".join(str(one) for one in doubts(scenario))


def test_levers_and_counterfactuals_without_effect_are_named(valleys: Scenario) -> None:
    assert "acts on nothing" not in messages(valleys)
    again = valleys.change("timeline.arrests.value", 1.0).change("timeline.police-out.value", 1.0)
    assert "acts on nothing" not in messages(again)  # police stand by, and it says so
    none = valleys.change("timeline.internet-cut.value", 0.0)
    assert "internet_cut acts on nothing: every lever is the same" in messages(none)
    short = valleys.change("clock.hours", 60)
    assert "counterfactuals.no-cut: the counterfactual changes nothing within" in messages(short)


def test_a_condition_that_can_never_hold_is_named(valleys: Scenario) -> None:
    late = valleys.clock.clock().time_of(valleys.clock.hours - 1)
    when = Condition(crowd_at_least=500, delay=2)
    event = valleys.timeline[-1].model_copy(update={"when": when, "at": late, "until": None})
    waits = valleys.model_copy(update={"timeline": (*valleys.timeline[:-1], event)})
    assert "cannot happen before its end or the run's" in messages(waits)
    early = event.model_copy(update={"at": valleys.clock.start})
    waits = valleys.model_copy(update={"timeline": (*valleys.timeline[:-1], early)})
    assert "timeline" not in messages(waits)


def test_a_short_look_says_what_lies_behind_its_end() -> None:
    answer = CliRunner().invoke(cli, ["check", "two-valleys", "--set", "clock.hours=24", "--json"])
    assert json.loads(answer.output)["events_beyond_the_end"] == 4


def test_an_event_may_lie_months_behind_the_end(valleys: Scenario) -> None:
    late = valleys.change("timeline.old-price.at", "2030-06-01T00:00")
    assert late.change("clock.hours", 24).clock.hours == 24


def check(*options: str) -> Result:
    return CliRunner().invoke(cli, ["check", "two-valleys", "--placebo", *options])


def test_the_command_answers_in_words_and_numbers() -> None:
    assert "quiet without its trigger" in " ".join(check().output.split())
    document = json.loads(check("--json").output)
    assert document["placebo"]["quiet"] is True
    assert set(document["placebo"]["arms"]) == {"without", "with"}
    refusal = check("--set", "prices.shock=0")
    assert refusal.exit_code == 2
    assert "nothing begins this crisis" in refusal.stderr


def test_a_report_of_an_own_case_says_what_its_trigger_adds() -> None:
    own = StudyRequest(case="two-valleys")
    (sentence,) = placebo_words(resolve(own))
    assert "quiet without its trigger" in sentence
    assert "the trigger adds" in sentence
    changed = replace(own, shared=CaseChanges(values=(("prices.shock", 0.5),)))
    assert placebo_words(resolve(changed)) == ()
    assert placebo_words(resolve(StudyRequest(case="kazakhstan-2022"))) == ()
