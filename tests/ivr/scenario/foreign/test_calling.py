"""Callers of a story ring out: what they hear, what the line tells, and what is said where it is otherwise."""

import numpy as np
import pytest
from farside import FarIvr, rung, story

import dtmf
from dtmf.audiofile import write
from ivr.cli.kit import stage
from ivr.clock import RATE, samples, seconds
from ivr.lines.sip.capture.keeping import Capture
from ivr.scenario.references import sounding
from lobby import hold_music


@pytest.fixture
def far():
    """Make a far side: ``far(says, **as of FarIvr)``."""
    made = []

    def make(*args, **more):
        made.append(FarIvr(*args, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def tone(*hz, seconds=1.0):
    time = np.arange(round(seconds * RATE)) / RATE
    return sum(3000 * np.sin(2 * np.pi * one * time) for one in hz)


def quiet(seconds):
    return np.zeros(round(seconds * RATE))


BUSY = np.concatenate([part for _ in range(4) for part in (tone(425, seconds=0.5), quiet(0.5))])
BEEP = np.concatenate([quiet(0.5), tone(1000, seconds=0.4), quiet(1.5)])
DIGITS = np.concatenate([quiet(1), dtmf.encode("4711#", RATE), quiet(1)])

OUTCOMES = {
    "answered": (["dial", "answered", "hang up"], {}, ""),
    "answered in time": (["dial", "answered:", "within: 2 s"], {"answers": 1.0}, ""),
    "answered too late": (["dial", "answered:", "within: 1 s"], {"answers": 3.0, "rings": 0.1},
                          "it rang, and nobody answered within 1.0 s"),
    "ringing is heard": (["dial", "hear: ringback", "answered"], {"rings": 0.2, "answers": 1.0}, ""),
    "not answered at all": (["dial", "answered:", "within: 1 s"], {"answers": 3.0},
                            "nobody has answered at sip:1000@127.0.0.1"),
    "heard before anything came": (["dial", "hear: {speech: 2 s}", "within: 1 s"], {"answers": 3.0},
                                   "neither ringing nor sound has come back from there"),
    "refused as expected": (["dial", "refused: 486"], {"refuses": 486}, ""),
    "refused otherwise": (["dial", "refused: 486"], {"refuses": 503},
                          "the call was refused: 503 Service Unavailable"),
    "refused in any way": (["dial", "refused"], {"refuses": 603, "rings": 0.1, "answers": 0.5}, ""),
    "refused and not expected": (["dial", "wait: 5 s"], {"refuses": 404}, "the call was refused: 404"),
    "not refused": (["dial", "refused: 486"], {}, "the call was answered"),
    "hung up": (["dial", "ended:", "within: 3 s"], {"hangs_up": 1.0}, ""),
    "not hung up": (["dial", "ended:", "within: 1 s"], {}, "the call went on"),
    "hung up while pressing": (["dial", "wait: 1 s", 'press: "1"'], {"hangs_up": 0.5},
                               "the other side had ended the call"),
    "codec": (["dial", "hear: {codec: PCMU}"], {}, ""),
    "another codec": (["dial", "hear: {codec: PCMA}", "within: 1 s"], {}, "the codec is PCMU"),
    "busy": (["dial", "hear: busy", "within: 4 s"], {"says": BUSY}, ""),
    "beep": (["dial", "hear: beep", "within: 4 s"], {"says": BEEP}, ""),
    "no beep": (["dial", "not hear: beep", "wait: 0.1 s"], {"says": BUSY}, ""),
    "digits in the sound": (["dial", "hear: {digits: 4711#}", "within: 4 s"], {"says": DIGITS}, ""),
    "digits beside it": (["dial", "hear: {digits: 471}", "within: 4 s"], {"presses": "471"}, ""),
    "other digits": (["dial", "hear: {digits: 4712}", "within: 4 s"], {"says": DIGITS}, "heard the digits 4711#"),
    "early sound": (["dial", "hear: {digits: 4711}", "early: yes", "answered"],
                    {"says": DIGITS, "early": 0.2, "answers": 3.0}, ""),
    "late sound": (["dial", "hear: {digits: 4711}", "early: yes", "answered"], {"says": DIGITS},
                   "the call was answered first"),
    "transfer": (["dial", "transferred: sip:2000@", "within: 3 s"], {"hands_over": "sip:2000@example.com"}, ""),
    "another transfer": (["dial", "transferred: sip:2001@"], {"hands_over": "sip:2000@example.com"},
                         "handed the call over to sip:2000@example.com"),
    "no transfer": (["dial", "transferred: sip:1001", "within: 1 s"], {}, "did not hand the call over"),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_call_out_when_it_goes_so_then_the_story_comes_true_or_says_what_was_there_instead(far, name):
    steps, side, instead = OUTCOMES[name]
    result = rung(story(steps), far(**side))
    told = [failure.instead for failure in result.failures]
    assert len(told) == bool(instead)
    assert not told or instead in told[0]


def test_keys_as_events_then_the_repeats_of_their_ends_are_counted_apart(far):
    there = far()
    rung(story(["dial", "answered", 'press: "12345"', "wait: 0.3 s", "hang up"]), there)
    assert there.keys == "12345"
    assert there.media.figures(0).repeated == 10


@pytest.mark.parametrize("way", ["", "events", "info", "audio"])
def test_keys_when_they_go_by_each_way_then_they_come_once_and_are_nowhere_to_be_read(far, way):
    there = far()
    heard = []
    result = rung(story(["dial", 'press: "48,215#"', "wait: 1 s"], f"dtmf: {way}\n" if way else ""), there,
                  step=lambda now: (there.step(now), heard.append(there.heard[0])))
    assert result.passed
    keys = there.keys if way != "audio" else dtmf.digits(dtmf.decode(np.concatenate(heard), RATE))
    assert keys == "48215#"
    assert {entry.facts["by"] for entry in result.journal.of("key")} == {way or "events"}
    assert "".join(entry.facts["key"] for entry in result.journal.of("key")) == "•••••#"
    assert result.journal.of("key")[2].at - result.journal.of("key")[1].at == samples(1.2)
    assert "48215" not in result.journal.text() + repr(result)


def test_keys_as_events_when_their_lengths_are_told_then_so_long_and_not_on_top_of_each_other(far):
    there, capture = far(), Capture(lambda: 0.0)
    there.network.sound.capture = capture
    step = "press: {keys: '12', tone: 200 ms, gap: 20 ms}"
    assert rung(story(["dial", step, "press: {keys: '3', tone: 20 ms}", "wait: 0.5 s"]), there).passed
    events = [one.data[12:] for one in capture.kept if not one.signals and one.data[1] & 127 == 101]
    last = {event[0]: int.from_bytes(event[2:4]) for event in events}
    assert (there.keys, last) == ("123", {1: 1600, 2: 1600, 3: 320})


def test_a_recording_when_it_is_heard_faint_late_and_coded_then_it_is_known_by_its_name(far, tmp_path):
    welcome, other = (stage().fixed[name][0] for name in ("enter-conference-id", "enter-pin"))
    for name, clip in (("welcome", welcome), ("other", other)):
        write(tmp_path / f"{name}.wav", np.concatenate([np.zeros(4000, np.int16), clip]), RATE)
    says = np.concatenate([quiet(0.7), welcome * 0.1, quiet(1)])
    steps = ["dial", "hear: {recording: welcome.wav}", "within: 6 s"]
    result = rung(story(steps), far(says), path=tmp_path / "story.yaml")
    assert result.passed
    assert 0.5 <= result.journal.of("heard")[0].facts["began_at"] / RATE <= 1.2
    steps = ["dial", "not hear: {recording: other.wav}", "for: 4 s"]
    assert rung(story(steps).replace("- for", "  for"), far(says), path=tmp_path / "story.yaml").passed


def test_music_of_a_file_when_it_is_heard_from_its_middle_then_known_and_other_music_is_not(far, tmp_path):
    write(tmp_path / "wait.wav", hold_music(), RATE)
    write(tmp_path / "other.wav", hold_music()[::-1], RATE)
    says = np.roll(hold_music(), -5 * RATE)[:6 * RATE]
    steps = ["dial", "hear: {music: wait.wav}", "not hear: {music: other.wav}", "hear: {music: }"]
    assert rung(story(steps), far(says), path=tmp_path / "story.yaml").passed


def test_callers_when_they_dial_numbers_of_their_own_then_those_are_called_and_named(far):
    there = far()
    text = story(['dial: {number: "+14255550150", from: "+14255550199"}', "answered", "hang up"])
    assert rung(text, there).passed
    assert [(one.number, one.phone) for one in there.invited] == [("+14255550150", "+14255550199")]


@pytest.mark.parametrize(("awaited", "instead"), [
    ("{digits: 4711#}", ""), ("busy", "anna heard")])
def test_a_caller_who_waits_for_what_another_hears_then_he_dials_when_it_has_come(far, awaited, instead):
    there = far(DIGITS)
    result = rung(story(["dial", "wait: 4 s"]) + f"""  bela:
    - wait for: {{caller: anna, hears: {awaited}}}
      within: 3 s
    - dial
    - answered
""", there)
    told = [failure.instead for failure in result.failures]
    assert len(told) == bool(instead)
    assert not told or told[0].startswith(instead)
    assert [seconds(entry.at) > 1 for entry in result.journal.of("dialled")] == [False, True][:2 - bool(instead)]


def test_the_end_of_a_story_when_callers_are_on_the_line_then_they_hang_up(far):
    there = far()
    result = rung(story(["dial", "answered"]), there)
    assert there.ended == 1
    assert [entry.facts["by"] for entry in result.journal.of("hung-up")] == ["caller"]
    assert [take.caller for take in result.takes] == ["anna"]


def test_a_recording_when_it_begins_and_ends_in_silence_then_what_sounds_is_looked_for():
    clip = np.concatenate([np.zeros(5000), tone(500), np.zeros(3000)]).astype(np.int16)
    assert abs(len(sounding(clip)) - RATE) <= 320
    assert len(sounding(np.zeros(999, np.int16))) == 999


def test_a_story_that_is_given_up_then_the_step_that_goes_on_says_what_it_has_heard(far):
    result = rung(story(["dial", "hear: {digits: 99}"]), far(DIGITS), gives_up=3)
    assert [failure.instead.partition(", and")[0] for failure in result.failures] == [
        "it was late; heard the digits 4711#"]
