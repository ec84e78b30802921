"""Stories that come true, and stories that must not."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import sounds
from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import Words, load, parse
from ivr.scenario.player import journal_path, play
from ivr.scenario.steps import Dial

ROOT = Path(__file__).parents[3]
STORIES = sorted((ROOT / "scenarios").glob("*.yaml"))
THAT_FAIL = ROOT / "tests" / "scenarios_that_fail"
WORDS = Words(prompts().names(), PROFILES)
LOBBY = ROOT / "scenarios" / "s0-15-lobby.yaml"
SOUNDS = Path(__file__).with_name("sounds.txt").read_text(encoding="utf-8").splitlines()[1:]


def _marks(path):
    """Return the mark of every second story, and of those in several languages: each is half a minute's work."""
    spoken = re.search("^languages: .*,", path.read_text(encoding="utf-8"), re.M)
    return pytest.mark.slow if spoken or STORIES.index(path) % 2 else ()


@pytest.fixture(scope="module", params=[pytest.param(path, id=path.stem, marks=_marks(path)) for path in STORIES])
def played(request):
    """A shipped story; all that is asked of it is asked before the next is played, so each is played once."""
    return play(load(request.param, WORDS), stage())


def told(callers, expect="", meetings="  - conference id: 1234567\n    pin: 48215\n", sounds=None):
    text = f"meetings:\n{meetings}callers:\n{callers}" + (f"expect:\n{expect}" if expect else "")
    return play(parse(text, Path("story.yaml"), WORDS), sounds or stage())


def undocumented(journal):
    """Make sure that the manual of the journal has every event and every fact."""
    manual = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    for event, fact in {(entry.event, fact) for entry in journal for fact in (*entry.facts, "")}:
        row = re.search(rf"^\| (`[^|]*, )?`{event}`[^|]*\|.*$", manual, re.M)
        assert row, event
        assert not fact or f"`{fact.removesuffix('_at')}`" in row[0], f"{event}: {fact}"


# the shipped stories


def test_story_when_it_is_played_then_it_comes_true_and_its_journal_and_its_sounds_are_those_kept(played):
    result, path = played, played.scenario.path
    assert [str(failure) for failure in result.failures] == []
    undocumented(result.journal)
    header, _, journal = journal_path(path).read_text(encoding="utf-8").partition("\n")
    if header != f"# spoken by {prompts().engine}":
        pytest.skip(f"the journal was {header[2:]}, and here speaks {prompts().engine}")
    assert result.journal.text() == journal
    assert list(sounds.hashes(path.stem, result)) == [one for one in SOUNDS if one.split()[0] == path.stem]


def test_sounds_when_they_are_counted_then_those_of_every_caller_of_every_story_and_nobody_elses():
    assert sorted({one.split()[0] for one in SOUNDS}) == [path.stem for path in STORIES]


def test_stories_when_they_are_counted_then_each_has_its_journal():
    assert len(STORIES) >= 6
    assert {journal_path(path) for path in STORIES} == set((ROOT / "scenarios").glob("*.journal"))


def test_story_when_it_is_played_again_then_every_sample_and_every_entry_is_the_same():
    def digests(result):
        sounds = [digest for take in result.takes for digest in (take.heard.tobytes(), take.spoke.tobytes())]
        texts = [result.journal.text().encode(), result.journal.json_lines().encode()]
        return [hashlib.sha256(part).hexdigest() for part in (*sounds, *texts)]

    once, again = (play(load(LOBBY, WORDS), stage()) for _ in range(2))
    assert digests(again) == digests(once)
    assert len(set(digests(again))) == 8


def test_story_when_its_pins_are_typed_then_no_journal_holds_them(played):
    result = played
    people = result.scenario.desk.organizers if result.scenario.desk else ()
    own = {one.pin for one in (*result.scenario.meetings, *people)} - {""}
    tried = {"11111", "222#", "3333333333333"}
    assert not [pin for pin in own if pin in repr(result.scenario)]
    for text in (result.journal.text(), result.journal.json_lines(), repr(result.journal.entries)):
        assert not [pin for pin in own | tried if pin in text]


