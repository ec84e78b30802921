"""What a presenter does: callers come, stories are played, people are let in, meetings are locked and end."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from ivr.conference.bridge import ConferenceBridge
from ivr.lines.wav import samples_of
from ivr.live.guests import GuestError, Guests, NoGuest
from ivr.live.session import Session
from ivr.web.access import who
from ivr.web.asked import (
    REFUSALS,
    CallAct,
    ConferenceId,
    Done,
    Hand,
    Keys,
    Name,
    NewCaller,
    NewStory,
    RoomAct,
    Serial,
    Speed,
    StoryAct,
    StorysCaller,
    Stretch,
    Text,
)
from ivr.web.doing import PresenterActs
from ivr.web.programme import Programme
from ivr.web.titles import title_of

_NOT_STARTED = "the meeting {} has not started: its organizer starts it with the PIN, and until then all wait"

STORIES: Mapping[StoryAct, str] = {"hold": "holds the story", "go-on": "goes on with the story",
                                    "restart": "begins the story anew", "close": "closes the story"}
CALLS: Mapping[CallAct, str] = {"admit": "lets in", "deny": "sends away"}
ROOMS: Mapping[RoomAct, str] = {
    "admit-all": "lets everybody into the meeting", "end": "ends the meeting", "lock": "locks the meeting",
    "unlock": "unlocks the meeting", "mute": "mutes everybody in the meeting",
    "unmute": "unmutes everybody in the meeting", "record": "records the meeting",
    "record-end": "ends the recording of the meeting"}
"""What the journal calls the acts; whom they are done to comes behind."""

MOST_BYTES = 10_000_000
"""Of a recording that is to call."""


class NobodyThere(Exception):
    """There is no such call, caller or room."""


class NotNow(Exception):
    """It cannot be done to this call or meeting as it stands."""


def callers_router(guests: Guests, programme: Programme, doing: PresenterActs) -> APIRouter:
    """Return the routes of callers who are added to the bridge."""
    router = APIRouter(prefix="/api/callers", tags=["callers"], responses={**REFUSALS})
    bridge = programme.bridge.session

    @router.get("")
    def callers() -> dict[str, list[str]]:
        """Return the callers that were added and are there."""
        return {"callers": list(guests.names)}

    @router.post("", status_code=201)
    def add(asked: NewCaller, request: Request) -> Done:
        """Let a simulated caller dial in."""
        pin = asked.pin.get_secret_value() if asked.pin else ""
        if pin and not (pin.isascii() and pin.isdigit()):
            raise GuestError("a PIN has digits only")
        part = guests.prepare(asked.name, organizer=bool(pin), talks=asked.talks)
        doing.done(bridge, lambda: guests.add(part, conference_id=asked.conference_id, pin=pin,
                                              by_hand=asked.by_hand))
        doing.noted("adds a caller", who(request), guest=asked.name)
        return Done(done=asked.name)

    @router.post("/recording", status_code=201, openapi_extra={"requestBody": {"required": True, "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}})
    async def recording(name: Name, request: Request) -> Done:
        """Let a recording dial in, in any format that can be read; its keys are keys."""
        data = bytearray()
        async for chunk in request.stream():
            data += chunk
            if len(data) > MOST_BYTES:
                raise GuestError(f"a recording of more than {MOST_BYTES // 1_000_000} MB is not taken")

        def act() -> None:
            samples = samples_of(Path("the recording"), stream=io.BytesIO(data))
            doing.done(bridge, lambda: guests.play(name, samples))
            doing.noted("adds a recording", who(request), guest=name)

        await run_in_threadpool(act)
        return Done(done=name)

    @router.post("/story", status_code=201)
    def of_story(asked: StorysCaller, request: Request) -> Done:
        """Let a caller of a story dial in, who does his steps here, whatever else goes on."""
        actor = programme.caller(asked.story, asked.caller, guests.extras)
        doing.done(bridge, lambda: guests.join(actor))
        doing.noted("adds from a story", who(request), guest=asked.caller, story=asked.story)
        return Done(done=asked.caller)

    @router.post("/{name}/keys")
    def keys(name: Name, asked: Keys, request: Request) -> Done:
        """Press keys as a caller that was added."""
        pressed = asked.keys.get_secret_value()
        if set(pressed) - set("0123456789*#ABCD"):
            raise GuestError("keys are of 0 to 9, *, #, A to D")
        doing.done(bridge, lambda: guests.press(name, pressed))
        doing.noted("presses keys as", who(request), guest=name)
        return Done(done="keys")

    @router.post("/{name}/say")
    def say(name: Name, asked: Text, request: Request) -> Done:
        """Say something as a caller that was added."""
        if name not in guests.names:
            raise NoGuest(f"there is no guest {name}")
        samples = guests.ready(asked.text, name)
        doing.done(bridge, lambda: guests.speak(name, samples))
        doing.noted("speaks as", who(request), guest=name)
        return Done(done="say")

    @router.post("/{name}/hand")
    def hand(name: Name, asked: Hand, request: Request) -> Done:
        """Lead a caller that was added by hand, or let him act by himself."""
        doing.done(bridge, lambda: guests.hold(name, by_hand=asked.by_hand))
        doing.noted("leads by hand" if asked.by_hand else "leaves to himself", who(request), guest=name)
        return Done(done="hand")

    @router.post("/{name}/next")
    def next_(name: Name, request: Request) -> Done:
        """Let a caller that was added do what comes next where he is."""
        doing.done(bridge, lambda: guests.next(name))
        doing.noted("does what comes next as", who(request), guest=name)
        return Done(done="next")

    @router.post("/{name}/hang-up")
    def hang_up(name: Name, request: Request) -> Done:
        """Let a caller that was added hang up."""
        doing.done(bridge, lambda: guests.hang_up(name))
        doing.noted("hangs up", who(request), guest=name)
        return Done(done="hang-up")

    return router


def stories_router(programme: Programme, doing: PresenterActs) -> APIRouter:
    """Return the routes of stories that are played."""
    router = APIRouter(prefix="/api", tags=["stories"], responses={**REFUSALS})

    @router.get("/stories")
    def stories() -> dict[str, Any]:
        """Return the names of the stories there are, and their titles by name."""
        known = dict(sorted(programme.stories.items()))
        return {"stories": [*known], "titles": {name: title_of(path) for name, path in known.items()}}

    @router.get("/story")
    def story() -> dict[str, Any]:
        """Return how the story stands that plays, or has played."""
        return {"story": programme.facts()}

    @router.post("/story", status_code=201)
    def play(asked: NewStory, request: Request) -> Done:
        """Play a story, beside the bridge, and show it."""
        programme.play(asked.name, asked.speed, held=asked.held)
        doing.noted("plays the story", who(request), story=asked.name)
        return Done(done=asked.name)

    @router.post("/story/speed")
    def speed(asked: Speed, request: Request) -> Done:
        """Play it faster or slower."""
        programme.playing.pace.go(asked.speed)
        programme.tell()
        doing.noted("plays the story at the speed", who(request), speed=asked.speed)
        return Done(done="speed")

    @router.post("/story/step")
    def step(asked: Stretch, request: Request) -> Done:
        """Play so much of it at once, and stand still."""
        programme.playing.step(asked.seconds)
        programme.tell()
        doing.noted("plays the story on for", who(request), seconds=asked.seconds)
        return Done(done="step")

    @router.post("/story/{act}")
    def act(act: StoryAct, request: Request) -> Done:
        """Hold it, let it go on, begin it anew, or let go of it and show the bridge."""
        programme.playing  # noqa: B018  (there has to be one)
        {"hold": programme.hold, "go-on": programme.go_on, "restart": programme.again,
         "close": programme.close}[act]()
        doing.noted(STORIES[act], who(request))
        return Done(done=act)

    return router


def moderating_router(shown: Callable[[], Session], doing: PresenterActs) -> APIRouter:
    """Return the routes of what is done to calls and meetings of what is shown."""
    router = APIRouter(prefix="/api", tags=["meetings"], responses={**REFUSALS})

    @router.post("/calls/{serial}/{act}")
    def call(serial: Serial, act: CallAct, request: Request) -> Done:
        """Let in somebody who waits, or send him away."""
        session, bridge = _conference(shown())

        def acts() -> str:
            if serial not in bridge.calls:
                raise NobodyThere(f"there is no call {serial}")
            caller = bridge.calls[serial].caller
            _waits(bridge, serial, admits=act == "admit")
            (bridge.admit if act == "admit" else bridge.deny)(serial)
            return caller

        doing.noted(CALLS[act], who(request), serial=serial, guest=doing.done(session, acts))
        return Done(done=act)

    @router.post("/rooms/{conference_id}/{act}")
    def room(conference_id: ConferenceId, act: RoomAct, request: Request) -> Done:
        """Do something to a meeting."""
        session, bridge = _conference(shown())

        def acts() -> None:
            meeting = next((one.meeting for one in bridge.conference.callers.values()
                            if one.meeting and _is_of(bridge, one.meeting, conference_id, one.conference_id)), "")
            if not meeting:
                raise NobodyThere(f"nobody is in a room {conference_id}")
            if not _runs(bridge, meeting):
                raise NotNow(_NOT_STARTED.format(conference_id))
            _acts(bridge)[act](meeting)

        doing.done(session, acts)
        doing.noted(ROOMS[act], who(request), meeting=conference_id)
        return Done(done=act)

    return router


def _acts(bridge: ConferenceBridge) -> Mapping[str, Callable[[str], None]]:
    return {"admit-all": bridge.admit_all, "end": bridge.end,
            "lock": bridge.lock, "unlock": lambda meeting: bridge.lock(meeting, locked=False),
            "mute": bridge.mute_all, "unmute": lambda meeting: bridge.mute_all(meeting, muted=False),
            "record": bridge.record, "record-end": lambda meeting: bridge.record(meeting, on=False)}


def _waits(bridge: ConferenceBridge, serial: int, *, admits: bool) -> None:
    """See that a call waits, and can be let in if that is wanted (A3.1, A3.18)."""
    caller = bridge.conference.callers.get(serial)
    place = bridge.conference.rooms.find(caller.meeting) if caller and caller.meeting else None
    if caller is None or place is None or not place.room.waits(serial):
        raise NotNow(f"{bridge.calls[serial].caller} does not wait in a lobby")
    if admits and not place.room.running:
        raise NotNow(_NOT_STARTED.format(caller.conference_id))


def _runs(bridge: ConferenceBridge, meeting: str) -> bool:
    place = bridge.conference.rooms.find(meeting)
    return place is not None and place.room.running


def _is_of(bridge: ConferenceBridge, meeting: str, conference_id: str, own: str) -> bool:
    place = bridge.conference.rooms.find(meeting)
    return conference_id in (own, place.conference_id if place else "")


def _conference(session: Session) -> tuple[Session, ConferenceBridge]:
    if not isinstance(session.bridge, ConferenceBridge):
        raise NobodyThere("what is shown is no conference")
    return session, session.bridge
