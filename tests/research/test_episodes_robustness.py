"""Episodes are tabulated alike in record and model; headlines are judged by their intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from steppe.case.load import load
from steppe.core.errors import CaseError
from steppe.research.crises.episodes import COLUMNS, as_episodes, read_episodes, tabulate
from steppe.research.crises.runs import CrisisOutcomes
from steppe.results.store import Store
from steppe.study.effects import Effect, effect
from steppe.study.robustness import (
    HEADLINES,
    ROLES,
    SURVIVAL,
    Headline,
    compare_effects,
    direction,
    robustness,
    versions,
)

HEAD = ",".join((*COLUMNS, "country"))


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def test_episodes_below_a_thousand_are_left_out_and_shares_add_up(tmp_path: Path) -> None:
    file = write(
        tmp_path / "e.csv",
        "5000,0.5,0,0,1,0,survived_lethal_repression,A",
        "5000,0,1,0,0,0,survived_accommodation,A",
        "200000,0,0,1,0,0,coup,B",
        "900,0,0,0,1,0,survived_lethal_repression,A",
        "50000,,0,0,0,0,leader_exit_other,C",
    )
    groups = {(g.split, g.group): g for g in tabulate(read_episodes(file))}
    assert groups["all", "all"].n == 4
    assert groups["peak", "1,000–10,000"].shares["lethal"][0] == 0.5
    assert groups["all", "all"].shares["out"][0] == 0.5
    assert groups["all", "all"].shares["forced"][0] == 0.25
    assert groups["response", "nothing"].n == 1
    for split in {g.split for g in groups.values()}:
        assert sum(g.n for g in groups.values() if g.split == split) == 4


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["x,0,0,0,0,0,coup,A"], "2:1: peak_size"),
        (["inf,0,0,0,0,0,coup,A"], "2:1: peak_size"),
        (["5000,nan,0,0,0,0,coup,A"], "2:6: violent_share"),
        (['5000,0,0,0,0,0,"coup,A'], "2:1: not a table"),
        (["10,0,0,0,0,0,coup,A"], "1,000"),
    ],
)
def test_faulty_episodes_are_refused(tmp_path: Path, rows: list[str], message: str) -> None:
    with pytest.raises(CaseError, match=message):
        read_episodes(write(tmp_path / "e.csv", *rows))
    (tmp_path / "short.csv").write_text("peak_size\n5000\n", encoding="utf-8")
    with pytest.raises(CaseError, match="violent_share"):
        read_episodes(tmp_path / "short.csv")


def test_runs_become_episodes_of_the_same_kind() -> None:
    runs = [
        CrisisOutcomes(1, 5e3, 1e-3, 3.0, True, 0.5, True, 0.2, True, True),
        CrisisOutcomes(2, 500.0, 1e-4, 0.0, False, 0.0, False, 0.0, False, False),
        CrisisOutcomes(3, 5e5, 1e-2, 0.0, False, 0.0, False, 0.0, False, True),
    ]
    groups = {g.group: g for g in tabulate(as_episodes(runs))}
    assert groups["all"].n == 2
    assert groups["all"].shares["forced"][0] == 0.5
    assert "out" not in groups["all"].shares
    assert groups["shot, gave in"].n == groups["arrests"].n == 1


def gap(*values: float) -> Effect:
    return effect("x", np.array(values), np.zeros(len(values)))


@pytest.mark.parametrize(
    ("told", "found", "verdict"),
    [
        (gap(1, 2, 3), gap(4, 5, 6), "holds"),
        (gap(1, 2, 3), gap(-4, -5, -6), "reversed"),
        (gap(1, 2, 3), gap(-9, 9, -8, 8), "undecided"),
        (gap(1, 2, 3), gap(0, 0, 0), "no effect"),
        (gap(-9, 9, -8, 8), gap(1, 2, 3), "undecided"),
    ],
)
def test_a_headline_holds_where_its_interval_is_on_the_same_side(
    told: Effect, found: Effect, verdict: str
) -> None:
    assert compare_effects(told, found) == verdict
    assert direction(gap(1, 2, 3)) == -direction(gap(-1, -2, -3)) == 1


def test_versions_are_the_case_the_draws_and_every_rival() -> None:
    found = versions(load("kazakhstan-2022"))
    assert found[0].name == "as it is"
    assert found[1].parameters == "prior"
    assert {one.role for one in found[2:]} == set(ROLES)
    assert len({one.name for one in found}) == len(found) > 8


def test_robustness_runs_every_headline_in_every_version(tmp_path: Path) -> None:
    base = load("kazakhstan-2022")
    short = base.model_copy(update={"clock": base.clock.model_copy(update={"hours": 12})})
    heads = (Headline("no-price-shock", "peak_active"), Headline("no-intervention", SURVIVAL))
    among = [v for v in versions(short) if v.name in ("as it is", "information: no-effect")]
    found = list(robustness(short, [1], store=Store(tmp_path), scale=0.001, headlines=heads,
                            among=among, workers=1))  # fmt: skip
    assert [(one.version, one.headline) for one in found] == [(v, h) for v in among for h in heads]
    assert all(one.effect is not None and one.effect.pairs == 1 for one in found)
    assert found[1].effect is not None  # twelve hours end before anybody asks for troops
    assert found[1].effect.difference == 0.0
    assert found[1].verdict == "undecided"  # one pair says nothing of the spread


def test_every_headline_is_a_counterfactual_of_the_case() -> None:
    scenario = load("kazakhstan-2022")
    for one in HEADLINES:
        assert scenario.counterfactual(one.counterfactual) is not None
