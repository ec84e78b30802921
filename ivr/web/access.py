"""Logging in, and out."""

from collections.abc import Callable
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from ivr.web.guard import COOKIE, LOGIN
from ivr.web.logins import LASTS_S, Logins, TooOften

_HOME = "/"


def who(request: Request) -> str:
    """Return who asks; empty on this machine, where nobody is asked."""
    return str(getattr(request.state, "user", ""))


def access_router(logins: Logins, page: Callable[[Request, str], str]) -> APIRouter:
    """Return the routes by which one logs in and out.

    Parameters
    ----------
    page : callable
        Gives the HTML of the page on which one logs in: for a request, and what was wrong with the last try.
    """
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN, response_class=HTMLResponse)
    def form(request: Request) -> HTMLResponse:
        return HTMLResponse(page(request, ""), headers={"Cache-Control": "no-store"})

    @router.post(LOGIN)
    async def login(request: Request) -> Response:
        fields = parse_qs((await request.body()).decode("ascii", "replace"), max_num_fields=10)
        user, password = (fields.get(name, [""])[0] for name in ("user", "password"))
        source = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(logins.login, user, password, source)
        except TooOften as error:
            return HTMLResponse(page(request, "too often"), 429, {"Retry-After": str(int(error.wait_s) + 1)})
        if not token:
            return HTMLResponse(page(request, "wrong"), 401)
        answer = RedirectResponse(_HOME, 303)
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
