"""Analyses are commands of the terminal: which words, whose they are, and what they leave."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from steppe.app.analyses import OVER, Analyses, Analysis, AnalysisTask
from steppe.app.analysis_orders import command_of, order_of
from steppe.app.analysis_routes import _start
from steppe.app.config import AppLimits, Config
from steppe.app.errors import RequestError, UnknownError
from steppe.app.service import AppService
from steppe.case.load import load
from steppe.cli import parse_command
from steppe.results.store import Store
from steppe.study.request import STORE

from .conftest import SCALE, SEEDS

PATIENCE = 60.0
SHORT_CASE = "two-valleys"


@pytest.fixture
def desk(store: Store, folder: Path) -> Iterator[AppService]:
    made = AppService(Config(store=store.path, cases=(folder,)))
    yield made
    made.close()


def setting(desk: AppService, **more: object) -> dict[str, Any]:
    return {"case": desk.book.front("").id, "counterfactuals": ["no-price-shock"],
            "seeds": SEEDS, "scale": SCALE, **more}  # fmt: skip


def wait(one: Analysis) -> Analysis:
    end = time.monotonic() + PATIENCE
    while one.state not in OVER and time.monotonic() < end:
        time.sleep(0.1)
    return one


def test_report_of_stored_runs_is_a_page_that_simulates_nothing(desk: AppService) -> None:
    before = desk.stock.store.keys()
    one = wait(_start(desk, (setting(desk), {"kind": "report"}), "me"))
    assert one.document()["state"] == "done", one.document()
    assert one.page is not None
    assert b"<!doctype html>" in one.page.read_bytes()[:200].lower()
    assert desk.stock.store.keys() == before
    request = parse_command(one.command)
    assert (request.seeds, request.scale, request.engine) == (SEEDS, SCALE, "citizens")
    with pytest.raises(UnknownError):
        desk.analyses.analysis(one.id, "somebody else")


def test_report_of_a_look_at_an_upload_repeats_elsewhere(desk: AppService) -> None:
    """Neither the passing store of a look nor the passing folder of an upload is in the command."""
    upload = desk.book.folder / "upload-1"
    shutil.copytree(load(SHORT_CASE).folder, upload)
    case = desk.book.adopt(upload, "me")
    words = {"case": case.id, "counterfactuals": ["no-rise"]}
    one = _start(desk, (words, {"kind": "report"}), "me")
    desk.analyses.cancel(one)
    request = parse_command(one.command)
    assert (request.case, request.store) == (f"./{SHORT_CASE}", STORE)
    assert load(one.task.folder / request.case).title == case.title
    assert not (one.task.folder / STORE).is_symlink()  # its own, not that of the app


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"kind": "sweep", "path": "prices.shock", "points": 3},
         ["sweep", "--over", "prices.shock=0:1:3", "--tipping", "--engine", "cohorts"]),
        ({"kind": "counterfactuals"}, ["pair", "--all", "--no-report"]),
        ({"kind": "branch", "at": "2022-01-04T00:00"}, ["branch", "--at", "no-price-shock"]),
        ({"kind": "free", "at": "request"}, ["pair", "--free-from", "request"]),
        ({"kind": "judge"}, ["judge", "--engine"]),
        ({"kind": "sensitivity", "engine": "citizens", "seeds": 2}, ["sensitivity", "--seeds"]),
    ],
)  # fmt: skip
def test_orders_become_commands(
    desk: AppService, order: dict[str, Any], words: list[str], tmp_path: Path
) -> None:
    one = desk.comparison(setting(desk), "")
    made = command_of(order_of(order, 200), one, 0, str(tmp_path))
    assert made[0] == words[0]
    assert set(words) <= set(made)
    assert made[made.index("--store") + 1] == str(tmp_path)
    assert "--allow-code" not in made


@pytest.mark.parametrize(
    "order",
    [
        {}, {"kind": "shell"}, {"kind": []}, {"kind": "report", "more": 1},
        {"kind": "sweep", "path": "a; rm"}, {"kind": "sweep", "path": "a=b"},
        {"kind": "sweep", "path": "prices.shock", "low": 1, "high": 0},
        {"kind": "sweep", "path": "prices.shock", "low": "0"}, {"kind": "branch"},
        {"kind": "branch", "at": "--store /etc"}, {"kind": "report", "seeds": True},
        {"kind": "report", "seeds": 201}, {"kind": "report", "engine": "x"},
    ],
)  # fmt: skip
def test_orders_that_are_not_understood_are_refused(order: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        order_of(order, 200)


def test_cancelled_analyses_end_and_the_same_is_not_started_twice(tmp_path: Path) -> None:
    limits = cast(AppLimits, SimpleNamespace(jobs_at_once=1, jobs_each=2))
    all_of_them = Analyses(limits)
    slow = ["sensitivity", "two-valleys", "--engine", "cohorts", "--store", str(tmp_path / "runs")]
    first = all_of_them.start("me", AnalysisTask("slow", slow, tmp_path))
    assert all_of_them.start("me", AnalysisTask("slow", slow, tmp_path)) is first
    second = all_of_them.start("me", AnalysisTask("next", ["--version"], tmp_path))
    while first.process is None:
        time.sleep(0.05)
    all_of_them.cancel(first)
    assert wait(second).state == "done"  # its place was free
    assert first.state == "cancelled"
    assert first.process.wait(timeout=PATIENCE) != 0
    assert "steppe" in second.document()["text"]
    all_of_them.close()
