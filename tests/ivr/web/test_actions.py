"""What a presenter does: callers come and are led, stories play, meetings are locked, PINs are reset."""

import io
import json
import re

import numpy as np
import soundfile
from callers import keypad

from ivr.clock import RATE, seconds
from ivr.desk.opening import open_desk
from ivr.directory.organizers import NewOrganizer
from tests.ivr.desk.conftest import chosen, environment

__all__ = ["chosen", "environment"]

EVENTS = "ws://127.0.0.1:8080/api/events"


class Told:
    """What a page is told: ``told.until(wanted)`` reads on, and returns how the calls stand then."""

    def __init__(self, socket):
        self.socket, self.calls = socket, {}

    def until(self, wanted):
        while True:
            message = self.socket.receive_json()
            if message["type"] == "state":
                self.calls = message["calls"]
            for serial, changed in message.get("calls", {}).items() if message["type"] == "change" else ():
                self.calls[serial] = {**self.calls.get(serial, {}), **changed}
            for serial in message.get("gone", ()):
                self.calls.pop(str(serial), None)
            if wanted(self.calls, message):
                return self.calls


def named(calls, name):
    return next((call for call in calls.values() if call.get("caller") == name), {"state": ""})


def test_callers_that_are_added_then_meet_and_are_led(browsed):
    one = browsed()
    client = one.client()
    with client.websocket_connect(EVENTS) as socket, client.websocket_connect(f"{EVENTS}?room=7654321") as other:
        told = Told(socket)
        for name, pin in (("eva", None), ("leo", "48215")):
            asked = {"name": name, "conference_id": "1234567", "pin": pin, "talks": False}
            assert client.post("/api/callers", json=asked).json() == {"done": name}
        twice = client.post("/api/callers", json=asked)
        assert (twice.status_code, twice.json()) == (409, {"detail": "leo is there already: take another name"})
        told.until(lambda calls, _: all(named(calls, name).get("state") == "meeting" for name in ("eva", "leo")))
        assert client.post("/api/rooms/1234567/lock").json() == {"done": "lock"}
        told.until(lambda _, one: one.get("rooms", {}).get("1234567", {}).get("locked"))
        assert client.post("/api/calls/1/deny").json() == {"detail": "eva does not wait in a lobby"}
        client.post("/api/callers/eva/hang-up")
        told.until(lambda calls, _: not any(call.get("caller") == "eva" for call in calls.values()))
        client.post("/api/rooms/1234567/end")
        told.until(lambda calls, _: not calls)
        elsewhere, now = [other.receive_json()], seconds(one.session.bridge.now)
        while elsewhere[-1].get("at", 0) < now:
            elsewhere.append(other.receive_json())
        assert {message["type"] for message in elsewhere} == {"hello", "state", "change"}
        assert not re.search("eva|leo|1234567", json.dumps(elsewhere))
    assert client.post("/api/rooms/1234567/end").status_code == 404
    for act, body in (("keys", {"keys": "1"}), ("say", {"text": "hello"}), ("hang-up", None), ("next", None),
                      ("hand", {"by_hand": True})):
        gone = client.post(f"/api/callers/eva/{act}", json=body)
        assert (gone.status_code, gone.json()) == (404, {"detail": "there is no guest eva"}), act
    assert "48215" not in "".join(one.journal)
    assert [json.loads(entry)["what"] for entry in one.journal if '"presenter"' in entry] == [
        "adds a caller", "adds a caller", "locks the meeting", "hangs up", "ends the meeting"]  # none refused


def test_a_recording_that_is_added_then_its_keys_are_keys(browsed):
    one = browsed()
    client = one.client()
    with client.websocket_connect(EVENTS) as socket:
        told = Told(socket)
        sound = io.BytesIO()
        soundfile.write(sound, np.concatenate([keypad([(0.3, "1234567#*48215#")]), np.zeros(8000, np.int16)]), RATE,
                        format="WAV")
        done = client.post("/api/callers/recording?name=tape", content=sound.getvalue())
        assert done.status_code == 201
        told.until(lambda calls, _: named(calls, "tape").get("state") == "meeting")
    assert client.post("/api/callers/recording?name=tape", content=b"x" * 10_000_001).status_code in (400, 413)
    assert client.post("/api/callers/recording?name=tape", content=b"no sound").status_code == 400


