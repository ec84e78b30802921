"""The pages themselves: HTML made of templates, with scripts and styles in files of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

HERE = Path(__file__).parent
PAGES = {"/": "lobby", "/show": "show", "/room/{conference_id}": "room", "/phone": "phone", "/desk": "desk"}
"""What is where; each is shown by the script of its name."""


def pages_router(title: str) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True)
    for path, name in PAGES.items():
        router.add_api_route(path, _page(templates, name, title), response_class=HTMLResponse)
    return router


def _page(templates: jinja2.Environment, name: str, title: str) -> Callable[..., HTMLResponse]:
    def page(conference_id: str = "") -> HTMLResponse:
        facts: dict[str, Any] = {"page": name, "title": title, "room": conference_id}
        return HTMLResponse(templates.get_template("page.html").render(facts))

    return page
