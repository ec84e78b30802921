"""Puts the routes of the web part together."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from dtmf.errors import AudioError
from ivr.directory.errors import DirectoryError, NotFound, StoreError
from ivr.live.guests import GuestError, Guests, NoGuest, NoPlace
from ivr.reading import BadFile
from ivr.report.parts import components
from ivr.web.access import access_router
from ivr.web.actions import MOST_BYTES, NobodyThere, NotNow, callers_router, moderating_router, stories_router
from ivr.web.desk import desk_router
from ivr.web.doing import NotDone, PresenterActs
from ivr.web.events import events_router
from ivr.web.faulty import sentence
from ivr.web.files import KeptFiles, sheets
from ivr.web.flows import flows_router
from ivr.web.guard import Guard, hosts
from ivr.web.live import Live
from ivr.web.logins import Buckets, Logins
from ivr.web.metrics import metrics_router
from ivr.web.pages import HERE, login_page, missing, pages_router
from ivr.web.phone import Phones, phone_router
from ivr.web.programme import NoStory, NothingPlays, Programme
from ivr.web.saved import saved_router

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (NobodyThere, 404), (NotFound, 404), (NoGuest, 404), (NoStory, 404), (NotNow, 409), (NoPlace, 409),
    (NothingPlays, 409), (GuestError, 400),
    (DirectoryError, 400), (BadFile, 400), (AudioError, 400), (NotDone, 503), (StoreError, 503))
"""What a fault is answered with."""

@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What is shown in a browser, and who may see it.

    Attributes
    ----------
    programme : Programme
        The bridge, and stories beside it.
    guests : Guests
        Callers that are added to the bridge.
    database : str, optional
        The directory at whose desk one can sit; None if there is none.
    logins : Logins
    names : collection of str
        Host names by which we may be asked.
    asks : bool
        Whether one has to log in.
    requests : Buckets
        How often each address may ask.
    phones : Phones, optional
        Who takes calls of phones in pages; without one there are none.
    """

    live: Live
    programme: Programme
    guests: Guests
    database: str | None
    logins: Logins
    requests: Buckets
    names: Collection[str] = field(default_factory=tuple)
    asks: bool = False
    phones: Phones | None = None


def web_app(web: Web) -> FastAPI:
    """Return what answers a browser, and programs."""
    app = FastAPI(title="The lobby in a browser", version="1", docs_url=None, redoc_url=None)
    bridge = web.programme.bridge.session
    doing = PresenterActs(bridge)
    for router in (events_router(web.live), callers_router(web.guests, web.programme, doing),
                   stories_router(web.programme, doing), moderating_router(lambda: web.live.session, doing),
                   desk_router(web.database, doing), metrics_router(web.live, web.programme.bridge),
                   saved_router(web.live, web.programme, doing),
                   access_router(web.logins, login_page), flows_router(lambda: web.live.session),
                   pages_router(office=web.database is not None)):
        app.include_router(router)
    if web.phones is not None:
        app.include_router(phone_router(web.phones))
    app.mount("/components", KeptFiles(Path(str(components()))), name="components")
    app.mount("/static", KeptFiles(HERE / "static", sheets()), name="static")
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, missing)
    for kind, code in _CODES:
        app.add_exception_handler(kind, _refusing(code))
    app.add_middleware(Guard, logins=web.logins, names=hosts(web.names), asks=web.asks, most_bytes=MOST_BYTES,
                       requests=web.requests)
    return app


def _invalid(_: Request, error: Exception) -> JSONResponse:
    faults = error.errors() if isinstance(error, RequestValidationError) else ()
    return JSONResponse({"detail": sentence(faults)}, 422)


def _refusing(code: int) -> Callable[[Request, Exception], JSONResponse]:
    def refuse(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": f"{error}"}, code)

    return refuse
