"""Logging in, and out."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from ivr.web.guard import COOKIE, LOGIN
from ivr.web.logins import LASTS_S, Logins, TooOften

_HOME = "/"
_OURS = re.compile(r"/(?:[A-Za-z0-9_.~%-][A-Za-z0-9_.~%/-]*)?(?:\?[A-Za-z0-9_.~%=&+-]*)?")
"""A path here, which no browser takes for somebody else's address."""


def back(to: str) -> str:
    """Return where somebody comes to who has logged in: what he had asked for, or home if that is not ours."""
    return to if _OURS.fullmatch(to) and not to.startswith(LOGIN) else _HOME


def who(request: Request) -> str:
    """Return who asks; empty on this machine, where nobody is asked."""
    return str(getattr(request.state, "user", ""))


def access_router(logins: Logins, page: Callable[[Request, str, str], str]) -> APIRouter:
    """Return the routes by which one logs in and out.

    Parameters
    ----------
    page : callable
        Gives the HTML of the page on which one logs in: for a request, what was wrong with the last try, and where
        he wants to.
    """
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN, response_class=HTMLResponse)
    def form(request: Request, to: str = _HOME) -> HTMLResponse:
        return HTMLResponse(page(request, "", back(to)), headers={"Cache-Control": "no-store"})

    @router.post(LOGIN)
    async def login(request: Request) -> Response:
        fields = parse_qs((await request.body()).decode("ascii", "replace"), max_num_fields=10)
        user, password, to = (fields.get(name, [""])[0] for name in ("user", "password", "to"))
        source = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(logins.login, user, password, source)
        except TooOften as error:
            often = {"Retry-After": str(int(error.wait_s) + 1)}
            return HTMLResponse(page(request, "too often", back(to)), 429, often)
        if not token:
            return HTMLResponse(page(request, "wrong", back(to)), 401)
        answer = RedirectResponse(back(to), 303)
        answer.set_cookie(COOKIE, token, max_age=int(LASTS_S), path="/", secure=True, httponly=True,
                          samesite="strict")
        return answer

    @router.post("/logout")
    def logout(request: Request) -> Response:
        logins.logout(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    return router
