"""TwiML is read into verbs, or told off in one sentence with its line."""

import pytest

from ivr.custom.twiml.elements import MOST_BYTES, BadTwiml
from ivr.custom.twiml.reading import read_twiml
from ivr.custom.twiml.verbs import (
    ConferenceNoun,
    DialVerb,
    GatherVerb,
    HangupVerb,
    PauseVerb,
    PlayVerb,
    RecordVerb,
    RedirectVerb,
    RejectVerb,
    SayVerb,
)


def read(inside):
    return read_twiml(f"<Response>{inside}</Response>".encode())


def test_twiml_when_every_verb_is_in_it_then_read_with_what_is_documented_where_an_attribute_lacks():
    verbs = read("""<!-- all --><Say>Good
       day</Say><Play loop="2">a.wav</Play><Pause/><Gather/><Record/><Redirect>/next</Redirect>
       <Reject/><Hangup/><Dial>(415) 555-0199</Dial>""").verbs
    assert verbs == (
        SayVerb(line=1, text="Good day"), PlayVerb(line=2, url="a.wav", loop=2), PauseVerb(line=2, length=1),
        GatherVerb(line=2, timeout=5, finish="#", most=0, method="POST", on_empty=False, barge_in=True),
        RecordVerb(line=2, timeout=5, finish="1234567890*#", longest=3600, beep=True),
        RedirectVerb(line=2, url="/next"), RejectVerb(line=3, reason="rejected"), HangupVerb(line=3), verbs[-1])
    assert (verbs[-1].timeout, verbs[-1].limit, verbs[-1].numbers[0].number) == (30, 14_400, "4155550199")


def test_twiml_when_attributes_are_given_then_each_counts():
    gather, record, dial = read(
        '<Gather numDigits="4" finishOnKey="" timeout="9" actionOnEmptyResult="true" bargeIn="false" method="GET" '
        'action="/a?b=1&amp;c=2" input="dtmf speech"><Say language="fr-FR" loop="0">Oui</Say><Pause length="2"/>'
        '<Play digits="1w2"/></Gather>'
        '<Record maxLength="9" finishOnKey="*" playBeep="false" timeout="2"/>'
        '<Dial timeout="7" timeLimit="60" action="/d"><Number statusCallback="/s" '
        'statusCallbackEvent="initiated answered">+14255550199</Number><Number>+14255550198</Number></Dial>').verbs
    assert (gather.most, gather.finish, gather.timeout, gather.on_empty, gather.barge_in) == (4, "", 9, True, False)
    assert (gather.method, gather.action) == ("GET", "/a?b=1&c=2")
    assert gather.prompts == (SayVerb(line=1, text="Oui", language="fr-FR", loop=0), PauseVerb(line=1, length=2),
                              PlayVerb(line=1, digits="1w2"))
    assert (record.longest, record.finish, record.beep, record.timeout) == (9, "*", False, 2)
    assert isinstance(dial, DialVerb)
    assert dial.numbers[0].callback.events == {"initiated", "answered"}
    conference = read('<Dial><Conference startConferenceOnEnter="false" endConferenceOnExit="true" waitUrl="" '
                      'beep="onEnter" muted="true" maxParticipants="9" statusCallback="/s" '
                      'statusCallbackEvent="join leave">room</Conference></Dial>').verbs[0].conference
    assert isinstance(conference, ConferenceNoun)
    assert (conference.starts, conference.ends, conference.wait_url, conference.beep, conference.muted) == (
        False, True, "", "onEnter", True)
    assert read("<Dial><Conference>room</Conference></Dial>").verbs[0].conference.wait_url is None


def test_twiml_when_an_attribute_is_unknown_then_passed_over_and_told_and_what_needs_no_simulator_is_not():
    document = read('<Gather numDigts="1" hints="a"><Say voice="Polly.Amy" loud="yes">Hi</Say></Gather>')
    assert [slip.partition(";")[0] for slip in document.slips] == [
        "line 1: Say has no 'loud'", "line 1: Gather has no 'numDigts'"]
    assert "did you mean 'numDigits'" in document.slips[1]
    document = read("<Say " + " ".join(f"a{n}=''" for n in range(29)) + ">x</Say>")
    assert (len(document.slips), document.slips[-1]) == (21, "and 9 more")
    document = read('<Record transcribe="true" transcribeCallback="/t"/><Dial record="do-not-record">+1</Dial>')
    assert document.slips == ("line 1: Record's transcribe is passed over: nothing is transcribed here",)


@pytest.mark.parametrize(("data", "line", "sentence"), [
    (b"", 0, "is empty"), (b"hello", 1, "no XML"), (b"<Response>\n<Say>", 2, "no XML"),
    (b"<Respond/>", 1, "begins with <Response>"),
    (b"<Response>\n\n<Sya>x</Sya></Response>", 3, "there is no verb 'Sya' here; did you mean 'Say'?"),
    (b"<Response><say>x</say></Response>", 1, "did you mean 'Say'?"),
    (b"<Response>x<Say>y</Say></Response>", 1, "put it into <Say>"),
    (b"<Response><Say><Play>x</Play></Say></Response>", 1, "Say has no 'Play' in it"),
    (b"<Response><Gather>\n<Dial/></Gather></Response>", 2, "there is no 'Dial' in a Gather"),
    (b"<Response><Gather timeout='soon'/></Response>", 1, "Gather's timeout is 'soon': it takes a whole number"),
    (b"<Response><Gather numDigits='0'/></Response>", 1, "from 1 to 1000"),
    (b"<Response><Gather method='PUT'/></Response>", 1, "one of GET, POST"),
    (b"<Response><Gather finishOnKey='12'/></Response>", 1, "it takes a key"),
    (b"<Response><Gather input='words'/></Response>", 1, "one of dtmf, speech"),
    (b"<Response><Play/></Response>", 1, "plays nothing"),
    (b"<Response><Dial/></Response>", 1, "Dial dials one to ten numbers"),
    (b"<Response><Dial>Bob</Dial></Response>", 1, "no number to dial"),
    (b"<Response><Dial><Sip>sip:a@b</Sip></Dial></Response>", 1, "Dial has no 'Sip' here"),
    (b"<!DOCTYPE r [<!ENTITY a 'x'>]><Response><Say>&a;</Say></Response>", 1, "leave out <!DOCTYPE>"),
    (b"<Response><Say>&nbsp;</Say></Response>", 1, "no XML"),
    (b"<?xml version='1.0' encoding='klingon'?><Response/>", 0, "no XML"),
    (b"<Response>" * 40, 1, "nested more than 6 deep"),
    (b"<Response>" + b"<Pause/>" * 500 + b"</Response>", 1, "more than 400 elements"),
    (b"<Response><Say>" + b"a " * 2100 + b"</Say></Response>", 1, "4000 at most"),
    (b"<Response><Say>" + b"a" * MOST_BYTES + b"</Say></Response>", 0, "more than 65536 bytes"),
])
def test_twiml_when_it_is_wrong_then_one_sentence_with_the_line(data, line, sentence):
    with pytest.raises(BadTwiml) as caught:
        read_twiml(data)
    assert (caught.value.line, "\n" in str(caught.value)) == (line, False)
    assert sentence in str(caught.value)
