"""Stories with a desk: each expectation can fail and says so plainly, and products really differ."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.scenario.errors import ScenarioError
from ivr.scenario.grammar import Words, parse
from ivr.scenario.player import play
from prompts import languages

ROOT = Path(__file__).parents[4]
WORDS = Words(prompts().names(), PROFILES)
AMOS, ZOE = "amos.marble@contoso.com", "zoe.ng@contoso.com"
PEOPLE = f"""
organizers:
  - {{address: {AMOS}, name: Amos Marble, pin: 48215}}
  - {{address: {ZOE}, name: Zoe Ng}}
meetings:
  - {{organizer: amos, conference id: 1234567}}
  - {{organizer: zoe, name: Budget}}
"""
NOBODY = "callers: {anna: [dial]}\n"


def played(text, callers=NOBODY, people=PEOPLE):
    return play(parse(people + callers + text, Path("story.yaml"), WORDS), stage())


def administered(*steps, expect=(), callers=NOBODY, people=PEOPLE, top=""):
    does = "administrator:\n" + "".join(f"  - {step}\n" for step in steps) if steps else ""
    wishes = "expect:\n" + "".join(f"  - {wish}\n" for wish in expect) if expect else ""
    return played(f"{top}\n{does}{wishes}", callers, people)


def instead(*steps, expect, top=""):
    """What the one expectation that is not met says was so instead."""
    failure, = administered(*steps, expect=[expect], top=top).failures
    assert failure.step == expect
    assert f"'{expect}' at " in str(failure)
    return failure.instead


# every expectation is shown to fail

RESET, RESET_ID = "reset pin: amos", "reset conference id: amos"
UNMET = [
    ("mails: none", [RESET], f"1 letter was sent: pin-reset to {AMOS}"),
    ("mails: 1", [], "no letter was sent"),
    ("mails: 1", [RESET, RESET_ID], f"2 letters were sent: pin-reset to {AMOS}, info-changed to {AMOS}"),
    ("mails: amos gets pin-reset", [], "no letter was sent"),
    ("mails: amos gets pin-reset", ["reset pin: zoe"], "no letter was sent"),
    ("mails: amos gets pin-reset", [RESET_ID], f"1 letter was sent: info-changed to {AMOS}"),
    ("mails: amos gets pin-reset", ["reset pin: {organizer: amos, send to: u@hotmail.com}"],
     "it went to u@hotmail.com"),
    ("mails: amos gets pin-reset at u@hotmail.com", [RESET], f"it went to {AMOS}"),
    ("mails: amos gets pin-reset with no PIN", [RESET],
     f"the letter pin-reset to {AMOS} holds a PIN, the one in force then"),
    ("mails: amos gets pin-reset with no PIN", ["reset pin: {organizer: amos, send to: u@hotmail.com}"],
     "it went to u@hotmail.com; the letter pin-reset to u@hotmail.com holds a PIN, the one in force then"),
    ("mails: amos gets info-changed with the new PIN", [RESET_ID],
     f"the letter info-changed to {AMOS} does not hold the new PIN"),
    ("mails: amos gets info-changed with no conference ID", [RESET_ID],
     f"the letter info-changed to {AMOS} holds the present conference ID"),
    ("mails: amos gets turned-off with the new conference ID", ["disable: amos"],
     f"the letter turned-off to {AMOS} does not hold the present conference ID"),
    ("mails: amos gets pin-reset with no PIN and no conference ID", [RESET],
     f"the letter pin-reset to {AMOS} holds a PIN, the one in force then and holds the present conference ID"),
    ("mails: amos gets nothing", [RESET], f"1 letter was sent: pin-reset to {AMOS}"),
    ("mails: pin-reset holds no PIN", [RESET],
     f"the letter pin-reset to {AMOS} holds a PIN, the one in force then"),
    ("mails: info holds no PIN", [], "no letter was sent"),
    ("conference id 1234567: works", [RESET_ID], "it leads nowhere"),
    ("conference id 1234567: refused", [RESET], "it leads to a meeting"),
    ("conference id {conference id of amos}: refused", [RESET_ID], "it leads to a meeting"),
    ("conference id {old conference id of amos}: works", [RESET_ID], "it leads nowhere"),
    ("conference id {old conference id of amos}: refused", [], f"{AMOS} has had no other conference ID before"),
    ("conference id {conference id of amos}: works", ["disable: amos"], f"{AMOS} has no conference ID"),
    ("meeting Budget: started by anna", [], "nobody started it"),
    ("pin of amos: changed", [RESET_ID],
     "it is the one of the beginning, it is not locked, it need not be changed"),
    ("pin of amos: unchanged", [RESET], "it was changed, it is not locked, it need not be changed"),
    ("pin of amos: locked", [], "it is the one of the beginning, it is not locked, it need not be changed"),
    ("pin of amos: gone", [], "it is the one of the beginning, it is not locked, it need not be changed"),
    ("pin of amos: changed", ["disable: amos"], f"{AMOS} has no PIN"),
    ("pin of amos: due for a change", [RESET], "it was changed, it is not locked, it need not be changed"),
]


@pytest.mark.parametrize(("wish", "steps", "was"), UNMET, ids=[f"{wish}, {steps}" for wish, steps, _ in UNMET])
def test_expectation_when_it_is_not_so_then_what_was_there_instead_is_told(wish, steps, was):
    assert instead(*steps, expect=wish) == was


def test_expectation_when_a_pin_is_locked_then_it_is_told():
    lock = "lock pin: amos"
    top = "administration: sfbserver"
    assert instead(lock, expect="pin of amos: not locked", top=top) == (
        "it is the one of the beginning, it is locked, it need not be changed")
    assert administered(lock, expect=["pin of amos: locked"], top=top).passed
    assert administered(lock, "unlock pin: amos", expect=["pin of amos: not locked"], top=top).passed


MET = [
    ([], "mails: none"), ([RESET, RESET_ID], "mails: 2"), ([RESET], "mails: zoe gets nothing"),
    ([RESET], "mails: amos gets pin-reset with the new PIN"),
    ([RESET, RESET], "mails: pin-reset holds the new PIN"),
    ([RESET_ID], "mails: amos gets info-changed with the new conference ID and no PIN"),
    ([RESET_ID], "mails: info-changed holds no PIN"), ([RESET_ID], "conference id 1234567: refused"),
    ([], "conference id 1234567: works"), ([], "conference id {conference id of Budget}: works"),
    ([RESET_ID], "conference id {old conference id of amos}: refused"), ([RESET], "pin of amos: changed"),
    ([RESET], "pin of zoe: unchanged"), (["disable: amos"], "pin of amos: gone"),
    ([], "meeting Budget: not started"),
    (["disable: amos"], "conference id {old conference id of amos}: refused"),
    (["disable: amos"], "mails: amos gets turned-off with no PIN and no conference ID"),
    (["send info: amos"], "mails: amos gets info with no PIN"),
    (["enable: {address: bo.li@contoso.com, name: Bo Li}"], "mails: bo gets enabled with the new PIN"),
    (["set: {organizer: amos, service number: +33199000100}"], "mails: amos gets info-changed with no PIN"),
    (["reset pin: {organizer: amos, from address: desk@contoso.com, from name: Desk}"],
     "mails: amos gets pin-reset"),
    (["reset pin: {organizer: amos, send mail: no}"], "mails: none"),
    (["settings: {send-mails: no}", RESET, "reset pin: {organizer: zoe, send mail: yes}"], "mails: 1"),
]


@pytest.mark.parametrize(("steps", "wish"), MET, ids=[f"{wish}, {steps}" for steps, wish in MET])
def test_expectation_when_it_is_so_then_it_is_met(steps, wish):
    assert [str(failure) for failure in administered(*steps, expect=[wish]).failures] == []


def test_expectation_when_a_story_has_no_desk_then_ids_and_letters_can_be_expected_all_the_same():
    wishes = "expect:\n  - mails: none\n  - conference id 1234567: works\n  - conference id 7654321: refused\n"
    meeting = "meetings:\n  - conference id: 1234567\n"
    assert played(wishes, people=meeting).passed
    for wish, was in (("mails: 1", "no letter was sent, for this story has no desk"),
                      ("conference id 1234567: refused", "it leads to a meeting"),
                      ("conference id 7654321: works", "it leads nowhere")):
        failure, = played(f"expect:\n  - {wish}\n", people=meeting).failures
        assert (failure.step, failure.instead) == (wish, was)


# steps of the administrator

REFUSED = [
    ("reset pin: zoe", ["disable: zoe"], "zoe.ng@contoso.com is not enabled for audio conferencing"),
    ("reset pin: {organizer: amos, pin: 73921}", [], "PINs are always generated"),
    ("lock pin: amos", [], "are never locked"),
    ("reset conference id: {organizer: amos, conference id: 7654321}", [], "always drawn by chance"),
    ("schedule: {organizer: amos, conference id: 7654321}", [], "always drawn by chance"),
    ("cancel: '7654321'", [], "there is no meeting"),
    ("set: {organizer: amos, service number: '+14255559999'}", [], "does not have the number"),
    ("set: {organizer: amos, country: Freedonia}", [], "is not a country"),
    ("policies: {um-mailbox: {shortest-pin: 8}}", [], "has no policy of the kind 'um-mailbox'"),
    ("settings: {unique-conference-ids: no}", [], "one ID an organizer cannot be set"),
    ("enable: {address: bo.li@contoso.com, sip uri: x}", [], "is not a mail address"),
    ("reset conference id: {organizer: amos, meeting: Budget}", [], "is not one of"),
]


@pytest.mark.parametrize(("step", "before", "why"), REFUSED, ids=[step for step, *_ in REFUSED])
def test_step_when_the_desk_refuses_it_then_line_step_and_sentence_are_told(step, before, why):
    failure, = administered(*before, step).failures
    assert (failure.line, failure.caller) == (11 + len(before), "administrator")
    assert failure.step.startswith(step.partition(":")[0])
    assert why in failure.instead
    assert "73921" not in str(failure)
    assert re.match(rf"line {failure.line}: administrator: '{failure.step.partition(':')[0]}", str(failure))


@pytest.mark.parametrize(("step", "before", "why"), REFUSED, ids=[step for step, *_ in REFUSED])
def test_step_when_it_is_to_be_refused_and_is_then_the_story_goes_on(step, before, why):
    for told in (why.upper(), "yes"):
        result = administered(*before, f'{step}\n    refused: "{told}"', expect=["pin of amos: unchanged"])
        assert [str(failure) for failure in result.failures] == []
        assert result.journal.of("desk")[-1].facts["refused"]


def test_step_when_it_is_to_be_refused_with_other_words_then_the_desks_own_are_told():
    failure, = administered("lock pin: amos\n    refused: is locked").failures
    assert "are never locked" in failure.instead


def test_step_when_it_should_be_refused_and_is_done_then_the_story_fails():
    failure, = administered("reset pin: amos\n    refused: yes").failures
    assert (failure.step, failure.instead) == ("reset pin: amos", "it was done, and should have been refused")


def test_step_when_who_is_waited_for_does_not_come_then_where_the_call_was_is_told():
    failure, = administered("wait for: {caller: anna, in: lobby, within: 1 s}",
                            callers="callers: {anna: [dial, wait: 9 s]}\n").failures
    assert str(failure) == ("line 11: administrator: 'wait for: anna, in lobby, within 1 s' at 1.0 s: "
                            "the call of anna was in the state greeting")


def test_steps_when_they_wait_then_each_takes_its_place_on_the_one_clock():
    result = administered("wait: 2 s", RESET, "wait: 500 ms", RESET_ID,
                          callers="callers: {anna: [dial, wait: 1 s]}\n")
    assert [(entry.at, entry.event) for entry in result.journal.of("desk", "letter")] == [
        (16_000, "desk"), (16_000, "letter"), (20_000, "desk"), (20_000, "letter")]
    assert [entry.at for entry in result.journal.of("hung-up")] == [20_160]


def test_steps_when_each_is_done_then_the_journal_tells_who_what_to_whom_and_no_pin():
    result = administered(
        "enable: {address: bo.li@contoso.com, name: Bo Li}", f"enable: {AMOS}", RESET,
        "set: {organizer: zoe, pstn only: yes}",
        "reset conference id: {organizer: amos, conference id: 7654321}", "settings: {PinLength: 8}",
        "schedule: {organizer: bo, name: Geology, conference id: 2223334}", "cancel: Geology", "let pass: 2 days",
        "disable: bo", "policies: {meeting strict: {dial-in-bypass: yes}}",
        "grant: {organizer: zoe, policy: meeting strict}", top="administration: sfb2017")
    assert [str(failure) for failure in result.failures] == []
    assert [str(entry).split(maxsplit=1)[1] for entry in result.journal.of("desk", "letter")] == [
        "desk        enable  organizer bo.li@contoso.com  by administrator",
        "letter      enabled  organizer bo.li@contoso.com  to bo.li@contoso.com",
        f"desk        enable  organizer {AMOS}  by administrator  not changed",
        f"desk        reset pin  organizer {AMOS}  by administrator",
        f"letter      pin-reset  organizer {AMOS}  to {AMOS}",
        f"desk        set  organizer {ZOE}  by administrator  set pstn only yes",
        f"desk        reset conference id  organizer {AMOS}  by administrator  old 1234567  new 7654321",
        f"letter      info-changed  organizer {AMOS}  to {AMOS}",
        "desk        settings  by administrator  set PinLength 8",
        "desk        schedule  organizer bo.li@contoso.com  by administrator  meeting 2223334",
        "desk        cancel  by administrator  meeting 2223334",
        "desk        let pass  by administrator  time 2 days",
        "desk        disable  organizer bo.li@contoso.com  by administrator",
        "letter      turned-off  organizer bo.li@contoso.com  to bo.li@contoso.com",
        "desk        policies  by administrator  set meeting strict: dial-in-bypass yes",
        f"desk        grant  organizer {ZOE}  by administrator  set meeting strict"]


# placeholders

DIALS = 'callers:\n  anna:\n    - press: "{keys}"\n    - wait: 1 s\n'


@pytest.mark.parametrize(("keys", "steps", "was"), [
    ("{old pin of amos}#", [], f"{AMOS} has had no other PIN before this one"),
    ("{pin of amos}#", ["disable: amos"], f"{AMOS} has no PIN"),
    ("{old conference id of amos}#", [], f"{AMOS} has had no other conference ID before"),
    ("{conference id of zoe}#", ["schedule: {organizer: zoe, name: Geology}"],
     f"{ZOE} has 2 conference IDs: give the meeting a 'name' and write {{conference id of THAT NAME}}"),
    ("{conference id of Budget}#", ["cancel: Budget"], "Budget has no conference ID"),
])
def test_press_when_there_is_nothing_in_a_placeholders_place_then_the_step_fails_and_says_so(keys, steps, was):
    failure, = administered(*steps, callers=DIALS.replace("{keys}", keys)).failures
    assert (failure.caller, failure.step, failure.instead) == ("anna", f"press: {keys}", was)


def test_press_when_a_placeholder_is_an_id_then_the_present_one_is_dialled():
    for keys, steps in (("{conference id of Budget}", []), ("{conference id of zoe}", ["reset conference id: zoe"]),
                        ("{old conference id of amos}", [RESET_ID, "reset pin: amos"])):
        result = administered(*steps, callers=DIALS.replace("{keys}", f"{keys}#"))
        entered, = result.journal.of("entered")
        assert re.fullmatch("[0-9]{7}", entered.facts["digits"])
        refused = [entry.facts["reason"] for entry in result.journal.of("refused")]
        assert refused == (["unknown"] if "old" in keys else [])


def test_press_when_a_placeholder_is_a_pin_then_it_is_masked_like_one_that_is_typed():
    call = 'callers:\n  anna:\n    - press: "1234567#*{pin of amos}#"\n    - in: meeting\n      within: 1 s\n'
    result = administered(RESET, callers=call, expect=["meeting 1234567: started by anna"])
    assert result.passed
    last = result.journal.of("entered")[-1]
    assert (last.facts["entry"], last.facts["digits"], "keys_at" in last.facts) == ("PIN", "****", False)
    lines = [re.sub(r"\b(1234567|[0-9]+\.[0-9]{3})\b", "", line) for line in result.journal.text().splitlines()]
    assert not [line for line in lines if re.search("[0-9]{4}", line)]


# the desk as a story finds it


def test_static_ids_when_an_organizer_has_one_then_it_is_for_all_his_meetings():
    top = "administration: sfb2017\nsettings: {UseUniqueConferenceIds: no}"
    people = (f"organizers:\n  - {{address: {AMOS}, conference id: 7654321}}\n  - {ZOE}\n"
              "meetings:\n  - {organizer: amos, name: One}\n  - {organizer: amos, name: Two}\n"
              "  - {organizer: zoe, conference id: 2223334}\n")
    wishes = ["conference id 7654321: works", "conference id 2223334: works", "meeting Two: not started",
              "conference id {conference id of Two}: works", "conference id {conference id of amos}: works"]
    assert [str(f) for f in administered(top=top, people=people, expect=wishes).failures] == []


@pytest.mark.parametrize(("text", "sentence"), [
    ("administration: online\norganizers:\n  - {address: a@b.c, conference id: 1234567}\n",
     "story.yaml:3: a@b.c can have no ID of his own here, for each meeting has one (S1.4): write 'conference id' "
     "with a meeting"),
    ("organizers:\n  - a@b.c\nadministration: online\npolicies: {pin: {tries: 5}}\n",
     "story.yaml:4: the administration 'online' has no policy of the kind 'pin'"),
    ("policies:\n  meeting: {dial-in-bypass: yes}\n  meeting site:X: {dial-in-bypass: no}\n"
     "  pin X: {tries: 5}\n",
     "story.yaml:4: the administration 'online' has no policy of the kind 'pin'"),
    ("settings: {sender-override: yes}\n", "story.yaml:1: sender-override cannot be 'yes' while"),
    ("organizers:\n  - a@b.c\n  - {address: d@e.f, service number: '+49301234567'}\n",
     "story.yaml:3: the bridge does not have the number +49301234567"),
])
def test_founding_when_it_cannot_be_so_then_one_sentence_names_the_line(text, sentence):
    with pytest.raises(ScenarioError) as caught:
        play(parse(text + NOBODY, Path("story.yaml"), WORDS), stage())
    assert str(caught.value).startswith(sentence)
    assert len(str(caught.value).splitlines()) == 1


def test_app_when_the_organizers_id_is_drawn_then_the_app_starts_it_all_the_same():
    people = PEOPLE.replace("{organizer: zoe, name: Budget}",
                            "{organizer: zoe, name: Budget, started in the app at: 1 s}")
    result = administered(people=people, callers='callers:\n  anna:\n    - press: "{conference id of zoe}#"\n'
                          "    - in: meeting\n", expect=[f"meeting Budget: started by {ZOE}"])
    assert [str(failure) for failure in result.failures] == []


def test_app_when_the_meeting_has_no_id_any_more_then_the_story_fails_and_says_so():
    people = PEOPLE.replace("{organizer: zoe, name: Budget}",
                            "{organizer: zoe, name: Budget, started in the app at: 1 s}")
    failure, = administered("disable: zoe", "wait: 2 s", people=people).failures
    assert (failure.line, failure.instead) == (7, "the meeting has no conference ID")


def test_app_when_an_id_never_led_to_a_meeting_then_the_step_fails_and_says_so():
    step = "reset conference id: {organizer: amos, conference id: 7654321}\n    refused: yes"
    failure, = administered(step, "wait: 2 s", top="app:\n  - wait: 1 s\n  - lock: 7654321\n").failures
    assert (failure.step, failure.instead) == ("lock: 7654321", "this ID leads to no meeting")


@pytest.mark.parametrize("language", ["en-US", "fr-FR", "zh-CN"])
def test_letter_when_it_is_in_any_language_then_what_it_holds_is_found(language):
    wishes = ["mails: bo gets enabled with the new PIN", "mails: bo gets info with no PIN",
              "mails: bo gets info-changed with the new conference ID and no PIN"]
    result = administered(f"enable: {{address: bo.li@contoso.com, name: Bo Li, language: {language}}}",
                          "schedule: bo", "reset conference id: bo", "send info: bo", expect=wishes)
    assert [str(failure) for failure in result.failures] == []


@pytest.mark.parametrize("listed", ["kurt@münchen.de", "kurt@xn--mnchen-3ya.de", "KURT@MÜNCHEN.DE"])
@pytest.mark.parametrize("called", ["kurt", "kurt@münchen.de", "kurt@xn--mnchen-3ya.de"])
def test_organizer_when_his_domain_is_in_another_script_then_either_spelling_is_his(listed, called):
    people = f"organizers:\n  - {{address: {listed}, pin: 48215}}\n"
    both = ("kurt@münchen.de", "kurt@xn--mnchen-3ya.de")
    wishes = [f"mails: {called} gets pin-reset at {spelt}" for spelt in both]
    result = administered(f"reset pin: {called}", expect=wishes, people=people)
    assert [str(failure) for failure in result.failures] == []


NUMBERS = ("add number: {number: \"+33140000000\", languages: 'fr-FR, en-US'}", "add number: \"+14255550123\"")


@pytest.mark.slow  # every prompt of French is spoken
def test_number_when_it_is_added_with_languages_then_who_dials_it_is_spoken_to_in_them():
    result = administered(*NUMBERS, top="administration: sfb2017", callers="""
