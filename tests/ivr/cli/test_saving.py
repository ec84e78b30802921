"""`ivr phone --save-story`: a call by keypad and microphone becomes a story, which goes as the call went."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import numpy as np
import pytest
import yaml
from servers import at_work

import dtmf
from dtmf.audiofile import read
from ivr.assembly import assembled
from ivr.cli.called import called_own
from ivr.cli.calledas import CalledAs
from ivr.cli.callees import callees
from ivr.cli.faults import UsageError
from ivr.cli.kit import outside, prompts, stage
from ivr.cli.saving import CallKeeper, check_saved_number, happened
from ivr.clock import FRAME, RATE, samples
from ivr.conference.profile import PROFILES, profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.handsets import Handsets
from ivr.journal import Journal
from ivr.lines.soundcard.line import SoundCardLine
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import play

AMOS = Meeting("1234567", "48215", "Amos")
WORDS = Words(prompts().names(), PROFILES)


class Microphone:
    """A sound card in memory, whose microphone hears what it is given."""

    def __init__(self):
        self.heard = np.zeros(FRAME, np.int16)

    def play(self, frame):
        """Play to nobody."""


def conference(trunks, journal):
    """Return the exchange before a conference."""
    return assembled(stage(), Meetings([AMOS]), profile("teams2021"), trunks, journal=journal,
                     numbers={"+33140000000": ("fr-FR",)})[1]


def called(typed, *, until, hangs_up=True, spoken=(), house=conference, **numbers):
    """Make a call in which keys are typed, and sounds come to the microphone, at moments in seconds."""
    card, keeper, journal = Microphone(), CallKeeper("caller"), Journal()
    journal.add(keeper)
    line = SoundCardLine("caller", card, tape=keeper.tape.take, **numbers)
    exchange = house([Handsets([line], can=frozenset())], journal)
    due = sorted((samples(at), keys) for at, keys in typed)
    sound = np.zeros(samples(until) + RATE, np.int16)
    for at, clip in spoken:
        sound[samples(at):samples(at) + len(clip)] = clip
    now = 0
    while now < samples(until) and (line.on_the_line or not now):
        while due and due[0][0] <= now:
            line.press(due.pop(0)[1])
        card.heard = sound[now:now + FRAME]
        exchange.step()
        now += FRAME
    if line.on_the_line and hangs_up:
        line.hang_up()
        exchange.step()
    return keeper, journal


def one_by_one(keys, at, every=0.35):
    return [(at + n * every, key) for n, key in enumerate(keys)]


CALLS = {
    "the organizer, by type-ahead": ([(3.0, "1234567#*48215#")], 16.0, ["pin"]),
    "the organizer, key by key": ([*one_by_one("1234567#", 4.1), (9.5, "*"), *one_by_one("48215#", 13.0)], 26.0,
                                  ["pin"]),
    "a wrong PIN, then the right one": ([(1.0, "1234567#*90371#"), (12.0, "48215#")], 20.0, ["pin", "keys1"]),
    "unknown, then too short": ([(6.0, "9999999#"), (18.0, "123#")], 30.0, ["keys1"]),
    "in the lobby with music": ([(6.0, "1234567#"), (9.0, "1"), (13.8, "#"), (38.0, "*6")], 45.0, ["pin"]),
    "a PIN at the wrong place, and right": ([(1.0, "48215#"), (9.0, "1234567#*48215#")], 20.0, ["pin"]),
    "a PIN too late, and a slow one": ([(1.0, "1234567#"), (3.5, "4"), (9.0, "8215"), (20.0, "*6")],
                                       26.0, ["pin", "keys1", "keys2"]),
    "a PIN with pauses": ([(1.0, "1234567#*"), (4.0, "48"), (6.5, "21"), (9.0, "5#")], 16.0, ["pin"]),
    "nobody does anything": ([], 90.0, []),
}


KEYED = {"a wrong PIN, then the right one": "90371", "unknown, then too short": "123",
         "a PIN too late, and a slow one": "4"}


def test_music_when_a_key_is_ignored_in_it_then_the_story_expects_it_before_and_after(tmp_path):
    keeper, _ = called([(3.0, "1234567#"), (9.0, "1#"), (38.0, "55")], until=52.0)
    path = tmp_path / "call.yaml"
    assert keeper.save(path, [AMOS]) == 0
    told = yaml.safe_load(path.read_text())["callers"]["caller"]
    after = told[next(n for n, one in enumerate(told) if one == {"press": "55"}) + 1]
    assert after["hear"] == "hold-music"
    assert float(after["for"].split()[0]) > 12


@pytest.mark.parametrize("name", CALLS)
def test_a_call_when_it_is_saved_then_the_story_goes_as_it_went_and_shows_no_pin(
        name, tmp_path, capsys, pins_leaked):
    typed, until, variables = CALLS[name]
    keeper, journal = called(typed, until=until)
    path = tmp_path / "call.yaml"
    code = keeper.save(path, [AMOS])
    text = path.read_text()
    told = capsys.readouterr()
    assert (code, told.err) == (0, ""), text + told.err
    assert list(yaml.safe_load(text).get("vars") or {}) == variables
    assert not pins_leaked(text + told.out)
    given = {"pin": "48215", "keys1": KEYED.get(name, ""), "keys2": "8215"}
    result = play(load(path, Words(WORDS.prompts, PROFILES, given=given)), stage())
    assert result.passed
    assert happened(result.journal.entries, "caller") == happened(journal.entries, "caller")


def test_a_call_when_something_was_said_in_it_then_it_is_in_files_beside_the_story_without_keys(tmp_path):
    voice = stage().studio.say("Rita Quartz", stage().voice_of("rita"))
    pressed = dtmf.encode("48215#", RATE)
    keeper, journal = called([(1.0, "1234567#1")], until=24,
                             spoken=[(6.6, voice), (8.6, dtmf.encode("#", RATE)), (15, pressed)])
    assert journal.of("name")[0].facts["recorded"]
    path = tmp_path / "call.yaml"
    assert keeper.save(path, [AMOS]) == 0
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["call-1.wav", "call.yaml"]
    said, rate = read(tmp_path / "call-1.wav")
    assert (rate, dtmf.decode(said[:, 0], rate)) == (RATE, [])
    again = play(load(path, Words(WORDS.prompts, PROFILES, given={"pin": "90371", "keys1": "48215"})), stage())
    assert again.journal.of("name")[0].facts["recorded"]


def test_a_call_when_the_room_is_loud_and_somebody_keys_while_he_speaks_then_only_words_are_in_files(tmp_path):
    noise = np.random.default_rng(17).normal(0, 250, 24 * RATE).astype(np.int16)  # some -38 dBm0
    words = stage().studio.say("I am coming, I am coming, I am coming", stage().voice_of("rita"))
    noise[samples(15):samples(15) + len(words)] += words
    keeper, _ = called([(4.0, "1234567#"), (16.0, "#")], until=23, spoken=[(0, noise)])
    path = tmp_path / "call.yaml"
    assert keeper.save(path, [AMOS]) == 0
    steps = [line.strip("- ").partition(":")[0] for line in path.read_text().splitlines() if "    - " in line]
    assert [step for step in steps if step in ("press", "play")] == ["press", "play", "press", "play"]
    assert steps.index("hear") < steps.index("press")


LINE = """\
title: Orders
numbers: ["+14255550100"]
languages: en-US, fr-FR
start: tongue
tongue: {choose: language, then: menu}
menu: {say: {en-US: "Press 1 for orders.", fr-FR: "Pour vos commandes, tapez 1."}, keys: {1: pin, 0: person}}
pin:
  collect: {digits: 5, say: {en-US: "Key in your PIN, please.", fr-FR: "Votre code."}, secret: yes}
  into: code
  then: bye
