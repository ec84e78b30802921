"""Before something is destroyed the user is asked, unless he has said yes already."""

import json

import pytest

AMOS = "amos.marble@contoso.com"
DESTRUCTIVE = {
    "organizer disable": ("organizer", "disable", AMOS),
    "pin reset": ("pin", "reset", AMOS),
    "pin welcome --force": ("pin", "welcome", AMOS, "--force"),
    "conference-id reset": ("conference-id", "reset", AMOS),
    "meeting cancel": ("meeting", "cancel", "1"),
    "number remove": ("number", "remove", "+33199000100"),
    "number renumber": ("number", "renumber", "+14255550100", "+33199000100"),
    "settings reset": ("settings", "reset"),
    "policy reset": ("policy", "reset", "meeting"),
    "organizer set --reset-pin": ("organizer", "set", AMOS, "--reset-pin"),
    "organizer set --reset-conference-id": ("organizer", "set", AMOS, "--reset-conference-id"),
    "Set-CsOnlineDialInConferencingUser -Confirm": (
        "Set-CsOnlineDialInConferencingUser", "-Identity", AMOS, "-ResetLeaderPin", "-Confirm"),
    "Disable-CsOnlineDialInConferencingUser -Confirm:$true": (
        "Disable-CsOnlineDialInConferencingUser", "-Identity", AMOS, "-Confirm:$true"),
}
destructive = pytest.mark.parametrize("name", DESTRUCTIVE)

EACH_IN_TURN = """
import json, sys
from ivr.cli import main
for name, words in json.loads(sys.argv[1]).items():
    print(f"begins {name}", flush=True)
    print(f"ends with {main(words)}", flush=True)
"""


def _set(ivr, office):
    """Set what can be reset; a policy and a setting."""
    assert ivr("settings", "set", "--pin-length", "8", office.database)[0] == 0
    assert ivr("policy", "set", "meeting", "--dial-in-bypass", "yes", office.database)[0] == 0


@pytest.fixture
def answered(ivr, served, office_of, terminal):
    """Run all of them on one terminal, each in a directory of its own, with one answer; code and screen of each."""
    def run(answer):
        offices = {name: office_of() for name in DESTRUCTIVE}
        before = {}
        for name, office in offices.items():
            _set(ivr, office)
            before[name] = office.dump()
        words = {name: [*DESTRUCTIVE[name], office.database] for name, office in offices.items()}
        code, screen = terminal(offices["pin reset"], [served / "python", "-c", EACH_IN_TURN, json.dumps(words)],
                                [("[y/N]", answer)] * len(words))
        assert code == 0, screen
        said = {}
        for part in screen.split("begins ")[1:]:
            name, _, rest = part.partition("\n")
            told, _, end = rest.rpartition("ends with ")
            said[name] = (int(end), told)
        return said, {name: office.dump() != before[name] for name, office in offices.items()}
    return run


@destructive
def test_command_when_nobody_is_there_to_answer_then_it_is_refused(unchanged, ivr, office, name):
    _set(ivr, office)
    sentence = unchanged(office, *DESTRUCTIVE[name])
    assert sentence.endswith("add --yes.")
    assert "?" in sentence


@pytest.mark.parametrize("answer", ["n", "yesterday"])
def test_commands_when_the_answer_is_not_yes_then_nothing_is_changed(answered, answer):
    said, changed = answered(answer)
    for name in DESTRUCTIVE:
        code, told = said[name]
        assert (name, code, changed[name]) == (name, 1, False)
        assert told.endswith("ivr: nothing was changed.\n")


@pytest.mark.parametrize("answer", ["Yes"])
def test_commands_when_the_answer_is_yes_then_it_is_done(answered, answer):
    said, changed = answered(answer)
    for name in DESTRUCTIVE:
        assert (name, said[name][0], changed[name]) == (name, 0, True)


@destructive
def test_command_when_yes_is_said_beforehand_then_it_is_done_unasked(ivr, office, name):
    _set(ivr, office)
    before = office.dump()
    words = [word for word in DESTRUCTIVE[name] if not word.startswith("-Confirm")]
    code, out, err = ivr(*words, "--yes", office.database)
    assert (code, err) == (0, "")
    assert "[y/N]" not in out
    assert office.dump() != before


def test_question_when_asked_then_it_names_who_is_concerned_and_what_is_lost(refused, office):
    assert "his pin and the conference ids of his 1 meeting will" in refused(
        "organizer", "disable", "Amos Marble", office.database).lower()
    assert AMOS in refused("pin", "reset", "amos.marble", office.database)
    assert "+33199000100" in refused("number", "remove", "33199000100", office.database)
    assert f"meeting 1 of {AMOS}" in refused("meeting", "cancel", office.ids[AMOS], office.database)


def test_command_when_there_is_nothing_to_destroy_then_nothing_is_asked(ivr, office_of):
    office = office_of("sfbserver", people=False)
    assert ivr("organizer", "enable", AMOS, office.database)[0] == 0
    # he has no PIN yet that could be lost
    assert ivr("pin", "reset", AMOS, office.database)[0] == 0
    assert ivr("organizer", "disable", AMOS, "--yes", office.database)[0] == 0
    assert ivr("organizer", "disable", AMOS, office.database) == (
        0, f"{AMOS} was not enabled: nothing was changed.\n", "")


@pytest.mark.parametrize("name", ["pin reset", "meeting cancel", "conference-id reset", "number remove"])
def test_command_when_it_cannot_be_done_anyway_then_that_is_said_before_anything_is_asked(refused, office, name):
    words = [{AMOS: "nobody@contoso.com", "1": "99", "+33199000100": "+33199000999"}.get(word, word)
             for word in DESTRUCTIVE[name]]
    assert "--yes" not in refused(*words, office.database)
