"""What all addresses of the app share: who asks, the document of a request, an answer as text."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from steppe.app.errors import RequestError

if TYPE_CHECKING:
    from starlette.requests import Request


JSON = "application/json"
SHORT = 2000
"""A text of fewer characters is not compressed."""

LEVEL = 1


def text_response(text: str, request: Request | None = None) -> Response:
    """Return JSON that is text already; compressed where it is long and the browser can read it."""
    if request is None or len(text) < SHORT:
        return Response(text, media_type=JSON)
    return compressed_response(gzip.compress(text.encode(), LEVEL), request)


def compressed_response(content: bytes, request: Request) -> Response:
    """Return JSON that is compressed already; as it was for whoever cannot read that."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(content), media_type=JSON)
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(content, media_type=JSON, headers=headers)


def owner_of(request: Request) -> str:
    """Return the id of the user who asks."""
    name: str = request.state.session.id
    return name


async def document_of(request: Request) -> Mapping[str, Any]:
    """Return the JSON object in a request's body; ``RequestError`` if it holds none."""
    try:
        document = json.loads(await request.body(), parse_constant=_no_constant)
        json.dumps(document, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise RequestError("the request is not JSON") from None
    if not isinstance(document, dict):
        raise RequestError("expected a JSON object")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(name)
