"""The report of a sweep and of a sensitivity analysis: figures at the right place, doubt shown."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from report_synthetic import HOSTILE

from steppe.report.chart import Chart, ticks
from steppe.report.design_page import DesignPayload, PointRow, answers, render_design
from steppe.study.sensitivity import Influence, Sensitivity
from steppe.study.tipping import Tipping, curve


@pytest.fixture(scope="module")
def tipping() -> Tipping:
    sizes = np.linspace(0.0, 1.0, 6)
    happened = np.array([[0] * 10, [0] * 10, [1] * 3 + [0] * 7, [1] * 8 + [0] * 2, [1] * 10,
                         [1] * 10], dtype=float)  # fmt: skip
    return curve(sizes, happened, 1000.0 * (happened + 0.1), ("prices.shock", "large_protest",
                                                              "peak_active"))  # fmt: skip


@pytest.fixture(scope="module")
def influences() -> Sensitivity:
    rows = (
        Influence("participation.threshold", 0.1, 0.9, "1", "loss", (900.0, 500.0, 1300.0)),
        Influence("risk.floor", 0.0, 0.2, "1", "least risk", (40.0, 0.0, 120.0)),
    )  # fmt: skip
    return Sensitivity("morris", "peak_active", False, rows, 30, 4, 1, 2.5e5, 0.2, 0.01)


@pytest.fixture(scope="module")
def payload(tipping: Tipping, influences: Sensitivity) -> DesignPayload:
    rows = tuple(PointRow((f"{s:g}",), 10, ("1 (0–2)",)) for s in tipping.sizes)
    return DesignPayload(
        "A case", "How much it takes", "Why?", (), 19_000_000, 0.01, 6, tuple(range(1, 11)), 60,
        ("seed 3 at 0.2: it broke",), ("prices.shock",), ("peak_active",), rows, tipping,
        (influences,), "steppe sweep x", "hash", {"steppe": "0"},
    )  # fmt: skip


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0.0, 1.0) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ticks(0.0, 137_000.0, 5) == [0.0, 50_000.0, 100_000.0]


def test_a_chart_stretches_from_end_to_end() -> None:
    chart = Chart((0.0, 2.0), (0.0, 1.0), "x", "y", "share")
    assert chart.at_x(1.0) == pytest.approx((chart.at_x(0.0) + chart.at_x(2.0)) / 2)
    assert chart.at_x(float("inf")) == chart.at_x(2.0)
    assert chart.at_y(1.0) < chart.at_y(0.0)


def test_the_tipping_point_stands_where_the_chance_crosses_one_half(
    payload: DesignPayload, tipping: Tipping
) -> None:
    page = render_design(payload)
    line = re.search(r'class="tip-line" x1="([\d.]+)"', page)
    assert line
    assert tipping.point is not None
    chart = Chart((0.0, 1.0), (0.0, 1.0), "", "", "share")
    assert float(line[1]) == pytest.approx(chart.at_x(tipping.point[0]), abs=0.06)
    assert 0.4 < tipping.point[0] < 0.6


def test_doubt_is_shown(payload: DesignPayload) -> None:
    page = render_design(payload)
    assert "tips at" in page
    assert "95 %" in page
    assert "A quick look" in page
    assert "it broke" in page
    assert page.count('class="bar unclear"') == 1
    assert "Peak active is moved most by participation.threshold." in answers(payload)


def test_the_page_is_the_same_again_and_words_stay_words(payload: DesignPayload) -> None:
    assert render_design(payload) == render_design(payload)
    page = render_design(replace(payload, case_title=HOSTILE, question=HOSTILE, command=HOSTILE))
    assert "<img" not in page
    assert "<script>alert" not in page
