"""Dial: numbers and conferences, and what the application is told of them."""

import json

import pytest

from dtmf import decode
from ivr.cli.coverage import Coverage
from tests.ivr.custom.twiml.conftest import Application, anna, said, states

RITA = '  rita:\n    - {}: "+14255550199"\n'


def dial(inside='+14255550199', attributes=""):
    return f'<Dial action="/done" {attributes}>{inside}</Dial><Say>Not this.</Say>'


def test_dial_when_somebody_answers_then_both_speak_and_the_action_is_told_how_long(call):
    app = Application(voice=dial(), done="<Say>Welcome back.</Say>")
    result = call(app, anna("hear: {voice: rita}", "say: Good morning Rita", "hear: {text: Welcome back.}",
                            "in: ended")
                  + RITA.format("answers") + "    - say: Hello, this is Rita\n    - hear: {voice: anna}\n"
                  "    - wait: 1 s\n    - hang up\n")
    assert not result.failures, result.failures
    told = app.fields("/done")
    assert told["DialCallStatus"] == "completed"
    assert told["DialCallSid"] != told["CallSid"]
    assert int(told["DialCallDuration"]) >= 3


@pytest.mark.parametrize(("word", "status"), [("busy", "busy"), ("no answer", "no-answer")])
def test_dial_when_nobody_answers_then_the_action_is_told_why(call, word, status):
    app = Application(voice=dial(attributes='timeout="4"'), done="<Say>Nobody there.</Say>")
    result = call(app, anna("hear: {text: Nobody there.}", "in: ended") + RITA.format(word))
    assert not result.failures, result.failures
    assert app.fields("/done")["DialCallStatus"] == status
    assert "DialCallDuration" not in app.fields("/done")


def test_dial_when_it_has_no_action_then_on_with_the_next_verb(call):
    app = Application(voice='<Dial timeout="2">+14255550199</Dial><Say>Nobody there.</Say>')
    result = call(app, anna("hear: hold-music", "hear: {text: Nobody there.}", "in: ended"))
    assert not result.failures, result.failures
    assert states(result) == ["dial", "say", "ended"]


def test_dial_when_several_ring_then_the_first_who_answers_has_the_call_and_its_number_is_told_of(call):
    number = ('<Number statusCallback="/status" statusCallbackEvent="initiated ringing answered completed">'
              "{}</Number>")
    app = Application(voice=dial(number.format("+14255550199") + number.format("+14255550198")), status="",
                      done="")
    result = call(app, anna("hear: {voice: rita}", "in: ended")
                  + '  carl:\n    - no answer: "+14255550198"\n'
                  + "  rita:\n    - wait: 1 s\n" + RITA.format("answers").partition("\n")[2]
                  + "    - say: Hello, this is Rita\n    - hang up\n")
    assert not result.failures, result.failures
    app_twice = Application(voice=dial(number.format("+14255550199") * 2, 'timeout="1"'), status="", done="")
    call(app_twice, anna("in: ended"))
    assert app_twice.paths().count("/status") == 6
    told = [(fields["To"], fields["CallStatus"]) for fields in
            (one.fields for one in app.asked if one.url.endswith("/status"))]
    assert told == [("+14255550199", "initiated"), ("+14255550199", "ringing"), ("+14255550198", "initiated"),
                    ("+14255550198", "ringing"), ("+14255550199", "in-progress"), ("+14255550199", "completed")]


def test_dial_when_keys_are_to_be_sent_then_who_answers_hears_them_before_the_caller(call):
    app = Application(voice=dial('<Number sendDigits="ww4711">+14255550199</Number>'), done="")
    result = call(app, anna("hear: {voice: rita}", "in: ended") + RITA.format("answers")
                  + "    - wait: 3 s\n    - say: Hello, this is Rita\n    - hang up\n")
    assert not result.failures, result.failures
    anna_heard, rita_heard = ("".join(tone.digit for tone in decode(take.heard, 8000)) for take in result.takes)
    assert (anna_heard, rita_heard) == ("", "4711")
    assert [entry.facts["digits"] for entry in result.journal.of("sent-digits")] == ["****"]
    assert result.journal.of("came-to-room", caller="rita")[0].at > result.journal.of("sent-digits")[0].at + 8000


