"""A long stay at the app: does it answer as at first, and does it grow?

    python -m validation.soak [--minutes 60] [--users 3] [--pause 3.25] [--seed 1]

run in the folder of the repository (Linux). An app of its own serves an empty store to users who do
at random what the page does: open the first view and cases, move sliders, run and compare, cancel,
export, keep and remove experiments, leave and come back, with a pause after each act (its mean in
seconds is an option). Every minute the memory, open files and
threads of the app with all its processes are read. Prints a table by quarters of the time; the
last line is JSON. The exit code is 1 for an answer that is a fault of the app, or if memory or open
files of the last quarter are more than a quarter above those of the second, when all caches are
filled.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

CASE, SLIDER, PASSWORD = "two-valleys", "prices.shock", "a long stay"
GROWTH = 1.25
"""Memory and open files of the last quarter at most, against the second."""

OVER = ("done", "failed", "cancelled")


@dataclass
class Notes:
    """What was seen: answers, waiting times by quarter, size of the app minute by minute.

    ``pause`` is the mean of the seconds between two acts of a user.
    """

    minutes: float
    pause: float
    began: float = field(default_factory=time.monotonic)
    answers: Counter[str] = field(default_factory=Counter)
    waits: list[tuple[int, float]] = field(default_factory=list)
    sizes: list[tuple[int, float, int, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def quarter(self) -> int:
        """Return the quarter of the time that now is, 0 to 3."""
        return min(int((time.monotonic() - self.began) / (15.0 * self.minutes)), 3)

    @property
    def over(self) -> bool:
        """Return whether the time is over."""
        return time.monotonic() - self.began > 60.0 * self.minutes


class User:
    """One user of the app: a session, and what its page asks for."""

    def __init__(self, client: httpx.AsyncClient, notes: Notes, seed: int) -> None:
        self.client, self.notes, self.draw = client, notes, random.Random(seed)

    async def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Return an answer, noted with how long it took; anything from 500 on is a fault."""
        began = time.monotonic()
        answer = await self.client.request(method, path, json=body)
        self.notes.waits.append((self.notes.quarter, time.monotonic() - began))
        self.notes.answers[f"{method} {path.split('/')[2]} {answer.status_code}"] += 1
        if answer.status_code >= 500:
            self.notes.faults.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def setting(self, values: int = 40) -> dict[str, Any]:
        """Return one change of the case; there are so many ``values`` of it."""
        value = round(self.draw.randrange(values) * 2.0 / values, 3)
        return {"case": CASE, "set": {SLIDER: value}, "seeds": self.draw.choice((2, 4))}

    async def enter(self) -> None:
        """Sign in, and open the first view."""
        await self.ask("POST", "/api/session", {"secret": PASSWORD})
        await self.ask("GET", "/api/start")

    async def leave(self) -> None:
        """Leave, and come back."""
        await self.ask("DELETE", "/api/session")
        await self.enter()

    async def read(self) -> None:
        """Open the list of cases, one of them, and what is stored of it."""
        await self.ask("GET", "/api/cases")
        await self.ask("GET", f"/api/cases/{CASE}")
        await self.ask("GET", f"/api/cases/{CASE}/stored")

    async def move(self) -> None:
        """Move a slider: a first look, and half the time the whole one."""
        setting = self.setting()
        await self.ask("POST", "/api/look", {**setting, "look": {"first": True}})
        if self.draw.random() < 0.5:
            await self.ask("POST", "/api/look", {**setting, "look": {"first": False}})

    async def run(self) -> None:
        """Run both arms; cancel, or compare and export them."""
        setting = self.setting(10)
        answer = await self.ask("POST", "/api/jobs", setting)
        if answer.status_code != 202:
            return
        job = answer.json()["id"]
        if self.draw.random() < 0.3:
            await self.ask("DELETE", f"/api/jobs/{job}")
            return
        for _ in range(120):
            jobs = (await self.ask("GET", "/api/jobs")).json()
            if next((one["state"] for one in jobs if one["id"] == job), "done") in OVER:
                break
            await asyncio.sleep(1.0)
        await self.ask("POST", "/api/compare", setting)
        await self.ask("POST", f"/api/export/{self.draw.choice(('csv', 'scenario'))}", setting)

    async def keep(self) -> None:
        """Keep an experiment, list all, and remove it."""
        body = {"name": f"trial {self.draw.random():.3f}", "setting": self.setting()}
        answer = await self.ask("POST", "/api/experiments", body)
        await self.ask("GET", "/api/experiments")
        if answer.status_code == 201:
            await self.ask("DELETE", f"/api/experiments/{answer.json()['id']}")

    async def stay(self) -> None:
        """Act at random until the time is over."""
        await self.enter()
        acts: dict[Callable[[], Awaitable[None]], int] = {
            self.move: 60, self.read: 15, self.run: 10, self.keep: 10, self.leave: 5,
        }  # fmt: skip
        while not self.notes.over:
            await self.draw.choices(list(acts), list(acts.values()))[0]()
            await asyncio.sleep(self.draw.uniform(0.1, 1.9) * self.notes.pause)


