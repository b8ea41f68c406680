"""The addresses of analyses: those there are, one more, one less, and the page one has written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response

from steppe.app.analyses import AnalysisTask
from steppe.app.analysis_orders import TITLES, command_of, order_of
from steppe.app.answers import document_of, owner_of, text_response
from steppe.app.errors import RequestError, UnknownError
from steppe.app.nowcasts import LOOKS
from steppe.app.setting_text import title
from steppe.study.nowcast.question import LOOKS as NOWCAST_LOOKS

if TYPE_CHECKING:
    from starlette.requests import Request

    from steppe.app.analyses import Analysis
    from steppe.app.comparison import Comparison
    from steppe.app.service import AppService

SANDBOX = "sandbox allow-scripts allow-downloads allow-popups"
"""A page that an analysis has written runs its own scripts, and can reach nothing of the app."""


async def analyses(request: Request, service: AppService) -> Response:
    """List the analyses of the user."""
    return JSONResponse([one.document() for one in service.analyses.of(owner_of(request))])


async def start(request: Request, service: AppService) -> Response:
    """Begin an analysis of a setting."""
    document, owner = dict(await document_of(request)), owner_of(request)
    order = document.pop("analysis", None)
    if not isinstance(order, dict):
        raise RequestError("expected a setting and an analysis of it")
    one = await run_in_threadpool(_start, service, (document, order), owner)
    return JSONResponse(one.document(), 202)


def _start(
    service: AppService, asked_for: tuple[dict[str, object], dict[str, object]], owner: str
) -> Analysis:
    order = order_of(asked_for[1], service.config.limits.seeds)
    one = service.comparison(asked_for[0], owner)
    service.holdings.check(owner)
    stored = _first_stored(service, one) if order.kind == "report" else 0
    look = order.kind == "report" and not stored  # which is not stored
    place = service.working_folder(one, "look" if look else "report" if stored else "runs")
    words = command_of(order, one, stored, place.store)
    what = f"{TITLES[order.kind]} {order.at}" if order.kind == "nowcast" else TITLES[order.kind]
    takes_change = order.kind not in ("counterfactuals", "judge", "nowcast") and one.changes
    of = f"{one.case.title}, {title(one)}" if takes_change else one.case.title
    task = AnalysisTask(f"{what}: {of}", words, place.folder, order.kind, order.at)
    return service.analyses.start(owner, task)


def _first_stored(service: AppService, one: Comparison) -> int:
    """Return how many seeds from the first on have all their runs stored."""
    seeds, count = set(service.arms.pairs(one)), 0
    while one.request.first + count in seeds:
        count += 1
    return count


async def nowcasts(request: Request, service: AppService) -> Response:
    """Return the days of a case and the nowcasts that were made of them."""
    text = request.query_params.get("looks", f"{NOWCAST_LOOKS}")
    if not (text.isdecimal() and len(text) < 6 and LOOKS[0] <= int(text) <= LOOKS[1]):
        raise RequestError(f"looks: expected a whole number from {LOOKS[0]} to {LOOKS[1]}")
    name, owner = request.path_params["case"], owner_of(request)
    document = await run_in_threadpool(service.nowcasts_of, name, owner, int(text))
    return await run_in_threadpool(text_response, json.dumps(document, allow_nan=False), request)


async def cancel(request: Request, service: AppService) -> Response:
    """Stop an analysis of the user, or forget one that is over."""
    one = service.analyses.analysis(request.path_params["analysis"], owner_of(request))
    await run_in_threadpool(service.analyses.cancel, one)
    return Response(status_code=204)


async def figures(request: Request, service: AppService) -> Response:
    """Send the figures that an analysis has drawn."""
    one = service.analyses.analysis(request.path_params["analysis"], owner_of(request))
    if one.figures is None or not one.figures.is_file():
        raise UnknownError("this analysis has drawn no figures")
    return FileResponse(one.figures, media_type="application/zip", filename=one.figures.name)


async def page(request: Request, service: AppService) -> Response:
    """Send the page that an analysis has written."""
    one = service.analyses.analysis(request.path_params["analysis"], owner_of(request))
    if one.page is None or not one.page.is_file():
        raise UnknownError("this analysis has written no page")
    save = request.query_params.get("save") is not None
    return FileResponse(
        one.page, media_type="text/html; charset=utf-8", filename=one.page.name,
        content_disposition_type="attachment" if save else "inline",
        headers={"content-security-policy": SANDBOX},
    )  # fmt: skip
