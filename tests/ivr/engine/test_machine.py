"""Up to eight callers do as they like for as long as they like; what must hold, holds after every step."""

from collections import deque
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sampled import slow_but

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import PROFILES
from ivr.directory.meetings import Meeting, Meetings, key_of
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.engine.ports import Signal
from lobby import arrival, beep, departure

MEETINGS = (Meeting("1234567", "48215", "amos"), Meeting("7654321", "90371", "rita"),
            Meeting("5550000", "13579", "open", anyone_may_start=True))
IDS = [meeting.conference_id for meeting in MEETINGS]
PINS = {meeting.conference_id: meeting.pin for meeting in MEETINGS}
KEYS = ["1234567#", "7654321#", "5550000#", "1234567#1", "1234567#*48215#", "7654321#*90371#", "7654321#*48215#",
        "5550000#*13579#", "*", "#", "1", "48215#", "*1", "*21", "*22", "*23", "*4", "*5", "*6", "*7", "*8", "*9",
        "*0", "*2", "99#", "*11234567#", "*2", "12345678", "555000012345", "9999999*"]
SHOUT = np.random.default_rng(5).integers(9000, 12000, FRAME).astype(np.int16) * np.resize([1, -1], FRAME)
"""What somebody in a meeting says: louder than any prompt or music here."""
LOUD = 7000


