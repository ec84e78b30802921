"""A caller keys the ID of a meeting that is at another process: he is sent there by his own telephone."""

from dataclasses import replace

from callers import KeypadLine

from ivr.clock import samples
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.messages import TransferTo
from ivr.questions import Found

ID = "1234567"


class Elsewhere(Meetings):
    """A directory whose meetings are all elsewhere."""

    def answers(self):
        return [replace(one, elsewhere="192.0.2.44:5060") if isinstance(one, Found) else one
                for one in super().answers()]


def test_a_meeting_that_is_elsewhere_then_handed_over_and_one_who_stays_is_told_to_try_later(world):
    line = KeypadLine("anna", [(0.1, f"{ID}#")])
    played = world(line, directory=Elsewhere([Meeting(ID, "48215", "amos")])).run(8)
    assert [one.to for one in line.commands if isinstance(one, TransferTo)] == [f"sip:{ID}@"]
    assert [entry.facts["home"] for entry in played.bridge.journal.of("elsewhere")] == ["192.0.2.44:5060"]
    assert played.states("anna")[-1] == "finding"
    at = played.bridge.journal.of("elsewhere")[0].at
    played.run(10)
    told = [entry for entry in played.bridge.journal.of("state", caller="anna") if entry.at > at]
    assert [entry.facts["state"] for entry in told] == ["goodbye", "ended"]
    assert told[0].at == at + samples(10)


def test_one_who_dials_an_id_then_it_is_not_asked_for_and_nobody_who_was_sent_on_is_sent_again(world):
    line = KeypadLine("anna", [])
    line.number = ID
    played = world(line, directory=Meetings([Meeting(ID, "48215", "amos")])).run(9)
    assert played.states("anna")[:4] == ["greeting", "conference-id", "finding", "organizer-question"]
    assert [(one.facts["entry"], one.facts["digits"]) for one in played.bridge.journal.of("entered")] == [
        ("conference ID", ID)]
    assert "enter-conference-id" not in [one.facts["prompt"] for one in played.bridge.journal.of("prompt")]
    line = KeypadLine("anna", [])
    line.number = ID
    played = world(line, directory=Elsewhere([Meeting(ID, "48215", "amos")])).run(9)
    assert [one for one in line.commands if isinstance(one, TransferTo)] == []
    assert played.states("anna")[-2:] == ["goodbye", "ended"]


def test_one_who_dials_an_unknown_id_then_it_is_asked_for(world):
    line = KeypadLine("anna", [(6, f"{ID}#")])
    line.number = "7654321"
    played = world(line, directory=Meetings([Meeting(ID, "48215", "amos")])).run(14)
    assert [one.facts["reason"] for one in played.bridge.journal.of("refused")] == ["unknown"]
    assert "organizer-question" in played.states("anna")
