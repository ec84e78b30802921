"""Looks at every request and every WebSocket before anybody answers it: where it comes from, who asks, how much."""

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Collection, Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ivr.web.logins import Buckets, Logins, TooOften

COOKIE = "__Host-ivr"
TOKEN = "X-CSRF-Token"  # noqa: S105  (the name of a header)
LOGIN = "/login"
_FREE = (LOGIN, "/healthz", "/static/", "/components/")
"""What everybody may have: the way in."""

_MOST_BYTES = 65_536
"""Of what is asked, but for recordings."""
_RECORDINGS = "/api/callers/recording"
_READ = ("GET", "HEAD", "OPTIONS")
_POLICY_VIOLATED = 1008

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                               "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; "
                               "manifest-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
                               "base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}


class Guard:
    """Lets through what may come through.

    Parameters
    ----------
    app : ASGI application
    logins : Logins
    names : collection of str
        Host names by which we may be asked, besides addresses: others were made to lead here by somebody else.
    asks : bool
        Whether who asks has to have logged in.
    most_bytes : int
        Of a recording.
    requests : Buckets
        How often each address may ask.
    """

    def __init__(self, app: ASGIApp, *, logins: Logins, names: Collection[str], asks: bool, most_bytes: int,
                 requests: Buckets) -> None:
        self._app, self._logins, self._asks = app, logins, asks
        self._names, self._most_bytes, self._requests = frozenset(names), most_bytes, requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or have the application do so."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refused = await self._refused(scope)
        if refused is None:
            await self._app(scope, _bounded(receive, self._most(scope)), _dressed(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATED, "reason": ""})
        else:
            await refused(scope, receive, _dressed(send))

    async def _refused(self, scope: Scope) -> Response | None:
        headers, source = Headers(scope=scope), (scope.get("client") or ("", 0))[0]
        if not self._is_us(headers.getlist("host")):
            return _no(421, "this is not the host that was asked for")
        origins = headers.getlist("origin")
        if any(not _is_same(origin, headers["host"], scope) for origin in origins):
            return _no(403, "a page of somebody else asks")
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and (
                scope["type"] == "websocket" or scope["method"] not in _READ):
            return _no(403, "a page of somebody else asks")
        if not self._requests.take(source):
            return _no(429, "too much is asked: wait a moment", {"Retry-After": "1"})
        if int(headers.get("content-length", "0") if headers.get("content-length", "0").isdigit() else 0) > (
                self._most(scope)):
            return _no(413, "it is too long")
        return await self._stranger(scope, headers, source)

    async def _stranger(self, scope: Scope, headers: Headers, source: str) -> Response | None:
        """Return what is answered to who may not do it; None if he may."""
        token, by_program = _session(headers), False
        user = self._logins.user(token)
        state = scope.setdefault("state", {})
        tried = None if user else _basic(headers)
        if tried is not None:
            try:
                by_program = await run_in_threadpool(self._logins.proven, *tried, source)
            except TooOften as error:
                return _no(429, str(error), {"Retry-After": str(int(error.wait_s) + 1)})
            user = tried[0] if by_program else ""
        state["user"], state["csrf"] = user, self._logins.csrf(token if user else "")
        path = scope["path"]
        if self._asks and not user and not _is_free(path):
            if scope["type"] == "http" and scope["method"] == "GET" and not path.startswith(("/api/", "/metrics")):
                return RedirectResponse(_way_in(scope), 303)
            return _no(401, "log in first" if tried is None else "the name or the password is wrong")
        browser = "origin" in headers or "sec-fetch-site" in headers or bool(user and not by_program)
        if scope["type"] == "http" and scope["method"] not in _READ and browser and path != LOGIN and (
                not hmac.compare_digest(headers.get(TOKEN, "").encode(), state["csrf"].encode())):
            return _no(403, f"it has not the token that pages send as {TOKEN}")
        return None

    def _is_us(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        name = (urlsplit(f"//{hosts[0]}").hostname or "") if hosts[0].isascii() else ""
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in self._names
        return True

    def _most(self, scope: Scope) -> int:
        return self._most_bytes if scope["path"] == _RECORDINGS else _MOST_BYTES


def _way_in(scope: Scope) -> str:
    """Return where one logs in, and comes back from to what was asked for."""
    query = scope["query_string"].decode("latin-1")
    asked = f"{quote(scope['path'])}?{query}" if query else quote(scope["path"])
    return LOGIN if asked == "/" else f"{LOGIN}?to={quote(asked)}"


def _is_same(origin: str, host: str, scope: Scope) -> bool:
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    return origin.lower() == f"{scheme}://{host}".lower()


def _is_free(path: str) -> bool:
    return path in _FREE or any(path.startswith(one) for one in _FREE if one.endswith("/"))


def _session(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _basic(headers: Headers) -> tuple[str, str] | None:
    kind, _, text = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def _no(code: int, why: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"detail": why}, code, headers)


def _bounded(receive: Receive, most: int) -> Receive:
    """Give no more of a body than is taken, whatever its head has said."""
    came = 0

    async def bounded() -> Message:
        nonlocal came
        message = await receive()
        if message["type"] == "http.request":
            came += len(message.get("body", b""))
            if came > most:
                return {"type": "http.disconnect"}
        return message

    return bounded


def _dressed(send: Send) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return dressed


def hosts(names: Iterable[str]) -> frozenset[str]:
    """Return names as they may stand in a request: those of this machine itself too."""
    return frozenset({"localhost", *(name.lower() for name in names)})
