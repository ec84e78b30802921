"""The administrator's desk in a browser: organizers, meetings, letters. A new PIN is in its own answer alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from ivr.desk.opening import open_desk
from ivr.desk.posting import deliver
from ivr.directory.desk import Desk
from ivr.directory.organizers import NewOrganizer
from ivr.web.access import who
from ivr.web.actions import NobodyThere
from ivr.web.asked import REFUSALS, Done, NewMeeting, NewOrganizerAsked, Number, Page, Who
from ivr.web.doing import PresenterActs

_PAGE = 50
_LETTER = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


def desk_router(database: str | None, doing: PresenterActs) -> APIRouter:
    """Return the routes of the desk.

    Parameters
    ----------
    database : str, optional
        Which directory, as --database names it; None if the bridge has none.
    """
    router = APIRouter(prefix="/api", tags=["desk"], responses={**REFUSALS})
    opened = _opening(database)

    @router.get("/organizers")
    def organizers(page: Page = 1) -> dict[str, Any]:
        """Return who may organize meetings, fifty at a time."""
        with opened() as desk:
            rows = desk.organizers.list(offset=(page - 1) * _PAGE, limit=_PAGE)
            return {"organizers": [asdict(one) for one in rows]}

    @router.post("/organizers", status_code=201)
    def enable(asked: NewOrganizerAsked, request: Request, response: Response) -> dict[str, Any]:
        """Enable an organizer; his PIN goes to him by letter, or, where none goes, is in this answer alone."""
        response.headers["Cache-Control"] = "no-store"
        with opened() as desk:
            done = desk.organizers.enable(NewOrganizer(asked.address, name=asked.name, language=asked.language))
            deliver(desk, database or "")
        told = {"address": done.address, "changed": done.changed, "service_number": done.service_number,
                "conference_id": done.conference_id, "mailed_to": done.pin.mailed_to if done.pin else ""}
        doing.noted("enables the organizer", who(request), organizer=asked.address)
        return told | ({"pin": done.pin.pin} if done.pin and not done.pin.mailed_to else {})

    @router.post("/organizers/{organizer}/pin")
    def reset(organizer: Who, request: Request, response: Response) -> dict[str, str]:
        """Give an organizer a new PIN, which is in this answer alone; the old one fails at once."""
        response.headers["Cache-Control"] = "no-store"
        with opened() as desk:
            new = desk.pins.reset(organizer)
            doing.noted("resets the PIN of", who(request), organizer=organizer)
            deliver(desk, database or "")
        return {"address": new.address, "pin": new.pin, "mailed_to": new.mailed_to}

    @router.get("/meetings")
    def meetings(page: Page = 1) -> dict[str, Any]:
        """Return the meetings that are scheduled, fifty at a time."""
        with opened() as desk:
            return {"meetings": [asdict(one) for one in desk.meetings.list(offset=(page - 1) * _PAGE, limit=_PAGE)]}

    @router.post("/meetings", status_code=201)
    def meet(asked: NewMeeting, request: Request) -> dict[str, Any]:
        """Have a meeting from now on."""
        with opened() as desk:
            meeting = asdict(desk.meetings.meet_now(asked.organizer, subject=asked.subject))
        doing.noted("schedules a meeting of", who(request), organizer=asked.organizer)
        return meeting

    @router.post("/meetings/{number}/cancel")
    def cancel(number: Number, request: Request) -> Done:
        """Cancel a meeting: its conference ID is free for others."""
        with opened() as desk:
            desk.meetings.cancel(str(number))
        doing.noted("cancels the meeting", who(request), number=number)
        return Done(done="cancel")

    @router.get("/letters")
    def letters(page: Page = 1) -> dict[str, Any]:
        """Return the letters that were written, the latest first, fifty at a time."""
        with opened() as desk:
            return {"letters": [asdict(one) for one in desk.outbox.list(offset=(page - 1) * _PAGE, limit=_PAGE)]}

    @router.get("/letters/{number}")
    def letter(number: Number) -> dict[str, Any]:
        """Return a letter as it was sent; a PIN in it is shown as stars."""
        with opened() as desk:
            facts, text = desk.outbox.show(number)
        return {**asdict(facts), "subject": text.subject, "text": text.text, "html": text.html}

    @router.get("/letters/{number}/page", response_class=HTMLResponse, include_in_schema=False)
    def letter_page(number: Number) -> HTMLResponse:
        """Return a letter's HTML as a page within a page, in which nothing runs and that fetches nothing."""
        with opened() as desk:
            _, text = desk.outbox.show(number)
        return HTMLResponse(text.html, headers={"Content-Security-Policy": _LETTER, "Cache-Control": "no-store"})

    return router


def _opening(database: str | None) -> "Callable[[], Any]":
    @contextmanager
    def opened() -> Iterator[Desk]:
        if database is None:
            raise NobodyThere("there is no directory here: the meetings are those of the command line")
        desk = open_desk(database, founds=False)
        try:
            yield desk
        finally:
            desk.close()

    return opened
