"""Experiments: named settings beside the runs, seen by whom they belong to."""

from __future__ import annotations

from pathlib import Path

import pytest

from steppe.app.errors import RequestError, UnknownError
from steppe.app.experiments import MOST, Experiments
from steppe.app.sessions import TooManyError

SETTING = {"case": "kazakhstan-2022", "counterfactuals": ["no-blackout"], "seeds": 8}


def test_experiment_outlives_the_app_and_is_removed_for_good(tmp_path: Path) -> None:
    saved = Experiments(tmp_path, False).save("", "  First \n try ", SETTING)
    again = Experiments(tmp_path, False)
    assert again.of("") == [saved]
    assert (saved.name, saved.setting) == ("First try", SETTING)
    again.remove("", saved.id)
    assert Experiments(tmp_path, False).of("") == []
    with pytest.raises(UnknownError):
        again.remove("", saved.id)


def test_experiments_of_a_shared_app_are_private_until_it_ends(tmp_path: Path) -> None:
    shared = Experiments(tmp_path, True)
    mine = shared.save("a", "mine", SETTING)
    assert (shared.of("a"), shared.of("b")) == ([mine], [])
    with pytest.raises(UnknownError):
        shared.remove("b", mine.id)
    assert Experiments(tmp_path, True).of("b") == [mine]  # what lay in the store is common


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_name_is_a_short_text(tmp_path: Path, name: str) -> None:
    with pytest.raises(RequestError, match="up to 80"):
        Experiments(tmp_path, False).save("", name, SETTING)


@pytest.mark.parametrize("name", ["../runs", "0" * 15, "g" * 16, "0123456789abcdef"])
def test_only_an_experiment_is_removed(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownError):
        Experiments(tmp_path, False).remove("", name)


def test_a_file_that_is_no_experiment_is_left_alone(tmp_path: Path) -> None:
    saved = Experiments(tmp_path, False).save("", "good", SETTING)
    folder = tmp_path / "experiments"
    (folder / "notes.json").write_text("{}", encoding="utf-8")
    (folder / f"{'0' * 16}.json").write_text('{"name": 3}', encoding="utf-8")
    (folder / f"{'1' * 16}.json").write_text("{", encoding="utf-8")
    assert Experiments(tmp_path, False).of("") == [saved]
    assert len(list(folder.iterdir())) == 4


def test_one_user_has_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steppe.app.experiments.MOST", 2)
    some = Experiments(tmp_path, True)
    for name in ("one", "two"):
        some.save("a", name, SETTING)
    with pytest.raises(TooManyError):
        some.save("a", "three", SETTING)
    some.save("b", "one", SETTING)
    assert MOST > 2


def test_board_shows_an_experiment_to_the_whole_class(tmp_path: Path) -> None:
    shelf = Experiments(tmp_path, private=True)
    own = shelf.save("ada", "mine", {"case": "two-valleys"})
    common = shelf.save("ada", "Ada: no cut", {"case": "two-valleys"}, board=True)
    assert [one.id for one in shelf.of("teacher")] == [common.id]
    assert {one.id for one in shelf.of("ada")} == {own.id, common.id}
    with pytest.raises(UnknownError):
        shelf.remove("teacher", common.id)  # it is hers
    shelf.remove("ada", common.id)
    assert shelf.of("teacher") == []
