"""A shared app: nobody takes what the others need, and nobody sees the runs of another."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from steppe.app.config import LOCAL, SHARED, AppLimits, Config
from steppe.app.jobs import Jobs
from steppe.app.quotas import FullError, Quotas
from steppe.app.server import make_app
from steppe.app.service import AppService
from steppe.app.sessions import Sessions, TooManyError
from steppe.results.store import Store
from steppe.study.batch import batch
from steppe.study.request import StudyRequest

PASSWORD = "long enough 1"
PORT = 8322
ORIGIN = f"http://lab.example:{PORT}"
HEADERS = {"origin": ORIGIN, "x-steppe": "1", "content-type": "application/json"}
CASE = (
    "extends: kazakhstan-2022\nid: brief\ntitle: Brief\nclock:\n"
    '  start: "2022-01-02T00:00"\n  hours: 4\n'
    "counterfactuals:\n  alliance-late: null\n"
)
SETTING = {"counterfactuals": ["no-price-shock"], "seeds": 2, "scale": 0.0005}
LIMITS = AppLimits(running_each=1, jobs_each=3, sessions=3, attempts=3, requests_each=3, scale=1.0)
PATIENCE = 300.0


def shared(folder: Path, limits: AppLimits = LIMITS, cases: tuple[Path, ...] = ()) -> Config:
    return Config(store=folder / "runs", host="0.0.0.0", port=PORT, names=("lab.example",),
                  password=PASSWORD, cases=cases, limits=limits)  # fmt: skip


class User:
    """One user with a browser of their own, at an address of their own."""

    def __init__(self, desk: AppService, address: str) -> None:
        transport = httpx.ASGITransport(make_app(desk), client=(address, 1))
        self.client = httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers=HEADERS, timeout=PATIENCE
        )

    async def ask(self, method: str, path: str, json: Any = None) -> httpx.Response:
        return await self.client.request(method, path, json=json)

    async def enter(self, secret: str = PASSWORD) -> int:
        return (await self.ask("POST", "/api/session", {"secret": secret})).status_code

    async def finish(self, job: str) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = next(one for one in (await self.ask("GET", "/api/jobs")).json()
                         if one["id"] == job)  # fmt: skip
            if found["state"] in ("done", "failed", "cancelled"):
                return dict(found)
            await asyncio.sleep(0.05)
        raise AssertionError("the job did not end")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AppService]:
    folder = tmp_path / "brief"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(CASE, encoding="utf-8")
    made = AppService(shared(tmp_path, cases=(folder,)))
    yield made
    made.close()


def test_hostile_user_stops_nobody_and_sees_nothing_of_another(
    desk: AppService, tmp_path: Path
) -> None:
    case = next(one.id for one in desk.book.seen_by("") if one.origin == "folder")
    setting = {"case": case, **SETTING}

    async def play() -> tuple[dict[str, Any], list[int]]:
        hostile, calm = User(desk, "10.0.0.66"), User(desk, "10.0.0.1")
        assert [await hostile.enter("guess") for _ in range(5)] == [401] * 3 + [429] * 2
        assert await calm.enter() == 204  # another address may still sign in
        desk.sessions._wrong.clear()  # a minute later
        assert await hostile.enter() == 204
        # floods: each is refused in words, and the first ones wait for their turn
        flood = {**setting, "counterfactuals": ["no-blackout"], "seeds": 200}
        codes = [
            (await hostile.ask("POST", "/api/jobs", {**flood, "seeds": 200 - at})).status_code
            for at in range(8)
        ]
        assert codes == [202] * 3 + [429] * 5
        bombs = ({**flood, "scale": 50}, {**flood, "seeds": 10**9}, {**flood, "set": {"a": [1]}})
        for bomb in bombs:
            answer = await hostile.ask("POST", "/api/look", bomb)
            assert (answer.status_code, bool(answer.json()["error"]["message"])) == (400, True)
        crowd = await asyncio.gather(*(hostile.ask("POST", "/api/estimate", flood)
                                       for _ in range(12)))  # fmt: skip
        assert {answer.status_code for answer in crowd} == {200, 429}
        job = (await calm.ask("POST", "/api/jobs", setting)).json()["id"]
        for method, path in (("GET", f"/api/jobs/{job}/events"), ("DELETE", f"/api/jobs/{job}")):
            answer = await hostile.ask(method, path)
            assert (answer.status_code, bool(answer.json()["error"]["message"])) == (404, True)
        for one in (await hostile.ask("GET", "/api/jobs")).json():
            assert one["id"] != job
            await hostile.ask("DELETE", f"/api/jobs/{one['id']}")  # kills own runs
        ended = await calm.finish(job)
        heads = [
            (await user.ask("POST", "/api/compare", {**setting, **more})).json()["head"]["stored"]
            for user, more in (
                (calm, {}), (hostile, {}), (hostile, {"link": "guess"}),
                (hostile, (await calm.ask("POST", "/api/share", setting)).json()),
            )
        ]  # fmt: skip
        front = (await hostile.ask("GET", f"/api/start?case={case}")).json()["setting"]
        assert front["scale"] != SETTING["scale"]  # not told of what another has run
        assert (await hostile.ask("POST", "/api/estimate", setting)).json()["runs"] == 4
        assert (await hostile.ask("POST", "/api/export/csv", setting)).status_code == 400
        assert (await hostile.ask("DELETE", "/api/session")).status_code == 204
        assert (await hostile.ask("GET", "/api/jobs")).status_code == 401
        return ended, [sum(head) for head in heads]

    ended, seen = asyncio.run(play())
    assert (ended["state"], ended["done"]) == ("done", 4)
    assert seen == [4, 0, 0, 4]
    one = desk.comparison(setting, "")
    alone = batch(one.runs, store=Store(tmp_path / "alone"), workers=1)
    for key in alone.keys:
        mine, theirs = desk.stock.store.get(key), alone.store.get(key)
        assert mine.outcome == theirs.outcome
        assert all((mine.series[s].values == theirs.series[s].values).all() for s in mine.series)


def test_each_user_has_one_job_running_though_a_place_is_free(tmp_path: Path) -> None:
    gate, seen = threading.Event(), []

    class Slow(Jobs):
        def _make(self, job: Any) -> None:
            seen.append(job.owner)
            gate.wait(10)

    store = Store(tmp_path)
    limits = AppLimits(jobs_at_once=2, running_each=1)
    jobs = Slow(store, limits, lambda scenario: None, Quotas(store, limits, True))
    plain: Any = SimpleNamespace(
        case=SimpleNamespace(id="x"), request=StudyRequest(case="x"), parameters="default",
        changes=(), baseline=None,
    )  # fmt: skip
    for seeds in (1, 2, 3):
        other: Any = SimpleNamespace(**vars(plain))
        other.request = StudyRequest(case="x", seeds=seeds)
        jobs.start(other, "flood")
    calm = jobs.start(plain, "calm")
    ended = threading.Event()
    jobs.listen(calm, lambda document: ended.set() if document["state"] == "done" else None)
    end = time.monotonic() + 10
    while sorted(seen) != ["calm", "flood"] and time.monotonic() < end:
        time.sleep(0.01)
    assert sorted(seen) == ["calm", "flood"]  # two at once, and neither from the same user
    gate.set()
    assert ended.wait(10)
    jobs.close()


def test_bytes_of_a_user_are_bounded_and_the_disk_keeps_some(tmp_path: Path) -> None:
    store = Store(tmp_path)
    full = Quotas(store, AppLimits(stored=1000.0), True)
    full.check("a")
    full.charge("a", 999)
    full.check("a")
    full.charge("a", 1)
    with pytest.raises(FullError, match="share of one user"):
        full.check("a")
    full.check("b")  # the other's share is untouched
    full.forget("a")
    full.check("a")
    with pytest.raises(FullError, match="disk"):
        Quotas(store, AppLimits(spare=1 << 60), True).check("a")


def test_full_user_is_told_with_507(tmp_path: Path) -> None:
    desk = AppService(shared(tmp_path, AppLimits(stored=10.0)))

    async def play() -> tuple[int, str]:
        user = User(desk, "10.0.0.1")
        assert await user.enter() == 204
        desk.holdings.charge(next(iter(desk.sessions._open.values())).id, 10)
        setting = {"case": "kazakhstan-2022", "seeds": 1, "scale": 0.0005}
        answer = await user.ask("POST", "/api/jobs", setting)
        return answer.status_code, answer.json()["error"]["message"]

    status, message = asyncio.run(play())
    assert status == 507
    assert "share of one user" in message
    desk.close()


def test_nobody_takes_every_place(tmp_path: Path) -> None:
    now = [0.0]
    ended: list[str] = []
    sessions = Sessions(shared(tmp_path), lambda: now[0], ended=ended.append)
    taken = []
    for _ in range(3):
        now[0] += 1
        taken.append(sessions.enter(PASSWORD, "10.0.0.66"))
    assert all(taken)
    with pytest.raises(TooManyError):
        sessions.enter(PASSWORD, "10.0.0.66")
    token = sessions.enter(PASSWORD, "10.0.0.1")
    assert token
    assert sessions.of(token)
    assert taken[0]
    assert sessions.of(taken[0]) is None  # the one unseen for longest gave way
    assert len(ended) == 1
    again = sessions.enter(PASSWORD, "10.0.0.2")
    assert again
    with pytest.raises(TooManyError):  # every place has an address of its own now
        sessions.enter(PASSWORD, "10.0.0.3")


def test_link_shows_runs_until_its_giver_leaves(tmp_path: Path) -> None:
    store = Store(tmp_path)
    holdings = Quotas(store, AppLimits(), True)
    key = "a" * 64
    assert holdings.sees("b", key)  # stored before the app began
    holdings.charge_run("a", key)
    link = holdings.share("a", [key])
    assert holdings.sees("a", key)
    assert not holdings.sees("b", key)
    assert not holdings.sees("b", key, "guess")
    assert holdings.sees("b", key, link)
    holdings.forget("a")
    assert not holdings.sees("b", key, link)
    holdings.grant("b", [key])
    assert holdings.sees("b", key)
    assert Quotas(store, AppLimits(), False).sees("b", key)


def test_shared_apps_have_limits_of_their_own(tmp_path: Path) -> None:
    local = Config(store=tmp_path)
    many = Config(store=tmp_path, host="192.0.2.1", password=PASSWORD)
    assert (local.limits, many.limits) == (LOCAL, SHARED)
    assert SHARED.running_each < SHARED.jobs_at_once
    assert SHARED.stored < LOCAL.stored