def family(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        parents[int(stat.parent.name)] = int(rest[1])
    members = [root]
    for one in members:
        members += [child for child, parent in parents.items() if parent == one]
    return members


def size(root: int) -> tuple[float, int, int]:
    """Return memory of its own (MiB), open files and threads of the app with all its processes."""
    memory, files, threads = 0.0, 0, 0
    for process in family(root):
        folder = Path(f"/proc/{process}")
        try:
            status = (folder / "status").read_text()
            files += len(os.listdir(folder / "fd"))
        except OSError:
            continue  # it has just ended
        for pattern, factor in ((r"RssAnon:\s+(\d+)", 1 / 1024), (r"Threads:\s+(\d+)", 0)):
            number = int(re.findall(pattern, status)[0])
            memory, threads = memory + number * factor, threads + (0 if factor else number)
    return memory, files, threads


async def watch(root: int, notes: Notes) -> None:
    """Read the size of the app every minute."""
    while not notes.over:
        notes.sizes.append((notes.quarter, *size(root)))
        await asyncio.sleep(min(60.0, 60.0 * notes.minutes / 40.0))


async def live(origin: str, root: int, notes: Notes, users: int, seed: int) -> None:
    """Let all users stay at the app."""
    headers = {"origin": origin, "x-steppe": "1", "accept-encoding": "gzip"}
    async with asyncio.TaskGroup() as group:
        group.create_task(watch(root, notes))
        for number in range(users):
            client = httpx.AsyncClient(base_url=origin, headers=headers, timeout=900.0)
            group.create_task(User(client, notes, 100 * seed + number).stay())


def serve(folder: str) -> tuple[subprocess.Popen[str], str]:
    """Start an app as a user does; return it and where it listens."""
    app = subprocess.Popen(
        [sys.executable, "-u", "-m", "steppe", "app", "--no-browser", "--port", "0", "--host",
         "0.0.0.0", "--name", "127.0.0.1", "--store", str(Path(folder) / "runs")],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "STEPPE_PASSWORD": PASSWORD},
    )  # fmt: skip
    assert app.stdout
    for line in app.stdout:
        if port := re.search(r"http://[\w.]+:(\d+)", line):
            return app, f"http://127.0.0.1:{port[1]}"
    raise SystemExit("the app ended without saying where it is")


def table(notes: Notes) -> list[tuple[float, ...]]:
    """Return for each quarter: answers, median and 95 % of waiting, memory, files, threads."""
    rows = []
    for quarter in range(4):
        waits = [wait for at, wait in notes.waits if at == quarter] or [float("nan")]
        sizes = [row[1:] for row in notes.sizes if row[0] == quarter] or [(float("nan"),) * 3]
        medians = np.median(np.array(sizes, dtype=np.float64), axis=0)
        rows.append((len(waits), *np.quantile(waits, (0.5, 0.95)), *medians))
    return rows


def growing(rows: list[tuple[float, ...]]) -> dict[str, bool]:
    """Return whether memory and open files of the last quarter are too far above the second."""
    columns = {"memory grows": 3, "files grow": 4}
    return {name: bool(rows[3][at] > GROWTH * rows[1][at]) for name, at in columns.items()}


def main() -> int:
    """Serve, stay, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--users", type=int, default=3)
    parser.add_argument("--pause", type=float, default=3.25)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steppe-soak-") as folder:
        app, origin = serve(folder)
        notes = Notes(given.minutes, given.pause)
        try:
            asyncio.run(live(origin, app.pid, notes, given.users, given.seed))
        finally:
            app.send_signal(signal.SIGINT)
            app.wait(60)
    rows = table(notes)
    print("quarter  answers  median s    95 % s  memory MiB   files  threads")
    for number, row in enumerate(rows, 1):
        print("{:7d}  {:7.0f}  {:8.3f}  {:8.3f}  {:10.0f}  {:6.0f}  {:7.0f}".format(number, *row))
    grows = growing(rows)
    print(json.dumps({
        "minutes": given.minutes, "users": given.users, "pause": given.pause,
        "answers": sum(notes.answers.values()),
        "faults": len(notes.faults), "which": notes.faults[:5], "quarters": rows,
        **grows, "ended": app.returncode,
        "kinds": dict(sorted(notes.answers.items())),
    }))  # fmt: skip
    return 1 if notes.faults or any(grows.values()) or app.returncode != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
