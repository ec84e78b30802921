"""Calls that an application in TwiML leads: what is heard, what it is told, and what becomes of its mistakes."""

import base64
import hashlib
import hmac

import numpy as np
import pytest

from dtmf.audiofile import write
from ivr.cli.kit import stage
from ivr.custom.twiml.asking import Fetched, signature
from tests.ivr.custom.twiml.conftest import Application, anna, said, states

MENU = '<Gather numDigits="1" action="/menu"><Say>Press 1 for orders.</Say></Gather><Say>Nothing was pressed.</Say>'


def heard(text):
    return f'hear: {{text: "{text}"}}'


def test_call_when_it_is_answered_then_the_application_is_told_who_calls_and_what_follows_is_signed(call):
    app = Application(voice=MENU, menu="<Say>Thank you.</Say>")
    result = call(app, '  anna:\n    - dial: {from: "+14255550123", number: "+14255550100"}\n'
                  '    - hear: {text: "Press 1 for orders."}\n    - press: 1\n    - hear: {text: Thank you.}\n'
                  "    - in: ended\n", token="a-" + "token")
    assert not result.failures, result.failures
    first, second = app.asked
    assert dict(first.fields) == {
        "AccountSid": "AC" + "0" * 32, "ApiVersion": "2010-04-01", "CallSid": first.fields["CallSid"],
        "CallStatus": "ringing", "Direction": "inbound", "From": "+14255550123", "Caller": "+14255550123",
        "To": "+14255550100", "Called": "+14255550100"}
    assert second.fields["CallSid"] == first.fields["CallSid"]
    assert len(first.fields["CallSid"]) == 34
    assert (second.fields["Digits"], second.fields["CallStatus"]) == ("1", "in-progress")
    text = second.url + "".join(name + second.fields[name] for name in sorted(second.fields))
    assert second.headers["X-Twilio-Signature"] == base64.b64encode(
        hmac.new(b"a-token", text.encode(), hashlib.sha1).digest()).decode()
    assert states(result) == ["gather", "say", "ended"]


def test_signature_then_the_one_that_others_publish():
    fields = {"CallSid": "CA1234567890ABCDE", "From": "+12349013030", "To": "+18005551212",
              "Caller": "+12349013030", "Digits": "1234"}
    assert signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields) == (
        "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")


@pytest.mark.parametrize(("gather", "keys", "digits"), [
    ('numDigits="4"', "1234", "1234"), ("", "12#", "12"), ('finishOnKey="*"', "1#2*", "1#2"),
    ('timeout="1"', "77", "77"), ('finishOnKey="" numDigits="3"', "1#*", "1#*"), ("", '"#5#"', "5"),
])
def test_gather_when_keys_come_then_the_action_is_told_those_that_count(call, gather, keys, digits):
    app = Application(voice=f'<Gather {gather} action="/menu"><Say>Your number, please.</Say></Gather>',
                      menu="<Say>Thank you.</Say>")
    result = call(app, anna(heard("Your number, please."), f"press: {keys}", heard("Thank you.")))
    assert not result.failures, result.failures
    assert app.fields("/menu")["Digits"] == digits


def test_gather_when_nothing_is_keyed_then_on_with_the_next_verb_or_the_action_if_it_wants_that(call):
    app = Application(voice=MENU)
    result = call(app, anna(heard("Nothing was pressed."), "in: ended"))
    assert not result.failures
    assert app.paths() == ["/voice"]
    app = Application(voice='<Gather action="/menu" actionOnEmptyResult="true" timeout="1"/><Say>Not this.</Say>',
                      menu="<Say>Thank you.</Say>")
    result = call(app, anna(heard("Thank you."), "in: ended"))
    assert not result.failures
    assert app.fields("/menu")["Digits"] == ""


def test_gather_when_it_says_that_nobody_barges_in_then_it_is_said_to_its_end(call):
    app = Application(menu="", voice='<Gather numDigits="1" bargeIn="false" action="/menu">'
                      "<Say>Press any key you like.</Say></Gather>")
    result = call(app, anna("wait: 100 ms", "press: 5", "in: ended"))
    assert [entry.facts["interrupted"] for entry in result.journal.of("prompt")] == [False]
    assert app.fields("/menu")["Digits"] == "5"


