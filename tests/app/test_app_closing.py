"""An app that is stopped while it simulates answers in words and ends without a traceback."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from steppe.app.routes import _answer
from steppe.app.service import AppService

from .conftest import Served


def test_a_request_that_is_cancelled_is_answered(served: Served) -> None:
    async def wait(request: Request, service: AppService) -> Response:
        await asyncio.sleep(60.0)
        raise AssertionError("cancelled before")

    async def stop() -> Response:
        request = cast(Request, SimpleNamespace(state=SimpleNamespace(session=None)))
        task = asyncio.create_task(_answer(request, served.desk, wait))
        await asyncio.sleep(0.01)
        task.cancel("timeout graceful shutdown exceeded")
        return await task

    answer = asyncio.run(stop())
    assert answer.status_code == 503
    assert json.loads(bytes(answer.body))["error"]["message"] == "the app is closing"
