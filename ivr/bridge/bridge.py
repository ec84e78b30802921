"""The bridge: all calls, one tick at a time.

A tick takes 20 ms of every line and gives 20 ms back. In it, in this order: signals from lines, digits heard,
timers due; these go to their calls in the order (sample, call, serial); what the calls ask for is done; a
frame is rendered for every row; the clock advances. Python runs for a call only when something happened to it.

Nothing here reads a clock, a socket or a file. The directory is asked through `ivr.bridge.ports`.
"""

import heapq
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dtmf import Detector, DigitEnded, DigitHeard
from ivr.bridge.ports import Directory, Found, PinChecked, Signal, Unknown
from ivr.bridge.rooms import Rooms
from ivr.bridge.sound import Heads, Playing, Samples, Store, Voice
from ivr.call.call import Call, Cut, Listen, Note, Request, Speak
from ivr.call.profile import Profile
from ivr.call.table import Do, Event, State
from ivr.clock import FRAME, RATE, Timers
from ivr.journal import Entry, Journal

_ENTRY, _CLIP = "entry", "clip"


class Bridge:
    """Many calls on one clock.

    Parameters
    ----------
    directory : Directory
        Who may start which meeting.
    voice : Voice
        Where prompts come from.
    music : int16 array [shape=(n,)]
        Hold music, a loop.
    tones : mapping of "arrival" and "departure" to int16 array [shape=(n,)]
        Played into a meeting when somebody comes or goes.
    profile : Profile
        What product to be.
    setting : str
        How sure the decoder has to be of a key: see `dtmf.limits.SETTINGS`.

    Attributes
    ----------
    digits : list of DigitHeard and DigitEnded
        What the decoder has told in the last tick, for those who watch; a channel is a row.
    """

    def __init__(self, *, directory: Directory, voice: Voice, music: Samples, tones: Mapping[str, Samples],
                 profile: Profile, setting: str = "default") -> None:
        self.now = 0
        self.journal = Journal()
        self.calls: dict[int, Call] = {}
        self.digits: list[DigitHeard | DigitEnded] = []
        self._profile, self._directory, self._voice = profile, directory, voice
        self._store = Store()
        self._music_at, self._music_length = self._store.add(music)
        self._rows = 1
        self._free = [0]
        self._detector = Detector(1, RATE, setting=setting)
        self._heads = Heads(1, self._store)
        self._rooms = Rooms(1, {name: np.asarray(tone, np.int16) for name, tone in tones.items()})
        self._timers = Timers()
        self._by_row: dict[int, int] = {}
        self._playing: dict[int, Playing] = {}
        self._ducked: set[int] = set()
        self._pressing: set[int] = set()
        self._signals: list[tuple[int, Signal]] = []
        self._app: list[tuple[str, str]] = []
        self._pending: deque[int] = deque()
        self._dialled = 0
        self._ended: list[int] = []

    @property
    def rows(self) -> int:
        """Rows of the arrays of a tick: at least as many as there are calls."""
        return self._rows

    def saying(self, call: Call) -> str:
        """Return the name of the prompt that is being said to a caller; empty if none is."""
        playing = self._playing.get(call.serial)
        return playing.prompt if playing else ""

    def dial(self, caller: str) -> Call:
        """Take a call, to be answered in the next tick. Its `row` is its place in the arrays."""
        if not self._free:
            self._grow()
        self._dialled += 1
        row = heapq.heappop(self._free)
        call = Call(self._dialled, caller, row, self._profile, self.now)
        self.calls[call.serial] = call
        self._by_row[row] = call.serial
        self._playing[call.serial] = Playing()
        self._detector.reset(row)
        self._signals.append((call.serial, Signal.DIAL))
        return call

    def hang_up(self, call: Call) -> None:
        """Take it that the caller hangs up at the beginning of the next tick."""
        self._signals.append((call.serial, Signal.HANG_UP))

    def join_by_app(self, conference_id: str, name: str) -> None:
        """Take it that an authenticated user joins with the app in the next tick, and so starts the meeting.

        Sources: A2.5, A3.2, S0.5.
        """
        self._app.append((conference_id, name))

    def tick(self, heard: NDArray[np.int16], missing: NDArray[np.bool_] | None = None) -> Samples:
        """Advance by one frame.

        Parameters
        ----------
        heard : int16 array [shape=(rows, 160)]
            What every call says; rows without a call are ignored.
        missing : bool array [shape=(rows,)]
            True where a frame did not come; its samples are zeros.

        Returns
        -------
        int16 array [shape=(rows, 160)]
            What every call hears in the same 20 ms.
        """
        end = self.now + FRAME
        digits = self.digits = self._detector.feed(heard, missing)
        due = self._timers.due(end)
        if self._signals or self._app or digits or due:
            self._happenings(digits, due)
        self._answers(self.now)
        spoken = self._heads.render()
        if self._rooms.active:
            if self._pressing:
                # a key is for the bridge; the others in the meeting need not hear it
                heard = heard.copy()
                heard[sorted(self._pressing)] = 0
            mix = self._rooms.mix(heard)
            if self._ducked:
                rows = sorted(self._ducked)
                both = (mix[rows] >> 2).astype(np.int32) + spoken[rows]
                mix[rows] = 0
                spoken[rows] = np.clip(both, -32768, 32767)
            spoken += mix
        self.now = end
        return spoken

    def ended(self) -> list[Call]:
        """Hand over, once, the calls that the bridge has ended since the last time."""
        ended, self._ended = self._ended, []
        return [self._forget(serial) for serial in ended]

    def hung_up(self, call: Call) -> None:
        """Forget a call whose caller has hung up, after the tick in which he did."""
        if call.serial in self.calls:
            self._forget(call.serial)

    # what happened in this tick, in order

    def _happenings(self, digits: list[DigitHeard | DigitEnded], due: list[tuple[int, int, str, int]]) -> None:
        for conference_id, name in self._app:
            self._app_joins(conference_id, name)
        for serial, signal in self._signals:
            self._signal(serial, signal)
        self._app, self._signals = [], []
        happened: list[tuple[int, int, int, str]] = []
        for n, digit in enumerate(digits):
            serial = self._by_row.get(digit.channel, 0)
            if not isinstance(digit, DigitHeard):
                self._pressing.discard(digit.channel)
            elif serial:
                self._pressing.add(digit.channel)
                at = self.calls[serial].dialled_at + digit.at  # a channel's time begins with its call
                happened.append((max(at, self.now), serial, n, digit.digit))
        # of a timer and a key at one sample the timer is the first
        happened += [(at, serial, -number, kind) for at, serial, kind, number in due]
        for at, serial, number, what in sorted(happened):
            call = self.calls.get(serial)
            if call is None or call.state is State.ENDED:
                continue
            if what in (_ENTRY, _CLIP) and not self._timers.take(serial, what, -number):
                continue
            if what == _ENTRY:
                self._do(call, call.quiet(), at)
            elif what == _CLIP:
                self._clip_ended(call, at)
            else:
                self._do(call, call.key(what, at), at)
            self._answers(at)

    def _signal(self, serial: int, signal: Signal) -> None:
        call = self.calls[serial]
        if call.state is State.ENDED:
            return
        if signal is Signal.DIAL:
            call.dialled_at = self.now
            self._note(call, self.now, "dialled")
            self._do(call, call.fire(Event.ANSWERED), self.now)
        else:
            self._silence(call, self.now)
            self._do(call, call.fire(Event.HUNG_UP), self.now)
            self._note(call, self.now, "hung-up", by="caller")

    def _answers(self, at: int) -> None:
        while answers := list(self._directory.answers()):
            for answer in answers:
                call = self.calls.get(answer.call)
                if call is None or call.state is State.ENDED:
                    continue
                match answer:
                    case Unknown():
                        event = Event.UNKNOWN
                    case PinChecked(right=right):
                        event = Event.RIGHT_PIN if right else Event.WRONG_PIN
                    case Found(conference_id=conference_id, anyone_may_start=anyone):
                        started = self._rooms.started(conference_id)
                        event = (Event.STARTED if started else
                                 Event.ANYONE_MAY_START if anyone else Event.NOT_STARTED)
                        if event is Event.NOT_STARTED:
                            self._rooms.approach(conference_id, call.serial)
                self._do(call, call.answered(event), at)

    # what calls ask for

    def _do(self, call: Call, requests: list[Request], at: int) -> None:
        for request in requests:
            match request:
                case Note(event=event, facts=facts):
                    self._note(call, at, event, **facts)
                case Speak(prompts=prompts, slots=slots):
                    self._speak(call, prompts, slots, at)
                case Cut():
                    if self._playing[call.serial].speaking:
                        self._cut(call, at)
                case Listen(wait=None):
                    self._timers.cancel(call.serial, _ENTRY)
                case Listen(wait=wait) if wait is not None:
                    self._timers.set(call.serial, _ENTRY, at + wait)
                case Do.FIND:
                    self._directory.find(call.serial, call.conference_id)
                case Do.CHECK_PIN:
                    self._directory.check_pin(call.serial, call.conference_id, call.entry.digits)
                case Do.MUSIC:
                    self._playing[call.serial].music = True
                case Do.WAIT:
                    self._rooms.wait(call.conference_id, call.serial)
                    self._note(call, at, "lobby", meeting=call.conference_id)
                case Do.START:
                    self._start(call, at)
                case Do.JOIN:
                    self._rooms.join(call.conference_id, call.serial)
                    self._joined(call, at, "participant")
                case Do.PROMOTE:
                    self._note(call, at, "promoted", meeting=call.conference_id, role="organizer")
                case Do.LEAVE:
                    self._leave(call, at)
                case Do.HANG_UP:
                    self._silence(call, at)
                    self._note(call, at, "hung-up", by="bridge")
                    self._ended.append(call.serial)
        while self._pending:
            waiter = self.calls[self._pending.popleft()]
            self._silence(waiter, at)
            self._do(waiter, waiter.fire(Event.MEETING_STARTED), at)

    def _start(self, call: Call, at: int) -> None:
        role = "organizer" if call.authenticated else "participant"
        began = not self._rooms.started(call.conference_id)
        others = self._rooms.open(call.conference_id, call.serial)
        if began:
            self._note(call, at, "started", meeting=call.conference_id, by=call.caller)
            self._directory.started(call.conference_id)
        self._joined(call, at, role)
        self._pending += others

    def _app_joins(self, conference_id: str, name: str) -> None:
        began = not self._rooms.started(conference_id)
        others = self._rooms.open(conference_id, self._rooms.app_user())
        if began:
            self.journal.write(Entry(self.now, 0, name, "started", {"meeting": conference_id, "by": name,
                                                                    "in_app": True}))
            self._directory.started(conference_id)
        for serial in others:
            call = self.calls[serial]
            self._silence(call, self.now)
            self._do(call, call.fire(Event.MEETING_STARTED), self.now)

    def _joined(self, call: Call, at: int, role: str) -> None:
        self._rooms.enter(call.conference_id, call.row)
        self._note(call, at, "joined", meeting=call.conference_id, role=role)

    def _leave(self, call: Call, at: int) -> None:
        where, over = self._rooms.leave(call.conference_id, call.serial, call.row)
        if where:
            self._note(call, at, "left", what=where, meeting=call.conference_id)
        if over:
            self.journal.write(Entry(at, 0, "", "over", {"meeting": call.conference_id}))

    # what calls are played

    def _speak(self, call: Call, prompts: tuple[str, ...], slots: Mapping[str, str], at: int) -> None:
        self._silence(call, at)
        playing = self._playing[call.serial]
        for name in prompts:
            wanted = {slot: slots[slot] for slot in self._voice.slots(name)}
            clips = [self._store.add(clip) for clip in self._voice.clips(name, **wanted)]
            playing.queue.append((name, clips))
        self._next_prompt(call, at)

    def _clip_ended(self, call: Call, at: int) -> None:
        playing = self._playing[call.serial]
        if playing.clips:
            self._play_clip(call, playing.clips.popleft())
        elif playing.music_on:
            self._play_clip(call, (self._music_at, self._music_length))
        else:
            self._said(call, at, interrupted=False)
            self._next_prompt(call, at)
            if not playing.speaking:
                self._do(call, call.fire(Event.PROMPT_ENDED), at)

    def _next_prompt(self, call: Call, at: int) -> None:
        playing = self._playing[call.serial]
        if playing.queue:
            playing.prompt, clips = playing.queue.popleft()
            playing.began_at = self.now
            playing.clips = deque(clips)
            self._play_clip(call, playing.clips.popleft())
            if call.state is State.MEETING:
                self._ducked.add(call.row)
        elif playing.music and not playing.music_on:
            playing.music_on = True
            self._note(call, at, "music", what="starts")
            self._play_clip(call, (self._music_at, self._music_length))
        elif not playing.music_on:
            self._still(call)

    def _play_clip(self, call: Call, clip: tuple[int, int]) -> None:
        # whatever happened within this tick, what follows is heard from its first sample on
        begin, length = clip
        self._heads.play(call.row, begin)
        self._timers.set(call.serial, _CLIP, self.now + length)

    def _still(self, call: Call) -> None:
        self._heads.stop(call.row)
        self._timers.cancel(call.serial, _CLIP)
        self._ducked.discard(call.row)

    def _said(self, call: Call, at: int, *, interrupted: bool) -> None:
        playing = self._playing[call.serial]
        self._note(call, at, "prompt", prompt=playing.prompt, began_at=playing.began_at,
                   interrupted=interrupted)
        playing.prompt = ""

    def _cut(self, call: Call, at: int) -> None:
        """Stop what is being said and all that was to follow, but for the music."""
        playing = self._playing[call.serial]
        self._said(call, at, interrupted=True)
        playing.queue.clear()
        playing.clips.clear()
        self._still(call)
        self._next_prompt(call, at)

    def _silence(self, call: Call, at: int) -> None:
        """Stop whatever plays, music included."""
        playing = self._playing[call.serial]
        if playing.speaking:
            self._said(call, at, interrupted=True)
        if playing.music_on:
            self._note(call, at, "music", what="stops")
        self._still(call)
        self._playing[call.serial] = Playing()

    # rows and entries

    def _note(self, call: Call, at: int, event: str, **facts: Any) -> None:  # noqa: ANN401
        self.journal.write(Entry(at, call.serial, call.caller, event, facts))

    def _grow(self) -> None:
        rows = self._rows * 2
        self._free = list(range(self._rows, rows))
        self._rows = rows
        for part in (self._detector, self._heads, self._rooms):
            part.resize(rows)

    def _forget(self, serial: int) -> Call:
        call = self.calls.pop(serial)
        del self._by_row[call.row], self._playing[serial]
        self._pressing.discard(call.row)
        self._timers.cancel(serial, _ENTRY)
        self._timers.cancel(serial, _CLIP)
        self._heads.stop(call.row)
        heapq.heappush(self._free, call.row)
        return call
