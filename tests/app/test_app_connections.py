"""Requests that are no text, break off, or never end."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import time

import pytest

from steppe.app import connections, security
from steppe.app.security import cookie_name

from .conftest import Served

ROUTES = ("compare", "look", "estimate", "share", "jobs", "cases/open", "export/csv")


def head(served: Served, path: str, length: int, cookie: str) -> bytes:
    lines = (
        f"POST {path} HTTP/1.1", f"host: 127.0.0.1:{served.config.port}",
        f"origin: {served.origin}", "x-steppe: 1", "content-type: application/json",
        f"content-length: {length}", f"cookie: {cookie}",
    )  # fmt: skip
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.fixture(scope="module")
def cookie(served: Served) -> str:
    token = served.desk.sessions.enter(served.desk.sessions.new_code())
    return f"{cookie_name(served.config)}={token}"


def connect(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.config.port), timeout=20)


def answer(served: Served, path: str, body: bytes, cookie: str) -> int:
    with connect(served) as line:
        line.sendall(head(served, path, len(body), cookie) + body)
        return int(line.recv(64).split()[1])


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc00\ud800"])
@pytest.mark.parametrize("route", ROUTES)
def test_half_a_character_is_a_bad_request(
    served: Served, cookie: str, route: str, text: str
) -> None:
    for document in ({"case": text}, {text: 1}, {"case": "x", "values": {"a": [text]}}):
        body = json.dumps(document).encode()
        assert answer(served, f"/api/{route}", body, cookie) == 400


def test_a_body_that_breaks_off_is_nobodys_error(
    served: Served, cookie: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for route in ROUTES:
            with connect(served) as line:
                line.sendall(head(served, f"/api/{route}", 100, cookie) + b'{"case')
        time.sleep(0.3)
    assert [one for one in caplog.records if one.exc_info or one.levelno >= logging.ERROR] == []


def test_half_a_request_is_not_waited_for(
    served: Served, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(security, "BODY_SECONDS", 0.2)
    halves = (b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\n")
    lines = [(connect(served), half) for half in halves]
    for line, half in lines:
        line.sendall(half)
        with contextlib.suppress(ConnectionResetError):  # which is an end too
            assert line.recv(64) == b""
        line.close()
    with connect(served) as line:
        line.sendall(head(served, "/api/look", 100, cookie) + b'{"case')
        assert line.recv(64).split()[1] == b"408"


def test_there_are_only_so_many_at_once(
    served: Served, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 8)
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1.0)
    lines = [connect(served) for _ in range(40)]
    time.sleep(0.3)
    still_open = 0
    for line in lines:
        line.setblocking(False)
        try:
            still_open += line.recv(1) != b""
        except BlockingIOError:
            still_open += 1
        except ConnectionResetError:
            pass
    assert still_open <= 8
    time.sleep(1.2)
    assert answer(served, "/api/look", b"[]", cookie) == 400
    for line in lines:
        line.close()
