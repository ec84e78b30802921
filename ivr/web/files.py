"""Files that pages fetch, kept in memory: a page is there at once, however busy the disk and other threads are."""

import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ivr.report.parts import components
from ivr.web.pages import HERE

_SHARED = ("tokens", "base", "lanes", "journal")
"""Style sheets of the report's components that every page has."""

_OWN = {"live": "live.css", "desk": "desk.css", "phone": "phone/phone.css", "show": "show.css"}
"""That of each kind of page."""


class KeptFiles:
    """A folder, as it is when this is made; an application to be mounted.

    Parameters
    ----------
    folder : Path
    more : mapping of path to bytes
        What can be fetched besides.
    """

    def __init__(self, folder: Path, more: Mapping[str, bytes] | None = None) -> None:
        files = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
        self._files = {path: (data, mimetypes.guess_type(path)[0] or "application/octet-stream",
                              f'"{hashlib.sha256(data).hexdigest()[:16]}"')
                       for path, data in {**files, **(more or {})}.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        found = self._files.get(path)
        if found is None:
            answer = Response("there is nothing here", 404, media_type="text/plain")
        elif request.method not in ("GET", "HEAD"):
            answer = Response("it can only be fetched", 405, {"Allow": "GET, HEAD"}, media_type="text/plain")
        else:
            data, kind, tag = found
            known = {"ETag": tag, "Cache-Control": "no-cache"}
            same = request.headers.get("if-none-match") == tag
            answer = Response(b"" if same else data, 304 if same else 200, known, media_type=kind)
        await answer(scope, receive, send)


def sheets() -> dict[str, bytes]:
    """Return one style sheet a kind of page, `sheets/NAME.css`: what all have, and its own."""
    parts, static = Path(str(components())), HERE / "static"
    shared = [*(parts / f"{name}.css" for name in _SHARED), static / "site.css"]
    first = b"\n".join(one.read_bytes() for one in shared)
    return {f"sheets/{name}.css": first + b"\n" + (static / path).read_bytes() for name, path in _OWN.items()}
