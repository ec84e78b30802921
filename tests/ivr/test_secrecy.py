"""Random conversations: no digit of a PIN, wherever it is keyed, in anything that leaves the core or is made of it.

PINs are made of the digits 7, 8 and 9 alone, conference IDs and everything else of the others. So whatever shows
one of these as a key has shown a PIN's.
"""

import re
import traceback
from pathlib import Path

import numpy as np
import pytest
from callers import KeypadLine
from sampled import one_in

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.conference.secrecy import redacted, secret_states
from ivr.engine.call import Impossible
from ivr.engine.events import KeyDown, KeyShown, KeyUp, Noted
from ivr.engine.exchange import Exchange
from ivr.journal import Entry
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.ledger import ledger
from ivr.live.monitor import Monitor
from ivr.live.recording import recording
from ivr.live.session import Session
from ivr.report import Story, Track, write_page
from ivr.report.redact import Redactor, keyed
from ivr.screen import drawing
from ivr.screen.plain import Teller
from ivr.secrecy import HIDDEN, MASK, Secrecy, mask, mask_key

ID, OTHER_ID, PIN = "1234561", "6543216", "98798897"
SECRET = set("789")
LONGEST = 40.0


def secret(random):
    """A PIN: right, wrong, too long; or short, in an entry of its own, lest it fill one up to an ID."""
    digits = "".join(random.choice(list("789"), int(random.integers(8, 15))))
    short = "*" + "".join(random.choice(list("789"), int(random.integers(4, 7)))) + "#"
    return str(random.choice(["*" + PIN + "#", PIN + "#", PIN, digits + "#", digits, digits + "*", short]))


def conversation(seed):
    """What one caller keys, and when; the PINs among it."""
    random, at, presses = np.random.default_rng(seed), 0.02 + 0.3 * (seed % 3), []
    ways = [lambda: ID + "#", lambda: ID, lambda: ID + "#*" + PIN + "#", lambda: OTHER_ID + "#", lambda: "12#",
            lambda: "*", lambda: "#", lambda: "1#", lambda: "5*", lambda: "A", *([lambda: secret(random)] * 6)]
    if random.random() < 0.7:
        presses.append((at, ID + random.choice(["#", "#1#", "#*", "#*" + PIN + "#"])))
        at += len(presses[-1][1]) * 0.2 + float(random.choice([0.0, 1.0, 3.0]))
    while at < LONGEST - 8:
        presses.append((at, ways[random.integers(len(ways))]()))
        at += len(presses[-1][1]) * 0.2 + float(random.choice([0.0, 0.1, 0.7, 2.0, 6.0]))
    return presses


def said_at_once(presses):
    """The same with a voice in between, which the ear must not take for keys nor the report for a secret."""
    says = np.append(KeypadLine("anna", presses).says, np.zeros(samples(LONGEST), np.int16))[:samples(LONGEST)]
    quiet = ~np.convolve(says != 0, np.ones(1600), "same").astype(bool)
    voice = np.round(3000 * np.sin(np.arange(len(says)) / 3.0) * (np.arange(len(says)) % 4000 < 2000))
    return np.where(quiet, voice, says).astype(np.int16)


class Spying:
    """Everything that can be had of a conversation, kept."""

    def __init__(self, bridge, words, seed, folder):
        self.anna = MemoryLine("anna", said_at_once(conversation(seed)))
        self.amos = KeypadLine("amos", [(1, ID + "#*" + PIN + "#")], dials_at=samples(12 if seed % 2 else 26))
        self.bridge, self.events, self.texts, self.views = bridge, [], [], []
        self.session = Session(Exchange(bridge, [MemoryTrunk([self.anna, self.amos], stays=True)]), words=words)
        bridge.events.add(self.events.append)
        teller = Teller(str, self.session.text)
        self.session.watch(lambda event: self.texts.extend(teller(event)))
        ear = Monitor("anna")
        with ledger(folder / "journal.jsonl") as sink, recording(folder / "beside.wav") as keep:
            bridge.journal.add(sink)
            while bridge.now < samples(LONGEST):
                self.session.step()
                keep(ear.frame(self.session))
                if bridge.now // FRAME % 7 == 0:
                    self._look()
        self.texts += [(folder / "journal.jsonl").read_text(), bridge.journal.text(), bridge.journal.json_lines(),
                       repr(bridge.journal.entries), repr(self.events)]

    def _look(self):
        view = self.session.view()
        self.views += view.calls
        for call in view.calls:
            self.texts += [drawing.keys(call, 200), drawing.measured(call, 200), repr(call)]
        for call in self.bridge.calls.values():
            self.texts.append(repr(call))
            try:
                call.told("nothing that can happen")
            except Impossible as error:  # a fault of ours, which must not say what was keyed
                self.texts.append("".join(traceback.TracebackException.from_exception(error, capture_locals=True)
                                          .format()))

    def story(self):
        """What a report is made of."""
        tracks = [Track(line.caller, line.heard(), said[:len(line.heard())], at) for line, said, at in (
            (self.anna, self.anna.says, 0), (self.amos, np.append(self.amos.says, np.zeros(samples(60), np.int16)),
             self.bridge.journal.of("dialled")[1].at))]
        return Story("A conversation", "", self.bridge.journal.entries, tracks, self.bridge.now, 1.0)


