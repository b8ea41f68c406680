"""Hostile requests to the app: which get through its guard, which end in a fault of its own.

    python -m validation.hostile_requests [--count 1000] [--seed 1]

run in the folder of the repository. Each request goes to an address of the app's own table. One
kind breaks the guard in one place (host, origin, site, session, header, kind of content, method,
path) and must be refused; the other comes from the page with a session and says nonsense, and must
be answered in words. No request can start a run: none names a case that there is. The last line is
a JSON object; the exit code is 1 when one got through or ended in a fault of the app.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from steppe.app.config import Config
from steppe.app.routes import routes
from steppe.app.security import cookie_name
from steppe.app.server import make_app
from steppe.app.service import AppService

PORT = 8322
ORIGIN = f"http://127.0.0.1:{PORT}"
NASTY: tuple[Any, ...] = (
    None, True, -1, 1e308, 2**70, 0.1, "", "no-such-case", "../../etc/passwd", "\x00", "<script>",
    "=1+1", "x" * 70_000, [], {}, [[[[[[]]]]]], {"": ""}, {"__proto__": 1}, ["no-such-case"] * 99,
    "\ud800", "kazakhstan-2022/../x", "%2e%2e%2f", "'; DROP TABLE runs; --", "\u202e", "NaN",
)  # fmt: skip
KEYS = ("case", "values", "variant", "seeds", "scale", "set", "arm", "folder", "runs", "parameters")
CHUNKS = ("..", "%2e%2e", "x", "%00", "a/../b", "%2f", "~", "con", "\u202e", "x" * 300)


class Trial(NamedTuple):
    """One request, and whether the guard has to refuse it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    forbidden: bool


class Trials:
    """Requests drawn at random for one app."""

    def __init__(self, service: AppService, seed: int) -> None:
        self.draw = random.Random(seed)
        self.table = [(m, r.path) for r in routes(service) for m in sorted(r.methods or ())]
        self.table = [one for one in self.table if one[0] != "HEAD"]
        token = service.sessions.enter(service.sessions.new_code())
        self.cookie = f"{cookie_name(service.config)}={token}"

    def next(self) -> Trial:
        """Return the next request."""
        method, path = self.draw.choice(self.table)
        path = path.replace("{case}", "no-such-case").replace("{job}", "1").replace("{form}", "csv")
        headers = {"origin": ORIGIN, "x-steppe": "1", "sec-fetch-site": "same-origin",
                   "cookie": self.cookie, "content-type": "application/json"}  # fmt: skip
        trial = Trial(method, path, headers, self.document(), False)
        return self.broken(trial) if self.draw.random() < 0.5 else self.nonsense(trial)

    def document(self) -> bytes:
        """Return a JSON document of nonsense, or bytes that are none."""
        kind = self.draw.randrange(4)
        if kind == 0:
            return self.draw.randbytes(self.draw.randrange(200))
        if kind == 1:
            return b"[" * self.draw.choice((10, 5_000)) + b"1"
        names = self.draw.sample(KEYS, self.draw.randint(1, 4))
        content = {name: self.draw.choice(NASTY) for name in names}
        return json.dumps(content | {"case": self.draw.choice(NASTY)}).encode()

    def broken(self, trial: Trial) -> Trial:
        """Break the guard in one place."""
        headers, method, path = dict(trial.headers), trial.method, trial.path
        where = self.draw.choice(("host", "origin", "site", "cookie", "mark", "kind", "method"))
        changes = {"method": method == "GET", "mark": method == "GET", "kind": method != "POST"}
        if changes.get(where) or (path == "/api/session" and where == "cookie"):
            where = "host"
        if where == "host":
            headers["host"] = self.draw.choice(
                ("evil.example", "127.0.0.1:1", "localhost", "[::1]")
            )
        elif where == "origin":
            headers["origin"] = self.draw.choice(("http://evil.example", "null", "file://"))
        elif where == "site":
            headers["sec-fetch-site"] = self.draw.choice(("cross-site", "same-site"))
        elif where == "cookie":
            headers["cookie"] = self.draw.choice(("", "a=b", trial.headers["cookie"][:-1]))
        elif where == "mark":
            del headers["x-steppe"]
        elif where == "kind":
            headers["content-type"] = self.draw.choice(("text/plain", "text/html", "image/png"))
        else:
            method = self.draw.choice(("PUT", "PATCH", "TRACE", "OPTIONS"))
        return Trial(method, path, headers, trial.body, True)

    def nonsense(self, trial: Trial) -> Trial:
        """Leave the guard content, and ask for what there is not."""
        path = trial.path
        if self.draw.random() < 0.5 and trial.method == "GET":
            path += "/" + self.draw.choice(CHUNKS) + "?case=" + self.draw.choice(CHUNKS)
        return trial._replace(path=path)


async def outcomes(service: AppService, count: int, seed: int) -> Counter[str]:
    """Send so many requests; return how many were refused, answered, got through or failed."""
    trials, found = Trials(service, seed), Counter[str]()
    transport = httpx.ASGITransport(make_app(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        for _ in range(count):
            trial = trials.next()
            answer = await client.request(
                trial.method, trial.path, headers=trial.headers, content=trial.body
            )
            kind = "refused" if 400 <= answer.status_code < 500 else "answered"
            if trial.forbidden and kind == "answered":
                kind = "got through"
            kind = "failed" if answer.status_code >= 500 else kind
            found[kind] += 1
            if kind in ("got through", "failed"):
                print(f"{kind}: {answer.status_code} {trial}"[:600], flush=True)
            if trial[:2] == ("DELETE", "/api/session") and answer.is_success:
                trials = Trials(service, trials.draw.randrange(2**32))  # the session has ended
    return found


def main() -> int:
    """Send the requests and count."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = AppService(Config(store=Path(folder), port=PORT))
        found = asyncio.run(outcomes(service, asked.count, asked.seed))
        service.close()
    print(json.dumps({"hostile requests": asked.count, **found}))
    return int(bool(found["got through"] or found["failed"]))


if __name__ == "__main__":
    sys.exit(main())
