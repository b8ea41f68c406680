"""A user of new cases, as the tests of them share it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from steppe.app.security import cookie_name
from steppe.app.server import make_app
from steppe.app.service import AppService

PORT = 8322
ORIGIN = f"http://127.0.0.1:{PORT}"
OWN = {"origin": ORIGIN, "x-steppe": "1", "sec-fetch-site": "same-origin"}
GHANA = {"country": "Ghana", "date": "2020-12-07", "days": 5, "trigger": "price"}


class User:
    """Somebody signed in: asks, and reads the answer."""

    def __init__(self, desk: AppService) -> None:
        self.desk = desk
        code = desk.config.password or desk.sessions.new_code()
        token = desk.sessions.enter(code)
        self.cookie = {"cookie": f"{cookie_name(desk.config)}={token}"}

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(make_app(self.desk))
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
                headers = OWN | self.cookie | options.pop("headers", {})
                return await client.request(method, path, headers=headers, **options)

        return asyncio.run(send())

    def post(self, path: str, document: Mapping[str, Any]) -> httpx.Response:
        return self.ask("POST", path, json=document)

    def make(self, **changes: Any) -> dict[str, Any]:
        answer = self.post("/api/drafts", GHANA | changes)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def edit(self, draft: Mapping[str, Any], **edit: Any) -> httpx.Response:
        document = {"revision": draft["revision"]} | edit
        return self.post(f"/api/drafts/{draft['id']}/edit", document)

    def save(self, draft: Mapping[str, Any], name: str, **more: bool) -> httpx.Response:
        return self.post(f"/api/drafts/{draft['id']}/save", {"name": name, **more})

    def reopen(self, name: str) -> httpx.Response:
        return self.post("/api/drafts/reopen", {"name": name})

    def upload(self, *files: tuple[str, bytes]) -> httpx.Response:
        parts = [("file", (name, io.BytesIO(content))) for name, content in files]
        return self.ask("POST", "/api/drafts/upload", files=parts)

    def drop(self, draft: Mapping[str, Any], source: str, *files: tuple[str, bytes], **fields: str
             ) -> httpx.Response:  # fmt: skip
        parts = [("file", (name, io.BytesIO(content))) for name, content in files]
        path = f"/api/drafts/{draft['id']}/files/{source}"
        return self.ask("POST", path, files=parts, data=fields)


def folder_of(user: User, draft: Mapping[str, Any]) -> Path:
    owner = user.desk.sessions.of(user.cookie["cookie"].partition("=")[2])
    assert owner is not None
    return user.desk.drafts.draft(draft["id"], owner.id).folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def cell(draft: Mapping[str, Any], table: str, row: int, column: str) -> tuple[str, str]:
    """Return what a cell of the document holds, and its status."""
    one = next(one for one in draft["tables"] if one["key"] == table)
    at = one["columns"].index(column)
    return one["rows"][row][at], one["status"][row][at]
