"""The addresses of the app; each under /api but the session's needs a session (``security``)."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from steppe.app import exports, setting_text
from steppe.app.case_registry import local_folder
from steppe.app.claims import claims_document
from steppe.app.errors import RequestError, answer_to, faults_of
from steppe.app.jobs import OVER, ComparisonJob
from steppe.app.preview import SupersededError
from steppe.app.security import cookie_name, token_of
from steppe.app.service import AppService
from steppe.app.sessions import TooManyError
from steppe.app.uploads import receive
from steppe.core.errors import CaseError, SteppeError

if TYPE_CHECKING:
    from starlette.requests import Request

Handler = Callable[["Request", AppService], Awaitable[Response]]
BEAT = 15.0
"""Seconds of silence after which a stream of events shows that it is alive."""


def text_response(text: str) -> Response:
    """Return JSON that is text already."""
    return Response(text, media_type="application/json")


def owner_of(request: Request) -> str:
    """Return the id of the user who asks."""
    name: str = request.state.session.id
    return name


async def document_of(request: Request) -> Mapping[str, Any]:
    """Return the JSON object in a request's body; ``RequestError`` if it holds none."""
    try:
        found = json.loads(await request.body(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RequestError("the request is not JSON") from None
    if not isinstance(found, dict):
        raise RequestError("expected a JSON object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def routes(desk: AppService) -> list[Route]:
    """Return every route of the API, each answering foreseen mistakes in words."""
    table: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "/api/session", enter),
        ("DELETE", "/api/session", leave),
        ("GET", "/api/start", start),
        ("GET", "/api/cases", cases),
        ("GET", "/api/cases/{case}", case),
        ("GET", "/api/cases/{case}/stored", stored),
        ("GET", "/api/cases/{case}/claims", claims),
        ("POST", "/api/cases/upload", upload),
        ("POST", "/api/cases/open", open_folder),
        ("POST", "/api/compare", compare),
        ("POST", "/api/look", look),
        ("POST", "/api/estimate", estimate),
        ("POST", "/api/export/{form}", export),
        ("POST", "/api/share", share),
        ("GET", "/api/jobs", jobs),
        ("POST", "/api/jobs", run),
        ("DELETE", "/api/jobs/{job}", cancel),
        ("GET", "/api/jobs/{job}/events", events),
    )
    return [
        Route(path, partial(_answered, desk=desk, handler=handler), methods=[method])
        for method, path, handler in table
    ]


async def _answered(request: Request, desk: AppService, handler: Handler) -> Response:
    session = request.state.session
    owner = session.id if session else ""
    try:
        if owner and desk.turns[owner] >= desk.config.limits.requests_each:
            raise TooManyError("too many requests at once; wait for the answers")
        desk.turns[owner] += 1
        try:
            return await handler(request, desk)
        finally:
            desk.turns[owner] -= 1
            if not desk.turns[owner]:
                del desk.turns[owner]
    except (SteppeError, ValueError, LookupError) as error:
        status, document = answer_to(error)
        return JSONResponse(document, status)


async def enter(request: Request, desk: AppService) -> Response:
    """Exchange a one-time code or the password for the cookie of a session."""
    secret = (await document_of(request)).get("secret", "")
    known = request.client and not desk.config.https  # else all come from the server in front
    address = request.client.host if known and request.client else ""
    token = desk.sessions.enter(secret, address) if isinstance(secret, str) and secret else None
    if token is None:
        what = "password" if desk.config.shared else "code; each works once"
        return JSONResponse({"error": {"message": f"this is not the {what}"}}, 401)
    answer = Response(status_code=204)
    answer.set_cookie(
        cookie_name(desk.config), token, path="/", httponly=True, samesite="strict",
        secure=desk.config.https,
    )  # fmt: skip
    return answer


async def leave(request: Request, desk: AppService) -> Response:
    """End the session, its jobs and its uploads."""
    await run_in_threadpool(
        desk.sessions.leave, token_of(desk.config, request.headers.getlist("cookie"))
    )
    answer = Response(status_code=204)
    answer.delete_cookie(cookie_name(desk.config), path="/")
    return answer


async def start(request: Request, desk: AppService) -> Response:
    """Say what the page opens with when its address asks for nothing."""
    owner = owner_of(request)
    name = request.query_params.get("case") or desk.book.seen_by(owner)[0].id
    front = await run_in_threadpool(desk.front, name, owner)
    return JSONResponse({"setting": front, "shared": desk.config.shared})


async def cases(request: Request, desk: AppService) -> Response:
    """List the cases of the user."""
    seen = desk.book.seen_by(owner_of(request))
    found = [{"id": one.id, "title": one.title, "origin": one.origin} for one in seen]
    return JSONResponse({"cases": found, "folders": not desk.config.shared})


async def case(request: Request, desk: AppService) -> Response:
    """Return one case with all that can be changed in it."""
    name = request.path_params["case"]
    return text_response(await run_in_threadpool(desk.case, name, owner_of(request)))


async def stored(request: Request, desk: AppService) -> Response:
    """Say what is stored of a case."""
    name = request.path_params["case"]
    return JSONResponse(await run_in_threadpool(desk.stored, name, owner_of(request)))


async def claims(request: Request, desk: AppService) -> Response:
    """Return the claims of a case with the verdicts that are stored."""
    owner = owner_of(request)
    one = desk.book.case(request.path_params["case"], owner)
    scenario = desk.book.scenario(one.id, owner)
    return JSONResponse(await run_in_threadpool(claims_document, one, scenario, desk.stock.store))


async def upload(request: Request, desk: AppService) -> Response:
    """Take in a case folder (its files, or one zip of them); all faults come back in place."""
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException

    limits = desk.config.limits
    try:
        async with request.form(max_files=limits.files, max_fields=1) as form:
            parts = [
                (part.filename or "", part.file)
                for part in form.getlist("file")
                if isinstance(part, UploadFile)
            ]
            if not parts:
                raise RequestError("choose the files of a case, or a zip of them")
            return await run_in_threadpool(_take_in, desk, parts, owner_of(request))
    except HTTPException as error:
        raise RequestError(f"the upload cannot be read: {error.detail}") from None


def _take_in(desk: AppService, parts: list[tuple[str, Any]], owner: str) -> Response:
    folder = None
    desk.holdings.check(owner)
    try:
        folder = receive(parts, desk.book.folder, desk.config.limits)
        size = sum(path.stat().st_size for path in folder.iterdir())
        made = desk.book.adopt(folder, owner)
        desk.holdings.charge(owner, size)
    except CaseError as error:
        found = faults_of(error, folder or _only_folder(error, desk))
        wrong = {"message": "the case has faults", "faults": found}
        return JSONResponse({"error": wrong}, 422)
    return JSONResponse({"case": made.id})


def _only_folder(error: CaseError, desk: AppService) -> Path | None:
    """Return the folder of an upload that was refused while it was being written."""
    root = f"{desk.book.folder}/"
    for fault in error.all_faults:
        if fault.file.startswith(root):
            return desk.book.folder / Path(fault.file).relative_to(root).parts[0]
    return None


async def open_folder(request: Request, desk: AppService) -> Response:
    """Open a case folder of this machine; only where no one else can ask for it."""
    if desk.config.shared:
        raise RequestError("folders of the server cannot be opened by its users")
    text = (await document_of(request)).get("path")
    folder = local_folder(text if isinstance(text, str) else "")
    made = await run_in_threadpool(desk.book.open, folder, owner_of(request))
    return JSONResponse({"case": made.id})


async def compare(request: Request, desk: AppService) -> Response:
    """Return both histories as far as they are stored, and what the change did."""
    one = desk.comparison(await document_of(request), owner_of(request))
    return text_response(await run_in_threadpool(desk.arms.comparison, one))


async def look(request: Request, desk: AppService) -> Response:
    """Run one seed of one arm at once, and return its history; not stored, null if overtaken."""
    document = dict(await document_of(request))
    name = document.pop("arm", "variant")
    one = desk.comparison(document, owner_of(request))
    future = await run_in_threadpool(desk.look, one, name, owner_of(request))
    try:
        return text_response(await asyncio.shield(asyncio.wrap_future(future)))
    except SupersededError:
        return text_response("null")


async def estimate(request: Request, desk: AppService) -> Response:
    """Say how long the missing runs of a setting will take, and how that is known."""
    one = desk.comparison(await document_of(request), owner_of(request))
    found = await run_in_threadpool(desk.estimate, one)
    changes = [change._asdict() for change in one.changes]
    draws = [desk.draws.of(arm) for arm in one.arms]
    return JSONResponse(
        {
            **found,
            "command": one.portable.as_command(),
            "title": setting_text.title(one),
            "changes": changes,
            "parameters": setting_text.values(one, draws),
        }
    )


async def export(request: Request, desk: AppService) -> Response:
    """Send the stored runs of a setting, or its changes as a patch file, as a download."""
    one = desk.comparison(await document_of(request), owner_of(request))
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
        made = await run_in_threadpool(exports.archive, one, desk.arms, form, folder)
    except Exception:
        clean()
        raise
    return FileResponse(
        made, media_type="application/zip", filename=made.name, background=BackgroundTask(clean)
    )


async def share(request: Request, desk: AppService) -> Response:
    """Return what a link of a setting must carry so that others see its runs."""
    one = desk.comparison(await document_of(request), owner_of(request))
    return JSONResponse({"link": await run_in_threadpool(desk.share, one)})


async def jobs(request: Request, desk: AppService) -> Response:
    """List the user's jobs."""
    return JSONResponse([job.document() for job in desk.jobs.of(owner_of(request))])


async def run(request: Request, desk: AppService) -> Response:
    """Start a job."""
    one = desk.comparison(await document_of(request), owner_of(request))
    return JSONResponse(desk.jobs.start(one, owner_of(request)).document(), 202)


async def cancel(request: Request, desk: AppService) -> Response:
    """Stop a job of the user; finished seeds stay."""
    job = desk.jobs.job(request.path_params["job"], owner_of(request))
    await run_in_threadpool(desk.jobs.cancel, job)
    return JSONResponse(job.document())


async def events(request: Request, desk: AppService) -> Response:
    """Tell how a job goes on, as server-sent events, until it is over."""
    owner = owner_of(request)
    job = desk.jobs.job(request.path_params["job"], owner)
    watched = sum(len(one.listeners) for one in desk.jobs.of(owner))
    if watched >= desk.config.limits.streams_each:
        raise TooManyError("too many runs are watched at once; close a page")
    return StreamingResponse(_stream(job, desk), media_type="text/event-stream")


async def _stream(job: ComparisonJob, desk: AppService) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    news: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()

    def tell(document: Mapping[str, Any]) -> None:
        loop.call_soon_threadsafe(news.put_nowait, document)

    stop = desk.jobs.listen(job, tell)
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