def test_gather_when_it_has_no_action_then_its_own_document_is_asked(call):
    app = Application(voice=lambda fields: "<Say>Thank you.</Say>" if "Digits" in fields else
                      '<Gather numDigits="1"><Say>Press 1.</Say></Gather>')
    result = call(app, anna(heard("Press 1."), "press: 1", heard("Thank you.")))
    assert not result.failures
    assert app.paths() == ["/voice", "/voice"]


SPEECH = ('<Gather input="speech" action="/said" speechTimeout="1"><Say>What do you want?</Say></Gather>'
          "<Say>Well.</Say>")


@pytest.mark.parametrize(("gather", "steps", "told"), [
    (SPEECH, [heard("What do you want?"), "say: My orders, please"], "My orders, please"),
    (SPEECH, ["wait: 200 ms", "say: My orders", "wait: 500 ms", "say: of today"], "My orders of today"),
    (SPEECH, [heard("What do you want?"), "press: 1", "play: {file: said.wav, says: A pizza}"], "A pizza"),
    (SPEECH.replace("speech", "dtmf speech", 1), [heard("What do you want?"), "say: A pizza"], "A pizza"),
    (SPEECH.replace("speech", "dtmf speech", 1), [heard("What do you want?"), "press: 12#"], None),
    (SPEECH, [heard("Well.")], ""),
    (SPEECH.replace("action", 'actionOnEmptyResult="true" action'), [], None)])
def test_gather_when_words_are_said_then_the_action_is_told_them_as_the_story_knows_them(
        call, tmp_path, gather, steps, told):
    write(tmp_path / "said.wav", stage().studio.say("A pizza", stage().voice_of("rita")), 8000)
    app = Application(voice=gather, said="")
    result = call(app, anna(*steps, "in: ended"))
    assert not result.failures, result.failures
    if told == "":
        assert app.paths() == ["/voice"]
        return
    fields = app.fields("/said")
    if told is None:
        assert fields.get("Digits", fields.get("SpeechResult")) in ("12", "")
    else:
        assert (fields["SpeechResult"], fields["Confidence"], "Digits" in fields) == (told, "0.9", False)
        entered = result.journal.of("entered")[0]
        assert (entered.facts["entry"], entered.facts["digits"]) == ("speech", "****")


def test_gather_when_words_are_said_before_it_or_nobody_may_barge_in_then_they_are_not_told(call):
    app = Application(voice="<Pause length='3'/>" + SPEECH.replace("input", 'bargeIn="false" input'), said="")
    result = call(app, anna("say: My orders", "wait: 2 s", "say: at once", heard("Well."), "in: ended"))
    assert not result.failures, result.failures
    assert app.paths() == ["/voice"]


def test_call_when_digits_are_keyed_then_nothing_shows_them_unless_the_file_says_so(call):
    app = Application(voice='<Gather action="/menu?x=1"><Say>Your PIN, please.</Say></Gather>',
                      menu=lambda fields: f"<Say>You keyed {fields['Digits']}, that is 4 8 2 1 5.</Say>"
                      f"<Redirect>/{fields['Digits']}/next</Redirect>")
    steps = anna(heard("Your PIN, please."), "press: 48215#", heard("You keyed 48215, that is 4 8 2 1 5."),
                 "in: ended")
    result = call(app, steps)
    assert not result.failures, result.failures
    assert "48215" in str(app.paths())
    assert "You keyed ****, that is ****." in said(result)
    for text in (result.journal.text(), result.journal.json_lines()):
        assert "48215" not in text
        assert "4 8 2 1 5" not in text
    shown = call(app, steps, line="secret: no\n")
    assert "48215" in shown.journal.text()


