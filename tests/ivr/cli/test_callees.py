"""Who answers where an IVR of one's own has a number dialled, in `ivr answer`, `ivr phone` and `ivr lobby`."""

import json

import numpy as np
import pytest

from dtmf.audiofile import write
from ivr.cli.called import called_own
from ivr.cli.callees import callees, said_of_numbers
from ivr.cli.kit import stage
from ivr.cli.lobby import _callers_of
from ivr.clock import RATE, samples
from ivr.engine.handsets import Handsets
from ivr.journal import Journal
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.monitor import Monitor
from ivr.live.parts import cast_of
from ivr.live.presenter import Presenter

FILE = """
start: person
person: {transfer: "+14255550199", busy: taken, no answer: nobody, then: after, ring: 6 s}
taken: {say: "All lines are busy.", then: hang up}
nobody: {say: "Nobody is there.", then: hang up}
after: {say: "That was it, goodbye.", then: hang up}
"""
NUMBER = "+14255550199"


@pytest.fixture
def line(tmp_path):
    (tmp_path / "line.yaml").write_text(FILE, encoding="utf-8")
    write(tmp_path / "call.wav", np.zeros(RATE, np.int16), RATE)
    return tmp_path


@pytest.fixture
def call(ivr, line):
    """Has a recording call the line: ``call("--busy", NUMBER)``; returns the object that is printed."""
    def call(*options):
        code, out, _ = ivr("answer", line / "call.wav", "--ivr", line / "line.yaml", "-o", line / "heard.wav",
                           "--json", *options)
        assert code == 0
        return json.loads(out)
    return call


def test_answer_when_somebody_is_dialled_then_as_the_option_says_and_else_it_rings_in_vain(call):
    assert [call(option, NUMBER)["states"][1]["state"] for option in ("--busy", "--no-answer")] == [
        "taken", "nobody"]
    assert call()["states"][1]["state"] == "nobody"
    told = call("--answers", "+1 425 555 0199")
    came = [(entry["caller"], entry["event"]) for entry in told["journal"] if entry["event"] == "came-to-room"]
    assert came == [(NUMBER, "came-to-room"), ("caller", "came-to-room")]
    assert told["outcome"] == "left at person"
    assert told["seconds"] < 15


def test_callees_when_they_cannot_be_meant_then_one_sentence(refused, line):
    calls = ("answer", line / "call.wav")
    of_line = (*calls, "--ivr", line / "line.yaml")
    assert "never dials '+14255550198'; did you mean" in refused(*of_line, "--answers", "+14255550198")
    assert "is no telephone number" in refused(*of_line, "--busy", "rita")
    assert "said of this number already" in refused(*of_line, "--answers", NUMBER, "--no-answer", NUMBER)
    assert "name one with --ivr" in refused(*calls, "--answers", NUMBER)
    assert "a story says itself" in refused("lobby", "--script", line / "line.yaml", "--busy", NUMBER)


def test_callee_when_he_is_dialled_then_he_greets_after_a_while_and_can_be_dialled_again(line):
    called = called_own(line / "line.yaml", stage(), [], live=False)
    rita, = callees(called.own, said_of_numbers([NUMBER], None, None), called.sounds)
    lines = [MemoryLine("anna", np.zeros(0, np.int16), hangs_up_after=samples(6)),
             MemoryLine("bela", np.zeros(0, np.int16), dials_at=samples(8), hangs_up_after=samples(6))]
    bridge, exchange = called.assembled([MemoryTrunk(lines), Handsets([rita])])
    while bridge.now < samples(15):
        exchange.step()
    picked = [entry.at // RATE for entry in bridge.journal.of("came-to-room", caller=NUMBER)]
    assert picked == [3, 11]
    assert all(np.abs(one.heard()[samples(3.2):]).max() > 1000 for one in lines)


@pytest.mark.parametrize(("key", "came"), [("enter", "person"), ("h", "taken")])
def test_presenter_when_it_rings_then_he_answers_or_declines_as_who_is_dialled(line, key, came):
    called = called_own(line / "line.yaml", stage(), [], live=False)
    cast = _callers_of(called, cast_of(1), said_of_numbers(None, None, [NUMBER]), Journal())
    presenter = Presenter(cast.names, Monitor("amos"), cast)
    presenter.next()
    for _ in range(50):
        cast.step()
    assert f"it rings at {NUMBER}: enter answers there" in presenter.status()
    presenter.choose(1)
    (presenter.next if key == "enter" else presenter.hang_up)()
    for _ in range(50):
        cast.step()
    assert "it rings" not in presenter.status()
    call = next(call for call in cast.exchange.bridge.calls.values() if call.caller == "amos")
    assert (call.state, NUMBER in {one.caller for one in cast.exchange.bridge.calls.values()}) == (
        came, key == "enter")
