"""Calls to the meetings of the directory: what was reset at the desk counts at the caller's next #."""

import json
import re

import numpy as np
import pytest
import soundfile

import dtmf

AMOS, TONY = "amos.marble@contoso.com", "tonysmith@contoso.com"


@pytest.fixture
def call(ivr, tmp_path):
    """Dial in and press keys, a second of silence where a blank stands; return what `ivr answer --json` tells."""
    def call(office, keys, *more):
        path = tmp_path / "call.wav"
        pieces = [piece for part in keys.split() for piece in (np.zeros(8000, np.int16), dtmf.encode(part, 8000))]
        soundfile.write(path, np.concatenate(pieces), 8000)
        code, out, err = ivr("answer", path, "-o", tmp_path / "heard.wav", "--json", *more, office.database)
        assert (code, err) == (0, "")
        for pin in office.pins.values():
            assert not re.search(rf"(?<![\d.])(?<!: ){pin}(?![\d.])", out)
        return json.loads(out)
    return call


@pytest.fixture
def reset(ivr):
    """Reset a PIN at the desk; return the new one."""
    def reset(office, who, *more):
        code, out, _ = ivr("pin", "reset", who, "--yes", *more, "--json", office.database)
        assert code == 0
        office.pins[who] = json.loads(out)["pin"]
        return office.pins[who]
    return reset


def _said(facts):
    return [one["prompt"] for one in facts["prompts"]]


def test_call_when_the_organizer_types_everything_ahead_then_his_meeting_begins(call, office):
    facts = call(office, f"{office.ids[AMOS]}#*{office.pins[AMOS]}#")
    assert facts["outcome"] == "in meeting"
    assert facts["digits"] == f"{office.ids[AMOS]}#*****#"
    assert "meeting-started-by-you" in _said(facts)


def test_s0_16_s4_14_call_when_no_pin_is_given_then_the_caller_waits_with_music(call, office):
    facts = call(office, f"{office.ids[AMOS]}#")
    assert facts["outcome"] == "in lobby"
    assert facts["music"]


def test_a2_9_call_when_it_is_another_organizers_pin_then_it_starts_nothing(call, office):
    facts = call(office, f"{office.ids[AMOS]}#*{office.pins[TONY]}#")
    assert facts["outcome"] != "in meeting"


def test_b1_11_call_when_the_pin_was_reset_then_the_old_one_fails_and_the_new_one_starts(call, reset, office):
    old = office.pins[AMOS]
    new = reset(office, AMOS)
    facts = call(office, f"{office.ids[AMOS]}#*{old}#")
    assert facts["outcome"] != "in meeting"
    assert "wrong-pin" in " ".join(_said(facts))
    assert call(office, f"{office.ids[AMOS]}#*{new}#")["outcome"] == "in meeting"


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["", "json"])
def test_call_when_a_person_reads_it_then_no_pin_is_told(ivr, reset, office, tmp_path, more):
    assert ivr("settings", "set", "--pin-length", "12", office.database)[0] == 0
    pin = reset(office, AMOS)
    path = tmp_path / "call.wav"
    soundfile.write(path, dtmf.encode(f"{office.ids[AMOS]}#*{pin}#", 8000), 8000)
    code, out, err = ivr("answer", path, "-o", tmp_path / "heard.wav", *more, office.database)
    assert (code, err) == (0, "")
    assert "in meeting" in out
    assert pin not in out


def test_s1_13_call_when_the_conference_id_was_reset_then_the_old_one_is_refused(call, ivr, office):
    code, out, _ = ivr("conference-id", "reset", AMOS, "--yes", "--json", office.database)
    (change,), old = json.loads(out)["conference_ids"], office.ids[AMOS]
    assert (code, change["old"]) == (0, old)
    facts = call(office, f"{old}#", "--stay", "1")
    assert "organizer-question" not in _said(facts)
    assert any("unknown" in prompt for prompt in _said(facts))
    assert call(office, f"{change['new']}#*{office.pins[AMOS]}#")["outcome"] == "in meeting"


