"""What a scenario may say of the desk, and the one sentence about each thing it may not."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampled import examples

from ivr.clock import samples
from ivr.conference.profile import PROFILES
from ivr.directory.administration import ADMINISTRATIONS
from ivr.mail.letters import LetterKind
from ivr.scenario.desk.words import CLAIMS, PIN_STATES, SECTIONS, ExpectId, ExpectMails, ExpectPin, Setting
from ivr.scenario.errors import ScenarioError
from ivr.scenario.grammar import Words, parse
from prompts import Prompts

ROOT = Path(__file__).parents[4]
FILE = Path("story.yaml")
WORDS = Words(Prompts().names(), PROFILES)
AMOS, ZOE = "amos.marble@contoso.com", "zoe.ng@contoso.com"


def story(text):
    return parse(text, FILE, WORDS)


def complaint(text):
    with pytest.raises(ScenarioError) as caught:
        story(text)
    return str(caught.value)


def top(*lines):
    return "callers: {anna: [dial]}\n" + "\n".join(lines) + "\n"


PEOPLE = ("organizers:",
          f"  - {{address: {AMOS}, name: Amos Marble, pin: 48215, sip uri: 'sip:quarry@contoso.com'}}",
          f"  - {ZOE}",
          "meetings:",
          "  - {organizer: amos, conference id: 1234567}",
          "  - {organizer: zoe, name: Budget}")


def order(*lines):
    return top(*PEOPLE, "administrator:", "  - " + "\n    ".join(lines))


def wish(line):
    return top(*PEOPLE, "expect:", f"  - {line}")


def press(keys):
    return top(*PEOPLE).replace("{anna: [dial]}", f"{{anna: [press: {keys}]}}")


# each sentence begins with "story.yaml"; lines: callers 1, organizers 2, amos 3, zoe 4, meetings 5 to 7, then 9
BAD = {
    "begins when it cannot": (top("begins: 2021-02-29 10:00"),
                              ":2: '2021-02-29 10:00' is no moment of 1971 to 2099: write one as in "
                              "'2021-12-24 17:30 +01:00', or without a zone for UTC"),
    "set up waits": (top(*PEOPLE, "set up:", "  - wait: 3 s"),
                     ":9: nobody calls while 'set up' is done: it has any step but 'wait' and 'wait for'"),
    "tear down like no other": (top(*PEOPLE, "tear down:", "  - disble: amos"),
                                ":9: there is no step 'disble' for the administrator; did you mean 'disable'?"),
    "unknown product": (top("administration: online2"),
                        ":2: there is no administration 'online2'; did you mean 'online'?"),
    "product of a call": (top("administration: teams2021"),
                          ":2: there is no administration 'teams2021'; did you mean 'sfb2017'?"),
    "unknown setting": (top("settings: {send-mail: no}"),
                        ":2: 'settings' has no parameter 'send-mail'; did you mean 'send-mails'?"),
    "unknown policy to grant": (order("grant: amos", "policy: pins strict"),
                                ":10: there is no policy of the kind 'pins'; did you mean 'pin'?"),
    "grant what": (order("grant: amos"), ":9: the step 'grant' needs 'policy' beside it"),
    "bad value of a site's policy": (top("policies:", "  pin site:Redmond: {tries: 0}"),
                                     ":3: '0' is no tries: it takes a whole number from 1 to 999, or 'automatic'"),
    "bad value of a setting": (top("settings:", "  PinLength: 13"),
                               ":3: '13' is no pin-length: it takes a whole number from 4 to 12"),
    "settings as text": (top("settings: none"), ":2: 'settings' is written as 'key: value' lines, not as 'none'"),
    "settings empty": (top("settings: {}"), ":2: 'settings' is empty: name parameters and their values"),
    "unknown policy": (top("policies:", "  pins: {tries: 5}"),
                       ":3: there is no policy of the kind 'pins'; did you mean 'pin'?"),
    "unknown parameter of a policy": (top("policies:", "  pin:", "    trys: 5"),
                                      ":4: 'pin' has no parameter 'trys'; did you mean 'tries'?"),
    "organizers as text": (top(f"organizers: {AMOS}"),
                           ":2: 'organizers' is a list: begin each line of it with '- '"),
    "organizer without an address": (top("organizers:", "  - name: Amos"),
                                     ":3: an organizer needs an 'address', such as amos.marble@contoso.com"),
    "unknown word of an organizer": (top("organizers:", f"  - address: {AMOS}", "    nam: Amos"),
                                     ":4: an organizer has no 'nam'; did you mean 'name'?"),
    "no address": (top("organizers:", "  - amos"),
                   ":3: 'amos' is not a mail address: one looks like amos.marble@contoso.com"),
    "address twice": (top("organizers:", f"  - {AMOS}", f"  - {AMOS.title()}"),
                      f":4: {AMOS} is listed in line 3 already: keep one of them"),
    "PIN of an organizer": (top("organizers:", f"  - address: {AMOS}", "    pin: 482"),
                            ":4: this PIN has 3 characters: a PIN has 4 to 12 digits and nothing else"),
    "ID of an organizer": (top("organizers:", f"  - {{address: {AMOS}, conference id: 123}}"),
                           ":3: '123' is not a conference ID: one has exactly 7 digits"),
    "pstn only": (top("organizers:", f"  - {{address: {AMOS}, pstn only: maybe}}"),
                  ":3: 'maybe' is neither 'yes' nor 'no'"),
    "meeting of nobody": (top("administration: online", "meetings:", "  - conference id: 1234567"),
                          ":4: a meeting needs an 'organizer' where there is a desk: write his address"),
    "meeting of somebody unknown": (top(*PEOPLE[:4], "  - organizer: amoss"),
                                    ":6: there is no organizer 'amoss'; did you mean 'amos'?"),
    "meeting of nobody known": (top("administration: um", "meetings:", "  - organizer: amos"),
                                ":4: there is no organizer 'amos': list him under 'organizers', with his address"),
    "PIN in two places": (top(*PEOPLE[:4], "  - {organizer: amos, pin: 90371}"),
                          f":6: {AMOS} is listed under 'organizers': write 'pin' and 'pstn only' there"),
    "two PINs of one man": (
        top("administration: online", "meetings:", "  - {organizer: a@b.c, pin: 90371}",
            "  - {organizer: a@b.c, pin: 48215}"),
        ":5: this meeting says otherwise of a@b.c than the one in line 4: list him under 'organizers'"),
    "name twice": (top(*PEOPLE, "  - {organizer: amos, name: Budget}"),
                   ":8: the meeting in line 7 is called 'Budget' already: give each its own name"),
    "name of digits": (top(*PEOPLE, "  - {organizer: amos, name: 7654321}"),
                       ":8: '7654321' cannot be a meeting's name: use words"),
    "administrator as text": (top("administrator: amos"),
                              ":2: what the administrator does is a list: begin each line of it with '- '"),
    "administrator calls": (
        "callers: {administrator: [dial]}\nadministrator:\n  - wait: 1 s\n",
        ":2: 'administrator' cannot be a caller too: name that caller otherwise"),
    "unknown step": (order("reset pins: amos"),
                     ":9: there is no step 'reset pins' for the administrator; did you mean 'reset pin'?"),
    "step of a caller": (order("press: 48215#"), ":9: 'press' is a step of a caller: write it under 'callers'"),
    "step of the administrator": (top().replace("[dial]", "[{reset pin: amos}]"),
                                  ":1: 'reset pin' is a step of the administrator: write it under "
                                  "'administrator'"),
    "bare step": (order("reset pin"),
                  ":9: a step of the administrator is written as 'key: value' lines, not as 'reset pin'"),
    "unknown organizer": (order("reset pin: amso"), ":9: there is no organizer 'amso'; did you mean 'amos'?"),
    "organizer by his company": (order("reset pin: contoso"),
                            ":9: there is no organizer 'contoso'; did you mean 'zoe.ng@contoso.com'?"),
    "no organizer": (order("reset pin: {send mail: no}"),
                     ":9: the step 'reset pin' needs 'organizer': write which one"),
    "unknown option": (order("reset pin: amos", "send too: a@b.c"),
                       ":10: the step 'reset pin' has no 'send too'; did you mean 'send to'?"),
    "option of none": (order("wait: 3 s", "within: 3 s"), ":10: the step 'wait' has no 'within': it stands alone"),
    "wait refused": (order("wait: 3 s", "refused: yes"), ":10: the step 'wait' has no 'refused': it stands alone"),
    "option in two places": (order("reset pin: {organizer: amos, send to: a@b.c}", "send to: c@d.e"),
                             ":10: 'send to' stands both beside the step and in it: keep one of them"),
    "option that is no yes": (order("reset pin: amos", "first use: 1"), ":10: '1' is neither 'yes' nor 'no'"),
    "sent and not sent": (order("reset pin: {organizer: amos, send mail: no, send to: a@b.c}"),
                          ":9: 'send to' has nothing to go with: leave out 'send mail: no'"),
    "half a sender": (order("reset pin: amos", "from address: a@b.c"),
                      ":10: another sender of 'reset pin' needs 'from address' and 'from name' together"),
    "wait for nobody": (order("wait for: ana", "in: lobby"), ":9: there is no caller 'ana'; did you mean 'anna'?"),
    "wait for where": (order("wait for: anna"), ":9: the step 'wait for' needs 'in' beside it, or 'hears'"),
    "wait for an unknown state": (order("wait for: anna", "in: loby"),
                                  ":10: there is no state 'loby'; did you mean 'lobby'?"),
    "nothing passes": (order("let pass: 3"), ":9: '3' is not a length of time: write a number and s, min, h or "
                                             "days, as in '61 days'"),
    "too much passes": (order("let pass: 4000 days"), ":9: '4000 days' cannot pass: it takes 1 s to 3650 days"),
    "ID of a meeting": (order("schedule: zoe", "conference id: 12345"),
                        ":10: '12345' is not a conference ID: one has exactly 7 digits"),
    "unknown meeting of a step": (order("cancel: Budge"),
                                  ":9: there is no meeting 'Budge' in this scenario; did you mean 'Budget'?"),
    "unknown meeting beside a step": (order("reset conference id: zoe", "meeting: Budge"),
                                      ":10: there is no meeting 'Budge' in this scenario; did you mean 'Budget'?"),
    "enable whom": (order("enable: amos"),
                    ":9: 'amos' is not a mail address: one looks like amos.marble@contoso.com"),
    "setting of the administrator": (order("settings: {pin-length: 3}"),
                                     ":9: '3' is no pin-length: it takes a whole number from 4 to 12"),
    "settings with an option": (order("settings: {pin-length: 8}", "send mail: no"),
                                ":10: the step 'settings' has no 'send mail'; it takes refused"),
    "unknown kind of letter": (wish("mails: amos gets pin-rest"),
                               ":9: there is no letter 'pin-rest'; did you mean 'pin-reset'?"),
    "unknown reader": (wish("mails: amoz gets pin-reset"),
                       ":9: there is no organizer 'amoz'; did you mean 'amos'?"),
    "unknown claim": (wish("mails: amos gets pin-reset with a new PIN"),
                      ":9: of a letter one does not expect 'a new PIN'; did you mean 'the new PIN'?"),
    "kind of nothing": (wish("mails: nothing holds no PIN"),
                        ":9: there is no letter 'nothing'; it takes enabled, info, info-changed, pin-reset, "
                        "turned-off, voice-message"),
    "where a number leads": (top('numbers: {"+14255550150": mailbocks}'),
                             ":2: a number cannot lead to 'mailbocks'; did you mean 'mailbox'?"),
    "fate of an ID": (wish("conference id 1234567: fails"),
                      ":9: of a conference ID one expects 'works' or 'refused', not 'fails'"),
    "no ID": (wish("conference id 123: works"), ":9: '123' is not a conference ID: one has exactly 7 digits"),
    "state of a PIN": (wish("pin of amos: lockt"),
                       ":9: of a PIN one does not expect 'lockt'; did you mean 'locked'?"),
    "PIN of whom": (wish("pin of ams: locked"), ":9: there is no organizer 'ams'; did you mean 'amos'?"),
    "unknown meeting": (wish("meeting Budge: not started"),
                        ":9: there is no meeting 'Budge' in this scenario; did you mean 'Budget'?"),
    "placeholder of whom": (press("'{pin of amoz}#'"), ":1: there is no organizer 'amoz'; did you mean 'amos'?"),
    "placeholder of what": (press("'{pni of amos}#'"),
                            ":1: '{pni of amos}#' has a brace that begins no placeholder: there are {pin of NAME}, "
                            "{old pin of NAME}, {conference id of NAME} or {old conference id of NAME}"),
    "bare placeholder": (press("{pin of amos}"),
                         ":1: what begins with a placeholder stands in quotation marks, "
                         'as in press: "{pin of amos}#"'),
    "bare placeholder with more": ("callers:\n  anna:\n    - press: {pin of amos}1#\n",
                                   ":3: this is not YAML: what begins with a placeholder stands in quotation "
                                   'marks, as in press: "{pin of amos}#"'),
    "placeholder without a desk": ("callers:\n  anna:\n    - press: '{pin of amos}#'\n",
                                   ":3: there is no organizer 'amos': list him under 'organizers', "
                                   "with his address"),
}


@pytest.mark.parametrize("name", BAD)
def test_desk_when_it_is_wrong_then_one_sentence_says_where_and_what_to_do(name):
    text, sentence = BAD[name]
    assert complaint(text) == f"story.yaml{sentence}"


def test_words_of_the_desk_when_they_are_counted_then_each_has_a_wrong_use_in_the_table():
    told = " ".join(text for text, _ in BAD.values())
    for word in (*SECTIONS, "reset pin", "wait for", "let pass", "schedule", "enable", "settings"):
        assert f"{word}:" in told


@pytest.mark.parametrize("text", [
    top("organizers:", f"  - {{address: {AMOS}, pin: 482150000000000}}"),
    order("48215: amos"),
    order("reset pin: {organizer: amoz, pin: 48215}"),
    order("reset pin: {organizer: amos, pin: [48215]}"),
    order("reset pin: {organizer: amos, 48215}"),
    order("reset pin: amos", "pin: 48215", "pn: 48215"),
    press("'48215{'"),
])
def test_desk_when_a_mistake_is_beside_a_pin_then_the_sentence_does_not_hold_it(text):
    assert "4821" not in complaint(text)


@pytest.mark.parametrize(("name", "address"), [
    (AMOS, AMOS), (AMOS.upper(), AMOS), ("amos.marble", AMOS), ("Amos Marble", AMOS), ("amos", AMOS),
    ("Marble", AMOS),
    ("sip:quarry@contoso.com", AMOS), ("zoe", ZOE), ("ng", ZOE)])
def test_organizer_when_he_is_called_by_any_word_that_is_only_his_then_he_is_meant(name, address):
    assert story(order(f"reset pin: '{name}'")).desk.orders[0].subject == address


def test_organizer_when_a_word_is_of_two_then_both_are_named():
    text = top("organizers:", "  - amos.marble@contoso.com", "  - amos.stone@contoso.com", "administrator:",
               "  - disable: amos")
    assert complaint(text) == ("story.yaml:6: 'amos' may be amos.marble@contoso.com or amos.stone@contoso.com: "
                               "write the address")


def test_founding_when_it_says_all_then_all_is_taken():
    told = story("""