def test_story_when_it_is_over_then_the_journal_has_no_digits_but_moments_lengths_and_conference_ids(played):
    # a PIN that the desk has drawn stands nowhere, so any digits that are nothing else would be one
    desk = played.scenario.desk
    own = [one.facts.get("extension", "none") for one in desk.organizers] if desk else ["none"]
    for line in played.journal.text().splitlines():
        known = re.sub(r"\b([0-9]+\.[0-9]{3}|(try|PinLength|time) [0-9]+)\b", "", line)
        known = re.sub(r"\b(meeting|old|new|conference ID|started as) {1,2}[0-9]{7}\b|\+[0-9]{11}\b", "", known)
        # extensions are as public as telephone numbers: those of mailboxes, what is keyed as one or dialled
        known = re.sub(rf"\b(extension|to) {{1,2}}({'|'.join(own)})\b", "", known)
        known = re.sub(r"\b(entered +extension|(transferred|dialling) +to) {1,2}[0-9]{1,20}\b", "", known)
        known = re.sub(r"^ +([0-9]{1,20})? +declined +code [0-9]{3}$", "", known)
        known = re.sub(r"\bclock-of-(12|24)\b|\brate [0-9.]+", "", known)
        assert not re.search("[0-9]{2}", known), line


def test_story_when_it_is_over_then_everybody_has_hung_up_cleanly(played):
    ended = {entry.caller for entry in played.journal.of("hung-up")}
    # who is only busy, or lets it ring, is in no call
    assert ended == {caller.name for caller in played.scenario.callers if any(
        isinstance(step, Dial) or getattr(step, "word", "") == "answers" for step in caller.steps)}


# stories that must fail: line, caller, step, what is said was there instead

