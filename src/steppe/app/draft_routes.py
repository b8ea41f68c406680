"""The addresses of new cases: made from a country, edited, filled from files, saved, opened."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response

from steppe.app import draft_files, draft_save
from steppe.app.answers import compressed_response, document_of, owner_of, text_response
from steppe.app.case_routes import with_files
from steppe.app.dose import STEPS, dose_request
from steppe.app.draft_edit import apply_edit, edit_of
from steppe.app.draft_json import draft_document
from steppe.app.draft_open import case_folders, case_title, digests, local_case
from steppe.app.drafts import Draft, SavedFolder, countries
from steppe.app.errors import RequestError
from steppe.app.preview import SupersededError
from steppe.app.uploads import receive, uploaded_name
from steppe.case.folder_edit import SCENARIO
from steppe.case.load import load
from steppe.case.triggers import acting

if TYPE_CHECKING:
    from starlette.requests import Request

    from steppe.app.service import AppService


async def list_countries(request: Request, service: AppService) -> Response:
    """List the countries a case can be made of, and where it can be saved."""
    where = None if service.config.shared else str(service.config.home)
    rows = await run_in_threadpool(countries)
    text = json.dumps({"countries": rows, "home": where})
    return await run_in_threadpool(text_response, text, request)


async def make(request: Request, service: AppService) -> Response:
    """Make a new case of a country."""
    document, owner = await document_of(request), owner_of(request)
    service.holdings.check(owner)
    draft = await run_in_threadpool(service.drafts.make, document, owner)
    return await _document(request, draft, status=201)


async def list_drafts(request: Request, service: AppService) -> Response:
    """List the new cases of the user that are open, and the folders that can be opened again."""
    owner, config = owner_of(request), service.config

    def work() -> dict[str, list[dict[str, object]]]:
        rows: list[dict[str, object]] = [
            {"id": one.id, "name": one.folder.name, "unsaved": one.unsaved,
             "title": case_title(one.folder / SCENARIO)} for one in service.drafts.of(owner)
        ]  # fmt: skip
        folders = [] if config.shared else case_folders(config.home)
        return {"drafts": rows, "folders": [asdict(one) for one in folders]}

    return JSONResponse(await run_in_threadpool(work))


async def reopen(request: Request, service: AppService) -> Response:
    """Open a case folder that lies where new cases are saved, to go on with it."""
    if service.config.shared:
        raise RequestError("a shared laboratory opens no folders; send a zip")
    name, owner = (await document_of(request)).get("name"), owner_of(request)
    service.holdings.check(owner)

    def work() -> Draft:
        folder = local_case(service.config.home.resolve(), name)
        draft = service.drafts.reopen(folder, folder.name, owner)
        draft.saved = SavedFolder(folder.name, digests(draft.folder))
        return draft

    return await _document(request, await run_in_threadpool(work), status=201)


async def upload(request: Request, service: AppService) -> Response:
    """Open a case that was sent as a zip or as its files, to go on with it."""

    def work(parts: list[tuple[str, BinaryIO]], owner: str) -> Draft:
        service.holdings.check(owner)
        folder = receive(parts, service.drafts.root, service.config.limits, flat=False)
        try:
            service.holdings.charge(owner, sum(path.stat().st_size for path in folder.rglob("*")))
            return service.drafts.reopen(folder, uploaded_name(parts), owner)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return await _document(request, await with_files(request, service, work), status=201)


async def show(request: Request, service: AppService) -> Response:
    """Return a new case with its map, tables, timeline, and what is still to be looked up."""
    return await _document(request, _draft(request, service))


async def drop(request: Request, service: AppService) -> Response:
    """Forget a new case."""
    draft = _draft(request, service)
    await run_in_threadpool(service.drafts.drop, draft.id, draft.owner)
    return Response(status_code=204)


async def edit(request: Request, service: AppService) -> Response:
    """Change cells or settings; what the schema refuses comes back in words, nothing written."""
    draft, document = _draft(request, service), await document_of(request)
    changes = edit_of(document)

    def work() -> None:
        with draft.lock, draft_files.in_words(draft):
            draft.expect(document.get("revision"))
            apply_edit(draft, changes)

    await run_in_threadpool(work)
    return await _document(request, draft)


async def add_file(request: Request, service: AppService) -> Response:
    """Import a dropped file."""
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException

    draft, source = _draft(request, service), request.path_params["source"]
    limits = service.config.limits
    service.holdings.check(draft.owner)
    try:
        async with request.form(max_files=8, max_fields=12) as form:
            files = [
                (part.filename or "", part.file)
                for part in form.getlist("file")
                if isinstance(part, UploadFile)
            ]
            fields = {name: text for name, text in form.items() if isinstance(text, str) and text}
            if not files:
                raise RequestError("choose a file")

            def work() -> Mapping[str, object]:
                order = draft_files.order_of(source, fields, Path())
                with draft.lock:
                    path = draft_files.receive_file(draft, source, files, limits)
                    service.holdings.charge(draft.owner, path.stat().st_size)
                    draft.orders[source] = draft_files.order_of(source, fields, path)
                    return _import(draft, service, order.source)

            report = await run_in_threadpool(work)
    except HTTPException as error:
        raise RequestError(f"the upload cannot be read: {error.detail}") from None
    return await _document(request, draft, report=report)


async def match(request: Request, service: AppService) -> Response:
    """Import the file of a source again with the regions that were chosen for its names."""
    draft, document = _draft(request, service), await document_of(request)
    source = request.path_params["source"]
    if source not in draft.orders:
        raise RequestError("drop the file of this source first")

    def work() -> Mapping[str, object]:
        with draft.lock:
            names = draft_files.match_names(draft, source, document.get("names"))
            return _import(draft, service, source, names)

    return await _document(request, draft, report=await run_in_threadpool(work))


def _import(
    draft: Draft, service: AppService, source: str, names: Path | None = None
) -> Mapping[str, object]:
    return draft_files.import_file(draft, draft.orders[source], service.config.limits, names)


async def dose(request: Request, service: AppService) -> Response:
    """Return what triggers of several sizes do, by cohorts; null if overtaken."""
    draft, document = _draft(request, service), await document_of(request)
    seeds = document.get("seeds", STEPS[0])
    if seeds not in STEPS or isinstance(seeds, bool):
        raise RequestError(f"seeds: allowed are {', '.join(map(str, STEPS))}")
    scenario = await run_in_threadpool(load, draft.folder)
    if not acting(scenario):
        raise RequestError("nothing begins this crisis, so there is nothing to take away")
    order = await run_in_threadpool(dose_request, scenario, seeds)
    future = service.looks.dose(f"{draft.owner} {draft.id}", order)
    try:
        content = await asyncio.shield(asyncio.wrap_future(future))
    except SupersededError:
        return text_response("null")
    return compressed_response(content, request)


async def archive(request: Request, service: AppService) -> Response:
    """Send the new case as a zip."""
    draft = _draft(request, service)
    folder = Path(tempfile.mkdtemp(prefix="steppe-zip-"))
    clean = partial(shutil.rmtree, folder, ignore_errors=True)

    def work() -> Path:
        with draft.lock:
            return draft_save.write_zip(draft, folder)

    try:
        path = await run_in_threadpool(work)
    except Exception:
        clean()
        raise
    return FileResponse(
        path, media_type="application/zip", filename=path.name, background=BackgroundTask(clean)
    )


async def save(request: Request, service: AppService) -> Response:
    """Write the new case to a folder of this machine, and open it from there."""
    draft, document = _draft(request, service), await document_of(request)
    replace = document.get("replace") is True

    def work() -> dict[str, str]:
        with draft.lock:
            folder = draft_save.save_folder(
                draft, service.config, document.get("name"), replace=replace
            )
        return {"folder": str(folder), "case": service.book.open(folder, draft.owner).id}

    return JSONResponse(await run_in_threadpool(work))


async def open_case(request: Request, service: AppService) -> Response:
    """Open the new case in the laboratory as it is now."""
    draft = _draft(request, service)

    def work() -> str:
        with draft.lock:
            return draft_save.open_draft(draft, service.book).id

    return JSONResponse({"case": await run_in_threadpool(work)})


def _draft(request: Request, service: AppService) -> Draft:
    return service.drafts.draft(request.path_params["draft"], owner_of(request))


async def _document(
    request: Request,
    draft: Draft,
    *,
    report: Mapping[str, object] | None = None,
    status: int = 200,
) -> Response:
    def work() -> str:
        with draft.lock:
            return json.dumps({**draft_document(draft), "report": report}, allow_nan=False)

    text = await run_in_threadpool(work)
    answer = await run_in_threadpool(text_response, text, request)
    answer.status_code = status
    return answer


TABLE: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/api/countries", list_countries),
    ("GET", "/api/drafts", list_drafts),
    ("POST", "/api/drafts", make),
    ("POST", "/api/drafts/reopen", reopen),
    ("POST", "/api/drafts/upload", upload),
    ("GET", "/api/drafts/{draft}", show),
    ("DELETE", "/api/drafts/{draft}", drop),
    ("POST", "/api/drafts/{draft}/edit", edit),
    ("POST", "/api/drafts/{draft}/files/{source}", add_file),
    ("POST", "/api/drafts/{draft}/names/{source}", match),
    ("POST", "/api/drafts/{draft}/dose", dose),
    ("POST", "/api/drafts/{draft}/zip", archive),
    ("POST", "/api/drafts/{draft}/save", save),
    ("POST", "/api/drafts/{draft}/open", open_case),
)
