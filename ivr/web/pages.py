"""The pages themselves: HTML made of templates, with scripts and styles in files of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

HERE = Path(__file__).parent
PAGES = {"/": "lobby", "/show": "show", "/room/{conference_id}": "room", "/phone": "phone", "/desk": "desk"}
"""What is where; each is shown by the script of its name."""

_TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True)


def pages_router() -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    for path, name in PAGES.items():
        router.add_api_route(path, _page(name), response_class=HTMLResponse)
    return router


def login_page(request: Request, wrong: str) -> str:
    """Return the page on which one logs in.

    Parameters
    ----------
    wrong : str
        What was wrong with the last try: "wrong", "too often"; empty for the first.
    """
    return rendered("login", request, wrong=wrong)


def rendered(name: str, request: Request, **more: Any) -> str:  # noqa: ANN401  (what a template is given)
    """Return a page: `name` is of its template, or of its script where it has none of its own."""
    facts = {"page": name, "csrf": getattr(request.state, "csrf", ""), "user": getattr(request.state, "user", "")}
    return _TEMPLATES.select_template([f"{name}.html", "page.html"]).render(facts, **more)


def _page(name: str) -> Callable[..., HTMLResponse]:
    def page(request: Request, conference_id: str = "") -> HTMLResponse:
        return HTMLResponse(rendered(name, request, room=conference_id), headers={"Cache-Control": "no-store"})

    return page
