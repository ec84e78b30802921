"""A profile of one's own starts from another, and says where it is wrong."""

from pathlib import Path

import pytest

from ivr.clock import samples
from ivr.conference.commands import Command
from ivr.conference.profile import PROFILES, UnknownProfile
from ivr.scenario.errors import ScenarioError
from ivr.scenario.profiles import find, parse

HERE = Path("mine.yaml")


def test_a_file_then_what_it_says_and_the_rest_of_the_one_it_starts_from():
    mine = parse("from: teams\nannounce-with: tones\nlobby-timeout: 5 min\n"
                 "keys:\n  mute: 4\n  lock: 77\n  help: none\n", HERE)
    assert (mine.name, mine.start_admits, mine.announce_with) == ("mine", "nobody", "tones")
    assert mine.lobby_timeout == samples(300)
    assert mine.keys[Command.LOCK] == "77"
    assert Command.HELP not in mine.keys
    assert mine.keys[Command.ADMIT_ALL] == PROFILES["teams"].keys[Command.ADMIT_ALL]


def test_two_keys_swapped_at_once_then_taken():
    assert parse("from: teams\nkeys: {mute: 5, hand: 6}\n", HERE).keys[Command.MUTE] == "5"


@pytest.mark.parametrize(("text", "line", "message"), [
    ("", 0, "the file is empty"),
    ("from: temas\n", 1, "there is no profile 'temas'; did you mean 'teams'"),
    ("from: teams\nanounce-with: tones\n", 2, "did you mean 'announce-with'"),
    ("from: teams\n\nannounce-with: bells\n", 3, "'bells' cannot stand here: it takes names, tones"),
    ("from: teams\nkeys:\n  mute: 1\n", 2, "help and mute cannot both have the key 1"),
    ("from: teams\nkeys:\n  mut: 1\n", 2, "there is no command 'mut'"),
    ("from: teams\nkeys: 5\n", 2, "written as 'key: value' lines"),
    ("from: teams\nconference-id-digits: 8\n", 2, "only 7"),
    ("from: teams\npin-tries:\n  - 3\n", 2, "is text, not a list"),
    ("- teams\n", 1, "written as 'key: value' lines"),
    ("from: teams\nfrom: sfb2017\n", 2, "stands here twice"),
    ("from: [teams\n", 1, "this is not YAML"),
])
def test_a_file_that_is_wrong_then_file_line_and_the_nearest_word(text, line, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        parse(text, HERE)
    assert caught.value.line == line


def test_no_such_file_then_said_so(tmp_path):
    with pytest.raises(ScenarioError, match="there is no such file"):
        find("none.yaml", beside=tmp_path)
    with pytest.raises(UnknownProfile, match=r"ends in \.yaml"):
        find("tems")
