"""What pages are told: how it stands, then what changes; of one that sleeps, and when nobody looks."""

import asyncio
import json

import pytest
from callers import KeypadLine

from ivr.clock import samples
from ivr.directory.meetings import key_of
from ivr.engine.exchange import Exchange
from ivr.journal import Entry
from ivr.lines.memory import MemoryTrunk
from ivr.live.session import Session
from ivr.secrecy import HIDDEN
from ivr.web.live import Live, Shown
from ivr.web.page import MOST


@pytest.fixture
def session(quiet_bridge, words):
    """Two callers of one meeting: anna waits, amos starts it with his PIN."""
    lines = [KeypadLine("anna", [(0.3, "1234567#1")]), KeypadLine("amos", [(3, "1234567#*48215#")])]
    return Session(Exchange(quiet_bridge(), [MemoryTrunk(lines, stays=True)]), words=words)


def stepped(session, live, seconds, every=0.1):
    """Step, and tell the pages as often as a clock would."""
    until = session.bridge.now + samples(seconds)
    while session.bridge.now < until:
        for _ in range(samples(every) // 160):
            session.step()
        live.round()


async def told(page):
    await asyncio.sleep(0)  # what other threads have handed over is taken by the loop
    return [json.loads(message) for message in await page.messages()] if len(page) else []


def kept(state, messages):
    """Return how it stands for one who was told the state and these changes."""
    calls, rooms = dict(state["calls"]), dict(state["rooms"])
    for message in messages:
        if message["type"] == "change":
            for serial, changed in message.get("calls", {}).items():
                calls[serial] = {**calls.get(serial, {"level_dbm0": None}), **changed}
            for serial in message.get("gone", ()):
                del calls[str(serial)]
            rooms = {name: room for name, room in {**rooms, **message.get("rooms", {})}.items()
                     if name not in message.get("closed", ())}
        elif message["type"] == "levels":
            for serial, level in message["levels"].items():
                if serial in calls:
                    calls[serial]["level_dbm0"] = level
    return calls, rooms


def test_changes_when_added_to_the_state_then_how_it_stands_for_a_page_that_comes_now(session):
    async def run():
        live = Live(Shown(session))
        early = live.open()
        stepped(session, live, 0.1)
        [hello, state] = await told(early)
        assert (hello["type"], hello["protocol"], state["type"]) == ("hello", 1, "state")
        changes = []
        for _ in range(120):
            stepped(session, live, 0.1)
            changes += await told(early)
        late = live.open()
        live.round()
        now = (await told(late))[1]
        assert kept(state, changes) == (now["calls"], now["rooms"])
        assert now["calls"]["1"]["state"] == "meeting"
        assert now["rooms"] == {"1234567": {"lobby": [], "meeting": [1, 2], "started": True, "locked": False}}
        entries = [one for message in changes if message["type"] == "entries" for one in message["entries"]]
        assert state["entries"] + entries == [
            {**entry.as_json(), "told": str(entry)} for entry in session.bridge.journal]
        assert HIDDEN in [key["key"] for key in now["calls"]["2"]["keys"]]
        assert "48215" not in json.dumps([state, changes])

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_page_of_one_room_then_nothing_of_another_goes_to_it_nor_of_what_callers_did_before(quiet_bridge, words):
    lines = [KeypadLine("anna", [(0.3, "1234567#1")]), KeypadLine("dora", [(0.3, "1119111#"), (3, "1234567#1")]),
             KeypadLine("carl", [(0.3, "7654321#1"), (9, "*48215#")]), KeypadLine("amos", [(3, "1234567#*48215#")])]
    bridge = quiet_bridge((("1234567", "48215"), ("7654321", "90371")))
    session = Session(Exchange(bridge, [MemoryTrunk(lines, stays=True)]), words=words)

    async def run():
        live = Live(Shown(session))
        everything, room = live.open(), live.open("1234567")
        everything.scope = room.scope = 3  # which is carl, who is elsewhere
        live.tell({"type": "story", "story": {"name": "a story", "failures": [{"caller": "carl"}]}})
        stepped(session, live, 0.1)
        hello, state, *changes = await told(room)
        assert (hello["room"], state["calls"], state["rooms"]) == ("1234567", {}, {})
        seen = []
        for n in range(140):
            if n == 90:
                bridge.lock(key_of("1234567"))
                room.scope = everything.scope = 1
            stepped(session, live, 0.1)
            changes += await told(room)
            seen += await told(everything)
        late = live.open("1234567")
        live.round()
        now = (await told(late))[1]
        assert kept(state, changes) == (now["calls"], now["rooms"])
        assert now["rooms"] == {"1234567": {"lobby": [], "meeting": [1, 2, 4], "started": True, "locked": True}}
        assert now["entries"] == [one for message in changes if message["type"] == "entries"
                                  for one in message["entries"]][-100:]
        assert {entry["event"] for entry in now["entries"]} >= {"lobby", "started", "joined", "locked"}
        assert {message["call"] for message in changes if message["type"] == "scope"} == {1}
        for foreign in ("carl", "7654321", "90371", "1119111"):
            assert foreign not in json.dumps([hello, state, changes, now], ensure_ascii=False), foreign
        assert "9" not in {key["key"] for message in changes for call in message.get("calls", {}).values()
                           for key in call.get("keys", ())}  # that of the ID that dora had keyed before
        assert {message["call"] for message in seen if message["type"] == "scope"} == {1, 3}
        assert "carl" in json.dumps(seen)

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_page_that_sleeps_then_told_how_much_it_has_lost_and_begins_anew(session):
    async def run():
        live = Live(Shown(session))
        page = live.open()
        stepped(session, live, 0.1)
        await told(page)
        for n in range(2 * MOST):
            session.bridge.journal.write(Entry(session.bridge.now, 0, "", "much", {"n": n}))
            live.round()
            await asyncio.sleep(0)
        assert len(page) <= MOST
        while len(page):
            await told(page)
        waiting = asyncio.ensure_future(page.messages())
        await asyncio.sleep(0)
        live.round()
        lost, hello, state = map(json.loads, await waiting)
        assert lost["type"] == "lost"
        assert lost["count"] > MOST
        assert (hello["type"], state["type"]) == ("hello", "state")
        for n in range(2 * MOST):
            session.bridge.journal.write(Entry(session.bridge.now, 0, "", "much", {"n": n}))
            live.round()
            await asyncio.sleep(0)
        fresh = live.open()
        live.round(last=True)
        assert [[message["type"] for message in await told(one)][-1] for one in (page, fresh)] == ["over", "over"]
        assert await page.messages() == await fresh.messages() == []

    asyncio.run(asyncio.wait_for(run(), 60))


def test_nobody_looks_then_nothing_is_asked_of_the_session(session):
    async def run():
        live = Live(Shown(session))
        page = live.open()
        stepped(session, live, 0.1)
        live.close(page)
        live.round()
        assert session._feeds == ()
        assert (await told(page))[-1]["type"] == "state"

    asyncio.run(asyncio.wait_for(run(), 60))


def test_metrics_then_what_prometheus_reads_and_the_bridge_is_well_until_its_end(browsed):
    one = browsed()
    client = one.client()
    with client.websocket_connect("ws://127.0.0.1:8080/api/events") as socket:
        client.post("/api/callers", json={"name": "eva", "conference_id": "1234567", "talks": False})
        while not any(call.get("where") == "lobby" for call in socket.receive_json().get("calls", {}).values()):
            pass
        told = client.get("/metrics")
    assert told.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    figures = dict(line.rsplit(" ", 1) for line in told.text.splitlines() if not line.startswith("#"))
    assert {name: figures[name] for name in ('ivr_calls{state="lobby"}', 'ivr_callers{where="lobby"}', "ivr_pages")
            } == {'ivr_calls{state="lobby"}': "1", 'ivr_callers{where="lobby"}': "1", "ivr_pages": "1"}
    assert client.get("/healthz").json() == {"status": "ok"}
    one.session.stop()
    one.session.join()
    assert client.get("/healthz").status_code == 503