def test_verbs_when_keys_come_meanwhile_then_nobody_reads_them_and_time_passes(call):
    app = Application(voice='<Say loop="2">Please hold the line.</Say><Pause length="4"/><Redirect>/on</Redirect>'
                      "<Say>Never.</Say>", on="<Say>Hello again.</Say>")
    result = call(app, anna(heard("Please hold the line."), "press: 5", "press: 6", heard("Hello again."),
                            "in: ended"))
    assert not result.failures, result.failures
    assert states(result) == ["say", "say", "pause", "say", "ended"]
    at = [entry.at for entry in result.journal.of("state") if entry.facts["state"] in ("pause", "application")]
    assert at[2] - at[1] == pytest.approx(32_000, abs=160)
    assert not any("5" in str(entry.facts.get("key")) for entry in result.journal.of("key"))


def test_play_when_there_is_a_recording_then_heard_fetched_once_and_by_either_address(call, tmp_path):
    rng = np.random.default_rng(7)
    tune = np.convolve(rng.normal(0, 3000, 8000), np.ones(4) / 4, "same").astype(np.int16)
    app = Application(voice='<Play>tune.wav</Play><Play loop="2">/tune.wav</Play>', tune=tune)
    from dtmf.audiofile import write
    write(tmp_path / "tune.wav", tune, 8000)
    result = call(app, anna(*["hear: {recording: tune.wav}"] * 3, "in: ended"))
    assert not result.failures, result.failures
    assert app.paths() == ["/voice", "/tune.wav"]
    assert said(result) == ["/tune.wav"] * 3
    assert app.asked[1].fields == {}


def test_record_when_a_message_is_left_then_the_action_is_told_where_it_is_and_it_can_be_played(call):
    kept = []
    app = Application(
        voice='<Say>After the tone.</Say><Record action="/rec" timeout="1"/><Say>Nobody spoke.</Say>',
        rec=lambda fields: f"<Say>You said.</Say><Play>{fields['RecordingUrl']}</Play><Say>Thanks.</Say>")
    result = call(app, anna(heard("After the tone."), "hear: record-tone", "say: This is my message",
                            heard("You said."), "hear: {recording: anna}", heard("Thanks."), "in: ended"),
                  keep=lambda *one: kept.append(one))
    assert not result.failures, result.failures
    told = app.fields("/rec")
    assert told["RecordingSid"] in told["RecordingUrl"]
    assert int(told["RecordingDuration"]) == round(len(kept[0][2]) / 8000)
    assert told["Digits"] == ""
    assert app.paths() == ["/voice", "/rec"]
    played = np.correlate(result.takes[0].heard.astype(float), kept[0][2][:8000].astype(float), "valid").argmax()
    assert played > result.journal.of("recorded")[0].at
    call(app, anna("hear: record-tone", "say: This is my message", "press: 9", "in: ended"))
    assert app.fields("/rec")["Digits"] == "9"
    result = call(app, anna("hear: record-tone", "say: This is my message", "wait: 300 ms", "hang up"))
    assert (app.fields("/rec")["Digits"], app.fields("/rec")["CallStatus"]) == ("hangup", "completed")
    assert [entry.event for entry in result.journal][-1] == "hung-up"
    result = call(app, anna("hear: record-tone", heard("Nobody spoke."), "in: ended"))
    assert not result.failures


def test_record_when_its_callback_is_named_then_told_what_there_is_of_a_recording(call):
    told = ("<Record {} timeout='1' recordingStatusCallback='/kept' "
            "recordingStatusCallbackEvent='completed absent'/>")
    app = Application(voice=told.format('action="/rec"'), rec="<Hangup/>", kept="")
    call(app, anna("hear: record-tone", "say: This is my message", "in: ended"))
    assert app.paths() == ["/voice", "/kept", "/rec"]
    kept = app.fields("/kept")
    assert kept["RecordingStatus"] == "completed"
    assert {**kept, **app.fields("/rec")} == {**app.fields("/rec"), **kept, "Digits": ""}
    call(app, anna("hear: record-tone", "in: ended"))
    assert app.fields("/kept")["RecordingStatus"] == "absent"


