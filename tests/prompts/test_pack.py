"""A voice pack: recordings are played, what lacks is spoken, what can be brought right is; the rest is named."""

import re

import numpy as np
import pytest
import soundfile

from prompts import BadPack, Pack, Prompts
from prompts.checking import check
from prompts.level import active_level
from prompts.pieces import every, pieces

RATE = 8000


@pytest.fixture
def pack(tmp_path):
    """Write recordings by name, samples at 8 kHz or (samples, rate); return the pack's folder."""
    def write(language="en-US", **recordings):
        for name, samples in recordings.items():
            samples, rate = samples if isinstance(samples, tuple) else (samples, RATE)
            path = tmp_path / language / f"{name.replace('__', '/').replace('_', '-')}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, samples, rate)
        return tmp_path
    return write


@pytest.fixture(scope="session")
def voice(spoken):
    """Says words in another voice than the bridge's."""
    return lambda words: spoken.say(words, voice=spoken.voices[3])


def found(folder, spoken, language="en-US"):
    """Return what a check says, a line each: whether it is wrong, the file's name, and what."""
    return [(f.wrong, f.path.stem, f.what) for f in check(Pack(folder), language, spoken.piece).findings]


def test_pack_when_a_prompt_is_recorded_then_played_and_the_rest_is_spoken(pack, voice, spoken, cache):
    mine = Prompts(cache=cache, pack=Pack(pack(welcome=voice("Good morning to you all."))))
    assert not np.array_equal(mine.clips("welcome")[0], spoken.clips("welcome")[0])
    assert len(mine.clips("welcome")) == 1
    assert np.array_equal(mine.clips("joining")[0], spoken.clips("joining")[0])
    assert np.array_equal(mine.clips("welcome", "fr-FR")[0], spoken.clips("welcome", "fr-FR")[0])
    assert np.array_equal(mine.say("Hello.", voice=mine.voices[1]), spoken.say("Hello.", voice=spoken.voices[1]))


def test_pack_when_it_has_one_language_only_then_files_may_lie_in_the_folder_itself(tmp_path, voice, spoken, cache):
    soundfile.write(tmp_path / "welcome.wav", voice("Guten Morgen."), RATE)
    german = Prompts("de-DE", cache=cache, pack=Pack(tmp_path, "de-DE"))
    assert not np.array_equal(german.clips("welcome")[0], spoken.clips("welcome", "de-DE")[0])
    assert np.array_equal(german.clips("welcome", "en-US")[0], spoken.clips("welcome")[0])


def test_pack_when_digits_are_recorded_then_put_together(pack, voice, cache):
    them = {f"digits__{digit}": voice(word) for digit, word in enumerate(["oh", "wun", "too", "tree", "fower"])}
    mine = Prompts(cache=cache, pack=Pack(pack(**them)))
    clips = mine.clips("unknown-conference-id", conference_id="4321000")
    assert [c.tobytes() for c in clips[1:8]] == [mine.digit(d).tobytes() for d in "4321000"]
    spoken = Prompts(cache=cache)
    for digit in "01234":
        assert not np.array_equal(mine.digit(digit), spoken.digit(digit))
    assert np.array_equal(mine.digit("7"), spoken.digit("7"))


@pytest.mark.parametrize(("language", "number", "words"), [
    ("en-US", 23, ("20", "3")), ("en-US", 250, ("2", "hundred", "50")), ("de-DE", 21, ("1+", "und", "20")),
    ("fr-FR", 91, ("80+", "11")), ("es-ES", 35, ("30", "y", "5")), ("zh-CN", 102, ("1", "hundred", "0", "2")),
])
def test_pack_when_the_words_of_a_number_are_recorded_then_put_together_in_that_order(
        pack, voice, cache, language, number, words):
    folder = pack(language, **{f"numbers__{word}": voice(f"my {k}") for k, word in enumerate(words)})
    mine = Prompts(language, cache=cache, pack=Pack(folder, language))
    said = mine.clips("many-left", count=number)
    own = [mine.piece(every(language)[f"numbers/{word}"]).tobytes() for word in words]
    assert own in [[c.tobytes() for c in said][k:k + len(words)] for k in range(len(said))]


def test_pack_when_a_word_of_a_number_lacks_then_the_number_is_in_one_voice(pack, voice, spoken, cache):
    mine = Prompts(cache=cache, pack=Pack(pack(numbers__20=voice("twenty"))))
    ours = [c.tobytes() for c in spoken.clips("many-left", count=23)]
    assert [c.tobytes() for c in mine.clips("many-left", count=23)] == ours
    assert [c.tobytes() for c in mine.clips("many-left", count=20)] != [
        c.tobytes() for c in spoken.clips("many-left", count=20)]


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_pack_when_rate_level_channels_and_silence_are_others_then_brought_right(pack, voice, cache, rate):
    import soxr

    words = np.concatenate([np.zeros(RATE), voice("Good morning to you.").astype(float), np.zeros(2 * RATE)])
    other = soxr.resample(words, RATE, rate) * 0.2 / 32768
    mine = Prompts(cache=cache, pack=Pack(pack(welcome=(np.stack([other, other], 1), rate))))
    (clip,) = mine.clips("welcome")
    assert active_level(clip, RATE) == pytest.approx(-16, abs=1)
    assert abs(len(clip) - len(voice("Good morning to you."))) < 0.1 * RATE
    assert clip[0] == clip[-1] == 0


