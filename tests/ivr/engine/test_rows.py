"""Rows that are used again: whoever takes the place of one who has left takes nothing else of him.

All ways to leave are tried in one world, each in a meeting of its own: a leaver, a host who speaks there, and the
next one, who takes the leaver's row. In the world beside it strangers dial just before, take all rows that were
used, and never get anywhere; so the next ones have rows that nobody has had. Nobody may notice the difference.
"""

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.conference.commands import Command
from ivr.directory.meetings import Meeting, key_of
from ivr.lines.memory import MemoryLine

NEXT_DIALS, END = 11.0, 28.0
ELSEWHERE = Meeting("1234567", "48215", "amos")
"""A meeting that never starts."""


@dataclass(frozen=True)
class Way:
    """A way to leave; moments are seconds.

    Attributes
    ----------
    presses : sequence of (moment, keys)
        What the leaver presses once he is in, with tones of `tone_ms`.
    hangs_up : float or None
        When he does; None if the bridge ends his call.
    first : str or None
        What he presses at first; None for the ID of the meeting.
    speaks : (float, float)
        From when to when.
    options : dict
        What the meeting has otherwise.
    action : callable
        What is asked of the bridge at the moment `at`, given it, the meeting's key and the leaver's number.
    ends_all : bool
        Whether it ends the host's call too.
    host_presses : sequence of (moment, keys)
    """

    presses: tuple[tuple[float, str], ...] = ()
    hangs_up: float | None = 7.0
    first: str | None = None
    tone_ms: float = 100
    speaks: tuple[float, float] = (4.0, 7.0)
    options: dict[str, Any] = field(default_factory=dict)
    action: Any = None
    at: float = 5.5
    ends_all: bool = False
    host_presses: tuple[tuple[float, str], ...] = ()


def mutes_all(bridge, meeting, _):
    bridge.mute_all(meeting)


def mutes_all_for_a_moment(bridge, meeting, _):
    bridge.mute_all(meeting)
    bridge.mute_all(meeting, muted=False)


OPERATOR = {"operator": "+14255550199", "keys": {Command.MUTE: "6", Command.OPERATOR: "0"}}
WAYS = {
    "amid a word": Way(),
    "muted": Way(((5, "*6"),)),
    "muted by the organizer": Way(action=mutes_all, host_presses=((7, "*6"),)),
    "muted when nobody could unmute": Way(options={"mute_all_holds": True}, action=mutes_all_for_a_moment,
                                          host_presses=((7, "*6"),)),
    "with his hand up": Way(((5, "*5"),)),
    "while something is said over the meeting": Way(((6.4, "*5"),)),
    "while a key is down": Way(((5, "1"),), tone_ms=5000),
    "muted and while a key is down": Way(((4, "*6"), (6, "1")), tone_ms=700),
    "within a command": Way(((6.5, "*2"),)),
    "muted, by the meeting's end": Way(((4.5, "*6"),), None, at=6.5, ends_all=True,
                                       action=lambda bridge, meeting, _: bridge.end(meeting)),
    "muted, to the operator": Way(((4.5, "*6"), (6, "*0")), None, options=OPERATOR),
    "within the welcome": Way(first="", hangs_up=0.3),
    "within an ID": Way(first="123", hangs_up=1.2),
    "after three wrong IDs": Way(first="9999999#9999999#9999999#", hangs_up=None),
    "at the organizer question": Way(first="1234567#", hangs_up=3),
    "within a PIN": Way(first="1234567#*482", hangs_up=4),
    "within a prompt in the lobby": Way(first="1234567#1", hangs_up=2.3),
    "while music plays in the lobby": Way(first="1234567#1"),
    "sent away from the lobby": Way(first="1234567#1", hangs_up=None,
                                    action=lambda bridge, _, leaver: bridge.deny(leaver)),
    "within his name": Way(options={"name_recording": True}, hangs_up=4.2, speaks=(2.9, 7.0)),
}
CASES = [(way, stays) for way in WAYS for stays in (True, False) if not (WAYS[way].ends_all and stays)]
IDS = {case: f"{2_000_000 + n}" for n, case in enumerate(CASES)}


def noise(name, begin, end):
    """Speech of one's own from second `begin` to `end`."""
    spoken = np.random.default_rng(zlib.crc32(name.encode())).integers(-1500, 1500, samples(end)).astype(np.int16)
    spoken[:samples(begin)] = 0
    return spoken


def with_keys(says, at, keys, tone_ms=100.0):
    tones = dtmf.encode(keys, RATE, tone_ms=tone_ms)
    said = np.append(says, np.zeros(max(0, samples(at) + len(tones) - len(says)), np.int16))
    said[samples(at):samples(at) + len(tones)] = tones
    return said


def leaver(case):
    own = WAYS[case[0]]
    says = noise(f"leaver {case}", *own.speaks)
    if own.first != "":
        says = with_keys(says, 0.1, own.first or f"{IDS[case]}#")
    for at, keys in own.presses:
        says = with_keys(says, at, keys, own.tone_ms)
    return MemoryLine(f"leaver of {IDS[case]}", says,
                      hangs_up_after=None if own.hangs_up is None else samples(own.hangs_up))


def host(case, hangs_up_after):
    says = noise(f"host {case}", 8, END)
    for at, keys in ((0.5, f"{IDS[case]}#"), *WAYS[case[0]].host_presses):
        says = with_keys(says, at, keys)
    return MemoryLine(f"host of {IDS[case]}", says, hangs_up_after=hangs_up_after)