def keyed(keys, tone_ms=60):
    """Return the frames of keys, with 60 ms between."""
    tones = dtmf.encode(keys, RATE, tone_ms=tone_ms, gap_ms=60)
    return np.resize(tones, len(tones) // FRAME * FRAME).reshape(-1, FRAME)


class Hand(deque):
    """A line in hand: frames of keys to be sent, and what was heard in the last tick."""

    def __init__(self, caller, talks):
        super().__init__()
        self.caller, self._talks = caller, talks
        self.signals = deque([Signal.DIAL])
        self.on_the_line, self.heard = True, np.zeros(FRAME, np.int16)

    def signal(self):
        return self.signals.popleft() if self.signals else None

    def speak(self):
        if self:
            return self.popleft()
        return SHOUT if self._talks(self.caller) else np.zeros(FRAME, np.int16)

    def hear(self, frame):
        self.heard = frame

    def hung_up(self):
        self.on_the_line = False


def machine(product, voice, music):
    class Callers(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            profile = replace(PROFILES[product], lobby_timeout=samples(40), lobby_warning=samples(10),
                              alone_limit=samples(60), no_pin_limit=samples(90), end_warning=samples(10),
                              languages=("en-US", "fr-FR"), participants=4)
            self.bridge = ConferenceBridge(directory=Meetings(MEETINGS), voice=voice(), music=music,
                                           profile=profile,
                                           tones={"arrival": arrival() // 2, "departure": departure() // 2,
                                                  "record": beep() // 2})
            self.exchange = Exchange(self.bridge)
            self.lines = {}
            self.dialled = 0

        def state(self, caller):
            return next((c.state for c in self.bridge.calls.values() if c.caller == caller), "ended")

        def step(self, seconds):
            for _ in range(round(seconds * 50)):
                before = {caller: self.state(caller) for caller in self.lines}
                self.exchange.step()
                for caller, line in list(self.lines.items()):
                    if self.state(caller) == "lobby" and before[caller] == "lobby":
                        assert np.abs(line.heard.astype(int)).max() < LOUD, f"{caller} hears a meeting in the lobby"
                    if not line.on_the_line:
                        del self.lines[caller]

        @precondition(lambda self: len(self.lines) < 8)
        @rule(keys=st.sampled_from(KEYS))
        def somebody_dials(self, keys):
            self.dialled += 1
            line = Hand(f"c{self.dialled}", lambda caller: self.state(caller) == "meeting")
            self.lines[line.caller] = line
            self.exchange.attach(Handsets([line]))
            self.step(0.1)
            line.extend(keyed(keys))
            self.step(0.3)

        @precondition(lambda self: self.lines)
        @rule(data=st.data(), keys=st.sampled_from(KEYS))
        def somebody_presses_keys(self, data, keys):
            line = self.lines[data.draw(st.sampled_from(sorted(self.lines)))]
            line.extend(keyed(keys))
            self.step(0.3)

        @precondition(lambda self: self.lines)
        @rule(data=st.data(), key=st.sampled_from("*#15"))
        def somebody_holds_a_key(self, data, key):
            line = self.lines[data.draw(st.sampled_from(sorted(self.lines)))]
            line.extend(keyed(key, 11000))
            self.step(0.3)

        @precondition(lambda self: self.lines)
        @rule(data=st.data())
        def somebody_hangs_up(self, data):
            caller = data.draw(st.sampled_from(sorted(self.lines)))
            self.lines.pop(caller).signals.append(Signal.HANG_UP)
            self.step(0.02)

        @precondition(lambda self: self.lines)
        @rule(data=st.data(), admits=st.booleans())
        def somebody_is_let_in_or_sent_away(self, data, admits):
            caller = data.draw(st.sampled_from(sorted(self.lines)))
            (self.bridge.admit if admits else self.bridge.deny)(caller)
            self.step(0.1)

        @rule(conference_id=st.sampled_from(IDS),
              what=st.sampled_from(["join", "leave", "lock", "unlock", "admit", "mute", "end"]))
        def something_happens_in_the_app(self, conference_id, what):
            meeting = key_of(conference_id)
            match what:
                case "join":
                    self.bridge.join_by_app(meeting, "somebody", conference_id=conference_id)
                case "leave":
                    self.bridge.leave_by_app(meeting, "somebody")
                case "lock" | "unlock":
                    self.bridge.lock(meeting, locked=what == "lock")
                case "admit":
                    self.bridge.admit_all(meeting)
                case "mute":
                    self.bridge.mute_all(meeting)
                case "end":
                    self.bridge.end(meeting)
            self.step(0.04)

        @rule(seconds=st.sampled_from([0.5, 2, 6, 15]))
        def time_goes_by(self, seconds):
            self.step(seconds)

        @invariant()
        def nobody_is_in_two_places_and_the_journal_explains_every_state(self):
            places, states, music = {}, {}, {}
            for entry in self.bridge.journal:
                match entry.event:
                    case "lobby":
                        assert places.setdefault(entry.call, "") == ""
                        places[entry.call] = "lobby"
                    case "joined":
                        assert places.get(entry.call, "") in ("", "lobby")
                        places[entry.call] = "meeting"
                    case "left" if entry.call:
                        assert places[entry.call] == entry.facts["what"]
                        places[entry.call] = ""
                    case "state":
                        states[entry.call] = entry.facts["state"]
                        assert entry.facts["state"] == "lobby" or not music.get(entry.call)
                    case "music":
                        music[entry.call] = entry.facts["what"] == "starts"
                        assert states[entry.call] == "lobby" or not music[entry.call]
            for call in self.bridge.calls.values():
                assert states.get(call.serial, "idle") == call.state
                expected = {"lobby": "lobby", "meeting": "meeting"}.get(call.state, "")
                assert places.get(call.serial, "") == expected

        @invariant()
        def a_meeting_runs_only_if_somebody_entitled_has_started_it(self):
            entries = list(self.bridge.journal)
            for n, entry in enumerate(entries):
                in_app = entry.facts.get("in_app")
                if entry.event == "started" and not in_app and entry.facts["meeting"] != "5550000":
                    joined = next(e for e in entries[n:] if e.event == "joined" and e.call == entry.call)
                    assert joined.facts["role"] == "organizer"

        @invariant()
        def no_pin_is_in_the_journal(self):
            text = self.bridge.journal.text()
            assert not [pin for pin in PINS.values() if pin in text]

        def teardown(self):
            # whoever stays on the line does nothing any more: every call ends by itself, but for meetings
            self.step(1)
            for line in self.lines.values():
                line.signals.append(Signal.HANG_UP)
            self.step(0.1)
            assert self.bridge.calls == {}
            dialled, gone = ({e.call for e in self.bridge.journal.of(event)} for event in ("dialled", "hung-up"))
            assert dialled == gone
            assert not self.bridge._mixing.active

    return Callers


@pytest.mark.parametrize("product", slow_but(["teams2021", "sfbserver"], PROFILES))
def test_eight_callers_do_as_they_like_then_what_must_hold_holds(product, world_of):
    sample = world_of([])
    voice, music = type(sample.voice), sample.music
    run_state_machine_as_test(machine(product, voice, music), settings=settings(
        max_examples=25, stateful_step_count=30,
        phases=(Phase.generate,)))  # what fails is told as it came; to make it short would take minutes
