"""The pages themselves: HTML made of templates and words, with scripts and styles in files of their own."""

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from ivr.web.wording import language, page

HERE = Path(__file__).parent
PAGES = {"/": "lobby", "/show": "show", "/room/{conference_id}": "lobby", "/phone": "phone", "/desk": "desk"}
"""What is where, by the name of its template."""

_A_YEAR_S = 366 * 86_400
_MOST_PHONES = 6


def pages_router() -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    for path, name in PAGES.items():
        router.add_api_route(path, _page(name), response_class=HTMLResponse)
    return router


def _page(name: str) -> Callable[..., HTMLResponse]:
    def answer(request: Request, conference_id: str = "", count: str = "1") -> HTMLResponse:
        phones = min(int(count), _MOST_PHONES) if count.isdecimal() and len(count) < 4 else 1
        return said(request, name, room=conference_id, phones=max(1, phones))

    return answer


def said(request: Request, name: str, status: int = 200, **facts: object) -> HTMLResponse:
    """Return a page in the language of who asks; one that is asked for by the address is kept."""
    asked = request.query_params.get("language", "")
    tag = language(asked, request.cookies.get("language", ""), request.headers.get("accept-language", ""))
    answer = HTMLResponse(page(name, tag, **facts), status, {"Content-Language": tag, "Vary": "Accept-Language, Cookie"})
    if asked:
        answer.set_cookie("language", tag, max_age=_A_YEAR_S, httponly=True, samesite="lax",
                          secure=request.url.scheme == "https")
    return answer