def test_dial_when_its_time_is_over_then_the_caller_goes_on(call):
    app = Application(voice=dial(attributes='timeLimit="3"'), done="<Say>Time is up.</Say>")
    result = call(app, anna("hear: {text: Time is up.}", "in: ended") + RITA.format("answers")
                  + "    - in: ended\n")
    assert not result.failures, result.failures
    assert app.fields("/done")["DialCallDuration"] == "3"


GUEST = ('<Dial><Conference startConferenceOnEnter="false" beep="false" statusCallback="/status" '
         'statusCallbackEvent="start end join leave" {}>Room 12</Conference></Dial><Say>It is over.</Say>')
HOST = '<Dial><Conference endConferenceOnExit="true" beep="false">Room 12</Conference></Dial>'


def by_number(guest):
    return lambda fields: guest if fields["To"] == "+1" + "4" * 10 else HOST


def callers(*guest):
    return ('  anna:\n    - dial: {number: "+14444444444"}\n' + "".join(f"    - {step}\n" for step in guest)
            + '    - hear: {voice: host}\n    - say: This is Anna speaking\n    - hear: {text: It is over.}\n'
            '  host:\n    - wait: 8 s\n    - dial: {number: "+15555555555"}\n    - wait: 1 s\n'
            "    - say: Welcome to you all\n    - hear: {voice: anna}\n    - hang up\n")


def test_conference_when_it_waits_for_its_host_then_music_it_ends_with_him_and_the_application_is_told(call):
    app = Application(voice=by_number(GUEST.format("")), status="")
    result = call(app, callers("hear: hold-music"))
    assert not result.failures, result.failures
    told = [one.fields for one in app.asked if one.url.endswith("/status")]
    assert [one["StatusCallbackEvent"] for one in told] == [
        "participant-join", "participant-join", "conference-start", "participant-leave",
        "participant-leave", "conference-end"]
    assert {one["FriendlyName"] for one in told} == {"Room 12"}
    assert len({one["ConferenceSid"] for one in told}) == 1
    assert [one["SequenceNumber"] for one in told] == ["1", "2", "3", "4", "5", "6"]
    assert told[0]["StartConferenceOnEnter"] == "false"


def test_conference_when_it_says_what_is_heard_until_it_begins_then_that_again_and_again(call):
    app = Application(voice=by_number(GUEST.format('waitUrl="/hold"')), status="",
                      hold="<Say>Please wait for the host.</Say>")
    result = call(app, callers(*["hear: {text: Please wait for the host.}\n      begins: yes"] * 2))
    assert not result.failures, result.failures
    assert said(result).count("Please wait for the host.") >= 2
    # who comes as it begins hears none of that
    both = GUEST.format('waitUrl="/hold"').replace('"false"', '"true"')
    result = call(Application(voice=both, hold="<Say>Please wait for the host.</Say>"),
                  anna("hear: {voice: bela}") + "  bela:\n    - wait: 2 s\n    - dial\n"
                  "    - not hear: {text: Please wait for the host.}\n    - say: I am there at once\n"
                  "    - wait: 2 s\n")
    assert not result.failures, result.failures
    # silence, and a document that fails
    for guest, hold in (('waitUrl=""', ""), ('waitUrl="/hold"', b"oh no")):
        app = Application(voice=by_number(GUEST.format(guest)), status="", hold=hold)
        result = call(app, callers("not hear: hold-music"))
        assert not result.failures, result.failures


def test_conference_when_its_callback_is_no_address_then_the_journal_says_so_and_the_call_goes_on(call):
    app = Application(voice=GUEST.format("").replace("/status", "http://[::1"))
    result = call(app, anna("hear: hold-music", "hang up"))
    assert not result.failures, result.failures
    assert {entry.facts["because"] for entry in result.journal.of("told-application")} == {"it is no URL"}


def test_conference_when_one_is_alone_then_it_has_not_begun(call):
    app = Application(voice="<Dial><Conference>room</Conference></Dial>")
    result = call(app, anna("hear: hold-music", "hang up"))
    assert not result.failures
    assert not result.journal.of("came-to-room")


