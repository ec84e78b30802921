"""A trunk of phones in browsers, from bytes to bytes: no socket and no clock."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from webphone import WebPhone

import dtmf
from ivr.clock import FRAME, RATE
from ivr.engine.exchange import Exchange
from ivr.engine.messages import Welcome
from ivr.lines.sip.rtp.g711 import DECODED, ENCODED
from ivr.lines.web.messages import Dialled, Gone, PhoneSound, read_call, read_frame, read_message
from ivr.lines.web.trunk import WebTrunk


class Wired(WebPhone):
    """A phone whose bytes are in memory."""

    def __init__(self, trunk, *more, source="192.0.2.7", **options):
        super().__init__(*more, **options)
        self.trunk, self.source, self.over = trunk, source, False

    def dial(self):
        self.trunk.take(self, read_call(self.first()))
        return self

    def tell(self, text):
        self.trunk.take(self, read_message(text))

    def say(self, count=1):
        for _ in range(count):
            self.trunk.take(self, read_frame(self.frame(), self.codec))

    def send(self, message, *, last=False):
        assert not self.over
        self.over = last
        self.take(message)


@pytest.fixture
def house(world):
    """A world with a trunk of phones: ``house(most=2, welcome=Welcome(), product fields)``."""

    def make(most=9, welcome=Welcome(), **changes):  # noqa: B008
        made = world(**changes)
        made.wakes = []
        made.web = WebTrunk(most=most, wake=lambda: made.wakes.append(made.bridge.now))
        made.exchange = Exchange(made.bridge, [made.web], reception=lambda _: welcome)
        return made

    return make


def run(made, seconds, *phones):
    for _ in range(round(seconds * 50)):
        for phone in phones:
            phone.say()
        made.exchange.step()


def likeness(heard, loop):
    """Return how much of what was heard, one round long, is a loop of sound: 1 for all, 0 for nothing of it."""
    heard, loop = heard.astype(float), loop.astype(float)
    best = np.fft.irfft(np.fft.rfft(heard) * np.conj(np.fft.rfft(loop))).max()
    return best / (np.linalg.norm(heard) * np.linalg.norm(loop) + 1)


@pytest.mark.parametrize(("codec", "by"), [("pcm", "audio"), ("mulaw", "audio"), ("pcm", "stream")])
def test_a_phone_that_keys_an_id_then_waits_in_the_lobby_and_hears_music(house, codec, by):
    made = house()
    phone = Wired(made.web, codec=codec).dial()
    run(made, 0.5, phone)
    assert phone.kinds() == ["answered"]
    for keys in ("1234567#", "#"):
        if by == "audio":
            phone.says = dtmf.encode(keys, RATE)
        for key in keys if by == "stream" else "":
            phone.tell(f'{{"type": "key", "key": "{key}"}}')
            run(made, 0.1, phone)
            phone.tell('{"type": "key-up"}')
            run(made, 0.1, phone)
        run(made, 5, phone)
    run(made, 3, phone)
    assert made.states("ivr")[-1] == "lobby"
    assert [entry.facts["by"] for entry in made.bridge.journal.of("keys-by")] == ["stream"] * (by == "stream")
    assert likeness(phone.sound(since=-100), made.music) > 0.95
    assert list(phone.frames) == list(range(min(phone.frames), made.bridge.now // FRAME))


def test_two_in_a_meeting_then_one_hears_what_the_other_says_to_the_sample_but_for_the_mix(house):
    made = house()
    phones = [Wired(made.web, name).dial() for name in ("anna", "bela")]
    for phone in phones:
        phone.says = dtmf.encode("5550000#", RATE)
    run(made, 6, *phones)
    for phone in phones:
        phone.says = dtmf.encode("#", RATE)
    run(made, 4, *phones)
    assert made.states("anna")[-1] == made.states("bela")[-1] == "meeting"
    said = np.random.default_rng(18).normal(0, 1500, 2 * RATE).astype(np.int16)
    phones[0].says = said
    run(made, 3, *phones)
    assert likeness(phones[1].sound(since=-150)[:3 * RATE], np.append(said, np.zeros(RATE))) > 0.95
    assert likeness(phones[0].sound(since=-150)[:3 * RATE], np.append(said, np.zeros(RATE))) < 0.2


@pytest.mark.parametrize("codec", ["pcm", "mulaw"])
def test_frames_that_come_in_bursts_then_each_key_once_and_nothing_of_the_sound_twice(house, codec):
    made = house()
    phone = Wired(made.web, codec=codec).dial()
    run(made, 1, phone)
    phone.says = dtmf.encode("1234567#", RATE)
    drawn = np.random.default_rng(2)
    owed = 0
    for _ in range(300):
        owed += 1
        if owed >= drawn.integers(1, 8):
            phone.say(owed)
            owed = 0
        made.exchange.step()
    assert made.bridge.journal.of("entered")[0].facts["digits"] == "1234567"


def played(numbers, said, codec="pcm"):
    """Return what a trunk makes of the frames that come in each tick, and what it tells as missing."""
    trunk = WebTrunk()
    phone = Wired(trunk, codec=codec)
    trunk.take(phone, Dialled("ivr", codec=codec))
    heard, missing = [], []
    for tick, came in enumerate(numbers):
        for number in came:
            data = said[number % (len(said) // FRAME) * FRAME:][:FRAME]
            bytes_ = data.astype("<i2") if codec == "pcm" else ENCODED[0][data.view(np.uint16)]
            trunk.take(phone, PhoneSound(number, bytes_.tobytes()))
        list(trunk.events(tick * FRAME))
        rows = np.full((1, FRAME), 99, np.int16)
        missing.append(bool(trunk.receive(tick * FRAME, rows)[0, 0]))
        heard.append(rows[0].copy())
    return np.array(heard), np.array(missing)


SAID = np.random.default_rng(1).integers(-32_767, 32_768, 100 * FRAME).astype(np.int16)


@pytest.mark.parametrize("codec", ["pcm", "mulaw"])
def test_a_good_line_then_every_sample_as_it_was_sent(codec):
    heard, missing = played([[n] for n in range(100)], SAID, codec)
    sent = SAID if codec == "pcm" else DECODED[0][ENCODED[0][SAID.view(np.uint16)]]
    assert np.array_equal(heard[~missing].ravel(), sent[:FRAME * int((~missing).sum())])
    assert missing.sum() == 1


def test_a_number_that_is_left_out_then_told_as_missing_and_silent():
    heard, missing = played([[n] if n not in (50, 51) else [] for n in range(100)], SAID)
    assert np.flatnonzero(missing).tolist() == [0, 51, 52]
    assert not heard[51:53].any()


def test_a_call_that_is_over_then_its_sound_stands_in_the_journal(house):
    made = house()
    phone = Wired(made.web).dial()
    run(made, 1, phone)
    phone.frame()  # one that never goes
    phone.frame()
    run(made, 0.4)
    phone.say(25)  # of which only the newest are in time
    run(made, 0.2)
    phone.tell('{"type": "hang-up"}')
    run(made, 0.1)
    facts = made.bridge.journal.of("sound")[0].facts
    assert (facts["packets"], facts["lost"]) == (75, 2)
    assert 0 < facts["late"] < 20


def test_a_line_that_held_back_half_a_second_then_the_newest_of_it_once_and_in_order():
    ticks = [[n] for n in range(40)] + [[]] * 24 + [list(range(40, 65))] + [[n] for n in range(65, 95)]
    heard, missing = played(ticks, SAID)
    said = {SAID[n * FRAME:][:FRAME].tobytes(): n for n in range(100)}
    order = [said[frame.tobytes()] for frame in heard[~missing]]
    assert order == sorted(set(order))
    assert order[:40] == list(range(40))
    assert order[40:] == list(range(54, 54 + len(order) - 40))


@pytest.mark.parametrize("late", [10, 45])
def test_a_bridge_that_was_late_and_catches_up_then_nothing_is_lost(late):
    ticks = [[n] for n in range(30)] + [list(range(30, 30 + late))] + [[]] * (late - 1)
    ticks += [[n] for n in range(30 + late, 100)]
    heard, missing = played(ticks, SAID)
    assert np.flatnonzero(missing).tolist() == [0]
    assert np.array_equal(heard[1:].ravel(), SAID[:FRAME * 99])


def test_a_call_that_begins_with_a_burst_then_with_the_newest_of_it():
    heard, missing = played([list(range(20))] + [[n] for n in range(20, 50)], SAID)
    assert np.array_equal(heard[~missing][0], SAID[18 * FRAME:][:FRAME])


@given(counts=st.lists(st.integers(0, 3) | st.sampled_from([0, 0, 0, 0, 12, 30]), min_size=1, max_size=80))
def test_frames_that_come_in_any_bursts_then_in_their_order_and_none_twice(counts):
    numbers = iter(range(100))
    heard, missing = played([list(islice(numbers, count)) for count in counts], SAID)
    said = {SAID[n * FRAME:][:FRAME].tobytes(): n for n in range(100)}
    order = [said[frame.tobytes()] for frame, lost in zip(heard, missing, strict=True) if not lost and frame.any()]
    assert order == sorted(set(order))


@given(numbers=st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=4), min_size=1, max_size=20))
def test_numbers_that_make_no_sense_then_a_frame_in_every_tick_all_the_same(numbers):
    assert played(numbers, SAID)[0].shape == (len(numbers), FRAME)


@pytest.mark.parametrize("drift", [-1, 1])
def test_a_clock_that_runs_differently_then_the_delay_stays_and_nothing_is_heard_twice(drift):
    """A frame more or less in 100, fifty times what a sound card is off: quiet frames give room for it."""
    said = np.zeros(1000 * FRAME, np.int16)
    for n in range(0, 1000, 10):
        said[n * FRAME:][:6 * FRAME] = SAID[:6 * FRAME]
        said[n * FRAME] = n + 1000
    numbers = iter(range(1000))
    ticks = [[] if drift < 0 and tick % 100 == 99 else
             list(islice(numbers, 1 + (drift > 0 and tick % 100 == 99)))
             for tick in range(900)]
    heard, missing = played(ticks, said)
    begins = [int(frame[0]) - 1000 for frame in heard[~missing] if 1000 <= frame[0] < 2000 and frame[1] == SAID[1]]
    assert begins == list(range(0, begins[-1] + 1, 10))
    assert max(n for came in ticks for n in came) - begins[-1] < 30


def test_a_phone_that_hangs_up_then_the_call_ends_and_its_slot_is_free(house):
    made = house()
    phone = Wired(made.web).dial()
    run(made, 0.2, phone)
    phone.tell('{"type": "hang-up"}')
    phone.say()  # what is on its way
    run(made, 0.1)
    [entry] = made.bridge.journal.of("hung-up")
    assert entry.facts["by"] == "caller"
    assert made.bridge.journal.of("sound")[0].facts["late"] == 0
    assert made.web.count == 0
    Wired(made.web, "next").dial()
    run(made, 0.1)
    assert made.web.count == len(made.bridge.calls) == 1


def test_a_connection_that_is_lost_then_the_journal_says_so(house):
    made = house()
    phone = Wired(made.web).dial()
    run(made, 0.2, phone)
    made.web.take(phone, Gone("the connection is lost"))
    run(made, 0.1)
    assert made.bridge.journal.of("line-lost")[0].facts["because"] == "the connection is lost"


def test_a_call_that_the_bridge_ends_then_the_phone_is_told_after_the_last_sound(house):
    made = house(first_digit_timeout=RATE // 2, conference_id_tries=1)
    phone = Wired(made.web).dial()
    run(made, 5, phone)
    assert phone.told[-1] == {"type": "ended", "reason": "", "why": ""}
    assert phone.over
    assert made.web.count == 0


@pytest.mark.parametrize("refused", [486, 503, 603])
def test_a_call_that_is_refused_then_its_code_and_why_in_words(house, refused):
    made = house(welcome=Welcome(refused=refused))
    phone = Wired(made.web).dial()
    run(made, 0.1, phone)
    [told] = phone.told
    assert (told["type"], told["code"]) == ("refused", refused)
    assert told["why"]
    assert phone.over


def test_a_call_that_rings_then_told_and_hears_nothing_until_it_is_answered(house):
    made = house(welcome=Welcome(rings=RATE))
    phone = Wired(made.web).dial()
    run(made, 0.9, phone)
    assert (phone.kinds(), phone.frames) == (["ringing"], {})
    run(made, 1, phone)
    assert phone.kinds() == ["ringing", "answered"]
    assert phone.frames


def test_more_calls_than_lines_then_those_are_turned_away_and_the_journal_says_so(house):
    made = house(most=1)
    phones = [Wired(made.web, name).dial() for name in ("anna", "bela")]
    run(made, 0.1, *phones)
    assert [phone.kinds() for phone in phones] == [["answered"], ["refused"]]
    assert made.bridge.journal.of("turned-away")[0].facts["code"] == 503


def test_a_phone_that_sends_nothing_then_hung_up_after_a_minute(house):
    made = house(first_digit_timeout=RATE * 100)
    silent, talks = Wired(made.web, "silent").dial(), Wired(made.web, "talks").dial()
    run(made, 62, talks)
    assert silent.told[-1] == {"type": "ended", "reason": "silence", "why": "no sound for 60 s"}
    assert not talks.over


def test_a_bridge_that_is_shut_down_then_everybody_is_told_and_nobody_let_in(house):
    made = house()
    phone = Wired(made.web).dial()
    run(made, 0.1, phone)
    made.web.close()
    late = Wired(made.web, "late").dial()
    run(made, 0.1)
    assert phone.told[-1] == {"type": "ended", "reason": "closed", "why": "the bridge is shut down"}
    assert late.kinds() == ["refused"]
    assert made.web.over


def test_calls_then_whoever_has_the_sockets_is_woken_once_a_tick(house):
    made = house()
    phones = [Wired(made.web, str(n)).dial() for n in range(5)]
    run(made, 1, *phones)
    assert made.wakes == [FRAME * n for n in range(50)] or made.wakes == [FRAME * n for n in range(1, 51)]


def test_callers_from_one_address_then_guesses_are_counted_by_it(house):
    made = house()
    Wired(made.web, source="192.0.2.9").dial()
    run(made, 0.1)
    assert [call.source for call in made.bridge.calls.values()] == ["192.0.2.9"]
