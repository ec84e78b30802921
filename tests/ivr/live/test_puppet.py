"""A caller on strings."""

import numpy as np
import pytest

import dtmf
from ivr.engine.ports import Signal
from ivr.live.puppet import Puppet


@pytest.fixture
def puppet():
    """One who is on the line."""
    puppet = Puppet("anna")
    puppet.dial()
    assert puppet.signal() is Signal.DIAL
    return puppet


def test_keys_and_speech_when_told_together_then_one_after_the_other(puppet):
    puppet.press("1#")
    puppet.play(np.full(200, 7, np.int16))
    said = np.concatenate([puppet.speak() for _ in range(40)])
    assert dtmf.digits(dtmf.decode(said, 8000)) == "1#"
    assert np.flatnonzero(said == 7)[0] >= len(dtmf.encode("1#", 8000))
    assert not puppet.busy


def test_a_puppet_when_not_on_the_line_then_silent_whatever_it_is_told():
    puppet = Puppet("anna")
    puppet.press("1")
    puppet.hang_up()
    assert puppet.signal() is None
    assert not puppet.speak().any()


def test_a_puppet_when_the_call_ends_then_says_no_more_and_can_dial_again(puppet):
    puppet.press("123")
    puppet.hung_up()
    assert not puppet.on_the_line
    assert not puppet.speak().any()
    puppet.dial()
    assert puppet.signal() is Signal.DIAL
    puppet.hang_up()
    assert puppet.signal() is Signal.HANG_UP
    assert puppet.signal() is None


def test_a_puppet_with_a_microphone_then_somebodys_voice_but_for_keys_and_their_echo(puppet):
    puppet.microphone = lambda: np.full(160, 7, np.int16)
    assert puppet.speak().tolist() == [7] * 160
    assert puppet.speaks_live
    puppet.press("5")
    said = [puppet.speak() for _ in range(40)]
    live = [bool((frame == 7).all()) for frame in said]
    assert dtmf.digits(dtmf.decode(np.concatenate(said), 8000)) == "5"
    assert live.index(True) * 0.02 >= 0.1 + 0.2  # the key, and its echo in the room
    assert all(live[live.index(True):])
