"""Quick looks: made once, given up when overtaken, and there before the first page is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.app.conftest import SCALE

from steppe.app.config import Config
from steppe.app.preview import HOUSE, Previews, SupersededError
from steppe.app.preview_worker import PreviewWorker
from steppe.app.service import QUICK, AppService
from steppe.case.load import load
from steppe.case.scenario import Scenario
from steppe.results.store import Store
from steppe.study.batch import batch

PATIENCE = 120.0


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The looks that processes of quick looks are told to make."""
    sent: list[Any] = []
    send = PreviewWorker.send

    def noted(self: PreviewWorker, order: Any) -> None:
        if order is not None and not order[3]:
            sent.append(order)
        send(self, order)

    monkeypatch.setattr(PreviewWorker, "send", noted)
    return sent


@pytest.fixture
def looks() -> Iterator[Previews]:
    made = Previews()
    yield made
    made.close()


@pytest.fixture(scope="module")
def scenario(folder: Path) -> Scenario:
    return load(folder)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AppService]:
    made = AppService(Config(store=tmp_path / "runs"))
    yield made
    made.close()


def test_look_that_is_awaited_or_kept_is_not_made_again(
    looks: Previews, orders: list[Any], scenario: Scenario
) -> None:
    first = looks.look("user", scenario, SCALE, 1)
    again = looks.look("user", scenario, SCALE, 1)
    text = first.result(PATIENCE)
    assert again.result(PATIENCE) == text
    assert looks.look("another", scenario, SCALE, 1).result(PATIENCE) == text
    assert len(orders) == 1


def test_newer_look_overtakes_the_older_one_of_its_user_only(
    looks: Previews, scenario: Scenario
) -> None:
    old, other = looks.look("user", scenario, 0.2, 1), looks.look("other", scenario, SCALE, 3)
    new = looks.look("user", scenario, SCALE, 2)
    with pytest.raises(SupersededError):
        old.result(PATIENCE)
    assert len({new.result(PATIENCE), other.result(PATIENCE)}) == 2


def test_what_is_given_up_is_not_waited_for(looks: Previews, scenario: Scenario) -> None:
    old = looks.look("user", scenario, SCALE, 1)
    looks.look("user", scenario, SCALE, 2)
    back = looks.look("user", scenario, SCALE, 1)  # the slider has come back
    with pytest.raises(SupersededError):
        old.result(PATIENCE)
    assert '"outcome"' in back.result(PATIENCE)


def test_nobody_overtakes_the_looks_of_the_app_itself(
    looks: Previews, orders: list[Any], scenario: Scenario
) -> None:
    own = looks.look(f"{HOUSE} baseline", scenario, SCALE, 1)
    shared = looks.look("user baseline", scenario, SCALE, 1)
    looks.look("user baseline", scenario, SCALE, 2).result(PATIENCE)
    assert own.result(PATIENCE) == shared.result(PATIENCE)
    assert [order[2] for order in orders] == [1, 2]


def test_opening_looks_are_made_before_anybody_asks(desk: AppService, orders: list[Any]) -> None:
    desk.prepare()
    case = desk.book.seen_by("")[0].id
    front = desk.comparison(desk.front(case, "user"), "user")
    texts = [desk.look(front, arm, "user").result(PATIENCE) for arm in ("baseline", "variant")]
    assert texts[0] != texts[1]
    assert [order[1] for order in orders] == [QUICK, QUICK]


def test_no_look_is_made_where_the_first_view_is_stored(tmp_path: Path, orders: list[Any]) -> None:
    empty = AppService(Config(store=tmp_path / "runs"))
    case = empty.book.seen_by("")[0].id
    setting = {"case": case, "counterfactuals": ["no-price-shock"], "seeds": 1, "scale": SCALE}
    runs = empty.comparison(setting, "").runs
    empty.close()
    assert batch(runs, store=Store(tmp_path / "runs"), workers=1).complete
    desk = AppService(Config(store=tmp_path / "runs"))
    try:
        desk.prepare()
        assert desk.front(case, "")["scale"] == SCALE
        assert orders == []
    finally:
        desk.close()
