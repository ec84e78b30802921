"""The catalogue, the voice and the cache."""

import contextlib
import os
import select
import subprocess
import sys
import weakref
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from prompts import NoVoice, PromptError, Prompts, UnknownPrompt, languages
from prompts.cache import kept_number
from prompts.level import active_level
from prompts.slots import KINDS, SlotKind
from prompts.voice import speak

NAMES = Prompts().names()


def run(code, *, ok=True):
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert not ok or (done.returncode, done.stderr) == (0, ""), done.stderr
    return done


def test_languages_then_english_is_one():
    assert "en-US" in languages()
    with pytest.raises(UnknownPrompt, match="did you mean 'en-US'"):
        Prompts("en-UK")


def test_two_prompts_then_never_the_same_three_words_at_the_beginning(spoken):
    some = {SlotKind.NAMES: ["1"], SlotKind.NUMBER: 3}
    texts = {name: spoken.text(name, **{slot: some.get(KINDS[slot], "1") for slot in spoken.slots(name)})
             for name in NAMES}
    begin = {name: " ".join(text.lower().split()[:3]) for name, text in texts.items()}
    assert not [(a, b) for a, b in combinations(NAMES, 2) if begin[a] == begin[b]]


def test_a_slot_then_said_digit_by_digit(spoken):
    text = spoken.text("unknown-conference-id", conference_id="1234560")
    assert "one, two, three, four, five, six, zero" in text
    clips = spoken.clips("unknown-conference-id", conference_id="1234560")
    fixed = spoken.fixed("unknown-conference-id")
    assert len(clips) == len(fixed) + 7
    for place, (digit, clip) in enumerate(zip("1234560", clips[1:8], strict=True)):
        assert np.array_equal(clip, spoken.digit(digit, last=place == 6))


@pytest.mark.parametrize(("use", "message"), [
    (lambda p: p.text("welcom"), "did you mean 'welcome'"),
    (lambda p: p.clips("unknown-conference-id"), "needs a value for its slot 'conference_id'"),
    (lambda p: p.clips("welcome", who="1"), "has no slot 'who'"),
    (lambda p: p.clips("unknown-conference-id", conference_id="12a"), "takes digits only"),
    (lambda p: p.say("hello", voice="en-us+f9"), "there is no voice 'en-us\\+f9'"),
])
def test_a_wrong_name_then_one_sentence_that_helps(spoken, use, message):
    with pytest.raises(PromptError, match=message):
        use(spoken)


def test_each_prompt_then_at_the_lines_level_with_quiet_ends(spoken):
    for name, clip in [(one, clip) for one in NAMES for clip in spoken.fixed(one)]:
        assert clip.dtype == np.int16, name
        assert np.abs(clip.astype(int)).max() <= 30001, name
        assert np.abs(clip[:40].astype(int)).max() < 300, name
        assert np.abs(clip[-40:].astype(int)).max() < 300, name
        assert active_level(clip, 8000) == pytest.approx(-16, abs=1.5), name


def test_voices_of_callers_then_all_there_and_all_different(spoken):
    said = [spoken.say("Good morning.", voice=voice).tobytes() for voice in spoken.voices]
    assert len(set(said)) == len(spoken.voices) >= 8


def test_a_text_without_words_then_silence(spoken):
    assert not spoken.say(" ... ").any()


def test_spoken_again_elsewhere_then_the_same_bytes(spoken, tmp_path):
    again = Prompts(cache=tmp_path)
    for name in NAMES[:4]:
        for one, other in zip(spoken.fixed(name), again.fixed(name), strict=True):
            assert np.array_equal(one, other)


def test_a_second_run_then_speaks_nothing_and_loads_no_engine(spoken, cache):
    spoken.all_fixed()
    run(f"""if 1:
        import sys
        from pathlib import Path
        from prompts import Prompts
        Prompts(cache=Path({str(cache)!r})).all_fixed()
        assert 'pyttsx3' not in sys.modules and 'soxr' not in sys.modules
    """)


@pytest.mark.parametrize("damage", [lambda whole: whole[:100], lambda whole: whole[:0],
                                    lambda whole: whole[:-2] + b"xx", lambda whole: whole[::-1]])
def test_a_damaged_file_in_the_cache_then_spoken_anew(spoken, tmp_path, damage):
    Prompts(cache=tmp_path).fixed("welcome")
    (file,) = tmp_path.glob("*.pcm")
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert np.array_equal(Prompts(cache=tmp_path).fixed("welcome")[0], spoken.fixed("welcome")[0])
    assert file.read_bytes() == whole