def test_a_caller_who_waits_then_let_in_or_sent_away(browsed):
    client = browsed().client()
    with client.websocket_connect(EVENTS) as socket:
        told = Told(socket)
        client.post("/api/callers", json={"name": "Zoë 李", "conference_id": "1234567", "talks": False})
        assert client.get("/api/callers").json() == {"callers": ["Zoë 李"]}
        calls = told.until(lambda calls, _: named(calls, "Zoë 李").get("state") == "lobby")
        [(serial, waits)] = calls.items()
        early = [client.post(f"/api/{path}") for path in (f"calls/{serial}/admit", "rooms/1234567/admit-all",
                                                          "rooms/1234567/lock")]
        assert [answer.status_code for answer in early] == [409, 409, 409]
        assert {answer.json()["detail"] for answer in early} == {
            "the meeting 1234567 has not started: its organizer starts it with the PIN, and until then all wait"}
        now = client.get("/api/state?room=1234567").json()
        assert now["calls"][serial]["came_at"] == waits["came_at"] == now["calls"][serial]["since"]
        assert now["rooms"] == {
            "1234567": {"lobby": [int(serial)], "meeting": [], "started": False, "locked": False}}
        assert client.post(f"/api/calls/{serial}/deny").json() == {"done": "deny"}
        told.until(lambda calls, _: not calls)
    assert client.post(f"/api/calls/{serial}/admit").status_code == 404


def test_a_story_then_shown_held_stepped_begun_anew_and_let_go_while_the_bridge_goes_on(browsed):
    one = browsed()
    client = one.client()
    with client.websocket_connect(EVENTS) as socket:
        told = Told(socket)
        assert socket.receive_json()["shows"] is None
        done = client.post("/api/story", json={"name": "a1-12-wrong-id-three-times", "speed": 8, "held": True})
        assert done.status_code == 201
        told.until(lambda _, one: one["type"] == "hello" and one["shows"] == "a1-12-wrong-id-three-times")
        began = one.session.bridge.now
        client.post("/api/story/step", json={"seconds": 2})
        told.until(lambda _, one: one.get("at", 0) >= 2)
        story = client.get("/api/story").json()["story"]
        assert (story["held"], story["over"], story["speed"]) == (True, False, 8)
        client.post("/api/story/restart")
        told.until(lambda _, one: one["type"] == "state" and one["at"] == 0)
        client.post("/api/story/go-on")
        told.until(lambda _, one: one["type"] == "story" and one["story"]["over"])
        assert client.get("/api/story").json()["story"]["failures"] == []
        client.post("/api/story/close")
        told.until(lambda _, one: one["type"] == "hello" and one["shows"] is None)
        assert one.session.bridge.now > began
    assert client.post("/api/story/hold").json() == {"detail": "no story plays: play one first"}
    assert client.post("/api/story", json={"name": "../../etc/passwd"}).status_code == 404


