"""The addresses of the app; each under /api but the session's needs a session (``security``)."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from steppe.app import (
    analysis_routes,
    case_routes,
    draft_routes,
    experiment_routes,
    exports,
    setting_text,
)
from steppe.app.answers import compressed_response, document_of, owner_of, text_response
from steppe.app.errors import RequestError, answer_to
from steppe.app.figures import FORM, figures_archive
from steppe.app.jobs import OVER, ComparisonJob
from steppe.app.preview import SupersededError
from steppe.app.security import cookie_name, token_of
from steppe.app.service import AppService, LookWish
from steppe.app.sessions import TooManyError

if TYPE_CHECKING:
    from starlette.requests import Request

Handler = Callable[["Request", AppService], Awaitable[Response]]
LONGEST_NAME = 400
BEAT = 15.0
"""Seconds of silence after which a stream of events shows that it is alive."""


def routes(service: AppService) -> list[Route]:
    """Return every route of the API, each answering foreseen mistakes in words."""
    table: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "/api/session", enter),
        ("DELETE", "/api/session", leave),
        ("GET", "/api/start", start),
        ("GET", "/api/cases", case_routes.cases),
        ("GET", "/api/cases/{case}", case_routes.case),
        ("GET", "/api/cases/{case}/stored", case_routes.stored),
        ("GET", "/api/cases/{case}/claims", case_routes.claims),
        ("GET", "/api/cases/{case}/nowcasts", analysis_routes.nowcasts),
        ("POST", "/api/cases/upload", case_routes.upload),
        ("POST", "/api/cases/open", case_routes.open_folder),
        ("POST", "/api/compare", compare),
        ("POST", "/api/look", look),
        ("GET", "/api/look", look_state),
        ("POST", "/api/estimate", estimate),
        ("POST", "/api/export/{form}", export),
        ("POST", "/api/share", share),
        ("GET", "/api/experiments", experiment_routes.experiments),
        ("POST", "/api/experiments", experiment_routes.save),
        ("DELETE", "/api/experiments/{experiment}", experiment_routes.remove),
        ("GET", "/api/analyses", analysis_routes.analyses),
        ("POST", "/api/analyses", analysis_routes.start),
        ("DELETE", "/api/analyses/{analysis}", analysis_routes.cancel),
        ("GET", "/api/analyses/{analysis}/page", analysis_routes.page),
        ("GET", "/api/analyses/{analysis}/figures", analysis_routes.figures),
        ("GET", "/api/jobs", jobs),
        ("POST", "/api/jobs", run),
        ("DELETE", "/api/jobs/{job}", cancel),
        ("GET", "/api/jobs/{job}/events", events),
        *draft_routes.TABLE,
    )
    return [
        Route(path, partial(_answer, service=service, handler=handler), methods=[method])
        for method, path, handler in table
    ]


async def _answer(request: Request, service: AppService, handler: Handler) -> Response:
    session = request.state.session
    owner = session.id if session else ""
    try:
        if owner and service.turns[owner] >= service.config.limits.requests_each:
            raise TooManyError("too many requests at once; wait for the answers")
        service.turns[owner] += 1
        try:
            return await handler(request, service)
        finally:
            service.turns[owner] -= 1
            if not service.turns[owner]:
                del service.turns[owner]
    except asyncio.CancelledError:  # the server is stopped and waits no longer
        return JSONResponse({"error": {"message": "the app is closing"}}, 503)
    except Exception as error:
        if isinstance(error, ClientDisconnect | HTTPException):
            raise
        status, document = answer_to(error)
        return JSONResponse(document, status)


async def enter(request: Request, service: AppService) -> Response:
    """Exchange a one-time code or the password for the cookie of a session."""
    secret = (await document_of(request)).get("secret", "")
    direct = request.client and not service.config.https  # else all come from the server in front
    address = request.client.host if direct and request.client else ""
    token = service.sessions.enter(secret, address) if isinstance(secret, str) and secret else None
    if token is None:
        what = "password" if service.config.shared else "code; each works once"
        return JSONResponse({"error": {"message": f"this is not the {what}"}}, 401)
    answer = Response(status_code=204)
    answer.set_cookie(
        cookie_name(service.config), token, path="/", httponly=True, samesite="strict",
        secure=service.config.https,
    )  # fmt: skip
    return answer


async def leave(request: Request, service: AppService) -> Response:
    """End the session, its jobs and its uploads."""
    await run_in_threadpool(
        service.sessions.leave, token_of(service.config, request.headers.getlist("cookie"))
    )
    answer = Response(status_code=204)
    answer.delete_cookie(cookie_name(service.config), path="/")
    return answer


async def start(request: Request, service: AppService) -> Response:
    """Say what the page opens with when its address asks for nothing."""
    owner = owner_of(request)
    name = request.query_params.get("case") or service.book.front(owner).id
    front = await run_in_threadpool(service.front, name, owner)
    return JSONResponse({"setting": front, "shared": service.config.shared})


async def compare(request: Request, service: AppService) -> Response:
    """Return both histories as far as they are stored, and what the change did."""
    one = service.comparison(await document_of(request), owner_of(request))
    text = await run_in_threadpool(service.arms.comparison, one)
    return await run_in_threadpool(text_response, text, request)


async def look(request: Request, service: AppService) -> Response:
    """Simulate a few seeds of both arms at once; not stored, null if overtaken."""
    document = dict(await document_of(request))
    wish = _wish(document.pop("look", {}))
    owner = owner_of(request)
    one = service.comparison(document, owner)
    future = await run_in_threadpool(service.look, one, wish, owner)
    try:
        content = await asyncio.shield(asyncio.wrap_future(future))
    except SupersededError:
        return text_response("null")
    return compressed_response(content, request)


def _wish(document: object) -> LookWish:
    """Return how a page wants its look; ``RequestError`` for what is not understood."""
    kinds = {one.name: type(one.default) for one in fields(LookWish)}
    if not isinstance(document, dict) or not set(document) <= set(kinds):
        raise RequestError(f"look: allowed are {', '.join(kinds)}")
    for key, value in document.items():
        if type(value) is not kinds[key] or (isinstance(value, str) and len(value) > LONGEST_NAME):
            raise RequestError(
                f"look: {key}: expected {'text' if kinds[key] is str else 'true or false'}"
            )
    return LookWish(**document)


async def look_state(request: Request, service: AppService) -> Response:
    """Say whether quick looks wait for the rules to be compiled, once."""
    return JSONResponse({"compiling": service.looks.compiling})


async def estimate(request: Request, service: AppService) -> Response:
    """Say how long the missing runs of a setting will take, and how that is known."""
    one = service.comparison(await document_of(request), owner_of(request))
    duration = await run_in_threadpool(service.estimate, one)
    draws = [service.draws.of(arm) for arm in one.arms]
    return JSONResponse({**duration, **setting_text.head(one, draws)})


async def export(request: Request, service: AppService) -> Response:
    """Send the stored runs of a setting, or its changes as a patch file, as a download."""
    one = service.comparison(await document_of(request), owner_of(request))
    form = request.path_params["form"]
    if form == "scenario":
        if not one.changes:
            raise RequestError("nothing is changed: the case itself is the scenario")
        name = f"{setting_text.file_stem(one)}.yaml"
        return Response(
            setting_text.patch_file(one), media_type="application/yaml",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip
    folder = Path(tempfile.mkdtemp(prefix="steppe-zip-"))
    clean = partial(shutil.rmtree, folder, ignore_errors=True)
    try:
        if form == FORM:
            hour = _hour(request, one.baseline.clock.hours)
            archive = await run_in_threadpool(figures_archive, one, service.arms, folder, hour)
        elif form == exports.BUNDLE:
            archive = await run_in_threadpool(exports.bundle, one, service.arms, folder)
        else:
            archive = await run_in_threadpool(exports.archive, one, service.arms, form, folder)
    except Exception:
        clean()
        raise
    return FileResponse(
        archive,
        media_type="application/zip",
        filename=archive.name,
        background=BackgroundTask(clean),
    )


def _hour(request: Request, hours: int) -> int | None:
    """Return the hour of the maps that a page asks for, None if it asks for none."""
    text = request.query_params.get("hour")
    if text is None:
        return None
    if not (text.isdecimal() and len(text) < 7 and int(text) < hours):
        raise RequestError(f"hour: expected a whole number from 0 to {hours - 1}")
    return int(text)


async def share(request: Request, service: AppService) -> Response:
    """Return what a link of a setting must carry so that others see its runs."""
    one = service.comparison(await document_of(request), owner_of(request))
    return JSONResponse({"link": await run_in_threadpool(service.share, one)})


async def jobs(request: Request, service: AppService) -> Response:
    """List the user's jobs."""
    return JSONResponse([job.document() for job in service.jobs.of(owner_of(request))])


