"""The addresses of cases: those there are, what one holds, and how another is opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from steppe.app.answers import document_of, owner_of, text_response
from steppe.app.case_registry import local_folder
from steppe.app.claims import claims_document
from steppe.app.errors import RequestError, faults_of
from steppe.app.uploads import receive
from steppe.core.errors import CaseError

if TYPE_CHECKING:
    from starlette.requests import Request

    from steppe.app.service import AppService

T = TypeVar("T")


async def cases(request: Request, service: AppService) -> Response:
    """List the cases of the user."""
    book = service.book.seen_by(owner_of(request))
    rows = [{"id": one.id, "title": one.title, "origin": one.origin} for one in book]
    return JSONResponse({"cases": rows, "folders": not service.config.shared})


async def case(request: Request, service: AppService) -> Response:
    """Return one case with all that can be changed in it."""
    name = request.path_params["case"]
    text = await run_in_threadpool(service.case, name, owner_of(request))
    return await run_in_threadpool(text_response, text, request)


async def stored(request: Request, service: AppService) -> Response:
    """Say what is stored of a case."""
    name = request.path_params["case"]
    return JSONResponse(await run_in_threadpool(service.stored, name, owner_of(request)))


async def claims(request: Request, service: AppService) -> Response:
    """Return the claims of a case with the verdicts that are stored."""
    owner = owner_of(request)
    one = service.book.case(request.path_params["case"], owner)
    scenario = service.book.scenario(one.id, owner)
    return JSONResponse(
        await run_in_threadpool(claims_document, one, scenario, service.stock.store)
    )


async def upload(request: Request, service: AppService) -> Response:
    """Take in a case folder (its files, or one zip of them); all faults come back in place."""
    return await with_files(request, service, partial(_take_in, service))


async def with_files(
    request: Request, service: AppService, work: Callable[[list[tuple[str, BinaryIO]], str], T]
) -> T:
    """Return what ``work`` makes, off the loop, of the files of a request and its user."""
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException

    try:
        async with request.form(max_files=service.config.limits.files, max_fields=1) as form:
            parts = [
                (part.filename or "", part.file)
                for part in form.getlist("file")
                if isinstance(part, UploadFile)
            ]
            if not parts:
                raise RequestError("choose the files of a case, or a zip of them")
            return await run_in_threadpool(work, parts, owner_of(request))
    except HTTPException as error:
        raise RequestError(f"the upload cannot be read: {error.detail}") from None


def _take_in(service: AppService, parts: list[tuple[str, BinaryIO]], owner: str) -> Response:
    folder = None
    service.holdings.check(owner)
    try:
        folder = receive(parts, service.book.folder, service.config.limits)
        size = sum(path.stat().st_size for path in folder.iterdir())
        adopted = service.book.adopt(folder, owner)
        service.holdings.charge(owner, size)
    except CaseError as error:
        faults = faults_of(error, folder or _only_folder(error, service))
        wrong = {"message": "the case has faults", "faults": faults}
        return JSONResponse({"error": wrong}, 422)
    return JSONResponse({"case": adopted.id})


def _only_folder(error: CaseError, service: AppService) -> Path | None:
    """Return the folder of an upload that was refused while it was being written."""
    root = f"{service.book.folder}/"
    for fault in error.all_faults:
        if fault.file.startswith(root):
            return service.book.folder / Path(fault.file).relative_to(root).parts[0]
    return None


async def open_folder(request: Request, service: AppService) -> Response:
    """Open a case folder of this machine; only where no one else can ask for it."""
    if service.config.shared:
        raise RequestError("folders of the server cannot be opened by its users")
    text = (await document_of(request)).get("path")
    folder = local_folder(text if isinstance(text, str) else "")
    opened = await run_in_threadpool(service.book.open, folder, owner_of(request))
    return JSONResponse({"case": opened.id})
