"""Figures for monitoring, in Prometheus' text format (version 0.0.4), and whether all is well."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.responses import Response

from ivr.clock import seconds
from ivr.web.live import Live, Shown


def metrics_router(live: Live, bridge: Shown) -> APIRouter:
    """Return the routes for monitoring: of the bridge, whatever is shown."""
    router = APIRouter(tags=["monitoring"])

    @router.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> Response:
        """Return figures for Prometheus."""
        return Response("".join(_lines(live, bridge)), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get("/healthz", responses={503: {"description": "The bridge has ended"}})
    def healthz() -> Response:
        """Tell whether the bridge is at work."""
        over = bridge.session.over
        facts: dict[str, Any] = {"status": "over" if over else "ok"}
        return JSONResponse(facts, 503 if over else 200, {"Cache-Control": "no-store"})

    return router


def _lines(live: Live, bridge: Shown) -> Iterator[str]:
    view, inner = bridge.session.view(), bridge.session.bridge
    states, places = Counter(one.state for one in view.calls), Counter(one.where for one in view.calls)
    yield from _family("ivr_seconds_total", "counter", "Seconds since the bridge began.", {"": seconds(view.at)})
    yield from _family("ivr_late_ticks_total", "counter", "Ticks that came more than 20 ms late.", {"": view.late})
    yield from _family("ivr_journal_entries_total", "counter", "Entries of the journal.",
                       {"": inner.journal.written})
    yield from _family("ivr_calls", "gauge", "Calls on the line, by their state.",
                       {f'state="{state}"': count for state, count in sorted(states.items())})
    yield from _family("ivr_callers", "gauge", "Callers that wait, and that meet.",
                       {f'where="{where}"': places[where] for where in ("lobby", "meeting")})
    yield from _family("ivr_meetings", "gauge", "Meetings with somebody in them.",
                       {"": len({one.meeting for one in view.meeting()})})
    yield from _family("ivr_pages", "gauge", "Pages and programs that are told what happens.", {"": live.pages})


def _family(name: str, kind: str, about: str, values: dict[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {about}\n# TYPE {name} {kind}\n"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value}\n" if labels else f"{name} {value}\n"
