"""A small case, a store with a few tiny runs of it, and the app that serves both."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from steppe.app.config import Config
from steppe.app.serve import link, open_socket, server_settings
from steppe.app.server import make_app
from steppe.app.service import AppService
from steppe.case.load import load
from steppe.engine.run import run
from steppe.results.store import Store
from steppe.study.batch import BatchJob, batch

from .drafting import PORT, User

SCALE = 0.0005
HOURS = 40
SEEDS = 2
SCENARIO = f"""\
extends: kazakhstan-2022
id: small
title: "A small crisis"
clock:
  start: "2022-01-02T00:00"
  hours: {HOURS}
counterfactuals:
  alliance-late: null
mechanisms:
  participation: logit
parameters:
  participation:
    mobilisable: 0.2
    risk_weight: 0.05
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AppService]:
    made = AppService(Config(store=tmp_path / "runs", port=PORT, home=tmp_path))
    yield made
    made.close()


@pytest.fixture
def user(desk: AppService) -> User:
    return User(desk)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "small"
    path.mkdir()
    (path / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Store:
    """Two seeds of the small case and of its counterfactual without a price shock."""
    made = Store(tmp_path_factory.mktemp("app") / "runs")
    case = load(folder)
    arms = (case, case.counterfactual("no-price-shock"))
    jobs = [BatchJob(arm, seed, SCALE) for arm in arms for seed in range(1, SEEDS + 1)]
    assert batch(jobs, store=made, workers=1).complete
    return made


@dataclass
class Served:
    """A running app: its address, its desk, and one-time links into it."""

    config: Config
    desk: AppService
    server: Any
    thread: threading.Thread

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.config.port}"

    def link(self, fragment: str = "") -> str:
        return link(self.config, self.desk.sessions.new_code()) + fragment

    def case(self) -> str:
        return next(case.id for case in self.desk.book.seen_by("") if case.origin == "folder")


def start(config: Config) -> Served:
    """Serve in a thread of this process."""
    import uvicorn

    door, config = open_socket(config)
    desk = AppService(config)
    server = uvicorn.Server(server_settings(make_app(desk), grace=1))

    def serve() -> None:
        asyncio.run(server.serve(sockets=[door]))

    thread = threading.Thread(target=serve)
    thread.start()
    return Served(config, desk, server, thread)


@pytest.fixture(scope="session")
def served(store: Store, folder: Path) -> Iterator[Served]:
    day = load("kazakhstan-2022").change("clock.hours", 24)
    run(day, 1, scale=0.0005)  # compiles what jobs need
    run(day, 1, engine="cohorts")  # and looks
    made = start(Config(store=store.path, port=0, cases=(folder,)))
    yield made
    made.server.should_exit = True
    made.thread.join(timeout=20)
    assert not made.thread.is_alive()
