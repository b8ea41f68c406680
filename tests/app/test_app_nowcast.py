"""Nowcasts in the app: days, figures and kept answers of a case, as the command line makes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from steppe.app.analysis_orders import command_of, order_of
from steppe.app.analysis_routes import _start
from steppe.app.errors import RequestError
from steppe.app.nowcasts import settings_of
from steppe.app.service import AppService
from steppe.case.load import load
from steppe.study.nowcast.answers import FOLDER, save_answer
from steppe.study.nowcast.limits import GENERAL
from steppe.study.nowcast.nowcast import nowcast
from steppe.study.nowcast.question import question_of
from steppe.study.nowcast.result import Nowcast

CASE, DAY, LOOKS = "kazakhstan-2022", "2022-01-02", 4


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Nowcast:
    store = tmp_path_factory.mktemp("nowcast")
    return nowcast(CASE, DAY, store=store, workers=1, looks=LOOKS, draws=LOOKS // 2)


def test_an_answer_that_is_kept_is_there_at_once(desk: AppService, answer: Nowcast) -> None:
    before = desk.nowcasts_of(CASE, "", LOOKS)
    assert before["limits"] == list(GENERAL)
    assert before["made"] == {}
    assert (before["days"][0], before["days"][-1]) == ("2021-12-28", "2022-01-19")
    save_answer(
        desk.config.store / FOLDER, question_of(load(CASE), DAY, (), settings_of(LOOKS)), answer
    )
    after = desk.nowcasts_of(CASE, "", LOOKS)
    assert after["made"] == {DAY: json.loads(json.dumps(answer.document()))}
    assert desk.nowcasts_of(CASE, "", LOOKS + 2)["made"] == {}
    (turnout,) = (one for one in after["observed"]
                  if (one["of"], one["day"]) == ("peak_on_day national", DAY))  # fmt: skip
    assert turnout["value"] == 400.0


def test_an_order_is_the_command_and_keeps_where_the_page_looks(desk: AppService) -> None:
    one = desk.comparison({"case": CASE, "counterfactuals": ["no-price-shock"]}, "")
    order = order_of({"kind": "nowcast", "at": DAY, "looks": LOOKS}, 200)
    words = command_of(order, one, 0, "here")
    assert words == ["nowcast", CASE, "--until", DAY, "--looks", "4", "--draws", "2",
                     "--store", "here"]  # fmt: skip
    assert "--looks" not in command_of(order_of({"kind": "nowcast", "at": DAY}, 200), one, 0, "x")
    made = _start(desk, ({"case": CASE}, {"kind": "nowcast", "at": DAY, "looks": LOOKS}), "")
    desk.analyses.cancel(made)
    assert (made.document()["kind"], made.document()["at"]) == ("nowcast", DAY)
    assert made.task.words[-1] == str(desk.config.store)


@pytest.mark.parametrize("more", [{}, {"at": "--store"}, {"at": DAY, "looks": 3}])
def test_orders_without_a_day_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        order_of({"kind": "nowcast", **more}, 200)