@pytest.mark.parametrize(("document", "steps", "status", "lasted"), [
    ("<Pause length='3'/>", ["in: ended"], "completed", "3"), ("<Reject/>", ["in: ended"], "no-answer", "0"),
    ('<Reject reason="busy"/>', ["in: ended"], "busy", "0"),
    ("<Pause length='9'/>", ["wait: 2 s", "hang up"], "completed", "2"),
    ("<Sya/>", ["hear: fault"], "completed", "")])
def test_call_when_it_is_over_then_the_application_is_told_once(call, document, steps, status, lasted):
    app = Application(voice=document, over="")
    result = call(app, anna(*steps), line="status-callback: http://127.0.0.1:5000/over\n")
    assert not result.failures
    assert app.paths() == ["/voice", "/over"]
    assert app.fields("/over")["CallStatus"] == status
    assert app.fields("/over")["CallDuration"] == (lasted or app.fields("/over")["CallDuration"])


def test_play_when_many_recordings_were_fetched_then_a_document_has_all_of_its_own_and_has_no_end_of_them(call):
    documents = ["".join(f"<Play>/tune.wav?{m}.{n}</Play>" for n in range(30)) + "<Redirect/>" * (m > 0)
                 for m in range(5)]
    app = Application(voice=lambda _: documents.pop(), tune=np.full(800, 1000, np.int16))
    result = call(app, anna("in: ended"))
    assert not result.failures, result.failures
    assert app.paths().count("/tune.wav") == 150
    assert len(said(result)) == 150
    app = Application(voice="".join(f"<Play>/tune.wav?{n}</Play>" for n in range(200)))
    assert "more than 30 recordings" in call(app, anna("in: ended")).failures[0].instead


def test_record_when_it_says_no_tone_then_none(call):
    app = Application(voice='<Say>Speak now.</Say><Record playBeep="false" timeout="1" finishOnKey="9"/>',)
    result = call(app, anna(heard("Speak now."), "say: This is my message", "not hear: record-tone\n      for: 1 s",
                            "in: ended"))
    assert not result.failures, result.failures
    assert result.journal.of("recorded")
    result = call(app, anna(heard("Speak now."), "wait: 300 ms", "press: 5", "press: 9", "in: ended"))
    at = {entry.facts["state"]: entry.at for entry in result.journal.of("state")}
    assert at["ended"] - at["record"] < 8000


@pytest.mark.parametrize(("document", "reason", "code"), [
    ('<Reject reason="busy"/><Say>Never.</Say>', "busy", [486]), ("<Reject/>", "rejected", [603]),
    ("<Pause/><Reject/>", "rejected", [])])
def test_reject_when_it_comes_first_then_the_call_is_not_answered(call, document, reason, code):
    result = call(Application(voice=document), anna("in: ended") + "expect:\n  - anna: " + (
        "turned away" if code else "refused") + "\n")
    assert [entry.facts["reason"] for entry in result.journal.of("rejected")] == [reason]
    assert [entry.facts["code"] for entry in result.journal.of("turned-away")] == code
    assert not result.failures


def test_hangup_then_the_call_is_over(call):
    assert states(call(Application(voice="<Hangup/><Say>Never.</Say>"), anna("in: ended"))) == ["ended"]
    assert states(call(Application(voice=""), anna("in: ended"))) == ["ended"]


# what goes wrong


@pytest.mark.parametrize(("answer", "code", "sentence"), [
    ("<Sya>Hi</Sya>", 12200, "line 1: there is no verb 'Sya' here; did you mean 'Say'?"),
    (b"oh no", 12100, "no XML"),
    (Fetched(0, failure="it answers with the status 500", code=11200), 11200, "status 500"),
    (Fetched(0, kind="application/json", body=b"{}"), 12300, "'application/json', which is neither TwiML"),
    ("<Play>http://[bad/</Play>", 12200, "no URL"), ("<Play>/none</Play>", 12300, "no recording but 'text/xml'"),
])
def test_application_when_it_fails_then_the_caller_is_told_and_the_story_says_what(call, answer, code, sentence):
    result = call(Application(voice=answer), anna("wait: 1 s", "in: ended"))
    assert states(result) == ["fault", "ended"]
    assert [entry.facts["code"] for entry in result.journal.of("application-failed")] == [code]
    assert len(result.failures) == 1
    assert sentence in result.failures[0].instead
    assert not call(Application(voice=answer), anna("hear: fault", "in: ended")).failures


