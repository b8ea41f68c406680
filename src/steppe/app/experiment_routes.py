"""The addresses of experiments: those there are, one more, one less."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from steppe.app import setting_text
from steppe.app.answers import document_of, owner_of
from steppe.app.errors import RequestError
from steppe.core.errors import SteppeError

if TYPE_CHECKING:
    from starlette.requests import Request

    from steppe.app.experiments import Experiment
    from steppe.app.service import AppService


async def experiments(request: Request, service: AppService) -> Response:
    """List the experiments that the user sees, with what each changes."""
    owner = owner_of(request)
    return JSONResponse(await run_in_threadpool(_rows, service, owner))


async def save(request: Request, service: AppService) -> Response:
    """Keep the setting under a name."""
    document, owner = await document_of(request), owner_of(request)
    name, setting = document.get("name"), document.get("setting")
    if not isinstance(name, str) or not isinstance(setting, dict):
        raise RequestError("expected a name and a setting")
    plain = {key: value for key, value in setting.items() if key != "link"}
    service.comparison(plain, owner)  # what cannot be opened is not kept
    keep = partial(service.experiments.save, board=document.get("board") is True)
    one = await run_in_threadpool(keep, owner, name, plain)
    return JSONResponse(_row(service, owner, one), 201)


async def remove(request: Request, service: AppService) -> Response:
    """Remove an experiment; its runs stay."""
    name = request.path_params["experiment"]
    await run_in_threadpool(service.experiments.remove, owner_of(request), name)
    return Response(status_code=204)


def _rows(service: AppService, owner: str) -> list[dict[str, Any]]:
    return [_row(service, owner, one) for one in service.experiments.of(owner)]


def _row(service: AppService, owner: str, one: Experiment) -> dict[str, Any]:
    """Return an experiment with its title, or with why it cannot be opened any more."""
    title, problem = "", ""
    try:
        title = setting_text.title(service.comparison(one.setting, owner))
    except (SteppeError, ValueError, LookupError) as error:
        problem = str(error)
    return one.document() | {"id": one.id, "title": title, "problem": problem}
