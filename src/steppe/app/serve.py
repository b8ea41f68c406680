"""Listening: one address, one process, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from steppe.app.config import ANY, Config
from steppe.app.server import make_app
from steppe.app.service import AppService
from steppe.core.errors import SteppeError

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from steppe.app.preview_worker import PreviewWorker

BACKLOG = 128
LONGEST_HEAD = 64 * 1024
"""Bytes of a request before its body."""

GRACE = 3
"""Seconds that open answers have to end."""


class ListenError(SteppeError):
    """The address or port cannot be listened on."""


def open_socket(config: Config) -> tuple[socket.socket, Config]:
    """Return an open socket and the configuration with the port it got."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((config.host, config.port))
        door.listen(BACKLOG)
    except OSError as error:
        door.close()
        why = error.strerror or str(error)
        raise ListenError(
            f"cannot listen on {config.host}, port {config.port}: {why}; name another with --port"
        ) from None
    return door, replace(config, port=door.getsockname()[1])


def link(config: Config, code: str = "") -> str:
    """Return the address of the page; a one-time code goes into the fragment, never to a server."""
    scheme = "https" if config.https else "http"
    host = config.names[0] if config.names else config.host
    if host in ANY:
        host = "localhost"
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}:{config.port}/{f'#code={code}' if code else ''}"


def serve(
    config: Config,
    *,
    ready: Callable[[str], None],
    again: Callable[[str], None],
    previews: PreviewWorker | None = None,
) -> None:
    """Serve the app until it is stopped; ``previews`` is its process of quick looks, if it runs.

    ``ready`` is told the link once the app listens; ``again`` a fresh link whenever a one-time
    code was used, for another browser. Raises ``ListenError``, and ``ValueError`` for a shared
    app without a password.
    """
    door, config = open_socket(config)
    service = AppService(config, previews)
    app = make_app(service)
    service.prepare()  # so that the first page is there at once
    if not config.shared:
        first = service.sessions.new_code()
        service.sessions.announce = lambda code: again(link(config, code))
        ready(link(config, first))
    else:
        ready(link(config))
    try:
        _listen(app, door)
    finally:
        door.close()
        service.close()


def _listen(app: ASGIApp, door: socket.socket) -> None:
    """Answer until Ctrl-C or a request to end, which is no error of anybody."""
    import uvicorn

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
            numbers = [getattr(signal, name) for name in names]
            before = [signal.signal(number, self.handle_exit) for number in numbers]
            try:
                yield
            finally:
                for number, handler in zip(numbers, before, strict=True):
                    signal.signal(number, handler)

    asyncio.run(Server(server_settings(app)).serve(sockets=[door]))


def server_settings(app: ASGIApp, grace: int = GRACE) -> uvicorn.Config:
    """Return how the app is served."""
    import uvicorn

    from steppe.app.connections import LimitedProtocol

    return uvicorn.Config(
        app, http=LimitedProtocol, log_level="error", access_log=False, server_header=False,
        date_header=True, timeout_graceful_shutdown=grace, ws="none", proxy_headers=False,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )  # fmt: skip