def test_application_when_it_fails_and_there_is_a_fallback_then_that_is_told_why_and_goes_on(call):
    app = Application(voice=b"oh no", rescue="<Say>One moment.</Say>")
    result = call(app, anna(heard("One moment."), "in: ended"), line="fallback: http://127.0.0.1:5000/rescue\n")
    assert not result.failures, result.failures
    assert app.fields("/rescue")["ErrorCode"] == "12100"
    assert app.fields("/rescue")["ErrorUrl"].endswith("/voice")
    app = Application(voice=b"oh no", rescue=b"oh dear")
    result = call(app, anna("hear: fault", "in: ended"), line="fallback: http://127.0.0.1:5000/rescue\n")
    assert app.paths() == ["/voice", "/rescue"]


def test_application_when_the_story_says_that_it_is_slow_then_the_caller_waits_so_long_and_15_s_at_most(call):
    app = Application(voice=MENU, menu="<Say>Thank you.</Say>")
    result = call(app, anna(heard("Press 1 for orders."), "press: 1",
                            "not hear: {text: Thank you.}\n      for: 2 s", heard("Thank you.")),
                  head="answers after: {/menu: 4 s}\n")
    assert not result.failures, result.failures
    documents = [entry.at for entry in result.journal.of("document")]
    entered = result.journal.of("entered")[0].at
    assert (documents[0], documents[1] - entered) == (0, 32_000)
    result = call(app, anna("hear: fault", "in: ended"), head="answers after: 20 s\n")
    assert not result.failures, result.failures
    assert result.journal.of("application-failed")[0].at == 15 * 8000


def test_application_when_it_sends_the_call_round_in_a_circle_then_it_is_let_go_and_the_story_says_so(call):
    result = call(Application(voice="<Redirect/>"), anna("wait: 2 s", "in: ended"))
    assert "round in a circle" in result.failures[0].instead
    assert states(result)[-2:] == ["fault", "ended"]


def test_application_when_it_answers_text_or_a_recording_then_said_or_played_and_the_call_is_over(call):
    app = Application(voice=Fetched(0, kind="text/plain", body=b"Just some\n words."))
    assert not call(app, anna(heard("Just some words."), "in: ended")).failures
    tone = np.full(4000, 1000, np.int16)
    result = call(Application(voice=Fetched(0, kind="audio/wav", samples=tone)), anna("in: ended"))
    assert states(result) == ["play", "ended"]


def test_application_when_it_answers_later_then_calls_go_on_meanwhile(call):
    app = Application(voice=MENU, menu="<Play>/tune.wav</Play>", tune=np.full(800, 1000, np.int16), later=True)
    result = call(app, anna(heard("Press 1 for orders."), "press: 1", "in: ended"))
    assert not result.failures, result.failures
    assert app.paths() == ["/voice", "/menu", "/tune.wav"]
    assert states(result) == ["gather", "play", "ended"]


def test_application_when_it_sets_cookies_then_they_come_back_to_its_host_alone(call):
    app = Application(
        voice=Fetched(0, kind="text/xml", cookies={"session": "abc"},
                      body=b"<Response><Redirect>/next</Redirect></Response>"),
        next='<Redirect>http://127.0.0.1:5001/last</Redirect>', last="")
    call(app, anna("in: ended"))
    assert [one.headers.get("Cookie") for one in app.asked] == [None, "session=abc", None]


def test_say_when_it_is_in_another_language_then_spoken_in_the_nearest(call):
    app = Application(voice='<Say language="de-AT">Guten Tag zusammen.</Say><Say language="xx">Good day.</Say>')
    result = call(app, anna('hear: {text: "Guten Tag zusammen.", language: de-DE}', heard("Good day.")))
    assert not result.failures, result.failures
