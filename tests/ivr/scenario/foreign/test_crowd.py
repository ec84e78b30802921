"""One story played by many at once: how many begin when, and what is told of each call."""

from pathlib import Path

import pytest
from farside import FarIvr, story

from ivr.cli.kit import prompts, stage
from ivr.clock import FRAME, samples
from ivr.conference.profile import PROFILES
from ivr.lines.sip.phones import SipPhones
from ivr.lines.sip.sockets import Network
from ivr.scenario.foreign.crowd import Crowd
from ivr.scenario.grammar import Words, parse


@pytest.fixture
def played():
    """Play a story many times, in step: ``played(steps, most=, rate=, lasting_s=, **as of FarIvr)``."""
    opened = []

    def play(steps, *, most, rate, lasting_s, stop_at=None, **side):
        far, network = FarIvr(**side), Network("127.0.0.1", 0, range(47_000, 47_400))
        opened.extend([far, network])
        phones = SipPhones(network, lambda _: "sip:1000@127.0.0.1", far.network.here,
                        clock=lambda: 0.001 * crowd.now)
        scenario = parse(story(steps), Path("story.yaml"), Words(prompts().names(), PROFILES))
        told = []
        crowd = Crowd(scenario, stage(), phones, most=most, rate=rate, lasting=samples(lasting_s), told=told.append)
        counts = []
        while not crowd.over:
            assert crowd.now < samples(60), "it does not end"
            crowd.step()
            far.step(crowd.now)
            counts.append(crowd.count)
            if crowd.now == stop_at:
                crowd.stop()
        assert phones.count == 0
        return crowd, told, counts, far

    yield play
    for one in opened:
        one.close()


def test_stories_then_they_begin_at_their_rate_and_no_more_than_so_many_at_once(played):
    crowd, told, counts, far = played(["dial", "wait: 2 s"], most=4, rate=2, lasting_s=5)
    assert counts[samples(1) // FRAME - 1] in (2, 3)
    assert max(counts) == 4
    assert crowd.begun == len(told) == len(far.invited) == far.ended
    assert 8 <= crowd.begun <= 10
    assert crowd.failed == 0
    assert all(one.failure is None and one.codec == "PCMU" and one.facts["packets"] >= 90 for one in told)
    assert {one.facts["lost"] + one.facts["late"] for one in told} == {0}


def test_stories_that_fail_then_each_is_told_with_its_reason_and_others_go_on(played):
    crowd, told, _, far = played(["dial", "hear: {digits: 12}", "within: 1.5 s"], most=3, rate=5, lasting_s=2,
                                 presses="1")
    assert crowd.failed == crowd.begun == len(told) > 3
    assert {(one.right, one.wrong) for one in told} == {(1, 1)}
    assert {one.failure.instead for one in told} == {"heard something else instead"}
    assert far.ended == crowd.begun


def test_refusals_then_told_with_their_code_and_how_long_they_took(played):
    crowd, told, _, _ = played(["dial", "answered"], most=2, rate=50, lasting_s=0.1, refuses=486, rings=0.1,
                               answers=0.4)
    assert crowd.begun == 2
    assert [one.code for one in told] == [486, 486]
    assert all(0.7 < one.facts["first_ms"] / 1000 < 1.2 for one in told)
    assert all("set_up_ms" not in one.facts for one in told)


def test_a_crowd_that_is_stopped_then_everybody_hangs_up(played):
    crowd, told, _, far = played(["dial", "wait: 50 s"], most=5, rate=50, lasting_s=50, stop_at=samples(1))
    assert crowd.now < samples(2)
    assert far.ended == crowd.begun == 5
    assert {one.failure.instead for one in told} == {"it was stopped"}
