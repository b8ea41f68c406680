"""The guard: only the app's own page gets through, whatever else is tried."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from steppe.app.config import AppLimits, Config
from steppe.app.routes import routes
from steppe.app.security import POLICY, cookie_name
from steppe.app.server import make_app
from steppe.app.service import AppService
from steppe.app.sessions import Sessions, TooManyError

PORT = 8322
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
OWN = {"origin": ORIGIN, "x-steppe": "1", "sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppService]:
    folder = tmp_path_factory.mktemp("guard")
    made = AppService(Config(store=folder, port=PORT, limits=AppLimits(attempts=3)))
    yield made
    made.close()


def send(desk: AppService, method: str, path: str, **options: object) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(make_app(desk))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await client.request(method, path, **options)  # type: ignore[arg-type]

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def cookie(desk: AppService) -> dict[str, str]:
    token = desk.sessions.enter(desk.sessions.new_code())
    assert token
    return {"cookie": f"{cookie_name(desk.config)}={token}"}


def test_page_is_served_under_a_strict_policy(desk: AppService) -> None:
    answer = send(desk, "GET", "/")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in POLICY


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1:8323", "127.0.0.1", "localhost.evil.example:8322", "", "[::1]:1"],
)
def test_foreign_host_is_refused(desk: AppService, cookie: dict[str, str], host: str) -> None:
    assert send(desk, "GET", "/", headers={"host": host}).status_code == 421
    assert send(desk, "GET", "/api/cases", headers={**cookie, "host": host}).status_code == 421


def test_two_hosts_are_refused(desk: AppService) -> None:
    headers = [("host", HOST), ("host", "evil.example")]
    assert send(desk, "GET", "/", headers=headers).status_code == 400


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", f"https://{HOST}", "file://"]
)
def test_foreign_origin_is_refused(desk: AppService, cookie: dict[str, str], origin: str) -> None:
    headers = {**OWN, **cookie, "origin": origin}
    assert send(desk, "GET", "/api/cases", headers=headers).status_code == 403
    assert send(desk, "POST", "/api/jobs", headers=headers, json={}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_requests_of_other_sites_are_refused(
    desk: AppService, cookie: dict[str, str], site: str
) -> None:
    headers = {**cookie, "sec-fetch-site": site}
    assert send(desk, "GET", "/api/cases", headers=headers).status_code == 403
    assert send(desk, "GET", "/app.js", headers=headers).status_code == 403
    page = {"sec-fetch-site": site, "sec-fetch-dest": "document"}
    assert send(desk, "GET", "/", headers=page).status_code == 200  # a link elsewhere may lead here
    frame = {"sec-fetch-site": site, "sec-fetch-dest": "iframe"}
    assert send(desk, "GET", "/", headers=frame).status_code == 403


def every_route(desk: AppService) -> list[tuple[str, str]]:
    return [
        (method, route.path.replace("{", "").replace("}", ""))
        for route in routes(desk)
        for method in route.methods or ()
        if route.path != "/api/session"
    ]


def test_every_route_needs_a_session_and_its_own_page(
    desk: AppService, cookie: dict[str, str]
) -> None:
    # made from the table of routes, so that a new one cannot be forgotten
    found = every_route(desk)
    assert len(found) >= 15
    for method, path in found:
        kind = "multipart/form-data; boundary=x" if "upload" in path else "application/json"
        own = {**OWN, "content-type": kind}
        assert send(desk, method, path, headers=own).status_code == 401, path
        wrong = {**own, "cookie": f"{cookie_name(desk.config)}=guess"}
        assert send(desk, method, path, headers=wrong).status_code == 401, path
        if method not in ("GET", "HEAD"):
            for missing in ("origin", "x-steppe"):
                bare = {k: v for k, v in {**own, **cookie}.items() if k != missing}
                assert send(desk, method, path, headers=bare).status_code == 403, (path, missing)
        if method == "POST":
            form = {**OWN, **cookie, "content-type": "application/x-www-form-urlencoded"}
            assert send(desk, method, path, headers=form).status_code == 415, path


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(desk: AppService, method: str) -> None:
    assert send(desk, method, "/api/cases", headers=OWN).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd", "/assets/app.js", "/app.js/../../x",
        "/..%2f..%2fetc%2fpasswd", "//etc/passwd", "/index.html", "/api/../app.py", "/%00",
    ],
)  # fmt: skip
def test_no_path_leads_to_other_files(desk: AppService, cookie: dict[str, str], path: str) -> None:
    answer = send(desk, "GET", path, headers=cookie)
    assert answer.status_code in (404, 401)
    assert b"steppe" not in answer.content


def test_declared_and_streamed_bodies_are_capped(desk: AppService, cookie: dict[str, str]) -> None:
    headers = {**OWN, **cookie, "content-type": "application/json"}
    huge = {**headers, "content-length": str(10 * 2**30)}
    assert send(desk, "POST", "/api/jobs", headers=huge).status_code == 413

    async def chunks() -> object:
        for _ in range(100):
            yield b"x" * 65536

    assert send(desk, "POST", "/api/jobs", headers=headers, content=chunks()).status_code == 413


def test_long_addresses_and_headers_are_refused(desk: AppService) -> None:
    assert send(desk, "GET", "/" + "a" * 5000).status_code == 431
    assert send(desk, "GET", "/", headers={"x-long": "a" * 200_000}).status_code == 431


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b'{"case": NaN}', b"[" * 50_000, b'"' + b"a" * 100]
)
def test_bodies_that_are_no_objects_are_mistakes(
    desk: AppService, cookie: dict[str, str], body: bytes
) -> None:
    headers = {**OWN, **cookie, "content-type": "application/json"}
    answer = send(desk, "POST", "/api/estimate", headers=headers, content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_code_works_once_and_gives_a_strict_cookie(desk: AppService) -> None:
    code = desk.sessions.new_code()
    headers = {**OWN, "content-type": "application/json"}
    answer = send(desk, "POST", "/api/session", headers=headers, json={"secret": code})
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    again = send(desk, "POST", "/api/session", headers=headers, json={"secret": code})
    assert again.status_code == 401


def test_wrong_codes_are_slowed_down_and_sessions_end() -> None:
    now = [0.0]
    config = Config(store=Path("x"), limits=AppLimits(attempts=3, idle=100.0))
    sessions = Sessions(config, lambda: now[0])
    code = sessions.new_code()
    assert [sessions.enter("wrong") for _ in range(3)] == [None] * 3
    with pytest.raises(TooManyError):
        sessions.enter(code)  # even the right one
    now[0] = 61.0
    token = sessions.enter(code)
    assert token
    assert sessions.of(token)
    now[0] = 150.0
    assert sessions.of(token)
    now[0] = 260.0
    assert sessions.of(token) is None


def test_sharing_demands_a_password_and_names() -> None:
    with pytest.raises(ValueError, match="password"):
        Config(store=Path("x"), host="0.0.0.0", names=("lab.example",))
    with pytest.raises(ValueError, match="name"):
        Config(store=Path("x"), host="0.0.0.0", password="long enough 1")
    names = ("Lab.Example",)
    shared = Config(store=Path("x"), host="0.0.0.0", password="long enough 1", names=names)
    assert "lab.example:8322" in shared.hosts
    assert "evil.example:8322" not in shared.hosts
    assert "0.0.0.0:8322" not in shared.hosts
    sessions = Sessions(shared)
    assert sessions.enter("") is None
    assert sessions.enter(sessions.new_code()) is None  # codes are for loopback only
    assert sessions.enter("long enough 1")


def test_websockets_are_closed(desk: AppService) -> None:
    sent: list[dict[str, object]] = []

    async def talk() -> None:
        async def send_(message: dict[str, object]) -> None:
            sent.append(message)

        await make_app(desk)({"type": "websocket", "path": "/", "headers": []}, None, send_)  # type: ignore[arg-type]

    asyncio.run(talk())
    assert sent == [{"type": "websocket.close", "code": 1008}]