@pytest.mark.parametrize("words", [("meeting", "cancel", "1", "--yes"), ("organizer", "disable", AMOS, "--yes")],
                         ids=" ".join)
def test_call_when_the_meeting_is_gone_then_its_id_is_refused(call, ivr, office, words):
    assert ivr(*words, office.database)[0] == 0
    assert "organizer-question" not in _said(call(office, f"{office.ids[AMOS]}#", "--stay", "1"))


def test_s0_7_s4_7_call_when_the_organizer_does_not_require_a_pin_then_none_is_asked_for(call, ivr, office):
    assert ivr("organizer", "set", AMOS, "--pstn-only", office.database)[0] == 0
    facts = call(office, f"{office.ids[AMOS]}#")
    assert facts["outcome"] == "in meeting"
    assert "organizer-question" not in _said(facts)


def test_b3_call_when_the_pin_is_locked_then_even_the_right_one_starts_nothing(call, ivr, office_of):
    office = office_of("sfbserver")
    keys = f"{office.ids[AMOS]}#*{office.pins[AMOS]}#"
    assert ivr("pin", "lock", AMOS, office.database)[0] == 0
    assert call(office, keys)["outcome"] != "in meeting"
    assert ivr("pin", "unlock", AMOS, office.database)[0] == 0
    assert call(office, keys)["outcome"] == "in meeting"


def test_f2_call_when_a_pin_was_wrong_five_times_over_calls_then_its_owner_is_sent_a_new_one(call, reset, ivr,
                                                                                            office_of):
    office = office_of("um")
    pin = reset(office, AMOS, "--no-change-at-first-use")
    before = office.letters()
    keys = f"{office.ids[AMOS]}#*" + " ".join(["000001#"] * 3)
    call(office, keys)
    assert json.loads(ivr("pin", "info", AMOS, "--json", office.database)[1])["failures"] == 3
    assert office.letters() == before
    call(office, keys)
    new = [text for text in office.letters() if text not in before]
    assert len(new) == 1
    assert f"Delivered-To: {AMOS}" in new[0]
    assert not re.search(rf"(?<![0-9]){pin}(?![0-9])", new[0])
    assert call(office, f"{office.ids[AMOS]}#*{pin}#")["outcome"] != "in meeting"
    code, out, _ = ivr("mail", "list", AMOS, "--json", office.database)
    assert (code, json.loads(out)[0]["kind"], json.loads(out)[0]["state"]) == (0, "pin-reset", "delivered")


def test_call_when_the_environment_names_the_directory_then_its_meetings_are_known(shell, office, tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, dtmf.encode(f"{office.ids[AMOS]}#*{office.pins[AMOS]}#", 8000), 8000)
    done = shell(office, "answer", path, "-o", tmp_path / "heard.wav")
    assert (done.returncode, done.stderr) == (0, "")
    assert "in meeting" in done.stdout


def test_call_when_meetings_and_a_directory_are_named_then_it_is_refused(refused, office, tmp_path):
    words = ("answer", tmp_path / "call.wav", "--meeting", "1234567", office.database)
    assert "take one of the two" in refused(*words)


def test_a1_4_call_when_a_number_of_the_directory_is_dialled_then_its_languages_can_be_chosen(call, office):
    facts = call(office, "*2", "--called", "+14255550100")
    chosen = [entry["language"] for entry in facts["journal"] if entry["event"] == "language"]
    assert chosen == ["fr-FR"]
    assert "language-offer" in _said(facts)
    shared = call(office, "*2", "--called", "+33199000100")
    assert not [entry for entry in shared["journal"] if entry["event"] == "language"]


def test_a4_4_call_when_names_are_switched_off_at_the_desk_then_nobody_is_asked(call, office, ivr):
    assert "record-name" in _said(call(office, f"{office.ids[AMOS]}#1"))
    assert ivr("settings", "set", "--name-recording", "no", office.database)[0] == 0
    assert "record-name" not in _said(call(office, f"{office.ids[AMOS]}#1"))
