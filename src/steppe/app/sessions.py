"""Who may use the app: one-time codes and the password, exchanged for a session's cookie.

Nothing of it is written to disk: an app that is started again knows nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from steppe.app.config import Config
from steppe.core.errors import SteppeError

MINUTE = 60.0
EVERYBODY = 10
"""So many times the wrong tries of one address are taken from all together."""


class TooManyError(SteppeError):
    """A limit of the app is reached; the message says which."""


@dataclass(slots=True)
class Session:
    """One user: a name nobody can guess, never sent anywhere, and when it was last seen."""

    id: str
    last_seen: float
    address: str = ""
    """Where it came from; '' where a server in front hides that."""


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


@dataclass(slots=True)
class Sessions:
    """The open sessions; ``clock`` gives seconds, ``announce`` is told every new one-time code."""

    config: Config
    clock: Callable[[], float] = time.monotonic
    announce: Callable[[str], None] | None = None
    ended: Callable[[str], None] | None = None
    """Told the id of every session that has expired."""
    _code: str = ""
    _open: dict[bytes, Session] = field(default_factory=dict)
    _wrong: deque[tuple[float, str]] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def new_code(self) -> str:
        """Return a one-time code; the one before it is void."""
        self._code = secrets.token_urlsafe(24)
        if self.announce is not None:
            self.announce(self._code)
        return self._code

    def enter(self, secret: str, address: str = "") -> str | None:
        """Return the token of a new session for a right code or password, else None.

        ``address`` is where the request comes from. Raises ``TooManyError`` after too many wrong
        tries from there, or with too many users.
        """
        with self._lock:
            now = self.clock()
            self._check_tries(now, address)
            if not self._fits(secret):
                self._wrong.append((now, address))
                return None
            self._expire(now)
            if len(self._open) >= self.config.limits.sessions:
                self._make_room(address)
            token = secrets.token_urlsafe(32)
            self._open[_digest(token)] = Session(secrets.token_hex(8), now, address)
        if not self.config.shared:
            self.new_code()
        return token

    def _check_tries(self, now: float, address: str) -> None:
        while self._wrong and now - self._wrong[0][0] > MINUTE:
            self._wrong.popleft()
        most = self.config.limits.attempts
        tries = sum(where == address for _, where in self._wrong)
        if tries >= most or len(self._wrong) >= EVERYBODY * most:
            raise TooManyError("too many wrong tries; wait a minute")

    def _make_room(self, address: str) -> None:
        """End the session unseen for longest of the address with most, if it has more than this.

        So nobody keeps the others out by taking every place.
        """
        counts = Counter(session.address for session in self._open.values())
        most = max(counts, key=lambda where: counts[where])
        if counts[most] <= counts[address] + 1:
            raise TooManyError("too many users at once; try again later")
        digests = [digest for digest, one in self._open.items() if one.address == most]
        session = self._open.pop(min(digests, key=lambda digest: self._open[digest].last_seen))
        if self.ended is not None:
            self.ended(session.id)

    def _fits(self, secret: str) -> bool:
        right = self.config.password if self.config.shared else self._code
        return bool(right) and hmac.compare_digest(_digest(secret), _digest(right))

    def of(self, token: str) -> Session | None:
        """Return the session of a token, or None when it is unknown or has expired."""
        with self._lock:
            now = self.clock()
            self._expire(now)
            session = self._open.get(_digest(token))
            if session is not None:
                session.last_seen = now
            return session

    def leave(self, token: str) -> None:
        """End a session."""
        with self._lock:
            session = self._open.pop(_digest(token), None)
        if session is not None and self.ended is not None:
            self.ended(session.id)

    def _expire(self, now: float) -> None:
        old = [d for d, s in self._open.items() if now - s.last_seen > self.config.limits.idle]
        for digest in old:
            session = self._open.pop(digest)
            if self.ended is not None:
                self.ended(session.id)