person: {transfer: "+14255550199", busy: bye, no answer: bye}
bye: {say: {en-US: "Goodbye, and thank you.", fr-FR: "Au revoir, et merci."}, then: hang up}
"""


def own_line(tmp_path, rung=None):
    """Return an IVR of one's own, the exchange before it, and how it is saved."""
    file = tmp_path / "line.yaml"
    file.write_text(LINE, encoding="utf-8")
    own = called_own(file, stage(), (), live=False)
    rung = rung or {}

    def house(trunks, journal):
        return own.assembled([*trunks, *own.dialled(callees(own.own, rung, own.sounds))], journal=journal)[1]
    return house, CalledAs(own=own.own, file=file, phone="+14255550123", rung=rung)


@pytest.mark.parametrize(("typed", "until", "rung", "steps"), [
    ([(1.0, "1"), (6.5, "1"), (9.0, "48215")], 30.0, {}, ["hear: menu", "hear: pin", '"${keys1}"', "hear: bye"]),
    ([(1.0, "2"), (7.5, "0")], 30.0, {"busy": ["+14255550199"]}, ["{prompt: bye, language: fr-FR}", "ended:"]),
    ([(1.0, "1"), (6.5, "0")], 20.0, {"answers": ["+14255550199"]}, ['press: "0"', 'say: "Hello, who']),
])
def test_a_call_to_an_ivr_of_ones_own_when_it_is_saved_then_the_story_names_its_file_and_goes_as_it_went(
        tmp_path, capsys, pins_leaked, typed, until, rung, steps):
    house, how = own_line(tmp_path, rung)
    keeper, journal = called(typed, until=until, house=house, number="+14255550100", phone=how.phone)
    (tmp_path / "stories").mkdir()
    path = tmp_path / "stories" / "call.yaml"
    code = keeper.save(path, [], called=how)
    text = path.read_text()
    assert (code, capsys.readouterr().err) == (0, ""), text
    assert 'ivr: "../line.yaml"' in text
    assert '- dial: {from: "+14255550123"}' in text
    assert [step for step in steps if step not in text] == []
    assert [*(yaml.safe_load(text).get("vars") or {})] == (["keys1"] if "48215" in dict(typed).values() else [])
    assert not pins_leaked(text)
    again = play(load(path, Words(WORDS.prompts, PROFILES, given={"keys1": "48215"})), stage())
    assert again.passed
    assert happened(again.journal.entries, "caller") == happened(journal.entries, "caller")