def test_conference_when_somebody_is_muted_or_comes_and_goes_then_the_others_hear_a_tone_and_not_him(call):
    muted = '<Dial><Conference muted="true" beep="onEnter">room</Conference></Dial>'
    app = Application(voice=lambda fields: muted if fields["From"] == "+15555555555" else
                      "<Dial><Conference>room</Conference></Dial>")
    result = call(app, anna("hear: arrival-tone", "not hear: {voice: bela}\n      for: 5 s")
                  + '  bela:\n    - wait: 2 s\n    - dial: {from: "+15555555555"}\n    - wait: 1 s\n'
                  "    - say: Nobody hears this\n    - wait: 5 s\n")
    assert not result.failures, result.failures
    full = "<Dial><Conference maxParticipants='2'>room</Conference></Dial><Say>It is full.</Say>"
    result = call(Application(voice=full), anna("wait: 3 s", "hang up") + "  bela:\n    - dial\n    - wait: 3 s\n"
                  "  carl:\n    - wait: 1 s\n    - dial\n    - hear: {text: It is full.}\n")
    assert not result.failures, result.failures


def test_dial_when_it_says_that_a_star_ends_it_then_the_caller_goes_on(call):
    app = Application(voice=dial(attributes='hangupOnStar="true"'), done="<Say>Welcome back.</Say>")
    result = call(app, anna("press: '*'", "hear: {voice: rita}", "press: 5", "press: '*'",
                            "hear: {text: Welcome back.}", "in: ended")
                  + RITA.format("answers").replace("rita:\n", "rita:\n    - wait: 2 s\n")
                  + "    - say: Hello, this is Rita speaking\n    - in: ended\n")
    assert not result.failures, result.failures
    assert app.fields("/done")["DialCallStatus"] == "completed"
    app = Application(voice='<Dial hangupOnStar="true"><Conference>room</Conference></Dial><Say>Alone.</Say>')
    result = call(app, anna("hear: hold-music", "press: '*'", "hear: {text: Alone.}", "in: ended"))
    assert not result.failures, result.failures


def test_dial_when_who_answers_hangs_up_at_once_then_the_caller_goes_on(call):
    app = Application(voice=dial(), done="<Say>Welcome back.</Say>")
    result = call(app, anna("hear: {text: Welcome back.}", "in: ended") + RITA.format("answers")
                  + "    - hang up\n")
    assert not result.failures, result.failures
    assert app.fields("/done")["DialCallStatus"] == "completed"


def test_conference_when_its_name_or_a_number_is_what_was_keyed_then_nothing_shows_it(call):
    app = Application(
        voice='<Gather action="/in"><Say>Your PIN.</Say></Gather>',
        **{"in": lambda fields: f'<Dial timeout="1">{fields["Digits"]}</Dial><Dial hangupOnStar="true"><Conference '
           f'startConferenceOnEnter="true">{fields["Digits"]}</Conference></Dial>'})
    steps = ["hear: {text: Your PIN.}", "press: 48215#", "wait: 8 s"]
    result = call(app, anna(*steps) + "  bela:\n    - dial\n" + "".join(f"    - {step}\n" for step in steps))
    assert not result.failures, result.failures
    assert {entry.facts["room"] for entry in result.journal.of("came-to-room")} == {"****"}
    assert "48215" not in result.journal.text()
    assert "48215" not in result.journal.json_lines()


def test_coverage_then_the_ways_through_documents_that_no_story_takes(call, capsys):
    app = Application(
        voice='<Gather numDigits="1" action="/chosen"><Say>One or two.</Say></Gather>\n<Say>Nothing.</Say>'
              "<Hangup/><Gather/>",
        chosen=lambda fields: dial() if fields["Digits"] == "1" else '<Record timeout="1"/>', done="")
    covered = Coverage()
    for keyed in (anna("press: 1", "in: ended") + RITA.format("busy"), anna("press: 2", "in: ended")):
        result = call(app, keyed)
        covered.add(result.scenario.own, result.taken, result.branches)
    covered.tell(as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "http://127.0.0.1:5000/voice: 3 of 7 branches taken; no story takes:",
        "      /chosen, line 1: verb 1, Dial: answered", "      /chosen, line 1: verb 1, Dial: no answer",
        "      /chosen, line 1: verb 1, Record: recorded", "      /voice, line 1: verb 1, Gather: nothing"]
    result = call(app, anna("hear: {text: Nothing.}", "in: ended"))
    covered.add(result.scenario.own, result.taken, result.branches)
    covered.tell(as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["branches"], told["taken"], len(told["never"])) == (7, 4, 3)
    assert told["never"][0] == {"path": "/chosen", "line": 1, "verb": "Dial", "number": 1, "exit": "answered"}
