"""The report of a sweep and of a sensitivity analysis: figures at the right place, doubt shown."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from page_text import charts, rows
from report_synthetic import HOSTILE

from steppe.report.design_page import DesignPayload, PointRow, answers, render_design
from steppe.study.levers import name_of
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


def test_the_charts_are_the_numbers_of_the_analysis(
    payload: DesignPayload, tipping: Tipping, influences: Sensitivity
) -> None:
    page = render_design(payload)
    chance, level = charts(page, "curve")
    assert tipping.point is not None
    assert chance["mark"] == dict(zip(("at", "low", "high"), tipping.point, strict=True))
    assert 0.4 < chance["mark"]["at"] < 0.6
    assert (chance["x"], chance["y"]) == (list(tipping.sizes), list(tipping.fitted))
    assert [(p["mid"], p["low"], p["high"]) for p in chance["points"]] == list(tipping.chance)
    assert list(zip(level["y"], level["low"], level["high"], strict=True)) == list(tipping.level)
    (bars,) = charts(page, "intervals")
    assert [(r["label"], r["mid"], r["low"], r["high"]) for r in bars["rows"]] == [
        (name_of(one.parameter), *one.strength) for one in influences.influences
    ]


def test_a_reader_without_scripts_has_the_numbers(payload: DesignPayload, tipping: Tipping) -> None:
    table = rows(render_design(payload))
    for size, p in zip(tipping.sizes, tipping.chance, strict=True):
        assert [f"{size:g}", f"{100 * p[0]:g} %"] in [row[:2] for row in table]


def test_doubt_is_shown(payload: DesignPayload) -> None:
    page = render_design(payload)
    first = answers(payload)[0]
    assert first.startswith(
        "The protest is large in more than half of the runs from a price shock of 0."
    )
    assert first in page
    assert "95 %" in page
    assert "A quick look" in page
    assert "it broke" in page
    assert page.count('<td class="num dim">40</td>') == 1  # its interval includes zero
    assert '<td class="num">900</td>' in page
    moved = "What moves people on the street at the peak most: participation threshold."
    assert moved in answers(payload)


def test_things_are_called_what_the_catalogue_calls_them(payload: DesignPayload) -> None:
    page = render_design(payload)
    text = re.sub(
        r'"[^"]*"|<code.*?</code>', "", page[page.index("<main") : page.index("Repeat it")]
    )
    for raw in ("prices.shock", "peak_active", "peak active", "large_protest"):
        assert raw not in text, raw


def test_no_tipping_point_is_said_in_words(payload: DesignPayload, tipping: Tipping) -> None:
    none = replace(tipping, point=None, fitted=(0.1,) * len(tipping.sizes))
    first = answers(replace(payload, tipping=none))[0]
    assert (
        first
        == "At any price shock from 0 to 1 the protest is large in less than half of the runs."
    )


def test_the_page_is_the_same_again_and_words_stay_words(payload: DesignPayload) -> None:
    assert render_design(payload) == render_design(payload)
    page = render_design(replace(payload, case_title=HOSTILE, question=HOSTILE, command=HOSTILE))
    assert "<img" not in page
    assert "<script>alert" not in page


def test_an_interval_beyond_the_sizes_that_were_run_ends_at_the_last(
    payload: DesignPayload, tipping: Tipping
) -> None:
    open_ended = replace(tipping, point=(1.0, -np.inf, np.inf))
    chance = charts(render_design(replace(payload, tipping=open_ended)), "curve")[0]
    assert chance["mark"] == {"at": 1.0, "low": 0.0, "high": 1.0}