def test_a_call_to_an_application_when_it_is_saved_then_its_url_stands_beside_and_what_it_said_in_the_story(
        tmp_path, capsys):
    class App(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            said = (f"<Say>You pressed it, {asked['From'][0][-2:]}.</Say>" if "Digits" in asked else
                    '<Gather numDigits="1"><Say>Press &quot;1&quot; for a repair: now.</Say></Gather>')
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(f"<Response>{said}</Response>".encode())

        def log_message(self, *_):
            """Say nothing."""

    with at_work(ThreadingHTTPServer(("127.0.0.1", 0), App)) as port:
        url = f"http://127.0.0.1:{port}/voice"
        own = called_own(url, stage(), (), live=False)
        keeper, journal = called([(4.0, "1")], until=15, house=lambda *given: own.assembled(
            given[0], journal=given[1])[1], phone="+14255550123")
        path = tmp_path / "call.yaml"
        code = keeper.save(path, [], called=CalledAs(own=own.own, file=url, phone="+14255550123"))
        text = path.read_text()
        assert (code, capsys.readouterr().err) == (0, ""), text
        assert 'ivr: "call-app.yml"' in text
        assert '- hear: {text: "Press \\"1\\" for a repair: now."}' in text
        again = play(load(path, Words(WORDS.prompts, PROFILES, given={"keys1": "1"})), outside(stage()))
    assert again.passed, again.failures
    assert happened(again.journal.entries, "caller") == happened(journal.entries, "caller")
    assert yaml.safe_load((tmp_path / "call-app.yml").read_text())["twiml"] == url


def test_a_call_of_another_number_when_it_is_saved_then_the_story_dials_it_in_its_language(tmp_path, capsys):
    keeper, _ = called([(3.0, "1234567#"), (8, "1")], until=14, number="+33140000000")
    path = tmp_path / "call.yaml"
    code = keeper.save(path, [AMOS], called=CalledAs(number="+33140000000", languages=("fr-FR",)))
    text = path.read_text()
    assert (code, capsys.readouterr().err) == (0, ""), text
    assert "languages: fr-FR" in text
    assert '- dial: {number: "+33140000000"}' in text
    assert "- hear: organizer-question" in text


def test_a_call_to_voice_mail_when_it_is_to_be_saved_then_refused_before_it_is_made(tmp_path):
    with pytest.raises(UsageError, match=r"--called \+14255550150 leads to voice mail"):
        check_saved_number(tmp_path / "call.yaml", "+14255550150", {"+14255550150"})
    check_saved_number(None, "+14255550150", {"+14255550150"})


@pytest.mark.parametrize(("words", "said"), [
    (["--save-story", "{tmp}/old.yaml"], "old.yaml is there already: name another file, or move it away"),
    (["--save-story", "{tmp}/call.txt"], "call.txt is no name of a story: one ends in .yaml"),
    (["--save-story", "{tmp}/no/call.yaml"], "the folder {tmp}/no is not there"),
])
def test_a_call_when_it_cannot_be_saved_so_then_refused_before_it_is_made(refused, tmp_path, words, said):
    (tmp_path / "old.yaml").touch()
    assert said.format(tmp=tmp_path) in refused("phone", "--meeting", "1234567", *(
        word.format(tmp=tmp_path) for word in words))
    assert [file.name for file in tmp_path.iterdir()] == ["old.yaml"]
