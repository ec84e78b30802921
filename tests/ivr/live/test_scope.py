"""What may be seen of how a caller sounds: nothing by which a PIN could be told, and the rest."""

import numpy as np
import pytest
from callers import KeypadLine, keypad

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.scope import HeardKey, Scope, ScopeStretch, StretchKind
from ivr.live.session import Session
from ivr.report.redact import keyed


@pytest.fixture
def seen(quiet_bridge, words):
    """Plays a line for so long; returns all that its scope has let out."""
    def play(line, seconds):
        session = Session(Exchange(quiet_bridge(), [MemoryTrunk([line], stays=True)]), words=words)
        session.feed()  # events are told to who looks
        scope = Scope(1)
        session.scopes.open(scope)
        while session.bridge.now < samples(seconds):
            session.step()
        return scope.taken()
    return play


def sounds(pieces):
    """Return what has left, in its place in time: later pieces lie on what was there before."""
    whole = np.zeros(max(one.at + len(one.sound) for one in pieces if isinstance(one, ScopeStretch)), np.int16)
    for one in pieces:
        if isinstance(one, ScopeStretch):
            whole[one.at:one.at + len(one.sound)] = one.sound
    return whole


def digits_in(sound):
    return {key for key, _ in keyed(sound)} | {tone.digit for tone in dtmf.decode(sound, RATE)}


def test_a_conference_id_and_a_pin_then_the_first_is_seen_once_it_is_one_and_of_the_second_nothing(seen):
    pieces = seen(KeypadLine("amos", [(0.5, "1234567#"), (3, "*"), (3.6, "48090#")]), 7)
    heard = [piece.key for piece in pieces if isinstance(piece, HeardKey)]
    assert sorted(heard) == sorted("1234567#")
    whole = sounds(pieces)
    assert digits_in(whole[:samples(3)]) >= set("1234567")
    assert not whole[samples(3.5):samples(5)].any()
    hidden = [one for one in pieces if isinstance(one, ScopeStretch) and one.kind is StretchKind.HIDDEN]
    assert any(one.at <= samples(3.7) < one.at + FRAME for one in hidden)


@pytest.mark.parametrize("typed", [
    [(0.5, "48090#")], [(0.5, "1234567#*48090#")], [(0.5, "1234567#"), (2.6, "*48090")],
    [(0.5, "12345671234567#48090#")]],
    ids=["to the wrong question", "ahead", "slowly", "too long"])
@pytest.mark.parametrize("tone_ms", [45, 100, 400])
def test_a_pin_wherever_it_is_typed_then_none_of_its_digits_is_in_what_leaves(seen, typed, tone_ms):
    parts = [(samples(at), dtmf.encode(keys, RATE, tone_ms=tone_ms, gap_ms=60)) for at, keys in typed]
    says = np.zeros(max(at + len(tones) for at, tones in parts), np.int16)
    for at, tones in parts:
        says[at:at + len(tones)] = tones
    pieces = seen(MemoryLine("amos", says), len(says) / RATE + 3)
    assert not digits_in(sounds(pieces)) & set("890"), "the digits of the PIN that no conference ID has here"
    assert not {piece.key for piece in pieces if isinstance(piece, HeardKey)} & set("890")


def test_speech_then_seen_as_others_may_hear_it(seen):
    t = np.arange(samples(3))
    speech = np.round(3000 * np.sin(t / 9) * (t % 800 < 500)).astype(np.int16)
    pieces = seen(MemoryLine("anna", speech), 3)
    assert {piece.kind for piece in pieces} == {StretchKind.WITHOUT_KEYS}
    whole = sounds(pieces)
    assert np.abs(whole[samples(1):samples(2)].astype(int) - speech[samples(1):samples(2)]).max() <= 1
    assert [piece.at for piece in pieces] == list(range(0, len(whole), FRAME))


def test_nobody_looks_then_nothing_is_kept(quiet_bridge, words):
    line = MemoryLine("anna", keypad([(0.3, "1")]))
    session = Session(Exchange(quiet_bridge(), [MemoryTrunk([line], stays=True)]), words=words)
    session.step()
    scope = Scope(1)
    session.scopes.open(scope)
    session.scopes.close(scope)
    session.step()
    assert not session.scopes
    assert scope.taken() == []