def test_a_pin_that_is_reset_then_in_that_answer_and_nowhere_else(browsed, chosen):
    desk = open_desk(chosen)
    desk.settings.set("settings", {"pin-length": "12"})  # which stands nowhere by chance
    desk.organizers.enable(NewOrganizer("amos.marble@contoso.com"))
    desk.close()
    one = browsed(database=chosen)
    client = one.client()
    answer = client.post("/api/organizers/amos.marble/pin")
    pin = answer.json()["pin"]
    assert re.fullmatch("[0-9]{12}", pin)
    assert answer.headers["Cache-Control"] == "no-store"
    number = client.get("/api/letters").json()["letters"][0]["number"]
    letter = client.get(f"/api/letters/{number}").json()
    others = [client.get(path).text for path in ("/api/organizers", "/api/meetings", "/api/letters", "/api/state")]
    told = "\n".join([*others, *one.journal, json.dumps(letter)])
    assert not re.search(rf"(?<!\d){pin}(?!\d)", told)
    assert any('"resets the PIN of"' in entry for entry in one.journal)
    meeting = client.post("/api/meetings", json={"organizer": "amos.marble", "subject": "Budget"}).json()
    assert client.get("/api/meetings").json()["meetings"][0]["conference_id"] == meeting["conference_id"]
    assert client.post("/api/organizers/nobody/pin").status_code == 404


def test_what_there_is_then_told_and_that_there_is_no_directory(browsed):
    client = browsed(runs=False).client()
    there = client.get("/api/stories").json()
    assert "s0-15-lobby" in there["stories"]
    assert there["titles"]["s0-15-lobby"] == "Two early callers hear music until the organizer enters the PIN"
    assert there["titles"].keys() == {*there["stories"]}
    assert client.get("/api/story").json() == {"story": None}
    for act in ("close", "hold", "go-on", "restart", "step", "speed"):
        body = {"step": {}, "speed": {"speed": 2}}.get(act)
        assert client.post(f"/api/story/{act}", json=body).status_code == 409, act
    assert client.post("/api/story", json={"name": "none"}).status_code == 404
    nobody = client.post("/api/callers/story", json={"story": "s0-15-lobby", "caller": "nobody"})
    assert nobody.status_code == 404
    assert client.get("/api/callers").json() == {"callers": []}
    assert client.get("/api/organizers").json() == {
        "detail": "there is no directory here: the meetings are those of the command line"}


def test_what_was_live_then_saved_as_the_page_of_a_run_without_what_is_secret(browsed):
    one = browsed()
    client = one.client()
    with client.websocket_connect(EVENTS) as socket:
        told = Told(socket)
        for name, pin in (("eva", None), ("leo", "48215")):
            client.post("/api/callers", json={"name": name, "conference_id": "1234567", "pin": pin, "talks": False})
        told.until(lambda calls, _: all(named(calls, name).get("state") == "meeting" for name in ("eva", "leo")))
    answer = client.get("/saved")
    page = answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert "<h1>A lobby</h1>" in page
    assert "on the wall" in page
    assert "faster than real time</dt>" not in page
    assert page.count("data:image/png;base64,") >= 2
    assert "****" in page
    assert "48215" not in page
    german = client.get("/saved?language=de").text
    assert '<html lang="de-DE">' in german
    told = re.sub("<script.*</script>", "", german, flags=re.S)
    assert not re.search("What happened|Journal entries|joined at|by the caller|Lobby|dialled|adds a caller", told)
    assert "fügt als Anrufer hinzu: eva" in german
    client.post("/api/story", json={"name": "a1-12-wrong-id-three-times", "speed": 8, "held": True})
    assert "Three conference IDs that no meeting has" in client.get("/saved").text


def test_a_caller_of_a_story_then_does_his_steps_on_the_bridge_and_is_told_of_if_he_fails(browsed):
    one = browsed()
    client = one.client()
    assert client.post("/api/callers/story", json={"story": "s0-15-lobby", "caller": "nobody"}).json() == {
        "detail": "nobody in the story s0-15-lobby is nobody: take anna or bela or amos"}
    with client.websocket_connect(EVENTS) as socket:
        told = Told(socket)
        assert client.post("/api/callers/story", json={"story": "s0-15-lobby", "caller": "anna"}).status_code == 201
        told.until(lambda calls, _: named(calls, "anna") != {})
        told.until(lambda _, now: now["type"] == "entries" and any(
            entry.get("what") == "a caller of a story has failed" for entry in now["entries"]))
        told.until(lambda calls, _: not calls)
