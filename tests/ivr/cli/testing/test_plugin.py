"""The plugin: stories as files and in Python, in a pytest of their own."""

import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from ivr.cli.testing.house import House, NotTrue, Slip
from ivr.cli.testing.parts import AgentInTest, BridgeInTest, CallerInTest, Clock, DirectoryDesk, OutboxInTest

GOOD = "title: It comes true\ntags: [smoke, quick]\ncallers:\n  anna:\n    - dial\n    - wait: 40 ms\n"
BAD = "title: It fails\ncallers:\n  anna:\n    - hear: joining\n      within: 40 ms\n"
IN_PYTHON = '''
def test_lobby(caller, directory, clock):
    directory.meeting("1234567", pin="48215")
    anna = caller("anna")
    anna.dial()
    clock.passes("100 ms")
    anna.hears("joining", within="40 ms")

def test_slip(caller):
    caller("anna").hears("joinign")
'''
NOT_OURS = '''
import sys
def test_nothing_of_ours_is_there():
    assert not {"numpy", "yaml", "ivr.clock", "cyclopts"} & set(sys.modules)
'''


@pytest.fixture
def tested(tmp_path):
    """Runs pytest on files in a folder: ``tested({"a.call.yaml": text}, "-k", "smoke")`` is code and output."""
    def tested(files, *words):
        (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n", encoding="utf-8")
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-rs", *words], cwd=tmp_path,
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    return tested


@pytest.mark.slow
def test_pytest_when_stories_lie_there_then_each_is_a_test_and_a_failure_tells_what_happened_and_where_it_sounds(
        tested, tmp_path):
    code, told = tested({"good.call.yaml": GOOD, "bad.call.yaml": BAD, "test_it.py": IN_PYTHON, "other.yaml": "a:",
                         "slip.call.yaml": GOOD.replace("wait", "wiat"),
                         "later.call.yaml": f"skip: the operator is on holiday\n{GOOD}"},
                        "--continue-on-collection-errors")
    assert code == 1
    assert "3 failed, 1 passed, 1 skipped, 1 error" in told
    assert "slip.call.yaml:6: there is no step 'wiat'; did you mean 'wait'?" in told
    assert "the operator is on holiday" in told
    assert "bad.call.yaml: line 4: anna: 'hear: joining' at 0.1 s: heard silence instead" in told
    assert "test_it.py: line 7: anna: 'hear: joining' at 0.2 s: heard silence instead" in told
    assert "Slip: " in told
    assert "test_it.py:10: there is no prompt or sound 'joinign'; did you mean 'joining'?" in told
    assert told.count("    0.000  anna        state       greeting") == 2
    for folder in ("bad.call.yaml", "test_it.py-test_lobby"):
        left = tmp_path / ".pytest_cache" / "d" / "ivr" / folder
        assert f"look at {left / 'report.html'}; what each caller heard is in the WAV files beside it" in told
        assert (left / "anna-heard.wav").is_file()
    assert not (left.parent / "good.call.yaml").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("words", "ran"), [
    (["-m", "smoke"], "1 passed"), (["-k", "comes"], "1 passed"), (["-k", "good"], "1 passed"),
    (["-n", "2", "--ivr-report", "out"], "1 failed, 1 passed")])
def test_pytest_when_stories_are_chosen_then_by_tags_titles_names_and_side_by_side(tested, tmp_path, words, ran):
    code, told = tested({"good.call.yaml": GOOD, "bad.call.yaml": BAD}, *words)
    assert ran in told
    assert (tmp_path / "out" / "bad.call.yaml" / "report.html").is_file() is (code == 1)


def test_pytest_when_there_is_no_story_then_nothing_of_ours_is_loaded(tested):
    code, told = tested({"test_it.py": NOT_OURS})
    assert code == 0, told


# stories in Python


@pytest.fixture
def house():
    made = House(Path(__file__))
    yield SimpleNamespace(caller=partial(CallerInTest, made), agent=partial(AgentInTest, made),
                          bridge=BridgeInTest(made), directory=DirectoryDesk(made),
                          outbox=OutboxInTest(made), clock=Clock(made))
    made.close()


def test_story_in_python_when_the_organizer_comes_then_all_is_as_in_a_file(house):
    house.directory.meeting("1234567", pin="48215", organizer="amos")
    anna, amos = house.caller("anna"), house.caller("amos")
    anna.press("1234567#")
    anna.is_in("organizer-question")
    house.bridge.expects("meeting 1234567: not started")
    amos.press("1234567#*48215#", tone="60 ms", gap="50 ms")
    amos.is_in("meeting")
    anna.press("#")
    # each goes on from what he has heard himself, whatever others did meanwhile
    anna.is_in("meeting", within="1 min")
    anna.hears("joining")
    amos.say("Good morning.", wait=False)
    anna.hears(amos)
    amos.hang_up()
    house.bridge.expects("meeting 1234567: started by amos", "anna: joined", "anna: never waited", "mails: none")
    assert amos.state == "ended"
    assert any(entry.event == "started" for entry in house.bridge.journal)


