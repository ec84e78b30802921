"""Puts the routes of the web part together."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from ivr.web.events import events_router
from ivr.web.live import Live
from ivr.web.pages import HERE, pages_router


def web_app(live: Live, *, title: str = "The lobby") -> FastAPI:
    """Return what answers a browser, and programs."""
    app = FastAPI(title="The lobby in a browser", version="1", docs_url=None, redoc_url=None)
    app.include_router(events_router(live))
    app.include_router(pages_router(title))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app
