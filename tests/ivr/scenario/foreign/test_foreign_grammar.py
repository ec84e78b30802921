"""Who is called, and what a story cannot ask of an IVR that is not ours."""

from pathlib import Path

import pytest
from farside import story

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.reading import BadFile
from ivr.scenario.grammar import Words, parse
from ivr.scenario.player import play
from ivr.scenario.target import BadTarget, Target, target

WORDS = Words(prompts().names(), PROFILES)
PLAIN = story(["dial"])


@pytest.mark.parametrize(("text", "read", "uri"), [
    ("sip:1000@192.0.2.1", Target("1000", "192.0.2.1"), "sip:1000@192.0.2.1"),
    ("SIP:+1425@pbx.example.com:5070;transport=TCP", Target("+1425", "pbx.example.com", 5070, "TCP"),
     "sip:+1425@pbx.example.com:5070;transport=tcp"),
    ("sips:a@b", Target("a", "b", 5061, "TLS"), "sip:a@b;transport=tls"),
    ("sip:[2001:db8::1]:5080", Target("", "2001:db8::1", 5080), "sip:[2001:db8::1]:5080")])
def test_a_target_when_it_is_a_sip_uri_then_read_and_written_as_it_came(text, read, uri):
    assert target(text) == read
    assert read.uri() == uri
    assert "sip:7@" in read.uri("7")


@pytest.mark.parametrize(("text", "said"), [
    ("tel:+1425", "is nobody to call"), ("sip:", "is nobody to call"), ("sip:a b@c", "is nobody to call"),
    ("sip:a@b:0", "has no port"), ("sip:a@b:99999", "has no port"),
    ("sip:a@b;transport=sctp", "goes by 'sctp'"), ("sip:a@b;lr", "has 'lr'")])
def test_a_target_when_it_is_none_then_one_sentence(text, said):
    with pytest.raises(BadTarget, match=said):
        target(text)




def at(*steps, more="", card="soundcard"):
    return story(["dial", *steps], more, target=card)


REFUSED = {
    "state": (story(["dial", "in: lobby"]), ":5: the step 'in' asks in which state the call is"),
    "state ended": (story(["dial", "in: ended"]), "'ended' waits until it has hung up"),
    "a state of another": (story(["dial"]) + "  bela:\n    - wait for: {caller: anna, in: lobby}\n",
                           "wait for what he hears, as in {caller: anna, hears: music}"),
    "the same tick": (story(["dial", "{hear: joining, same tick as: {caller: bela, hears: joining}}"])
                      + "  bela:\n    - dial\n", "'same tick as' is for calls of a bridge of ours"),
    "expectation": (PLAIN + "expect:\n  - anna: joined\n", ":5: 'expect' is about what the bridge knows"),
    "desk": (PLAIN + "organizers:\n  - address: a@b.example\n", "'organizers' is about the administrator's desk"),
    "app": (PLAIN + "app:\n  - wait: 1 s\n", "'app' is about people with the app"),
    "own ivr": (PLAIN + "ivr: own.yaml\n", "'ivr' is about an IVR of your own"),
    "in the app": (PLAIN + "meetings:\n  - conference id: 1234567\n    started in the app at: 3 s\n",
                   ":7: 'started in the app at' is done by our own bridge"),
    "no target": (story(["dial"], target="nobody"), ":1: 'nobody' is nobody to call"),
    "way of keys": (story(["dial"], "dtmf: inband\n"), ":2: keys do not go by 'inband'"),
    "code": (story(["dial", "refused: 200"]), "'200' is no code of a refusal"),
    "value": (story(["dial", "answered: 3 s"]), "'answered' takes no value"),
    "field": (story(["dial", "answered:", "within: 1 s", "early: yes"]), "'answered' has no 'early'"),
    "codec": (story(["dial", "hear: {codec: OPUS}"]), "there is no codec 'OPUS'"),
    "digits": (story(["dial", "hear: {digits: 12x}"]), "'x' is no digit"),
    "recording": (story(["dial", "hear: {recording: no.wav}"]), "no such recording"),
    "music": (story(["dial", "hear: {music: no.wav}"]), "there is no recording 'no.wav'"),
    "at a card: two callers": (at() + "  bela:\n    - dial\n",
                               ":5: a sound card is the line of one caller, and bela is"),
    "at a card: participants": (at() + "participants:\n  rita:\n    - mute\n",
                                "'participants' is about people with the app"),
    "at a card: a state": (at("in: lobby"), ":5: the step 'in' asks in which state"),
    "at a card: ended": (at("ended"), ":5: the step 'ended' asks what a line tells beside"),
    "at a card: refused": (at("refused: 486"), "hear busy instead"),
    "at a card: number": (at("dial: {number: '+14255550100'}"), ":5: at a sound card nobody is dialled"),
    "at a card: codec": (at("hear: {codec: PCMU}"), "a codec is about a call that is set up"),
    "at a card: early": (at("hear: music", "early: yes"), "'early' is about a call"),
    "at a card: events": (at(more="dtmf: events\n"), ":2: at a sound card keys are heard as sound"),
    "at a card: another word": (at(card="{soundcard: {mic: USB}}"),
                                "a sound card has no 'mic'; it takes microphone, rate"),
    "at a card: another target": (at(card="{card: USB}"), "who is called has no 'card'"),
    "at a card: rate": (at(card="{soundcard: {rate: 44.1}}"), "'44.1' is no rate for a call"),
}
OUT_ONLY = {"refused": "refused: 486", "transferred": "transferred: sip:1", "codec": "hear: {codec: PCMU}"}


@pytest.mark.parametrize("name", REFUSED)
def test_a_story_of_a_call_out_when_it_cannot_be_meant_then_one_sentence_with_its_line(name):
    text, said = REFUSED[name]
    with pytest.raises(BadFile) as caught:
        parse(text, Path("story.yaml"), WORDS)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", OUT_ONLY)
def test_a_step_of_calls_out_when_nobody_is_called_then_it_says_what_to_name(name):
    text = story(["dial", OUT_ONLY[name]]).partition("\n")[2]
    with pytest.raises(BadFile, match="name a 'target', or use 'ivr call'"):
        parse(text, Path("story.yaml"), WORDS)


def test_a_story_that_calls_somebody_else_when_it_is_to_be_played_here_then_refused():
    with pytest.raises(BadFile, match=r"story\.yaml:1: this story calls sip:1000@127\.0\.0\.1"):
        play(parse(PLAIN, Path("story.yaml"), WORDS), stage())


def test_digits_that_a_story_of_a_call_out_presses_then_not_shown_as_nobody_knows_whose_pin_they_are():
    read = parse(story(["dial", 'press: "4711#,12"']), Path("story.yaml"), WORDS)
    assert [step.said for step in read.callers[0].steps] == ["dial", "press: ****#,12"]
    assert "4711" not in repr(read)


def test_digits_that_are_heard_then_shown_but_for_a_pin_that_the_story_has():
    text = story(["dial", "hear: {digits: 4711}", "hear: {digits: 48215}"],
                 "meetings:\n  - conference id: 1234567\n    pin: 48215\n")
    read = parse(text, Path("story.yaml"), WORDS)
    assert [step.said for step in read.callers[0].steps[1:]] == ["hear: {digits: 4711}", "hear: {digits: ****}"]
