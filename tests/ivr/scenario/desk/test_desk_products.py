"""Products really differ in a call: locks, resets by the system, expiry, policies of a site or granted."""

from pathlib import Path

import pytest

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import Words, parse
from ivr.scenario.player import play

WORDS = Words(prompts().names(), PROFILES)
AMOS = "amos.marble@contoso.com"


def administered(*steps, people, top="", callers="callers: {anna: [dial]}\n", expect=()):
    does = "administrator:\n" + "".join(f"  - {step}\n" for step in steps) if steps else ""
    wishes = "expect:\n" + "".join(f"  - {wish}\n" for wish in expect) if expect else ""
    return play(parse(f"{people}{callers}{top}\n{does}{wishes}", Path("story.yaml"), WORDS), stage())


WRONG = '    - press: 1234567#*{0}#{0}#{0}#\n    - in: lobby\n    - hang up\n'


def calls(*entries):
    """Callers one after another: each tries PINs, in his own call."""
    text = "callers:\n"
    for n, pin in enumerate(entries):
        text += f"  caller {n}:\n    - wait: {n * 12} s\n    - dial\n{WRONG.format(pin)}"
    return text


def right(after, outcome="in: meeting", pin="48215"):
    return (f'  amos:\n    - wait: {after} s\n    - dial\n    - press: "1234567#*{pin}#"\n    - {outcome}\n'
            "      within: 4 s\n")


def one(*, pin="48215"):
    return (f"organizers:\n  - {{address: {AMOS}, pin: {pin}}}\n"
            "meetings:\n  - {organizer: amos, conference id: 1234567}\n")


def test_sfbserver_when_the_local_limit_is_reached_then_the_right_pin_fails_until_the_hour_is_over():
    top = "administration: sfbserver\npolicies: {pin: {tries: 3}}"
    locked = administered(people=one(), top=top, callers=calls("99999") + right(12, "hear: wrong-pin"),
                          expect=["pin of amos: locked", "pin of amos: unchanged", "mails: none"])
    assert [str(failure) for failure in locked.failures] == []
    lock, = locked.journal.of("desk")
    assert (lock.facts["what"], lock.facts["by"]) == ("lock pin", "system")
    assert 3598 * 8000 <= lock.facts["until_at"] - lock.at <= 3600 * 8000
    for passes, outcome in (("59 min", "hear: wrong-pin"), ("1 h", "in: meeting")):
        result = administered("wait for: {caller: caller 0, in: ended}", f"let pass: {passes}", people=one(),
                              top=top, callers=calls("99999") + right(12, outcome))
        assert [str(failure) for failure in result.failures] == []


def test_um_when_five_are_wrong_over_two_calls_then_the_system_resets_the_pin_and_mails_it():
    result = administered(people=one(pin="198584"), top="administration: um", callers=calls("111111", "222222"),
                          expect=["pin of amos: changed", "pin of amos: due for a change", "mails: 1",
                                  "mails: amos gets pin-reset with the new PIN"])
    assert [str(failure) for failure in result.failures] == []
    assert [entry.facts["what"] for entry in result.journal.of("desk")] == ["reset pin"]


def test_um_when_the_system_resets_a_pin_and_letters_are_off_then_nobody_knows_it():
    callers = calls("111111", "222222") + right(24, "hear: wrong-pin", "{pin of amos}")
    failure, = administered(people=one(pin="198584"), top="administration: um\nsettings: {send-mails: no}",
                            callers=callers, expect=["mails: none"]).failures
    assert failure.instead == (f"nobody knows the PIN of {AMOS}: it was changed, and no letter tells the new one")


@pytest.mark.parametrize(("passes", "outcome", "wish"), [
    ("59 days", "in: meeting", "not locked"), ("61 days", "hear: wrong-pin", "due for a change")])
def test_um_when_sixty_days_pass_then_the_pin_has_expired(passes, outcome, wish):
    call = ("callers:\n  amos:\n    - wait: 1 s\n    - press: \"{conference id of Later}#*198584#\"\n"
            f"    - {outcome}\n      within: 4 s\n")
    result = administered("let pass: " + passes, "schedule: {organizer: amos, name: Later}",
                          people=one(pin="198584"), top="administration: um", callers=call,
                          expect=[f"pin of amos: {wish}"])
    assert [str(failure) for failure in result.failures] == []


@pytest.mark.parametrize(("steps", "locked"), [
    ([], "not locked"), (["policies: {pin site:Redmond: {tries: 3}}"], "locked"),
    (["policies: {pin strict: {tries: 3}}"], "not locked"),
    (["policies: {pin strict: {tries: 3}}", "grant: {organizer: amos, policy: pin strict}"], "locked"),
    (["policies: {pin strict: {tries: 3}}", "grant: {organizer: amos, policy: pin strict}",
      "grant: {organizer: amos, policy: pin}"], "not locked"),
    (["policies: {pin site:Redmond: {tries: 9}}", "policies: {pin strict: {tries: 3}}",
      "grant: {organizer: amos, policy: pin strict}"], "locked")])
def test_policy_when_it_is_of_a_site_or_granted_then_the_narrowest_holds_for_his_pin_b2(steps, locked):
    people = one().replace("pin: 48215", "pin: 48215, site: Redmond")
    result = administered(*steps, people=people, top="administration: sfbserver", callers=calls("99999"),
                          expect=[f"pin of amos: {locked}"])
    assert [str(failure) for failure in result.failures] == []


def test_online_when_many_are_wrong_then_nothing_locks():
    result = administered(people=one(), callers=calls("99999", "88888", "77777") + right(36),
                          expect=["pin of amos: unchanged", "mails: none"])
    assert [str(failure) for failure in result.failures] == []


def test_meeting_when_its_sixty_days_are_over_then_its_id_is_refused_a1_15():
    assert administered("let pass: 59 days", people=one(), expect=["conference id 1234567: works"]).passed
    assert administered("let pass: 61 days", people=one(), expect=["conference id 1234567: refused"]).passed
