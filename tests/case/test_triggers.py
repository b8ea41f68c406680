"""Triggers in a case: what is refused, what is made for it, and what is warned of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toy import write_toy_of_choice

from steppe.case.canonical import canonical, from_canonical
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.case.triggers import trigger_counterfactuals
from steppe.core.errors import CaseError
from steppe.engine.plan import plan
from steppe.engine.run import run
from steppe.engine.script import Script
from steppe.study.preflight import doubts

TRIGGER = """\
triggers:
  - id: vote
    kind: {kind}
    at: 2022-01-02T20:00
    where: [{where}]
    size: {size}
{more}    basis: assumed
    source: invented
"""


def toy(
    folder: Path, kind: str = "legitimacy", size: float = 0.2, where: str = "alfa", more: str = ""
) -> Scenario:
    path = write_toy_of_choice(folder)
    file = path / "scenario.yaml"
    part = TRIGGER.format(kind=kind, size=size, where=where, more=more)
    text = file.read_text()
    for old, new in (
        ("  shock: 1.0", "  shock: 0.0"),
        ("outrage: none", "price: tables"),
        ("timeline:", f"{part}timeline:"),
        ("      prices.shock: 0\n", "      prices.shock: 0.5\n"),
    ):
        text = text.replace(old, new, 1)
    file.write_text(text)
    return load(path)


def columns(scenario: Scenario) -> dict[str, np.ndarray]:
    return dict(Script(scenario, plan(scenario)).columns())


def test_a_loss_of_legitimacy_begins_at_its_hour_and_halves(tmp_path: Path) -> None:
    loss = columns(toy(tmp_path, more="    half_life: 24\n"))["script_legitimacy_loss"]
    assert not loss[:20].any()
    np.testing.assert_allclose(loss[[20, 44, 68], 0], [0.2, 0.1, 0.05], rtol=1e-12)
    assert not loss[:, 1].any()


def test_a_region_loses_by_the_share_of_its_people(tmp_path: Path) -> None:
    loss = columns(toy(tmp_path, where="alfa-city"))["script_legitimacy_loss"]
    np.testing.assert_allclose(loss[30], [0.2 * 4000 / 6000, 0.0], rtol=1e-12)


def test_a_call_is_heard_at_its_hours_until_its_end(tmp_path: Path) -> None:
    more = '    hours: "22-02"\n    until: 2022-01-04T00:00\n    through: online\n'
    made = columns(toy(tmp_path, "call", 1.0, "national", more))
    heard = np.flatnonzero(made["script_call_online"][:, 0])
    assert list(heard) == [22, 23, 24, 25, 46, 47]
    assert not made["script_call"].any()


def test_a_price_rises_by_its_size_on_top_of_the_table(tmp_path: Path) -> None:
    ratio = columns(toy(tmp_path, "price", 0.5, "bravo"))["script_price_ratio"]
    np.testing.assert_allclose(ratio[[19, 20]], [[1.0, 1.0], [1.0, 1.5]])


def test_without_and_half_are_made_for_every_case(tmp_path: Path) -> None:
    scenario = toy(tmp_path)
    assert set(scenario.counterfactuals) >= {"no-trigger", "half-trigger"}
    none, half = (scenario.counterfactual(name) for name in ("no-trigger", "half-trigger"))
    assert not columns(none)["script_legitimacy_loss"].any()
    assert columns(half)["script_legitimacy_loss"].max() == 0.1


def test_a_price_that_the_case_takes_away_itself_is_not_taken_away_twice() -> None:
    kazakhstan = load("kazakhstan-2022")
    assert "no-trigger" not in kazakhstan.counterfactuals
    assert "half-trigger" not in kazakhstan.counterfactuals
    assert kazakhstan.counterfactual("no-trigger").prices.shock == 0.0
    assert trigger_counterfactuals(kazakhstan)["half-trigger"].set == {"prices.shock": 0.5}


def test_the_record_of_a_run_holds_its_triggers(tmp_path: Path) -> None:
    scenario = toy(tmp_path)
    again = from_canonical(canonical(scenario))
    assert again.triggers[0].size == 0.2
    assert canonical(again) == canonical(scenario)


@pytest.mark.parametrize(
    ("kind", "size", "more", "words"),
    [
        ("legitimacy", 1.5, "", "1.5 is out of range for legitimacy"),
        ("price", 9.5, "", "9.5 is out of range"),
        ("vote", 0.1, "", "'vote'"),
        ("harm", 0.1, '    hours: "10-20"\n', "a harm has none"),
        ("call", 0.1, '    hours: "10 to 20"\n', "not a span of hours"),
        ("harm", 0.1, "    low: 0.2\n", "0.2 is more than size"),
        ("harm", 0.1, "    until: 2022-01-02T10:00\n", "not later than the beginning"),
    ],
)
def test_a_wrong_trigger_is_refused_at_its_place(
    kind: str, size: float, more: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(CaseError) as error:
        toy(tmp_path, kind, size, more=more)
    assert words in str(error.value)
    assert "scenario.yaml:" in str(error.value)


def warnings(scenario: Scenario) -> str:
    return " ".join(str(doubt) for doubt in doubts(scenario))


def test_a_case_that_nothing_begins_is_doubted(tmp_path: Path) -> None:
    scenario = toy(tmp_path)
    assert "nothing begins" not in warnings(scenario)
    assert "nothing begins this crisis" in warnings(scenario.counterfactual("no-trigger"))
    off = scenario.change("mechanisms.trigger", "none")
    assert "acts on nothing where mechanisms.trigger is none" in warnings(off)
    short = scenario.change("clock.hours", 12)
    assert "after the end of the run" in warnings(short)


@pytest.mark.parametrize("engine", ["cohorts", "citizens"])
def test_a_trigger_brings_people_out_in_either_engine(engine: str) -> None:
    valleys = load("two-valleys").change("prices.shock", 0.0)
    vote = {
        "id": "vote", "kind": "legitimacy", "at": valleys.clock.start.replace(day=2),
        "where": ("upper-valley",), "size": 0.25, "source": "invented",
    }  # fmt: skip
    begun = Scenario.model_validate({
        **{name: getattr(valleys, name) for name in Scenario.model_fields}, "triggers": (vote,),
    })  # fmt: skip
    quiet, out = (run(one, 1, engine=engine) for one in (valleys, begun))
    assert quiet.outcome["peak_active"] == 0
    assert out.outcome["peak_active"] > 100
    assert not out.active()[:24].any()
    fallen = quiet["legitimacy"] - out["legitimacy"]
    assert fallen[23].max() == 0.0
    struck = [0.25 * (region.id == "upper-valley") for region in valleys.regions]
    np.testing.assert_allclose(fallen[24], struck, atol=1e-6)
