"""Telephones that ring out: one story on every kind of line, TCP, and what a network may lack."""

from pathlib import Path

import pytest
from farside import FarIvr, rung, story
from ports import own
from wire import SECOND, A, B, Wire

from ivr.assembly import assembled
from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES, profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.telling import Answered, CallRefused, Invited
from ivr.lines.sip.trunk import SipTrunk
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import play

STORY = Path(__file__).with_name("any_line.yaml")


class OwnBridge:
    """Our own bridge as a far side."""

    def __init__(self):
        self.network = Network("127.0.0.1", 0, own(5_000, 400))
        self.trunk = SipTrunk(self.network)
        self.bridge, self.exchange = assembled(stage(), Meetings([Meeting("1234567", "48215", "Amos")]),
                                               profile("teams2021"), [self.trunk])

    def step(self, now):
        self.exchange.step()


def test_a_story_that_only_hears_when_it_is_played_in_memory_and_rung_out_then_it_comes_true_unchanged():
    assert play(load(STORY, Words(prompts().names(), PROFILES)), stage()).passed
    far = OwnBridge()
    result = rung(STORY.read_text(encoding="utf-8"), far, path=STORY)
    far.network.close()
    assert [str(failure) for failure in result.failures] == []
    assert [entry.facts["by"] for entry in far.bridge.journal.of("started")] == ["ivr"]
    assert [entry.facts["what"] for entry in result.journal.of("heard", caller="anna")] == [
        "enter-conference-id", "record-tone", "hold-music", "{voice: amos}"]
    assert "48215" not in result.journal.text() + far.bridge.journal.text()


def test_an_invite_of_ours_when_it_is_lost_then_sent_again_ever_more_slowly_until_it_is_answered():
    wire = Wire([[], [], []])
    wire.ends[A].invite("sip:1000@192.0.2.2", B, A.host, 4000, 0)
    wire.run(10 * SECOND)
    invites = [at / SECOND for at, who, data in wire.sent if data.startswith(b"INVITE")]
    assert invites == [0, 0.5, 1.5, 3.5]
    [invited] = wire.of(B, Invited)
    wire.ends[B].answer(invited.call, B.host, 5000, wire.now)
    wire.run(12 * SECOND)
    assert len(wire.of(A, Answered)) == 1


def test_an_invite_that_nobody_answers_then_seven_in_32_s_and_the_call_is_refused_with_408():
    wire = Wire([[]] * 50)
    wire.ends[A].invite("sip:1000@192.0.2.2", B, A.host, 4000, 0)
    wire.run(40 * SECOND)
    assert [at / SECOND for at, _, _ in wire.sent] == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
    assert [(one.code, one.phrase) for one in wire.of(A, CallRefused)] == [(408, "nobody answered")]
    assert wire.ends[A].idle


def test_a_call_by_tcp_then_made_answered_and_hung_up_on_one_connection():
    far = FarIvr(presses="7")
    here = far.network.here
    text = story(["dial", "answered", "hear: {digits: 7}"])
    result = rung(text, far, by="TCP")
    far.close()
    assert result.passed
    assert far.ended == 1
    assert result.journal.of("dialled")[0].facts["to"] == f"sip:1000@127.0.0.1:{here.port};transport=tcp"


def test_no_port_for_the_sound_then_the_call_is_refused_here_and_the_other_goes_on():
    far = FarIvr()
    text = story(["dial", "wait: 1 s"]) + "  bela:\n    - wait: 0.2 s\n    - dial\n    - refused: 503\n"
    result = rung(text, far, ports=range(31_600, 31_602))
    far.close()
    assert result.passed
    assert len(far.invited) == 1


@pytest.mark.parametrize("host", ["::1"])
def test_a_call_by_ipv6_then_answered(host):
    far = FarIvr(host=host)
    result = rung(story(["dial", "answered", 'press: "5"', "wait: 0.5 s"]), far)
    far.close()
    assert result.passed
    assert far.keys == "5"