def test_clips_when_more_have_been_asked_for_than_stay_then_the_ones_of_long_ago_are_let_go(spoken, cache):
    few = Prompts(cache=cache, keeps=20_000)
    first = weakref.ref(few.digit("0"))
    for digit in "123456789":
        few.digit("1")
        last = weakref.ref(few.digit(digit))
    assert first() is None
    assert last() is few.digit("9")
    assert few.digit("1") is few.digit("1")
    assert np.array_equal(few.digit("0"), spoken.digit("0"))


def test_clips_when_they_are_no_more_than_may_stay_then_all_stay(spoken, cache):
    just = Prompts(cache=cache, keeps=sum(len(spoken.digit(digit)) for digit in "0123456789"))
    asked = [just.digit(digit) for digit in "0123456789"]
    assert all(just.digit(digit) is clip for digit, clip in zip("0123456789", asked, strict=True))


LOCKS = Path("/proc/locks")
ASKING = """if 1:
    import sys
    from pathlib import Path
    import numpy as np
    from prompts.cache import kept

    def make():
        print("made", flush=True)
        sys.stdin.readline()
        return np.arange(9, dtype=np.int16)

    print("asks", flush=True)
    print(kept(Path(sys.argv[1]), ("a", "clip"), make).tolist())
"""


def waits(process):
    """Tell whether a process waits for a lock."""
    return any(" -> " in line and f" {process.pid} " in line for line in LOCKS.read_text().splitlines())


@pytest.mark.skipif(not LOCKS.exists(), reason="this system does not tell who waits for a lock")
def test_two_processes_that_lack_a_clip_at_once_then_one_makes_it(tmp_path):
    first, second = (subprocess.Popen([sys.executable, "-c", ASKING, tmp_path], stdin=subprocess.PIPE, bufsize=0,
                                      stdout=subprocess.PIPE) for _ in range(2))
    with first, second:
        assert [first.stdout.readline(), second.stdout.readline()] == [b"asks\n"] * 2
        makes = first if select.select([first.stdout, second.stdout], [], [])[0][0] is first.stdout else second
        other = second if makes is first else first
        while not waits(other) and not select.select([other.stdout], [], [], 0)[0]:
            os.sched_yield()
        for process in (makes, other):
            with contextlib.suppress(BrokenPipeError):  # who need not make it may have gone
                process.stdin.write(b"\n")
        assert makes.stdout.read().decode() == f"made\n{[*range(9)]}\n"
        assert other.stdout.read().decode() == f"{[*range(9)]}\n"


def test_two_processes_at_once_then_one_whole_cache(tmp_path):
    code = f"""if 1:
        import hashlib
        from pathlib import Path
        from prompts import Prompts
        prompts = Prompts(cache=Path({str(tmp_path)!r}))
        clips = [prompts.digit(d) for d in "0123456789"] + prompts.clips("welcome")
        print(hashlib.sha256(b''.join(c.tobytes() for c in clips)).hexdigest())
    """
    both = [subprocess.Popen([sys.executable, "-c", code], text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate() for process in both]
    assert told[0] == told[1]
    assert told[0][1] == ""
    assert len(told[0][0].strip()) == 64
    assert not list(tmp_path.glob("*.part"))


def test_a_cache_that_cannot_be_written_then_spoken_all_the_same(spoken, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert np.array_equal(Prompts(cache=tmp_path / "file").fixed("welcome")[0], spoken.fixed("welcome")[0])


def test_a_voice_the_engine_lacks_then_said_so():
    with pytest.raises(NoVoice, match="no voice 'xx-nonsense'"):
        speak("hello", "xx-nonsense")


def test_speaking_then_prints_nothing(tmp_path):
    done = run(f"""if 1:
        from pathlib import Path
        from prompts import Prompts
        Prompts(cache=Path({str(tmp_path)!r})).fixed('welcome')
    """)
    assert done.stdout == ""


@pytest.mark.parametrize("package", ["pyttsx3", "espeakng_loader"])
def test_no_engine_then_the_command_says_what_to_install_and_exits_with_3(tmp_path, package):
    if package == "espeakng_loader" and not sys.platform.startswith("linux"):
        pytest.skip("only Linux needs espeakng-loader")
    (tmp_path / f"{package}.py").write_text("raise ImportError('not installed')")  # found before the real one
    command = [sys.executable, "-m", "ivr.cli", "demo", "--report", str(tmp_path / "report")]
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(tmp_path), "IVR_CACHE": str(tmp_path / "cache")})
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "no voice can be loaded: install" in done.stderr


def test_a_number_that_is_kept_then_made_once_for_its_owner_only_and_anew_when_damaged(tmp_path):
    made = iter((0.125, -0.0625))
    assert [kept_number(tmp_path, ("alike", "one"), lambda: next(made)) for _ in range(3)] == [0.125] * 3
    path, = tmp_path.glob("*.number")
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert kept_number(tmp_path, ("alike", "one"), lambda: next(made)) == -0.0625
