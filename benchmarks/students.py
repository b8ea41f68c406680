"""Thirty students of one shared app who move sliders at once: how long each waits for an answer.

    python -m benchmarks.students [--students 30] [--seconds 60] [--case kazakhstan-2022]

starts an app of its own in this process, lets every student sign in, and then asks for a quick look
whenever a student has moved a slider: a value of their own, a first look and, if they rest, the
whole one, as the page does. Prints percentiles of the waiting times of first looks, how many were
overtaken by a newer move, the cores and the load of the machine; the last line is JSON. The exit
code is 1 when 95 % took more than two seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import uvicorn

from steppe.app.config import Config
from steppe.app.serve import open_socket, server_settings
from steppe.app.server import make_app
from steppe.app.service import AppService
from steppe.study.executors import cores

PASSWORD = "thirty students"
LIMIT = 2.0
"""Seconds within which 95 of 100 first answers have to be there."""

REST = (2.0, 10.0)
"""Seconds that a student looks at an answer before the next move, drawn between these."""

KEPT = 4.0
"""Seconds for which a connection is used again: fewer than those after which the app closes it."""

SLIDER = "prices.shock"
"""What is moved."""


async def student(origin: str, number: int, case: str, end: float) -> tuple[list[float], int]:
    """Move sliders until ``end``; return the seconds of first looks, and those overtaken."""
    draw, waits, overtaken, known = random.Random(number), [], 0, ""
    headers = {"origin": origin, "x-steppe": "1", "accept-encoding": "gzip"}
    limits = httpx.Limits(keepalive_expiry=KEPT)
    async with httpx.AsyncClient(
        base_url=origin, headers=headers, timeout=120.0, limits=limits
    ) as client:
        answer = await client.post("/api/session", json={"secret": PASSWORD})
        answer.raise_for_status()
        while time.monotonic() < end:
            value = round(draw.uniform(0.0, 2.0), 2)
            setting = {"case": case, "set": {SLIDER: value}, "seeds": 20}
            began = time.monotonic()
            wish = {"first": True, "cached": known}
            reply = await client.post("/api/look", json={**setting, "look": wish})
            reply.raise_for_status()
            if reply.text == "null":
                overtaken += 1
            else:
                waits.append(time.monotonic() - began)
                known = name_of(reply.text)
            rest = draw.uniform(*REST)
            if rest > sum(REST) / 2:  # who rests sees the whole look, unless moving again first
                whole = client.post("/api/look", json={**setting, "look": {"first": False}})
                task = asyncio.create_task(whole)
                await asyncio.wait([task], timeout=rest)
                task.cancel()
            else:
                await asyncio.sleep(rest)
    return waits, overtaken


def name_of(look: str) -> str:
    """Return the name of the baseline of a look; a whole one takes long to read as JSON."""
    found = re.search(r'"name":("[^"]*")', look)
    assert found is not None
    return str(json.loads(found[1]))


async def classroom(
    origin: str, case: str, students: int, seconds: float
) -> tuple[list[float], int]:
    """Let all students work at once; return the seconds that each answer took."""
    await student(origin, 0, case, time.monotonic() + 1.0)  # the rules are compiled by now
    end = time.monotonic() + seconds
    results = await asyncio.gather(
        *(student(origin, number, case, end) for number in range(1, students + 1))
    )
    return [wait for waits, _ in results for wait in waits], sum(n for _, n in results)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--case", default="kazakhstan-2022")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steppe-class-") as folder:
        config = Config(
            store=Path(folder) / "runs", host="0.0.0.0", port=0, names=("127.0.0.1",),
            password=PASSWORD,
        )  # fmt: skip
        door, config = open_socket(config)
        service = AppService(config)
        app = make_app(service)
        service.prepare()  # as `steppe app` does before it says where it is
        server = uvicorn.Server(server_settings(app, grace=1))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])))
        thread.start()
        try:
            origin = f"http://127.0.0.1:{config.port}"
            work = classroom(origin, given.case, given.students, given.seconds)
            waits, overtaken = asyncio.run(work)
        finally:
            server.should_exit = True
            thread.join()
            service.close()
    found = {
        "students": given.students, "case": given.case, "answers": len(waits),
        "overtaken": overtaken, "cores": cores(), "load": round(os.getloadavg()[0], 2),
        **{f"p{q}": round(float(np.percentile(waits, q)), 3) for q in (50, 90, 95, 99)},
        "longest": round(max(waits), 3),
    }  # fmt: skip
    for name, value in found.items():
        print(f"{name:10} {value}")
    print(json.dumps(found))
    return 0 if found["p95"] <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