FAILURES = {
    "level-and-only": [(9, "anna", "hear only: [first-in-meeting, a-caller, joined]",
                        r"bela's voice was heard too, at \d+\.\d s")],
    "line-too-bad": [(8, "anna", "in: meeting", "the call was in the state conference-id")],
    "wrong-prompt": [(11, "anna", "hear: wrong-pin",
                      r"heard silence from .*, then the prompt unknown-conference-id at 4\.\d s, "
                      r"then the prompt enter-conference-id at 1\d\.\d s instead")],
    "music-but-silence": [(9, "anna", "hear: hold-music",
                           r"heard the prompt welcome at 0\.0 s, then the prompt enter-conference-id at 2\.\d s, "
                           r"then silence instead")],
    "silence-but-music": [(12, "anna", "hear: silence", r"heard hold-music instead")],
    "voice-in-meeting": [(11, "anna", "not hear: {voice: bela}", r"it was heard from 1\d\.\d s on")],
    "not-in-meeting": [(10, "anna", "in: meeting", r"the call was in the state lobby")],
    "prompt-cut": [(11, "anna", "hear: organizer-question, whole",
                    r"heard .*the prompt organizer-question at .*, then the prompt record-name at .* instead")],
    "prompt-cut-by-another": [(10, "anna", "hear: wait-in-lobby",
                               r"1\.\d s after its beginning it was something else")],
    "prompt-whole": [(6, "anna", "hear: welcome, cut", r"it was said to its end")],
    "music-for": [(7, "anna", "hear: hold-music, for 20 s",
                   r"it broke off.*, at 1\d\.\d s; heard the prompt joining at .* instead")],
    "another-moment": [(6, "anna", "hear: enter-conference-id, at 9 s +- 20 ms", r"it began at 2\.\d{3} s")],
    "journal-and-ticks": [
        (6, "anna", "hear: enter-conference-id", r"bela heard enter-conference-id at 3\.\d{3} s, 500 ms later"),
        (18, "", "journal: anna state conference-id once", r"it stands there 2 times"),
        (19, "", "journal: anna refused conference id unknown twice", r"it stands there once"),
        (20, "", "journal: bela prompt welcome never", r"it stands there once")],
    "press-after-goodbye": [(16, "anna", "press: 1", r"the bridge had ended the call")],
    "hear-after-goodbye": [(15, "anna", "hear: organizer-question",
                            r"heard .*the prompt goodbye-no-conference-id at 8\.\d s instead; "
                            r"then the bridge ended the call")],
    "started-by-another": [(16, "", "meeting 1234567: started by anna", r"it was started by amos")],
    "never-started": [
        (12, "", "meeting 1234567: started by anna", r"nobody started it"),
        (13, "", "anna: joined", r"anna was in the lobby; the last state was lobby"),
        (15, "", "anna: refused", r"anna was in the lobby; the last state was lobby"),
        (16, "", "anna: never waited", r"anna was in the lobby; the last state was lobby")],
    "started-after-all": [
        (12, "", "meeting 1234567: not started", r"it was started by amos"),
        (13, "", "amos: never joined", r"amos was in the meeting; the last state was meeting"),
        (14, "", "amos: waited", r"amos was in the meeting; the last state was meeting")],
    "two-at-once": [
        (9, "anna", "hear: hold-music", r"heard the prompt welcome at 0\.0 s, then .* instead"),
        (13, "bela", "hear: hold-music", r"heard the prompt welcome at 1\.0 s, then .* instead")],
    "letters": [
        (15, "", "mails: none", r"1 letter was sent: info-changed to amos\.marble@contoso\.com"),
        (16, "", "mails: amos gets pin-reset", r"1 letter was sent: info-changed to amos\.marble@contoso\.com"),
        (17, "", "mails: amos gets info-changed with the new PIN",
         r"the letter info-changed to amos.marble@contoso.com does not hold the new PIN"),
        (18, "", "conference id 1234567: works", r"it leads nowhere"),
        (19, "", "pin of amos: changed",
         r"it is the one of the beginning, it is not locked, it need not be changed"),
        (21, "", "mails: amos gets info-changed with language fr-FR and subject invoice",
         r"the letter info-changed to amos.marble@contoso.com is in en-US and has the subject '.+'")],
    "slot-of-another": [(7, "anna", "hear: {prompt: unknown-conference-id, conference id: 7654322}",
                         r"heard .*the prompt unknown-conference-id at 1\.\d s.* instead; "
                         r"its conference id was 7654321")],
    "many-who-never-come": [
        (14, "", "waiters 1: joined", r"waiters 1 got nowhere; the last state was ended"),
        (14, "", "waiters 2: joined", r"waiters 2 got nowhere; the last state was ended"),
        (15, "", "journal: bela dialled once", r"it stands there 2 times")],
    "row-of-a-table": [(5, "anna", "hear: conference-id-too-long (row-of-a-table.yml:2)",
                        r"heard .*the prompt conference-id-too-short at .* instead")],
    "heard-after-all": [(6, "anna", "not hear: enter-conference-id, while", r"it was heard from 2\.\d s on")],
    "participant-muted": [(8, "anna", "hear: {voice: rita}", r"heard .* instead")],
    "desk-torn-down": [
        (10, "anna", "hear: goodbye-no-conference-id", r"heard .* instead"),
        (13, "administrator", "reset pin: amos, pin ****", r".*")],
    "options-at-a-desk": [(9, "anna", "hear: record-name", r"heard .*the prompt first-in-meeting at .* instead")],
    "desk-refuses": [(8, "administrator", "reset pin: amos, pin ****",
                      r"amos\.marble@contoso\.com is not enabled for audio conferencing.*")],
    "old-pin": [(10, "amos", "press: {old pin of amos}#",
                 r"amos\.marble@contoso\.com has had no other PIN before this one")],
}


