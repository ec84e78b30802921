"""The caller at the sound card: a microphone, a speaker and a keypad as one line."""

import numpy as np
import pytest

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.engine.ports import Signal
from ivr.lines.soundcard.line import SoundCardLine
from ivr.lines.soundcard.pace import CardPace

VOICE = np.full(FRAME, 77, np.int16)


class Devices:
    """What a card carries, in memory."""

    late = 3

    def __init__(self):
        self.heard, self.played, self.waits = VOICE, [], 0

    def play(self, frame):
        self.played.append(frame)

    def wait(self):
        self.waits += 1


@pytest.fixture
def card():
    """Devices in memory."""
    return Devices()


def carried(line, ticks):
    """Carry frames both ways; return what was said."""
    said = []
    for _ in range(ticks):
        line.signal()
        said.append(line.speak())
        line.hear(np.full(FRAME, 1000, np.int16))
    return np.concatenate(said)


def test_a_call_then_dialled_at_once_and_the_microphone_and_the_speaker_are_the_callers(card):
    line = SoundCardLine("caller", card)
    assert line.signal() is Signal.DIAL
    assert line.signal() is None
    assert line.speak() is VOICE
    line.hear(np.full(FRAME, 5, np.int16))
    assert card.played[0].tolist() == [5] * FRAME
    line.hang_up()
    assert line.signal() is Signal.HANG_UP
    assert [line.signal(), line.on_the_line] == [Signal.GONE, False]


def test_a_length_then_hung_up_after_it(card):
    line = SoundCardLine("caller", card, hangs_up_after=samples(0.05))
    signals = []
    for _ in range(6):
        signals.append(line.signal())
        line.speak()
    assert signals == [Signal.DIAL, None, None, Signal.HANG_UP, Signal.GONE, Signal.GONE]


def test_the_bridge_has_hung_up_then_the_line_is_free(card):
    line = SoundCardLine("caller", card)
    line.signal()
    line.hung_up()
    assert (line.on_the_line, line.ended_by_bridge, line.signal()) == (False, True, Signal.GONE)


def test_keys_that_are_typed_then_they_are_tones_on_the_line_and_in_the_speaker_and_the_microphone_is_shut(card):
    line = SoundCardLine("caller", card)
    carried(line, 5)
    line.press("1*D")
    line.press("#")
    said = carried(line, 75)
    tones = dtmf.decode(said, RATE)
    assert dtmf.digits(tones) == "1*D#"
    assert {round(tone.level_dbm0) for tone in tones} == {-10}
    played = np.concatenate(card.played[5:])
    assert dtmf.digits(dtmf.decode((played - 1000).astype(np.int16), RATE)) == "1*D#"
    assert not (said == 77)[:samples(1.1)].any()
    assert (said[-FRAME:] == 77).all()


def test_the_speakers_echo_of_a_key_then_not_heard_as_another_one(card):
    line = SoundCardLine("caller", card)
    carried(line, 1)
    line.press("55")
    said = []
    for tick in range(80):
        line.signal()
        card.heard = card.played[tick - 9] - 1000 if tick > 9 else VOICE * 0  # it comes back 180 ms later
        said.append(line.speak())
        line.hear(np.full(FRAME, 1000, np.int16))
    assert dtmf.digits(dtmf.decode(np.concatenate(said).astype(np.int16), RATE)) == "55"


def test_a_loud_prompt_over_a_key_then_clipped_and_not_wrapped_around(card):
    line = SoundCardLine("caller", card)
    line.signal()
    line.press("1")
    line.speak()
    line.hear(np.full(FRAME, 32767, np.int16))
    assert card.played[0].min() > 20000


def test_what_is_kept_then_the_bridges_words_without_the_callers_own_keys(card):
    kept = []
    line = SoundCardLine("caller", card, keep=kept.append)
    line.signal()
    line.press("1")
    carried(line, 10)
    assert np.unique(np.concatenate(kept)).tolist() == [1000]


@pytest.mark.parametrize("key", ["E", " ", "12x"])
def test_a_key_that_is_none_then_refused(card, key):
    with pytest.raises(dtmf.DigitError):
        SoundCardLine("caller", card).press(key)


def test_the_pace_then_the_cards(card):
    pace = CardPace(card)
    pace.wait()
    assert (card.waits, pace.late) == (1, 3)