def test_check_when_all_is_as_it_should_be_then_nothing_is_found(pack, spoken):
    folder = pack(welcome=spoken.piece("Hello, and welcome to the conference bridge."))
    checked = check(Pack(folder), "en-US", spoken.piece)
    assert (checked.used, checked.findings) == (("welcome",), ())
    assert set(checked.missing) == set(pieces("en-US")) - {"welcome"}


def test_check_when_something_is_off_then_named_with_what_it_is(pack, voice, spoken):
    good = voice("Hello, and welcome to the bridge.").astype(float) / 32768
    folder = pack(
        welcome=np.clip(good * 12, -0.9, 0.9), wellcome=good, joining=good * 0.01, muted=(good, 6000),
        unmuted=np.tile(good, 6), help=good[:2400], nothing_heard=np.zeros(8000), enter_pin=np.zeros(0),
        wrong_pin=(np.stack([good, good], 1) * 0.4, RATE), hand_raised=np.concatenate([np.zeros(9000), good]),
        pin_gave_up=np.zeros(61 * RATE) + 0.1)
    (folder / "en-US" / "hand-lowered.wav").write_bytes(b"this is no audio")
    told = {}
    for wrong, name, what in found(folder, spoken):
        told.setdefault(name, []).append((wrong, what))
    assert sorted(told) == ["enter-pin", "hand-lowered", "hand-raised", "help", "joining", "muted", "nothing-heard",
                            "pin-gave-up", "unmuted", "welcome", "wellcome", "wrong-pin"]

    def tells(name, pattern, *, wrong=True):
        assert any(w == wrong and re.search(pattern, what) for w, what in told[name]), told[name]

    tells("welcome", r"it is clipped \(\d+\.\d% of it\)")
    tells("wellcome", "nothing that is said is called 'wellcome'; did you mean 'welcome'")
    tells("joining", "it is faint")
    tells("muted", "6000 samples a second are too few")
    tells("unmuted", "it lasts .* s where the voice takes")
    tells("help", "it lasts 0.3 s where the voice takes")
    tells("nothing-heard", "nothing is to be heard")
    tells("enter-pin", "nothing is to be heard")
    tells("hand-lowered", "no recording that can be read")
    tells("pin-gave-up", "61 s are too long, 60 s is the most")
    tells("wrong-pin", "2 channels are mixed into one", wrong=False)
    tells("wrong-pin", "its level of .* is brought to -16", wrong=False)
    tells("hand-raised", "1.[12] s of silence at its beginning are cut", wrong=False)


def test_check_when_a_voice_is_not_clipped_then_not_said_to_be(pack, voice, spoken):
    for rate in (8000, 48000):
        import soxr

        good = soxr.resample(voice("Hello, and welcome to the conference bridge.").astype(float), RATE, rate)
        assert not any("clipped" in what for _, _, what in found(pack(welcome=(good / 32768, rate)), spoken))


def test_pack_when_a_recording_cannot_be_used_then_spoken_and_told(pack, voice, spoken, cache):
    folder = pack(welcome=np.zeros(8000), welcom=voice("Hello."), joining=voice("In you go."))
    mine = Prompts(cache=cache, pack=Pack(folder))
    faults = mine.faults()
    assert len(faults) == 2
    assert "welcom.wav: nothing that is said is called 'welcom'; did you mean 'welcome'" in faults[0]
    assert "welcome.wav: nothing is to be heard in it: it is spoken instead" in faults[1]
    assert np.array_equal(mine.clips("welcome")[0], spoken.clips("welcome")[0])


@pytest.mark.parametrize("make", [lambda p: p / "nowhere", lambda p: p])
def test_pack_when_there_is_nothing_in_it_then_refused(tmp_path, make):
    with pytest.raises(BadPack, match=re.escape(str(tmp_path))):
        Pack(make(tmp_path))


def test_pack_then_its_voice_is_another_engine(pack, voice, spoken, cache):
    folder = pack(welcome=voice("Hello."))
    one = Prompts(cache=cache, pack=Pack(folder)).engine
    pack(welcome=voice("Hallo."))
    other = Prompts(cache=cache, pack=Pack(folder)).engine
    assert len({one, other, spoken.engine}) == 3


def test_names_of_pieces_then_files_can_be_called_so():
    for language in ("en-US", "de-DE", "es-ES", "fr-FR", "zh-CN"):
        for name in every(language):
            assert re.fullmatch(r"[a-z0-9.+=/-]+", name), name