@pytest.fixture
def spying(quiet_bridge, words, tmp_path):
    """Has a conversation: ``spying(seed)``."""
    return lambda seed: Spying(quiet_bridge(((ID, PIN), (OTHER_ID, PIN))), words, seed, tmp_path)


@pytest.mark.parametrize("seed", one_in(8, range(16)))
def test_a_pin_wherever_and_however_it_is_keyed_then_no_digit_of_it_leaves(spying, seed, tmp_path):
    spied = spying(seed)
    down = [event for event in spied.events if isinstance(event, KeyDown)]
    assert len(down) > 15
    for event in spied.events:
        match event:
            case KeyDown(key=key) | KeyShown(key=key):
                assert key not in SECRET
            case KeyUp(key=key, measure=measure):
                assert key not in SECRET
                assert (measure is None) == (key == HIDDEN)
            case Noted(entry=entry):
                shown = "".join(str(entry.facts.get(fact, "")) for fact in ("key", "digits", "keys"))
                assert not SECRET & set(shown)
    for call in spied.views:
        assert not SECRET & {key.key for key in call.keys}
        assert {(key.level_dbm0, key.twist_db) for key in call.keys if key.key == HIDDEN} <= {(None, None)}
    story = spied.story()
    write_page(story, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    spied.texts.append(re.sub(r"data:[^\"']*", "", page))
    shown = re.compile("[789]{6}|[789]( [789]){3}")
    for text in filter(shown.search, spied.texts):
        # but for measures, and where objects lie in memory
        assert not shown.search(re.sub(r"[0-9]+\.[0-9]+|\b0x[0-9a-f]+\b", "", text))
    for track in story.tracks:
        visible, audible = Redactor(story).sent(track)[0], Redactor(story).heard(track)[0]
        for audio in (visible, audible, track.heard):
            assert not SECRET & {tone.digit for tone in dtmf.decode(audio, RATE)}
        assert not SECRET & {key for key, _ in keyed(visible)}
    beside = dtmf.decode(read(tmp_path / "beside.wav"), RATE)
    assert beside == []


def test_the_conversations_then_keys_are_shown_hidden_and_revealed_in_every_state(spying):
    """Else the test above would look at nothing."""
    states, keys, revealed, levels = set(), set(), 0, []
    for seed in range(0, 16, 2):
        spied = spying(seed)
        state = "idle"
        for event in spied.events:
            match event:
                case Noted(entry=Entry(caller="anna", event="state", facts=facts)):
                    state = facts["state"]
                case KeyDown(caller="anna", key=key):
                    states.add(state)
                    keys.add(key)
                case KeyShown():
                    revealed += 1
        levels += [call.level_dbm0 for call in spied.views]
    assert states >= {"greeting", "conference-id", "organizer-question", "pin", "lobby", "meeting"}
    assert keys == {HIDDEN, "*", "#", "A"}
    assert revealed > 25
    assert max(levels) > -20


@pytest.mark.parametrize(("secrecy", "valid", "shown"), [
    (Secrecy.SHOWN, False, True), (Secrecy.SHOWN, True, True), (Secrecy.SHOWN_IF_VALID, False, False),
    (Secrecy.SHOWN_IF_VALID, True, True), (Secrecy.HIDDEN, False, False), (Secrecy.HIDDEN, True, False)])
def test_mask_then_shows_what_may_be_and_else_nothing_of_it(secrecy, valid, shown):
    assert mask(secrecy, "1234561", valid=valid) == ("1234561" if shown else MASK)
    assert mask_key(secrecy, "1", valid=valid) == ("1" if shown else HIDDEN)


def test_states_then_nothing_is_ever_shown_where_the_pin_is_asked_for():
    assert secret_states() == {"pin", "checking-pin"}


@pytest.mark.parametrize(("entry", "state", "shown"), [
    (Entry(0, 1, "a", "key", {"key": "9"}), "lobby", HIDDEN),
    (Entry(0, 1, "a", "key", {"key": "98"}), "language", HIDDEN),
    (Entry(0, 1, "a", "key", {"key": "*"}), "pin", "*"),
    (Entry(0, 1, "a", "key", {"key": "2"}), "language", "2"),
    (Entry(0, 1, "a", "entered", {"entry": "PIN", "digits": PIN}), "pin", MASK),
    (Entry(0, 1, "a", "entered", {"entry": "conference ID", "digits": ID}), "finding", ID),
    (Entry(0, 1, "a", "other", {"digits": PIN}), "meeting", MASK),
    (Entry(0, 1, "a", "other", {"their_pin": PIN}), "meeting", MASK)])
def test_an_entry_for_a_page_then_masked_once_more_whoever_wrote_it(entry, state, shown):
    assert shown in redacted(entry, state).values()
    assert (PIN in str(redacted(entry, state))) == (shown == PIN)


def read(path: Path):
    """The samples of a file."""
    found, _ = dtmf.audiofile.read(path)
    return found[:, 0]
