"""Figures: the same bytes again, plain refusals, and one class for every result that has them."""

from __future__ import annotations

import dataclasses
from datetime import date
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import SMALL

from steppe.case.scenario import Scenario
from steppe.plot import style
from steppe.plot.map import RegionalRuns, _middle, at_hour
from steppe.plot.nowcast import CrowdInterval, narrowing
from steppe.plot.pair import map_differences
from steppe.results.figures import FIGURES
from steppe.results.store import Store
from steppe.study.pair import Pair, pair


@pytest.fixture(scope="module")
def histories(january: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    short = january.change("clock.hours", 72)
    store = Store(tmp_path_factory.mktemp("pairs"))
    return pair(short, "no-blackout", 2, store=store, scale=SMALL, workers=1)


@pytest.mark.parametrize("result", FIGURES)
def test_the_figures_of_a_result_take_that_result(result: str) -> None:
    module, name = FIGURES[result]
    (field,) = dataclasses.fields(getattr(import_module(module), name))
    assert field.type == result


def test_a_fan_is_the_quantiles_of_the_runs() -> None:
    values = np.arange(101.0)[:, None] * np.ones(3)
    with style.drawing("title", "note") as (_, (axes,)):
        style.fan(axes, np.arange(3.0), values, style.FanStyle(style.BLUE, "median"), 2)
    spans = [area.get_paths()[0].get_extents().intervaly.tolist() for area in axes.collections]
    assert spans == [[5, 95], [25, 75]]
    assert [line.get_ydata()[0] for line in axes.lines] == [0, 1, 50]


def test_figures_are_the_same_bytes_and_refuse_unknown_names(
    histories: Pair, tmp_path: Path
) -> None:
    one, again = (histories.plot.difference("active").rendered("svg") for _ in range(2))
    assert one == again
    assert b"dc:date" not in one
    saved = histories.plot.fans("obeying", "almaty-city").save(tmp_path / "fans.png")
    assert saved.read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(ValueError, match="did you mean 'active'"):
        histories.plot.difference("activ")
    with pytest.raises(ValueError, match="allowed endings"):
        histories.baseline.plot.fan("active").save(tmp_path / "fan.gif")


def test_a_run_can_be_mapped(histories: Pair, tmp_path: Path) -> None:
    run = next(histories.baseline.trajectories())
    assert run.plot.map(70).save(tmp_path / "map.svg").stat().st_size > 10_000
    with pytest.raises(ValueError, match="hours 0 to 71"):
        run.plot.map(72)


def test_maps_of_a_pair_share_a_scale(histories: Pair) -> None:
    maps = histories.plot.maps(60, "grievance")
    one, other = (maps[key].figure.axes[1].get_ylim() for key in ("baseline", "counterfactual"))
    arms = [at_hour(histories.scenario, runs, "grievance", 60)
            for runs in zip(*histories.runs(), strict=True)]  # fmt: skip
    most = max(np.median(arm.values, axis=0).max() for arm in arms)
    assert one == other == pytest.approx((0.0, most))
    assert most > 0.0
    alone = histories.baseline.plot.map(60, "grievance").figure.axes[1].get_ylim()[1]
    assert alone == pytest.approx(np.median(arms[0].values, axis=0).max())
    with pytest.raises(ValueError, match="hours 0 to 71"):
        histories.plot.maps(72)


def test_a_map_of_differences_is_paired_and_neutral_where_unclear() -> None:
    base = np.array([[3.0, 9.0], [5.0, 1.0], [4.0, 5.0], [4.0, 5.0]])
    other = base - np.array([[2.0, 8.0], [2.0, -8.0], [3.0, 1.0], [3.0, -1.0]])
    one, two = (RegionalRuns("Crowd", "people", ("a", "b"), arm) for arm in (base, other))
    shown = map_differences(one, two, "noon")
    assert shown.by_region == {"a": 2.5, "b": 0.0}
    assert shown.unclear == {"b"}
    assert shown.signed


def test_effects_are_drawn_as_they_are_told(histories: Pair) -> None:
    (axes,) = histories.plot.effects().figure.axes
    rows = histories.comparison.headlines
    labels = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert labels == [row.label for row in rows]
    dots = [line for line in axes.lines if line.get_markersize() == 3]
    for row, line in zip(rows, dots, strict=True):
        sides = np.sign(np.round(line.get_xdata(), 9))
        assert sides.tolist() == np.sign(row.by_pair).tolist()
        assert np.abs(line.get_xdata()).max() <= 1.0


def test_a_nowcast_that_narrows_shows_what_was_said_and_what_came() -> None:
    days = [date(2022, 1, day) for day in (3, 4, 5, 6)]
    said = {
        days[0]: [CrowdInterval(days[1], 9.0, 99.0, 999.0), CrowdInterval(days[2], 0.0, 9.0, 99.0)],
        days[1]: [CrowdInterval(days[2], 99.0, 199.0, 999.0)],
    }
    picture = narrowing(said, {days[0]: 999.0, days[2]: 99.0}, "Said")
    upper, lower = picture.figure.axes
    assert picture.figure.get_suptitle() == "Said"
    medians = next(line for line in upper.lines if line.get_marker() == "o")
    assert medians.get_ydata().tolist() == pytest.approx([2.0, 1.0])
    marks = [line for line in lower.lines if line.get_marker() == "D"]
    assert [mark.get_markerfacecolor() == "none" for mark in marks] == [False, True]
    assert [label.get_text() for label in lower.get_xticklabels()] == ["3 Jan", "4 Jan", "5 Jan"]
    assert picture.rendered("svg") == narrowing(
        said, {days[0]: 999.0, days[2]: 99.0}, "Said"
    ).rendered("svg")


@pytest.mark.parametrize(
    ("lons", "middle"),
    [((177.0, 179.0, -179.0), 179.0), ((50.0, 80.0, 60.0), 65.0), ((7.0,), 7.0)],
)
def test_a_map_has_its_middle_among_the_regions(lons: tuple[float, ...], middle: float) -> None:
    """Also in a country on both sides of the antimeridian."""
    assert _middle(lons) == middle