def test_failing_stories_when_they_are_counted_then_each_is_in_the_table():
    assert {path.stem for path in THAT_FAIL.glob("*.yaml")} == set(FAILURES)


@pytest.mark.parametrize("name", FAILURES)
def test_story_when_it_must_fail_then_step_and_what_was_there_instead_are_told(name):
    result = play(load(THAT_FAIL / f"{name}.yaml", WORDS), stage())
    assert not result.passed
    assert [(f.line, f.caller, f.step) for f in result.failures] == [wish[:3] for wish in FAILURES[name]]
    for failure, (*_, instead) in zip(result.failures, FAILURES[name], strict=True):
        assert re.fullmatch(instead, failure.instead)
        assert f"line {failure.line}: " in str(failure)


def test_story_when_its_failing_step_is_mended_then_it_comes_true():
    mended = {"wrong-prompt": ("wrong-pin", "unknown-conference-id"), "prompt-cut": ("whole: yes", "whole: no"),
              "silence-but-music": ("hear: silence", "not hear: silence"),
              "not-in-meeting": ("meeting\n", "lobby\n"),
              "voice-in-meeting": ("not hear: {voice: bela}\n      for", "hear: {voice: bela}\n      within"),
              "started-by-another": ("started by anna", "started by amos")}
    for name, (wrong, right) in mended.items():
        text = (THAT_FAIL / f"{name}.yaml").read_text(encoding="utf-8")
        text = text.replace("hear: silence\n      within: 5 s", "hear: silence\n      for: 5 s")
        title, _, rest = text.partition("callers:")
        assert wrong in rest
        result = play(parse(title + "callers:" + rest.replace(wrong, right), Path("mended.yaml"), WORDS), stage())
        assert [str(failure) for failure in result.failures] == [], name


# single rules


def test_failure_when_its_step_holds_a_pin_then_it_is_masked():
    result = told("  anna:\n    - press: 1111111#\n    - wait: 2 s\n    - press: 2222222#\n    - wait: 2 s\n"
                  "    - press: 3333333#\n    - in: ended\n    - press: 48215#\n")
    assert str(result.failures[0]).startswith("line 12: anna: 'press: ****#' at ")


def test_caller_when_he_waits_first_then_he_dials_only_then():
    result = told("  anna:\n    - wait: 2 s\n    - hear: welcome\n    - hang up\n")
    assert result.passed
    assert next((e.at, e.event) for e in result.journal) == (16_000, "dialled")
    assert result.takes[0].dialled_at == 16_000


def test_caller_when_he_hangs_up_then_what_he_heard_is_as_long_as_his_call():
    result = told("  anna:\n    - dial\n    - wait: 3 s\n    - hang up\n")
    take, = result.takes
    lasted = result.journal.of("hung-up")[0].at - result.journal.of("dialled")[0].at
    assert (take.heard.shape, take.heard.dtype, take.spoke.shape) == ((lasted,), np.int16, (lasted,))


def test_organizer_when_he_starts_it_in_the_app_then_the_waiting_join():
    result = told("  anna:\n    - press: 1234567#1\n    - hear: hold-music\n"
                  "    - hear: joining\n    - in: meeting\n",
                  "  - meeting 1234567: started by amos\n",
                  "  - conference id: 1234567\n    organizer: amos\n    started in the app at: 20 s\n")
    assert [str(failure) for failure in result.failures] == []
    assert result.journal.of("started")[0].facts["in_app"]


def test_watch_when_given_then_it_is_told_every_entry_in_order():
    seen = []
    story = parse("callers:\n  anna:\n    - hear: welcome\n", Path("story.yaml"), WORDS)
    result = play(story, stage(), watch=seen.append)
    assert seen == result.journal.entries


BOTH = "  - {conference id: 1234567, pin: 48215, options: {name-recording: no}}\n"
RITA = "  rita:\n    - press: 1234567#1\n    - in: lobby\n"


