"""Connections: so many at once, and a request that is not sent in time is not waited for."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""A request's head must be there this long after its connection, or after the last answer."""

MOST = 256
"""Connections at once; a page needs a handful."""


class LimitedProtocol(H11Protocol):
    """HTTP of one connection, which is closed while nobody sends a whole request over it."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or close at once where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.close()
        else:
            self._expect()

    def data_received(self, data: bytes) -> None:
        """Read on; the time is counted until a request has begun to be answered."""
        super().data_received(data)
        if self._is_answering():
            self._rest()
        elif self._patience is None:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._rest()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _rest(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if not self._is_answering() and not self.transport.is_closing():
            self.transport.close()