def next_one(case, keys):
    """Somebody who speaks nearly all the while, says his name if he is asked, mutes and unmutes himself."""
    says = noise(f"next {case}", 0, 15)
    for begin, end in ((1.5, 4.2), (6, 8)):
        says[samples(begin):samples(end)] = 0
    for at, pressed in ((2, keys), (10, "*6"), (12.5, "*6")):
        says = with_keys(says, at, pressed)
    return MemoryLine(f"next of {IDS[case]}", says, dials_at=samples(NEXT_DIALS))


def partner(case, keys):
    """Somebody who comes with the next one where the host has gone too."""
    says = with_keys(noise(f"partner {case}", 8, END), 2.3, keys)
    return MemoryLine(f"partner of {IDS[case]}", says, dials_at=samples(NEXT_DIALS))


class Played:
    """What came of it in one of the two worlds."""

    def __init__(self, world_of, cases, *, strangers, host_goes=8.5, keys=None, partners_keys=None):
        hosts = [host(case, None if case[1] else samples(host_goes)) for case in cases]
        nexts = [next_one(case, keys or f"{IDS[case]}#") for case in cases]
        partners = [partner(case, partners_keys or f"{IDS[case]}#") for case in cases if not case[1]]
        idle = [MemoryLine(f"stranger {n}", np.zeros(0, np.int16), dials_at=samples(NEXT_DIALS))
                for n in range((len(cases) + len(partners)) * strangers)]
        lines = [*(leaver(case) for case in cases), *hosts, *idle, *nexts, *partners]
        meetings = [Meeting(IDS[case], "13579", "amos", anyone_may_start=True, options=WAYS[case[0]].options)
                    for case in cases]
        self.world = world_of(lines, meetings=(ELSEWHERE, *meetings), announce_with="names")
        self.rows = {}
        acting = [case for case in cases if WAYS[case[0]].action]
        for case in sorted(acting, key=lambda case: WAYS[case[0]].at):
            self.world.run(WAYS[case[0]].at - self.world.bridge.now / RATE)
            WAYS[case[0]].action(self.world.bridge, key_of(IDS[case]),
                                       self.world.serial(f"leaver of {IDS[case]}"))
        for seconds in (NEXT_DIALS + 0.1, END):
            self.world.run(seconds - self.world.bridge.now / RATE)
            self.rows |= {call.caller: call.row for call in self.world.bridge.calls.values()}
        self.lines = {line.caller: line for line in lines}

    def heard(self, caller):
        """What a caller hears from the moment the next ones dial."""
        line = self.lines[caller]
        return line.heard()[samples(NEXT_DIALS):] if caller.startswith("host") else line.heard()

    def entries(self, caller):
        return [(entry.at, entry.event, dict(entry.facts)) for entry in self.world.bridge.journal
                if entry.caller == caller and entry.at >= samples(NEXT_DIALS)]

    def joined(self, caller):
        return self.world.bridge.journal.of("joined", caller=caller)[0].at


@pytest.fixture(scope="module")
def used_and_new(world_of):
    """The two worlds: where the next ones take used rows, and where they take new ones."""
    return Played(world_of, CASES, strangers=False), Played(world_of, CASES, strangers=True)


def assert_same(used, new, case):
    for caller in (f"next of {IDS[case]}", f"{'host' if case[1] else 'partner'} of {IDS[case]}"):
        assert used.entries(caller) == new.entries(caller)
        assert np.array_equal(used.heard(caller), new.heard(caller))


@pytest.mark.parametrize("case", CASES, ids=[f"{way}, the host {'stays' if stays else 'goes too'}"
                                             for way, stays in CASES])
def test_a_row_when_its_caller_has_left_in_any_way_then_the_next_one_is_as_in_a_new_row(used_and_new, case):
    used, new = used_and_new
    assert used.rows[f"next of {IDS[case]}"] == CASES.index(case)
    assert new.rows[f"next of {IDS[case]}"] >= 2 * len(CASES)
    assert_same(used, new, case)


@pytest.mark.parametrize("way", ["muted", "while a key is down", "while something is said over the meeting"])
def test_a_row_when_the_last_of_the_whole_bridge_has_left_then_the_next_one_is_as_in_a_new_row(world_of, way):
    """Nothing is mixed from then on until he, who waits and speaks, and the organizer are in, in one tick."""
    case = (way, False)
    used, new = (Played(world_of, [case], strangers=strangers, host_goes=6, keys="1234567#1",
                        partners_keys="1234567#*48215#") for strangers in (False, True))
    assert used.rows[f"next of {IDS[case]}"] == 0
    assert_same(used, new, case)


@pytest.mark.parametrize("case", [case for case in CASES if case[1]], ids=[way for way, stays in CASES if stays])
def test_a_row_when_it_is_used_again_then_neither_hears_nor_is_heard_before_he_is_in_and_both_after(
        used_and_new, case):
    used, _ = used_and_new
    following, other = f"next of {IDS[case]}", f"host of {IDS[case]}"
    joined = used.joined(following) - samples(NEXT_DIALS)
    at_host, at_next = used.heard(other), used.heard(following)
    prompts = [entry for entry in used.entries(following) if entry[1] == "prompt"]
    said = np.zeros(len(at_next), bool)
    for at, _, facts in prompts:
        said[facts["began_at"] - samples(NEXT_DIALS):at - samples(NEXT_DIALS) + FRAME] = True
    before = joined // FRAME * FRAME
    tone = samples(0.25) if "name_recording" in WAYS[case[0]].options else 0  # after it the name is recorded
    assert np.flatnonzero(at_next[:before][~said[:before]]).size <= tone
    assert not at_host[:before].any()
    assert np.abs(at_host[samples(8):samples(10)].astype(int)).max() > 1000  # not muted
    assert not at_host[samples(11.5):samples(12.5)].any()  # muted by himself
    assert np.abs(at_next[samples(8):samples(10)].astype(int)).max() > 1000
