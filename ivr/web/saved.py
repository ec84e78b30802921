"""What was live as a page that stays: the very one that `ivr run --report` writes."""

import re
from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from ivr.clock import seconds
from ivr.custom.own import OwnFile
from ivr.journal import Entry
from ivr.live.keeping import KeptCall
from ivr.report.model import Missed, Story, Track
from ivr.report.page import render
from ivr.report.runs import called_of, hides_of, missed_of
from ivr.web.doing import Doing
from ivr.web.live import Live, Shown
from ivr.web.programme import Programme

_TITLE = "What was live"
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')


def saved_router(live: Live, programme: Programme, doing: Doing) -> APIRouter:
    """Return the route of the page that stays."""
    router = APIRouter(tags=["events"])

    @router.get("/saved", response_class=HTMLResponse, responses={503: {"description": "It cannot be had now"}})
    def saved() -> HTMLResponse:
        """Return what is shown, as it is now, as one page that opens without a network."""
        shown = live.shown
        keeper = shown.keeper
        calls, entries, now = doing.done(shown.session, lambda: (
            keeper.calls() if keeper else [], [*shown.session.bridge.journal.entries], shown.session.bridge.now))
        playing = programme.playing if shown.story else None
        own = playing.scenario.own if playing else None
        missed = missed_of(playing.failures) if playing else []
        page = render(_story(shown, calls, entries, now, missed, own))
        found = _POLICY.search(page)
        policy = f"{found[1]}; frame-ancestors 'self'; sandbox allow-scripts" if found else "default-src 'none'"
        return HTMLResponse(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})

    return router


def _story(shown: Shown, calls: Sequence[KeptCall], entries: Sequence[Entry], now: int, missed: Sequence[Missed],
           own: OwnFile | None) -> Story:
    tracks = []
    for one in calls:
        heard, spoke = one.sound()
        tracks.append(Track(one.caller, heard, spoke, one.dialled_at))
    return Story(shown.title or _TITLE, "", entries, tracks, now, seconds(now), missed, hides=hides_of(own),
                 called=called_of(own))
