"""What was live as a page that stays: the very one that `ivr run --report` writes."""

import re
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from ivr.custom.own import OwnFile
from ivr.journal import Entry
from ivr.live.keeping import KeptCall
from ivr.report.model import Missed, Story, Track
from ivr.report.page import render
from ivr.report.runs import called_of, hides_of, missed_of
from ivr.web.doing import PresenterActs
from ivr.web.live import Live
from ivr.web.pages import asked_in
from ivr.web.programme import Programme
from ivr.web.wording import words

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')


def saved_router(live: Live, programme: Programme, doing: PresenterActs) -> APIRouter:
    """Return the route of the page that stays."""
    router = APIRouter(tags=["events"])

    @router.get("/saved", response_class=HTMLResponse, responses={503: {"description": "It cannot be had now"}})
    def saved(request: Request) -> HTMLResponse:
        """Return what is shown, as it is now, as one page that opens without a network."""
        shown = live.shown
        keeper = shown.keeper
        calls, entries, now = doing.done(shown.session, lambda: (
            keeper.calls() if keeper else [], [*shown.session.bridge.journal.entries], shown.session.bridge.now))
        playing = programme.playing if shown.story else None
        own = playing.scenario.own if playing else None
        missed = missed_of(playing.failures) if playing else []
        tag = asked_in(request)
        title = shown.title or str(words(tag)["saved.title"])
        page = render(_story(title, calls, entries, now, missed, own), language=tag, beside=False)
        found = _POLICY.search(page)
        policy = f"{found[1]}; frame-ancestors 'self'; sandbox allow-scripts" if found else "default-src 'none'"
        return HTMLResponse(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store",
                                           "Content-Language": tag})

    return router


def _story(title: str, calls: Sequence[KeptCall], entries: Sequence[Entry], now: int, missed: Sequence[Missed],
           own: OwnFile | None) -> Story:
    tracks = []
    for one in calls:
        heard, spoke = one.sound()
        tracks.append(Track(one.caller, heard, spoke, one.dialled_at))
    return Story(title, "", entries, tracks, now, None, missed, hides=hides_of(own),
                 called=called_of(own))
