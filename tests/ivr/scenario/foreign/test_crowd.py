"""One story played by many at once: how many begin when, and what is told of each call."""

from pathlib import Path

import pytest
from farside import FarIvr, story
from ports import own

from ivr.cli.kit import prompts, stage
from ivr.clock import FRAME, samples
from ivr.conference.profile import PROFILES
from ivr.lines.sip.phones import SipPhones
from ivr.lines.sip.sockets import Network
from ivr.scenario.foreign.crowd import CalledCrowd, Crowd, called
from ivr.scenario.grammar import Words, parse


@pytest.fixture
def played():
    """Play a story many times, in step: ``played(steps, most=, rate=, lasting_s=, **as of FarIvr)``."""
    opened = []

    def play(steps, *, most, rate, lasting_s, stop_at=None, **side):
        far, network = FarIvr(**side), Network("127.0.0.1", 0, own(6_000, 400))
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


CALLS_IN = ["dial", "press: '12'", "hear: {digits: 345}", "wait: 0.5 s"]


@pytest.fixture
def met():
    """Have one crowd call another, in step: ``met(its story, the callers' story, most=, rate=, lasting_s=)``."""
    opened = []

    def meet(steps, *, most, rate, lasting_s=4, callers=4, out=CALLS_IN):
        networks = [Network("127.0.0.1", 0, range(first, first + 200)) for first in (47_400, 47_600)]
        opened.extend(networks)
        there = networks[0].here
        rung = SipPhones(networks[0], lambda _: "", there, clock=lambda: 0.001 * inbound.now)
        phones = SipPhones(networks[1], lambda user: f"sip:{user or 1000}@127.0.0.1:{there.port}", there)
        words = Words(prompts().names(), PROFILES, rung=True)
        scenario = called(parse(story(steps), Path("in.yaml"), words))
        told, heard = [], []
        inbound = CalledCrowd(scenario, stage(), rung, most=most, rate=rate, lasting=samples(lasting_s),
                              told=told.append)
        rung.takes = inbound.takes
        outbound = Crowd(parse(story(out), Path("out.yaml"), words), stage(), phones,
                         most=callers, rate=20, lasting=samples(1), told=heard.append)
        while not (inbound.over and outbound.over):
            assert inbound.now < samples(60), "it does not end"
            outbound.step()
            inbound.step()
        return inbound, told, heard

    yield meet
    for one in opened:
        one.close()


def test_a_crowd_that_is_called_then_each_plays_the_story_and_who_is_too_many_finds_it_busy(met):
    crowd, told, heard = met(["dial", "hear: {digits: 12}", "press: '345'", "ended"], most=3, rate=20)
    assert (crowd.begun, crowd.failed, len(told)) == (3, 0, 3)
    assert {(one.right, one.wrong, one.codec, one.facts["lost"]) for one in told} == {(2, 0, "PCMU", 0)}
    assert all(one.facts["set_up_ms"] > 0 and one.facts["packets"] > 20 for one in told)
    refused = [one for one in heard if one.code]
    assert {one.code for one in refused} == {486}
    assert crowd.turned_away == {486: len(refused)}


def test_a_crowd_that_is_called_faster_than_its_rate_then_no_more_are_taken_in_a_second(met):
    crowd, told, _ = met(["dial", "hear: {digits: 12}", "press: '345'", "ended"], most=50, rate=2, callers=8)
    assert 2 <= len(told) <= 4
    assert crowd.turned_away[486] >= 4


def test_callers_who_have_numbers_then_each_is_called_by_his_own_and_others_by_nobody(met):
    out = ["dial: {number: '+14255550107'}", *CALLS_IN[1:]]
    crowd, told, heard = met(["busy: '+14255550108'", "wait: 1 s"], most=9, rate=20, out=out)
    assert (crowd.begun, told) == (0, [])
    assert {one.code for one in heard} == {404}
    out = ["dial: {number: '+14255550108'}", *CALLS_IN[1:]]
    crowd, _, heard = met(["busy: '+14255550108'", "wait: 1 s"], most=2, rate=20, out=out, callers=2)
    assert {one.code for one in heard} == {486}
    assert crowd.begun == 2


def test_somebody_who_lets_it_ring_then_nobody_answers_until_his_story_is_over(met):
    out = ["dial", "refused: 480"]
    crowd, _, heard = met(["no answer: 1000", "wait: 2 s"], most=2, rate=20, out=out, callers=1)
    assert [one.failure for one in heard] == [None]
    assert (crowd.begun, crowd.failed) == (1, 0)