def test_story_in_python_when_there_is_a_desk_then_its_steps_are_done_and_its_letters_are_there(house):
    house.bridge.says("administration", "sfb2017")
    house.directory.organizer("amos.marble@contoso.com", pin="48215")
    house.directory.meeting("1234567", organizer="amos")
    amos = house.caller("amos")
    amos.press("1234567#*")
    house.directory.reset_pin("amos")
    amos.press("{pin of amos}#")
    amos.is_in("meeting")
    house.directory.do("enable", "zoe.ng@contoso.com", name="Zoe Ng")
    house.directory.do("reset pin", "zoe", refused="an administrator", by_owner=True)
    house.clock.lets_pass("61 days")
    letter, = house.outbox.of("pin-reset")
    assert letter.recipient == "amos.marble@contoso.com"
    assert "words" not in repr(letter)
    house.bridge.expects("pin of amos: changed", "mails: zoe gets enabled with the new PIN")


@pytest.mark.parametrize(("act", "error", "why"), [
    (lambda house: house.caller("anna").hears("wrong-pin", within="40 ms"), NotTrue,
     "'hear: wrong-pin' at 0.1 s: heard "),
    (lambda house: house.caller("anna").hears("wrong-pin", times=2, within="40 ms"), NotTrue,
     "it was heard 0 of 2 times; heard "),
    (lambda house: house.caller("anna").hears(house.caller("bela"), within="40 ms"), NotTrue, "{voice: bela}"),
    (lambda house: house.bridge.expects("anna: joined"), NotTrue, "'anna: joined' at 0.0 s: anna never dialled"),
    (lambda house: house.directory.do("let pass", "1 h"), Slip, "there is no desk here: name an organizer first"),
    (lambda house: [house.caller("anna").dial(), house.caller("anna").dial()], Slip, "anna dials twice"),
    (lambda house: house.caller("a:b").dial(), Slip, "cannot be a caller's name"),
    (lambda house: [house.caller("anna").dial(), house.directory.meeting("7654321")], Slip,
     "'meetings' is said before the first caller does anything"),
    (lambda house: house.clock.passes("soon"), Slip, "'soon' is not a length of time"),
])
def test_story_in_python_when_something_is_not_so_then_one_sentence_with_the_line(house, act, error, why):
    house.directory.meeting("1234567")
    house.caller("anna")
    with pytest.raises(error, match=re.escape(why)) as raised:
        act(house)
    assert "test_plugin.py" in str(raised.value) or "before" in why


def test_agent_in_python_when_it_acts_then_what_is_expected_of_it_is_judged(house):
    async def keys(call):
        await call.press(",1234567#")
        async for _ in call:
            pass

    house.directory.meeting("1234567", pin="48215")
    anna, bot = house.caller("anna"), house.agent("bot", keys)
    bot.dial()
    bot.presses("1234567#", within="10 s")
    bot.is_in("organizer-question")
    anna.press("1234567#")
    house.bridge.expects("digits of bot: 1234567#", "bot: never joined")
    with pytest.raises(NotTrue, match=r"bot: 'presses: 1' at .*: it pressed nothing"):
        bot.presses("1", within="1 s")
    with pytest.raises(Slip, match="the step 'press' is not for an agent"):
        bot.press("1")


@pytest.mark.parametrize(("cut", "wrong"), [
    (False, ""), (True, "'hear: welcome, cut' at 2.6 s: it was said to its end")])
def test_story_in_python_when_it_ends_then_what_was_heard_is_judged_as_in_a_file(cut, wrong):
    made = House(Path(__file__))
    anna = CallerInTest(made, "anna")
    anna.hears("welcome", cut=cut)
    anna.wait("5 s")
    if wrong:
        with pytest.raises(NotTrue, match=re.escape(wrong)):
            made.close()
    else:
        made.close()


def test_story_in_python_when_nobody_does_anything_in_a_house_that_cannot_be_then_a_slip_with_its_line():
    made = House(Path(__file__))
    made.say("meetings", {"conference id": "123"}, more=True)
    said = sys._getframe().f_lineno - 1
    made.say("profile", "teams")
    with pytest.raises(Slip, match=rf"test_plugin.py:{said}: "):
        made.close()
