"""The guard before the app: only its own page, on its own address, with a session, gets through.

Rules follow OWASP ASVS 5.0 (3.4, 3.5, 5.2, 7.2, 14.2.1): Host and Origin are compared with short
lists, so a foreign page can neither read nor act, not even after DNS rebinding; bodies are counted
as they stream; every answer carries a policy under which only our own files are scripts or styles.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from steppe.app.config import Config
from steppe.app.sessions import Session, Sessions

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD", "POST", "DELETE")
SAFE = ("GET", "HEAD")
API = "/api/"
ENTRY = "/api/session"
UPLOAD = re.compile(r"/api/(cases/upload|drafts/upload|drafts/[0-9a-f]{16}/files/[a-z]{1,20})")
"""Addresses that take files; all others take JSON."""

MARK = b"x-steppe"
"""A header only scripts of our own origin can set without a preflight, which is refused."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
)

LONGEST_PATH = 1024
BODY_SECONDS = 30.0
"""A body that pauses for longer is not waited for."""
MOST_HEADERS = 32 * 1024


class _Refused(Exception):
    """A request that is not let through."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def _all(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _one(scope: Scope, name: bytes) -> str | None:
    values = _all(scope, name)
    if len(values) > 1:
        raise _Refused(400, f"more than one {name.decode()} header")
    return values[0] if values else None


def cookie_name(config: Config) -> str:
    """Return the name of the cookie; cookies of one host are shared by all its ports."""
    return f"steppe-{config.port}"


class Guard:
    """ASGI middleware; it stands outside the framework, so nothing is answered past it."""

    def __init__(self, app: ASGIApp, config: Config, sessions: Sessions) -> None:
        self.app, self.config, self.sessions = app, config, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._check_source(scope)
            limit = self._check_body(scope)
            scope.setdefault("state", {})["session"] = self._session(scope)
        except _Refused as refused:
            await _refuse(send, refused.status, str(refused))
            return
        counted = _Counted(receive, send, limit)
        try:
            await self.app(scope, counted.receive, counted.send)
        except Exception:
            if not counted.broken_off:  # else it is the app's word for a body that was cut off
                raise
        await counted.close()

    def _check_source(self, scope: Scope) -> None:
        method, path = scope["method"], scope["path"]
        if method not in METHODS:
            raise _Refused(405, "this method is not allowed")
        size = sum(len(key) + len(value) for key, value in scope["headers"])
        if len(scope.get("raw_path", b"") or path) > LONGEST_PATH or size > MOST_HEADERS:
            raise _Refused(431, "the request is too long")
        if (_one(scope, b"host") or "").lower() not in self.config.hosts:
            raise _Refused(421, "this address is not served here")
        origin, site = _one(scope, b"origin"), _one(scope, b"sec-fetch-site")
        if origin is not None and origin.lower() not in self.config.origins:
            raise _Refused(403, "requests of other pages are refused")
        page = path == "/" and _one(scope, b"sec-fetch-dest") in (None, "document")
        if site not in (None, "same-origin", "none") and not (page and method in SAFE):
            raise _Refused(403, "requests of other sites are refused")
        if method not in SAFE:
            if origin is None:
                raise _Refused(403, "the request does not say which page it comes from")
            if _one(scope, MARK) != "1":
                raise _Refused(403, "the request does not come from this app's page")

    def _check_body(self, scope: Scope) -> int:
        """Return how many bytes the body may have."""
        upload = UPLOAD.fullmatch(scope["path"]) is not None
        limit = self.config.limits.upload if upload else self.config.limits.body
        length = _one(scope, b"content-length")
        if length is not None and _all(scope, b"transfer-encoding"):
            raise _Refused(400, "a body has a length or is chunked, not both")
        if length is not None and (not length.isdigit() or len(length) > 15):
            raise _Refused(400, "the length of the body is not a number")
        if int(length or 0) > limit:
            raise _Refused(413, f"the request is larger than {limit:,} bytes")
        if scope["method"] == "POST":
            kind = (_one(scope, b"content-type") or "").split(";")[0].strip().lower()
            if kind != ("multipart/form-data" if upload else "application/json"):
                raise _Refused(415, "this content type is not read here")
        return limit

    def _session(self, scope: Scope) -> Session | None:
        path = scope["path"]
        if not path.startswith(API) or path == ENTRY:
            return None
        session = self.sessions.of(token_of(self.config, _all(scope, b"cookie")))
        if session is None:
            raise _Refused(401, "open the app by its link, or sign in")
        return session


def token_of(config: Config, cookies: Iterable[str]) -> str:
    """Return the token in the cookie headers, or ''."""
    for text in cookies:
        try:
            cookie = SimpleCookie(text).get(cookie_name(config))
        except CookieError:
            continue
        if cookie is not None:
            return cookie.value
    return ""


class _Counted:
    """Counts a body as it streams; past the limit the answer is 413, whatever the app says."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive, self._send, self._left = receive, send, limit
        self.over = self._started = self._late = self._gone = self._complete = False

    @property
    def broken_off(self) -> bool:
        """Whether the body has not been read to its end and never will be."""
        return self.over or self._late or self._gone

    async def receive(self) -> Message:
        if self.broken_off:
            return {"type": "http.disconnect"}
        try:  # afterwards a disconnect is waited for, which may be as late as it likes
            limit = None if self._complete else BODY_SECONDS
            message = await asyncio.wait_for(self._receive(), limit)
        except TimeoutError:
            self._late = True
            return {"type": "http.disconnect"}
        self._gone = message["type"] == "http.disconnect" and not self._complete
        if message["type"] == "http.request":
            self._complete = not message.get("more_body", False)
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.over = True
                return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if (self.over or self._late) and not self._started:
            return
        if message["type"] == "http.response.start":
            self._started = True
            message = {**message, "headers": _with_own(message.get("headers", ()))}
        await self._send(message)

    async def close(self) -> None:
        if self.over and not self._started:
            await _refuse(self._send, 413, "the request is too large")
        elif self._late and not self._started:
            await _refuse(self._send, 408, "the request took too long to arrive")


def _with_own(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    every = list(headers)
    names = {name.lower() for name, _ in every}
    own = [(n.encode(), v.encode()) for n, v in HEADERS if n.encode() not in names]
    if b"cache-control" not in names:
        own.append((b"cache-control", b"no-store"))
    return every + own


async def _refuse(send: Send, status: int, message: str) -> None:
    body = json.dumps({"error": {"message": message}}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": _with_own(headers)})
    await send({"type": "http.response.body", "body": body})
