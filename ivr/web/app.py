"""Puts the routes of the web part together."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from ivr.report.parts import components
from ivr.web.events import events_router
from ivr.web.live import Live
from ivr.web.pages import HERE, pages_router
from ivr.web.phone import Phones, phone_router


def web_app(live: Live, *, phones: Phones | None = None) -> FastAPI:
    """Return what answers a browser, and programs."""
    app = FastAPI(title="The lobby in a browser", version="1", docs_url=None, redoc_url=None)
    app.include_router(events_router(live))
    if phones is not None:
        app.include_router(phone_router(phones))
    app.include_router(pages_router())
    app.mount("/components", StaticFiles(directory=str(components())), name="components")
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app
