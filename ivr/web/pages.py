"""The pages themselves: HTML made of templates and words, with scripts and styles in files of their own."""

import re
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

from ivr.web.asked import SEVEN_DIGITS
from ivr.web.wording import language, page

HERE = Path(__file__).parent
PAGES = {"/": "lobby", "/room/{conference_id}": "lobby", "/show": "show", "/show/{conference_id}": "show",
         "/phone": "phone", "/desk": "desk"}
"""What is where, by the name of its template."""

_A_YEAR_S = 366 * 86_400


def pages_router(*, office: bool = False) -> APIRouter:
    """Return the routes of the pages.

    Parameters
    ----------
    office : bool
        Whether there is a directory at whose desk one can sit.
    """
    router = APIRouter(include_in_schema=False)
    for path, name in PAGES.items():
        router.add_api_route(path, _page(name, office=office), response_class=HTMLResponse)
    return router


def login_page(request: Request, wrong: str, to: str) -> str:
    """Return the page on which one logs in.

    Parameters
    ----------
    wrong : str
        What was wrong with the last try: "wrong", "too often"; empty for the first.
    to : str
        Where he goes who has logged in.
    """
    return _rendered("login", request, wrong=wrong, to=to)


def missing(request: Request, error: Exception) -> Response:
    """Answer what is not there, or cannot be done: a browser that wants a page by one, others by a sentence."""
    code, why = (error.status_code, f"{error.detail}") if isinstance(error, StarletteHTTPException) else (500, "")
    if code != 404 or "text/html" not in request.headers.get("accept", ""):
        told = f"there is nothing at {request.url.path}" if why == "Not Found" else why
        return JSONResponse({"detail": told}, code, getattr(error, "headers", None))
    told = _rendered("missing", request, of_room="conference_id" in request.path_params)
    return HTMLResponse(told, code, headers={
        "Cache-Control": "no-store", "Content-Language": asked_in(request)})


def _rendered(name: str, request: Request, **facts: object) -> str:
    state = request.state
    return page(name, asked_in(request), csrf=getattr(state, "csrf", ""), user=getattr(state, "user", ""), **facts)


def asked_in(request: Request) -> str:
    """Return the language in which a request is answered."""
    return language(request.query_params.get("language", ""), request.cookies.get("language", ""),
                    request.headers.get("accept-language", ""))


def _page(name: str, *, office: bool) -> Callable[..., HTMLResponse]:
    def answer(request: Request, conference_id: str = "") -> HTMLResponse:
        if "conference_id" in request.path_params and not re.fullmatch(SEVEN_DIGITS, conference_id, re.ASCII):
            raise HTTPException(404, "a room has a conference ID of seven digits")
        told = HTMLResponse(_rendered(name, request, room=conference_id, office=office), headers={
            "Cache-Control": "no-store", "Content-Language": asked_in(request)})
        if "language" in request.query_params:
            told.set_cookie("language", asked_in(request), max_age=_A_YEAR_S, httponly=True, samesite="lax",
                            secure=request.url.scheme == "https")
        return told

    return answer
