"""What all addresses of the app share: who asks, the document of a request, an answer as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from steppe.app.errors import RequestError

if TYPE_CHECKING:
    from starlette.requests import Request


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
        document = json.loads(await request.body(), parse_constant=_no_constant)
        json.dumps(document, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise RequestError("the request is not JSON") from None
    if not isinstance(document, dict):
        raise RequestError("expected a JSON object")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(name)
