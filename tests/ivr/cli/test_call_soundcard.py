"""Stories that call whoever is at the sound card: as they are typed, and in real time on a card that others use."""

import pytest

PLACE = "target: {soundcard: {microphone: far_mic, speaker: far_spk}}\ncallers:\n  anna:\n"
GETS_IN = ("    - hear: enter-conference-id\n      within: 1 min\n    - press: 1234567#\n"
           "    - hear: organizer-question\n")
EXPECTS_ANOTHER = "    - press: '*'\n    - hear: wrong-pin\n      within: 3 s\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text("target: soundcard\ncallers:\n  anna:\n    - dial\n")
    return path


@pytest.mark.parametrize(("words", "said"), [
    (["soundcard"], "one story is played, at one who is called"),
    (["soundcard", "sip:1@127.0.0.1", "{file}"], "one story is played, at one who is called"),
    (["{file}", "--rate", "4000"], "--rate 4000 is no rate for a call"),
    (["{file}", "--pcap", "calls.pcap"], "--pcap is for calls over a network, and {file} calls whoever is at"),
    (["{file}", "--from", "ann"], "what is said of SIP is for calls over a network"),
    (["soundcard:", "{file}", "--dtmf", "info"], "--dtmf info: at a sound card keys are heard as sound"),
    (["sip:1@127.0.0.1", "{file}", "--input", "USB"], "{file} calls sip:1@127.0.0.1: write 'soundcard' before it"),
])
def test_a_call_at_a_sound_card_when_it_cannot_be_meant_then_refused_before_a_device_is_opened(
        refused, file, words, said):
    assert said.format(file=file) in refused("call", *(word.format(file=file) for word in words))


def test_a_load_at_a_sound_card_then_refused(refused, file):
    assert "which is the line of one caller" in refused("load", file)


@pytest.mark.real_time(reruns=2)  # on a busy machine sound that goes through two programs and a server has gaps
@pytest.mark.slow
def test_stories_at_a_sound_card_when_a_bridge_is_there_then_one_comes_true_and_one_says_what_it_heard(
        pulse, tmp_path):
    good, bad, nowhere = (tmp_path / f"{name}.yaml" for name in ("good", "bad", "nowhere"))
    good.write_text(PLACE + GETS_IN)
    bad.write_text(PLACE + EXPECTS_ANOTHER)
    nowhere.write_text(PLACE.replace("far_mic", "violin") + EXPECTS_ANOTHER)
    with pulse.start("phone", "--meeting=1234567:48215:Amos", "--input", "mic", "--output", "spk", "--plain",
                     stdin=-1) as bridge:
        code, out, err = pulse.ivr("run", good, bad)
        bridge.communicate("q")
    first, *others = out.splitlines()
    told = next(line for line in others if "line 5: " in line)
    assert (code, told.partition(" at ")[0]) == (1, "      line 5: anna: 'hear: wrong-pin'"), out + err
    assert first.startswith("pass "), out + err
    code, out, err = pulse.ivr("call", nowhere)
    assert (code, out) == (3, "")
    assert err.startswith(f"ivr: {nowhere}:1: there is no microphone 'violin': take one of ")
