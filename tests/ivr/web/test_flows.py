"""The flow of what is called, as pages draw it."""

from callers import KeypadLine

from ivr.lines.memory import MemoryTrunk
from ivr.report.lanes import STATES


def test_flow_when_nobody_calls_then_there_is_none(browsed):
    assert browsed(runs=False).client().get("/api/flow").json() == {"flows": []}


def test_flow_when_somebody_calls_then_every_state_has_one_place_and_each_way_leads_from_row_to_row(browsed):
    one = browsed(trunks=[MemoryTrunk([KeypadLine("anna", [])], stays=True)], runs=False)
    one.session.step()
    [flow] = one.client().get("/api/flow").json()["flows"]
    nodes = [node for row in flow["rows"] for node in row]
    states = [node["state"] for node in nodes if node["state"]]
    assert len(states) == len(set(states))
    assert set(states) <= {*STATES, "ended"}
    assert flow["rows"][0] == [{"name": "greeting", "state": "greeting", "kind": "Say"}]
    names = {node["name"] for node in nodes}
    assert {way[end] for way in flow["ways"] for end in ("from", "to")} <= names
    assert {"from": "lobby", "to": "meeting", "exits": ["admitted"]} in flow["ways"]