callers: {anna: [dial]}
administration: sfbserver
settings: {send-mails: no}
policies: {pin: {MinPasswordLength: 6}}
organizers:
  - {address: Amos.Marble@contoso.com, name: Amos, pin: 0001, conference id: 0123456, pstn only: yes,
     sip uri: sip:a@b.c, toll-free number: "+18005550100"}
meetings:
  - {organizer: amos}
  - {organizer: bo.li@contoso.com, conference id: 1234567, pin: 90371, anyone may start: yes}
""").desk
    amos, bo = told.organizers
    assert told.administration == "sfbserver"
    assert told.settings == (Setting(4, "settings", {"send-mails": "no"}),
                             Setting(5, "pin", {"MinPasswordLength": "6"}))
    assert (amos.address, amos.pin, amos.conference_id, amos.line) == (AMOS, "0001", "0123456", 7)
    assert amos.facts == {"name": "Amos", "pstn_only": True, "sip_uri": "sip:a@b.c",
                          "toll_free_number": "+18005550100"}
    assert (bo.address, bo.pin, bo.facts) == ("bo.li@contoso.com", "90371", {"pstn_only": True})


@pytest.mark.parametrize("product", ADMINISTRATIONS)
def test_administration_when_a_product_is_named_then_it_is_taken(product):
    assert story(top(f"administration: {product}")).desk.administration == product


def test_story_when_it_has_none_of_the_words_then_it_has_no_desk():
    assert story("callers: {anna: [dial]}\nmeetings:\n  - conference id: 1234567\n").desk is None


@pytest.mark.parametrize("lines", [
    ["reset pin: {organizer: amos, send to: a@b.c, first use: no}"],
    ["reset pin: amos", "send to: a@b.c", "first use: no"],
    ["reset pin: {organizer: amos, send to: a@b.c}", "first use: no"]])
def test_order_when_its_options_stand_beside_or_inside_then_it_says_the_same(lines):
    found, = story(order(*lines)).desk.orders
    assert (found.word, found.subject, found.options, found.refused) == (
        "reset pin", AMOS, {"send to": "a@b.c", "first use": False}, None)
    assert found.said == "reset pin: amos, send to a@b.c, first use no"


@pytest.mark.parametrize(("beside", "refused"), [("yes", ""), ("no", None), ("is locked", "is locked")])
def test_order_when_it_is_to_be_refused_then_inside_and_beside_say_the_same(beside, refused):
    for lines in ([f"reset pin: {{organizer: amos, refused: {beside}}}"],
                  ["reset pin: amos", f"refused: {beside}"]):
        assert story(order(*lines)).desk.orders[0].refused == refused


def test_order_when_it_is_to_be_refused_then_what_is_wrong_is_left_to_the_desk():
    nobody, bad = story(order("disable: amoz", "refused: yes") + "  - settings: {pin-length: 3}\n    refused: yes\n"
                        ).desk.orders
    assert (nobody.subject, bad.settings) == ("amoz", (Setting(11, "settings", {"pin-length": "3"}),))


@pytest.mark.parametrize(("step", "said"), [
    ("settings: {pin-length: 8, SendEmailFromDisplayName: Desk}",
     "settings: pin-length 8, SendEmailFromDisplayName Desk"),
    ("policies: {pin: {tries: 5}, pin site:Redmond: {tries: 4, shortest: 6}}",
     "policies: pin: tries 5, pin site:Redmond: tries 4, shortest 6")])
def test_order_when_it_sets_parameters_then_it_says_which(step, said):
    assert story(order(step)).desk.orders[0].said == said


def test_order_when_it_waits_then_its_lengths_are_in_samples_and_what_passes_in_seconds():
    waits, sees, passes = story(order("wait: 2 s", ) + "  - wait for: {caller: anna, in: lobby, within: 1 min}\n"
                                "  - let pass: 61 days\n").desk.orders
    assert (waits.options, sees.options, passes.options) == (
        {"time": samples(2)}, {"in": "lobby", "within": samples(60)}, {"time": 61 * 86_400})
    assert (waits.said, sees.said, passes.said) == (
        "wait: 2 s", "wait for: anna, in lobby, within 1 min", "let pass: 61 days")


def test_order_when_it_holds_a_pin_then_neither_said_nor_repr_shows_it():
    told = story(order("reset pin: {organizer: amos, pin: 73921}") + f"  - enable: {ZOE}\n    pin: 88162\n").desk
    assert [one.said for one in told.orders] == ["reset pin: amos, pin ****", f"enable: {ZOE}, pin ****"]
    assert not re.search("73921|88162|48215", repr(told))


def test_caller_when_he_presses_a_pin_that_the_administrator_types_then_it_is_masked():
    text = order("reset pin: {organizer: amos, pin: 73921}").replace("[dial]", "[press: 1234567#*73921#]")
    assert story(text).callers[0].steps[1].said == "press: 1234567#*****#"


def test_press_when_it_holds_placeholders_then_they_name_the_organizer_and_the_step_shows_them_as_written():
    step = story(press('"{conference id of Budget}#*{old pin of amos}#{conference id of zoe}"')).callers[0].steps[1]
    assert step.keys == f"{{conference id of Budget}}#*{{old pin of {AMOS}}}#{{conference id of {ZOE}}}"
    assert step.said == "press: {conference id of Budget}#*{old pin of amos}#{conference id of zoe}"


def test_press_when_somebody_is_enabled_only_later_then_he_can_be_named():
    text = order("enable: {address: bo.li@contoso.com, name: Bo Li}")
    assert story(text.replace("[dial]", '[press: "{pin of bo}#"]')).callers[0].steps[1].keys == (
        "{pin of bo.li@contoso.com}#")


@pytest.mark.parametrize("kind", [kind.value for kind in LetterKind])
@pytest.mark.parametrize("claim", CLAIMS)
def test_expect_when_a_letter_is_named_then_its_kind_and_claims_are_taken(kind, claim):
    got, = story(wish(f"mails: amos gets {kind} with {claim}")).expect
    assert (got.organizer, got.kind, got.claims, got.recipient) == (AMOS, kind, (claim,), "")
    held, = story(wish(f"mails: {kind} holds {claim} and no PIN")).expect
    assert (held.organizer, held.kind, held.claims) == ("", kind, (claim, "no PIN"))


def test_expect_when_it_is_of_letters_ids_and_pins_then_it_is_taken():
    assert story(wish("mails: none")).expect == (ExpectMails(9, "mails: none", count=0),)
    assert story(wish("mails: 12")).expect == (ExpectMails(9, "mails: 12", count=12),)
    assert story(wish("mails: zoe gets nothing")).expect == (
        ExpectMails(9, "mails: zoe gets nothing", organizer=ZOE),)
    assert story(wish("mails: zoe gets info at u@hotmail.com")).expect == (
        ExpectMails(9, "mails: zoe gets info at u@hotmail.com", organizer=ZOE, kind="info",
                    recipient="u@hotmail.com"),)
    assert story(wish("conference id 1234567: works")).expect == (
        ExpectId(9, "conference id 1234567: works", "1234567", works=True),)
    assert story(wish("conference id {conference id of Budget}: refused")).expect[0].conference_id == (
        "{conference id of Budget}")


@pytest.mark.parametrize("state", PIN_STATES)
def test_expect_when_a_state_of_a_pin_is_named_then_it_is_taken(state):
    assert story(wish(f"pin of Amos Marble: {state}")).expect == (
        ExpectPin(9, f"pin of Amos Marble: {state}", AMOS, state),)


@examples(300)
@given(data=st.data())
def test_story_when_its_lines_are_mixed_up_then_it_is_read_or_complained_about(data):
    manual = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    block = data.draw(st.sampled_from(
        [block for block in re.findall(r"^```yaml\n(.*?)^```", manual, re.M | re.S) if "administrat" in block]))
    lines = block.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        here, there = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        change = data.draw(st.sampled_from(["drop", "swap", "cut", "value", "again"]))
        match change:
            case "drop":
                lines[here] = ""
            case "swap":
                lines[here], lines[there] = lines[there], lines[here]
            case "cut":
                lines[here] = lines[here][:data.draw(st.integers(0, 30))]
            case "value":
                lines[here] = re.sub(r": .*", data.draw(st.sampled_from(
                    [":", ": []", ": {}", ": [a]", ": {a: b}", ": 1", ": '{'", ": yes"])), lines[here])
            case _:
                lines.insert(here, lines[there])
    try:
        assert story("\n".join(lines)).callers
    except ScenarioError as error:
        assert len(str(error).splitlines()) == 1
