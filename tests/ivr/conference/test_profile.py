"""Profiles as data: every documented difference is a field, and none is decided by a name."""

import ast
import re
from pathlib import Path

import pytest

from ivr.clock import samples
from ivr.conference.commands import Command, in_order, wrong
from ivr.conference.fields import Duration, FieldRefused, described
from ivr.conference.profile import DEFAULT, PROFILES, UnknownProfile, profile
from ivr.directory.administration import ADMINISTRATIONS
from ivr.engine.keys import Typed, meaning

ROOT = Path(__file__).parents[3]
TEAMS21, TEAMS, SFB, SERVER = (PROFILES[name] for name in ("teams2021", "teams", "sfb2017", "sfbserver"))
HOUR = samples(3600)


@pytest.mark.parametrize(("one", "field", "value"), [
    pytest.param(TEAMS21, "conference_id_digits", 7, id="A1.10 S1.11"),
    pytest.param(TEAMS21, "start_admits", "everyone", id="A3.3 S0.14 C1"),
    pytest.param(SFB, "start_admits", "everyone", id="A3.3 S4.12 C1"),
    pytest.param(TEAMS, "start_admits", "nobody", id="A3.5 C1"),
    pytest.param(TEAMS, "everyone_admits", True, id="A3.7 C1"),
    pytest.param(TEAMS, "dial_in_bypass", False, id="A3.8 C12 Teams"),
    pytest.param(SFB, "dial_in_bypass", True, id="A3.8 C12 SfB"),
    pytest.param(SERVER, "dial_in_bypass", True, id="A3.8 C12 server"),
    pytest.param(SERVER, "admit_all_opens", True, id="A3.19"),
    pytest.param(SERVER, "bypass_needs_authenticated", True, id="A3.20"),
    pytest.param(SFB, "tell_of_waiting", False, id="A3.17 O-KNOWN"),
    pytest.param(TEAMS21, "announcements", True, id="A4.1 C7 online"),
    pytest.param(SERVER, "announcements", False, id="A4.1 C7 server"),
    pytest.param(TEAMS21, "announce_with", "names", id="A4.2"),
    pytest.param(TEAMS21, "name_recording", True, id="A4.4"),
    pytest.param(TEAMS21, "name_needs_names", True, id="A4.4 Teams"),
    pytest.param(SFB, "name_needs_names", False, id="A4.4 SfB"),
    pytest.param(SFB, "keys", {Command.HELP: "1", Command.MUTE: "6"}, id="A5 2017"),
    pytest.param(TEAMS21, "pin_asked", frozenset({"not started", "locked"}), id="A2.1-A2.5 C2 C3"),
    pytest.param(SERVER, "pin_asked", frozenset({"not started", "anyone may start", "no organizer", "locked"}),
                 id="A2.6 A2.7 C3"),
    pytest.param(TEAMS21, "unchanged_limit", 24 * HOUR, id="A6.1"),
    pytest.param(TEAMS21, "pin_limit", 24 * HOUR, id="A6.2"),
    pytest.param(TEAMS21, "no_pin_limit", 4 * HOUR, id="A6.3"),
    pytest.param(TEAMS21, "alone_limit", HOUR * 3 // 2, id="A6.4 C6 since 2020"),
    pytest.param(SFB, "alone_limit", 4 * HOUR, id="A6.4 C6 before"),
    pytest.param(TEAMS, "meeting_limit", 30 * HOUR, id="A6.6"),
    pytest.param(TEAMS, "participants", 250, id="A6.7"),
    pytest.param(SERVER, "pin_digits", range(4, 25), id="B2"),
    pytest.param(SERVER, "guess_limit", 0, id="B3 instead"),
    pytest.param(SERVER, "unknown_calls", 0, id="nor are IDs slowed"),
])
def test_a_field_then_as_the_product_has_it(one, field, value):
    assert getattr(one, field) == value


def test_the_default_then_the_one_that_the_sources_describe():
    assert next(iter(PROFILES)) == DEFAULT == "teams2021"
    assert set(PROFILES) == {"teams2021", "teams", "sfb2017", "sfbserver"}


def test_a_wrong_name_then_the_nearest_is_named():
    with pytest.raises(UnknownProfile, match="did you mean 'sfbserver'"):
        profile("sfb-server")


@pytest.mark.parametrize("one", PROFILES.values(), ids=PROFILES)
def test_every_field_then_has_a_source_and_its_value_is_read_as_it_is_shown(one):
    for name, (inside, about) in described(one).items():
        assert re.search(r"[A-F]-?\d|ours|\[U\]", about.source), name
        value = getattr(one, inside.name)
        assert about.kind.read(about.kind.show(value)) == value
    assert one.administration in ADMINISTRATIONS


@pytest.mark.parametrize(("field", "text", "hint"), [
    ("name-recording", "maybe", "neither 'yes' nor 'no'"), ("pin-tries", "0", "1 to 20"),
    ("conference-id-digits", "8", "only 7"), ("lobby-timeout", "soon", "not a length of time"),
    ("name-longest", "0 s", "more than no time"), ("pin-limit", "72 h", "48 h at most"),
    ("start-admits", "somebody", "everyone, nobody"), ("pin-asked", "always", "not started"),
    ("command-key", "5", "\"\\*\" or \"#\""), ("pin-digits", "12", "4 to 12"),
    ("operator", "me", "no telephone number"),
    ("languages", "English", "such as en-US"), ("languages", "en-US, en-US", "twice"),
    ("languages", "en-US, fr-FR, de-DE, es-ES, zh-CN, it-IT", "one and up to four"),
])
def test_a_value_that_is_none_then_refused_with_what_is_taken(field, text, hint):
    with pytest.raises(FieldRefused, match=hint):
        described(TEAMS)[field][1].kind.read(text)


@pytest.mark.parametrize(("field", "text", "value"), [
    ("pin-asked", "none", frozenset()), ("pin-asked", "locked, not started", frozenset({"not started", "locked"})),
    ("operator", "off", ""), ("operator", "tel:+1 (425) 555-0100", "+14255550100"),
    ("pin-digits", "4-6", range(4, 7)),
])
def test_a_value_in_another_way_than_it_is_shown_then_read_too(field, text, value):
    assert described(TEAMS)[field][1].kind.read(text) == value


def test_no_time_then_taken_where_it_means_never_or_at_once():
    zero = {name for name, (_, about) in described(TEAMS).items()
            if isinstance(about.kind, Duration) and reads(about.kind, "0 s")}
    assert zero == {"lobby-timeout", "lobby-warning", "announce-gather", "meeting-limit", "end-warning"}


def reads(kind, text):
    try:
        return kind.read(text) == 0
    except FieldRefused:
        return False


@pytest.mark.parametrize(("digits", "over", "meant"), [
    ("2", False, Typed.MORE), ("21", False, Command.ADMIT_ALL), ("2", True, Typed.NOTHING),
    ("24", False, Typed.NOTHING), ("6", False, Command.MUTE), ("9", False, Typed.NOTHING)])
def test_a5_digits_after_the_command_key_then_a_command_more_or_nothing(digits, over, meant):
    assert meaning(digits, TEAMS.keys, over=over) is meant


@pytest.mark.parametrize(("keys", "sentence"), [
    ({Command.HELP: "1", Command.MUTE: "1"}, "help and mute cannot both have the key 1"),
    ({Command.HELP: "x"}, "no key for help"), ({Command.HELP: "1234"}, "1 to 3 digits")])
def test_a5_keys_that_are_not_unique_or_no_digits_then_refused(keys, sentence):
    assert sentence in wrong(keys)
    assert not wrong({Command.HELP: "6", Command.MUTE: "1"})  # two that were swapped


def test_a5_help_then_only_what_somebody_can_use():
    assert [c for c, _ in in_order(TEAMS.keys, organizer=False)] == [Command.HELP, Command.MUTE, Command.HAND]
    assert Command.ADMIT_ALL in [c for c, _ in in_order(TEAMS.keys, organizer=True)]


def test_sources_then_none_tests_for_a_profiles_name():
    names = set(PROFILES)
    for path in [*(ROOT / "ivr" / "conference").rglob("*.py"), *(ROOT / "ivr" / "engine").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                parts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
                assert not names & {part for part in parts if isinstance(part, str)}, path