def test_caller_when_he_waits_for_another_then_he_goes_on_as_soon_as_it_is_so():
    result = told(f"{RITA}  amos:\n    - wait for: {{caller: rita, in: lobby}}\n    - press: 1234567#*48215#\n"
                  "    - wait for: {caller: rita, hears: joining}\n    - hang up\n", meetings=BOTH)
    assert [str(failure) for failure in result.failures] == []
    journal = result.journal
    dialled, = journal.of("dialled", caller="amos")
    assert 0 < dialled.at - journal.of("lobby", caller="rita")[0].at <= 160
    left, = journal.of("hung-up", caller="amos")
    assert journal.of("joined", caller="rita")[0].at < left.at < journal.of("hung-up", caller="rita")[0].at + 160


def test_caller_when_another_never_comes_there_then_told_how_it_stands_with_him():
    result = told(f"{RITA}  amos:\n    - wait for: {{caller: rita, in: meeting, within: 16 s}}\n    - dial\n"
                  "  zoe:\n    - wait for: {caller: rita, hears: enter-pin}\n      within: 16 s\n    - dial\n",
                  meetings=BOTH)
    assert [(f.caller, f.line, f.step) for f in result.failures] == [
        ("amos", 8, "wait for: {caller: rita, in: meeting}"),
        ("zoe", 11, "wait for: {caller: rita, hears: enter-pin}")]
    where, heard = (failure.instead for failure in result.failures)
    assert where == "the call of rita was in the state lobby"
    assert re.fullmatch(r"rita heard .*the prompt wait-in-lobby at 1\.\d s, then hold-music .* instead", heard)


def test_caller_when_a_state_was_over_before_he_waited_for_it_then_told_until_when_it_was():
    result = told("  anna:\n    - press: 1234567#1\n    - in: meeting\n    - in: lobby\n      within: 1 s\n"
                  "  amos:\n    - wait: 12 s\n    - press: 1234567#*48215#\n", meetings=BOTH)
    (failure,) = result.failures
    assert re.fullmatch(r"the call was in the state meeting; it had been in the state lobby until 1\d\.\d s",
                        failure.instead)


def test_caller_when_he_calls_again_then_each_call_is_judged_and_recorded_at_its_place():
    result = told("  anna:\n    - hear: welcome\n    - hang up\n    - wait: 5 s\n"
                  "    - dial: {from: \"+14255550199\"}\n    - hear: welcome\n"
                  "    - press: 1111111#2222222#3333333#\n"
                  "    - in: ended\n    - dial\n    - not hear: goodbye-no-conference-id\n")
    assert [str(failure) for failure in result.failures] == []
    take, = result.takes
    first, second, third = (entry.at for entry in result.journal.of("dialled"))
    ended = [entry.at for entry in result.journal.of("hung-up")]
    assert first < ended[0] < second < ended[1] < third
    assert len(take.heard) == len(take.spoke) == ended[2] - first
    assert not take.heard[ended[0] - first:second - first].any()
    assert take.heard[second - first:].any()


@pytest.mark.parametrize(("steps", "step", "instead"), [
    (["not hear: enter-conference-id", "  while:", "    - hear: welcome", "    - wait: 5 s"],
     "not hear: enter-conference-id, while", r"it was heard from 2\.\d s on"),
    (["hear: nothing-heard", "  times: 2", "  within: 12 s"], "hear: nothing-heard",
     "it was heard 0 of 2 times; heard .*enter-conference-id at .* instead"),
    (["hear: silence", "  for: 6 s", "  within: 4 s"], "hear: silence", "heard .* instead"),
])
def test_step_when_something_is_heard_too_often_or_not_often_enough_then_it_fails(steps, step, instead):
    result = told("  anna:\n    - " + "\n    ".join(steps) + "\n")
    assert [failure.step.partition(", for")[0] for failure in result.failures] == [step]
    assert re.fullmatch(instead, result.failures[0].instead)