callers:
  anna:
    - dial: {number: "+33140000000"}
    - hear: {prompt: welcome, language: fr-FR}
    - press: "*"
    - hear: {prompt: this-language, language: en-US}
    - press: 2
    - hear: {prompt: enter-conference-id, language: en-US}
  bela:
    - dial: {number: "+14255550123"}
    - hear: welcome
    - not hear: {prompt: language-offer, language: fr-FR}
""")
    assert [str(failure) for failure in result.failures] == []
    assert [str(entry).split(maxsplit=1)[1] for entry in result.journal.of("desk")] == [
        "desk        add number  by administrator  number +33140000000  languages fr-FR, en-US",
        "desk        add number  by administrator  number +14255550123"]


@pytest.mark.slow
def test_what_was_heard_instead_when_several_languages_are_spoken_then_the_first_one_is_named_too():
    failure, = administered(*NUMBERS, top="administration: sfb2017", callers="""
callers:
  anna:
    - dial: {number: "+14255550123"}
    - hear: {prompt: welcome, language: fr-FR}
      within: 4 s
""").failures
    assert "the prompt welcome in en-US at 0.0 s" in failure.instead


def test_number_when_its_languages_are_none_or_not_spoken_then_the_line_is_named():
    with pytest.raises(ScenarioError, match=r"story\.yaml:12: there is no language 'fr-FX'; did"):
        parse(f"{PEOPLE}{NOBODY}administrator:\n  - wait: 1 s\n  - add number: '+33140000000'\n"
              "    languages: fr-FX\n", Path("story.yaml"), replace(WORDS, languages=languages()))
    with pytest.raises(ScenarioError, match=r"story\.yaml:.*'twelve'"):
        administered("add number: twelve")