async def run(request: Request, service: AppService) -> Response:
    """Start a job."""
    one = service.comparison(await document_of(request), owner_of(request))
    return JSONResponse(service.jobs.start(one, owner_of(request)).document(), 202)


async def cancel(request: Request, service: AppService) -> Response:
    """Stop a job of the user; finished seeds stay."""
    job = service.jobs.job(request.path_params["job"], owner_of(request))
    await run_in_threadpool(service.jobs.cancel, job)
    return JSONResponse(job.document())


async def events(request: Request, service: AppService) -> Response:
    """Tell how a job goes on, as server-sent events, until it is over."""
    owner = owner_of(request)
    job = service.jobs.job(request.path_params["job"], owner)
    streams = sum(len(one.listeners) for one in service.jobs.of(owner))
    if streams >= service.config.limits.streams_each:
        raise TooManyError("too many runs are watched at once; close a page")
    return StreamingResponse(_stream(job, service), media_type="text/event-stream")


async def _stream(job: ComparisonJob, service: AppService) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    news: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()

    def tell(document: Mapping[str, Any]) -> None:
        loop.call_soon_threadsafe(news.put_nowait, document)

    stop = service.jobs.listen(job, tell)
    try:
        document: Mapping[str, Any] = job.document()
        yield f"data: {json.dumps(document)}\n\n"
        while document["state"] not in OVER:
            try:
                document = await asyncio.wait_for(news.get(), BEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            yield f"data: {json.dumps(document)}\n\n"
    finally:
        stop()
