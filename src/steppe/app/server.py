"""The application: static files, the API, and the guard before both."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING

from steppe.app.security import Guard

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from steppe.app.service import AppService

FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/app.js": ("app.js", "text/javascript; charset=utf-8"),
    "/new": ("new.html", "text/html; charset=utf-8"),
    "/wizard.js": ("wizard.js", "text/javascript; charset=utf-8"),
    "/wizard.css": ("wizard.css", "text/css; charset=utf-8"),
    "/theme.js": ("theme.js", "text/javascript; charset=utf-8"),
    "/app.css": ("app.css", "text/css; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/licences.txt": ("THIRD_PARTY.txt", "text/plain; charset=utf-8"),
}
"""All files of the page by their address; nothing else is ever read from disk for it."""


def make_app(service: AppService) -> ASGIApp:
    """Return the application with its guard; its end closes ``service``."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    from steppe.app.routes import routes

    files = [
        Route(address, partial(_file, content=_read(name), kind=kind), methods=["GET"])
        for address, (name, kind) in FILES.items()
    ]
    inner = Starlette(routes=[*files, *routes(service)], lifespan=partial(_life, service=service))
    return Guard(inner, service.config, service.sessions)


def _read(name: str) -> bytes:
    return (resources.files("steppe.app") / "assets" / name).read_bytes()


async def _file(request: Request, content: bytes, kind: str) -> Response:
    from starlette.responses import Response

    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "content-type": kind})


@asynccontextmanager
async def _life(app: Starlette, service: AppService) -> AsyncIterator[None]:
    yield
    service.close()
